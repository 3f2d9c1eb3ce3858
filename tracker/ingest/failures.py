"""Why a source gave nothing, in plain words, and what kind of trouble that is. Pure."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError

from tracker.domain.words import Trouble
from tracker.ingest.guard import AddressRefusedError

_NO_ENTRY = ("it does not let us in", Trouble.NOT_LET_IN)
_STATUSES = {
    400: ("it does not take our request", Trouble.NOT_LET_IN),
    401: _NO_ENTRY,
    402: _NO_ENTRY,
    403: _NO_ENTRY,
    404: ("there is nothing at this address", Trouble.MISSING),
    410: ("gone for good", Trouble.GONE),
    429: ("we ask too often", Trouble.TOO_OFTEN),
    451: _NO_ENTRY,
}


@dataclass(frozen=True)
class FetchFailed:
    """Nothing we may use, and why. `retry_at` UTC where the server named a time."""

    reason: str
    trouble: Trouble
    retry_at: datetime | None = None


def refused(status: int, headers: Mapping[str, str], now: datetime) -> FetchFailed:
    """Say in plain words what an answer without a document means; `now` is aware UTC."""
    retry_at = _retry_at(headers, now)
    said, trouble = _STATUSES.get(status, ("", Trouble.SERVER_FAULT))
    if status == HTTPStatus.SERVICE_UNAVAILABLE and retry_at is not None:
        said, trouble = "it is busy and asks us to wait", Trouble.TOO_OFTEN
    return FetchFailed(f"answered {status}: {said}" if said else f"answered {status}", trouble, retry_at)


def _retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the server wants to be asked again: in seconds, or at a date (RFC 9110, 10.2.3)."""
    said = headers.get("Retry-After", "").strip()
    try:
        if said.isdigit():
            return now + timedelta(seconds=int(said))
        at = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def plain_failure(error: Exception) -> FetchFailed:
    """Say in plain words why a request failed."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return FetchFailed(f"the name {error.host} cannot be resolved", Trouble.NAME_UNKNOWN)
        case aiohttp.ClientConnectorCertificateError():
            return FetchFailed(f"the certificate of {error.host} is not valid", Trouble.CERTIFICATE)
        case aiohttp.ClientConnectorError():
            if refused := _refused_address(error.os_error):
                return FetchFailed(refused, Trouble.ADDRESS_REFUSED)
            none = f"no connection to {error.host}: {_short(error.os_error)}"
            return FetchFailed(none, Trouble.NO_CONNECTION)
        case aiohttp.ClientPayloadError(__cause__=ContentEncodingError()):
            return FetchFailed("its body is not compressed as it says", Trouble.SERVER_FAULT)
        case aiohttp.ServerDisconnectedError() | ConnectionError() | aiohttp.ClientPayloadError():
            return FetchFailed("the connection broke off", Trouble.NO_CONNECTION)
        case aiohttp.InvalidURL() | ValueError():
            return FetchFailed("its address is not a valid URL", Trouble.ADDRESS_REFUSED)
        case _:
            odd = f"the answer could not be understood ({type(error).__name__})"
            return FetchFailed(odd, Trouble.SERVER_FAULT)


def _short(error: OSError) -> str:
    """Return the system's words for an error, without the address that aiohttp adds."""
    return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else "it was refused"


def _refused_address(error: OSError) -> str | None:
    """Return the guard's reason where it refused every address that was tried."""
    if isinstance(error, AddressRefusedError):
        return str(error)
    several = str(error)
    return several.removeprefix("Multiple exceptions: ") if "is not public" in several else None
