"""Opening the mailbox that the settings name, and saying what keeps it from being read."""

from contextlib import AbstractContextManager
from pathlib import Path

from tracker.errors import ConfigError, MailboxError
from tracker.ingest.imap import opened_imap
from tracker.ingest.mailbox import Mailbox, MailboxPlace
from tracker.ingest.maildir import opened_maildir
from tracker.settings import Settings


def open_mailbox(place: MailboxPlace) -> AbstractContextManager[Mailbox]:
    """Open a mailbox.

    Raises:
        MailboxError: it cannot be opened; says what to look at.
    """
    return opened_maildir(Path(place.folder)) if place.kind == "maildir" else opened_imap(place)


def mailbox_fault(settings: Settings) -> str | None:
    """Open the mailbox and leave it; return what is wrong with it and how to mend that, None where nothing is."""
    try:
        place = MailboxPlace.of(settings)
        if place is not None:
            with open_mailbox(place):
                pass
    except (ConfigError, MailboxError) as error:
        return str(error)
    return None
