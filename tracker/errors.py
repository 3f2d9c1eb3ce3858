"""Errors a person can act on. Everything else is a bug and is left to surface as one.

TrackerError
├─ ConfigError            a bad file or environment: names the file, the key, what is allowed
├─ SourceError            .source_id        ├─ FetchError .retry_at      └─ ParseError
├─ SubmissionError        .field, .problem  the sender can mend it
├─ NotFoundError          .kind, .id        absent, or not for this viewer: the two are not told apart
├─ NotAllowedError        signed in, but this is not theirs to do
├─ TransitionError        .allowed          a move that the present state does not allow
├─ StaleError             somebody else was faster; says what they did
├─ StoreError             the database said no
│  └─ NewerDatabaseError  the database was upgraded by a later program
├─ GuardError             a statement that could slip past the visibility predicate
└─ DeliveryError          .recoverable      a mail could not be handed over
"""

from collections.abc import Sequence
from datetime import datetime


class TrackerError(Exception):
    """Root of all errors whose message is written for a person."""


class ConfigError(TrackerError):
    """A file or an environment variable that the program cannot start with."""


class SourceError(TrackerError):
    """Something about one source; the others go on."""

    def __init__(self, message: str, source_id: str | None = None) -> None:
        super().__init__(message)
        self.source_id = source_id


class FetchError(SourceError):
    """An address that gave nothing we may use. `retry_at` (UTC) when the server named a time."""

    def __init__(
        self, message: str, source_id: str | None = None, *, retry_at: datetime | None = None
    ) -> None:
        super().__init__(message, source_id)
        self.retry_at = retry_at


class ParseError(SourceError):
    """A body that is not a feed, or not one we can read."""


class SubmissionError(TrackerError):
    """A field that its sender can mend: `field` is its name, `problem` a sentence."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class NotFoundError(TrackerError):
    """There is no such thing for this viewer. Does not say whether it exists for others."""

    def __init__(self, kind: str, id_: str) -> None:
        super().__init__(f"There is no {kind} {id_} that you may see.")
        self.kind = kind
        self.id = id_


class NotAllowedError(TrackerError):
    """Signed in, but this deed is not for this role."""


class TransitionError(TrackerError):
    """A move that the present state does not allow; `allowed` names the moves that are."""

    def __init__(self, message: str, allowed: Sequence[str] = ()) -> None:
        moves = ", ".join(allowed)
        super().__init__(f"{message} Allowed now: {moves}." if moves else message)
        self.allowed = tuple(allowed)


class StaleError(TrackerError):
    """The row was changed by somebody else since the page was shown."""


class StoreError(TrackerError):
    """The database refused: out of space, locked, unreachable. Chained to the driver's error."""


class NewerDatabaseError(StoreError):
    """The database was upgraded by a program later than this one."""


class GuardError(TrackerError):
    """A statement on a viewer's session that the visibility predicate could not reach."""


class DeliveryError(TrackerError):
    """A mail that the server did not take. `recoverable` is False where trying again is useless."""

    def __init__(self, message: str, *, recoverable: bool) -> None:
        super().__init__(message)
        self.recoverable = recoverable


class NaiveTimeError(ValueError):
    """A time without a zone where the program needs an instant."""
