"""What subnets a network needs, and how large: room is kept for a fourth zone and for more tiers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from planning import limits
from planning.regions import AWS_ZONE_IDS
from planning.settings import Cloud, Nat, Network

DEFAULT_ZONES = 3
PODS = "pods"
GOOGLE_KEEPS = 2
"""Addresses at each end of a subnet that are Google's own [K]."""


@dataclass(frozen=True, slots=True)
class Request:
    """A subnet to find room for."""

    key: str
    """`<tier>` or `<tier>-<zone>`."""
    tier: str
    zone: str | None
    """`az1`, where subnets are of one zone."""
    length: int
    """Prefix length."""
    at_end: bool = False
    """Small things of the hub stand at the end of a network."""


Held = Mapping[str, IPv4Network]
"""The subnets that a network has in the ledger: `private-az1` -> range."""


def zone_ids(network: Network, held: Held) -> tuple[str, ...]:
    """List the AWS zone ids that a network uses."""
    return _zone_ids(network.region, network.zones or DEFAULT_ZONES, held)


def transit_zone_ids(region: str, held: Held) -> tuple[str, ...]:
    """List the AWS zone ids that a hub's own network uses."""
    return _zone_ids(region, DEFAULT_ZONES, held)


def _zone_ids(region: str, count: int, held: Held) -> tuple[str, ...]:
    """List the zones that have subnets already, then the table's next ones.

    An edit of the table, even one that takes a zone out, so changes nothing that is deployed. The first zone has the
    lowest range: `nat: one` stands in it, and stays there when zones are added.
    """
    table = AWS_ZONE_IDS[region]
    prefix = table[0].rpartition("-")[0]
    recorded = [f"{prefix}-{short_zone(subnet)}" for subnet in sorted(held, key=held.__getitem__)]
    return tuple(dict.fromkeys((*recorded, *table)))[:count]


def short_zone(zone_id: str) -> str:
    """Shorten `use1-az1` to `az1`, which is enough within a region."""
    return zone_id.rpartition("-")[2]


def requests(network: Network, length: int, held: Held) -> Iterator[Request]:
    """Yield the subnets of a configured network of this prefix length, largest first.

    AWS: an eighth for each zone's private subnet, a thirty-second for a public one, a /28 for the hub's attachment.
    Azure and Google: half, since one subnet spans the zones.
    """
    if network.cloud is not Cloud.AWS:
        yield Request("private", "private", None, length + 1)
        return
    zones = [short_zone(zone_id) for zone_id in zone_ids(network, held)]
    smallest = limits.SMALLEST_SUBNET[network.cloud]
    for zone in zones:
        yield Request(f"private-{zone}", "private", zone, length + 3)
    if has_public_subnets(network):
        for zone in zones:
            yield Request(f"public-{zone}", "public", zone, min(length + 5, smallest))
    for zone in zones:
        yield Request(f"attachment-{zone}", "attachment", zone, limits.ATTACHMENT_SUBNET, at_end=True)


def pod_requests(network: Network, length: int, held: Held) -> Iterator[Request]:
    """Yield the subnets of a network's pod range of this prefix length: four zones fit in AWS."""
    if network.cloud is Cloud.AWS:
        for zone_id in zone_ids(network, held):
            zone = short_zone(zone_id)
            yield Request(f"{PODS}-{zone}", PODS, zone, length + 2)
    elif network.cloud is Cloud.AZURE:
        yield Request(PODS, PODS, None, length)


def transit_requests(cloud: Cloud, region: str, held: Held) -> Iterator[Request]:
    """Yield the subnets of a hub's own network: ways out, resolver endpoints, and what Cloud Routers announce."""
    if cloud is Cloud.AWS:
        zones = [short_zone(zone_id) for zone_id in transit_zone_ids(region, held)]
        for tier in ("public", "resolver", "attachment"):
            for zone in zones:
                yield Request(f"{tier}-{zone}", tier, zone, limits.RESOLVER_SUBNET, at_end=tier == "attachment")
    elif cloud is Cloud.AZURE:
        for key in ("resolver-inbound", "resolver-outbound", "resolver-inbound-2"):
            yield Request(key, "resolver", None, limits.RESOLVER_SUBNET)
    else:
        yield Request("transit", "transit", None, limits.TRANSIT_NETWORK + 2)
        yield Request("resolver", "resolver", None, limits.RESOLVER_SUBNET)


def kept_by_google(subnet: IPv4Network, address: IPv4Address) -> bool:
    """Tell whether Google keeps an address of a subnet for itself: the first two and the last two [K]."""
    return not subnet[GOOGLE_KEEPS] <= address <= subnet[-GOOGLE_KEEPS - 1]


def has_public_subnets(network: Network) -> bool:
    """Tell whether a network has public subnets: asked for, or needed by NAT gateways of its own."""
    return network.public or network.nat in (Nat.ONE, Nat.PER_ZONE)
