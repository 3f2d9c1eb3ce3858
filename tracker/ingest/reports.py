"""Field reports: taken in once, answered with a receipt code, withdrawn by whoever holds the code.

A report is an item with an empty title: its words stand once, in its text, so that nothing is counted or
kept twice; lists show the beginning of the text where there is no title.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tracker.access.sealing import Sealed, seal
from tracker.domain.wording import gettext_noop
from tracker.domain.words import Reliability, SourceKind
from tracker.errors import NotFoundError, SubmissionError
from tracker.ingest.documents import digest
from tracker.ingest.receipts import code_hash, new_code
from tracker.ingest.submission import DEFAULT_TLP, Submission, SubmissionErrors
from tracker.store import Store, SystemSession
from tracker.store.writes.people import host_org, newest_public_key, viewer
from tracker.store.writes.reports import (
    NewReport,
    StoredReceipt,
    earlier_report,
    find_receipt,
    store_report,
    withdraw_report,
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


class ReceiptStatus(StrEnum):
    """How far a report has come, as its sender is told."""

    RECEIVED = "received"
    READ = "read"
    PART_OF_AN_ALERT = "part_of_an_alert"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Received:
    """A report that was taken in. `code` is shown once; None where it had arrived before.

    `conflict`: it is kept beside another one under the same `client_id`, until a person settles which holds.
    """

    code: str | None
    item_id: str
    already_received: bool = False
    conflict: bool = False


@dataclass(frozen=True)
class ReceiptView:
    """What the sender of a report is shown; times in UTC."""

    status: ReceiptStatus
    received_at: datetime
    lang: str
    reply: str | None = None
    replied_at: datetime | None = None


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
    with store.acting(f"source:{source.id}", "submit report", now) as work:
        lock_sources(work, [source.id])
        received = _take_in(work, source, arriving)
    if not received.already_received:
        _log.info("Source %s: a report was received", source.id)
    return received


def submit_rows(
    store: Store, source: PolledSource, submissions: Sequence[Submission], now: datetime
) -> list[Received | SubmissionErrors]:
    """Take in reports of a table in one transaction, each once: by its `client_id`, else by all that it says.

    A report that tells of an earlier day counts on that day, so that a table of the past raises no alarm today.

    Returns:
        For each report, in order, what `submit` returns or raises.
    """
    answers: list[Received | SubmissionErrors] = []
    with store.acting(f"source:{source.id}", "import reports", now) as work:
        lock_sources(work, [source.id])
        for submission in submissions:
            day = submission.happened_on
            past = day if day and day < now.date() else None
            arriving = _Arriving(submission, keep_conflict=True, by_content=True, said_on=past)
            try:
                answers.append(_take_in(work, source, arriving))
            except SubmissionErrors as error:
                answers.append(error)
    _log.info("Source %s: %d rows of a table were read", source.id, len(submissions))
    return answers


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
    def client(self) -> str | None:
        """The digest of what it is known by."""
        if self.submission.client_id:
            return digest(self.submission.client_id)
        return digest("row", self.words) if self.by_content else None


def _take_in(work: SystemSession, source: PolledSource, arriving: _Arriving) -> Received:
    """Store a report unless it is there; whatever is wrong is raised before anything is written."""
    sealed = _sealed(work, arriving.submission)
    client, conflicts_with = arriving.client, None
    earlier = earlier_report(work, source.id, client) if client else None
    if earlier is not None and earlier.digest == arriving.words:
        return Received(None, earlier.item_id, already_received=True)
    if client is not None and earlier is not None:
        if not arriving.keep_conflict:
            problem = gettext_noop("It was used for another report.")
            raise SubmissionErrors([SubmissionError("client_id", problem)])
        client, conflicts_with = digest(client, arriving.words), earlier.item_id
        again = earlier_report(work, source.id, client)
        if again is not None:
            return Received(None, again.item_id, already_received=True, conflict=True)
    code = new_code()
    new = _new_report(source, arriving, sealed, code_hash(code))
    item_id = store_report(work, replace(new, client_digest=client, conflicts_with=conflicts_with))
    return Received(code, item_id, conflict=conflicts_with is not None)


def receipt(store: Store, code: str, now: datetime) -> ReceiptView:
    """Return what became of a report.

    Raises:
        NotFoundError: no report has this code.
    """
    with store.looking("receipt", now) as work:
        return _view(_found(work, code))


def withdraw(store: Store, code: str, now: datetime) -> ReceiptView:
    """Hide a report at once and erase its words and its sender; every signal that rests on it is hidden too.

    A second time changes nothing.

    Raises:
        NotFoundError: no report has this code.
    """
    with store.looking("receipt", now) as work:
        found = _found(work, code)
    if not found.withdrawn:
        with store.acting(f"source:{found.source_id}", "withdraw report", now) as work:
            withdraw_report(work, found.item_id)
        _log.info("Source %s: a report was withdrawn", found.source_id)
    return receipt(store, code, now)


def _found(work: SystemSession, code: str) -> StoredReceipt:
    found = find_receipt(work, code_hash(code))
    if found is None:
        raise NotFoundError("report", "with this code")
    return found


def _view(found: StoredReceipt) -> ReceiptView:
    return ReceiptView(_status(found), found.received_at, found.lang, found.reply, found.replied_at)


def _status(found: StoredReceipt) -> ReceiptStatus:
    if found.withdrawn:
        return ReceiptStatus.WITHDRAWN
    if found.in_alert:
        return ReceiptStatus.PART_OF_AN_ALERT
    return ReceiptStatus.READ if found.triaged or found.reply else ReceiptStatus.RECEIVED


def _sealed(work: SystemSession, submission: Submission) -> Sealed | None:
    named = [name for name in ("reporter_name", "reporter_contact") if getattr(submission, name)]
    if not named:
        return None
    key = newest_public_key(work)
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


def _new_report(source: PolledSource, arriving: _Arriving, sealed: Sealed | None, code: str) -> NewReport:
    submission = arriving.submission
    return NewReport(
        source_id=source.id,
        org_id=source.org_id,
        tlp=submission.tlp,
        country=submission.country,
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
