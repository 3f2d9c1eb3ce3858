"""Errors a person can act on. Everything else is a bug and is left to surface as one.

TrackerError
├─ ConfigError            a bad file or environment: names the file, the key, what is allowed
├─ SubmissionError        .field, .problem  the sender can mend it; `said_by` says it in their language
├─ NotFoundError          .kind, .id        absent, or not for this viewer: the two are not told apart
├─ NotAllowedError        signed in, but this is not theirs to do
├─ TransitionError        .allowed          a move that the present state does not allow
├─ StaleError             somebody else was faster; says what they did
├─ StoreError             .detail           the database said no
│  ├─ NewerDatabaseError  the database was upgraded by a later program
│  ├─ BusyError           other work stood in the way: the same may be tried again
│  └─ NotTakenError       a value that it cannot keep: another may be taken
├─ GuardError             a statement that could slip past the visibility predicate
├─ DeliveryError          .recoverable      a mail could not be handed over
└─ MailboxError           the mailbox could not be read: says how to mend it

`describe` says what a bug was without its message, which may hold a report's words.
"""

from collections.abc import Callable, Sequence
from traceback import extract_tb

_MOST_KINDS, _MOST_PLACES = 5, 6


class TrackerError(Exception):
    """Root of all errors whose message is written for a person."""


class ConfigError(TrackerError):
    """A file or an environment variable that the program cannot start with."""


class SubmissionError(TrackerError):
    """A field that its sender can mend: `field` is its name, `problem` a sentence.

    With `values` the sentence given has places for them, such as `%(most)d`.
    """

    def __init__(self, field: str, problem: str, **values: object) -> None:
        self.field = field
        self._message, self._values = problem, values
        self.problem = self.said_by(str)
        super().__init__(f"{field}: {self.problem}")

    def said_by(self, translated: Callable[[str], str]) -> str:
        """Return the problem as a function from English to another language says it."""
        sentence = translated(self._message)
        return sentence % self._values if self._values else sentence


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
    """The database refused: out of space, locked, unreachable. Chained to the driver's error.

    The message is fit for everybody. `detail` (a code, or where nothing listens) is for the operator's eyes:
    never a value of a row, never a password.
    """

    def __init__(self, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.detail = detail


class NewerDatabaseError(StoreError):
    """The database was upgraded by a program later than this one."""


class BusyError(StoreError):
    """Other work stood in the way; the same transaction may be tried again from its beginning."""


class NotTakenError(StoreError):
    """The database works, but does not take this: a value that it cannot keep, or a statement."""


class GuardError(TrackerError):
    """A statement on a viewer's session that the visibility predicate could not reach."""


class DeliveryError(TrackerError):
    """A mail that the server did not take. `recoverable` is False where trying again is useless."""

    def __init__(self, message: str, *, recoverable: bool) -> None:
        super().__init__(message)
        self.recoverable = recoverable


class MailboxError(TrackerError):
    """The mailbox could not be read. Never holds its address, its password or a word of a mail."""


class NaiveTimeError(ValueError):
    """A time without a zone where the program needs an instant."""


def kinds_of(error: BaseException) -> str:
    """Return of which kinds an error and its causes are, without any message."""
    kinds, cause = [type(error).__name__], error.__cause__ or error.__context__
    while cause is not None and len(kinds) < _MOST_KINDS:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return " from ".join(kinds)


def describe(error: BaseException) -> str:
    """Say of which kinds an error is and where it arose, without its message: that may hold a report's words."""
    places = [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in extract_tb(error.__traceback__)]
    return f"{kinds_of(error)} in {' < '.join(reversed(places[-_MOST_PLACES:]))}"
