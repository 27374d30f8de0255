"""Private names in each cloud of whole stacks: the checks A1 to A3 of the project's reference."""

from collections import defaultdict
from ipaddress import IPv4Address, IPv4Network

import pytest

from tests.program.ends import outputs
from tests.program.names import (
    ASSOCIATION,
    AWS_SUBNET,
    AZURE_SUBNET,
    ENDPOINT,
    FORWARDERS,
    FORWARDING_RULE,
    HOSTED_ZONE,
    IN_PROFILE,
    INBOUND,
    MANAGED_ZONE,
    NAMED,
    NETWORK,
    OUTBOUND,
    PEER,
    POLICY,
    PRINCIPAL,
    PRIVATE_ZONE,
    PROFILE,
    RESOLVER,
    ROUTER,
    RULE,
    RULESET,
    RULESET_LINK,
    SHARE,
    SUBNETWORK,
    VNET,
    VPC,
    ZONE_LINK,
    answering,
    by_id,
    foreign_roots,
    forwarding_zones,
    in_aws,
    in_azure,
    in_gcp,
    root,
    seen_by,
)
from tests.program.stacks import settings_of, update_of

# -- A1


@in_aws
def test_a1_rules_leave_by_an_outbound_endpoint_of_their_region_and_every_vpc_of_it_follows_them(stack: str) -> None:
    graph = update_of(stack)
    endpoints, rules = by_id(graph, ENDPOINT), by_id(graph, RULE)
    followed = defaultdict(set)
    for association in graph.of_type(ASSOCIATION):
        followed[association.inputs["resolverRuleId"]].add(association.inputs["vpcId"])
    for key, rule in rules.items():
        endpoint = endpoints[rule.inputs["resolverEndpointId"]]
        assert rule.inputs["ruleType"] == "FORWARD"
        assert endpoint.inputs["direction"] == "OUTBOUND"
        assert endpoint.inputs["region"] == rule.inputs["region"]
        vpcs = {vpc.id for vpc in graph.of_type(VPC) if vpc.inputs["region"] == rule.inputs["region"]}
        assert followed[key] == vpcs, rule.name
    by_region = defaultdict(set)
    for rule in rules.values():
        by_region[rule.inputs["region"]].add(rule.inputs["domainName"])
    assert {*by_region} == {vpc.inputs["region"] for vpc in graph.of_type(VPC)}
    assert len({frozenset(domains) for domains in by_region.values()}) == 1, "all regions ask for the same"


@in_aws
def test_a1_endpoints_stand_in_two_zones_at_addresses_of_their_subnets(stack: str) -> None:
    graph = update_of(stack)
    subnets = by_id(graph, AWS_SUBNET)
    for endpoint in graph.of_type(ENDPOINT):
        there = [(subnets[each["subnetId"]], each["ip"]) for each in endpoint.inputs["ipAddresses"]]
        assert len({subnet.inputs["availabilityZoneId"] for subnet, _ in there}) == 2
        for subnet, address in there:
            prefix = IPv4Network(subnet.inputs["cidrBlock"])
            assert IPv4Address(address) in [*prefix][4:-1]
            assert subnet.inputs["region"] == endpoint.inputs["region"]


@in_aws
def test_a1_every_vpc_sees_every_zone_and_asks_amazons_resolver(stack: str) -> None:
    graph = update_of(stack)
    vpcs = {vpc.id: vpc.inputs["region"] for vpc in graph.of_type(VPC)}
    for zone in graph.of_type(HOSTED_ZONE):
        if zone.inputs.get("vpcs"):
            assert {each["vpcId"]: each["vpcRegion"] for each in zone.inputs["vpcs"]} == vpcs, zone.name
    for vpc in graph.of_type(VPC):
        assert vpc.inputs["enableDnsSupport"]
        assert vpc.inputs["enableDnsHostnames"]
    assert not graph.of_type("aws:ec2/vpcDhcpOptions:VpcDhcpOptions")


@pytest.mark.parametrize("stack", [s for s in NAMED if settings_of(s)["accounts"].get("aws", {}).get("shareWith")])
def test_a1_other_accounts_are_offered_every_zone_and_every_rule_of_each_region(stack: str) -> None:
    graph = update_of(stack)
    accounts = {*settings_of(stack)["accounts"]["aws"]["shareWith"]}
    shared = {each.inputs["resourceArn"]: each.inputs["resourceShareArn"] for each in graph.of_type(SHARE)}
    invited = defaultdict(set)
    for each in graph.of_type(PRINCIPAL):
        invited[each.inputs["resourceShareArn"]].add(each.inputs["principal"])
    held = defaultdict(set)
    for each in graph.of_type(IN_PROFILE):
        held[each.inputs["profileId"]].add(each.inputs["resourceArn"])
    zones = {outputs(zone)["arn"] for zone in graph.of_type(HOSTED_ZONE) if zone.inputs.get("vpcs")}
    profiles = graph.of_type(PROFILE)
    assert {profile.inputs["region"] for profile in profiles} == {vpc.inputs["region"] for vpc in graph.of_type(VPC)}
    for profile in profiles:
        rules = {outputs(r)["arn"] for r in graph.of_type(RULE) if r.inputs["region"] == profile.inputs["region"]}
        assert held[profile.id] == zones | rules
        assert invited[shared[outputs(profile)["arn"]]] == accounts


# -- A2


@in_azure
def test_a2_resolvers_stand_in_the_transit_vnet_of_each_hub_in_delegated_subnets_of_their_own(stack: str) -> None:
    graph = update_of(stack)
    subnets, vnets = by_id(graph, AZURE_SUBNET), by_id(graph, VNET)
    hubs = graph.of_type("azure-native:network:VirtualHub")
    assert sorted(r.inputs["location"] for r in graph.of_type(RESOLVER)) == sorted(h.inputs["location"] for h in hubs)
    used = []
    for resolver in graph.of_type(RESOLVER):
        vnet = vnets[resolver.inputs["virtualNetwork"]["id"]]
        assert vnet.name == f"azure-{resolver.inputs['location']}-transit"
        assert vnet.inputs["location"] == resolver.inputs["location"]
    for endpoint in graph.of_type(INBOUND):
        [configuration] = endpoint.inputs["ipConfigurations"]
        subnet = subnets[configuration["subnet"]["id"]]
        prefix = IPv4Network(subnet.inputs["addressPrefix"])
        assert configuration["privateIpAllocationMethod"] == "Static"
        assert IPv4Address(configuration["privateIpAddress"]) in [*prefix][4:-1]
        used.append(subnet)
    used += [subnets[endpoint.inputs["subnet"]["id"]] for endpoint in graph.of_type(OUTBOUND)]
    assert len({subnet.id for subnet in used}) == len(used), "each endpoint has a subnet of its own"
    for subnet in used:
        [delegation] = subnet.inputs["delegations"]
        assert delegation["serviceName"] == "Microsoft.Network/dnsResolvers"
        assert 24 <= IPv4Network(subnet.inputs["addressPrefix"]).prefixlen <= 28


@in_azure
def test_a2_every_vnet_follows_the_rules_of_its_region_and_sees_every_zone(stack: str) -> None:
    graph = update_of(stack)
    outbound, resolvers = (
        by_id(graph, OUTBOUND),
        {each.inputs["dnsResolverName"]: each for each in graph.of_type(RESOLVER)},
    )
    vnets = {vnet.id: vnet.inputs["location"] for vnet in graph.of_type(VNET)}
    for ruleset in graph.of_type(RULESET):
        name, region = ruleset.inputs["dnsForwardingRulesetName"], ruleset.inputs["location"]
        [endpoint] = ruleset.inputs["dnsResolverOutboundEndpoints"]
        assert resolvers[outbound[endpoint["id"]].inputs["dnsResolverName"]].inputs["location"] == region
        links = [each for each in graph.of_type(RULESET_LINK) if each.inputs["dnsForwardingRulesetName"] == name]
        linked = sorted(link.inputs["virtualNetwork"]["id"] for link in links)
        assert linked == sorted(vnet for vnet, location in vnets.items() if location == region)
        rules = [each for each in graph.of_type(FORWARDING_RULE) if each.inputs["dnsForwardingRulesetName"] == name]
        assert {rule.inputs["domainName"] for rule in rules} >= {f"{d}." for d in foreign_roots(stack, "azure")}
        assert all(rule.inputs["domainName"].endswith(".") for rule in rules)
        assert {rule.inputs["forwardingRuleState"] for rule in rules} == {"Enabled"}
    for zone in graph.of_type(PRIVATE_ZONE):
        assert not zone.inputs["privateZoneName"].endswith(".")
        name = zone.inputs["privateZoneName"]
        links = [each for each in graph.of_type(ZONE_LINK) if each.inputs["privateZoneName"] == name]
        assert {link.inputs["virtualNetwork"]["id"] for link in links} == {*vnets}, name


# -- A3


@in_gcp
def test_a3_one_vpc_forwards_by_the_private_path_and_all_others_ask_it(stack: str) -> None:
    graph = update_of(stack)
    networks = by_id(graph, NETWORK)
    forwarding = forwarding_zones(graph)
    [only] = {frozenset(seen_by(zone)) for zone in forwarding}
    [transit] = only
    assert networks[transit].name == "gcp-transit"
    paths = {s["forwardingPath"] for zone in forwarding for s in zone.inputs["forwardingConfig"]["targetNameServers"]}
    assert paths == {"private"}
    peering = [zone for zone in graph.of_type(MANAGED_ZONE) if "peeringConfig" in zone.inputs]
    assert {zone.inputs["peeringConfig"]["targetNetwork"]["networkUrl"] for zone in peering} == {transit}
    assert all(seen_by(zone) == {*networks} - {transit} for zone in peering)
    assert sorted(z.inputs["dnsName"] for z in peering) == sorted(z.inputs["dnsName"] for z in forwarding)
    own = [z for z in graph.of_type(MANAGED_ZONE) if z.inputs["dnsName"] == f"gcp.{root(stack)}."]
    assert [seen_by(zone) for zone in own] == [{*networks}]


@in_gcp
def test_a3_the_transit_vpc_answers_in_two_subnets_where_links_land(stack: str) -> None:
    graph = update_of(stack)
    [policy] = graph.of_type(POLICY)
    [network] = policy.inputs["networks"]
    assert by_id(graph, NETWORK)[network["networkUrl"]].name == "gcp-transit"
    assert policy.inputs["enableInboundForwarding"]
    landing = {peer.inputs["region"] for peer in graph.of_type(PEER)} or {
        spoke.inputs["location"] for spoke in graph.of_type("gcp:networkconnectivity/spoke:Spoke")
    } - {"global"}
    subnets = [s for s in graph.of_type(SUBNETWORK) if s.inputs["network"] == network["networkUrl"]]
    there = [IPv4Network(s.inputs["ipCidrRange"]) for s in subnets if s.inputs["region"] in landing]
    answers = [IPv4Address(address) for address in answering(stack, "gcp")]
    assert len(answers) == 2
    assert all(sum(address in prefix for address in answers) <= 1 for prefix in there)
    assert all(any(address in prefix for prefix in there) for address in answers)


@in_gcp
def test_a3_every_router_that_speaks_announces_where_forwarded_queries_come_from(stack: str) -> None:
    graph = update_of(stack)
    speaking = [router.inputs["bgp"] for router in graph.of_type(ROUTER) if "bgp" in router.inputs]
    assert speaking
    for bgp in speaking:
        assert FORWARDERS in {each["range"] for each in bgp["advertisedIpRanges"]}
    assert not [peer for peer in graph.of_type(PEER) if peer.inputs.get("advertiseMode") == "CUSTOM"]
