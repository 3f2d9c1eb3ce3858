"""What a source says: its grade, its words, how it knows, and what it agreed to."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from dashboards.components.marks import chip, instant, outside_link, tlp
from dashboards.components.markup import EMPTY, html, joined
from tracker.domain.labels import tlp_rank
from tracker.domain.wording import counted, said, shortened
from tracker.domain.words import ItemKind
from tracker.store.reads.items import ItemRow
from tracker.store.reads.stories import StoryItem

_QUOTE_LENGTH = 260
_NAMED, _TOLD = 3, 2


@dataclass(frozen=True)
class Claim:
    """What a source says, and those that carry the same text."""

    item: ItemRow
    copies: tuple[ItemRow, ...]


def folded(items: list[ItemRow]) -> list[Claim]:
    """Fold items that carry one text under the first of them; the order is otherwise kept."""
    by_wire: dict[str, list[ItemRow]] = {}
    for item in items:
        by_wire.setdefault(item.wire_id or item.id, []).append(item)
    ordered = (sorted(same, key=lambda item: item.published_at) for same in by_wire.values())
    return [Claim(first, tuple(copies)) for first, *copies in ordered]


def by_source(told: list[Claim]) -> list[list[Claim]]:
    """Part claims into what each news source says; a field report stands for itself. The order is kept."""
    parts: dict[str, list[Claim]] = {}
    for claim in told:
        news = claim.item.kind is ItemKind.NEWS
        parts.setdefault(claim.item.source_id if news else claim.item.id, []).append(claim)
    return list(parts.values())


def claims(parts: list[list[Claim]], now: datetime) -> Markup:
    """Draw what the sources say side by side, one card for each of them."""
    return html('<div class="claims">{}</div>', joined(_card(said_by, now) for said_by in parts))


def _card(said_by: list[Claim], now: datetime) -> Markup:
    first = said_by[0].item
    label = max((claim.item.tlp for claim in said_by), key=tlp_rank)
    told, others = said_by[:_TOLD], said_by[_TOLD:]
    return html(
        '<div class="claim"><b>{}</b> {} {}{}{}</div>',
        source_name(first),
        grade(first),
        tlp(label),
        joined(_told(claim, now) for claim in told),
        html(
            "<details><summary>{} more of it</summary>{}</details>",
            len(others),
            joined(_told(claim, now) for claim in others),
        )
        if others
        else EMPTY,
    )


def _told(claim: Claim, now: datetime) -> Markup:
    item = claim.item
    return html(
        '<p dir="auto">“{}”</p>{}{}<span class="small soft">{}</span>',
        first_words(item),
        answers(item),
        _copied(claim.copies),
        known(item, now),
    )


def _copied(copies: tuple[ItemRow, ...]) -> Markup:
    if not copies:
        return EMPTY
    names = sorted({source_name(item) for item in copies})
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    words = f"Same text in {counted(len(copies), 'other item')}: {', '.join(names[:_NAMED])}{more}"
    return html('<p class="small soft">{}</p>', words)


def source_name(item: ItemRow | StoryItem) -> str:
    """Return the source's name; a plain word where this viewer may not see the source."""
    return item.source_name or "A source you may not see"


def grade(item: ItemRow) -> Markup:
    """Return Admiralty reliability, kind and language in a chip."""
    kind = "report" if item.kind is ItemKind.REPORT else "news"
    parts = [f"{item.reliability or 'F'} · {kind}"] + (
        [item.lang] if item.lang and item.lang != "und" else []
    )
    return chip(", ".join(parts))


def answers(item: ItemRow) -> Markup:
    """Return what else a field report answered: what would help, what it is about, when, how many were killed."""
    told = {
        "would help": item.help,
        "about": said(item.report_kind) if item.report_kind else None,
        "when": said(item.when_said) if item.when_said else None,
        "on": f"{item.happened_on:%-d %B %Y}" if item.happened_on else None,
        "killed": str(item.killed) if item.killed is not None else None,
        "where": item.place,
    }
    lines = [html("<b>{}</b> {}", name, words) for name, words in told.items() if words]
    return html('<p class="small" dir="auto">{}</p>', html("<br>").join(lines)) if lines else EMPTY


def known(item: ItemRow, now: datetime) -> Markup:
    """Return how it is known, when it was published, and the consent, in one line."""
    parts = [html("{}", said(item.how_known))] if item.how_known else []
    if item.channel:
        parts.append(html("told to us, {}", said(item.channel)))
    parts.append(instant(item.published_at, now))
    if item.kind is ItemKind.REPORT:
        parts.append(html("{}", consent(item)))
    elif item.url:
        parts.append(outside_link(item.url, "read it there"))
    return html(" · ").join(parts)


def consent(item: ItemRow) -> str:
    """Say what the one who reported agreed to; what was not asked is "not known"."""
    words = {True: "yes", False: "no", None: "not known"}
    share = f"share: UN {words[item.may_share_un]}, authorities {words[item.may_share_authorities]}"
    return f"{share} · may be asked back: {words[item.may_contact]}"


def first_words(item: ItemRow) -> str:
    """Return what an item says in short: its title, or the beginning of its text, cut at a word."""
    return shortened(item.title or item.text, _QUOTE_LENGTH)
