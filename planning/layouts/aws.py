"""What AWS is told: VPCs with routes of their own, and what joins them.

That is a Transit Gateway in each region with peerings between them, or one core network for all regions.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from planning.aws import (
    LINKS,
    PEERING,
    Attachment,
    Aws,
    Hub,
    Ipam,
    Network,
    Peering,
    Route,
    RouteTable,
    Subnet,
    Target,
)
from planning.estate import Estate, Placed
from planning.layouts import aws_transit
from planning.layouts.aws_transit import ANYWHERE, GATEWAY_ENDPOINTS
from planning.layouts.core_network import core_network
from planning.places import TRANSIT
from planning.settings import Cloud, Nat
from planning.subnets import has_public_subnets, pod_requests, requests, short_zone, zone_ids


def lay_out(estate: Estate, reserved: Mapping[str, str]) -> Aws | None:
    """Lay out AWS, or None where the environment has nothing there."""
    account = estate.settings.accounts.aws
    regions = estate.regions(Cloud.AWS)
    if not regions or account is None:
        return None
    core = core_network(estate, account.account_id, account.share_with) if estate.on_core_network else None
    with_gateway = () if core else regions
    return Aws(
        account_id=account.account_id,
        home_region=estate.held.fixed["aws/home-region"],
        shared_with=account.share_with,
        hubs=tuple(_hub(estate, region) for region in with_gateway),
        networks=(
            *(_network(estate, network) for network in estate.networks_in(Cloud.AWS)),
            *(aws_transit.transit(estate, region) for region in regions if aws_transit.needed(estate, region)),
        ),
        peerings=tuple(_peering(estate, *pair) for pair in combinations(with_gateway, 2)),
        ipam=_ipam(estate, reserved) if Cloud.AWS in estate.settings.addressing.register_in else None,
        flow_log_retention_days=estate.settings.flow_log_days,
        core_network=core,
    )


def _hub(estate: Estate, region: str) -> Hub:
    tables = sorted(estate.connected)
    dropped_by_own = aws_transit.dropped(estate, region)
    return Hub(
        region=region,
        asn=estate.aws_asn(region),
        route_tables=(
            *tables,
            *([PEERING] if len(estate.regions(Cloud.AWS)) > 1 else ()),
            *([TRANSIT] if aws_transit.needed(estate, region) else ()),
            *([LINKS] if estate.far_parties(Cloud.AWS, region) else ()),
        ),
        blackholes={
            **{segment: _dropped(estate, region, segment) for segment in tables},
            **({TRANSIT: dropped_by_own} if dropped_by_own else {}),
        },
    )


def _dropped(estate: Estate, region: str, segment: str) -> Sequence[str]:
    """List what a segment's table drops: private space, and exactly what lies behind links and is not the segment's.

    A link brings aggregates, which hold all segments of the far side. Neighbours are not joined into one: a drop has to
    be as long as what is learned, or longer. Between regions none are needed: peerings have a route for each network.
    """
    behind_links = [
        prefix for party in estate.far_parties(Cloud.AWS, region) for prefix in estate.refused_in(party, segment)
    ]
    return tuple(dict.fromkeys((*estate.drops(segment).values(), *map(str, behind_links))))


def _network(estate: Estate, network: Placed) -> Network:
    settings = network.settings
    zone_of = {short_zone(zone_id): zone_id for zone_id in zone_ids(settings, network.subnets)}
    wanted = [
        *requests(settings, network.cidr.prefixlen, network.subnets),
        *(pod_requests(settings, network.pods.prefixlen, network.subnets) if network.pods else ()),
    ]
    subnets = [
        Subnet(
            key=request.key,
            tier=request.tier,
            zone_id=zone_of[request.zone or ""],
            cidr=str(network.subnets[request.key]),
            route_table=f"private-{request.zone}" if request.tier == "pods" else request.key,
        )
        for request in wanted
    ]
    nat_zones = {Nat.ONE: list(zone_of)[:1], Nat.PER_ZONE: list(zone_of)}.get(settings.nat, [])
    return Network(
        name=network.name,
        region=settings.region,
        segment=network.segment,
        cidr=str(network.cidr),
        pods_cidr=str(network.pods) if network.pods else None,
        internet_gateway=has_public_subnets(settings),
        subnets=subnets,
        route_tables=[
            RouteTable(subnet.key, tuple(_routes(estate, network, subnet, nat_zones)))
            for subnet in subnets
            if subnet.tier != "pods"
        ],
        nat_gateways={zone: f"public-{zone}" for zone in nat_zones},
        gateway_endpoints=GATEWAY_ENDPOINTS,
        attachment=_attachment(estate, network, [subnet.key for subnet in subnets if subnet.tier == "attachment"]),
        refused_ranges=() if network.segment in estate.reaches_sites else _sites_space(estate),
    )


def _attachment(estate: Estate, network: Placed, subnets: Sequence[str]) -> Attachment:
    if estate.on_core_network:
        return Attachment(subnets, route_table=network.segment, propagates_to=(), default_route_in=())
    return Attachment(
        subnets,
        route_table=network.segment,
        propagates_to=(
            *sorted(estate.connected[network.segment]),
            *([PEERING] if len(estate.regions(Cloud.AWS)) > 1 else ()),
            *([TRANSIT] if network.settings.nat is Nat.CENTRAL else ()),
            *([LINKS] if _reached_over_links(estate, network) else ()),
        ),
        default_route_in=(),
        summaries=aws_transit.summaries(estate, network.settings.region, network.name),
    )


def _reached_over_links(estate: Estate, network: Placed) -> bool:
    here = estate.far_parties(Cloud.AWS, network.settings.region)
    return any(estate.reached_in(party, network.segment) for party in here)


def _sites_space(estate: Estate) -> Sequence[str]:
    """List the sites' supernets where links bring the sites: an attachment that clouds and sites share lets both in."""
    sites = set(estate.far_parties(Cloud.AWS)) & set(estate.settings.sites)
    return tuple(map(str, estate.settings.addressing.supernets.onprem)) if sites else ()


def _routes(estate: Estate, network: Placed, subnet: Subnet, nat_zones: Sequence[str]) -> Iterator[Route]:
    if subnet.tier == "attachment":
        return
    for destination in estate.hub_destinations:
        yield Route(destination, Target.HUB)
    if subnet.tier == "public":
        yield Route(ANYWHERE, Target.INTERNET_GATEWAY)
    elif network.settings.nat is Nat.CENTRAL:
        yield Route(ANYWHERE, Target.HUB)
    elif nat_zones:
        zone = short_zone(subnet.zone_id)
        yield Route(ANYWHERE, Target.NAT_GATEWAY, zone if zone in nat_zones else nat_zones[0])


def _peering(estate: Estate, requester: str, accepter: str) -> Peering:
    return Peering(
        requester=requester,
        accepter=accepter,
        requester_routes=_routes_over_peering(estate, requester, accepter),
        accepter_routes=_routes_over_peering(estate, accepter, requester),
    )


def _routes_over_peering(estate: Estate, region: str, peer: str) -> Mapping[str, Sequence[str]]:
    """List a region's routes to a peered one: network by network, so that no segment sees another's.

    Behind the peer are also the links that land there. The other way round, what arrives here over links finds the
    peer's networks by their aggregates, which are announced over VPN with them.
    """
    networks = estate.networks_in(Cloud.AWS, peer)
    routes = {
        segment: (
            *(str(cidr) for network in networks if network.segment in others for cidr in network.routed),
            *(str(cidr) for far in estate.far_parties(Cloud.AWS, peer) for cidr in estate.reached_in(far, segment)),
        )
        for segment, others in sorted(estate.connected.items())
    }
    if estate.far_parties(Cloud.AWS, region):
        routes[LINKS] = tuple(map(str, estate.aggregates(Cloud.AWS, peer)))
    asked = aws_transit.asked_by_way_of(estate, peer)
    return {**routes, TRANSIT: asked} if asked else routes


def _ipam(estate: Estate, reserved: Mapping[str, str]) -> Ipam:
    addressing = estate.settings.addressing
    regions = estate.regions(Cloud.AWS)
    return Ipam(
        home_region=estate.held.fixed["aws/home-region"],
        supernets=[str(prefix) for prefix in (*addressing.supernets.aws, *addressing.pods.aws)],
        pools={region: [str(prefix) for prefix in estate.recorded_in(Cloud.AWS, region)] for region in regions},
        reserved=reserved,
    )
