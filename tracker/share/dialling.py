"""Hands a notice to a person's channel by Apprise, in a process of its own: `python -m tracker.share.dialling`.

Apprise brings over a hundred services, each with code of its own; here none of it gets near the store. The process
is given an address and words, may dial public addresses alone (the same guard as for feeds, at every socket),
follows no redirect, checks certificates, and is ended when its time is up. What it says back is a code, never an
address. Nothing that Apprise logs goes anywhere.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from tracker.ingest.guard import AddressRefusedError, read_allowed_networks, refusal

TITLE = "Early action"
_KEPT = ("PATH", "PYTHONPATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "SYSTEMROOT")
_NOT_PUBLIC, _UNREADABLE, _TLS, _SILENT, _NOBODY = "not public", "unreadable", "tls", "silent", "nobody"
_WORDS = {
    _NOT_PUBLIC: "This address is not a public one, and only those can be reached from here.",
    _UNREADABLE: "The service cannot be used with this address; compare it with the example.",
    _TLS: "The certificate of this address is not to be trusted.",
    _SILENT: "The service did not answer in time.",
    _NOBODY: "Nobody could be reached at this address.",
}
_TOO_OFTEN, _TROUBLE = 429, 500


@dataclass(frozen=True)
class Dialled:
    """What came back: `words` for its owner, whether it was taken, and whether trying again may help."""

    words: str
    taken: bool = False
    recoverable: bool = False


def dial(address: str, words: str, allow: Sequence[str], time_limit_s: int) -> Dialled:
    """Send words by a channel; never raises for what the service does.

    Args:
        address: as Apprise writes it.
        words: what it says; nothing of any item or alert.
        allow: networks that may be dialled besides public ones (`TRACKER_ALLOW_NETWORKS`).
        time_limit_s: after how many seconds it is given up.
    """
    return _said(_run({"address": address, "words": words, "allow": list(allow)}, time_limit_s))


def is_usable(address: str, time_limit_s: int) -> bool:
    """Return whether Apprise can read an address; nothing is dialled."""
    return _run({"address": address, "allow": []}, time_limit_s).get("why") != _UNREADABLE


def _run(asked: dict[str, object], time_limit_s: int) -> dict[str, Any]:
    env = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tracker.share.dialling"],
            input=json.dumps(asked),
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=time_limit_s,
            check=False,
        )
        answer = json.loads(done.stdout.rpartition("\n")[2] or "{}")
    except (subprocess.TimeoutExpired, ValueError):
        return {"why": _SILENT}
    return dict(answer) if isinstance(answer, dict) else {}


def _said(answer: dict[str, Any]) -> Dialled:
    status, why = answer.get("status"), answer.get("why")
    if answer.get("taken"):
        return Dialled("The service took it.", taken=True)
    if why in _WORDS:
        return Dialled(_WORDS[why], recoverable=why in (_SILENT, _NOBODY))
    if not isinstance(status, int):
        return Dialled("The service did not take it.")
    again = status == _TOO_OFTEN or status >= _TROUBLE
    return Dialled(f"{_status_words(status)} ({status}).", recoverable=again)


def _status_words(status: int) -> str:
    known = {
        401: "The service refused it: a token or password is not right",
        403: "The service refused it: a token or password is not right",
        404: "The service knows no such place: check room, topic or number",
        _TOO_OFTEN: "The service is asked too often",
    }
    if status >= _TROUBLE:
        return "The service has trouble of its own"
    if 300 <= status < 400:
        return "The address leads elsewhere; give the one that it leads to"
    return known.get(status, "The service refused it")


def main() -> None:
    """Read what to send from stdin, send it, write what came back to stdout."""
    asked = json.loads(sys.stdin.read())
    seen: dict[str, Any] = {}
    _guard_sockets(asked["allow"], seen)
    taken = _send(asked, seen)
    sys.stdout.write(f"\n{json.dumps(seen | {'taken': taken})}")


def _guard_sockets(allow: Sequence[str], seen: dict[str, Any]) -> None:
    """Refuse, for good in this process, every socket to an address that the guard does not let through."""
    networks = read_allowed_networks(allow)

    def check(event: str, args: tuple[Any, ...]) -> None:
        if event not in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            return
        address = args[1]
        if not isinstance(address, tuple) or _why_not(address, networks):
            seen["why"] = _NOT_PUBLIC
            raise AddressRefusedError("not public")

    sys.addaudithook(check)


def _why_not(address: tuple[Any, ...], networks: Any) -> str | None:
    host = str(address[0]).partition("%")[0]
    try:
        ip_address(host)
    except ValueError:
        return "a name that nobody looked up yet"
    return refusal(host, int(address[1]), networks)


def _send(asked: dict[str, Any], seen: dict[str, Any]) -> bool:
    import logging

    import apprise

    logging.disable(logging.CRITICAL)
    asset = apprise.AppriseAsset(
        app_id=TITLE,
        app_desc=TITLE,
        app_url="",
        image_url_mask="",
        image_url_logo="",
        image_path_mask=False,
        async_mode=False,
        http_redirects=False,
        storage_mode="memory",
    )
    service = apprise.Apprise.instantiate(asked["address"], asset=asset)
    if not isinstance(service, apprise.NotifyBase):
        seen["why"] = _UNREADABLE
        return False
    if "words" not in asked:
        return False
    service.verify_certificate, service.redirects = True, False
    service.socket_connect_timeout = service.socket_read_timeout = 8.0
    _watch_answers(seen)
    return bool(service.notify(title=TITLE, body=asked["words"]))


def _watch_answers(seen: dict[str, Any]) -> None:
    """Note the first refusal that comes back over HTTP, or what kept an answer from coming."""
    import requests

    send = requests.Session.send

    def watched(self: Any, request: Any, **options: Any) -> Any:
        try:
            answer = send(self, request, **options)
        except requests.exceptions.SSLError:
            seen.setdefault("why", _TLS)
            raise
        except requests.exceptions.Timeout:
            seen.setdefault("why", _SILENT)
            raise
        except requests.exceptions.RequestException:
            seen.setdefault("why", _NOBODY)
            raise
        if not answer.ok or answer.is_redirect:
            seen.setdefault("status", answer.status_code)
        return answer

    requests.Session.send = watched  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
