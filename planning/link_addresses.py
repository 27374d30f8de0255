"""Inside addresses of links: a /30 for each tunnel or circuit leg, a /29 where a cloud wants one.

They are link-local, so they come from a pool apart from all networks. Sources: `interconnect.md` A6 (AWS
VpnTunnelOptions), B2 (Azure custom BGP addresses), C3 (Google attachments) of the reference.
"""

from collections.abc import Collection, Iterable
from ipaddress import IPv4Network

from planning.settings import Cloud
from planning.space import FreeSpace

POOL = IPv4Network("169.254.0.0/16")
AZURE_POOL = (IPv4Network("169.254.21.0/24"), IPv4Network("169.254.22.0/24"))
"""The only addresses that Azure's VPN gateways take beside their own; kept for links that end there."""
REFUSED = (
    *(IPv4Network(f"169.254.{third}.0/30") for third in range(6)),
    IPv4Network("169.254.169.0/24"),
)
"""Blocks that AWS keeps for itself, and the neighbourhood of every cloud's metadata server (169.254.169.254)."""
TUNNEL, ATTACHMENT = 30, 29
"""Prefix lengths of a tunnel or circuit leg, and of a Google attachment or a Transit Gateway Connect peer."""


def free(ends: Collection[Cloud], used: Iterable[IPv4Network]) -> FreeSpace:
    """Give the addresses that a link between these clouds may take; a site is an end that takes any."""
    if Cloud.AZURE in ends:
        return FreeSpace(AZURE_POOL, used)
    return FreeSpace([POOL], [*REFUSED, *AZURE_POOL, *used])


def refusal(prefix: IPv4Network, key: str = "") -> str | None:
    """Say why a link cannot have these addresses, or None where it can; its `key` tells whom it joins."""
    if not prefix.subnet_of(POOL) or prefix.prefixlen not in (TUNNEL, ATTACHMENT):
        return f"is not a /{TUNNEL} or /{ATTACHMENT} of {POOL}"
    kind, *parties = key.split("/")
    if kind == "vpn" and Cloud.AZURE in parties[:2] and not any(map(prefix.subnet_of, AZURE_POOL)):
        return f"lies outside {' and '.join(map(str, AZURE_POOL))}, the only addresses that Azure's VPN gateways take"
    refused = next((block for block in REFUSED if block.overlaps(prefix)), None)
    return f"lies in {refused}, which AWS or a metadata server keeps" if refused else None
