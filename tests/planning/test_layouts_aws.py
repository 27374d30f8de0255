from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import pairwise, product

import pytest

from planning.aws import Aws, Network, Route, RouteTable, Target
from planning.ledger import Ledger
from tests.planning.configurations import MEETING, SMALL, WIDE, Config, changed, covers, planned, prefixes

ANYWHERE = "0.0.0.0/0"
PRIVATE = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}


def aws_of(config: Config, ledger: Ledger | None = None) -> Aws:
    aws = planned(config, ledger)[0].aws
    assert aws is not None
    return aws


@pytest.fixture(scope="module")
def wide() -> Aws:
    return aws_of(WIDE)


def network(aws: Aws, name: str) -> Network:
    return next(network for network in aws.networks if network.name == name)


def routes(network: Network, table: str) -> Mapping[str, Route]:
    (found,) = [candidate for candidate in network.route_tables if candidate.key == table]
    return {route.destination: route for route in found.routes}


def tier(network: Network, name: str) -> list[RouteTable]:
    return [table for table in network.route_tables if table.key.startswith(f"{name}-")]


@dataclass(frozen=True)
class HubRoute:
    prefix: IPv4Network
    to: str
    """Network, region of a peering, or `nowhere`."""
    fixed: bool


def hub_table(aws: Aws, region: str, table: str) -> list[HubRoute]:
    """Make the table that a Transit Gateway has when everything in the plan is built."""
    (hub,) = [hub for hub in aws.hubs if hub.region == region]
    found = [HubRoute(IPv4Network(cidr), "nowhere", fixed=True) for cidr in hub.blackholes.get(table, ())]
    for attached in aws.networks:
        if attached.region == region and table in attached.attachment.propagates_to:
            found += [HubRoute(IPv4Network(cidr), attached.name, fixed=False) for cidr in cidrs(attached)]
        if attached.region == region and table in attached.attachment.default_route_in:
            found.append(HubRoute(IPv4Network(ANYWHERE), attached.name, fixed=True))
    for peering in aws.peerings:
        for here, there, static in (
            (peering.requester, peering.accepter, peering.requester_routes),
            (peering.accepter, peering.requester, peering.accepter_routes),
        ):
            if here == region:
                found += [HubRoute(IPv4Network(cidr), there, fixed=True) for cidr in static.get(table, ())]
    return found


def cidrs(network: Network) -> list[str]:
    return [network.cidr, *([network.pods_cidr] if network.pods_cidr else [])]


def delivered_to(aws: Aws, source: Network, destination: str) -> str:
    """Follow a packet from a network over the hubs, longest prefix first, fixed routes before learned ones."""
    region, table = source.region, source.attachment.route_table
    while True:
        matching = [
            route for route in hub_table(aws, region, table) if IPv4Network(destination).subnet_of(route.prefix)
        ]
        if not matching:
            return "nowhere"
        best = max(matching, key=lambda route: (route.prefix.prefixlen, route.fixed))
        if best.to not in {hub.region for hub in aws.hubs}:
            return best.to
        region, table = best.to, "peering"


def test_networks_reach_each_other_over_the_hubs_exactly_when_their_segments_are_connected(wide: Aws) -> None:
    placed = [candidate for candidate in wide.networks if candidate.segment is not None]
    for source, target in product(placed, placed):
        assert source.segment is not None
        for cidr in cidrs(target):
            arrives = delivered_to(wide, source, cidr) == target.name
            assert arrives == (target.segment in MEETING[source.segment]), f"{source.name} to {target.name} {cidr}"


def test_private_addresses_that_nobody_has_end_in_the_hub_and_not_in_the_way_out(wide: Aws) -> None:
    for source in wide.networks:
        if source.segment is not None:
            for unused in ("10.15.0.0/24", "10.31.0.0/24", "10.47.0.0/24", "10.79.0.0/24"):
                assert delivered_to(wide, source, unused) == "nowhere"


def test_a_hub_has_a_table_for_each_segment_and_more_only_where_something_uses_it(wide: Aws) -> None:
    segments = ["alone", "prod", "shared", "staging"]
    assert {hub.region: list(hub.route_tables) for hub in wide.hubs} == {
        "us-east-1": [*segments, "peering", "transit"],
        "us-west-2": [*segments, "peering"],
    }
    (only,) = aws_of(SMALL).hubs
    assert list(only.route_tables) == ["apps", "shared"]


def test_a_network_is_looked_up_in_its_segment_and_known_in_all_connected_ones(wide: Aws) -> None:
    for candidate in wide.networks:
        if candidate.segment is None:
            continue
        known_in = set(candidate.attachment.propagates_to) - {"transit"}
        assert candidate.attachment.route_table == candidate.segment
        assert known_in == MEETING[candidate.segment] | {"peering"}


def test_a_peering_carries_only_networks_of_connected_segments(wide: Aws) -> None:
    (peering,) = wide.peerings
    assert (peering.requester, peering.accepter) == ("us-east-1", "us-west-2")
    west = {network.name: network.cidr for network in wide.networks if network.region == "us-west-2"}
    assert {segment: set(cidrs) for segment, cidrs in peering.requester_routes.items()} == {
        "prod": {west["shop-west"], west["tools-west"]},
        "staging": {west["test-west"], west["tools-west"]},
        "shared": {west["shop-west"], west["test-west"], west["tools-west"]},
        "alone": set(),
    }
    assert [table for table, cidrs in peering.accepter_routes.items() if network(wide, "vault").cidr in cidrs] == [
        "alone"
    ]
    assert network(wide, "shop").pods_cidr in peering.accepter_routes["prod"]


def test_one_region_needs_no_peering() -> None:
    assert not aws_of(SMALL).peerings


def test_hubs_drop_all_private_space_so_that_none_of_it_leaves_by_a_default_route(wide: Aws) -> None:
    for hub in wide.hubs:
        assert all(set(cidrs) == PRIVATE for cidrs in hub.blackholes.values())
        assert set(hub.blackholes) == set(MEETING), "a table that no network is looked up in drops nothing"


def test_whatever_a_hub_knows_is_more_specific_than_what_it_drops(wide: Aws) -> None:
    for hub in wide.hubs:
        for table, dropped in hub.blackholes.items():
            known = [route.prefix for route in hub_table(wide, hub.region, table) if route.to != "nowhere"]
            for prefix, blackhole in product(known, prefixes(*dropped)):
                if prefix.prefixlen and prefix.overlaps(blackhole):
                    assert prefix.prefixlen > blackhole.prefixlen


def test_a_network_hands_its_hub_all_private_space_whatever_else_its_way_out_is(wide: Aws) -> None:
    for name in ("shop-west", "tools-west"):
        for table in network(wide, name).route_tables:
            if table.routes:
                to_hub = {route.destination for route in table.routes if route.target is Target.HUB}
                assert to_hub - {ANYWHERE} == PRIVATE


WEST_OF_SHARED = {"cloud": "aws", "region": "us-west-2", "size": 20, "segment": "shared"}


def test_without_nat_there_is_no_way_out(wide: Aws) -> None:
    vault = network(wide, "vault")
    assert not vault.internet_gateway
    assert not vault.nat_gateways
    assert ANYWHERE not in {route.destination for table in vault.route_tables for route in table.routes}
    assert {subnet.tier for subnet in vault.subnets} == {"private", "attachment"}


def test_one_nat_gateway_serves_all_zones(wide: Aws) -> None:
    tools = network(wide, "tools")
    assert tools.nat_gateways == {"az1": "public-az1"}
    assert [routes(tools, table.key)[ANYWHERE] for table in tier(tools, "private")] == [
        Route(ANYWHERE, Target.NAT_GATEWAY, "az1")
    ] * 3


def test_nat_per_zone_stays_in_the_zone(wide: Aws) -> None:
    west = network(wide, "shop-west")
    assert west.nat_gateways == {"az1": "public-az1", "az2": "public-az2", "az3": "public-az3"}
    for zone in ("az1", "az2", "az3"):
        assert routes(west, f"private-{zone}")[ANYWHERE] == Route(ANYWHERE, Target.NAT_GATEWAY, zone)


def test_a_nat_gateway_stands_in_a_public_subnet_with_a_way_out(wide: Aws) -> None:
    for candidate in wide.networks:
        for place in candidate.nat_gateways.values():
            (subnet,) = [subnet for subnet in candidate.subnets if subnet.key == place]
            assert subnet.tier == "public"
            assert routes(candidate, subnet.route_table)[ANYWHERE].target is Target.INTERNET_GATEWAY


def test_an_internet_gateway_is_there_only_when_asked_for_or_for_nat(wide: Aws) -> None:
    with_gateway = {candidate.name for candidate in wide.networks if candidate.internet_gateway}
    assert with_gateway == {"tools", "shop-west", "test-west", "aws-us-east-1-transit"}
    test_west = network(wide, "test-west")
    assert ANYWHERE not in routes(test_west, "private-az1"), "public subnets give the private ones no way out"


def test_central_nat_leaves_by_the_transit_network_of_the_region(wide: Aws) -> None:
    transit = network(wide, "aws-us-east-1-transit")
    shop = network(wide, "shop")
    assert not shop.internet_gateway
    assert routes(shop, "private-az1")[ANYWHERE] == Route(ANYWHERE, Target.HUB)
    assert delivered_to(wide, shop, "192.0.2.0/24") == transit.name
    assert delivered_to(wide, network(wide, "vault"), "192.0.2.0/24") == "nowhere"
    for zone in ("az1", "az2", "az4"):
        assert routes(transit, f"attachment-{zone}") == {ANYWHERE: Route(ANYWHERE, Target.NAT_GATEWAY, zone)}
        assert transit.nat_gateways[zone] == f"public-{zone}"


def test_answers_find_the_way_back_from_central_nat_to_the_networks_that_use_it_alone(wide: Aws) -> None:
    transit = network(wide, "aws-us-east-1-transit")
    assert transit.attachment.route_table == "transit"
    assert not transit.attachment.propagates_to, "nobody routes to the transit network by its own address"
    back = {route.to for route in hub_table(wide, "us-east-1", "transit")}
    assert back == {"shop", "shop-test"}
    for zone in ("az1", "az2", "az4"):
        answers = {
            destination
            for destination, route in routes(transit, f"public-{zone}").items()
            if route.target is Target.HUB
        }
        assert covers(answers, [cidr for name in back for cidr in cidrs(network(wide, name))])


def test_no_transit_network_without_central_nat(wide: Aws) -> None:
    assert [candidate.name for candidate in wide.networks if candidate.segment is None] == ["aws-us-east-1-transit"]


def test_an_attachment_subnet_has_a_table_of_its_own_without_routes(wide: Aws) -> None:
    for candidate in wide.networks:
        if candidate.segment is None:
            continue
        assert sorted(candidate.attachment.subnets) == sorted(
            subnet.key for subnet in candidate.subnets if subnet.tier == "attachment"
        )
        for key in candidate.attachment.subnets:
            assert not routes(candidate, key)


def test_subnets_lie_in_their_network_in_distinct_zones_and_apart(wide: Aws) -> None:
    for candidate in wide.networks:
        assert covers(cidrs(candidate), [subnet.cidr for subnet in candidate.subnets])
        in_order = sorted(prefixes(*(subnet.cidr for subnet in candidate.subnets)))
        assert not any(one.overlaps(other) for one, other in pairwise(in_order))
        for name in {subnet.tier for subnet in candidate.subnets}:
            zones = [subnet.zone_id for subnet in candidate.subnets if subnet.tier == name]
            assert len(zones) == len(set(zones)) == 3


def test_pods_leave_by_the_routes_of_their_zones_private_subnet(wide: Aws) -> None:
    shop = network(wide, "shop")
    pods = {subnet.key: subnet for subnet in shop.subnets if subnet.tier == "pods"}
    assert {key: subnet.route_table for key, subnet in pods.items()} == {
        f"pods-{zone}": f"private-{zone}" for zone in ("az1", "az2", "az4")
    }
    assert shop.pods_cidr is not None
    assert covers([shop.pods_cidr], [subnet.cidr for subnet in pods.values()])
    assert not [table for table in shop.route_tables if table.key.startswith("pods")]


def test_fewer_zones_are_fewer_subnets() -> None:
    one_zone = network(aws_of(changed({"networks.shop.zones": 1})), "shop")
    assert {subnet.zone_id for subnet in one_zone.subnets} == {"use1-az1"}


def test_hubs_have_the_asns_of_the_plan(wide: Aws) -> None:
    assert {hub.region: hub.asn for hub in wide.hubs} == {"us-east-1": 64520, "us-west-2": 64521}


def test_the_home_region_stays_when_a_region_before_it_is_added() -> None:
    first = changed({"networks.shop.region": "us-west-2"})
    ledger = planned(first)[1]
    aws = aws_of(changed({"networks.new": {**WEST_OF_SHARED, "region": "us-east-1"}}, first), ledger)
    assert aws.home_region == "us-west-2"
    assert aws.ipam is not None
    assert aws.ipam.home_region == "us-west-2"


def test_the_address_manager_knows_a_pool_for_each_region_and_what_is_reserved_in_them(wide: Aws) -> None:
    aws = aws_of(changed({"addressing.reserved": {"lab": "10.8.0.0/16", "elsewhere": "10.40.0.0/16"}}, WIDE))
    assert aws.ipam is not None
    assert aws.ipam.supernets == ["10.0.0.0/12", "10.64.0.0/12"]
    assert aws.ipam.reserved == {"reserved-lab": "10.8.0.0/16"}
    for candidate in wide.networks:
        assert wide.ipam is not None
        assert covers(wide.ipam.pools[candidate.region], cidrs(candidate))


def test_an_address_manager_is_told_only_where_it_is_asked_for() -> None:
    assert aws_of(changed({"addressing.registerIn": ["gcp"]})).ipam is None


def test_no_networks_in_aws_build_nothing_there() -> None:
    networks = {name: network for name, network in SMALL["networks"].items() if network["cloud"] != "aws"}
    assert planned(changed({"networks": networks}))[0].aws is None
