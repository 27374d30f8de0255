"""Segments across links: who may send a packet to whom, walked from the network that it leaves to the one it reaches.

Links bring whole regions, so each cloud has to know what of them is a segment's: Azure's security groups and Google's
firewall policies by what they allow, a Transit Gateway by what its tables drop, and a VPC that no site may reach by
a network ACL, since attachments that clouds and sites share let both in.
"""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network

import pytest

from inspection.graph import Json
from tests.program.routes import (
    NETWORK,
    behind_links,
    by_id,
    followed,
    networks_in,
    ranges_of,
    reached,
    tables_for,
    vpc_attachments,
)
from tests.program.stacks import settings_of, update_of
from tests.program.wanted import ON_TRANSIT_GATEWAYS, clouds, sites

ACL = "aws:ec2/networkAcl:NetworkAcl"
POLICY = "gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy"
POLICY_RULE = "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule"
POLICY_ON_NETWORK = "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation"

on_transit_gateways = pytest.mark.parametrize("stack", ON_TRANSIT_GATEWAYS)
Rule = tuple[int, bool, Sequence[str]]
"""Order, whether it lets pass, and what it is about: the first that matches decides."""


def verdict(rules: Sequence[Rule], far: IPv4Network, *, otherwise: bool) -> bool:
    for _, passes, prefixes in sorted(rules, key=lambda rule: rule[0]):
        if any(prefix == "*" or far.subnet_of(IPv4Network(prefix)) for prefix in prefixes):
            return passes
    return otherwise


def let_out(stack: str, network: str, far: IPv4Network) -> bool:
    """Tell whether a network sends what is meant for a range: by its filters and, in AWS, by its routes."""
    cloud = settings_of(stack)["networks"][network]["cloud"]
    if cloud == "aws":
        [table] = tables_for(stack, vpc_attachments(stack)[network].id)
        return followed(stack, table, far) is not None and by_acl(stack, network, "egress", far)
    if cloud == "azure":
        return by_security_group(stack, network, "Outbound", far)
    return by_policy(stack, network, "EGRESS", far)


def let_in(stack: str, network: str, far: IPv4Network) -> bool:
    """Tell whether a network takes what comes from a range."""
    cloud = settings_of(stack)["networks"][network]["cloud"]
    if cloud == "aws":
        return by_acl(stack, network, "ingress", far)
    if cloud == "azure":
        return by_security_group(stack, network, "Inbound", far)
    return by_policy(stack, network, "INGRESS", far)


def by_acl(stack: str, network: str, direction: str, far: IPv4Network) -> bool:
    """Ask a VPC's network ACL; without one of its own, AWS lets everything pass."""
    graph = update_of(stack)
    vpc = vpc_attachments(stack)[network].inputs["vpcId"]
    subnets = {subnet.id for subnet in graph.of_type("aws:ec2/subnet:Subnet") if subnet.inputs["vpcId"] == vpc}
    for acl in graph.of_type(ACL):
        if acl.inputs["vpcId"] == vpc:
            assert {*acl.inputs["subnetIds"]} == subnets, "a subnet left out has AWS's own, which refuses nothing"
            return verdict(
                [(rule["ruleNo"], rule["action"] == "allow", [rule["cidrBlock"]]) for rule in acl.inputs[direction]],
                far,
                otherwise=False,
            )
    return True


def by_security_group(stack: str, network: str, direction: str, far: IPv4Network) -> bool:
    side = "source" if direction == "Inbound" else "destination"
    rules: list[Rule] = [
        (rule["priority"], rule["access"] == "Allow", _prefixes(rule, side))
        for rule in by_id(stack)[security_group(stack, network)].inputs["securityRules"]
        if rule["direction"] == direction
    ]
    # Azure's own last rules let the virtual network pass, and a hub's routes count as part of it.
    return verdict(rules, far, otherwise=True)


def _prefixes(rule: Mapping[str, Json], side: str) -> Sequence[str]:
    return rule.get(f"{side}AddressPrefixes") or [rule[f"{side}AddressPrefix"]]


def security_group(stack: str, network: str) -> str:
    """Give the one security group of all subnets of a VNet."""
    graph = update_of(stack)
    [vnet] = [v for v in graph.of_type("azure-native:network:VirtualNetwork") if v.name == network]
    [group] = {
        subnet.inputs["networkSecurityGroup"]["id"]
        for subnet in graph.of_type("azure-native:network:Subnet")
        if subnet.inputs["virtualNetworkName"] == vnet.inputs["virtualNetworkName"]
        and subnet.inputs["resourceGroupName"] == vnet.inputs["resourceGroupName"]
    }
    return group


def by_policy(stack: str, network: str, direction: str, far: IPv4Network) -> bool:
    graph = update_of(stack)
    [vpc] = [vpc.id for vpc in graph.of_type(NETWORK) if vpc.name == network]
    [used] = [
        by_id(stack)[association.inputs["firewallPolicy"]].inputs["name"]
        for association in graph.of_type(POLICY_ON_NETWORK)
        if association.inputs["attachmentTarget"] == vpc
    ]
    ranges = "srcIpRanges" if direction == "INGRESS" else "destIpRanges"
    rules: list[Rule] = [
        (rule.inputs["priority"], rule.inputs["action"] != "deny", rule.inputs["match"][ranges])
        for rule in graph.of_type(POLICY_RULE)
        if rule.inputs["firewallPolicy"] == used and rule.inputs["direction"] == direction
    ]
    return verdict(rules, far, otherwise=True)


def across_links(stack: str) -> Iterator[tuple[str, str, IPv4Network, IPv4Network]]:
    """Yield every network with everything behind the links of its cloud, range by range."""
    for cloud in clouds(stack):
        for network in networks_in(stack, cloud):
            for far, (_, there) in behind_links(stack, cloud).items():
                yield from ((network, far, mine, theirs) for mine in ranges_of(stack, network) for theirs in there)


@on_transit_gateways
def test_networks_of_segments_that_reach_each_other_do_so_across_links_in_both_directions(stack: str) -> None:
    for network, far, mine, theirs in across_links(stack):
        if reached(stack, network, far):
            assert let_out(stack, network, theirs), f"{network} does not send to {far}"
            assert let_in(stack, network, theirs), f"{network} does not take from {far}"
            assert far in sites(stack) or let_in(stack, far, mine), f"{far} does not take from {network}"


@on_transit_gateways
def test_a_network_sends_nothing_to_a_network_or_a_site_that_it_may_not_reach(stack: str) -> None:
    for network, far, _, theirs in across_links(stack):
        assert reached(stack, network, far) or not let_out(stack, network, theirs), f"{network} sends to {far}"


@on_transit_gateways
def test_a_network_takes_nothing_from_a_site_that_it_may_not_reach_and_answers_nothing(stack: str) -> None:
    """A site has no filter of ours, so the network's own has to hold both ways."""
    for network, far, _, theirs in across_links(stack):
        if far in sites(stack) and not reached(stack, network, far):
            assert not let_in(stack, network, theirs), f"{far} reaches {network}"
            if network in networks_in(stack, "aws"):
                assert not by_acl(stack, network, "egress", theirs), f"{network} answers {far}"


@on_transit_gateways
def test_networks_in_azure_and_google_take_nothing_from_networks_that_they_may_not_reach(stack: str) -> None:
    """Those send nothing as it is; a VPC relies on that, as it cannot tell one segment's packets from another's."""
    for network, far, _, theirs in across_links(stack):
        if network not in networks_in(stack, "aws") and not reached(stack, network, far):
            assert not let_in(stack, network, theirs), f"{far} reaches {network}"


def test_some_stack_has_segments_that_do_not_reach_each_other() -> None:
    """Otherwise much of this file would claim nothing."""
    refused = {far in sites(s) for s in ON_TRANSIT_GATEWAYS for n, far, *_ in across_links(s) if not reached(s, n, far)}
    assert refused == {True, False}
