"""Handing a mail to the server that TRACKER_SMTP_URL names, and saying what its answer means.

Its errors hold the server's code and never an address or a word of a mail.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from tracker.errors import DeliveryError

_TIMEOUT_S = 30
_PERMANENT = 500


@dataclass
class PostOffice:
    """One connection to the mail server, opened with the first mail and kept for the next."""

    url: str
    sender: str
    _client: smtplib.SMTP | None = field(default=None, init=False)

    @property
    def is_connected(self) -> bool:
        """Whether the server is still there to take the next mail."""
        return self._client is not None

    def send(self, mail: EmailMessage, to: str) -> None:
        """Hand one mail over.

        Raises:
            DeliveryError: it was not accepted; `recoverable` unless this recipient or mail was refused for good.
        """
        try:
            client = self._client or self._connect()
            client.send_message(mail, from_addr=self.sender, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            code = max(answer[0] for answer in error.recipients.values())
            raise _refused("the recipient", code, recoverable=code < _PERMANENT) from None
        except smtplib.SMTPSenderRefused as error:
            raise _refused("our own address", error.smtp_code, recoverable=True) from None
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
            raise _refused("the mail", code, recoverable=code < _PERMANENT) from None
        except smtplib.SMTPNotSupportedError:
            raise DeliveryError("The mail server cannot take this address.", recoverable=False) from None
        except OSError as error:
            self.close()
            raise DeliveryError(
                f"The mail server could not be used ({type(error).__name__}).", recoverable=True
            ) from None

    def close(self) -> None:
        """Leave the server; a connection that is broken already is let go."""
        client, self._client = self._client, None
        if client is not None:
            try:
                client.quit()
            except OSError:
                client.close()

    def _connect(self) -> smtplib.SMTP:
        parts, secure = urlsplit(self.url), ssl.create_default_context()
        host = parts.hostname or "localhost"
        try:
            port = parts.port or 0
        except ValueError:
            raise DeliveryError("TRACKER_SMTP_URL names a port that is none.", recoverable=True) from None
        if parts.scheme == "smtps":
            client: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_S, context=secure)
        else:
            client = smtplib.SMTP(host, port, timeout=_TIMEOUT_S)
        try:
            client.ehlo()
            if parts.scheme == "smtp" and client.has_extn("starttls"):
                client.starttls(context=secure)
                client.ehlo()
            if parts.username:
                client.login(unquote(parts.username), unquote(parts.password or ""))
        except OSError:
            client.close()
            raise
        self._client = client
        return client


def _refused(what: str, code: int, *, recoverable: bool) -> DeliveryError:
    return DeliveryError(f"The mail server refused {what} ({code}).", recoverable=recoverable)
