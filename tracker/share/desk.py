"""The editor's desk: how a week's digest stands, what each audience would read, and what became of earlier ones.

A preview is composed and rendered by the code that writes the mails, for a typical reader of each audience; never for
a person, whose grants and deliveries are nobody else's to see.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.access.people import shown_as
from tracker.access.permissions import Deed
from tracker.domain.labels import tlp_rank
from tracker.domain.viewer import DEFAULT_CLEARANCE, Viewer
from tracker.domain.words import OutboxKind, OutboxState, Role
from tracker.respond.policy import policy_in_force
from tracker.settings import Settings
from tracker.share.digest import compose
from tracker.share.draft import Draft
from tracker.share.editing import require_editor
from tracker.share.lead import countries_in, may_read_lead
from tracker.share.mail import Envelope, MailRoom
from tracker.store import Store, SystemSession
from tracker.store.writes import digest as write
from tracker.store.writes import outbox, people
from tracker.store.writes.digest import WeekNow
from tracker.store.writes.outbox import Fate, Matter


class Audience(StrEnum):
    """Who reads a preview: the editor as they get it themselves, or a typical reader outside."""

    INSIDE = "inside"
    OFFICER = "officer"
    PARTNER = "partner"
    MEMBER_STATE = "member_state"


@dataclass(frozen=True)
class Desk:
    """How the digest of a week stands.

    Attributes:
        inside, outside: how many subscribers there are on either side of the Platform's door.
        without_lead: how many of them are not shown the lead, since it names `lead_countries`.
        fates: what became of its mails; none before it is sent.
        names: people by id, as the editor may know them.
        zone: the editor's IANA zone.
    """

    week: WeekNow
    draft: Draft
    inside: int
    outside: int
    without_lead: int
    lead_countries: frozenset[str]
    fates: tuple[Fate, ...]
    names: Mapping[str, str]
    zone: str

    @property
    def came(self) -> Mapping[OutboxState, int]:
        """How many mails stand in each state."""
        return Counter(fate.state for fate in self.fates)

    @property
    def waiting_outside(self) -> int:
        """How many readers it has not been queued for."""
        return max(0, self.inside + self.outside - len(self.fates))

    def name(self, user_id: str) -> str:
        """Say who somebody is who did something with the digest."""
        return self.names.get(user_id, "somebody whose access was ended")


def desk(store: Store, viewer: Viewer, week: str, now: datetime) -> Desk:
    """Return how the digest of a week stands.

    Raises:
        NotAllowedError: not theirs to edit.
    """
    require_editor(viewer, Deed.EDIT_DIGEST)
    policy = policy_in_force(store, now)
    with store.looking("read digest desk", now) as work:
        held = write.week_now(work, week)
        draft = Draft.of(held.edits)
        named = countries_in(draft.lead, policy)
        readers = people.viewers(work, write.subscribers(work, inside_only=False))
        everyone = people.people(work)
        return Desk(
            week=held,
            draft=draft,
            inside=sum(reader.inside for reader in readers),
            outside=sum(not reader.inside for reader in readers),
            without_lead=sum(not may_read_lead(reader, named) for reader in readers) if draft.lead else 0,
            lead_countries=named,
            fates=tuple(_fates(work, week)),
            names={person.id: shown_as(viewer, person) for person in everyone},
            zone=next((person.time_zone for person in everyone if person.id == viewer.user_id), "UTC"),
        )


@dataclass(frozen=True)
class Past:
    """A week of before: how it stood at last, and what became of its mails."""

    week: WeekNow
    came: Mapping[OutboxState, int]


def weeks(store: Store, viewer: Viewer, now: datetime, limit: int = 26) -> list[Past]:
    """Return the newest weeks of which there is a draft or a mail.

    Raises:
        NotAllowedError: not theirs to edit.
    """
    require_editor(viewer, Deed.EDIT_DIGEST)
    with store.looking("read earlier digests", now) as work:
        found = write.newest_weeks(work, limit)
        return [Past(week, Counter(fate.state for fate in _fates(work, week.week))) for week in found]


def _fates(work: SystemSession, week: str) -> list[Fate]:
    return outbox.fates(work, Matter(OutboxKind.DIGEST, week))


@dataclass(frozen=True)
class Preview:
    """A mail as it would leave: its subject, its HTML, its text."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True)
class Reader:
    """For whom a preview is: the audience and, of a Member State, which (ISO 3166-1 alpha-3)."""

    audience: Audience
    state: str | None = None


def preview(
    store: Store, settings: Settings, viewer: Viewer, week: str, reader: Reader, now: datetime
) -> Preview:
    """Return a week's mail as one audience would get it if it left now; its stop address stops nothing.

    Raises:
        NotAllowedError: not theirs to edit.
        SubmissionError: not an ISO week, or one that has not begun.
        ConfigError: the templates cannot be used.
    """
    require_editor(viewer, Deed.EDIT_DIGEST)
    digest = compose(store, typical(viewer, reader), week, now)
    envelope = Envelope("reader@early-action.invalid", "<preview@early-action.invalid>", now)
    mail = MailRoom.open(settings).digest(digest, "preview", envelope)
    parts = {
        part.get_content_type(): str(part.get_content()).replace("\r\n", "\n")
        for part in mail.walk()
        if not part.is_multipart()
    }
    return Preview(str(mail["Subject"]), parts["text/html"], parts["text/plain"])


def typical(viewer: Viewer, reader: Reader) -> Viewer:
    """Return a reader of an audience who holds and was given nothing, cleared no higher than who looks."""
    if reader.audience is Audience.INSIDE:
        return viewer
    role = Role(reader.audience)
    clearance = min(DEFAULT_CLEARANCE[role], viewer.clearance, key=tlp_rank)
    return Viewer("", "", role, clearance, "", own_country=reader.state)
