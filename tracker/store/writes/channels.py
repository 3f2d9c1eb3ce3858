"""A person's channels: kept with their address sealed, changed, given to the sender. Never logged or exported."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from tracker.domain.words import ChannelState, Level
from tracker.errors import NotFoundError
from tracker.store.columns import new_id
from tracker.store.session import SystemSession
from tracker.store.tables import Channel


@dataclass(frozen=True)
class ChannelRow:
    """A channel as its owner sees it: `shown` is its address with all that is secret masked."""

    id: str
    user_id: str
    shown: str
    from_level: Level
    state: ChannelState
    reason: str | None
    state_since: datetime


def channels_of(work: SystemSession, user_id: str) -> list[ChannelRow]:
    """Return a person's channels, the oldest first."""
    rows = select(Channel).where(Channel.user_id == user_id).order_by(Channel.id)
    return [_row(row) for row in work.scalars(rows)]


def address_of(work: SystemSession, channel_id: str, user_id: str) -> tuple[ChannelRow, bytes]:
    """Return a person's channel with its sealed address.

    Raises:
        NotFoundError: they have none such.
    """
    row = work.scalar(select(Channel).where(Channel.id == channel_id, Channel.user_id == user_id))
    if row is None:
        raise NotFoundError("channel", channel_id)
    return _row(row), row.address


def _row(row: Channel) -> ChannelRow:
    return ChannelRow(**{name: getattr(row, name) for name in ChannelRow.__dataclass_fields__})


def store_channel(work: SystemSession, user_id: str, address: bytes, shown: str, from_level: Level) -> str:
    """Keep a channel that nothing was sent by yet; return its ULID."""
    row = Channel(
        id=new_id(work.now),
        user_id=user_id,
        address=address,
        shown=shown,
        from_level=from_level,
        state=ChannelState.NEW,
        state_since=work.now,
        added_at=work.now,
    )
    work.add(row)
    return row.id


def remove_channel(work: SystemSession, channel_id: str, user_id: str) -> None:
    """Forget a person's channel, address and all; what waits to leave by it is withheld.

    Raises:
        NotFoundError: they have none such.
    """
    mine = (Channel.id == channel_id, Channel.user_id == user_id)
    if work.scalar(delete(Channel).where(*mine).returning(Channel.id)) is None:
        raise NotFoundError("channel", channel_id)


def set_level(work: SystemSession, channel_id: str, user_id: str, from_level: Level) -> None:
    """Set from which level on a person's channel is used.

    Raises:
        NotFoundError: they have none such.
    """
    mine = (Channel.id == channel_id, Channel.user_id == user_id)
    done = update(Channel).where(*mine).values(from_level=from_level).returning(Channel.id)
    if work.scalar(done) is None:
        raise NotFoundError("channel", channel_id)


def note_state(work: SystemSession, channel_id: str, state: ChannelState, reason: str | None) -> None:
    """Write how a channel does; since when changes only with the state."""
    row = work.get(Channel, channel_id)
    if row is None:
        return
    if row.state is not state:
        row.state_since = work.now
    row.state, row.reason = state, reason
