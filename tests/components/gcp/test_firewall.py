"""Claims about the filter that holds the segments apart inside Google Cloud."""

from dataclasses import replace

import pytest

from inspection.graph import Graph, Resource
from planning.gcp import FirewallRule
from tests.components.gcp.graphs import ASSOCIATION, NETWORK, POLICY, RULE, preview, refers
from tests.components.gcp.plans import ANALYTICS, CLOUD, PRIVATE, REACHABLE, TRANSIT
from tests.support.recorded import depends_on

FAR_SIDE = {"INGRESS": "srcIpRanges", "EGRESS": "destIpRanges"}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview(replace(CLOUD, networks=(ANALYTICS,)))


def rules(graph: Graph, direction: str) -> list[Resource]:
    found = [rule for rule in graph.of_type(RULE) if rule.inputs["direction"] == direction]
    return sorted(found, key=lambda rule: rule.inputs["priority"])


@pytest.mark.parametrize("direction", FAR_SIDE)
def test_what_a_segment_reaches_is_left_to_its_owners_before_all_other_private_space_is_denied(
    graph: Graph, direction: str
) -> None:
    first, last = rules(graph, direction)
    assert first.inputs["action"] == "goto_next"
    assert first.inputs["match"][FAR_SIDE[direction]] == list(REACHABLE)
    assert last.inputs["action"] == "deny"
    assert last.inputs["match"][FAR_SIDE[direction]] == list(PRIVATE)


@pytest.mark.parametrize("direction", FAR_SIDE)
def test_a_rule_names_the_far_side_only_because_the_near_side_is_the_vpc(graph: Graph, direction: str) -> None:
    for rule in rules(graph, direction):
        assert rule.inputs["match"].keys() == {"layer4Configs", FAR_SIDE[direction]}


def test_no_protocol_slips_through(graph: Graph) -> None:
    assert [rule.inputs["match"]["layer4Configs"] for rule in graph.of_type(RULE)] == [[{"ipProtocol": "all"}]] * 4


def test_a_rule_of_one_port_is_for_tcp_and_udp_and_for_nothing_else() -> None:
    names = FirewallRule("names-ingress", 1000, "INGRESS", "allow", REACHABLE, port=53)
    rule = preview(replace(CLOUD, networks=(replace(TRANSIT, firewall_rules=(names,)),))).named(
        RULE, "gcp-transit-firewall-names-ingress"
    )
    assert rule.inputs["action"] == "allow"
    assert rule.inputs["match"] == {
        "layer4Configs": [{"ipProtocol": "tcp", "ports": ["53"]}, {"ipProtocol": "udp", "ports": ["53"]}],
        "srcIpRanges": list(REACHABLE),
    }


def test_every_rule_belongs_to_the_policy_that_is_in_force_on_the_vpc(graph: Graph) -> None:
    policy = graph.named(POLICY, "analytics-firewall")
    association = graph.named(ASSOCIATION, "analytics-firewall")
    assert refers(association, "attachmentTarget", graph.named(NETWORK, "analytics"))
    assert refers(association, "firewallPolicy", policy)
    assert len(graph.of_type(RULE)) == 4
    assert all(refers(rule, "firewallPolicy", policy) for rule in graph.of_type(RULE))


def test_a_policy_comes_into_force_only_when_it_is_complete(graph: Graph) -> None:
    association = graph.named(ASSOCIATION, "analytics-firewall")
    assert not [rule.name for rule in graph.of_type(RULE) if not depends_on(graph, association, rule)]


def test_the_policy_is_asked_before_the_rules_that_owners_of_workloads_write() -> None:
    orders = {
        network.name: network.inputs["networkFirewallPolicyEnforcementOrder"]
        for network in preview(CLOUD).of_type(NETWORK)
    }
    assert orders == dict.fromkeys(("analytics", "billing", "gcp-transit"), "BEFORE_CLASSIC_FIREWALL")


def test_every_network_with_rules_has_its_own_policy_and_one_without_has_none() -> None:
    graph = preview(CLOUD)
    assert [policy.inputs["name"] for policy in graph.of_type(POLICY)] == ["prod-analytics", "prod-billing"]
    attached = {
        network.name
        for network in graph.of_type(NETWORK)
        for association in graph.of_type(ASSOCIATION)
        if refers(association, "attachmentTarget", network)
    }
    assert attached == {"analytics", "billing"}


def test_reordering_the_rules_of_a_plan_changes_no_rule() -> None:
    def by_name(graph: Graph) -> dict[str, object]:
        return {rule.name: rule.inputs for rule in graph.of_type(RULE)}

    turned = replace(ANALYTICS, firewall_rules=ANALYTICS.firewall_rules[::-1])
    assert by_name(preview(replace(CLOUD, networks=(turned,)))) == by_name(
        preview(replace(CLOUD, networks=(ANALYTICS,)))
    )
