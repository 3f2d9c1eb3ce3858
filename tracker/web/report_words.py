"""The choices of the report form in words that a ten-year-old reads: no "alert", no "type" (domain.md 5.2)."""

from tracker.domain.wording import gettext_noop
from tracker.domain.words import HowReporterKnows, ReportKind, ReportWhen, Tlp

KINDS = {
    ReportKind.FIGHT: gettext_noop("A fight or an attack"),
    ReportKind.THREAT: gettext_noop("A threat or words of hate"),
    ReportKind.RUMOUR: gettext_noop("A rumour"),
    ReportKind.PEOPLE_LEAVING: gettext_noop("People are leaving"),
    ReportKind.ARREST_OR_CLOSURE: gettext_noop("An arrest, a closure, a curfew"),
    ReportKind.WEAPONS: gettext_noop("Weapons or an armed group"),
    ReportKind.SCHOOL_OR_MARKET_SHUT: gettext_noop("A school or market is shut"),
    ReportKind.GOOD_NEWS: gettext_noop("Good news"),
}
WHENS = {
    ReportWhen.NOW: gettext_noop("It is happening now"),
    ReportWhen.TODAY: gettext_noop("Today"),
    ReportWhen.THIS_WEEK: gettext_noop("This week"),
    ReportWhen.EXPECTED: gettext_noop("It has not happened yet, but it may"),
    ReportWhen.EARLIER: gettext_noop("Earlier"),
}
HOW_KNOWN = {
    HowReporterKnows.SAW_IT: gettext_noop("I saw it myself"),
    HowReporterKnows.TOLD_BY_WITNESS: gettext_noop("Somebody who saw it told me"),
    HowReporterKnows.HEARD_MANY_SAY: gettext_noop("I heard many people say it"),
    HowReporterKnows.MEDIA_OR_MESSAGE: gettext_noop("From radio, a newspaper or a phone message"),
}
READERS = {
    Tlp.RED: gettext_noop("Only the coordinators"),
    Tlp.AMBER_STRICT: gettext_noop("Only the people of the platform who work on reports"),
    Tlp.AMBER: gettext_noop("Also those they ask for help, if they need to know"),
    Tlp.GREEN: gettext_noop("All member organisations"),
    Tlp.CLEAR: gettext_noop("Anybody"),
}
PERMISSIONS = {
    "may_contact": gettext_noop("May we contact you about this?"),
    "may_share_un": gettext_noop("May we tell the United Nations what happened?"),
    "may_share_authorities": gettext_noop("May we tell the authorities of the country, such as the police?"),
}
