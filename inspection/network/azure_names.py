"""Names in Azure: private zones and rulesets that VNets are linked to, and DNS Private Resolvers."""

from collections.abc import Iterator, Mapping, Sequence

from inspection.graph import UNKNOWN, Graph, Json, Resource
from inspection.network.model import Record, Resolver, View, Zone, addresses, hosts_of, known, plain, pointing, sources

VNET = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
INBOUND = "azure-native:dnsresolver:InboundEndpoint"
OUTBOUND = "azure-native:dnsresolver:OutboundEndpoint"
_RESOLVER = "azure-native:dnsresolver:DnsResolver"
_RULESET = "azure-native:dnsresolver:DnsForwardingRuleset"
_RULE = "azure-native:dnsresolver:ForwardingRule"
_RULESET_LINK = "azure-native:dnsresolver:PrivateResolverVirtualNetworkLink"
_ZONE = "azure-native:privatedns:PrivateZone"
_ZONE_LINK = "azure-native:privatedns:VirtualNetworkLink"
_RECORD = "azure-native:privatedns:PrivateRecordSet"
_VALUES = {"aRecords": "ipv4Address", "ptrRecords": "ptrdname"}
"""Input of a record set -> where a value stands in its entries."""


def views(graph: Graph) -> Iterator[View]:
    """Yield what each VNet sees."""
    for vnet in graph.of_type(VNET):
        links = pointing(graph, _ZONE_LINK, "virtualNetwork", vnet)
        yield View(
            network=vnet.name,
            party="azure",
            region=vnet.inputs.get("location", ""),
            zones=[_zone(graph, zone) for link in links for zone in sources(graph, link, "privateZoneName", _ZONE)],
            forwards=_forwards(graph, vnet),
        )


def resolvers(graph: Graph, seen: Mapping[str, View]) -> Iterator[Resolver]:
    """Yield each DNS Private Resolver.

    Args:
        graph: what is planned.
        seen: by the network, what it sees.
    """
    for resolver in graph.of_type(_RESOLVER):
        for host in sources(graph, resolver, "virtualNetwork", VNET):
            view = seen[host.name]
            inbound = pointing(graph, INBOUND, "dnsResolverName", resolver)
            outbound = pointing(graph, OUTBOUND, "dnsResolverName", resolver)
            subnets = [subnet for each in outbound for subnet in sources(graph, each, "subnet", SUBNET)]
            answers_at = [address for each in inbound for address in endpoint_addresses(each)]
            yield Resolver(
                name=f"azure/{view.region}",
                party="azure",
                network=view.network,
                zones=view.zones,
                forwards=view.forwards,
                answers_at=answers_at,
                answers_in=hosts_of(answers_at),
                sends_from=[subnet.inputs["addressPrefix"] for subnet in subnets],
            )


def endpoint_addresses(endpoint: Resource) -> Sequence[str]:
    """List the addresses of an inbound endpoint; those that Azure picks are known after deployment."""
    return addresses([each.get("privateIpAddress", UNKNOWN) for each in endpoint.inputs["ipConfigurations"]])


def _zone(graph: Graph, zone: Resource) -> Zone:
    domain = plain(zone.inputs["privateZoneName"])
    sets = pointing(graph, _RECORD, "privateZoneName", zone)
    return Zone(domain, [_record(each.inputs, domain) for each in sets])


def _record(told: Mapping[str, Json], domain: str) -> Record:
    label = told["relativeRecordSetName"]
    values = [
        UNKNOWN if entry == UNKNOWN else entry[value]
        for key, value in _VALUES.items()
        for entry in (() if told.get(key) == UNKNOWN else told.get(key, ()))
    ]
    return Record(domain if label == "@" else f"{plain(label)}.{domain}", told["recordType"], known(values))


def _forwards(graph: Graph, vnet: Resource) -> Mapping[str, Sequence[str]]:
    rules = [
        rule
        for link in pointing(graph, _RULESET_LINK, "virtualNetwork", vnet)
        for ruleset in sources(graph, link, "dnsForwardingRulesetName", _RULESET)
        for rule in pointing(graph, _RULE, "dnsForwardingRulesetName", ruleset)
        if rule.inputs.get("forwardingRuleState", "Enabled") == "Enabled"
    ]
    return {plain(rule.inputs["domainName"]): _targets(rule) for rule in rules}


def _targets(rule: Resource) -> Sequence[str]:
    given = rule.inputs["targetDnsServers"]
    return addresses(
        given if given == UNKNOWN else [UNKNOWN if each == UNKNOWN else each["ipAddress"] for each in given]
    )
