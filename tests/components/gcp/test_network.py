"""Claims about a VPC: its subnets, routers, NAT gateways and its place on the hub."""

from dataclasses import replace

import pulumi
import pytest

from components.gcp.cloud import build
from inspection.graph import Graph
from planning.gcp import Gcp, Network
from tests.components.gcp.graphs import (
    ASSOCIATION,
    GROUP,
    HUB,
    NAT,
    NETWORK,
    ROUTER,
    RULE,
    SPOKE,
    SUBNET,
    Provider,
    in_network,
    preview,
    refers,
)
from tests.components.gcp.plans import ANALYTICS, BILLING, CLOUD, STAR, TRANSIT
from tests.support.recorded import depends_on, preview_of

IN_STAR = replace(
    CLOUD,
    hub=STAR,
    networks=(replace(ANALYTICS, group="edge"), replace(BILLING, group="edge"), replace(TRANSIT, group="center")),
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview(CLOUD)


def test_no_subnet_exists_that_the_ledger_does_not_name(graph: Graph) -> None:
    for plan in CLOUD.networks:
        network = graph.named(NETWORK, plan.name)
        assert network.inputs["autoCreateSubnetworks"] is False, "auto mode makes a subnet in every region"
        built = {
            (subnet.inputs["region"], subnet.inputs["ipCidrRange"])
            for subnet in in_network(graph, SUBNET, "network", network)
        }
        assert built == {(subnet.region, subnet.cidr) for subnet in plan.subnets}
    assert len(graph.of_type(SUBNET)) == sum(len(plan.subnets) for plan in CLOUD.networks)


def test_secondary_ranges_are_the_plans_and_go_when_the_plan_drops_the_last(graph: Graph) -> None:
    with_pods = graph.named(SUBNET, "analytics-private-us-east4").inputs["secondaryIpRanges"]
    assert {each["rangeName"]: each["ipCidrRange"] for each in with_pods} == ANALYTICS.subnets[0].secondary
    without = graph.named(SUBNET, "analytics-private-us-west1")
    assert without.inputs["secondaryIpRanges"] == []
    assert without.inputs["sendSecondaryIpRangeIfEmpty"] is True


def test_every_subnet_logs_its_flows_and_reaches_google_without_a_public_address(graph: Graph) -> None:
    for subnet in graph.of_type(SUBNET):
        assert subnet.inputs["logConfig"]["flowSampling"] > 0, subnet.name
        assert subnet.inputs["privateIpGoogleAccess"] is True, subnet.name


def test_no_subnet_has_ipv6_which_neither_the_ledger_nor_the_hub_would_know_of(graph: Graph) -> None:
    assert {subnet.inputs["stackType"] for subnet in graph.of_type(SUBNET)} == {"IPV4_ONLY"}


def test_the_default_route_stays_because_nat_and_google_apis_leave_by_it(graph: Graph) -> None:
    assert {network.inputs["deleteDefaultRoutesOnCreate"] for network in graph.of_type(NETWORK)} == {False}


def test_packets_of_one_size_pass_between_all_vpcs(graph: Graph) -> None:
    assert {network.inputs["mtu"] for network in graph.of_type(NETWORK)} == {1460}


def test_a_router_in_one_region_serves_all_regions_and_the_lowest_med_wins_over_all_routers(graph: Graph) -> None:
    for network in graph.of_type(NETWORK):
        assert network.inputs["routingMode"] == "GLOBAL"
        assert network.inputs["bgpBestPathSelectionMode"] == "LEGACY"
        assert "bgpAlwaysCompareMed" not in network.inputs, "STANDARD alone takes it"


def test_routers_announce_exactly_the_plans_ranges_never_a_default(graph: Graph) -> None:
    for plan in TRANSIT.routers:
        router = graph.named(ROUTER, f"gcp-transit-{plan.suffix}-{plan.region}")
        bgp = router.inputs["bgp"]
        assert router.inputs["region"] == plan.region
        assert refers(router, "network", graph.named(NETWORK, "gcp-transit"))
        assert bgp["asn"] == plan.asn
        assert bgp["advertiseMode"] == "CUSTOM", "in any other mode Google ignores the ranges"
        assert "advertisedGroups" not in bgp, "a subnet beside its aggregate would win over whoever sends only that"
        announced = {each["range"]: each["description"] for each in bgp["advertisedIpRanges"]}
        assert announced == plan.advertised
        assert "0.0.0.0/0" not in announced


def test_tunnels_and_partner_attachments_find_their_own_router_where_a_region_has_both() -> None:
    def program() -> None:
        network = build(CLOUD, protect=False, provider=Provider()).networks["gcp-transit"]
        for kind, names in (("tunnels", network.router_names), ("partner", network.partner_router_names)):
            for region, name in names.items():
                pulumi.export(f"{kind} {region}", name)

    assert preview_of(program).outputs == {
        "tunnels us-east4": "prod-transit-router-us-east4",
        "tunnels us-west1": "prod-transit-router-us-west1",
        "partner us-east4": "prod-transit-partner-us-east4",
    }


def test_a_silent_neighbour_is_given_up_after_a_minute(graph: Graph) -> None:
    intervals = [
        router.inputs["bgp"]["keepaliveInterval"] for router in graph.of_type(ROUTER) if "bgp" in router.inputs
    ]
    assert intervals == [20, 20, 20], "Google holds a session for three intervals"


def test_the_way_to_the_internet_has_a_router_of_its_own_that_speaks_no_bgp(graph: Graph) -> None:
    (nat,) = graph.of_type(NAT)
    router = graph.named(ROUTER, "analytics-nat-us-east4")
    assert "bgp" not in router.inputs
    assert refers(router, "network", graph.named(NETWORK, "analytics"))
    assert (nat.inputs["router"], nat.inputs["region"]) == (router.inputs["name"], router.inputs["region"])
    assert refers(nat, "router", router)


def test_a_nat_gateway_serves_pods_too_with_addresses_that_google_picks(graph: Graph) -> None:
    (nat,) = graph.of_type(NAT)
    assert nat.inputs["sourceSubnetworkIpRangesToNat"] == "ALL_SUBNETWORKS_ALL_IP_RANGES"
    assert nat.inputs["natIpAllocateOption"] == "AUTO_ONLY"
    assert nat.inputs["logConfig"] == {"enable": True, "filter": "ERRORS_ONLY"}


@pytest.mark.parametrize("plan", [CLOUD, IN_STAR], ids=["MESH", "STAR"])
def test_each_vpc_is_on_the_hub_exactly_once_and_everywhere(plan: Gcp) -> None:
    graph = preview(plan)
    hub = graph.named(HUB, "gcp-hub")
    for network in graph.of_type(NETWORK):
        (spoke,) = in_network(graph, SPOKE, "linkedVpcNetwork", network)
        assert spoke.inputs["location"] == "global"
        assert refers(spoke, "hub", hub)
    assert len(graph.of_type(SPOKE)) == 3


def test_in_a_star_each_spoke_joins_the_group_of_the_plan_after_that_group_exists() -> None:
    graph = preview(IN_STAR)
    for plan in IN_STAR.networks:
        spoke = graph.named(SPOKE, f"{plan.name}-spoke")
        assert [group.inputs["name"] for group in graph.of_type(GROUP) if refers(spoke, "group", group)] == [plan.group]


def test_in_a_mesh_no_spoke_names_the_group_that_it_joins_anyway(graph: Graph) -> None:
    assert not [spoke.name for spoke in graph.of_type(SPOKE) if "group" in spoke.inputs]


def test_a_group_that_the_hub_does_not_have_fails_at_once_instead_of_joining_another() -> None:
    wrong = replace(IN_STAR, networks=(replace(ANALYTICS, group="centre"),))
    with pytest.raises(KeyError, match="centre"):
        preview(wrong)


def test_a_vpc_joins_the_hub_only_with_its_filter_in_force_and_its_subnets_in_place(graph: Graph) -> None:
    spoke = graph.named(SPOKE, "analytics-spoke")
    first = [
        graph.named(ASSOCIATION, "analytics-firewall"),
        *graph.of_type(RULE)[:4],
        graph.named(SUBNET, "analytics-private-us-east4"),
        graph.named(SUBNET, "analytics-private-us-west1"),
    ]
    assert not [other.name for other in first if not depends_on(graph, spoke, other)]


def test_growing_a_network_moves_nothing_that_was_there() -> None:
    def resources(network: Network) -> dict[str, object]:
        graph = preview(replace(CLOUD, networks=(network,)))
        return {resource.urn: resource.inputs for resource in graph.resources}

    grown = replace(ANALYTICS, subnets=ANALYTICS.subnets[::-1], nat_regions=("us-west1", "us-east4"))
    before, after = resources(ANALYTICS), resources(grown)
    assert before == {urn: inputs for urn, inputs in after.items() if urn in before}
    assert {urn.rpartition("::")[2] for urn in after.keys() - before.keys()} == {"analytics-nat-us-west1"}


def test_service_ranges_of_clusters_are_not_told_to_the_hub(graph: Graph) -> None:
    for spoke in graph.of_type(SPOKE):
        assert spoke.inputs["linkedVpcNetwork"]["excludeExportRanges"] == ["100.64.0.0/10"]
