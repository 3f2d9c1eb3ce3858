"""How people are reached besides by mail: they add a channel, try it, remove it. And a notice is sent by one.

Mail is always sent as well, so a channel that fails costs nothing but speed; `/channels` says why it fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker.access.permissions import require_inside
from tracker.access.sealing import open_here, seal_here
from tracker.domain.channels import Services
from tracker.domain.viewer import Viewer
from tracker.domain.words import ChannelState, Level
from tracker.errors import DeliveryError, NotFoundError, SubmissionError
from tracker.respond.duty import check_zone
from tracker.settings import Settings
from tracker.share.dialling import Dialled, dial, is_usable
from tracker.store import Store
from tracker.store.writes import channels as write
from tracker.store.writes import log, people
from tracker.store.writes.channels import ChannelRow

_TEST = "This is a test."
_INSIDE_ONLY = "Only those who work inside the Platform are told of what waits."
_MOST = 5
_KEY_IS_GONE = "Its address cannot be opened with the key of this installation. Remove it and add it again."


@dataclass(frozen=True)
class Reach:
    """How a person is reached, as they see it themselves."""

    email: str
    time_zone: str
    gets_digest: bool
    channels: Sequence[ChannelRow] = field(default_factory=tuple)


def services(settings: Settings) -> Services:
    """Return which channels may be chosen.

    Raises:
        ConfigError: config/channels.yaml is missing or wrong.
    """
    return Services.read(settings.read_config("channels"))


def reach(store: Store, viewer: Viewer, now: datetime) -> Reach:
    """Return how the viewer is reached."""
    with store.looking("read channels", now) as work:
        (person,) = people.people(work, [viewer.user_id])
        found = write.channels_of(work, viewer.user_id)
    return Reach(person.email, person.time_zone, person.digest_stopped_at is None, found)


def add_channel(
    store: Store, settings: Settings, viewer: Viewer, said: tuple[str, Level], now: datetime
) -> str:
    """Add a channel of the viewer's, by address and from which level on it is used; return its ULID.

    The address is sealed, and never shown again but masked.

    Raises:
        NotAllowedError: they do not work inside, and so get no notices.
        SubmissionError: no listed service, or an address that it cannot be used with; too many.
    """
    require_inside(viewer, _INSIDE_ONLY)
    allowed, address = services(settings), said[0].strip()
    service = allowed.of(address)
    if not is_usable(address, allowed.time_limit_s):
        raise SubmissionError("address", "Write it like this: %(example)s", example=service.example)
    sealed, shown = seal_here(settings.data_dir, address), allowed.masked(address)
    with store.acting(viewer.actor, "add channel", now) as work:
        if len(write.channels_of(work, viewer.user_id)) >= _MOST:
            raise SubmissionError("address", "Remove one first: %(most)d are the most.", most=_MOST)
        channel_id = write.store_channel(work, viewer.user_id, sealed, shown, said[1])
        log.audit(work, "channel added", channel_id, service.code)
    return channel_id


def try_channel(store: Store, settings: Settings, viewer: Viewer, channel_id: str, now: datetime) -> Dialled:
    """Send "This is a test." by a channel of the viewer's; return what came back, in words.

    Raises:
        NotFoundError: it is not theirs, or not there.
    """
    require_inside(viewer, _INSIDE_ONLY)
    with store.looking("read channel", now) as work:
        _, box = write.address_of(work, channel_id, viewer.user_id)
    return _dial(store, settings, (channel_id, box), _TEST, now)


def send_notice(
    store: Store, settings: Settings, channel: tuple[str, str], words: str, now: datetime
) -> str | None:
    """Send a notice by a person's channel (its ULID and theirs); return why not, where it is there no more.

    Raises:
        DeliveryError: it was not taken; `recoverable` where trying again may help.
    """
    channel_id, user_id = channel
    try:
        with store.looking("read channel", now) as work:
            _, box = write.address_of(work, channel_id, user_id)
    except NotFoundError:
        return "The channel was removed."
    said = _dial(store, settings, (channel_id, box), words, now)
    if not said.taken:
        raise DeliveryError(said.words, recoverable=said.recoverable)
    return None


def _dial(store: Store, settings: Settings, channel: tuple[str, bytes], words: str, now: datetime) -> Dialled:
    """Send words, and note how the channel does."""
    channel_id, box = channel
    address = open_here(settings.data_dir, box)
    if address is None:
        said = Dialled(_KEY_IS_GONE)
    else:
        said = dial(address, words, settings.allow_networks, services(settings).time_limit_s)
    state = ChannelState.WORKING if said.taken else ChannelState.FAILING
    with store.acting("job:mail", "note channel", now) as work:
        write.note_state(work, channel_id, state, None if said.taken else said.words)
    return said


def change_level(store: Store, viewer: Viewer, channel_id: str, from_level: Level, now: datetime) -> None:
    """Set from which level on a channel of the viewer's is used.

    Raises:
        NotFoundError: it is not theirs, or not there.
    """
    with store.acting(viewer.actor, "change channel", now) as work:
        write.set_level(work, channel_id, viewer.user_id, from_level)


def remove_channel(store: Store, viewer: Viewer, channel_id: str, now: datetime) -> None:
    """Forget a channel of the viewer's.

    Raises:
        NotFoundError: it is not theirs, or not there.
    """
    with store.acting(viewer.actor, "remove channel", now) as work:
        write.remove_channel(work, channel_id, viewer.user_id)
        log.audit(work, "channel removed", channel_id)


def set_reach(store: Store, viewer: Viewer, zone: str, *, digest: bool, now: datetime) -> None:
    """Set the viewer's time zone, and whether they get the weekly mail.

    Raises:
        SubmissionError: no such time zone.
    """
    check_zone(zone)
    with store.acting(viewer.actor, "set reach", now) as work:
        people.set_reach(work, viewer.user_id, zone, digest=digest)
