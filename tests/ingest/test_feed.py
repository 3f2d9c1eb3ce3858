import json
from datetime import timedelta
from pathlib import Path

import pytest

from tracker.ingest.documents import Document, RawItem, Unreadable
from tracker.ingest.feed import read_feed
from tracker.ingest.urls import primary_lang, safe_url

FEEDS = Path(__file__).parents[1] / "data" / "feeds"


def rss(items: str, *, dtd: str = "", declared: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    head = "<title>t</title><link>http://x.test/</link>"
    return f'{declared}{dtd}<rss version="2.0"><channel>{head}{items}</channel></rss>'


def item(title: str, more: str = "") -> str:
    return f"<item><title>{title}</title><link>http://x.test/1</link><guid>1</guid>{more}</item>"


def document(body: str | bytes, content_type: str = "") -> Document:
    read = read_feed(body.encode() if isinstance(body, str) else body, content_type)
    assert isinstance(read, Document), read
    return read


def reason(body: str | bytes) -> str:
    read = read_feed(body.encode() if isinstance(body, str) else body)
    assert isinstance(read, Unreadable), read
    return read.reason


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_each_format_gives_the_same_items(name: str) -> None:
    read = document((FEEDS / name).read_bytes())
    assert read.title == "Voices of Norvania"
    assert read.lang == "en"
    assert read.items == (
        RawItem(
            guid="tag:norvania.test,2026:1",
            link="https://norvania.test/1?a=1&b=2",
            url="https://norvania.test/1?a=1&b=2",
            title="Market & school shut in Kesh",
            text="Traders say they were told to close.\nNobody knows until when.",
            claimed="2026-11-02T10:00:00+03:00",
            lang="en",
        ),
        RawItem(
            guid="2",
            link="javascript:alert(1)",
            url=None,
            title="Élection à Kesh",
            text="",
            claimed="2026-11-03T08:00:00Z",
            lang="en",
        ),
    )


ODD = [
    ("utf-16 with a mark", rss(item("hello")).replace("utf-8", "utf-16").encode("utf-16"), "", "hello"),
    ("space first", ("\n\n " + rss(item("hello"))).encode(), "", "hello"),
    ("bare ampersand", rss(item("Q&A: floods & famine")).encode(), "", "Q&A: floods & famine"),
    ("HTML entities", rss(item("a&nbsp;b &eacute; &unknown;")).encode(), "", "a b é &unknown;"),
    ("the header lies", rss(item("Élection")).encode(), "text/xml; charset=iso-8859-1", "Élection"),
    (
        "the declaration lies",
        rss(item("Выборы"), declared='<?xml version="1.0" encoding="iso-8859-1"?>').encode(),
        "",
        "Выборы",
    ),
    (
        "the declaration is right",
        rss(item("Élection"), declared='<?xml version="1.0" encoding="iso-8859-1"?>').encode("latin-1"),
        "text/xml",
        "Élection",
    ),
    (
        "only the header tells",
        rss(item("Выборы"), declared="").encode("cp1251"),
        "x; charset=windows-1251",
        "Выборы",
    ),
    ("a stray byte", rss(item("Élection \x00X")).encode().replace(b"\x00", b"\x92"), "", "Élection ’X"),
    ("control characters", rss(item("bad\x0bchar\x00here")).encode(), "", "badcharhere"),
    *(
        (
            f"it says {charset}",
            rss(item("Été \\u0041"), declared="").encode("cp1252"),
            f"x; charset={charset}",
            "Été \\u0041",
        )
        for charset in ("idna", "punycode", "undefined", "unicode_escape", "utf-7")
    ),
    ("escaped script", rss(item("&lt;script&gt;alert(1)&lt;/script&gt;T")).encode(), "", "T"),
]


@pytest.mark.parametrize(
    ("body", "content_type", "title"), [case[1:] for case in ODD], ids=[c[0] for c in ODD]
)
def test_an_odd_document_is_read_right(body: bytes, content_type: str, title: str) -> None:
    assert [raw.title for raw in document(body, content_type).items] == [title]


@pytest.mark.parametrize(
    "entity", ['a "lol"', 'x SYSTEM "file:///etc/hostname"', '% p SYSTEM "http://127.0.0.1/secret"']
)
def test_a_document_that_defines_entities_is_refused(entity: str) -> None:
    assert "defines entities" in reason(rss(item("&a;"), dtd=f"<!DOCTYPE rss [<!ENTITY {entity}>]>"))
    wide = rss(item("&a;"), dtd=f"<!DOCTYPE rss [<!entity {entity}>]>").encode("utf-16")
    assert "defines entities" in reason(wide)


def test_a_document_that_ends_early_keeps_its_whole_entries_and_says_so() -> None:
    whole = rss(item("one") + item("two") + item("three"))
    read = document(whole[: whole.index("three") + 3])
    assert [raw.title for raw in read.items] == ["one", "two"]
    assert read.truncated


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "the answer was empty"),
        (
            "<!doctype html><html><head><title>Blocked</title></head></html>",
            "got an HTML page titled 'Blocked', not a feed",
        ),
        ("<html><body>no</body></html>", "got an HTML page, not a feed"),
        ("GIF89a", "the answer is neither a feed nor a page"),
        ("{", "the answer is broken JSON, not a feed"),
        ('{"error": 1}', "the answer is JSON without a list of items, not a JSON Feed"),
    ],
)
def test_what_is_no_feed_is_named(body: str, why: str) -> None:
    assert reason(body) == why


def test_guids_stay_as_written_and_links_follow_the_documents_own_address() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://x.test/a/"><title>t</title>'
        '<entry><id>7</id><title>e</title><link href="7.html"/></entry></feed>'
    )
    (raw,) = document(feed).items
    assert (raw.guid, raw.url) == ("7", "http://x.test/a/7.html")
    (relative,) = document(rss("<item><title>e</title><link>/7</link></item>")).items
    assert relative.url == "http://x.test/7"


def test_json_of_wrong_types_is_no_crash() -> None:
    body = json.dumps({"title": 5, "items": [{"id": 7, "title": ["x"], "content_text": None}, "no"]})
    (raw,) = document(body).items
    assert (raw.guid, raw.title, raw.text) == ("7", "", "")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://x/",
        "http://",
        "http://[",
        "a b",
        None,
        "http://x/\u202e",
        "https://a:b@x/",
    ],
)
def test_only_links_to_http_are_kept(link: str | None) -> None:
    assert safe_url(link) is None


def test_a_language_tag_is_cut_to_its_language() -> None:
    assert [primary_lang(tag) for tag in ("pt-BR", "EN_us", "fr", "english", "", None)] == [
        "pt", "en", "fr", None, None, None,
    ]  # fmt: skip


SYNDICATION = (
    '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>{}'
    "<item><title>hello</title>{}</item></channel></rss>"
)


@pytest.mark.parametrize(
    "entry", ["", "<description>four <b>five</b></description>"], ids=["lxml", "feedparser"]
)
@pytest.mark.parametrize(
    ("head", "every"),
    [
        ("<title>t</title>", None),
        ("<ttl>90</ttl>", timedelta(minutes=90)),
        ("<sy:updatePeriod>\n\thourly\n</sy:updatePeriod>", timedelta(hours=1)),
        (
            "<ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(hours=6),
        ),
    ],
)
def test_whoever_reads_it_a_feed_tells_how_often_it_is_worth_asking(
    head: str, every: timedelta | None, entry: str
) -> None:
    read = read_feed(SYNDICATION.format(head, entry).encode())
    assert isinstance(read, Document)
    assert read.says_every == every
