import pytest

from tracker.errors import ConfigError
from tracker.ingest.guard import read_allowed_networks, refusal

NOT_PUBLIC = [
    "10.0.0.1", "172.16.3.4", "192.168.1.1", "127.0.0.1", "0.0.0.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
    "2002:a00:1::", "ff02::1", "fec0::1", "::10.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b:1::a00:1", "4000::1",
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert "is not public" in (refusal(address, 80, ()) or "")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_a_public_address_is_let_through(address: str) -> None:
    assert refusal(address, 443, ()) is None


def test_an_allowed_network_is_let_through_on_its_port_alone() -> None:
    allow = read_allowed_networks(["127.0.0.1/32:8099", "fd00::/8"])
    assert refusal("127.0.0.1", 8099, allow) is None
    assert refusal("127.0.0.1", 8098, allow) == "address 127.0.0.1 is not public"
    assert refusal("127.0.0.2", 8099, allow) is not None
    assert refusal("fd00::5", 1, allow) is None


@pytest.mark.parametrize("entry", ["here", "10.0.0.0/40", "10.0.0.0/8:0", "10.0.0.0/8:http"])
def test_a_network_that_is_none_is_named_in_the_error(entry: str) -> None:
    with pytest.raises(ConfigError, match="TRACKER_ALLOW_NETWORKS"):
        read_allowed_networks([entry])
