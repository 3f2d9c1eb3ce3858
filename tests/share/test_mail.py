"""The form of mails: the same in text and HTML, nothing fetched, readable on a phone, safe headers."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.share.house import NOW
from tracker.domain.words import Level
from tracker.errors import ConfigError
from tracker.settings import Settings
from tracker.share.digest import Digest
from tracker.share.mail import Envelope, MailRoom, html_of, sender_of
from tracker.share.reading import Entry, Section

ENVELOPE = Envelope("reader@example.org", "<one@early-action.invalid>", NOW)
DIGEST = Digest(
    subject="[TLP:GREEN] Early warning week 47 – 1 alert waits for a decision, 9 days late",
    label="TLP:GREEN",
    audience="Platform members and listed UN focal points",
    period="Week 47, 16–22 November 2026",
    data_cut="data to Sunday 23:59 UTC",
    headline="1 alert waits for a decision, 9 days late",
    not_seen="What we could not see: 2 of 14 partners said nothing.",
    lead="Threats now carry a date, and a correction on the radio has worked before.",
    editor="Editor: the coordinator",
    above=("2 alerts above TLP:GREEN wait for a decision: sign in to see.",),
    sections=(
        Section(
            "The gap",
            (
                Entry(
                    '<script>alert(1)</script> & a "quoted" line. 9 days late.',
                    lead="Côte d’Ivoire",
                    level=Level.CRITICAL,
                    ref="CIV-0003.",
                    soft="Next: name an owner today.",
                ),
                Entry("And 3 more: sign in to see them."),
            ),
        ),
    ),
)


@pytest.fixture
def mail_settings(tmp_path: Path) -> Settings:
    return Settings.read(
        {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_PUBLIC_URL": "https://early.example.org"}
    )


@pytest.fixture
def mail(mail_settings: Settings) -> EmailMessage:
    """The digest as a mail program reads it."""
    made = MailRoom.open(mail_settings).digest(DIGEST, "TOKEN", ENVELOPE)
    return message_from_bytes(made.as_bytes(), policy=default)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def words(text: str) -> list[str]:
    return re.sub(r"(?m)^(- |--)", "", text).split()


def test_text_and_html_say_the_same(mail: EmailMessage) -> None:
    html = part(mail, "html")
    body = re.sub(r"(?s)<!--.*?-->|<head>.*?</head>|<div style=\"display:none.*?</div>", "", html)
    assert words(
        unescape(re.sub(r"(?s)<(p|h1|h2|div|td)\b[^>]*>|<[^>]+>", lambda m: " " if m[1] else "", body))
    ) == (words(part(mail, "plain")))


def test_headers_carry_the_label_and_the_one_click_stop(mail: EmailMessage) -> None:
    assert mail["Subject"] == DIGEST.subject
    assert mail["From"] == "Early action <early-action@early.example.org>"
    assert mail["Message-ID"] == ENVELOPE.message_id
    assert mail["List-Unsubscribe"] == "<https://early.example.org/unsubscribe/TOKEN>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW


def test_a_line_break_in_the_subject_makes_no_header(mail_settings: Settings) -> None:
    from dataclasses import replace

    evil = replace(DIGEST, subject="[TLP:GREEN] week\r\nBcc: all@example.org\n\nbody")
    made = MailRoom.open(mail_settings).digest(evil, "TOKEN", ENVELOPE)
    read = message_from_bytes(made.as_bytes(), policy=default)
    assert read["Bcc"] is None
    assert read["Subject"] == "[TLP:GREEN] week Bcc: all@example.org body"


def test_words_are_escaped_in_html(mail: EmailMessage) -> None:
    assert "<script" not in part(mail, "html")
    assert "&lt;script&gt;" in part(mail, "html")


def test_a_template_that_would_fetch_something_is_refused() -> None:
    with pytest.raises(ConfigError, match="must fetch nothing"):
        html_of('<mjml><mj-body><mj-raw><img src="https://x/p.gif"></mj-raw></mj-body></mjml>')


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("https://early.example.org/a", "early-action@early.example.org"),
        ("http://127.0.0.1:8000", "early-action@[127.0.0.1]"),
        ("http://[::1]:8000", "early-action@[IPv6:::1]"),
    ],
)
def test_mail_comes_from_the_public_host(url: str, sender: str) -> None:
    assert sender_of(url) == sender


def test_the_mail_about_a_source_that_was_switched_off_does_not_say_which(mail_settings: Settings) -> None:
    mail = MailRoom.open(mail_settings).source_off(ENVELOPE)
    assert mail["Subject"] == "[TLP:GREEN] A source that you keep was switched off"
    assert f"{mail_settings.public_url}/sources\n" in mail.get_content().replace("\r", "")


def test_a_delivery_mail_holds_the_link_alone_and_a_notice_nothing(mail_settings: Settings) -> None:
    room = MailRoom.open(mail_settings)
    delivery, notice = room.delivery("01DELIVERY", ENVELOPE), room.notice("1 alert waits", ENVELOPE)
    assert delivery["Subject"] == "[TLP:GREEN] A brief waits for your decision"
    assert "https://early.example.org/brief/01DELIVERY" in delivery.get_content()
    assert notice["Subject"] == "[TLP:GREEN] 1 alert waits"
    assert "/channels" not in notice.get_content()


def test_a_notice_says_that_a_channel_fails(mail_settings: Settings) -> None:
    mail = MailRoom.open(mail_settings).notice("1 alert waits", ENVELOPE, channel_fails=True)
    assert f"{mail_settings.public_url}/channels\n" in mail.get_content().replace("\r", "")


@pytest.mark.parametrize("width", [390, 600])
def test_the_html_fits_a_phone_and_asks_for_nothing(mail: EmailMessage, browser: Browser, width: int) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(part(mail, "html"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == []
    assert page.get_by_role("heading", level=1).inner_text() == DIGEST.headline


def test_templates_that_are_missing_are_named(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    environ = {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_CONFIG_DIR": str(tmp_path / "config")}
    with pytest.raises(ConfigError, match=r"config/mail/digest\.mjml\.j2"):
        MailRoom.open(Settings.read(environ))
