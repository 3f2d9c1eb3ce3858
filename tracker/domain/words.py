"""The words of the house as closed lists. Open vocabularies (categories, action kinds, reasons) live in config/.

One word per thing, in code, tables, pages and mails alike; glossary.md lists them and a test compares.
"""

from enum import StrEnum


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0 (FIRST, 2022), loosest first."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER+STRICT"
    RED = "RED"


class Level(StrEnum):
    """How urgent a signal or an alert is."""

    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Role(StrEnum):
    """What a person is here to do."""

    PARTNER = "partner"
    OFFICER = "officer"
    MEMBER_STATE = "member_state"
    ANALYST = "analyst"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


class Reliability(StrEnum):
    """Admiralty grade of a source. F is "cannot be judged", not "bad"."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Credibility(StrEnum):
    """Admiralty grade of information, 1 confirmed to 6 cannot be judged."""

    CONFIRMED = "1"
    PROBABLY_TRUE = "2"
    POSSIBLY_TRUE = "3"
    DOUBTFUL = "4"
    IMPROBABLE = "5"
    CANNOT_BE_JUDGED = "6"


class SourceKind(StrEnum):
    """Where a source's items come in."""

    FEED = "feed"
    PARTNER = "partner"
    FORM = "form"


class SourceState(StrEnum):
    """Whether a source is polled, and how that goes."""

    ACTIVE = "active"
    FAILING = "failing"
    DISABLED = "disabled"


class Trouble(StrEnum):
    """What keeps a source from being read; says what to do about it."""

    NAME_UNKNOWN = "name_unknown"
    ADDRESS_REFUSED = "address_refused"
    NO_CONNECTION = "no_connection"
    CERTIFICATE = "certificate"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    NOT_LET_IN = "not_let_in"
    MISSING = "missing"
    GONE = "gone"
    TOO_OFTEN = "too_often"
    SERVER_FAULT = "server_fault"
    NOT_A_FEED = "not_a_feed"
    OUR_FAULT = "our_fault"


class ItemKind(StrEnum):
    """A news entry or a field report."""

    NEWS = "news"
    REPORT = "report"


class KeyKind(StrEnum):
    """What an item is recognised by."""

    GUID = "guid"
    LINK = "link"
    CONTENT = "content"


class DateOrigin(StrEnum):
    """Where an item's used date comes from."""

    CLAIMED = "claimed"
    GUESSED = "guessed"
    FIRST_SEEN = "first_seen"


class DatePrecision(StrEnum):
    """How fine an item's date is."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    UNKNOWN = "unknown"


class Hidden(StrEnum):
    """Why a row is no longer shown to anyone."""

    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    SUPERSEDED = "superseded"


class Subject(StrEnum):
    """What a signal speaks of."""

    WEEK = "week"
    ITEM = "item"
    STORY = "story"
    HAND = "hand"


class InboxState(StrEnum):
    """What became of a signal in the inbox."""

    WAITING = "waiting"
    SNOOZED = "snoozed"
    PROMOTED = "promoted"
    ATTACHED = "attached"
    DISMISSED = "dismissed"


class AlertState(StrEnum):
    """The alert's small life."""

    NEW = "new"
    ASSESSING = "assessing"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    MERGED = "merged"


class Verification(StrEnum):
    """What is known about whether the alert is true; an attribute, never a gate."""

    UNVERIFIED = "unverified"
    DISPUTED = "disputed"
    VERIFIED = "verified"
    REFUTED = "refuted"
    UNVERIFIABLE = "unverifiable"


class BriefState(StrEnum):
    """A draft may be edited; a frozen version was delivered."""

    DRAFT = "draft"
    FROZEN = "frozen"


class Likelihood(StrEnum):
    """Fixed words of outlook in a brief."""

    REMOTE = "remote"
    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"
    ALMOST_CERTAIN = "almost certain"


class Confidence(StrEnum):
    """Fixed words for how far a brief trusts its own judgement."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Answer(StrEnum):
    """A recipient's answer to a delivered brief."""

    RECEIVED = "received"
    ACT = "act"
    WATCH = "watch"
    NOT_ACTING_NOW = "not_acting_now"
    NOT_FOR_ME = "not_for_me"


class DecisionKind(StrEnum):
    """What a decision-maker decided."""

    ACT = "act"
    WATCH = "watch"
    NOT_ACTING_NOW = "not_acting_now"


class HowKnown(StrEnum):
    """How we know of a decision, an answer or an outcome."""

    IN_THE_TOOL = "in_the_tool"
    BY_MAIL = "by_mail"
    TOLD_IN_A_CALL = "told_in_a_call"
    TOLD_IN_A_MEETING = "told_in_a_meeting"
    INFERRED = "inferred"


class ActionStatus(StrEnum):
    """Where an action stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    UNDER_WAY = "under_way"
    DONE = "done"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"


class OutcomeResult(StrEnum):
    """What came of an action."""

    PREVENTED_CLAIMED = "prevented_claimed"
    EASED = "eased"
    NO_CHANGE = "no_change"
    WORSE = "worse"
    NOT_KNOWN = "not_known"


class MilestoneKind(StrEnum):
    """The dated facts of a chain, in the order in which a page shows them."""

    EMERGED = "emerged"
    REPORTED = "reported"
    DETECTED = "detected"
    ALERTED = "alerted"
    VERIFIED = "verified"
    DELIVERED = "delivered"
    DECIDED = "decided"
    FIRST_RESPONSE = "first_response"
    OUTCOME = "outcome"


class OutboxState(StrEnum):
    """Where something that must leave the house stands."""

    QUEUED = "queued"
    IN_FLIGHT = "in_flight"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"


class OutboxKind(StrEnum):
    """What leaves the house."""

    DELIVERY = "delivery"
    DIGEST = "digest"
    NOTICE = "notice"
    SOURCE_OFF = "source_off"
    DIGEST_DRAFT = "digest_draft"
    DIGEST_WAITS = "digest_waits"


class EditKind(StrEnum):
    """What an editor did to a week's digest."""

    LEAD = "lead"
    PINNED = "pinned"
    DROPPED = "dropped"
    CLEARED = "cleared"


class Occasion(StrEnum):
    """What somebody is told of; all but `opened` have a deadline."""

    OPENED = "opened"
    TRIAGE = "triage"
    VERIFY = "verify"
    DECIDE = "decide"
    RESPOND = "respond"
    REVIEW = "review"
    ACTION = "action"


class Stage(StrEnum):
    """When somebody is told, by the deadline: some time before, when it is there, when it went by unheeded."""

    SOON = "soon"
    DUE = "due"
    ESCALATED = "escalated"


class ChannelState(StrEnum):
    """How a person's channel does: nothing was sent yet, the last notice was taken, or it was not."""

    NEW = "new"
    WORKING = "working"
    FAILING = "failing"


class MailReplyState(StrEnum):
    """What became of an answer by mail."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    SET_ASIDE = "set_aside"


class OtherMailKind(StrEnum):
    """What a mail to our mailbox is that answers no delivery."""

    ANSWERS_ANOTHER = "answers_another"
    ANSWERS_NONE = "answers_none"
    AUTOMATIC = "automatic"
    UNREADABLE = "unreadable"


class RunState(StrEnum):
    """What became of one firing of a job."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class HowReporterKnows(StrEnum):
    """Question four of the field report (domain.md 5.1)."""

    SAW_IT = "saw_it"
    TOLD_BY_WITNESS = "told_by_witness"
    HEARD_MANY_SAY = "heard_many_say"
    MEDIA_OR_MESSAGE = "media_or_message"


class ReportKind(StrEnum):
    """Question one of the field report: eight pictures (domain.md 5.1)."""

    FIGHT = "fight"
    THREAT = "threat"
    RUMOUR = "rumour"
    PEOPLE_LEAVING = "people_leaving"
    ARREST_OR_CLOSURE = "arrest_or_closure"
    WEAPONS = "weapons"
    SCHOOL_OR_MARKET_SHUT = "school_or_market_shut"
    GOOD_NEWS = "good_news"


class ReportWhen(StrEnum):
    """Question three of the field report."""

    NOW = "now"
    TODAY = "today"
    THIS_WEEK = "this_week"
    EXPECTED = "expected"
    EARLIER = "earlier"
