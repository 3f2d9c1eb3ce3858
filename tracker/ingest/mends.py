"""What a person can do about a source that cannot be read, by the kind of trouble. Pure."""

from tracker.domain.words import Trouble

_MENDS = {
    Trouble.NAME_UNKNOWN: "Look for a typing error in its address; else find the new one on the publisher's site.",
    Trouble.ADDRESS_REFUSED: (
        "Its address leads inside a network that is not public. Correct it; where that is meant, the operator "
        "lets the network through with TRACKER_ALLOW_NETWORKS."
    ),
    Trouble.NO_CONNECTION: "Wait a day. If it stays so, open the site: it may be down, or keep us out.",
    Trouble.CERTIFICATE: "Tell the publisher that the certificate is not valid; we do not read past it.",
    Trouble.TOO_SLOW: "Wait a day. If it stays so, look for a shorter feed of the same publisher.",
    Trouble.TOO_LARGE: "Look for a shorter feed of the same publisher, or raise body_bytes in config/fetching.yaml.",
    Trouble.NOT_LET_IN: "Ask the publisher for access, or find the feed elsewhere; otherwise switch it off.",
    Trouble.MISSING: "Find the feed's new address on the publisher's site, add that, and switch this one off.",
    Trouble.GONE: "Find what took its place on the publisher's site and add that; this one stays off.",
    Trouble.TOO_OFTEN: "Nothing to do: its host is asked again when it wants to be.",
    Trouble.SERVER_FAULT: "Wait a day. If it stays so, tell the publisher.",
    Trouble.NOT_A_FEED: "Open the address: where it shows a page, find the feed's own address on it and add that.",
    Trouble.OUR_FAULT: "Report it to whoever looks after the tracker, with the reason given here.",
}


def mend(trouble: str | None) -> str:
    """Return what to do, in a sentence or two; `trouble` as it is stored, None where it is not known."""
    known = Trouble(trouble) if trouble in set(Trouble) else None
    return _MENDS[known] if known else "Open its address and see what is there."
