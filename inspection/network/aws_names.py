"""Names in AWS: private zones and rules that VPCs are associated with, and the endpoints of Route 53 Resolver."""

from collections.abc import Iterator, Mapping, Sequence

from inspection.graph import UNKNOWN, Graph, Resource
from inspection.network.model import Record, Resolver, View, Zone, addresses, hosts_of, known, plain, pointing, sources

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
ENDPOINT = "aws:route53/resolverEndpoint:ResolverEndpoint"
_ZONE = "aws:route53/zone:Zone"
_RECORD = "aws:route53/record:Record"
_RULE = "aws:route53/resolverRule:ResolverRule"
_RULE_ASSOCIATION = "aws:route53/resolverRuleAssociation:ResolverRuleAssociation"


def views(graph: Graph) -> Iterator[View]:
    """Yield what each VPC sees."""
    for vpc in graph.of_type(VPC):
        yield View(
            network=vpc.name,
            party="aws",
            region=vpc.inputs.get("region", ""),
            zones=[_zone(graph, zone) for zone in graph.of_type(_ZONE) if vpc in sources(graph, zone, "vpcs", VPC)],
            forwards=_forwards(graph, vpc),
        )


def resolvers(graph: Graph, seen: Mapping[str, View]) -> Iterator[Resolver]:
    """Yield the resolver of each region that has endpoints.

    Args:
        graph: what is planned.
        seen: by the network, what it sees.
    """
    by_host: dict[str, list[Resource]] = {}
    for endpoint in graph.of_type(ENDPOINT):
        for host in hosts(graph, endpoint):
            by_host.setdefault(host.name, []).append(endpoint)
    for host, endpoints in by_host.items():
        view = seen[host]
        inbound = [each for each in endpoints if each.inputs["direction"] == "INBOUND"]
        outbound = [each for each in endpoints if each.inputs["direction"] == "OUTBOUND"]
        answers_at = [address for each in inbound for address in endpoint_addresses(each)]
        yield Resolver(
            name=f"aws/{view.region}",
            party="aws",
            network=host,
            zones=view.zones,
            forwards=view.forwards,
            answers_at=answers_at,
            answers_in=hosts_of(answers_at),
            sends_from=hosts_of([address for each in outbound for address in endpoint_addresses(each)]),
        )


def hosts(graph: Graph, endpoint: Resource) -> Sequence[Resource]:
    """List the VPCs that an endpoint stands in: one, if all is well."""
    subnets = sources(graph, endpoint, "ipAddresses", SUBNET)
    return list({vpc.urn: vpc for subnet in subnets for vpc in sources(graph, subnet, "vpcId", VPC)}.values())


def endpoint_addresses(endpoint: Resource) -> Sequence[str]:
    """List the addresses of an endpoint; those that AWS picks are known after deployment."""
    return addresses([each.get("ip", UNKNOWN) for each in endpoint.inputs["ipAddresses"]])


def _zone(graph: Graph, zone: Resource) -> Zone:
    records = [
        Record(plain(record.inputs["name"]), record.inputs["type"], known(record.inputs.get("records", ())))
        for record in pointing(graph, _RECORD, "zoneId", zone)
    ]
    return Zone(plain(zone.inputs["name"]), records)


def _forwards(graph: Graph, vpc: Resource) -> Mapping[str, Sequence[str]]:
    rules = [
        rule
        for association in pointing(graph, _RULE_ASSOCIATION, "vpcId", vpc)
        for rule in sources(graph, association, "resolverRuleId", _RULE)
        if rule.inputs["ruleType"] == "FORWARD"
    ]
    return {plain(rule.inputs["domainName"]): _targets(rule) for rule in rules}


def _targets(rule: Resource) -> Sequence[str]:
    given = rule.inputs.get("targetIps", ())
    return addresses(given if given == UNKNOWN else [UNKNOWN if each == UNKNOWN else each["ip"] for each in given])
