"""One PostgreSQL server for a test run, started and stopped by the run itself."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.support.ports import free_port

START_TIMEOUT_S = 30.0

# The server ends with its standard input: when the test run is gone, however it ended, so is all of it.
_KEEPER = """
bin=$1 folder=$2; shift 2
"$bin/postgres" -D "$folder/data" "$@" </dev/null &
server=$!
read -r _
kill -INT $server
wait $server
rm -rf "$folder"
"""


class PostgresMissingError(Exception):
    """No PostgreSQL server can be started here; the message says why."""


@dataclass(frozen=True)
class PostgresServer:
    """A running server; trusts whoever connects from this machine."""

    port: int

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """Run one statement on the maintenance database, outside a transaction."""
        dsn = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, name: str, template: str = "template0") -> str:
        """Create a database as a copy of another and return its URL."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def freeze(self, name: str) -> None:
        """Close a database for connections, so that it can be copied."""
        self.run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def _binaries() -> Path:
    debian = Path("/usr/lib/postgresql")
    versions = [path for path in debian.glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path is None:
        raise PostgresMissingError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return Path(on_path).resolve().parent


def _as_server_user() -> tuple[list[str], pwd.struct_passwd]:
    """Return how to start a command as the user who may run the server (it refuses root), and that user."""
    if os.geteuid() != 0:
        return [], pwd.getpwuid(os.geteuid())
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresMissingError("PostgreSQL refuses to run as root; there is no user postgres") from None
    if shutil.which("runuser") is None:
        raise PostgresMissingError("PostgreSQL refuses to run as root; runuser is missing (util-linux)")
    return ["runuser", "-u", "postgres", "--"], user


def _wait(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-4000:]}")


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server with an empty data folder on a free port of 127.0.0.1 and a unix socket beside its data.

    Raises:
        PostgresMissingError: the machine has no PostgreSQL that this user can start.
    """
    binaries = _binaries()
    prefix, user = _as_server_user()
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-"))
    os.chown(folder, user.pw_uid, user.pw_gid)
    log = folder / "log"
    initdb = [
        f"{binaries}/initdb",
        "-D",
        f"{folder}/data",
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
    ]
    subprocess.run(
        [*prefix, *initdb, "--locale=C.UTF-8", "--no-sync"], check=True, cwd=folder, stdout=subprocess.DEVNULL
    )
    server = PostgresServer(free_port())
    settings = {
        "port": server.port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": 100,
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*prefix, "sh", "-c", _KEEPER, "sh", str(binaries), str(folder), *options],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            start_new_session=True,  # an interrupt at the keyboard ends the tests, and they end the server
        )
    try:
        _wait(server, process, log)
        yield server
    finally:
        process.communicate(timeout=START_TIMEOUT_S)
