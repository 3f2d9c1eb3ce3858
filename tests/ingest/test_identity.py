from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.ingest.documents import Key, RawItem
from tracker.ingest.identity import Cap, Decisions, Known, KnownItem, Verdict, decide, keys_of

CAP = Cap(versions=4, keys=12, churn_at=3, churn_again=2)


def raw(
    guid: str | None = None,
    link: str | None = None,
    title: str = "t",
    text: str = "",
    claimed: str | None = None,
) -> RawItem:
    return RawItem(guid=guid, link=link, url=link, title=title, text=text, claimed=claimed)


@dataclass
class Shelf:
    """What the store does with decisions, in memory: one source's keys and items."""

    keys: dict[Key, str | None] = field(default_factory=dict)
    items: dict[str, KnownItem] = field(default_factory=dict)
    churns: bool = False

    def poll(self, *raws: RawItem) -> list[Verdict]:
        decisions = decide(raws, self._known(raws), CAP)
        self._keep(decisions)
        return [entry.verdict for entry in decisions.entries]

    def _known(self, raws: Sequence[RawItem]) -> Known:
        asked = keys_of(raws, guid_churns=self.churns)
        return Known({key: self.keys[key] for key in asked if key in self.keys}, self.items, self.churns)

    def _keep(self, decisions: Decisions) -> None:
        self.keys.update(dict.fromkeys(decisions.void_keys))
        self.churns = decisions.guid_churns
        for entry in decisions.entries:
            item_id = entry.item_id
            if entry.verdict is Verdict.NEW:
                item_id = f"i{len(self.items)}"
                self.items[item_id] = KnownItem(entry.raw.content, 1, 0)
            if item_id is None:
                continue
            if entry.verdict is Verdict.CHANGED:
                item = self.items[item_id]
                self.items[item_id] = replace(
                    item, content=entry.raw.content, version_count=item.version_count + 1
                )
            for key in entry.keys:
                self.keys.setdefault(key, item_id)
            count = sum(1 for owner in self.keys.values() if owner == item_id)
            self.items[item_id] = replace(self.items[item_id], key_count=count)


def test_the_same_document_twice_adds_nothing() -> None:
    shelf = Shelf()
    document = [raw("1", "/1", "one"), raw("2", "/2", "two"), raw(None, None, "three")]
    assert shelf.poll(*document) == [Verdict.NEW] * 3
    assert shelf.poll(*document) == [Verdict.UNCHANGED] * 3


def test_other_words_under_the_same_guid_are_a_new_version() -> None:
    shelf = Shelf()
    shelf.poll(raw("1", "/1", "Two hurt"))
    assert shelf.poll(raw("1", "/1", "Two dead")) == [Verdict.CHANGED]
    assert shelf.poll(raw("1", "/moved", "Two dead")) == [Verdict.UNCHANGED]


def test_one_guid_on_three_entries_of_a_document_identifies_none_of_them() -> None:
    shelf = Shelf()
    document = [raw("same", "/a", "one"), raw("same", "/b", "two"), raw("same", "/c", "three")]
    assert shelf.poll(*document) == [Verdict.NEW] * 3
    assert shelf.poll(*reversed(document)) == [Verdict.UNCHANGED] * 3
    assert shelf.poll(raw("same", "/d", "four")) == [Verdict.NEW]


def test_one_link_on_entries_with_different_guids_identifies_none_of_them() -> None:
    shelf = Shelf()
    home = "https://x.test/"
    assert shelf.poll(raw("1", home, "one"), raw("2", home, "two")) == [Verdict.NEW] * 2
    assert shelf.poll(raw("3", home, "three"), raw("1", home, "one")) == [Verdict.NEW, Verdict.UNCHANGED]


def test_an_entry_given_twice_in_a_document_is_kept_once() -> None:
    shelf = Shelf()
    twice = raw("1", "/1", "one", "words")
    assert shelf.poll(twice, replace(twice, text="other words")) == [Verdict.NEW, Verdict.REPEATED]


def test_entries_without_guid_and_link_are_told_by_their_words() -> None:
    shelf = Shelf()
    document = [raw(title="", text="first"), raw(title="", text="second")]
    assert shelf.poll(*document) == [Verdict.NEW] * 2
    assert shelf.poll(raw(title="", text="third"), *document) == [
        Verdict.NEW,
        Verdict.UNCHANGED,
        Verdict.UNCHANGED,
    ]


def test_a_clock_in_the_text_makes_versions_up_to_the_cap_and_no_items() -> None:
    shelf = Shelf()
    assert shelf.poll(raw("1", "/1", text="0:00")) == [Verdict.NEW]
    seen = [shelf.poll(raw("1", "/1", text=f"0:{minute:02}"))[0] for minute in range(1, 30)]
    assert seen == [Verdict.CHANGED] * (CAP.versions - 1) + [Verdict.CAPPED] * (29 - CAP.versions + 1)
    assert len(shelf.items) == 1
    assert len(shelf.keys) <= CAP.keys


def test_a_clock_in_the_text_of_an_entry_without_keys_makes_no_items_either() -> None:
    shelf = Shelf()
    for minute in range(30):
        shelf.poll(raw(title="Water level", text=f"0:{minute:02}", claimed="2026-11-02"))
    assert len(shelf.items) == 1


def test_guids_that_are_fresh_on_three_entries_of_one_poll_are_not_trusted_any_more() -> None:
    shelf = Shelf()

    def document(poll: int) -> list[RawItem]:
        return [raw(f"{poll}-{entry}", f"/{entry}", f"title {entry}") for entry in range(3)]

    assert shelf.poll(*document(0)) == [Verdict.NEW] * 3
    assert shelf.poll(*document(1)) == [Verdict.UNCHANGED] * 3
    assert shelf.churns
    assert shelf.poll(*document(2)) == [Verdict.UNCHANGED] * 3


def test_one_entry_whose_guid_is_fresh_at_every_poll_is_noticed_after_a_few() -> None:
    shelf = Shelf()
    for poll in range(100):
        shelf.poll(raw(f"guid {poll}", "/1"))
    assert shelf.churns
    assert len(shelf.items) == 1
    assert len(shelf.keys) <= CAP.keys


def test_an_address_that_moves_to_https_makes_no_second_item() -> None:
    shelf = Shelf()
    shelf.poll(raw("http://x.test/1", "http://x.test/1", "one", "words"))
    moved = raw("https://x.test/1", "https://x.test/1", "one", "words")
    assert shelf.poll(moved) == [Verdict.UNCHANGED]
    assert shelf.poll(replace(moved, text="corrected")) == [Verdict.CHANGED]


def test_a_withdrawn_item_is_recognised_and_its_words_are_not_kept_again() -> None:
    shelf = Shelf()
    shelf.poll(raw("1", "/1", "one"))
    shelf.items["i0"] = replace(shelf.items["i0"], hidden=True)
    assert shelf.poll(raw("1", "/1", "one, corrected")) == [Verdict.WITHDRAWN]


FEW = st.sampled_from([None, "a", "b", "c"])
WORDS = st.sampled_from(["", "x", "y"])
ENTRIES = st.builds(raw, guid=FEW, link=FEW, title=WORDS, text=WORDS, claimed=FEW)
DOCUMENTS = st.lists(ENTRIES, max_size=7)


@settings(max_examples=400)
@given(st.lists(DOCUMENTS, min_size=1, max_size=4))
def test_whatever_came_before_polling_a_document_again_adds_no_item(documents: list[list[RawItem]]) -> None:
    shelf = Shelf()
    for document in documents:
        shelf.poll(*document)
    before = len(shelf.items)
    again = shelf.poll(*documents[-1])
    assert Verdict.NEW not in again
    assert len(shelf.items) == before


@settings(max_examples=400)
@given(DOCUMENTS)
def test_entries_that_differ_in_guid_link_or_title_are_different_items_and_equal_ones_are_not(
    document: list[RawItem],
) -> None:
    verdicts = Shelf().poll(*document)
    distinct = {(entry.guid, entry.link, entry.title) for entry in document}
    assert verdicts.count(Verdict.NEW) >= len(distinct)
    assert len(set(document)) >= verdicts.count(Verdict.NEW)
    first = {entry: verdict for entry, verdict in reversed(list(zip(document, verdicts, strict=True)))}
    assert sum(verdict is Verdict.NEW for verdict in first.values()) == verdicts.count(Verdict.NEW)


@settings(max_examples=300)
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_order_of_a_document_does_not_change_how_many_items_it_has(
    document: list[RawItem], random: object
) -> None:
    shuffled = list(document)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Shelf().poll(*document).count(Verdict.NEW) == Shelf().poll(*shuffled).count(Verdict.NEW)


@settings(max_examples=200)
@given(st.lists(DOCUMENTS, min_size=2, max_size=4))
def test_a_source_never_holds_more_than_what_it_said(documents: list[list[RawItem]]) -> None:
    shelf = Shelf()
    for _ in range(3):
        for document in documents:
            shelf.poll(*document)
    said = {key for document in documents for key in keys_of(document, guid_churns=False)}
    churned = {key for document in documents for key in keys_of(document, guid_churns=True)}
    assert set(shelf.keys) <= said | churned
