"""Forgets what has run out: spent sign-ins, old job runs, contacts of reporters, words of reports and replies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from sqlalchemy import delete, or_, select

from tracker.domain.reading import Part
from tracker.domain.words import Hidden, ItemKind
from tracker.store.session import SystemSession
from tracker.store.tables import (
    History,
    Item,
    ItemContent,
    ItemSketch,
    ItemVersion,
    JobRun,
    KeptForm,
    OtherMail,
    SealedIdentity,
    SignIn,
    SignInLink,
)
from tracker.store.writes.log import Change, Label, record
from tracker.store.writes.mail_replies import erase_words
from tracker.store.writes.polls import HEALTH
from tracker.store.writes.stories import erase_sketches

_AT_ONCE = 500


@dataclass(frozen=True)
class Retention:
    """How long things are kept, from config/retention.yaml."""

    sign_ins: timedelta
    job_runs: timedelta
    contacts: timedelta
    report_words: timedelta
    source_health: timedelta
    sketches: timedelta
    kept_forms: timedelta
    reply_words: timedelta
    other_mail: timedelta

    @classmethod
    def read(cls, content: Mapping[str, object]) -> Self:
        """Read the periods.

        Raises:
            ConfigError: one is missing or no duration; names the key.
        """
        part = Part.whole("config/retention.yaml", content)
        return cls(**{name: part.duration(name) for name in cls.__dataclass_fields__})


def forget(work: SystemSession, keep: Retention) -> int:
    """Delete what is kept no longer, and erase the words of old reports (up to 500 a call); return how many rows.

    A report whose words are erased leaves its tombstone: codes, numbers and dates.
    """
    spent, old = work.now - keep.sign_ins, work.now - keep.job_runs
    gone = (
        delete(SignInLink).where(SignInLink.expires_at < spent).returning(SignInLink.secret_hash),
        delete(SignIn)
        .where(or_(SignIn.expires_at < spent, SignIn.ended_at < spent))
        .returning(SignIn.secret_hash),
        delete(JobRun).where(JobRun.finished_at < old).returning(JobRun.job),
        delete(SealedIdentity)
        .where(SealedIdentity.sealed_at < work.now - keep.contacts)
        .returning(SealedIdentity.item_id),
        delete(History)
        .where(
            History.subject == "source",
            History.deed.in_(HEALTH),
            History.learned_at < work.now - keep.source_health,
        )
        .returning(History.id),
        delete(ItemSketch)
        .where(ItemSketch.sketched_at < work.now - keep.sketches)
        .returning(ItemSketch.item_id),
        delete(KeptForm).where(KeptForm.kept_at < work.now - keep.kept_forms).returning(KeptForm.form),
        delete(OtherMail)
        .where(OtherMail.received_at < work.now - keep.other_mail)
        .returning(OtherMail.fingerprint),
    )
    erased = _erase(work, keep) + erase_words(work, work.now - keep.reply_words)
    return sum(len(work.execute(statement).all()) for statement in gone) + erased


def _erase(work: SystemSession, keep: Retention) -> int:
    """Erase words; whatever was hidden before stays hidden since then, and for that reason."""
    words = select(ItemContent.version_id).join(ItemVersion, ItemVersion.id == ItemContent.version_id)
    old = (
        select(Item)
        .where(
            Item.kind == ItemKind.REPORT,
            Item.fetched_at < work.now - keep.report_words,
            or_(Item.hidden_at.is_(None), words.where(ItemVersion.item_id == Item.id).exists()),
        )
        .order_by(Item.id)
        .limit(_AT_ONCE)
        .with_for_update(key_share=True, skip_locked=True)
    )
    items = work.scalars(old).all()
    versions = select(ItemVersion.id).where(ItemVersion.item_id.in_([item.id for item in items]))
    work.execute(delete(ItemContent).where(ItemContent.version_id.in_(versions)))
    erase_sketches(work, [item.id for item in items])
    for item in items:
        if item.hidden_at is None:
            item.hidden_at, item.hidden_because = work.now, Hidden.ERASED
        label = Label.of(item)
        record(work, Change(subject="item", subject_id=item.id, deed="erased", label=label))
    return len(items)
