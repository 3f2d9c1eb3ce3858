"""Serves the demo's feeds as they stand at the demo's present: what is still to come is not in them yet."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

from happenings import MARK, Entry, Feed

SHOWN = 60


@contextmanager
def feeds_served(
    feeds: dict[str, tuple[Feed, list[Entry]]], now: Callable[[], datetime], broken_from: datetime
) -> Iterator[str]:
    """Serve feeds by path on a free loopback port and give the base address; `broken.xml` breaks at a time."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.lstrip("/")
            if path == "broken.xml":
                if now() >= broken_from:
                    self.send_error(500, "Down for repair")
                    return
                self._send(_render("Radio Bour (demo)", "en", []))
            elif path in feeds:
                feed, entries = feeds[path]
                present = [entry for entry in entries if entry.at <= now()][-SHOWN:]
                self._send(_render(feed.name, feed.lang, present))
            else:
                self.send_error(404)

        def _send(self, body: str) -> None:
            data = body.encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _render(name: str, lang: str, entries: list[Entry]) -> str:
    items = "".join(
        f"<item><title>{escape(entry.title)}</title><description>{escape(entry.text)}</description>"
        f'<guid isPermaLink="false">{entry.guid}</guid><pubDate>{format_datetime(entry.at)}</pubDate></item>'
        for entry in entries
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(name)}</title>'
        f"<link>https://demo.invalid/</link><description>{MARK}</description>"
        f"<language>{lang}</language>{items}</channel></rss>"
    )
