"""The open lists people choose from, of config/vocabulary.yaml: kinds of action, reasons, how a report came."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tracker.domain.reading import Part
from tracker.errors import SubmissionError

NOT_ACTING = "reasons_not_to_act"
SIGNAL_DISMISSAL = "signal_dismissals"
ALERT_DISMISSAL = "alert_dismissals"
CLOSING = "closing_reasons"
CHANNELS = "report_channels"
SETTING_ASIDE = "mail_replies_set_aside"
_LISTS = (NOT_ACTING, SIGNAL_DISMISSAL, ALERT_DISMISSAL, CLOSING, CHANNELS, SETTING_ASIDE)


@dataclass(frozen=True)
class ActionKind:
    """A kind of action. One that is not a response (verify, monitor, feed back) never counts as acting."""

    code: str
    name: str
    is_response: bool


@dataclass(frozen=True)
class Vocabulary:
    """Kinds of action, and for each other list its codes with their names, in the order of the file."""

    action_kinds: Mapping[str, ActionKind]
    reasons: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, content: object, file: str = "config/vocabulary.yaml") -> Self:
        """Read the lists from the content of their file.

        Raises:
            ConfigError: a key is missing or wrong; names file and key.
        """
        part = Part.whole(file, content)
        kinds = [
            ActionKind(kind.text("code"), kind.text("name"), kind.yes("response"))
            for kind in part.parts("action_kinds")
        ]
        reasons = {
            name: {entry.text("code"): entry.text("name") for entry in part.parts(name)} for name in _LISTS
        }
        return cls({kind.code: kind for kind in kinds}, reasons)

    def check_reason(self, of: str, code: str) -> None:
        """Make sure that a reason is on its list.

        Raises:
            SubmissionError: it is not; names those that are.
        """
        self.check(of, "reason", code)

    def check(self, of: str, field: str, code: str) -> None:
        """Make sure that what a field says is on a list.

        Raises:
            SubmissionError: it is not; names those that are.
        """
        if code not in self.reasons[of]:
            raise SubmissionError(field, f"Choose one of: {', '.join(self.reasons[of])}.")

    def check_action_kind(self, code: str) -> None:
        """Make sure that a kind of action is known.

        Raises:
            SubmissionError: it is not; names those that are.
        """
        if code not in self.action_kinds:
            raise SubmissionError("kind", f"Choose one of: {', '.join(self.action_kinds)}.")

    @property
    def responses(self) -> frozenset[str]:
        """The codes of the kinds of action that are a response to the warning."""
        return frozenset(code for code, kind in self.action_kinds.items() if kind.is_response)

    def is_response(self, kind: str) -> bool:
        """Return whether starting an action of this kind is a response to the warning."""
        return kind in self.action_kinds and self.action_kinds[kind].is_response

    def reason_name(self, code: str | None) -> str | None:
        """Return the words for a reason of any list; the code itself where it is on none any more."""
        if code is None:
            return None
        return next((names[code] for names in self.reasons.values() if code in names), code)
