"""The mailbox, as an IMAP server and as a Maildir: what is read is bounded, what is put away is not read again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mailboxes import PASSWORD, USER, Postbox, imap_server, maildir
from tests.support.ports import free_port
from tracker.errors import ConfigError, MailboxError
from tracker.ingest.guard import read_allowed_networks
from tracker.ingest.imap import may_be_told
from tracker.ingest.mailbox import ASIDE, BYTES_READ, READ, MailboxPlace
from tracker.ingest.open_mailbox import mailbox_fault, open_mailbox
from tracker.settings import Settings


@pytest.fixture(params=["imap", "maildir"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Postbox]:
    with imap_server() if request.param == "imap" else maildir(tmp_path / "box") as box:
        yield box


def settings_for(url: str, tmp_path: Path) -> Settings:
    return Settings.read({"TRACKER_DATA_DIR": str(tmp_path / "data"), "TRACKER_MAILBOX_URL": url})


def place_of(url: str, tmp_path: Path) -> MailboxPlace:
    place = MailboxPlace.of(settings_for(url, tmp_path))
    assert place is not None
    return place


def test_letters_are_read_in_their_order_and_put_away_where_they_belong(box: Postbox, tmp_path: Path) -> None:
    place = place_of(box.url, tmp_path)
    for number in range(4):
        box.put(b"Subject: letter %d\r\n\r\nACT\r\n" % number)
    with open_mailbox(place) as mailbox:
        for number, letter in enumerate(mailbox.letters(3)):
            assert b"letter %d" % number in letter.head
            mailbox.put_away(letter, READ if number else ASIDE)
            mailbox.put_away(letter, READ)
    assert (box.count("INBOX"), box.count(READ), box.count(ASIDE)) == (1, 2, 1)
    with open_mailbox(place) as mailbox:
        assert [b"letter 3" in letter.head for letter in mailbox.letters(99)] == [True]
    assert box.count("INBOX") == 1


def test_of_a_huge_letter_only_the_beginning_is_read(box: Postbox, tmp_path: Path) -> None:
    box.put(b"Subject: huge\r\n\r\n" + b"ACT\r\n" * 2_000_000)
    with open_mailbox(place_of(box.url, tmp_path)) as mailbox:
        (letter,) = mailbox.letters(9)
        assert len(letter.head) == BYTES_READ
        mailbox.put_away(letter, ASIDE)
    assert (box.count("INBOX"), box.count(ASIDE)) == (0, 1)


def test_a_mailbox_that_works_has_no_fault(box: Postbox, tmp_path: Path) -> None:
    assert mailbox_fault(settings_for(box.url, tmp_path)) is None
    assert mailbox_fault(Settings.read({"TRACKER_DATA_DIR": str(tmp_path)})) is None


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("imap://u%40x.example:secret@127.0.0.1:{port}/INBOX", "could not be used"),
        ("imaps://u%40x.example:secret@127.0.0.1:{port}/INBOX", "could not be used"),
        ("maildir:///nowhere?address=r@x.example", "no Maildir"),
        ("maildir:///nowhere", "add ?address="),
        ("pop3://u:secret@host", "must begin with imaps://"),
        ("imaps://u@host", "lacks host, user or password"),
        ("imaps://u:secret@host:99999/", "is no address"),
        ("imaps://[:secret", "is no address"),
        ("imaps://u:secret@host/?address=a@b@c", "which address"),
    ],
)
def test_what_is_wrong_with_a_mailbox_is_said_with_its_mend_and_without_its_secret(
    url: str, says: str, tmp_path: Path
) -> None:
    fault = mailbox_fault(settings_for(url.format(port=free_port()), tmp_path))
    assert fault is not None
    assert says in fault
    assert "TRACKER_MAILBOX_URL" in fault
    assert "secret" not in fault


@pytest.mark.parametrize("password", ["not-this-one", "n%C3%B6t-this-one"])
def test_a_wrong_password_is_said_and_not_shown(password: str, tmp_path: Path) -> None:
    with imap_server() as box:
        fault = mailbox_fault(settings_for(box.url.replace("s%2Fcret%3F", password), tmp_path))
    assert fault is not None
    assert "refuses user or password" in fault
    assert "t-this-one" not in fault
    assert USER not in fault


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with imap_server() as box:
        fault = mailbox_fault(settings_for(box.url.replace("INBOX", "Nowhere"), tmp_path))
    assert fault is not None
    assert "could not be used" in fault


def test_the_settings_never_show_the_mailbox(tmp_path: Path) -> None:
    settings = settings_for(
        f"imaps://r%40x.example:{PASSWORD}@host/INBOX".replace("/cret?", "cret"), tmp_path
    )
    place = MailboxPlace.of(settings)
    assert place is not None
    assert place.password == "scret"
    assert (place.address, place.folder, place.port) == ("r@x.example", "INBOX", 993)
    assert "scret" not in repr(place) + repr(settings)


def test_a_password_goes_unencrypted_only_to_where_it_is_allowed() -> None:
    allowed = read_allowed_networks(["10.1.0.0/16:143"])
    assert may_be_told("127.0.0.1", 143, ())
    assert may_be_told("::1", 143, ())
    assert may_be_told("10.1.2.3", 143, allowed)
    assert not may_be_told("10.1.2.3", 144, allowed)
    assert not may_be_told("192.0.2.1", 143, allowed)


def test_a_server_that_answers_nonsense_is_said_plainly(tmp_path: Path) -> None:
    import socket
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            peer, _ = server.accept()
            with peer:
                peer.sendall(b"* OK hello\r\n")
                peer.recv(1000)
                peer.sendall(b"\x00\xff nonsense\r\n")

        threading.Thread(target=answer, daemon=True).start()
        url = f"imap://u%40x.example:secret@127.0.0.1:{server.getsockname()[1]}/INBOX"
        with (
            pytest.raises(MailboxError, match="could not be used") as failed,
            open_mailbox(place_of(url, tmp_path)),
        ):
            pass
    assert "secret" not in str(failed.value)


def test_an_address_that_cannot_be_used_stops_whoever_needs_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="TRACKER_MAILBOX_URL"):
        MailboxPlace.of(settings_for("imaps://host", tmp_path))
