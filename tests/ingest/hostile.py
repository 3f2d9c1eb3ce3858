"""A loopback server on which every path is a bad input: raw sockets, so that headers and bodies can lie."""

import asyncio
import gzip
import io
import itertools
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.ingest.test_feed import item, rss

Writer = asyncio.StreamWriter
_HEAD = "HTTP/1.1 {}\r\nContent-Type: {}\r\nConnection: close\r\n"
_RSS = "application/rss+xml"
_LAUGHS = "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9))
BOMB = f'<!DOCTYPE rss [<!ENTITY a "lol">{_LAUGHS}]>'
LONG = f'<!DOCTYPE rss [<!ENTITY a "{"A" * 100_000}">]>'
READABLE = "Élection à Côte d’Ivoire"


def entity(source: str) -> str:
    """Return a feed whose title is whatever an outside entity brings."""
    return rss(item("[&x;]"), dtd=f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{source}">]>')


def many(count: int) -> str:
    """Return so many items."""
    return "".join(
        f"<item><title>n{at}</title><link>http://x.test/{at}</link><guid>{at}</guid></item>"
        for at in range(count)
    )


def dated(*claims: str) -> str:
    """Return one item for each claimed date."""
    return rss(
        "".join(
            f"<item><title>{claim}</title><guid>{at}</guid><pubDate>{claim}</pubDate></item>"
            for at, claim in enumerate(claims)
        )
    )


def inflating(megabytes: int) -> bytes:
    """Return a body that gzip makes a thousand times smaller."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(b'<rss version="2.0"><channel><title>b</title><item><description>')
        for _ in range(megabytes):
            file.write(b"A" * 1_000_000)
    return packed.getvalue()


BODIES: dict[str, str | bytes] = {
    "good": rss(item(READABLE)),
    "octet": rss(item(READABLE)),
    "leadspace": "\n\n  " + rss(item(READABLE)),
    "utf16": rss(item(READABLE), declared='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"),
    "amp": rss(item("Q&A: floods & famine")),
    "nbsp": rss(item("a&nbsp;b &eacute;")),
    "charset_hdr": rss(item(READABLE)),
    "charset_decl": rss(item("Выборы в Молдове"), declared='<?xml version="1.0" encoding="iso-8859-1"?>'),
    "trunc_xml": rss(many(20))[:1200],
    "billion": rss(item("&j;"), dtd=BOMB),
    "quadratic": rss(item("&a;" * 1000), dtd=LONG),
    "xxe": entity("file:///etc/passwd"),
    "big": rss(many(30_000)),
    "bigitem": rss(item("hello", f"<description>{'lorem &lt;b&gt;ipsum&lt;/b&gt; ' * 60_000}</description>")),
    "clock": "",
    "guidrand": "",
    "dupguid": rss(
        "".join(
            f"<item><title>{word}</title><link>http://x.test/{word}</link><guid>same</guid></item>"
            for word in ("one", "two", "three")
        )
    ),
    "noid": rss("<item><title>hello</title></item><item><title>b</title></item>"),
    "nolinkguid_one": rss(item("hello") + "<item><title>b</title></item>"),
    "future": dated("Mon, 02 Nov 2093 10:00:00 GMT"),
    "dates": dated(
        "Mon, 02 Nov 2026 10:00:00",
        "02/11/2026 10:00",
        "hier à 10h",
        "lun., 02 nov. 2026 10:00:00 +0100",
        "Mon, 02 Nov 2026 10:00:00 EAT",
    ),
    "ctrl": rss(item("bad\x0bchar\x00here")),
    "deep": rss(item("hello", "<a>" * 100_000 + "</a>" * 100_000)),
    "xss": rss(
        "<item><title>&lt;script&gt;alert(1)&lt;/script&gt;T</title><link>javascript:alert(1)</link>"
        "<guid>1</guid><description>&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;alert(2)&lt;/script&gt;"
        '&lt;a href="javascript:alert(3)"&gt;k&lt;/a&gt;</description></item>'
    ),
    "html": "<!doctype html><html><head><title>Blocked</title></head><body>Access denied</body></html>",
    "empty": "",
    "moved": rss(item("hello")),
    "secret": rss(item("TOP-SECRET")),
}
TYPES = {
    "octet": "application/octet-stream",
    "charset_hdr": f"{_RSS}; charset=iso-8859-1",
    "html": "text/html",
}
REFUSALS = {"gone": "410 Gone", "r429": "429 Too Many Requests\r\nRetry-After: 86400", "e500": "500 Oops"}
MOVES = {
    "loop": "302 Found\r\nLocation: /loop",
    "to_file": "302 Found\r\nLocation: file:///etc/passwd",
    "to_ftp": "302 Found\r\nLocation: ftp://127.0.0.1/x",
    "to_private": "302 Found\r\nLocation: http://10.0.0.1/x",
    "to_link_local": "302 Found\r\nLocation: http://169.254.169.254/latest/meta-data",
    "to_link_local_6": "302 Found\r\nLocation: http://[fe80::1]/x",
    "to_a_name": "302 Found\r\nLocation: http://localhost:9/x",
    "perm301": "301 Moved Permanently\r\nLocation: /moved",
    "always304": "304 Not Modified",
}


@dataclass
class Hostile:
    """The server: its port, and how often each path was asked for."""

    port: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    clock: Iterator[int] = field(default_factory=itertools.count)

    @property
    def special(self) -> dict[str, Callable[[Writer], Awaitable[None]]]:
        """The paths that need more than a body."""
        return {
            "xxe_http": self._xxe_http,
            "badlen": _badlen,
            "gz": _gz,
            "infinite": _infinite,
            "loris": _loris,
            "hdrloris": _hdrloris,
            "clock": self._clock,
            "guidrand": self._guidrand,
        }

    @property
    def cases(self) -> list[str]:
        """Every path that is polled."""
        names = {*BODIES, *REFUSALS, *MOVES, *self.special, "perm308"}
        return sorted(names - {"secret", "moved"})

    async def answer(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        name = request.split()[1].decode().lstrip("/")
        self.asked[name] += 1
        try:
            if name in self.special:
                await self.special[name](writer)
            elif name in BODIES:
                send(writer, BODIES[name], kind=TYPES.get(name, _RSS))
            elif name == "perm308":
                send(writer, "", f"308 Permanent Redirect\r\nLocation: http://127.0.0.1:{self.port}/moved308")
            elif name == "moved308":
                send(writer, BODIES["moved"])
            else:
                send(writer, "", {**REFUSALS, **MOVES}.get(name, "404 Not Found"))
            await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    async def _xxe_http(self, writer: Writer) -> None:
        send(writer, entity(f"http://127.0.0.1:{self.port}/secret"))

    async def _clock(self, writer: Writer) -> None:
        send(writer, rss(item("hello", f"<description>it is {next(self.clock)}</description>")))

    async def _guidrand(self, writer: Writer) -> None:
        send(
            writer,
            rss(
                f"<item><title>hello</title><link>http://x.test/1</link><guid>{next(self.clock)}</guid></item>"
            ),
        )


def send(writer: Writer, body: str | bytes, status: str = "200 OK", *, kind: str = _RSS) -> None:
    """Answer with a body whose length is told right."""
    data = body.encode() if isinstance(body, str) else body
    head = _HEAD.format(status, kind) + f"Content-Length: {len(data)}\r\n\r\n"
    writer.write(head.encode() + data)


async def _badlen(writer: Writer) -> None:
    body = rss(item("hello")).encode()
    writer.write(
        (_HEAD.format("200 OK", _RSS) + f"Content-Length: {len(body) + 500}\r\n\r\n").encode() + body
    )


async def _gz(writer: Writer) -> None:
    body = inflating(50)
    head = _HEAD.format("200 OK", _RSS) + f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)


async def _infinite(writer: Writer) -> None:
    writer.write((_HEAD.format("200 OK", _RSS) + "\r\n<rss><channel>").encode())
    while True:
        writer.write(b"<item><title>x</title><guid>1</guid></item>" * 2000)
        await writer.drain()


async def _loris(writer: Writer) -> None:
    writer.write((_HEAD.format("200 OK", _RSS) + "\r\n").encode())
    for letter in itertools.cycle(rss(item("hello"))):
        writer.write(letter.encode())
        await writer.drain()
        await asyncio.sleep(0.2)


async def _hdrloris(writer: Writer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-A: b\r\n")
        await writer.drain()
        await asyncio.sleep(0.2)


@contextmanager
def hostile_server() -> Iterator[Hostile]:
    """Run the server on a free loopback port until the block ends."""
    hostile, loop = Hostile(), asyncio.new_event_loop()

    async def start() -> asyncio.Server:
        server = await asyncio.start_server(hostile.answer, "127.0.0.1", 0, limit=2**20)
        hostile.port = server.sockets[0].getsockname()[1]
        return server

    async def stop(server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield hostile
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
