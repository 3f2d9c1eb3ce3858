"""Which addresses the fetcher may dial: checked whenever a socket is about to be opened, so on every hop.

A name is judged by the addresses it resolves to at that moment, never by its spelling, and an address
written into the URL passes the same gate. Only public addresses are dialled, besides the networks that
the operator allows.
"""

import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from tracker.errors import ConfigError

_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address inside an IPv6 one
_ASSIGNED = ip_network(
    "2000::/3"
)  # RFC 4291, 2.4: the only unicast addresses that are handed out to the public
_IPV4_BITS = 0xFFFFFFFF


class AddressRefusedError(OSError):
    """An address that the guard does not let through."""


@dataclass(frozen=True)
class AllowedNetwork:
    """A network that may be dialled although it is not public; with `port`, on that port alone."""

    network: IPv4Network | IPv6Network
    port: int | None = None

    def covers(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Return whether an address and port lie in it."""
        return (
            address.version == self.network.version
            and address in self.network
            and (self.port is None or self.port == port)
        )


def read_allowed_networks(entries: Iterable[str]) -> tuple[AllowedNetwork, ...]:
    """Read CIDR networks such as `127.0.0.1/32`; an entry may end in `:PORT`.

    Raises:
        ConfigError: an entry is not a network, or its port not a port.
    """
    return tuple(_read_network(entry) for entry in entries)


def _read_network(entry: str) -> AllowedNetwork:
    network, slash, rest = entry.partition("/")
    bits, colon, port = rest.partition(":")
    try:
        allowed = ip_network(network + slash + bits, strict=False)
        number = int(port) if colon else None
    except ValueError as error:
        raise ConfigError(_not_a_network(entry)) from error
    if number is not None and not 0 < number < 65536:
        raise ConfigError(_not_a_network(entry))
    return AllowedNetwork(allowed, number)


def _not_a_network(entry: str) -> str:
    return (
        f"TRACKER_ALLOW_NETWORKS holds {entry!r}; write networks such as 127.0.0.1/32 or "
        "127.0.0.1/32:8099, with commas between them"
    )


def refusal(host: str, port: int, allow: Sequence[AllowedNetwork]) -> str | None:
    """Return why a resolved address may not be dialled; None where it may.

    Args:
        host: an IPv4 or IPv6 address as text, with or without a zone (`fe80::1%eth0`).
        port: the TCP port.
        allow: networks let through besides public ones.
    """
    address = _unwrapped(ip_address(host.partition("%")[0]))
    if any(network.covers(address, port) for network in allow):
        return None
    if address.is_global and not address.is_multicast and (address.version == 4 or address in _ASSIGNED):
        return None
    return f"address {address} is not public"


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & _IPV4_BITS)
    return address.ipv4_mapped or address.sixtofour or address


@dataclass(frozen=True)
class DialGuard:
    """Opens sockets for aiohttp, and refuses those whose address the policy does not let through."""

    allow: tuple[AllowedNetwork, ...]

    def __call__(self, info: Any) -> socket.socket:
        """Open a socket for one `getaddrinfo` row.

        Raises:
            AddressRefusedError: the address is neither public nor allowed.
        """
        family, kind, protocol, _, address = info
        why = refusal(str(address[0]), int(address[1]), self.allow)
        if why is not None:
            raise AddressRefusedError(why)
        return socket.socket(family, kind, protocol)
