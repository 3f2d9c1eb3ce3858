"""Which role may do what. Seeing is another matter: that is the predicate's (store/visibility.py)."""

from enum import StrEnum

from tracker.domain.viewer import Viewer
from tracker.domain.words import Role
from tracker.errors import NotAllowedError


class Deed(StrEnum):
    """What a role may or may not do; the value completes "You may not …"."""

    SUBMIT = "submit a field report"
    TRIAGE = "triage signals"
    WORK = "work on alerts"
    ANSWER = "answer a brief"
    RELEASE = "approve a release line"
    EDIT_DIGEST = "edit the digest"
    APPROVE_DIGEST = "approve the digest"
    SET_DUTY = "set who is on duty"
    SOURCES = "change sources"
    ADMINISTER = "administer the program"
    SEE_ITEMS = "read items through the API"
    SEE_ALERTS = "read alerts, signals and actions through the API"


_MAY: dict[Role, frozenset[Deed]] = {
    Role.PARTNER: frozenset({Deed.SUBMIT}),
    Role.MEMBER_STATE: frozenset(),
    Role.OFFICER: frozenset({Deed.ANSWER, Deed.SEE_ITEMS, Deed.SEE_ALERTS}),
    Role.ANALYST: frozenset(
        {
            Deed.SUBMIT,
            Deed.TRIAGE,
            Deed.WORK,
            Deed.RELEASE,
            Deed.EDIT_DIGEST,
            Deed.SEE_ITEMS,
            Deed.SEE_ALERTS,
        }
    ),
    Role.COORDINATOR: frozenset(Deed),
    Role.ADMIN: frozenset({Deed.ADMINISTER, Deed.SOURCES, Deed.SEE_ITEMS, Deed.SEE_ALERTS}),
}


def may(viewer: Viewer, deed: Deed) -> bool:
    """Return whether this person's role allows the deed."""
    return deed in _MAY[viewer.role]


def require(viewer: Viewer, deed: Deed) -> None:
    """Let the deed pass.

    Raises:
        NotAllowedError: the role does not allow it.
    """
    if not may(viewer, deed):
        role = viewer.role.replace("_", " ")
        raise NotAllowedError(f"As {role} you may not {deed}. Ask your coordinator.")


def require_inside(viewer: Viewer, refusal: str) -> None:
    """Let those pass who work inside the Platform.

    Raises:
        NotAllowedError: this person does not; says the refusal.
    """
    if not viewer.inside:
        raise NotAllowedError(refusal)
