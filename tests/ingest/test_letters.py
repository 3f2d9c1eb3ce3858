"""A letter's bytes: who it answers, whether a person wrote it, their own words; and letters made to do harm."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.shapes import SHAPES, US
from tracker.ingest.days import days_named
from tracker.ingest.letters import read_letter
from tracker.ingest.mailbox import BYTES_READ
from tracker.ingest.own_words import WORDS_KEPT, OurMail, own_words, without_signature

OURS = OurMail("Early action", (US, "replies@early.example"))
TODAY = datetime(2026, 11, 25, tzinfo=UTC).date()


def letter(text: str = "ACT", **headers: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "Omar <Omar@UN.example>"
    mail["Message-ID"] = "<reply-1@un.example>"
    mail["Date"] = "Wed, 25 Nov 2026 11:00:00 +0300"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_of_every_mail_program_the_own_words_are_left(shape: str) -> None:
    text, own = SHAPES[shape]
    read = read_letter(letter(text).as_bytes())
    assert own_words(read.text, OURS) == own


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ACT\n\n-- \nOmar\nAct Street 12", "ACT"),
        ("ACT\n\nBest regards,\nOmar", "ACT"),
        ("AGIR\n\nCordialement\nOmar", "AGIR"),
        ("ACT\n\nSent from my iPhone", "ACT"),
        ("ACTUAR\n\nSaludos,\nOmar", "ACTUAR"),
    ],
)
def test_a_signature_is_no_part_of_the_answer(text: str, left: str) -> None:
    assert without_signature(own_words(text, OURS)).strip() == left


def test_what_a_letter_answers_is_told_by_its_headers_the_direct_one_first() -> None:
    mail = letter(In_Reply_To="<b@early-action.invalid>", References="<a@x> <b@early-action.invalid> <c@x>")
    read = read_letter(mail.as_bytes())
    assert read.answers == ("<b@early-action.invalid>", "<c@x>", "<a@x>")
    assert read.sender == "omar@un.example"
    assert read.sent_at == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    assert not read.is_automatic


def test_a_subject_answers_nothing() -> None:
    assert (
        read_letter(
            letter(Subject="Re: [TLP:GREEN] A brief waits <b@early-action.invalid>").as_bytes()
        ).answers
        == ()
    )


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (out of office)"},
        {"Precedence": "bulk"},
        {"Precedence": "Auto_Reply"},
        {"List_Id": "<people.example>"},
        {"X_Autoreply": "yes"},
        {"X_Failed_Recipients": "omar@un.example"},
        {"Return_Path": "<>"},
    ],
)
def test_what_no_person_wrote_is_known(header: dict[str, str]) -> None:
    assert read_letter(letter(**header).as_bytes()).is_automatic


def test_a_bounce_is_known() -> None:
    bounce = b"From: a@un.example\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\nno"
    assert read_letter(bounce).is_automatic
    assert read_letter(b"From: Postmaster <postmaster@x.example>\r\n\r\nno").is_automatic


def test_a_person_who_says_so_is_one() -> None:
    assert not read_letter(letter(Auto_Submitted="no").as_bytes()).is_automatic


def test_html_alone_is_read_without_what_it_quotes() -> None:
    mail = letter()
    mail.set_content(
        "<div>WATCH until 10 December<br>because talks go on</div><br>"
        f'<div class="gmail_quote"><div>On Wed, Early action &lt;{US}&gt; wrote:</div>'
        "<blockquote><p>ACT, WATCH</p></blockquote></div><script>ACT</script>",
        subtype="html",
    )
    assert (
        own_words(read_letter(mail.as_bytes()).text, OURS) == "WATCH until 10 December\nbecause talks go on"
    )


def test_outlook_html_is_cut_where_our_mail_begins() -> None:
    mail = letter()
    mail.set_content(
        f"<p>RECEIVED</p><div id=divRplyFwdMsg><b>From:</b> Early action &lt;{US}&gt;<br><b>Sent:</b> Wed<br>"
        "<b>Subject:</b> x</div><p>ACT, WATCH</p>",
        subtype="html",
    )
    assert own_words(read_letter(mail.as_bytes()).text, OURS) == "RECEIVED"


@pytest.mark.parametrize(
    ("charset", "text"), [("windows-1256", "نتحرك"), ("koi8-r", "действуем"), ("iso-8859-1", "reçu")]
)
def test_old_charsets_are_read(charset: str, text: str) -> None:
    head = f"From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert read_letter(head + text.encode(charset)).text.strip() == text


def test_a_charset_that_is_none_does_no_harm() -> None:
    mail = b"From: a@b.example\r\nContent-Type: text/plain; charset=none-such\r\n\r\nre\xc3\xa7u"
    assert read_letter(mail).text == "reçu"


def test_the_same_letter_has_the_same_fingerprint_by_whatever_way_it_came() -> None:
    once, again = letter("ACT").as_bytes(), letter("ACT").as_bytes()
    assert read_letter(b"Received: by x\r\n" + again).fingerprint == read_letter(once).fingerprint
    assert read_letter(letter("WATCH").as_bytes()).fingerprint != read_letter(once).fingerprint


def _nested(depth: int) -> bytes:
    head = b"From: a@b.example\r\n"
    return head + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at) for at in range(depth)
    )


_PART = b"--x\r\nContent-Type: text/plain\r\n\r\n\r\n"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "fifty megabytes": lambda: letter("ACT").as_bytes() + b"A" * 50_000_000,
    "ten thousand parts": lambda: (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + _PART * 10_000
    ),
    "parts within parts": lambda: _nested(5000),
    "a header without end": lambda: b"From: " + b"<a@b.example>, " * 100_000,
    "a reference without end": lambda: b"References: " + b"<" * 300_000 + b"\r\n\r\nACT",
    "no header": lambda: b"\x00\xff" * 100_000,
    "broken base64": lambda: b"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n\r\n=====!!!",
    "deep HTML": lambda: b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000 + b"ACT",
    "many quotes": lambda: b"Content-Type: text/html\r\n\r\n" + b"<blockquote>" * 20_000,
    "a date that is none": lambda: letter("ACT").as_bytes().replace(b"25 Nov 2026", b"99 Nov 99999"),
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_letter_made_to_do_harm_is_bounded(name: str) -> None:
    head = HOSTILE[name]()[:BYTES_READ]
    began = time.monotonic()
    with suppress(RecursionError, ValueError, LookupError):  # whoever reads letters is told of them
        without_signature(own_words(read_letter(head).text, OURS))
    assert time.monotonic() - began < 10


PIECES = [
    "On ",
    "\n",
    "\n\n",
    "> ",
    "From: x\n",
    "Le ",
    "wrote:",
    "a écrit",
    "_" * 32,
    "Early action",
    US,
    "Best regards",
    "-",
    "a",
]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(PIECES), st.integers(1, 4000)), max_size=5))
def test_own_words_of_any_text_are_found_in_bounded_time(parts: list[tuple[str, int]]) -> None:
    text = "".join(piece * count for piece, count in parts)[:20_000]
    began = time.monotonic()
    said = own_words(text, OURS)
    without_signature(said)
    assert time.monotonic() - began < 5
    assert len(said) <= WORDS_KEPT
    assert not any(line.startswith(">") for line in said.splitlines())


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("until 10 December", ["2026-12-10"]),
        ("until December 10th, 2026", ["2026-12-10"]),
        ("jusqu'au 1er février", ["2027-02-01"]),
        ("hasta el 3 de enero de 2027", ["2027-01-03"]),
        ("até 10 de dezembro", ["2026-12-10"]),
        ("до 10 декабря", ["2026-12-10"]),
        ("حتى ١٠ ديسمبر", ["2026-12-10"]),  # noqa: RUF001
        ("2026-12-01 or 25.12.2026", ["2026-12-01", "2026-12-25"]),
        ("on 2/12/2026, who knows", []),
        ("12/12", ["2026-12-12"]),
        ("24 November 2026 is past", []),
        ("31 February", []),
        ("10 of them", []),
        ("2099-01-01", []),
    ],
)
def test_days_to_come_are_found_in_words(text: str, days: list[str]) -> None:
    assert [str(day) for day in days_named(text, TODAY)] == days


@given(st.text(max_size=200))
def test_days_of_any_text_are_to_come(text: str) -> None:
    assert all(day >= TODAY for day in days_named(text, TODAY))
