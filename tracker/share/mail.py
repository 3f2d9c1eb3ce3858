"""The form of mails: a digest as text and HTML, a delivery that holds only its link, a notice without content.

HTML is made from MJML by mrml with no font asked of any server; nothing in a mail is fetched when it is opened.
"""

import ipaddress
import logging
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

import jinja2
import mrml

from tracker.domain.times import as_utc
from tracker.domain.words import Level
from tracker.errors import ConfigError
from tracker.ingest.mailbox import MailboxPlace
from tracker.settings import Settings
from tracker.share.digest import MAIL_TLP, Digest, single_line

SENDER_NAME = "Early action"
_COLOURS = {Level.CRITICAL: "#8c1230", Level.HIGH: "#b4460f", Level.MEDIUM: "#8a6a00"}
_DIGEST_HTML, _DIGEST_TEXT = "digest.mjml.j2", "digest.txt.j2"
_DELIVERY, _NOTICE, _SOURCE_OFF = "delivery.txt.j2", "notice.txt.j2", "source_off.txt.j2"
_DIGEST_DRAFT, _DIGEST_WAITS = "digest_draft.txt.j2", "digest_waits.txt.j2"
_log = logging.getLogger("tracker.share")
_FETCHING = ("@import", "@font-face", "<link", "<img", "url(")


@dataclass(frozen=True)
class Envelope:
    """What every mail needs besides its content; `message_id` is the outbox row's, so that a repeat is known.

    `zone` is the IANA zone in which its reader is told times.
    """

    to: str
    message_id: str
    sent_at: datetime
    zone: str = "UTC"


@dataclass(frozen=True)
class MailRoom:
    """The templates and addresses that mails are made with, loaded once before the first is claimed.

    `reply_to` is where answers are read, None where nobody reads any.
    """

    public_url: str
    templates: jinja2.Environment
    reply_to: str | None = None

    @classmethod
    def open(cls, settings: Settings) -> "MailRoom":
        """Find the templates in the config folder.

        Raises:
            ConfigError: the folder has none.
        """
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(settings.config_dir / "mail"),
            autoescape=jinja2.select_autoescape(enabled_extensions=("mjml.j2",), default=False),
            undefined=jinja2.StrictUndefined,
        )
        room = cls(settings.public_url, environment, _reply_to(settings))
        for name in (
            _DIGEST_HTML,
            _DIGEST_TEXT,
            _DELIVERY,
            _NOTICE,
            _SOURCE_OFF,
            _DIGEST_DRAFT,
            _DIGEST_WAITS,
        ):
            room._template(name)
        return room

    def digest(self, digest: Digest, stop_token: str, envelope: Envelope) -> EmailMessage:
        """Render one subscriber's digest, with the address that stops it by one click (RFC 8058)."""
        stop_url = f"{self.public_url}/unsubscribe/{stop_token}"
        words = {
            "digest": digest,
            "colours": _COLOURS,
            "sign_in_url": f"{self.public_url}/",
            "stop_url": stop_url,
        }
        mail = self._mail(digest.subject, envelope)
        mail["List-Id"] = f"Weekly early warning <digest.{_list_host(self.public_url)}>"
        mail["List-Unsubscribe"] = f"<{stop_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(self._template(_DIGEST_TEXT).render(words))
        mail.add_alternative(html_of(self._template(_DIGEST_HTML).render(words)), subtype="html")
        return mail

    def delivery(self, delivery_id: str, envelope: Envelope) -> EmailMessage:
        """Render the mail that brings an officer the link to a brief, and nothing of the brief."""
        mail = self._mail(f"[TLP:{MAIL_TLP}] A brief waits for your decision", envelope)
        url = f"{self.public_url}/brief/{delivery_id}"
        if self.reply_to:
            mail["Reply-To"] = Address(addr_spec=self.reply_to)
        words = {"brief_url": url, "can_reply": bool(self.reply_to)}
        mail.set_content(self._template(_DELIVERY).render(words))
        return mail

    def notice(self, words: str, envelope: Envelope, *, channel_fails: bool = False) -> EmailMessage:
        """Render the notice that something waits ("1 alert waits"), and that a channel of theirs fails."""
        mail = self._mail(f"[TLP:{MAIL_TLP}] {words}", envelope)
        about = {
            "words": words,
            "sign_in_url": f"{self.public_url}/",
            "channels_url": f"{self.public_url}/channels" if channel_fails else None,
        }
        mail.set_content(self._template(_NOTICE).render(about))
        return mail

    def source_off(self, envelope: Envelope) -> EmailMessage:
        """Render the notice that a source was switched off, without saying which."""
        mail = self._mail(f"[TLP:{MAIL_TLP}] A source that you keep was switched off", envelope)
        mail.set_content(self._template(_SOURCE_OFF).render(sources_url=f"{self.public_url}/sources"))
        return mail

    def digest_draft(self, week: str, envelope: Envelope) -> EmailMessage:
        """Render the notice to editors that a week's draft has appeared, and nothing of it."""
        words = {"week": week, "digest_url": f"{self.public_url}/digest"}
        mail = self._mail(f"[TLP:{MAIL_TLP}] The draft of {week} is there", envelope)
        mail.set_content(self._template(_DIGEST_DRAFT).render(words))
        return mail

    def digest_waits(self, week: str, readers: str, envelope: Envelope) -> EmailMessage:
        """Render the notice that a week's digest was not approved; `readers` is such as "47 readers wait"."""
        words = {"week": week, "readers": readers, "digest_url": f"{self.public_url}/digest"}
        mail = self._mail(f"[TLP:{MAIL_TLP}] The digest of {week} was not approved", envelope)
        mail.set_content(self._template(_DIGEST_WAITS).render(words))
        return mail

    def _mail(self, subject: str, envelope: Envelope) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(SENDER_NAME, addr_spec=sender_of(self.public_url))
        mail["To"] = Address(addr_spec=envelope.to)
        mail["Subject"] = single_line(subject)
        mail["Date"] = as_utc(envelope.sent_at)
        mail["Message-ID"] = envelope.message_id
        mail["Auto-Submitted"] = "auto-generated"
        return mail

    def _template(self, name: str) -> jinja2.Template:
        try:
            return self.templates.get_template(name)
        except jinja2.TemplateError as error:
            raise ConfigError(f"The mail template config/mail/{name} cannot be used: {error}") from error


def _reply_to(settings: Settings) -> str | None:
    """Return where answers are read; a mailbox that cannot be used holds up no mail (`tracker doctor` says why)."""
    try:
        mailbox = MailboxPlace.of(settings)
    except ConfigError:
        _log.warning("TRACKER_MAILBOX_URL cannot be used; mails leave without an address for answers")
        return None
    return mailbox.address if mailbox else None


def html_of(mjml: str) -> str:
    """Turn MJML into HTML that fetches nothing.

    Raises:
        ConfigError: the template asks for something that a reader's mail program would fetch.
    """
    html = mrml.to_html(mjml, None, mrml.RenderOptions(fonts={}, disable_comments=False)).content
    asked = [what for what in _FETCHING if what in html.lower()]
    if asked:
        raise ConfigError(
            f"config/mail/{_DIGEST_HTML} holds {asked[0]}; a mail must fetch nothing when it is opened."
        )
    return str(html)


def sender_of(public_url: str) -> str:
    """Return the address that mails come from: `early-action@` the public host."""
    host = urlsplit(public_url).hostname or "localhost"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"early-action@{host}"
    return f"early-action@[{'IPv6:' if address.version == 6 else ''}{address}]"


def _list_host(public_url: str) -> str:
    """Return the host as a List-Id takes it (RFC 2919): names alone, so an address of a machine gives none."""
    host = urlsplit(public_url).hostname or "localhost"
    return (
        host if host.replace(".", "").replace("-", "").isalnum() and not host[-1].isdigit() else "localhost"
    )
