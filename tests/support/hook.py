"""A real web server that takes JSON, as a service behind a person's channel does, and keeps what it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Hook:
    """Where it listens, what it answers from now on, and what it was told, oldest first."""

    port: int = 0
    status: int = 200
    told: list[dict[str, Any]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    leads_to: str = ""

    @property
    def address(self) -> str:
        """Its address as a person writes it on /channels."""
        return f"json://127.0.0.1:{self.port}/a-long-secret-path-xyz"


@contextmanager
def running_hook() -> Iterator[Hook]:
    """Start a hook on a free loopback port."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            hook.told.append(json.loads(body))
            hook.headers.append(str(self.headers))
            self.send_response(hook.status)
            if hook.leads_to:
                self.send_header("Location", hook.leads_to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
