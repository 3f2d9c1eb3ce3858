"""Serves the pages: `python -m dashboards.serve`, which `tracker serve` starts by this name."""

import argparse
import gc
import socket
import sys

import uvicorn

from dashboards.asgi import dashboard_app
from tracker.errors import TrackerError
from tracker.settings import Settings
from tracker.store import Store
from tracker.web.app import create_app


def main(argv: list[str] | None = None) -> int:
    """Serve in the foreground until SIGTERM; 1 with one line where it cannot start, as when the port is in use."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.serve", description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    wanted = parser.parse_args(argv)
    try:
        settings = Settings.read()
        listening = _listen(wanted.host, wanted.port)
    except (TrackerError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    store = Store.open(settings.database_url)
    _spare_the_collector()
    app = create_app(store, settings, dashboard=dashboard_app())
    config = uvicorn.Config(app, access_log=False, log_level="warning", server_header=False)
    sys.stderr.write(f"Pages at http://{wanted.host}:{wanted.port}\n")
    uvicorn.Server(config).run(sockets=[listening])
    store.close()
    return 0


def _spare_the_collector() -> None:
    """Let Python look for garbage less often: a page reads thousands of rows, which it would go through in vain."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise OSError(f"Port {port} on {host} is in use or not ours; choose another with --port.") from error
    return listening


if __name__ == "__main__":
    sys.exit(main())
