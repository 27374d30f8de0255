"""Private names between all parties of whole stacks: check A4 of the project's reference, and what all clouds share."""

import re
from collections import defaultdict
from ipaddress import IPv4Address, IPv4Network

import pytest

from inspection.matrix import matrix
from inspection.name_findings import findings
from tests.program.names import (
    ENDPOINT,
    FORWARDERS,
    NAMED,
    SECURITY_GROUP,
    answering,
    asked,
    by_id,
    foreign_roots,
    in_aws,
    named,
    names_of_servers,
    own_zones,
    partners,
    reverse_range,
    root,
    wanted_targets,
)
from tests.program.stacks import preview_of, update_of
from tests.program.wanted import clouds, pairs, sites


def test_names_are_in_both_stacks_and_in_three_examples() -> None:
    """Otherwise much of this file would claim nothing."""
    assert {"dev", "prod"} <= {*NAMED}
    assert len(NAMED) >= 5
    assert any("Z" not in str(answering(stack, "gcp")) for stack in NAMED)


@named
def test_every_ordered_pair_is_asked_at_all_addresses_of_the_owner_and_at_two_at_least(stack: str) -> None:
    for cloud in clouds(stack):
        found = dict(asked(stack, cloud))
        for domain in foreign_roots(stack, cloud):
            assert found[domain] == wanted_targets(stack, cloud, domain), (cloud, domain)
            assert len(found[domain]) >= 2, (cloud, domain)


@named
def test_reverse_zones_of_all_announced_addresses_are_asked_for_and_no_others(stack: str) -> None:
    """Which are an owner's follows from its zones, or from a site's prefixes."""
    for cloud in clouds(stack):
        found = {domain for domain, _ in asked(stack, cloud) if domain.endswith("in-addr.arpa")}
        others = [other for other in partners(stack, cloud) if other in clouds(stack)]
        wanted = {domain for other in others for domain in own_zones(stack, other) if domain.endswith("in-addr.arpa")}
        at_sites = found - wanted
        assert wanted <= found, cloud
        prefixes = [IPv4Network(prefix) for site in sites(stack).values() for prefix in site["prefixes"]]
        assert all(any(reverse_range(d).overlaps(prefix) for prefix in prefixes) for d in at_sites), cloud
        if any(party in sites(stack) for party in partners(stack, cloud)):
            assert all(any(reverse_range(d).overlaps(prefix) for d in at_sites) for prefix in prefixes), cloud


@named
def test_each_cloud_answers_for_its_own_names_and_forwards_none_of_them(stack: str) -> None:
    for cloud in clouds(stack):
        own = own_zones(stack, cloud)
        assert f"{cloud}.{root(stack)}" in own
        forwarded = {domain for domain, _ in asked(stack, cloud)}
        assert not own & forwarded
        assert "" not in forwarded, "everything (.) is forwarded"
        assert not {domain for domain in own if domain.startswith("onprem.")}


# -- A4


@named
@pytest.mark.parametrize("known", [False, True], ids=["first preview", "update"])
def test_a4_the_way_and_the_filters_of_every_ordered_pair_are_planned(stack: str, known: bool) -> None:  # noqa: FBT001 - a parameter of pytest's
    graph = update_of(stack) if known else preview_of(stack)
    cells = {(cell.source, cell.owner): cell for cell in matrix(graph)}
    wanted = {
        pair for cloud in clouds(stack) for party in partners(stack, cloud) for pair in ((cloud, party), (party, cloud))
    }
    assert {*cells} >= wanted
    for pair in wanted:
        cell = cells[pair]
        assert (cell.hops, [*cell.route], [*cell.filters]) == (1, [], []), pair
    assert list(findings(graph)) == []


@in_aws
def test_a4_in_aws_port_53_is_open_over_both_protocols_to_partners_and_to_nobody_else(stack: str) -> None:
    graph = update_of(stack)
    groups = by_id(graph, SECURITY_GROUP)
    for endpoint in graph.of_type(ENDPOINT):
        [group] = [groups[key].inputs for key in endpoint.inputs["securityGroupIds"]]
        inward = endpoint.inputs["direction"] == "INBOUND"
        rules, others = (group["ingress"], group["egress"]) if inward else (group["egress"], group["ingress"])
        assert not others
        opened: dict[str, set[str]] = defaultdict(set)
        for rule in rules:
            assert (rule["fromPort"], rule["toPort"]) == (53, 53)
            opened[rule["protocol"]].update(rule["cidrBlocks"])
        assert opened["tcp"] == opened["udp"]
        assert {*opened} == {"tcp", "udp"}
        ranges = [IPv4Network(cidr) for cidr in opened["udp"]]
        for site in (party for party in partners(stack, "aws") if party in sites(stack)):
            assert {f"{address}/32" for address in sites(stack)[site]["dns"]} <= opened["udp"]
        if inward and "gcp" in partners(stack, "aws"):
            assert FORWARDERS in opened["udp"]
        if not inward:
            targets = {address for domain, addresses in asked(stack, "aws") for address in addresses}
            assert all(any(IPv4Address(target) in prefix for prefix in ranges) for target in targets)
        own = [prefix for prefix in ranges if str(prefix) != FORWARDERS]
        assert all(prefix.prefixlen >= 24 for prefix in own), "a resolver's address or subnet, and no more"


# -- what belongs to names


@named
def test_servers_own_names_lead_to_their_addresses_and_back(stack: str) -> None:
    forward, back = names_of_servers(update_of(stack))
    for cloud in clouds(stack):
        own = {
            name: address for name, address in forward.items() if re.fullmatch(rf"dns-\d\.{cloud}\.{root(stack)}", name)
        }
        assert {*own.values()} == answering(stack, cloud)
        for name, address in own.items():
            assert back[IPv4Address(address).reverse_pointer] == name


@named
def test_sites_are_told_what_to_forward_and_where(stack: str) -> None:
    graph = update_of(stack)
    for name, site in sites(stack).items():
        if not site.get("dns") or not any(name in pair for pair in pairs(stack)):
            continue
        told = graph.outputs["names"]["sites"][name]["forwards"]
        for cloud in (cloud for cloud in clouds(stack) if name in partners(stack, cloud)):
            for domain in own_zones(stack, cloud):
                if not domain.startswith("privatelink."):
                    assert {*told[domain]} == answering(stack, cloud)
            files = graph.outputs["siteForwarders"][name]
            for file in ("unbound.conf", "named.conf", "forwarders.ps1"):
                assert all(address in files[file] for address in answering(stack, cloud)), file


@named
def test_the_same_is_built_whether_outputs_are_known_or_not(stack: str) -> None:
    kinds = ("aws:route53", "azure-native:dnsresolver", "azure-native:privatedns", "gcp:dns")
    first, update = (
        {r.urn for r in g.resources if r.type.startswith(kinds)} for g in (preview_of(stack), update_of(stack))
    )
    assert first == update
    assert first
