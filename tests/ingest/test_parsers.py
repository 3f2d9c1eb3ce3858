import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from tests.ingest.conftest import POLICY
from tracker.ingest.documents import Document, RawItem, Unreadable
from tracker.ingest.parsers import Parsers

GOOD = b'<rss version="2.0"><channel><title>t</title><item><title>x</title></item></channel></rss>'


@pytest.fixture
def parsers() -> Iterator[Parsers]:
    with Parsers(1, 20, POLICY.parser_bytes) as running:
        yield running


def reads(parsers: Parsers) -> bool:
    return isinstance(parsers.read(GOOD), Document)


def pid_of(parsers: Parsers) -> int:
    process = parsers._idle.queue[0]._process
    assert process is not None
    assert isinstance(process.pid, int)
    return process.pid


def test_a_worker_that_dies_takes_only_its_document(parsers: Parsers) -> None:
    assert reads(parsers)
    os.kill(pid_of(parsers), signal.SIGKILL)
    assert parsers.read(GOOD) == Unreadable("the reader broke down on this document")
    assert reads(parsers)


def test_a_document_that_takes_too_long_is_given_up_and_the_next_is_read(parsers: Parsers) -> None:
    assert reads(parsers)
    os.kill(pid_of(parsers), signal.SIGSTOP)
    parsers._seconds = 0.3
    assert parsers.read(GOOD) == Unreadable("reading it took longer than 0.3 s")
    parsers._seconds = 20
    assert reads(parsers)


def test_a_hundred_thousand_nested_elements_end_in_bounded_time(parsers: Parsers) -> None:
    began = time.monotonic()
    deep = GOOD.replace(b"<title>x", b"<a>" * 100_000 + b"</a>" * 100_000 + b"<title>x")
    assert isinstance(parsers.read(deep), Document | Unreadable)
    assert reads(parsers)
    assert time.monotonic() - began < 40


def test_a_page_is_read_in_the_same_bounds(parsers: Parsers) -> None:
    page = b"<html><head><title>A market is shut</title></head><body><article><p>Traders stayed at home.</p></body>"
    read = parsers.read_page(page, "text/html; charset=utf-8", "http://x.test/a")
    assert isinstance(read, RawItem)
    assert (read.url, read.title, read.text) == (
        "http://x.test/a",
        "A market is shut",
        "Traders stayed at home.",
    )
    os.kill(pid_of(parsers), signal.SIGSTOP)
    parsers._seconds = 0.3
    assert parsers.read_page(page, "text/html", "http://x.test/a") == Unreadable(
        "reading it took longer than 0.3 s"
    )


def test_many_threads_share_the_workers() -> None:
    with Parsers(2, 20, POLICY.parser_bytes) as parsers:
        good: list[bool] = []
        threads = [threading.Thread(target=lambda: good.append(reads(parsers))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert good == [True] * 8
