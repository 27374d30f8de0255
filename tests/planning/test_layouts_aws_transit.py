"""Claims about where resolvers stand in AWS: whom they reach over links, who reaches them, and nobody else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from itertools import product
from typing import Any
from unittest import mock

import pytest

from planning import limits
from planning.aws import Aws, Network, Target
from planning.plan import Plan
from planning.problems import ConfigurationError
from tests.planning.configurations import LEFT_OUT, WIDE, Config, changed, prefixes
from tests.planning.test_layouts_aws import HubRoute, cidrs, hub_table, network, routes
from tests.planning.test_links import EXCHANGE, TUNNELS, planned

NAMES: Config = {"dns.private": "acme.internal", "sites.hq.dns": ["10.48.0.53", "10.48.1.53"]}
"""Names for everybody but the plant, which has no DNS servers."""
NAMED: Config = changed(NAMES, TUNNELS)
ON_CIRCUITS: Config = changed(NAMES, EXCHANGE)
PLANT_ASKS: Config = changed({"sites.hq.dns": [], "sites.plant.dns": ["10.49.0.53"]}, ON_CIRCUITS)
"""Circuits bring the headquarters beside the clouds, and only the plant has DNS servers."""
FORWARDERS = "35.199.192.0/19"
ANYWHERE = "0.0.0.0/0"
EAST, WEST = "us-east-1", "us-west-2"


def aws_of(plan: Plan) -> Aws:
    assert plan.aws
    return plan.aws


def own(plan: Plan, region: str) -> Network:
    return network(aws_of(plan), f"aws-{region}-transit")


def sent_by(plan: Plan, party: str) -> set[str]:
    """List what a party announces over links."""
    if party in plan.addressing["sites"]:
        return {*plan.addressing["sites"][party]["prefixes"]}
    if party == "gcp":
        assert plan.gcp
        return {cidr for each in plan.gcp.networks for router in each.routers for cidr in router.advertised}
    regions = plan.addressing["regions"].values()
    return {prefix for region in regions if region["cloud"] == party for prefix in region["aggregates"]}


def links_of(plan: Plan) -> Iterator[tuple[str, str, Any]]:
    """Yield each link of AWS: its name, who is behind it, and where it meets the hub."""
    assert plan.links
    for vpn in plan.links.vpns:
        if vpn.aws:
            yield vpn.name, vpn.pair.split("/")[1], vpn.aws
    if plan.links.aws_circuit_gateway:
        rows = [row for row in plan.links.table if row["kind"] == "exchange" and str(row["name"]).startswith("aws/")]
        for row in rows:
            yield "circuits", str(row["name"]).split("/")[1], plan.links.aws_circuit_gateway.end


def table(plan: Plan, region: str, name: str) -> list[HubRoute]:
    """Make a Transit Gateway's table, with what links bring."""
    found = hub_table(aws_of(plan), region, name)
    for each in aws_of(plan).networks:
        if each.region == region and name == "links":
            found += [HubRoute(IPv4Network(cidr), each.name, fixed=True) for cidr in each.attachment.summaries]
    for _, party, end in links_of(plan):
        if end.region == region and name in end.propagates_to:
            found += [HubRoute(prefix, party, fixed=False) for prefix in prefixes(*sent_by(plan, party))]
    return found


def delivered_to(plan: Plan, region: str, name: str, destination: str) -> str:
    """Follow a packet from a table over the hubs, longest prefix first, fixed routes before learned ones."""
    while True:
        wanted = IPv4Network(destination)
        matching = [route for route in table(plan, region, name) if wanted.subnet_of(route.prefix)]
        best = max(matching, key=lambda route: (route.prefix.prefixlen, route.fixed), default=None)
        if best is None or best.to not in {hub.region for hub in aws_of(plan).hubs}:
            return best.to if best else "nowhere"
        region, name = best.to, "peering"


def from_resolvers(plan: Plan, region: str, destination: str) -> str:
    """Follow a packet from an endpoint: by its subnet's routes to the hub, and on from there."""
    ends = {
        delivered_to(plan, region, own(plan, region).attachment.route_table, destination)
        if any(
            IPv4Network(destination).subnet_of(IPv4Network(cidr))
            for cidr, route in routes(own(plan, region), subnet.route_table).items()
            if route.target is Target.HUB
        )
        else "the VPC"
        for subnet in own(plan, region).subnets
        if subnet.tier == "resolver"
    }
    (end,) = ends
    return end


def asked(plan: Plan) -> Mapping[str, set[str]]:
    """Map parties to where queries for their names go, written down from the ledger's subnets."""
    subnets = {
        (region["cloud"], key): prefix
        for region in plan.addressing["regions"].values()
        if region["region"] in ("eastus", "us-east4")
        for key, prefix in region["networks"]["transit"]["subnets"].items()
    }
    inbound = [IPv4Network(subnets["azure", key]) for key in ("resolver-inbound", "resolver-inbound-2")]
    return {
        "azure": {str(subnet[4]) for subnet in inbound},
        "gcp": {subnets["gcp", "transit"], subnets["gcp", "resolver"]},
        "hq": {"10.48.0.53", "10.48.1.53"},
    }


def endpoints(plan: Plan, region: str) -> list[IPv4Address]:
    """List the addresses that endpoints may have in a region."""
    subnets = [IPv4Network(subnet.cidr) for subnet in own(plan, region).subnets if subnet.tier == "resolver"]
    return [subnet[place] for subnet in subnets for place in (4, 5)]


@pytest.fixture(scope="module", params=[NAMED, ON_CIRCUITS], ids=["tunnels", "circuits"])
def plan(request: pytest.FixtureRequest) -> Plan:
    return planned(request.param)[0]


# -- the VPC


def test_every_region_has_a_vpc_of_its_own_where_names_are_forwarded_and_nobody_joined_none(
    plan: Plan,
) -> None:
    assert [each.name for each in aws_of(plan).networks if each.segment is None] == [
        "aws-us-east-1-transit",
        "aws-us-west-2-transit",
    ]
    alone = changed({"links": LEFT_OUT}, NAMED)
    assert aws_of(planned(alone)[0]) == aws_of(planned(changed({"dns": LEFT_OUT}, alone))[0])


def test_a_vpc_of_resolvers_alone_has_two_zones_and_no_way_out(plan: Plan) -> None:
    for region in (EAST, WEST):
        vpc = own(plan, region)
        assert [subnet.key for subnet in vpc.subnets] == [
            f"{tier}-{zone}" for zone in ("az1", "az2") for tier in ("resolver", "attachment")
        ]
        assert len({subnet.zone_id for subnet in vpc.subnets}) == 2
        assert sorted(vpc.attachment.subnets) == ["attachment-az1", "attachment-az2"]
        assert not vpc.internet_gateway
        assert not vpc.nat_gateways
        assert not vpc.gateway_endpoints
        assert ANYWHERE not in {route.destination for each in vpc.route_tables for route in each.routes}
        assert not vpc.attachment.default_route_in
        assert all(not routes(vpc, key) for key in vpc.attachment.subnets)


def test_resolvers_stand_in_subnets_that_are_built(plan: Plan) -> None:
    assert plan.names
    assert plan.names.aws
    for resolver in plan.names.aws.resolvers:
        vpc = network(aws_of(plan), resolver.network)
        cidr = {subnet.key: IPv4Network(subnet.cidr) for subnet in vpc.subnets}
        for told in (resolver.inbound, resolver.outbound):
            assert all(IPv4Address(address) in cidr[key] for key, address in told.items())
            zones = [subnet.zone_id for subnet in vpc.subnets if subnet.key in told]
            assert len({*zones}) == len(zones) == len(told)
        assert len(resolver.outbound) == 2
        assert len(resolver.inbound) == (2 if resolver.region == EAST else 0)


def test_names_add_routes_to_a_vpc_that_others_leave_by_and_take_nothing_from_it() -> None:
    central = changed({"networks.shop.nat": "central"}, TUNNELS)
    without = own(planned(central)[0], EAST)
    named, ledger = planned(changed(NAMES, central))
    vpc = own(named, EAST)
    assert vpc.internet_gateway
    assert replace(
        vpc,
        route_tables=[
            replace(each, routes=[route for route in each.routes if route.destination != FORWARDERS])
            for each in vpc.route_tables
        ],
        attachment=replace(vpc.attachment, propagates_to=()),
    ) == replace(without, route_tables=[replace(each, routes=[*each.routes]) for each in without.route_tables])
    assert {each.key for each in vpc.route_tables if FORWARDERS in routes(vpc, each.key)} == {
        "resolver-az1",
        "resolver-az2",
        "resolver-az4",
    }
    assert delivered_to(named, EAST, "transit", network(aws_of(named), "shop").cidr) == "shop"
    assert delivered_to(named, EAST, "prod", "192.0.2.0/24") == vpc.name
    back, _ = planned(changed({**NAMES, "networks.shop.nat": "none"}, TUNNELS), ledger)
    kept = {subnet.key: subnet for subnet in vpc.subnets}
    assert all(subnet == kept[subnet.key] for subnet in own(back, EAST).subnets)


# -- who reaches whom


def test_resolvers_of_every_region_reach_everybody_whom_they_ask(plan: Plan) -> None:
    for region, (party, targets) in product((EAST, WEST), asked(plan).items()):
        for target in targets:
            assert from_resolvers(plan, region, target) == party, (region, target)


def test_whoever_asks_or_answers_finds_the_endpoints_of_every_region(plan: Plan) -> None:
    for region in (EAST, WEST):
        for endpoint in endpoints(plan, region):
            assert delivered_to(plan, EAST, "links", str(endpoint)) == own(plan, region).name, endpoint


def test_answers_reach_those_who_ask_where_links_land(plan: Plan) -> None:
    """Nobody asks the other region's endpoints."""
    for party in asked(plan):
        for cidr in sent_by(plan, party):
            assert from_resolvers(plan, EAST, cidr) == party
    assert from_resolvers(plan, EAST, FORWARDERS) == "gcp"
    assert from_resolvers(plan, WEST, FORWARDERS) == "the VPC"


def test_googles_forwarders_are_routed_only_where_google_asks() -> None:
    apart = planned(changed({"links.pairs.aws/gcp": {"primary": "none"}}, NAMED))[0]
    for region in (EAST, WEST):
        tables = own(apart, region).route_tables
        assert tables
        assert not [route for each in tables for route in each.routes if route.destination == FORWARDERS]
        assert from_resolvers(apart, region, next(iter(asked(apart)["gcp"]))) == "nowhere"


@pytest.mark.parametrize("config", [NAMED, ON_CIRCUITS, PLANT_ASKS], ids=["tunnels", "circuits", "plant asks"])
def test_resolvers_reach_nobody_else(config: Config) -> None:
    plan, _ = planned(config)
    assert plan.azure
    silent = {*plan.addressing["sites"]} - {name for name, site in config["sites"].items() if site.get("dns")}
    assert silent
    private = {"10.79.0.0/24", "172.16.0.0/24", "192.168.0.0/24"}
    networks = {cidr for each in aws_of(plan).networks if each.segment for cidr in cidrs(each)}
    for region in (EAST, WEST):
        for cidr in private | networks | {cidr for site in silent for cidr in sent_by(plan, site)}:
            assert from_resolvers(plan, region, cidr) == "nowhere", (region, cidr)
    for each in plan.azure.networks:
        if each.segment:
            assert from_resolvers(plan, WEST, each.address_space[0]) == "nowhere", "only servers, by way of the peering"


def test_no_network_of_aws_reaches_resolvers_and_nothing_passes_through_them(plan: Plan) -> None:
    """What comes from links or peerings is looked up elsewhere, and a segment knows its own and drops the rest."""
    for hub in aws_of(plan).hubs:
        for segment in ("prod", "staging", "shared"):
            for region in (EAST, WEST):
                assert delivered_to(plan, hub.region, segment, str(endpoints(plan, region)[0])) == "nowhere"
    looked_up = [each.name for each in aws_of(plan).networks if each.attachment.route_table == "transit"]
    assert looked_up == [own(plan, EAST).name, own(plan, WEST).name]
    for name, party, end in links_of(plan):
        assert end.route_table == "links", name
        for other in {*asked(plan), "plant"} - {party}:
            for cidr in sent_by(plan, other):
                assert delivered_to(plan, EAST, "links", cidr) == "nowhere", (party, other)


def test_a_site_that_has_all_of_a_private_range_is_asked_there() -> None:
    whole = {
        "addressing.supernets": {"onprem": ["10.48.0.0/12", "172.16.0.0/12"]},
        "sites.hq.prefixes": ["172.16.0.0/12"],
        "sites.hq.dns": ["172.16.0.53"],
    }
    plan, _ = planned(changed(whole, NAMED))
    for region in (EAST, WEST):
        assert from_resolvers(plan, region, "172.16.0.53") == "hq"
        assert from_resolvers(plan, region, "192.168.0.53") == "nowhere"


def test_names_follow_links_to_the_region_where_those_land() -> None:
    """It is the one that the environment started in, and here not the first by name."""
    west = {name: each for name, each in NAMED["networks"].items() if each["region"] != EAST}
    plan, _ = planned(NAMED, planned(changed({"networks": west}, NAMED))[1])
    assert {end.region for _, _, end in links_of(plan)} == {WEST}
    for region in (EAST, WEST):
        for party, targets in asked(plan).items():
            assert {from_resolvers(plan, region, target) for target in targets} == {party}
        assert {delivered_to(plan, WEST, "links", str(each)) for each in endpoints(plan, region)} == {
            own(plan, region).name
        }
    assert from_resolvers(plan, WEST, FORWARDERS) == "gcp"


# -- what is announced


ADOPTED: Config = changed({"networks.shop.cidr": "10.9.0.0/18", "networks.shop.size": LEFT_OUT}, NAMED)
"""Whose first region has a block with nothing but the region's own VPC in it."""


def only_adopted(config: Config) -> Config:
    return changed({"networks.tests": LEFT_OUT}, config)


def announced(plan: Plan) -> set[str]:
    """List what tunnels bring of the region where links land, of aggregates alone: receivers take nothing longer."""
    return {str(route.prefix) for route in table(plan, EAST, "links") if route.fixed and route.to not in (EAST, WEST)}


def test_tunnels_bring_the_aggregate_that_only_resolvers_stand_in() -> None:
    plan, ledger = planned(only_adopted(ADOPTED))
    (block,) = (cidr for cidr in plan.addressing["regions"]["aws/us-east-1"]["aggregates"] if cidr != "10.9.0.0/18")
    assert own(plan, EAST).attachment.summaries == (block,)
    assert block in announced(plan)
    assert not own(plan, WEST).attachment.summaries
    more = {"networks.more": {"cloud": "aws", "region": EAST, "size": 20, "segment": "prod"}}
    grown, ledger = planned(changed(more, only_adopted(ADOPTED)), ledger)
    assert not own(grown, EAST).attachment.summaries, "with central NAT, what is for nobody would leave by its gateway"
    assert network(aws_of(grown), "more").attachment.summaries == (block,)
    unnamed, _ = planned(changed({**more, "dns": LEFT_OUT}, only_adopted(ADOPTED)), ledger)
    assert block in network(aws_of(unnamed), "more").attachment.summaries


def test_where_nobody_asks_no_aggregate_points_at_an_empty_block() -> None:
    plan, ledger = planned(changed({"dns": LEFT_OUT}, only_adopted(ADOPTED)))
    assert not [each.name for each in aws_of(plan).networks if each.attachment.summaries]
    assert "transit" not in ledger.environments["prod"].fixed.values()


def test_networks_stand_for_aggregates_as_they_did_without_names() -> None:
    without, ledger = planned(TUNNELS)
    named, _ = planned(NAMED, ledger)
    for each in aws_of(without).networks:
        assert network(aws_of(named), each.name).attachment == each.attachment


# -- limits


def test_routes_of_resolvers_count_among_those_of_a_transit_gateway() -> None:
    plan, _ = planned(NAMED)
    counts = {
        hub.region: sum(len(table(plan, hub.region, name)) for name in hub.route_tables) for hub in aws_of(plan).hubs
    }
    with mock.patch.object(limits, "HUB_ROUTES", max(counts.values())):
        planned(NAMED)
    for region, count in counts.items():
        with mock.patch.object(limits, "HUB_ROUTES", count - 1), pytest.raises(ConfigurationError) as caught:
            planned(NAMED)
        assert f"needs {count} routes in the Transit Gateway of {region}" in str(caught.value)


def test_a_stack_without_names_is_as_it_was() -> None:
    """In regions with central NAT and in those without."""
    joined = changed(
        {"links": {"primary": "vpn"}, "sites": TUNNELS["sites"], "linkSecret": TUNNELS["linkSecret"]}, WIDE
    )
    plan, _ = planned(joined)
    for hub in aws_of(plan).hubs:
        assert ("transit" in hub.route_tables) == (hub.region == EAST)
        assert "transit" not in hub.blackholes
    for peering in aws_of(plan).peerings:
        assert "transit" not in {**peering.requester_routes, **peering.accepter_routes}
    assert not [name for name, _, end in links_of(plan) if "transit" in end.propagates_to]
    assert not own(plan, EAST).attachment.propagates_to
    assert [each.name for each in aws_of(plan).networks if each.segment is None] == ["aws-us-east-1-transit"]
