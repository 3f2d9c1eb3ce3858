"""Who takes briefs and decides on them: officers and coordinators, each up to their clearance."""

from tracker.domain.labels import tlp_rank
from tracker.domain.viewer import Viewer
from tracker.domain.words import Role, Tlp
from tracker.errors import SubmissionError
from tracker.store import SystemSession
from tracker.store.writes import people

TAKE_BRIEFS = frozenset({Role.OFFICER, Role.COORDINATOR})


def find_recipient(work: SystemSession, email: str, tlp: Tlp, *, field: str, what: str) -> Viewer:
    """Return the person of an address who may be given something of this label.

    Args:
        work: the session of the use case.
        email: their address, in any case of letters.
        tlp: the label of what they are given.
        field: the field that a refusal stands beside.
        what: what they are given, such as "brief".

    Raises:
        SubmissionError: nobody of this address, one who takes no briefs, or one who is not cleared so far.
    """
    user_id = people.find_user(work, email.strip().lower())
    person = people.viewer(work, user_id) if user_id else None
    if person is None:
        raise SubmissionError(field, "Nobody here has this address.")
    if person.role not in TAKE_BRIEFS:
        role = person.role.replace("_", " ")
        raise SubmissionError(field, f"{person.name} is a {role}; briefs go to officers.")
    if tlp_rank(tlp) > tlp_rank(person.clearance):
        raise SubmissionError(
            field, f"{person.name} is cleared up to TLP:{person.clearance}; this {what} is TLP:{tlp}."
        )
    return person
