"""A Maildir: one file a letter, and a move is a rename, so that no letter is ever half put away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from mailbox import Maildir
from pathlib import Path

from tracker.errors import MailboxError
from tracker.ingest.mailbox import ASIDE, BYTES_READ, READ, RawLetter

_ARRIVED = ("new", "cur")


@dataclass(frozen=True)
class OpenMaildir:
    """A Maildir with the two folders that letters are put away into."""

    root: Path

    def letters(self, at_most: int) -> Iterator[RawLetter]:
        """Give the letters that wait, oldest first: names of a Maildir begin with the time."""
        found = [path for part in _ARRIVED for path in (self.root / part).iterdir() if path.is_file()]
        for path in sorted(found, key=lambda path: path.name)[:at_most]:
            try:
                with path.open("rb") as file:
                    head = file.read(BYTES_READ)
            except OSError:
                continue  # put away by another reader, or not ours to read: the others go on
            yield RawLetter(f"{path.parent.name}/{path.name}", head)

    def put_away(self, letter: RawLetter, folder: str) -> None:
        """Move a letter into a folder."""
        path = self.root / letter.key
        try:
            path.rename(self.root / f".{folder}" / "cur" / path.name)
        except FileNotFoundError:
            return
        except OSError as error:
            raise MailboxError(
                f"A letter could not be moved inside the mailbox ({type(error).__name__}). "
                "Let the program write to the folder of TRACKER_MAILBOX_URL."
            ) from None


@contextmanager
def opened_maildir(root: Path) -> Iterator[OpenMaildir]:
    """Open a Maildir and make the folders in it that are missing.

    Raises:
        MailboxError: there is none at this path, or it cannot be written to.
    """
    if not all((root / part).is_dir() for part in _ARRIVED):
        raise MailboxError(
            "There is no Maildir where TRACKER_MAILBOX_URL says: it needs the folders new and cur."
        )
    try:
        for folder in (READ, ASIDE):
            Maildir(root, create=False).add_folder(folder)
    except OSError as error:
        raise MailboxError(
            f"The Maildir of TRACKER_MAILBOX_URL cannot be written to ({type(error).__name__}). "
            "Let the program write to it: letters that were read are moved into a folder of their own."
        ) from None
    yield OpenMaildir(root)
