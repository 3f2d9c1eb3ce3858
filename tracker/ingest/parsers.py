"""Worker processes that read feeds and pages, one at a time each. One that hangs or dies takes only its document.

concurrent.futures cannot tell which document killed a pool, nor stop the one that hangs; here each worker
has a pipe of its own, so the blame is exact and the replacement costs one process.
"""

import multiprocessing
import queue
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import Any, Self

from tracker.ingest.documents import RawItem, Reading, Unreadable

_READER = "tracker.ingest.feed"
_FEED, _PAGE = "feed", "page"
_STOP_S = 5.0
_STARTING = threading.Lock()


class Parsers:
    """A fixed number of workers. Thread-safe; use as a context.

    A document may take so many seconds, and its worker so many bytes of address space.
    """

    def __init__(self, count: int, seconds: float, memory_bytes: int) -> None:
        self._seconds = seconds
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([_READER])
        self._idle: queue.Queue[_Worker] = queue.Queue()
        self._count = count
        for _ in range(count):
            self._idle.put(_Worker(self._context, memory_bytes))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for _ in range(self._count):
            self._idle.get().stop()

    def read(self, body: bytes, content_type: str = "", *, cut_off: bool = False) -> Reading:
        """Read a document in the next worker that is free; see `feed.read_feed`.

        A document that takes too long, or at which the worker dies, is unreadable.
        """
        read: Reading = self._read(_FEED, body, content_type, cut_off)
        return read

    def read_page(self, body: bytes, content_type: str, url: str) -> RawItem | Unreadable:
        """Read what a page says, as `read` does; see `page_text.read_page_text`."""
        read: RawItem | Unreadable = self._read(_PAGE, body, content_type, url)
        return read

    def _read(self, *document: object) -> Any:
        worker = self._idle.get()
        try:
            return worker.read(document, self._seconds)
        finally:
            self._idle.put(worker)


class _Worker:
    """One process and our end of its pipe; started with its first document."""

    def __init__(self, context: ForkServerContext, memory_bytes: int) -> None:
        self._context = context
        self._memory_bytes = memory_bytes
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def read(self, document: tuple[object, ...], seconds: float) -> Any:
        try:
            pipe = self._started()
            pipe.send(document)
            if pipe.poll(seconds):
                return pipe.recv()
            reason = f"reading it took longer than {seconds:g} s"
        except (EOFError, OSError):
            reason = "the reader broke down on this document"
        self.stop()
        return Unreadable(reason)

    def stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(_STOP_S)
            self._process.close()
        self._process = self._pipe = None

    def _started(self) -> Connection:
        if self._pipe is None:
            ours, theirs = self._context.Pipe()
            self._process = self._context.Process(
                target=_work, args=(theirs, self._memory_bytes), daemon=True
            )
            with _main_left_out():
                self._process.start()
            theirs.close()
            self._pipe = ours
        return self._pipe


@contextmanager
def _main_left_out() -> Iterator[None]:
    """Start a worker without our main module, which multiprocessing would import there first: a second's work."""
    main = sys.modules["__main__"]
    with _STARTING:
        kept = {name: main.__dict__.pop(name, None) for name in ("__spec__", "__file__")}
        main.__spec__ = None
        try:
            yield
        finally:
            main.__dict__.update({name: value for name, value in kept.items() if value is not None})


def _work(pipe: Connection, memory_bytes: int) -> None:
    """Read documents until the other end is closed: by its owner, or because its owner died."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    while True:
        try:
            document = pipe.recv()
        except EOFError:
            return
        try:
            reading = _read_document(*document)
        except MemoryError:
            reading = Unreadable("reading it takes more memory than is allowed")
        except Exception as error:  # noqa: BLE001 - whatever a parser does to us is said of this document alone
            reading = Unreadable(f"the reader could not cope with it ({type(error).__name__})")
        try:
            pipe.send(reading)
        except BrokenPipeError:
            return


def _read_document(kind: str, body: bytes, content_type: str, more: Any) -> Reading | RawItem:
    """Read a feed, or a page; what only pages need takes a moment to load."""
    if kind == _PAGE:
        from tracker.ingest.page_text import read_page_text

        return read_page_text(body, content_type, url=more)
    from tracker.ingest.feed import read_feed

    return read_feed(body, content_type, cut_off=more)
