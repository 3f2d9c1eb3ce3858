"""Forgets what has run out: spent sign-in addresses, ended sign-ins, old job runs."""

from datetime import timedelta

from sqlalchemy import delete, or_

from tracker.store.session import SystemSession
from tracker.store.tables import JobRun, SignIn, SignInLink

KEEP_SPENT_FOR = timedelta(days=7)
KEEP_RUNS_FOR = timedelta(days=90)


def forget_spent(work: SystemSession) -> int:
    """Delete sign-in addresses and sign-ins that ran out a week ago, and job runs of three months ago."""
    spent, old = work.now - KEEP_SPENT_FOR, work.now - KEEP_RUNS_FOR
    forgotten = (
        delete(SignInLink).where(SignInLink.expires_at < spent).returning(SignInLink.secret_hash),
        delete(SignIn)
        .where(or_(SignIn.expires_at < spent, SignIn.ended_at < spent))
        .returning(SignIn.secret_hash),
        delete(JobRun).where(JobRun.finished_at < old).returning(JobRun.job),
    )
    return sum(len(work.execute(statement).all()) for statement in forgotten)
