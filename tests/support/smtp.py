"""A real SMTP server that keeps what it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import free_port


@dataclass(frozen=True)
class Message:
    """One accepted mail: its envelope and what was in it."""

    sender: str
    recipients: tuple[str, ...]
    content: EmailMessage


@dataclass(frozen=True)
class SmtpSink:
    """Where the server listens (`TRACKER_SMTP_URL`) and what it accepted, oldest first."""

    url: str
    messages: list[Message] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep a mail and accept it."""
        content = message_from_bytes(envelope.original_content or b"", policy=default)
        self.messages.append(Message(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        return "250 OK"


@contextmanager
def running_sink() -> Iterator[SmtpSink]:
    """Start a sink on a free loopback port."""
    port = free_port()
    sink = SmtpSink(f"smtp://127.0.0.1:{port}")
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
