"""Field reports: taken in once, answered with a receipt code.

A report is an item with an empty title: its words stand once, in its text, so that nothing is counted or
kept twice; lists show the beginning of the text where there is no title.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self

from tracker.access.sealing import Sealed, seal
from tracker.domain.wording import gettext_noop
from tracker.domain.words import Reliability, SourceKind
from tracker.errors import NotFoundError, NotTakenError, SubmissionError
from tracker.ingest.documents import digest
from tracker.ingest.receipts import code_hash, new_code
from tracker.ingest.submission import DEFAULT_TLP, Submission, SubmissionErrors
from tracker.store import Store, SystemSession
from tracker.store.columns import new_id
from tracker.store.retries import until_free
from tracker.store.writes.log import Label
from tracker.store.writes.people import host_org, newest_public_key, viewer
from tracker.store.writes.reports import (
    EarlierReport,
    NewReport,
    earlier_reports,
    reports_after,
    store_reports,
)
from tracker.store.writes.sources import (
    NewSource,
    PolledSource,
    found_or_stored,
    lock_sources,
    source_by_url,
    source_of_partner,
    store_partner_source,
)

OPEN_FORM = "Open web form"
_OPEN_FORM_URL = "form:open-form"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Received:
    """A report that was taken in. `code` is shown once; None where it had arrived before.

    `conflict`: it is kept beside another one under the same `client_id`, until a person settles which holds.
    """

    code: str | None
    item_id: str
    already_received: bool = False
    conflict: bool = False


def partner_source(store: Store, user_id: str, now: datetime) -> PolledSource:
    """Return the source under which a partner's reports arrive, made where it is new.

    Raises:
        NotFoundError: there is no such user.
    """
    with store.looking("find source", now) as work:
        found = source_of_partner(work, user_id)
    if found is not None:
        return found
    with store.acting("system", "add partner source", now) as work:
        partner = viewer(work, user_id)
        if partner is None:
            raise NotFoundError("user", user_id)
        store_partner_source(
            work,
            user_id,
            NewSource(
                name="Partner report",
                kind=SourceKind.PARTNER,
                org_id=host_org(work),
                independence_group=partner.org_id,
                reliability=Reliability.F,
                default_tlp=DEFAULT_TLP,
                tlp=DEFAULT_TLP,
                polled=False,
            ),
        )
        made = source_of_partner(work, user_id)
    assert made is not None
    return made


def open_form_source(store: Store, now: datetime) -> PolledSource:
    """Return the source of reports that are sent without sign-in, made where it is new."""
    with store.looking("find source", now) as work:
        found = source_by_url(work, _OPEN_FORM_URL)
    if found is not None:
        return found
    with store.acting("system", "add form source", now) as work:
        return report_source(work, _OPEN_FORM_URL, OPEN_FORM, SourceKind.FORM)


def coded_source(store: Store, code: str, now: datetime) -> PolledSource:
    """Return the source that the desk knows by a code such as K-12, made where it is new.

    Its independence group is its own: nobody but the desk knows which codes belong together.
    """
    with store.acting("system", "add coded source", now) as work:
        return report_source(work, f"code:{code}", f"Partner {code}", SourceKind.PARTNER)


def report_source(work: SystemSession, url: str, name: str, kind: SourceKind) -> PolledSource:
    """Return the source of reports at an address of our own, made where it is new."""
    new = NewSource(
        name=name,
        kind=kind,
        org_id=host_org(work),
        url=url,
        reliability=Reliability.F,
        default_tlp=DEFAULT_TLP,
        tlp=DEFAULT_TLP,
    )
    return found_or_stored(work, new)


def submit(
    store: Store, source: PolledSource, submission: Submission, now: datetime, *, keep_conflict: bool = False
) -> Received:
    """Take in a field report in one transaction; the same `client_id` of a source again changes nothing.

    Args:
        store: the database.
        source: whose report it is: `partner_source` or `open_form_source`.
        submission: as read by `read_submission`.
        now: aware UTC; when it arrived, and the date used for it.
        keep_conflict: keep another report under a `client_id` that was used, for a person to compare the two;
            for programs, which cannot be asked again.

    Returns:
        The report's item and, the first time, the receipt code.

    Raises:
        SubmissionErrors: who reported is named while there is no key to seal it with, or the `client_id`
            was used for another report.
    """
    arriving = _Arriving(submission, keep_conflict=keep_conflict)
    (answer,) = _write(store, source, "submit report", now, [arriving])
    if isinstance(answer, SubmissionErrors):
        raise answer
    if not answer.already_received:
        _log.info("Source %s: a report was received", source.id)
    return answer


def submit_rows(
    store: Store, source: PolledSource, submissions: Sequence[Submission], now: datetime
) -> list[Received | SubmissionErrors]:
    """Take in reports of a table in one transaction, each once: by its `client_id`, else by all that it says.

    A report that tells of an earlier day counts on that day, so that a table of the past raises no alarm today.
    Where the database takes one of them not, each is written by itself.

    Returns:
        For each report, in order, what `submit` returns or raises.

    Raises:
        StoreError: the database takes nothing.
    """
    arriving = [_row(submission, now.date()) for submission in submissions]
    try:
        answers = _write(store, source, "import reports", now, arriving)
    except NotTakenError:
        answers = [_write_alone(store, source, now, each) for each in arriving]
    _log.info("Source %s: %d rows of a table were read", source.id, len(submissions))
    return answers


def _row(submission: Submission, today: date) -> "_Arriving":
    day = submission.happened_on
    past = day if day and day < today else None
    return _Arriving(submission, keep_conflict=True, by_content=True, said_on=past)


def _write_alone(
    store: Store, source: PolledSource, now: datetime, arriving: "_Arriving"
) -> Received | SubmissionErrors:
    try:
        return _write(store, source, "import reports", now, [arriving])[0]
    except NotTakenError:
        problem = "The database does not take this row; please tell whoever runs this place."
        return SubmissionErrors([SubmissionError("row", problem)])


def _write(
    store: Store, source: PolledSource, use_case: str, now: datetime, arriving: Sequence["_Arriving"]
) -> list[Received | SubmissionErrors]:
    """Take reports of one source in, in one transaction."""

    def write() -> list[Received | SubmissionErrors]:
        with store.acting(f"source:{source.id}", use_case, now) as work:
            lock_sources(work, [source.id])
            desk = _Desk.open(work, source, arriving)
            answers = [desk.take_in(each) for each in arriving]
            store_reports(work, source.id, desk.new)
            return answers

    return until_free(write)


@dataclass(frozen=True)
class _Arriving:
    """A report on its way in. `by_content`: without a client id, what it says is its id."""

    submission: Submission
    keep_conflict: bool = False
    by_content: bool = False
    said_on: date | None = None

    @property
    def words(self) -> str:
        """The digest of all that it says."""
        return _digest(self.submission)

    @property
    def clients(self) -> tuple[str, ...]:
        """The digests of what it is known by, and of what beside another report under that; none where by nothing."""
        client_id = self.submission.client_id
        if not (client_id or self.by_content):
            return ()
        client = digest(client_id) if client_id else digest("row", self.words)
        return client, _beside(client, self.words)

    def meets(self, known: Mapping[str, EarlierReport]) -> EarlierReport | None:
        """Return another report that is known under its client id; None where there is none, or it says the same."""
        earlier = known.get(self.clients[0]) if self.clients else None
        return earlier if earlier is not None and earlier.digest != self.words else None


def _beside(client: str, words: str) -> str:
    """Return the digest that a report has beside another one, from those of their client id and its words."""
    return digest(client, words)


@dataclass(frozen=True)
class _Desk:
    """Where reports of one source are looked at, one after the other: what is there, and what is to be stored."""

    source: PolledSource
    now: datetime
    key: tuple[str, bytes] | None
    known: dict[str, EarlierReport]
    standing: dict[str, str]
    new: list[NewReport] = field(default_factory=list)

    @classmethod
    def open(cls, work: SystemSession, source: PolledSource, arriving: Sequence["_Arriving"]) -> Self:
        """Look up whatever these reports may meet."""
        clients = {client for each in arriving for client in each.clients}
        known = earlier_reports(work, source.id, clients) if clients else {}
        met = [each.meets(known) for each in arriving if each.keep_conflict]
        standing = {first.client: _standing(work, source.id, first) for first in met if first}
        return cls(source, work.now, newest_public_key(work), known, standing)

    def take_in(self, arriving: "_Arriving") -> Received | SubmissionErrors:
        """Note a report to be stored unless it is there; say what its sender is answered."""
        try:
            sealed = _sealed(self.key, arriving.submission)
        except SubmissionErrors as error:
            return error
        client, *rest = arriving.clients or (None,)
        earlier, conflicts_with = self.known.get(client or ""), None
        if earlier is not None and earlier.digest == arriving.words:
            return Received(None, earlier.item_id, already_received=True)
        if earlier is not None:
            if not arriving.keep_conflict:
                problem = gettext_noop("It was used for another report.")
                return SubmissionErrors([SubmissionError("client_id", problem)])
            conflicts_with = self.standing.get(earlier.client, earlier.item_id)
            client = rest[0]
            again = self.known.get(client)
            if again is not None:
                return Received(None, again.item_id, already_received=True, conflict=True)
        code, id_ = new_code(), new_id(self.now)
        new = _new_report(id_, self.source, arriving, sealed, code_hash(code))
        new = replace(new, client_digest=client, conflicts_with=conflicts_with)
        self.new.append(new)
        if client:
            self.known[client] = EarlierReport(new.id, new.digest, client)
        return Received(code, new.id, conflict=conflicts_with is not None)


def _standing(work: SystemSession, source_id: str, first: EarlierReport) -> str:
    """Return the item that another report under the id of a first is compared with.

    That is the first; where it counts no more, the oldest that came beside it and does.
    """
    if not first.hidden:
        return first.item_id
    for report in reports_after(work, source_id, first.item_id):
        if report.client == _beside(first.client, report.digest):
            return report.item_id
    return first.item_id


def _sealed(key: tuple[str, bytes] | None, submission: Submission) -> Sealed | None:
    named = [name for name in ("reporter_name", "reporter_contact") if getattr(submission, name)]
    if not named:
        return None
    if key is None:
        problem = gettext_noop(
            "It cannot be kept safely here yet. Leave it empty and send the report without it."
        )
        raise SubmissionErrors([SubmissionError(name, problem) for name in named])
    return seal(key, submission.reporter_name or "", submission.reporter_contact or "")


def _digest(submission: Submission) -> str:
    """Return the digest of all that a report says, but not of who says it."""
    said = (
        submission.what,
        submission.country or submission.country_said,
        submission.kind,
        submission.place,
        submission.when,
        submission.happened_on,
        submission.how_known,
        submission.help,
        submission.killed,
        submission.tlp,
        submission.may_contact,
        submission.may_share_un,
        submission.may_share_authorities,
    )
    return digest(*("" if value is None else str(value) for value in said))


def _new_report(
    id_: str, source: PolledSource, arriving: _Arriving, sealed: Sealed | None, code: str
) -> NewReport:
    submission = arriving.submission
    return NewReport(
        id=id_,
        label=Label(submission.tlp, source.org_id, submission.country),
        country_said=submission.country_said,
        lang=submission.lang or source.lang,
        text=submission.what,
        place=submission.place,
        help=submission.help,
        kind=submission.kind,
        when_said=submission.when,
        happened_on=submission.happened_on,
        how_known=submission.how_known,
        killed=submission.killed,
        may_contact=submission.may_contact,
        may_share_un=submission.may_share_un,
        may_share_authorities=submission.may_share_authorities,
        digest=arriving.words,
        code_hash=code,
        said_on=arriving.said_on,
        channel=submission.channel,
        sealed=(sealed.key_id, sealed.box) if sealed else None,
    )
