"""What came to the mailbox and answers no delivery: counted; its words stay in the mailbox."""

from dashboards.components import marks
from dashboards.components.markup import table
from dashboards.session import Visit
from tracker.domain.wording import said
from tracker.domain.words import OtherMailKind
from tracker.ingest.mailbox import ASIDE
from tracker.store.writes.mail_replies import OtherMails

_WORDS = {
    OtherMailKind.ANSWERS_ANOTHER: "answers another mail of ours ({})",
    OtherMailKind.ANSWERS_NONE: "answers no mail of ours",
    OtherMailKind.AUTOMATIC: "bounces, absences, lists",
    OtherMailKind.UNREADABLE: "could not be read",
}


def draw_other_mail(here: Visit, found: list[OtherMails]) -> None:
    """Draw how many came of which kind, or why none can."""
    marks.title("What else came to the mailbox")
    if here.settings.mailbox_url is None:
        marks.note("No mailbox is named (TRACKER_MAILBOX_URL), so nobody reads replies to our mails.")
    elif not found:
        marks.note("Nothing but answers to briefs. Other mail would be counted here.")
    else:
        marks.show(
            table((_words(each), each.count, marks.instant(each.newest_at, here.now)) for each in found)
        )
        marks.note(f"To read it, open the folder {ASIDE} of the mailbox.")


def _words(each: OtherMails) -> str:
    return _WORDS[each.kind].format(said(each.answers or "mail"))
