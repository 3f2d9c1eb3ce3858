"""Keys that make doing a thing twice the same as doing it once. Pure; see docs/decisions/0003."""

from dataclasses import dataclass

from tracker.domain.words import Level, Subject, Tlp


@dataclass(frozen=True)
class SignalSubject:
    """What a signal speaks of: an ISO week, an item, a story, or (by hand) the alert's own ULID."""

    kind: Subject
    value: str


def signal_key(
    rule: str, country: str, theme: str, subject: SignalSubject, level: Level, label: tuple[Tlp, str]
) -> str:
    """Return the text that is unique among the signals not hidden.

    `label` is the TLP label and the holder's ULID; the holder counts only for AMBER+STRICT. The rule's
    version is left out on purpose, so that a deploy does not raise the past again.
    """
    tlp, holder = label
    kept_by = f"@{holder}" if tlp is Tlp.AMBER_STRICT else ""
    return f"{rule}|{country}|{theme}|{subject.kind}:{subject.value}|{level}|{tlp}{kept_by}"


def open_key(country: str, theme: str) -> str:
    """Return the key of which at most one open alert exists: a country and a theme."""
    return f"{country}|{theme}"


def alert_ref(country: str, number: int) -> str:
    """Return the name people use for an alert, such as `MLI-0142`."""
    return f"{country}-{number:04d}"
