"""All that the page of one alert shows, read once for one viewer."""

from dataclasses import dataclass
from datetime import date, datetime

from dashboards.session import Visit
from tracker.access.people import show_people
from tracker.access.permissions import Deed
from tracker.domain.life import OPEN_STATES, alert_moves
from tracker.domain.words import Level, MilestoneKind, Tlp
from tracker.respond.mail_replies import AnswerByMail, answers_by_mail
from tracker.respond.similar import Similar, similar_to_alert
from tracker.respond.steps import Need, level_of, still_due
from tracker.respond.today import next_steps
from tracker.store.reads.actions import ActionRow, actions_of
from tracker.store.reads.alerts import AlertFile, AlertRow, alert_file
from tracker.store.reads.countries import Worked, what_worked
from tracker.store.reads.decisions import Standing, standing_decisions
from tracker.store.reads.items import ItemRow, evidence_of


@dataclass(frozen=True)
class Opened:
    """One alert on one viewer's page.

    `need` is its next step, None where it is not open; `standing` its newest decision, `names` how people are shown,
    `others` what it could be merged into, `worked` what came of other alerts of its country, `mail` the answers by
    mail.
    """

    here: Visit
    file: AlertFile
    items: list[ItemRow]
    actions: list[ActionRow]
    need: Need | None
    standing: Standing | None
    others: list[Similar]
    worked: list[Worked]
    mail: list[AnswerByMail]
    names: dict[str, str]

    @property
    def alert(self) -> AlertRow:
        """The alert itself."""
        return self.file.alert

    @property
    def now(self) -> datetime:
        """The instant of this rerun."""
        return self.here.now

    @property
    def level(self) -> Level:
        """The highest level among the signals that the viewer may see."""
        return level_of(self.alert)

    @property
    def moves(self) -> tuple[str, ...]:
        """What may be done with it now, by this person."""
        return alert_moves(self.alert.state) if self.here.may(Deed.WORK) else ()

    @property
    def last_review_day(self) -> date:
        """The last day (UTC) on which a decision of today may be looked at again."""
        return (self.now + self.here.policy.deadlines.review_within[self.level]).date()

    @property
    def due(self) -> dict[MilestoneKind, datetime | None]:
        """When the milestones are due that are still asked for; see `still_due`."""
        return still_due(self.alert, self.here.policy.deadlines, self.standing)

    @property
    def labels(self) -> list[Tlp]:
        """The labels of all that the page shows."""
        file = self.file
        told = (file.signals, file.briefs, file.decisions, file.outcomes, file.checks)
        rows = [row.tlp for part in (*told, self.items, self.actions, self.worked) for row in part]
        return [*rows, *(each.row.tlp for each in self.mail)]

    def name(self, user_id: str | None) -> str:
        """Return how a person is shown; "not known" where they are not."""
        return self.names.get(user_id or "", "not known")

    def actor(self, actor: str) -> str:
        """Return who did something: a person as they are shown, or the machine."""
        kind, _, id_ = actor.partition(":")
        return self.name(id_) if kind == "user" else {"job": "the machine"}.get(kind, kind)


def opened(here: Visit, alert_id: str) -> Opened:
    """Read an alert's page.

    Raises:
        NotFoundError: there is none for this viewer.
    """
    with here.store.viewing(here.viewer) as view:
        file = alert_file(view, alert_id)
        items, actions = evidence_of(view, alert_id), actions_of(view, alert_id)
        (need,) = next_steps(view, [file.alert], here.policy, here.now)
        standing = standing_decisions(view, [alert_id]).get(alert_id)
        others = similar_to_alert(view, file)
        worked = [each for each in what_worked(view, file.alert.country) if each.alert_id != alert_id]
    ids = [row.recipient_id for row in file.deliveries] + [line.approved_by_id for line in file.lines]
    ids += [row.actor.removeprefix("user:") for row in file.history if row.actor.startswith("user:")]
    ids += [file.alert.owner_id] if file.alert.owner_id else []
    names = show_people(here.store, here.viewer, ids, here.now)
    mail = answers_by_mail(here.store, here.viewer, alert_id, file.alert.state, here.now)
    shown = need if file.alert.state in OPEN_STATES else None
    return Opened(here, file, items, actions, shown, standing, others, worked, mail, names)
