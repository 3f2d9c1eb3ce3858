from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.ingest import feed
from tracker.ingest.decoding import decode
from tracker.ingest.xmlfeed import read_plain_xml

SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "a": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "media": "http://search.yahoo.com/mrss/",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "other": "http://x.test/other",
    }.items()
)
WORDS = st.text("aé Выب<>&;/'\"\u200f\x85Ã©", max_size=12)
LINKS = st.sampled_from(
    ["http://x.test/a?b=1&c=2", "/7", "", " https://y.test/é ", "http:////z", "7#", "javascript:x"]
)
NAMED = ["title", "description", "summary", "pubDate", "published", "updated", "author", "language"]
FOREIGN = [
    "content:encoded",
    "dc:title",
    "dc:date",
    "dc:creator",
    "dc:description",
    "media:title",
    "other:title",
]
PLAIN = st.builds(
    lambda name, words: f"<{name}>{escape(words)}</{name}>", st.sampled_from(NAMED + FOREIGN), WORDS
)
ODD = st.sampled_from(
    [
        "<guid>http://x.test/g</guid>",
        '<guid isPermaLink="false">g &amp; h</guid>',
        "<id>tag:1</id>",
        '<a:link href="http://x.test/self" rel="self"/>',
        '<link href="/9" rel="alternate" type="text/html"/>',
        "<media:group><media:title>inner</media:title></media:group>",
        '<media:content url="http://x.test/p.jpg"><media:title>inner</media:title></media:content>',
        "<image><url>http://x.test/i.png</url><title>inner</title><link>http://x.test/</link></image>",
        "<source url='http://x.test/s'>another</source>",
        "<author><name>n</name></author>",
        '<title xml:lang="ar">عنوان</title>',
        '<summary type="html">&lt;p&gt;one&lt;/p&gt;</summary>',
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>two</p></div></content>',
        "<description><![CDATA[<p>three</p>]]></description>",
        "<description>four <b>five</b></description>",
        "<!-- a comment -->",
        "<ttl> 90 </ttl>",
        "<sy:updatePeriod>hourly</sy:updatePeriod>",
        "<sy:updateFrequency>2</sy:updateFrequency>",
    ]
)
LINKED = st.builds(lambda link: f"<link>{escape(link)}</link>", LINKS)
PARTS = st.lists(st.one_of(PLAIN, LINKED, ODD), max_size=7).map("".join)
RSS = f'<rss version="2.0" {SPACES}%s><channel>{{}}{{}}</channel></rss>'
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    f"{SPACES}%s><channel>{{}}</channel>{{}}</rdf:RDF>"
)
ATOM = f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}%s>{{}}{{}}</feed>'
FORMS = {RSS: "item", RDF: "item", ATOM: "entry"}


@given(
    st.sampled_from(list(FORMS)),
    st.sampled_from(["", ' xml:lang="pt-BR"', ' xml:base="http://x.test/b/"']),
    PARTS,
    st.lists(PARTS, max_size=3),
)
def test_a_plain_feed_gives_what_feedparser_gives(
    form: str, root: str, head: str, entries: list[str]
) -> None:
    name = FORMS[form]
    text = (form % root).format(head, "".join(f"<{name}>{entry}</{name}>" for entry in entries))
    read = read_plain_xml(text)
    if read is not None:
        assert read == feed._read_xml(text)


def test_letters_of_windows_that_stand_as_control_characters_are_read_as_feedparser_reads_them() -> None:
    every = "".join(map(chr, range(0x80, 0xA0)))
    text = f"<rss><channel><item><title>It{every}s</title></item></channel></rss>"
    read = read_plain_xml(text)
    assert read is not None
    assert read == feed._read_xml(text)


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><item><title>cut",
        "<rss><channel><x:y/></channel></rss>",
        "<a>" * 100_000 + "</a>" * 100_000,
        "<html><body/></html>",
        '<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><item><title>&a;</title></item></channel></rss>',
    ],
    ids=["cut off", "a prefix nobody declared", "deep", "a page", "entities"],
)
def test_what_is_not_a_plain_feed_is_left_to_feedparser(text: str) -> None:
    assert read_plain_xml(text) is None


def test_captured_feeds_give_what_feedparser_gives(shared: Path) -> None:
    readers = Counter(map(_reader_of, sorted((shared / "feeds" / "dev").glob("*.xml"))[::6]))
    assert readers["fast"] > readers["feedparser"], readers


def _reader_of(path: Path) -> str:
    text = feed._REFERENCE.sub(feed._mended, feed._NOT_IN_XML.sub("", decode(path.read_bytes())))
    text = feed._DECLARATION.sub("", text).lstrip()
    read = read_plain_xml(text)
    assert read is None or read == feed._read_xml(text), path.name
    return "feedparser" if read is None else "fast"
