"""Names in Google Cloud: private, forwarding and peering zones that VPCs see, and where an inbound policy answers."""

from collections.abc import Iterator, Mapping, Sequence

from inspection.graph import UNKNOWN, Graph, Json, Resource
from inspection.network.model import (
    AFTER_DEPLOY,
    Record,
    Resolver,
    View,
    Zone,
    addresses,
    known,
    plain,
    pointing,
    sources,
)

NETWORK = "gcp:compute/network:Network"
FORWARDERS = "35.199.192.0/19"
"""Where Google's forwarded queries come from (docs.cloud.google.com, Cloud DNS forwarding zones)."""
SUBNETWORK = "gcp:compute/subnetwork:Subnetwork"
_ZONE = "gcp:dns/managedZone:ManagedZone"
_RECORD = "gcp:dns/recordSet:RecordSet"
_POLICY = "gcp:dns/policy:Policy"


def views(graph: Graph) -> Iterator[View]:
    """Yield what each VPC sees, what it asks another one for included."""
    for network in graph.of_type(NETWORK):
        own = [zone for zone in graph.of_type(_ZONE) if network in _networks(graph, zone)]
        yield View(
            network=network.name,
            party="gcp",
            zones=[_zone(graph, zone) for zone in own if not _forwarding(zone) and not _peering(zone)],
            forwards={_domain(zone): _targets(zone) for zone in own if _forwarding(zone)},
            asks={
                _domain(zone): producer.name
                for zone in own
                for producer in sources(graph, zone, "peeringConfig", NETWORK)
            },
        )


def resolvers(graph: Graph, seen: Mapping[str, View]) -> Iterator[Resolver]:
    """Yield what forwards and answers: the VPCs with forwarding zones or an inbound policy; one, if all is well.

    Args:
        graph: what is planned.
        seen: by the network, what it sees.
    """
    answering = {
        network.name
        for policy in graph.of_type(_POLICY)
        if policy.inputs.get("enableInboundForwarding")
        for network in sources(graph, policy, "networks", NETWORK)
    }
    hosts = [view for view in seen.values() if view.party == "gcp" and (view.forwards or view.network in answering)]
    for view in hosts:
        yield Resolver(
            name="gcp" if len(hosts) == 1 else f"gcp/{view.network}",
            party="gcp",
            network=view.network,
            zones=view.zones,
            forwards=view.forwards,
            answers_at=_entry_points(graph) if view.network in answering else (),
            answers_in=_entry_subnets(graph, view.network) if view.network in answering else (),
            sends_from=[FORWARDERS] if view.forwards else (),
        )


def forwarding_zones(graph: Graph) -> Iterator[tuple[str, Resource]]:
    """Yield the zones that forward, with their domains."""
    yield from ((_domain(zone), zone) for zone in graph.of_type(_ZONE) if _forwarding(zone))


def _entry_points(graph: Graph) -> Sequence[str]:
    """List the addresses that Google answers at, which no resource has."""
    told = _told(graph)
    return addresses(list(told.values())) if told else [AFTER_DEPLOY]


def _entry_subnets(graph: Graph, network: str) -> Sequence[str]:
    """List the subnets that Google picks an address in; all, where it is not told which are asked."""
    keys = {f"{network}-{key}" for key in _told(graph)}
    stands_in = {
        each.name: each.inputs["ipCidrRange"] for each in graph.of_type(SUBNETWORK) if _in(graph, each, network)
    }
    return [cidr for name, cidr in stands_in.items() if name in keys] or list(stands_in.values())


def _in(graph: Graph, subnet: Resource, network: str) -> bool:
    return network in {each.name for each in sources(graph, subnet, "network", NETWORK)}


def _told(graph: Graph) -> Mapping[str, Json]:
    told = graph.outputs.get("names", {}).get("googleEntryPoints", {})
    return {} if told == UNKNOWN else told


def _networks(graph: Graph, zone: Resource) -> Sequence[Resource]:
    return sources(graph, zone, "privateVisibilityConfig", NETWORK)


def _domain(zone: Resource) -> str:
    return plain(zone.inputs["dnsName"])


def _forwarding(zone: Resource) -> bool:
    return "forwardingConfig" in zone.inputs


def _peering(zone: Resource) -> bool:
    return "peeringConfig" in zone.inputs


def _zone(graph: Graph, zone: Resource) -> Zone:
    records = [
        Record(plain(record.inputs["name"]), record.inputs["type"], known(record.inputs.get("rrdatas", ())))
        for record in pointing(graph, _RECORD, "managedZone", zone)
        if record.inputs["name"] != UNKNOWN
    ]
    return Zone(_domain(zone), records)


def _targets(zone: Resource) -> Sequence[str]:
    config = zone.inputs["forwardingConfig"]
    given = UNKNOWN if config == UNKNOWN else config["targetNameServers"]
    return addresses(
        given if given == UNKNOWN else [UNKNOWN if each == UNKNOWN else each["ipv4Address"] for each in given]
    )
