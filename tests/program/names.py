"""How names stand in whole stacks, read from stack files and resources only."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

import pytest

from inspection.graph import Graph, Resource
from tests.program.stacks import STACKS, settings_of, update_of
from tests.program.wanted import clouds, pairs, sites

RULE = "aws:route53/resolverRule:ResolverRule"
ASSOCIATION = "aws:route53/resolverRuleAssociation:ResolverRuleAssociation"
ENDPOINT = "aws:route53/resolverEndpoint:ResolverEndpoint"
HOSTED_ZONE = "aws:route53/zone:Zone"
VPC = "aws:ec2/vpc:Vpc"
AWS_SUBNET = "aws:ec2/subnet:Subnet"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
SHARE = "aws:ram/resourceAssociation:ResourceAssociation"
PRINCIPAL = "aws:ram/principalAssociation:PrincipalAssociation"
PROFILE = "aws:route53/profilesProfile:ProfilesProfile"
IN_PROFILE = "aws:route53/profilesResourceAssociation:ProfilesResourceAssociation"

RESOLVER = "azure-native:dnsresolver:DnsResolver"
INBOUND = "azure-native:dnsresolver:InboundEndpoint"
OUTBOUND = "azure-native:dnsresolver:OutboundEndpoint"
RULESET = "azure-native:dnsresolver:DnsForwardingRuleset"
FORWARDING_RULE = "azure-native:dnsresolver:ForwardingRule"
RULESET_LINK = "azure-native:dnsresolver:PrivateResolverVirtualNetworkLink"
PRIVATE_ZONE = "azure-native:privatedns:PrivateZone"
ZONE_LINK = "azure-native:privatedns:VirtualNetworkLink"
VNET = "azure-native:network:VirtualNetwork"
AZURE_SUBNET = "azure-native:network:Subnet"

MANAGED_ZONE = "gcp:dns/managedZone:ManagedZone"
POLICY = "gcp:dns/policy:Policy"
NETWORK = "gcp:compute/network:Network"
SUBNETWORK = "gcp:compute/subnetwork:Subnetwork"
ROUTER = "gcp:compute/router:Router"
PEER = "gcp:compute/routerPeer:RouterPeer"
FORWARDERS = "35.199.192.0/19"

NAMED = tuple(stack for stack in STACKS if "dns" in settings_of(stack))
named = pytest.mark.parametrize("stack", NAMED)
in_aws = pytest.mark.parametrize("stack", [stack for stack in NAMED if "aws" in clouds(stack)])
in_azure = pytest.mark.parametrize("stack", [stack for stack in NAMED if "azure" in clouds(stack)])
in_gcp = pytest.mark.parametrize("stack", [stack for stack in NAMED if "gcp" in clouds(stack)])


def root(stack: str) -> str:
    return settings_of(stack)["dns"]["private"]


def partners(stack: str, cloud: str) -> list[str]:
    """List who resolves names and is joined to a cloud."""
    resolving = {*clouds(stack), *(name for name, site in sites(stack).items() if site.get("dns"))}
    joined = {party for pair in pairs(stack) if cloud in pair for party in pair}
    return sorted((joined & resolving) - {cloud})


def foreign_roots(stack: str, cloud: str) -> set[str]:
    """List the zones of others' own names that a cloud has to ask for."""
    return {f"{party if party in clouds(stack) else 'onprem'}.{root(stack)}" for party in partners(stack, cloud)}


def by_id(graph: Graph, kind: str) -> Mapping[str, Resource]:
    return {resource.id: resource for resource in graph.of_type(kind)}


def answering(stack: str, owner: str) -> set[str]:
    """List the addresses where an owner answers others, from what it is built of."""
    graph = update_of(stack)
    if owner == "aws":
        inbound = [each for each in graph.of_type(ENDPOINT) if each.inputs["direction"] == "INBOUND"]
        return {address["ip"] for each in inbound for address in each.inputs["ipAddresses"]}
    if owner == "azure":
        configured = (c for each in graph.of_type(INBOUND) for c in each.inputs["ipConfigurations"])
        return {each["privateIpAddress"] for each in configured}
    if owner == "gcp":
        return set(graph.outputs["names"]["googleEntryPoints"].values())
    return {address for name, site in sites(stack).items() if name == owner for address in site["dns"]}


def wanted_targets(stack: str, cloud: str, domain: str) -> set[str]:
    """List the addresses that a cloud has to ask for an owner's own names."""
    owner = domain.split(".", maxsplit=1)[0]
    owners = [owner] if owner in clouds(stack) else [party for party in partners(stack, cloud) if party in sites(stack)]
    return {address for each in owners for address in answering(stack, each)}


def asked(stack: str, cloud: str) -> Iterator[tuple[str, set[str]]]:
    """Yield what a cloud forwards: domain without its dot, addresses."""
    graph = update_of(stack)
    if cloud == "aws":
        for rule in graph.of_type(RULE):
            yield rule.inputs["domainName"], {each["ip"] for each in rule.inputs["targetIps"]}
    elif cloud == "azure":
        for rule in graph.of_type(FORWARDING_RULE):
            yield rule.inputs["domainName"][:-1], {each["ipAddress"] for each in rule.inputs["targetDnsServers"]}
    else:
        for zone in forwarding_zones(graph):
            servers = zone.inputs["forwardingConfig"]["targetNameServers"]
            yield zone.inputs["dnsName"][:-1], {each["ipv4Address"] for each in servers}


def forwarding_zones(graph: Graph) -> list[Resource]:
    return [zone for zone in graph.of_type(MANAGED_ZONE) if "forwardingConfig" in zone.inputs]


def seen_by(zone: Resource) -> set[str]:
    return {each["networkUrl"] for each in zone.inputs["privateVisibilityConfig"]["networks"]}


def own_zones(stack: str, cloud: str) -> set[str]:
    graph = update_of(stack)
    if cloud == "aws":
        return {zone.inputs["name"] for zone in graph.of_type(HOSTED_ZONE) if zone.inputs.get("vpcs")}
    if cloud == "azure":
        return {zone.inputs["privateZoneName"] for zone in graph.of_type(PRIVATE_ZONE)}
    plain = [z for z in graph.of_type(MANAGED_ZONE) if z.inputs["visibility"] == "private"]
    plain = [z for z in plain if "forwardingConfig" not in z.inputs and "peeringConfig" not in z.inputs]
    return {zone.inputs["dnsName"][:-1] for zone in plain}


def reverse_range(domain: str) -> IPv4Network:
    octets = domain.removesuffix(".in-addr.arpa").split(".")[::-1]
    return IPv4Network((".".join([*octets, *["0"] * (4 - len(octets))]), 8 * len(octets)))


def names_of_servers(graph: Graph) -> tuple[dict[str, str], dict[str, str]]:
    """Read all A records of one address and all PTR records, whole names without dots."""
    found: list[tuple[str, str, Sequence[str]]] = [
        *((r["type"], r["name"], r["records"]) for r in _inputs(graph, "aws:route53/record:Record") if "records" in r),
        *(
            (r["type"], r["name"], r["rrdatas"])
            for r in _inputs(graph, "gcp:dns/recordSet:RecordSet")
            if "rrdatas" in r
        ),
    ]
    for record in _inputs(graph, "azure-native:privatedns:PrivateRecordSet"):
        values = [
            *(each["ipv4Address"] for each in record.get("aRecords", ())),
            *(each["ptrdname"] for each in record.get("ptrRecords", ())),
        ]
        found.append((record["recordType"], f"{record['relativeRecordSetName']}.{record['privateZoneName']}", values))
    plain = [(kind, name.rstrip("."), [value.rstrip(".") for value in values]) for kind, name, values in found]
    forward = {name: values[0] for kind, name, values in plain if kind == "A" and len(values) == 1}
    return forward, {name: values[0] for kind, name, values in plain if kind == "PTR"}


def _inputs(graph: Graph, kind: str) -> Sequence[Mapping[str, Any]]:
    return [resource.inputs for resource in graph.of_type(kind)]
