"""What all three clouds' layouts start from: settings with every address in place."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network, collapse_addresses

from planning import limits, segments
from planning.ledger import Environment, gateway_key
from planning.links import pairs
from planning.links.pairs import Pair
from planning.places import TRANSIT, network_key, regions_in_use
from planning.settings import AwsHub, Cloud, Network, Settings


@dataclass(frozen=True, slots=True)
class Placed:
    """A configured network with its addresses."""

    name: str
    settings: Network
    segment: str
    cidr: IPv4Network
    pods: IPv4Network | None
    services: IPv4Network | None
    subnets: Mapping[str, IPv4Network]
    """`private-az1` -> range."""

    @property
    def routed(self) -> Sequence[IPv4Network]:
        """What other networks route to."""
        return (self.cidr,) if self.pods is None else (self.cidr, self.pods)


class Estate:
    """One environment: its settings, its part of the ledger and what follows from both for every cloud."""

    def __init__(self, settings: Settings, held: Environment) -> None:
        self.settings = settings
        self.held = held
        self.environment = settings.environment
        self.places = regions_in_use(settings)
        self.connected = segments.connected(settings)
        self.reaches_sites = segments.reaches_sites(settings)

    @cached_property
    def networks(self) -> Sequence[Placed]:
        """All configured networks, by name."""
        return tuple(self._placed(name, network) for name, network in sorted(self.settings.networks.items()))

    def networks_in(self, cloud: Cloud, region: str | None = None) -> Sequence[Placed]:
        """List a cloud's networks, or those of one region."""
        return self._by_place.get(f"{cloud}/{region}" if region else str(cloud), ())

    def regions(self, cloud: Cloud) -> Sequence[str]:
        """List the regions where a cloud has a hub."""
        return tuple(region for used, region in self.places if used is cloud)

    @property
    def on_core_network(self) -> bool:
        """Tell whether AWS's networks meet in a core network of Cloud WAN, and not in Transit Gateways."""
        return self.settings.hubs.aws is AwsHub.CLOUD_WAN

    def aws_asn(self, region: str) -> int:
        """Give the ASN of AWS's hub in a region: of its Transit Gateway, or of the core network's edge."""
        return self.held.asns[f"{self.settings.hubs.aws}/{region}"]

    def transit(self, cloud: Cloud, region: str) -> IPv4Network:
        """Give the range of a hub's own network."""
        return self.held.networks[f"{cloud}/{region}/{TRANSIT}"]

    def subnets(self, key: str) -> Mapping[str, IPv4Network]:
        """List the subnets of a network by its ledger name, `aws/us-east-1/shop`."""
        return self._subnets.get(key, {})

    def aggregates(self, cloud: Cloud, region: str) -> Sequence[IPv4Network]:
        """List what a region announces to the rest of the world: its blocks, adopted ranges beside them, its pods.

        Neighbours are not joined into one: a range that grew with its neighbour would have to be withdrawn, and taken
        out of the cloud's address manager, while it is in use.
        """
        place = f"{cloud}/{region}"
        pods = self.held.pod_blocks_of(place).values() if any(n.pods for n in self.networks_in(cloud, region)) else ()
        blocks = (*self.held.blocks_of(place).values(), *pods)
        routed = (prefix for network in self.networks_in(cloud, region) for prefix in network.routed)
        return sorted({*blocks, *(prefix for prefix in routed if not any(map(prefix.subnet_of, blocks)))})

    @cached_property
    def reachable(self) -> Mapping[str, Sequence[str]]:
        """Map each segment to the exact ranges that it exchanges traffic with, its own networks' included."""
        own: dict[str, list[IPv4Network]] = defaultdict(list)
        for network in self.networks:
            own[network.segment].extend(network.routed)
        sites = [prefix for site in self.settings.sites.values() for prefix in site.prefixes]
        return {
            name: tuple(
                str(prefix)
                for prefix in collapse_addresses(
                    [
                        *(prefix for other in others for prefix in own[other]),
                        *(sites if name in self.reaches_sites else ()),
                    ]
                )
            )
            for name, others in self.connected.items()
        }

    @cached_property
    def private_space(self) -> Mapping[str, str]:
        """All that is never the internet's: RFC 1918, and supernets outside of it. A name -> CIDR."""
        addressing = self.settings.addressing
        supernets = [prefix for _, held in (*addressing.supernets, *addressing.pods) for prefix in held]
        others = (prefix for prefix in supernets if not any(map(prefix.subnet_of, limits.PRIVATE)))
        return {f"private-{_slug(prefix)}": str(prefix) for prefix in (*limits.PRIVATE, *others)}

    def outside(self, cloud: Cloud) -> Mapping[str, str]:
        """List the supernets that belong to other clouds and to sites: a name that says whose -> CIDR."""
        addressing = self.settings.addressing
        return {
            **{f"{owner}-{_slug(p)}": str(p) for owner, held in addressing.supernets if owner != cloud for p in held},
            **{f"{owner}-pods-{_slug(p)}": str(p) for owner, held in addressing.pods if owner != cloud for p in held},
        }

    @cached_property
    def pairs(self) -> Sequence[Pair]:
        """List who is joined."""
        return pairs.joined(self.settings)

    def gateway_region(self, cloud: Cloud) -> str:
        """Name the one region of a cloud where all its links land."""
        return self.held.fixed[gateway_key(cloud)]

    def announced_by(self, party: str) -> Sequence[str]:
        """List the aggregates that a cloud or a site sends over every link: the same, whatever the link is."""
        if party in self.settings.sites:
            return tuple(map(str, sorted(self.settings.sites[party].prefixes)))
        cloud = Cloud(party)
        aggregates = [str(prefix) for region in self.regions(cloud) for prefix in self.aggregates(cloud, region)]
        forwarders = [str(limits.GOOGLE_FORWARDERS)] if cloud is Cloud.GCP and self.dns_partners(cloud) else []
        return (*aggregates, *forwarders)

    def dns_partners(self, cloud: Cloud) -> Sequence[str]:
        """List who asks a cloud for names and is asked by it: clouds, and sites with DNS servers, joined to it."""
        if self.settings.dns is None:
            return ()
        sites = self.settings.sites
        return [party for party in self.far_parties(cloud) if party not in sites or sites[party].dns]

    def reached_in(self, party: str, segment: str) -> Sequence[IPv4Network]:
        """List the exact ranges of a cloud or a site that a segment exchanges traffic with."""
        if party in self.settings.sites:
            return sorted(self.settings.sites[party].prefixes) if segment in self.reaches_sites else ()
        others = self.connected[segment]
        return [cidr for n in self.networks_in(Cloud(party)) if n.segment in others for cidr in n.routed]

    def refused_in(self, party: str, segment: str) -> Sequence[IPv4Network]:
        """List the exact ranges of a cloud or a site that a segment must not reach."""
        if party in self.settings.sites:
            return () if segment in self.reaches_sites else sorted(self.settings.sites[party].prefixes)
        others = self.connected[segment]
        return [cidr for n in self.networks_in(Cloud(party)) if n.segment not in others for cidr in n.routed]

    def segments_reaching(self, parties: Iterable[str]) -> Sequence[str]:
        """List the segments that exchange traffic with any of these clouds and sites."""
        wanted = tuple(parties)
        return [name for name in sorted(self.connected) if any(self.reached_in(party, name) for party in wanted)]

    def far_parties(self, cloud: Cloud, region: str | None = None) -> Sequence[str]:
        """List who is joined to a cloud, or to it in one region."""
        parties = [pair.parties for pair in self.pairs if cloud in pair.parties]
        if not parties or region not in (None, self.gateway_region(cloud)):
            return ()
        return tuple(other for both in parties for other in both if other != cloud)

    def drops(self, segment: str) -> Mapping[str, str]:
        """List what a segment's route tables drop unless a more specific route is known: no private address leaks out.

        A fixed route would win over an equal one that is learned, so what a site announces whole is not dropped where
        the segment reaches sites.
        """
        sites = {str(prefix) for site in self.settings.sites.values() for prefix in site.prefixes}
        announced = sites if segment in self.reaches_sites else set[str]()
        return {name: cidr for name, cidr in self.private_space.items() if cidr not in announced}

    @property
    def hub_destinations(self) -> Sequence[str]:
        """List what a network hands to its hub, which knows where it goes or drops it."""
        return tuple(self.private_space.values())

    def recorded_in(self, cloud: Cloud, region: str) -> Sequence[IPv4Network]:
        """List all that the ledger has given out in a region, configured or not: what address managers are told."""
        place = f"{cloud}/{region}"
        blocks = (*self.held.blocks_of(place).values(), *self.held.pod_blocks_of(place).values())
        recorded = (prefix for key, prefix in self.held.networks.items() if key.startswith(f"{place}/"))
        return sorted({*blocks, *(prefix for prefix in recorded if not any(map(prefix.subnet_of, blocks)))})

    def _placed(self, name: str, network: Network) -> Placed:
        key = network_key(name, network)
        return Placed(
            name=name,
            settings=network,
            segment=segments.segment_of(self.settings, name),
            cidr=self.held.networks[key],
            pods=self.held.pods.get(key) if network.kubernetes else None,
            services=self.held.cluster_services.get(key) if network.kubernetes else None,
            subnets=self.subnets(key),
        )

    @cached_property
    def _subnets(self) -> Mapping[str, Mapping[str, IPv4Network]]:
        by_network: dict[str, dict[str, IPv4Network]] = defaultdict(dict)
        for key, prefix in self.held.subnets.items():
            network, _, subnet = key.rpartition("/")
            by_network[network][subnet] = prefix
        return by_network

    @cached_property
    def _by_place(self) -> Mapping[str, Sequence[Placed]]:
        by_place: dict[str, list[Placed]] = defaultdict(list)
        for network in self.networks:
            by_place[str(network.settings.cloud)].append(network)
            by_place[f"{network.settings.cloud}/{network.settings.region}"].append(network)
        return by_place


def _slug(prefix: IPv4Network) -> str:
    return str(prefix).replace(".", "-").replace("/", "-")
