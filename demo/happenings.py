"""What the demo's feeds say. The countries are real; every happening is invented, and each text says so."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

MARK = "Invented for a demonstration."
_ENDINGS = ("do", "kani", "bugu", "ri")


@dataclass(frozen=True)
class Entry:
    """One entry of a feed; `at` is UTC."""

    guid: str
    at: datetime
    title: str
    text: str


@dataclass(frozen=True)
class Feed:
    """A feed of the demo. `quiet` are its usual headlines a week, `busy` what a hot week brings.

    `towns` are how its towns begin and `endings` how they end: no two headlines of a week name the same one, so that
    none folds into another. `grave` are headlines too grave to wait, each with its week. `mark` says in its language
    that it is invented.
    """

    name: str
    path: str
    lang: str
    country: str
    quiet: tuple[str, ...]
    other: tuple[str, ...]
    towns: tuple[str, ...]
    busy: tuple[str, ...] = ()
    busy_weeks: tuple[int, ...] = ()
    busy_count: int = 14
    grave: tuple[tuple[int, str], ...] = ()
    endings: tuple[str, ...] = _ENDINGS
    mark: str = MARK


FEEDS = (
    Feed(
        name="Sahel Courier (demo)",
        path="sahel.xml",
        lang="en",
        country="MLI",
        quiet=(
            "Mali: villagers killed in attack near {town}",
            "Mali: bus ambushed, two people killed near {town}",
        ),
        other=("Mali's football season opens in {town}", "Mali: harvest prices steady in {town}"),
        towns=("Ara", "Bel", "Doro", "Tess", "Kori", "Sama"),
        busy=(
            "Mali: villagers killed in attack on {town}, families flee",
            "Mali: attack on village near {town}, bodies found",
            "Mali: people killed in {town} as armed men return",
        ),
        busy_weeks=(23, 24, 25),
        grave=(
            (25, "Mali: seven villagers killed in attack near {town}, elders say"),
            (25, "Mali: gunmen on motorcycles kill nine people at a market in {town}"),
        ),
    ),
    Feed(
        name="La Voix du Fleuve (démo)",
        path="fleuve.xml",
        lang="fr",
        country="NER",
        quiet=("Niger : affrontement près de {town}, trois blessés",),
        other=("Niger : le marché de {town} rouvre", "Niger : concert à {town}"),
        towns=("Garbo", "Toul", "Zinda"),
        busy=(
            "Niger : affrontement à {town}, des soldats blessés",
            "Niger : embuscade près de {town}, deux soldats tués",
        ),
        busy_weeks=(25,),
        busy_count=9,
    ),
    Feed(
        name="Great Lakes Daily (demo)",
        path="lakes.xml",
        lang="en",
        country="COD",
        quiet=("DR Congo: clash near {town} leaves soldiers wounded",),
        other=("DR Congo: new bridge opens at {town}", "DR Congo: school results in {town}"),
        towns=("Kaso", "Lube", "Mutwa", "Nyara", "Bwiro"),
        busy=(
            "DR Congo: heavy fighting near {town}, families flee",
            "DR Congo: clash at {town}, shelling heard for hours",
        ),
        busy_weeks=(18,),
        grave=((25, "DR Congo: six civilians killed in attack on {town}, church says"),),
    ),
    Feed(
        name="Diario del Valle (demo)",
        path="valle.xml",
        lang="es",
        country="COL",
        quiet=("Colombia: enfrentamiento cerca de {town} deja heridos",),
        other=("Colombia: feria del café en {town}", "Colombia: partido de fútbol en {town}"),
        towns=("Aure", "Tolu", "Ceiba", "Mara", "Quima"),
        busy=(
            "Colombia: combates cerca de {town}, tiroteo durante horas",
            "Colombia: emboscada y enfrentamiento en {town}, muertos y heridos",
        ),
        busy_weeks=(13, 25),
    ),
    Feed(
        name="Lake Monitor (demo)",
        path="monitor.xml",
        lang="en",
        country="KEN",
        quiet=("Kenya: protest in {town} ends calmly",),
        other=("Kenya: marathon in {town}", "Kenya: rains come early to {town}"),
        towns=("Nakwe", "Elbo", "Kapse", "Turwa"),
        busy=(
            "Kenya: protest in {town}, police fire tear gas",
            "Kenya: protesters and police clash in {town}",
        ),
        busy_weeks=(25,),
        busy_count=9,
        grave=((25, "Kenya: mob kills five people in {town} after a rumour"),),
    ),
    Feed(
        name="صوت النيل (عرض تجريبي)",
        path="nile.xml",
        lang="ar",
        country="SDN",
        quiet=("السودان: اشتباك قرب {town} وإصابة جنود",),
        other=("السودان: افتتاح سوق جديد في {town}", "السودان: أسعار الحصاد مستقرة في {town}"),
        towns=("كادو", "بيلا", "نورا", "سامي"),
        endings=("ري", "بة", "لو", "كا"),
        mark="نص مختلق لعرض تجريبي.",
    ),
)
BROKEN_FROM_WEEK = 21
"""From here on the feed `broken.xml` answers with an error: something we cannot see."""


def entries_of(feed: Feed, first_week: datetime, weeks: int) -> list[Entry]:
    """Return all entries of a feed over the demo's weeks, oldest first; the same at every call."""
    chance = random.Random(feed.path)  # noqa: S311 - not a secret
    found: list[Entry] = []
    towns = ["".join(name) for name in product(feed.towns, feed.endings)]
    for week in range(weeks):
        monday = first_week + timedelta(weeks=week)
        titles = [chance.choice(feed.quiet) for _ in range(chance.choice((0, 1, 1, 2)))]
        titles += [chance.choice(feed.other) for _ in range(3)]
        if week in feed.busy_weeks:
            titles += [feed.busy[turn % len(feed.busy)] for turn in range(feed.busy_count)]
        titles += [title for in_week, title in feed.grave if in_week == week]
        for turn, title in enumerate(titles):
            at = monday + timedelta(hours=8 + chance.randrange(5 * 24 + 8))
            headline = title.format(town=towns[turn % len(towns)])
            guid = f"{feed.path}-{week}-{turn}"
            found.append(Entry(guid, at, headline, f"{headline}. {feed.mark} ({week + 1}-{turn + 1})"))
    return sorted(found, key=lambda entry: entry.at)
