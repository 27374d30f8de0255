"""Claims about a core network of Cloud WAN, made on its policy as AWS would read it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any
from unittest import mock

import pytest

from planning.asns import POOLS
from planning.layouts import core_network
from planning.links.circuits import PREFERENCES
from planning.plan import Plan
from planning.release import release
from tests.planning.configurations import MEETING, STACK, WIDE, changed
from tests.planning.core_networks import (
    CLOUD_WAN,
    FORWARDERS,
    JOINED,
    MANY,
    NAMED,
    WITHOUT_CENTRAL,
    Attached,
    CoreNetwork,
    aggregates,
    aws_of,
    built,
    circuits,
    policy_of,
    ranges,
    tunnels,
    vpcs,
)
from tests.planning.test_links import EXCHANGE, TUNNELS, planned

PRIVATE = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}
OTHER_ACCOUNT = "999988887777"


@pytest.fixture(scope="module")
def joined() -> tuple[Plan, CoreNetwork]:
    return built(JOINED)


def test_networks_reach_each_other_in_all_regions_exactly_when_their_segments_are_connected() -> None:
    plan, core = built(MANY)
    assert plan.aws
    for source, target in product(plan.aws.networks, plan.aws.networks):
        assert source.segment
        for cidr in ranges(target):
            arrives = core.delivered_to(source.segment, cidr) == target.name
            assert arrives == (target.segment in MEETING[source.segment]), f"{source.name} to {target.name}"


def test_private_addresses_that_nobody_has_end_in_the_core_network() -> None:
    _, core = built(MANY)
    for segment in MEETING:
        dropped = {str(route.prefix) for route in core.table(segment) if route.fixed}
        assert dropped == PRIVATE
        assert core.delivered_to(segment, "10.31.0.0/24") == "nowhere"
    assert not [route for route in core.table("links") if route.fixed]


def test_there_are_no_transit_gateways_beside_a_core_network_nor_a_core_network_beside_them() -> None:
    aws = aws_of(MANY)
    assert not aws.hubs
    assert not aws.peerings
    assert aws_of(changed(WITHOUT_CENTRAL, WIDE)).core_network is None


def test_a_vpc_is_the_same_whatever_it_hangs_on() -> None:
    on_core, on_gateways = (
        {
            network.name: replace(network, attachment=replace(network.attachment, propagates_to=(), summaries=()))
            for network in aws_of(config).networks
        }
        for config in (MANY, changed(WITHOUT_CENTRAL, WIDE))
    )
    assert on_core == on_gateways


def test_a_network_reaches_over_links_what_its_segment_may_and_nothing_else(joined: tuple[Plan, CoreNetwork]) -> None:
    plan, core = joined
    assert plan.azure
    space = {network.name: network.address_space[0] for network in plan.azure.networks if network.segment}
    reached = {
        (segment, name)
        for segment in ("prod", "staging", "shared")
        for name, cidr in {**space, "hq": "10.48.0.0/16", "plant": "10.49.0.0/16"}.items()
        if core.delivered_to(segment, cidr) != "nowhere"
    }
    assert reached == {
        ("prod", "erp"),
        ("prod", "identity"),
        ("staging", "erp-tests"),
        ("staging", "identity"),
        *(("shared", name) for name in (*space, "hq", "plant")),
    }


def test_nothing_passes_through_from_one_link_to_another(joined: tuple[Plan, CoreNetwork]) -> None:
    plan, core = joined
    behind_links = {prefix for party in ("azure", "gcp", "hq", "plant") for prefix in aggregates(plan, party)}
    for link in [*tunnels(plan), *circuits(plan)]:
        assert core.segment_of(link) == ("links", False)
        assert core.announced_to(link).isdisjoint(behind_links)
        for prefix in behind_links:
            assert core.delivered_to("links", prefix) == "nowhere"


def test_what_comes_over_links_finds_every_network_that_reaches_something_there(
    joined: tuple[Plan, CoreNetwork],
) -> None:
    plan, core = joined
    assert plan.aws
    for network in plan.aws.networks:
        assert core.delivered_to("links", network.cidr) == network.name


def test_tunnels_and_circuits_bring_the_same_aggregates_of_aws_so_that_length_never_decides(
    joined: tuple[Plan, CoreNetwork],
) -> None:
    plan, core = joined
    with_gateways = planned(EXCHANGE)[0].links
    assert with_gateways
    assert with_gateways.aws_circuit_gateway
    for link in [*tunnels(plan), *circuits(plan)]:
        assert core.announced_to(link) == set(with_gateways.aws_circuit_gateway.allowed_prefixes)


def test_a_link_has_no_tables_of_its_own_to_write_to_and_gateways_have_no_edges(
    joined: tuple[Plan, CoreNetwork],
) -> None:
    links, on_gateways = joined[0].links, planned(EXCHANGE)[0].links
    assert links
    assert on_gateways
    assert on_gateways.aws_circuit_gateway
    assert not [vpn.name for vpn in links.vpns if vpn.aws and vpn.aws.propagates_to]
    assert not on_gateways.aws_circuit_gateway.edge_locations
    (backbone,) = [row for row in links.table if row["name"] == "aws us-east-1/us-west-2"]
    assert backbone["preference"] == "core network"


def test_every_region_is_announced_over_circuits_by_its_own_edge(joined: tuple[Plan, CoreNetwork]) -> None:
    plan, core = joined
    assert plan.links
    assert plan.links.aws_circuit_gateway
    gateway = plan.links.aws_circuit_gateway
    assert not gateway.allowed_prefixes, "a core network announces what its segment knows"
    assert set(gateway.edge_locations) == {"us-east-1", "us-west-2"}
    for region in gateway.edge_locations:
        told = core.announced_to(circuits(plan)[0], region)
        assert told == set(plan.addressing["regions"][f"aws/{region}"]["aggregates"])


def test_an_adopted_network_that_is_an_aggregate_itself_is_announced_as_it_is() -> None:
    adopted = {"cloud": "aws", "region": "us-east-1", "segment": "prod", "cidr": "10.9.0.0/18"}
    plan, core = built(changed({"networks.old": adopted}, JOINED))
    for link in [*tunnels(plan), *circuits(plan)]:
        assert "10.9.0.0/18" in core.announced_to(link)
    for policy in core.policies("circuits", "outbound"):
        sums = [rule["rule-definition"]["action"]["value"] for rule in policy["routing-policy-rules"]]
        assert "10.9.0.0/18" not in sums


@pytest.mark.parametrize("preference", PREFERENCES)
def test_circuits_are_taken_before_tunnels_whatever_metro_they_come_from(preference: Any) -> None:  # noqa: ANN401 - a plan type
    """A core network takes the shorter path, and the path over the exchange is the longer one."""
    plan, _ = planned(JOINED)
    assert plan.aws
    attached = [*vpcs(plan.aws), *tunnels(plan), *circuits(plan, preference.prepends)]
    core = CoreNetwork(policy_of(JOINED), attached)
    for party in ("azure", "gcp", "hq"):
        for prefix in aggregates(plan, party):
            assert core.delivered_to("shared", prefix) == f"circuits to {party}"
    (plant,) = aggregates(plan, "plant")
    assert core.delivered_to("shared", plant) == "aws-plant-vpn"


def test_tunnels_take_over_where_there_is_no_circuit() -> None:
    _, core = built(changed(CLOUD_WAN, TUNNELS))
    assert core.delivered_to("shared", "10.48.0.0/16") == "aws-hq-vpn"


def test_a_path_is_lengthened_by_a_number_that_no_router_of_ours_has() -> None:
    (first, *others) = json.loads(policy_of(JOINED))["routing-policies"][0]["routing-policy-rules"]
    longer = first["rule-definition"]["action"]["value"]
    assert not others
    assert len(set(longer)) == 1
    assert not any(longer[0] in pool for pool in POOLS.values())


def test_edges_have_the_asns_of_the_ledger_in_a_range_that_nobody_else_has_a_number_of() -> None:
    plan, ledger = planned(JOINED)
    configuration = json.loads(policy_of(JOINED))["core-network-configuration"]
    numbers = {edge["location"]: edge["asn"] for edge in configuration["edge-locations"]}
    asns = ledger.environments["prod"].asns
    assert numbers == {"us-east-1": asns["cloud-wan/us-east-1"], "us-west-2": asns["cloud-wan/us-west-2"]}
    (start, stop) = map(int, configuration["asn-ranges"][0].split("-"))
    assert all(asn in range(start, stop) for asn in numbers.values())
    others = {asn for key, asn in asns.items() if not key.startswith("cloud-wan/")}
    others |= {site["asn"] for site in plan.addressing["sites"].values()}
    assert others
    assert not any(asn in range(start, stop) for asn in others)
    assert plan.links
    ends = [vpn.aws for vpn in plan.links.vpns if vpn.aws]
    assert {end.asn for end in ends} == {numbers["us-east-1"]}
    assert plan.addressing["regions"]["aws/us-west-2"]["hub"]["asn"] == numbers["us-west-2"]


def test_a_number_from_beyond_the_pool_is_in_a_range_too() -> None:
    with mock.patch.dict(POOLS, {"cloud-wan": range(64610, 64611)}):
        configuration = json.loads(policy_of(JOINED))["core-network-configuration"]
    assert [edge["asn"] for edge in configuration["edge-locations"]] == [64610, 64640]
    assert configuration["asn-ranges"] == ["64610-64611", "64640-64641"]


def test_an_edge_outlives_its_regions_networks_until_the_region_is_released() -> None:
    """Pulumi changes the policy before it deletes attachments, and AWS keeps an edge that something is attached to."""
    _, ledger = planned(JOINED)
    networks = {name: network for name, network in JOINED["networks"].items() if name != "shop-west"}
    without = changed({"networks": networks}, JOINED)
    later, ledger = planned(without, ledger)
    assert later.links
    assert later.links.aws_circuit_gateway
    assert later.links.aws_circuit_gateway.edge_locations == ("us-east-1",)
    assert set(core_edges(later)) == {"us-east-1", "us-west-2"}
    assert release(ledger, STACK, "aws/us-west-2")
    assert set(core_edges(planned(without, ledger)[0])) == {"us-east-1"}


def core_edges(plan: Plan) -> Mapping[str, int]:
    assert plan.aws
    assert plan.aws.core_network
    return plan.aws.core_network.edges


def test_the_segment_for_links_is_there_before_the_first_link_and_after_the_last() -> None:
    policy = json.loads(policy_of(MANY))
    assert policy["segments"][-1]["name"] == "links"
    assert policy["segments"][-1]["isolate-attachments"] is True
    assert not [
        a for a in policy["segment-actions"] if a["action"] == "share" and "links" in (a["segment"], *a["share-with"])
    ]
    assert "routing-policies" not in policy


def test_a_segment_that_reaches_nothing_over_links_is_not_heard_of_there() -> None:
    alone = {
        "networks.vault": {"cloud": "aws", "region": "us-east-1", "size": 20, "segment": "alone"},
        "segments.alone": {},
    }
    plan, core = built(changed(alone, JOINED))
    assert plan.aws
    (vault,) = [network for network in plan.aws.networks if network.name == "vault"]
    assert core.delivered_to("links", vault.cidr) == "nowhere"
    assert all(core.delivered_to("alone", prefix) == "nowhere" for prefix in aggregates(plan, "azure"))


def test_another_network_in_a_regions_block_leaves_the_policy_as_it_is() -> None:
    _, ledger = planned(JOINED)
    grown = changed({"networks.more": {**JOINED["networks"]["shop"], "size": 20}}, JOINED)
    assert policy_of(grown, ledger) == policy_of(JOINED, ledger)


def test_others_get_in_with_a_vpc_alone_and_only_when_we_agree() -> None:
    shared = changed({"accounts.aws.shareWith": [OTHER_ACCOUNT]}, JOINED)
    theirs = Attached("theirs", "us-east-1", "vpc", "prod", ("10.200.0.0/16",), account=OTHER_ACCOUNT)
    core = CoreNetwork(policy_of(shared), [])
    assert core.segment_of(theirs) == ("prod", True)
    assert core.segment_of(replace(theirs, kind="site-to-site-vpn")) == (None, False)
    assert core.segment_of(replace(theirs, account="111122223333")) == ("prod", False)
    alone = CoreNetwork(policy_of(JOINED), [])
    assert alone.segment_of(theirs) == (None, False)


def test_the_policy_stays_within_what_aws_takes(joined: tuple[Plan, CoreNetwork]) -> None:
    _, core = joined
    policy = core.policy
    assert policy["version"] == "2025.11"
    names = [*core.segments, *(each["routing-policy-name"] for each in policy["routing-policies"])]
    assert all(name.isalnum() for name in names)
    for each in policy["routing-policies"]:
        assert len(each["routing-policy-rules"]) <= 10
        assert all(len(rule["rule-definition"]["match-conditions"]) <= 5 for rule in each["routing-policy-rules"])
        assert len({rule["rule-number"] for rule in each["routing-policy-rules"]}) == len(each["routing-policy-rules"])
    shares = [action for action in policy["segment-actions"] if action["action"] == "share"]
    both = [frozenset((share["segment"], other)) for share in shares for other in share["share-with"]]
    assert len(set(both)) == len(both)
    assert all(len(pair) == 2 for pair in both)
    for rule in policy["attachment-routing-policy-rules"]:
        assert 0 < len(rule["action"]["associate-routing-policies"]) <= 5


def test_more_aggregates_than_a_routing_policy_has_rules_are_spread_over_several() -> None:
    with mock.patch.object(core_network, "RULES", 1):
        plan, core = built(JOINED)
    assert len(core.policies("tunnels", "outbound")) == len(core.policies("circuits", "outbound")) == 2
    for key in ("routing-policy-number", "routing-policy-name"):
        told_apart = {policy[key] for policy in core.policy["routing-policies"]}
        assert len(told_apart) == 3
    for link in [*tunnels(plan), *circuits(plan)]:
        assert core.announced_to(link) == set(aggregates(plan, "aws"))


# -- resolvers


@pytest.fixture(scope="module")
def named() -> tuple[Plan, CoreNetwork]:
    return built(NAMED)


def endpoints(plan: Plan) -> Mapping[str, set[str]]:
    """Map the VPCs that resolvers stand in to the addresses there."""
    assert plan.names
    assert plan.names.aws
    return {each.network: {*each.inbound.values(), *each.outbound.values()} for each in plan.names.aws.resolvers}


def test_resolvers_reach_over_links_those_that_they_ask_and_that_ask_them(named: tuple[Plan, CoreNetwork]) -> None:
    plan, core = named
    assert plan.names
    assert plan.names.aws
    for resolver in plan.names.aws.resolvers:
        assert {"azure", "gcp", "hq"} == {*resolver.asks.values()}
        for cidr, party in {**resolver.asks, **resolver.asked_by}.items():
            assert core.delivered_to("transit", cidr) == f"circuits to {party}", cidr
    assert core.delivered_to("transit", FORWARDERS) == "circuits to gcp"
    (east, west) = (network for network in aws_of(NAMED).networks if network.segment is None)
    for network, reached in ((east, True), (west, False)):
        to_hub = {route.destination for each in network.route_tables for route in each.routes}
        assert (FORWARDERS in to_hub) == reached
        assert to_hub >= PRIVATE


def test_answers_and_queries_find_the_resolvers_of_every_region(named: tuple[Plan, CoreNetwork]) -> None:
    plan, core = named
    assert {name: len(addresses) for name, addresses in endpoints(plan).items()} == {
        "aws-us-east-1-transit": 4,
        "aws-us-west-2-transit": 2,
    }
    for name, addresses in endpoints(plan).items():
        for address in addresses:
            assert core.delivered_to("links", address) == name


def test_resolvers_meet_links_alone_and_of_those_nobody_without_names(named: tuple[Plan, CoreNetwork]) -> None:
    plan, core = named
    assert [pair for pair in core.shared if "transit" in pair] == [frozenset(("transit", "links"))]
    assert {route.to for route in core.table("transit")} == {
        "nowhere",
        *("circuits to azure", "circuits to gcp", "circuits to hq"),
        *("aws-azure-vpn", "aws-gcp-vpn", "aws-hq-vpn", "aws-plant-vpn"),
    }
    plant = aggregates(plan, "plant")
    assert plant
    for cidr in (*plant, *(vpc.cidr for vpc in aws_of(NAMED).networks), "10.79.0.0/24"):
        assert core.delivered_to("transit", cidr) == "nowhere", cidr
    for segment, addresses in product(("prod", "staging", "shared"), endpoints(plan).values()):
        assert {core.delivered_to(segment, address) for address in addresses} == {"nowhere"}


def test_names_change_nothing_of_what_links_are_told_and_pass_on(named: tuple[Plan, CoreNetwork]) -> None:
    plan, core = named
    for link in [*tunnels(plan), *circuits(plan)]:
        assert core.segment_of(link) == ("links", False)
        assert core.announced_to(link) == set(aggregates(plan, "aws"))
        for party in ("azure", "gcp", "hq", "plant"):
            assert {core.delivered_to("links", prefix) for prefix in aggregates(plan, party)} == {"nowhere"}


def test_resolvers_hear_of_links_that_no_segment_reaches() -> None:
    """A site that names are asked of and nothing else."""
    in_aws = {name: network for name, network in NAMED["networks"].items() if network["cloud"] == "aws"}
    segments = {"prod": {}, "staging": {}}
    config = changed({"networks": in_aws, "segments": segments, "links": {"primary": "vpn"}}, NAMED)
    plan, core = built(config)
    assert [pair for pair in core.shared if "links" in pair] == [frozenset(("transit", "links"))]
    for link in tunnels(plan):
        assert core.announced_to(link) == set(aggregates(plan, "aws"))
    assert core.delivered_to("transit", "10.48.0.53") == "aws-hq-vpn"
    assert core.delivered_to("transit", "10.49.0.53") == "nowhere"


def test_the_segment_of_resolvers_is_there_from_the_first_on_and_stays() -> None:
    """Pulumi changes the policy before it deletes attachments, and a segment cannot go before those."""
    named, ledger = planned(NAMED)
    assert json.loads(policy_of(NAMED))["segments"][-2] == {
        "name": "transit",
        "isolate-attachments": True,
        "require-attachment-acceptance": False,
    }
    assert named.aws
    assert named.aws.core_network
    assert named.aws.core_network.segments[-2:] == ("transit", "links")
    assert not [each.name for each in named.aws.networks if each.attachment.propagates_to or each.attachment.summaries]
    before, after = policy_of(JOINED), policy_of(JOINED, ledger)
    assert "transit" not in before
    assert [segment["name"] for segment in json.loads(after)["segments"]][-2:] == ["transit", "links"]
    assert {**json.loads(after), "segments": []} == {**json.loads(before), "segments": []}
    assert not [network.name for network in aws_of(JOINED, ledger).networks if network.segment is None]
