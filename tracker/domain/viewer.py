"""Who is looking. Every read belongs to one viewer; the predicate in store/visibility.py is made from it."""

from dataclasses import dataclass

from tracker.domain.words import Role, Tlp

DEFAULT_CLEARANCE = {
    Role.MEMBER_STATE: Tlp.GREEN,
    Role.OFFICER: Tlp.AMBER,
    Role.PARTNER: Tlp.AMBER_STRICT,
    Role.ANALYST: Tlp.AMBER_STRICT,
    Role.ADMIN: Tlp.AMBER_STRICT,
    Role.COORDINATOR: Tlp.RED,
}
"""Clearance unless told otherwise (design.md, "Who holds, who enters")."""

INSIDE = frozenset({Role.ANALYST, Role.COORDINATOR, Role.ADMIN})
"""Roles inside the Platform: they work on the dashboard and get unapproved digests."""


@dataclass(frozen=True)
class Viewer:
    """One person as the predicate sees them.

    Attributes:
        user_id: the user's ULID; grants are looked up by it.
        org_id: the organisation whose AMBER+STRICT rows they may see.
        scope: ISO 3166-1 alpha-3 codes they are limited to; None for all countries.
        own_country: the State a member_state speaks for; release lines about it stay hidden from them.
    """

    user_id: str
    name: str
    role: Role
    clearance: Tlp
    org_id: str
    scope: frozenset[str] | None = None
    own_country: str | None = None

    @property
    def inside(self) -> bool:
        """Whether they work inside the Platform (analyst, coordinator, admin)."""
        return self.role in INSIDE

    @property
    def actor(self) -> str:
        """The name under which their deeds stand in history and audit."""
        return f"user:{self.user_id}"
