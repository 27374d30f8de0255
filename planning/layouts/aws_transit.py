"""The VPC that a region of AWS has for itself: the way out where NAT is central, resolvers' endpoints where names are.

It serves every segment and belongs to none. Its table at the hub knows the networks that leave by it and whom resolvers
ask and are asked by; nothing that arrives elsewhere is looked up there, so nobody passes through.
"""

from collections.abc import Mapping, Sequence

from planning import limits
from planning.aws import LINKS, PEERING, Attachment, Network, Route, RouteTable, Subnet, Target
from planning.estate import Estate, Placed
from planning.ledger import SUMMARIES
from planning.names import servers
from planning.places import TRANSIT
from planning.settings import Cloud, Nat
from planning.subnets import short_zone, transit_zone_ids

ANYWHERE = "0.0.0.0/0"
GATEWAY_ENDPOINTS = ("s3", "dynamodb")
"""The services that AWS reaches through gateway endpoints, at no charge."""


def needed(estate: Estate, region: str) -> bool:
    """Tell whether a region has this VPC."""
    return bool(estate.dns_partners(Cloud.AWS) or leaving_by(estate, region))


def leaving_by(estate: Estate, region: str) -> Sequence[Placed]:
    """List the networks whose NAT is central."""
    return [n for n in estate.networks_in(Cloud.AWS, region) if n.settings.nat is Nat.CENTRAL]


def transit(estate: Estate, region: str) -> Network:
    """Lay out a region's own VPC: in from the hub, out by a NAT gateway in the same zone, back by the hub."""
    held = estate.subnets(f"{Cloud.AWS}/{region}/{TRANSIT}")
    zone_of = {short_zone(zone_id): zone_id for zone_id in transit_zone_ids(region, held)}
    central = leaving_by(estate, region)
    ways = _ways_out(estate, region, list(zone_of)) if central else _ways_of_resolvers(estate, region)
    zones = [key.rpartition("-")[2] for key in ways if key.startswith("attachment-")]
    return Network(
        name=f"{Cloud.AWS}-{region}-{TRANSIT}",
        region=region,
        segment=None,
        cidr=str(estate.transit(Cloud.AWS, region)),
        pods_cidr=None,
        internet_gateway=bool(central),
        subnets=[
            Subnet(key, key.rpartition("-")[0], zone_of[key.rpartition("-")[2]], str(held[key]), key) for key in ways
        ],
        route_tables=[RouteTable(key, routes) for key, routes in ways.items()],
        nat_gateways={zone: f"public-{zone}" for zone in zones} if central else {},
        gateway_endpoints=GATEWAY_ENDPOINTS if central else (),
        attachment=Attachment(
            subnets=[f"attachment-{zone}" for zone in zones],
            route_table=TRANSIT,
            propagates_to=_known_in(estate, region),
            default_route_in=sorted({network.segment for network in central}),
            summaries=summaries(estate, region, TRANSIT) if estate.dns_partners(Cloud.AWS) else (),
        ),
    )


def summaries(estate: Estate, region: str, network: str) -> Sequence[str]:
    """List the aggregates that a network stands for, by its name in the ledger; none on a core network.

    A Transit Gateway announces over VPN what its table holds, black holes left out: so an aggregate has to point at a
    network. What is in the aggregate and in no network ends there.
    """
    if not estate.far_parties(Cloud.AWS, region):
        return ()
    aggregates = map(str, estate.aggregates(Cloud.AWS, region))
    return tuple(cidr for cidr in aggregates if estate.held.fixed.get(f"{SUMMARIES}{cidr}") == network)


def dropped(estate: Estate, region: str | None = None) -> Sequence[str]:
    """List what the hub's table of these VPCs drops, in one region or in all, where resolvers stand in them.

    Private space, and whoever is behind links and is neither asked nor asks: a circuit brings all its parties.
    """
    partners = estate.dns_partners(Cloud.AWS)
    if not partners:
        return ()
    whole = {prefix for party in partners for prefix in estate.announced_by(party)}
    private = (prefix for prefix in estate.private_space.values() if prefix not in whole)
    others = (party for party in estate.far_parties(Cloud.AWS, region) if party not in partners)
    return tuple(dict.fromkeys((*private, *(prefix for party in others for prefix in estate.announced_by(party)))))


def asked_by_way_of(estate: Estate, peer: str) -> Sequence[str]:
    """List where resolvers of other regions send queries by way of a peered one, if links land there.

    Nobody asks those resolvers: queries go to the endpoints where links land, which answer from there.
    """
    if not estate.dns_partners(Cloud.AWS) or peer != estate.gateway_region(Cloud.AWS):
        return ()
    return tuple(servers.asks(estate, Cloud.AWS))


def _ways_out(estate: Estate, region: str, zones: Sequence[str]) -> Mapping[str, Sequence[Route]]:
    """Map the subnets of a VPC that others leave by to their routes: resolvers' endpoints have room in it."""
    ways: dict[str, Sequence[Route]] = {}
    for zone in zones:
        ways[f"public-{zone}"] = [*_back(estate), Route(ANYWHERE, Target.INTERNET_GATEWAY)]
        ways[f"resolver-{zone}"] = _of_resolvers(estate, region)
        ways[f"attachment-{zone}"] = [Route(ANYWHERE, Target.NAT_GATEWAY, zone)]
    return ways


def _ways_of_resolvers(estate: Estate, region: str) -> Mapping[str, Sequence[Route]]:
    """Map the subnets of a VPC with nothing but resolvers' endpoints to their routes, in the zones of those."""
    ways: dict[str, Sequence[Route]] = {}
    for key in servers.outbound(estate, region):
        ways[key] = _of_resolvers(estate, region)
        ways[f"attachment-{key.rpartition('-')[2]}"] = ()
    return ways


def _back(estate: Estate) -> Sequence[Route]:
    return [Route(destination, Target.HUB) for destination in estate.hub_destinations]


def _of_resolvers(estate: Estate, region: str) -> Sequence[Route]:
    """List the routes of endpoints; those that Google asks answer to where its queries come from."""
    google_asks = Cloud.GCP in estate.dns_partners(Cloud.AWS) and region == estate.gateway_region(Cloud.AWS)
    forwarders = [Route(str(limits.GOOGLE_FORWARDERS), Target.HUB)] if google_asks else []
    return [*_back(estate), *forwarders]


def _known_in(estate: Estate, region: str) -> Sequence[str]:
    """List the tables that know the way here: the one for what links bring, or for what a peering brings on from it."""
    if estate.on_core_network or not estate.dns_partners(Cloud.AWS):
        return ()
    return (LINKS,) if region == estate.gateway_region(Cloud.AWS) else (PEERING,)
