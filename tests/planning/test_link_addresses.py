from ipaddress import IPv4Network

import pytest

from planning.link_addresses import ATTACHMENT, AZURE_POOL, REFUSED, TUNNEL, free, refusal
from planning.settings import Cloud


def test_a_link_that_ends_in_azure_takes_only_what_azure_accepts() -> None:
    space = free({Cloud.AWS, Cloud.AZURE}, used=[])

    taken = [space.take(TUNNEL) for _ in range(128)]

    assert all(prefix and any(prefix.subnet_of(block) for block in AZURE_POOL) for prefix in taken)
    assert space.take(TUNNEL) is None, "two /24s hold 128 tunnels and no more"


def test_a_link_without_azure_leaves_azures_addresses_to_those_who_need_them() -> None:
    space = free({Cloud.AWS, Cloud.GCP}, used=[])

    for _ in range(4000):
        prefix = space.take(TUNNEL)
        assert prefix is not None
        assert not any(prefix.overlaps(block) for block in (*AZURE_POOL, *REFUSED))


def test_tunnels_and_attachments_never_share_addresses() -> None:
    used: list[IPv4Network] = []
    for length in (TUNNEL, ATTACHMENT, TUNNEL, ATTACHMENT, TUNNEL):
        prefix = free({Cloud.GCP}, used).take(length)
        assert prefix is not None
        assert not any(prefix.overlaps(other) for other in used)
        used.append(prefix)


@pytest.mark.parametrize(
    ("prefix", "reason"),
    [
        ("169.254.0.0/30", "169.254.0.0/30"),
        ("169.254.5.0/30", "169.254.5.0/30"),
        ("169.254.169.252/30", "169.254.169.0/24"),
        ("10.0.0.0/30", "not a /30"),
        ("169.254.8.0/28", "not a /30"),
    ],
)
def test_addresses_that_a_side_keeps_are_refused(prefix: str, reason: str) -> None:
    assert reason in (refusal(IPv4Network(prefix)) or "")


def test_the_first_block_after_a_reserved_one_can_be_had() -> None:
    assert refusal(IPv4Network("169.254.0.4/30")) is None


def test_a_tunnel_to_azure_cannot_have_addresses_that_azure_does_not_take() -> None:
    outside, inside = IPv4Network("169.254.30.0/30"), IPv4Network("169.254.21.0/30")
    assert "Azure" in (refusal(outside, "vpn/aws/azure/1-1") or "")
    assert refusal(inside, "vpn/aws/azure/1-1") is None
    assert refusal(outside, "vpn/aws/gcp/1-1") is None
    assert refusal(outside, "exchange/dc/azure/primary") is None, "ExpressRoute is another gateway"
