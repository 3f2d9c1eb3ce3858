"""How grave an item is, from 1 to 5, by plain anchors of the taxonomy. Pure."""

from collections.abc import Sequence

from tracker.domain.taxonomy import Taxonomy

MOST = 5


def severity_of(
    taxonomy: Taxonomy, categories: Sequence[str], killed: int | None, near_deadline: bool, grave: bool
) -> int | None:
    """Return 1 to 5, None where nothing says how grave.

    Starts from the gravest category's base, is lifted by the number killed and by a deadline beside a threat,
    capped where a category alone may not go further, and 5 for a grave trigger.
    """
    if grave:
        return MOST
    scale = taxonomy.severity
    by_killed = max(
        (level for least, level in scale.killed.items() if killed is not None and killed >= least), default=0
    )
    if not categories:
        return by_killed or None
    severity = max(taxonomy.by_code[code].base_severity for code in categories)
    if near_deadline and not scale.deadline_categories.isdisjoint(categories):
        severity += scale.deadline_adds
    severity = max(severity, by_killed)
    if len(categories) == 1:
        severity = min(severity, scale.capped.get(categories[0], MOST))
    return min(severity, MOST)
