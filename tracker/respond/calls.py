"""What a partner said by phone or messenger, written down by an analyst: a field report of that partner's.

The source is named by a code that the desk gave it, never by a person's name. Neither history nor audit says who
wrote it down: whoever knows which analyst spoke to whom could find out who reported (design.md, rule 2).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from tracker.access.permissions import Deed, require
from tracker.domain.viewer import Viewer
from tracker.domain.vocabulary import CHANNELS
from tracker.domain.words import Tlp
from tracker.errors import SubmissionError
from tracker.ingest.reports import Received, coded_source, submit
from tracker.ingest.submission import read_submission
from tracker.respond.policy import policy_in_force
from tracker.store import Store

_CODE = re.compile(r"([A-Z]{1,4})[ -]?(\d{1,4})")
_CONSENT = ("may_contact", "may_share_un", "may_share_authorities")


def log_call(store: Store, viewer: Viewer, said: Mapping[str, object], now: datetime) -> Received:
    """Take in what a partner said, in one transaction; whoever spoke to them reads the receipt code aloud.

    Args:
        store: the database.
        viewer: who writes it down.
        said: the fields of a report, and `source_code` such as K-12, `channel` of the vocabulary, and `read_aloud`:
            whether the three questions of consent were; without that each is no.
        now: aware UTC.

    Raises:
        NotAllowedError: not theirs to do.
        SubmissionError, SubmissionErrors: what is missing or wrong.
    """
    require(viewer, Deed.TRIAGE)
    channel = str(said.get("channel") or "")
    policy_in_force(store, now).vocabulary.check(CHANNELS, "channel", channel)
    if not said.get("read_aloud") and any(said.get(name) for name in _CONSENT):
        raise SubmissionError("read_aloud", "A yes counts only where the question was read aloud.")
    submission = replace(read_submission(said), channel=channel)
    if submission.tlp is Tlp.RED and viewer.clearance is not Tlp.RED:
        raise SubmissionError("tlp", "A RED call is written down by a coordinator.")
    source = coded_source(store, _code(str(said.get("source_code") or "")), now)
    return submit(store, source, submission, now)


def _code(said: str) -> str:
    """Return a source's code as it is written everywhere: K-12."""
    found = _CODE.fullmatch(said.strip().upper())
    if found is None:
        raise SubmissionError(
            "source_code", "Write the code of the source, letters then digits, such as K-12; never a name."
        )
    return f"{found[1]}-{int(found[2])}"
