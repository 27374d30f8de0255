"""Claims about Google's register of addresses."""

from dataclasses import replace

import pytest

from components.gcp.cloud import build
from inspection.graph import Graph
from inspection.recording import record
from tests.components.gcp.graphs import NETWORK, RANGE, SUBNET, Provider, in_network, preview, refers
from tests.components.gcp.plans import CLOUD, ELSEWHERE


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview(CLOUD)


def test_what_is_in_use_elsewhere_is_reserved_in_every_vpc(graph: Graph) -> None:
    for network in graph.of_type(NETWORK):
        external = [
            each.inputs["ipCidrRange"]
            for each in in_network(graph, RANGE, "network", network)
            if each.inputs["usage"] == "EXTERNAL_TO_VPC"
        ]
        assert external == list(ELSEWHERE.values()), network.name


def test_every_range_of_a_subnet_is_reserved_in_its_vpc_and_nothing_else_is(graph: Graph) -> None:
    for network in graph.of_type(NETWORK):
        reserved = [
            each.inputs["ipCidrRange"]
            for each in in_network(graph, RANGE, "network", network)
            if each.inputs["usage"] == "FOR_VPC"
        ]
        used = [
            cidr
            for subnet in in_network(graph, SUBNET, "network", network)
            for cidr in (
                subnet.inputs["ipCidrRange"],
                *(secondary["ipCidrRange"] for secondary in subnet.inputs["secondaryIpRanges"]),
            )
        ]
        assert sorted(reserved) == sorted(used), network.name


def test_a_subnet_refers_to_the_ranges_that_reserve_its_addresses(graph: Graph) -> None:
    for subnet in graph.of_type(SUBNET):
        primary = [each for each in graph.of_type(RANGE) if refers(subnet, "reservedInternalRange", each)]
        assert [each.inputs["ipCidrRange"] for each in primary] == [subnet.inputs["ipCidrRange"]], subnet.name
        secondary = [each for each in graph.of_type(RANGE) if refers(subnet, "secondaryIpRanges", each)]
        assert sorted(each.inputs["ipCidrRange"] for each in secondary) == sorted(
            each["ipCidrRange"] for each in subnet.inputs["secondaryIpRanges"]
        ), subnet.name


def test_once_ids_are_known_each_reference_is_to_the_range_with_the_same_addresses() -> None:
    graph = record(lambda: build(CLOUD, protect=False, provider=Provider()), complete=lambda *_: {})
    cidr_of = {
        f"networkconnectivity.googleapis.com/{each.id}": each.inputs["ipCidrRange"] for each in graph.of_type(RANGE)
    }
    for subnet in graph.of_type(SUBNET):
        for ranges in (subnet.inputs, *subnet.inputs["secondaryIpRanges"]):
            assert cidr_of[ranges["reservedInternalRange"]] == ranges["ipCidrRange"], subnet.name


def test_addresses_are_literal_so_that_a_preview_shows_them_and_nothing_renumbers(graph: Graph) -> None:
    for each in graph.of_type(RANGE):
        assert "prefixLength" not in each.inputs
        assert "targetCidrRanges" not in each.inputs


def test_nothing_is_reserved_where_the_plan_does_not_ask_for_it() -> None:
    graph = preview(replace(CLOUD, register_addresses=False))
    assert not graph.of_type(RANGE)
    for subnet in graph.of_type(SUBNET):
        assert "reservedInternalRange" not in subnet.inputs
        assert not [each for each in subnet.inputs["secondaryIpRanges"] if "reservedInternalRange" in each]
