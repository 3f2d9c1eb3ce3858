"""The choices of the report form in words that a ten-year-old reads: no "alert", no "type" (domain.md 5.2)."""

from tracker.domain.words import HowReporterKnows, ReportKind, ReportWhen, Tlp

KINDS = {
    ReportKind.FIGHT: "A fight or an attack",
    ReportKind.THREAT: "A threat or words of hate",
    ReportKind.RUMOUR: "A rumour",
    ReportKind.PEOPLE_LEAVING: "People are leaving",
    ReportKind.ARREST_OR_CLOSURE: "An arrest, a closure, a curfew",
    ReportKind.WEAPONS: "Weapons or an armed group",
    ReportKind.SCHOOL_OR_MARKET_SHUT: "A school or market is shut",
    ReportKind.GOOD_NEWS: "Good news",
}
WHENS = {
    ReportWhen.NOW: "It is happening now",
    ReportWhen.TODAY: "Today",
    ReportWhen.THIS_WEEK: "This week",
    ReportWhen.EXPECTED: "It has not happened yet, but it may",
    ReportWhen.EARLIER: "Earlier",
}
HOW_KNOWN = {
    HowReporterKnows.SAW_IT: "I saw it myself",
    HowReporterKnows.TOLD_BY_WITNESS: "Somebody who saw it told me",
    HowReporterKnows.HEARD_MANY_SAY: "I heard many people say it",
    HowReporterKnows.MEDIA_OR_MESSAGE: "From radio, a newspaper or a phone message",
}
READERS = {
    Tlp.RED: "Only the coordinators",
    Tlp.AMBER_STRICT: "Only the people of the platform who work on reports",
    Tlp.AMBER: "Also those they ask for help, if they need to know",
    Tlp.GREEN: "All member organisations",
    Tlp.CLEAR: "Anybody",
}
PERMISSIONS = {
    "may_contact": "May we contact you about this?",
    "may_share_un": "May we tell the United Nations what happened?",
    "may_share_authorities": "May we tell the authorities of the country, such as the police?",
}
