"""Gives out what a configuration needs and the ledger does not have yet; what it has never moves."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from planning import asns, limits, subnets
from planning.ledger import Claim, Environment, Ledger, overlaps
from planning.problems import ConfigurationError, Problem
from planning.settings import Cloud, Network, Settings
from planning.space import FreeSpace

TRANSIT = "transit"


@dataclass(slots=True)
class Allocation:
    """The ledger with everything that the configuration needs, and what of it is new."""

    ledger: Ledger
    environment: Environment
    new: list[str] = field(default_factory=list)
    """One line each, for the reader of a preview."""
    unused: list[str] = field(default_factory=list)
    """Recorded names that the configuration no longer has."""


def network_key(name: str, network: Network) -> str:
    """Name a network in the ledger: `aws/us-east-1/shop`."""
    return f"{network.cloud}/{network.region}/{name}"


def regions_in_use(settings: Settings) -> list[tuple[Cloud, str]]:
    """List the regions that have networks, and so a hub, in order of their names."""
    return sorted({(network.cloud, network.region) for network in settings.networks.values()})


def allocate(settings: Settings, ledger: Ledger, stack: str, reserved: Mapping[str, IPv4Network]) -> Allocation:
    """Find a place in the ledger for everything that the settings name.

    Raises:
        ConfigurationError: with everything that finds no place, contradicts the ledger or overlaps.
    """
    return _Allocator(settings, ledger, stack, reserved).run()


class _Allocator:
    """One pass over the settings; `problems` gathers what cannot be had."""

    def __init__(self, settings: Settings, ledger: Ledger, stack: str, reserved: Mapping[str, IPv4Network]) -> None:
        self.settings = settings
        self.reserved = reserved
        self.problems: list[Problem] = []
        self._check_owner(ledger, stack)
        content = ledger.environments.get(settings.environment, Environment(stack)).copy()
        self.content = content
        self.ledger = Ledger({**ledger.environments, settings.environment: content})
        self.result = Allocation(self.ledger, content)
        self.spaces: dict[str, FreeSpace] = {}

    def run(self) -> Allocation:
        self._adopt()
        self._stop_on_problems()
        self._check_claims()
        self._stop_on_problems()
        for cloud, region in regions_in_use(self.settings):
            self._region(cloud, region)
        self._clusters()
        self._subnets()
        self._asns()
        self._fixed()
        self._stop_on_problems()
        self._find_unused()
        return self.result

    def _check_owner(self, ledger: Ledger, stack: str) -> None:
        name = self.settings.environment
        owner = ledger.environments[name].stack if name in ledger.environments else stack
        if owner != stack:
            rule = f"belongs to the stack {owner} in {self.settings.ledger}; two stacks cannot share an environment"
            self.problems.append(Problem("environment", name, rule, f"give the stack {stack} a name of its own"))
        for other, content in ledger.environments.items():
            if content.stack == stack and other != name:
                rule = f"is another name than {other}, under which the ledger holds this stack's allocations"
                remedy = f"keep {other}: another environment means other addresses for everything"
                self.problems.append(Problem("environment", name, rule, remedy))
        self._stop_on_problems()

    def _adopt(self) -> None:
        """Record adopted ranges before anything is given out round them, and check recorded ones."""
        recorded = {key.rpartition("/")[2]: key for key in self.content.networks if not key.endswith(f"/{TRANSIT}")}
        for name, network in self.settings.networks.items():
            key = network_key(name, network)
            path = f"networks.{name}"
            elsewhere = recorded.get(name)
            if elsewhere is not None and elsewhere != key:
                rule = f"is recorded in {elsewhere.rpartition('/')[0]}, and a network cannot move"
                remedy = f"give it a new name, or python -m planning release {name} once the old one is destroyed"
                self.problems.append(Problem(path, key.rpartition("/")[0], rule, remedy))
            elif key in self.content.networks:
                self._check_recorded(path, name, network, self.content.networks[key])
            elif network.cidr is not None:
                self._record("networks", key, network.cidr)

    def _check_recorded(self, path: str, name: str, network: Network, recorded: IPv4Network) -> None:
        remedy = f"keep it, or python -m planning release {name} and accept that the network is replaced"
        if network.cidr is not None and network.cidr != recorded:
            rule = f"contradicts the ledger, where {name} has {recorded}"
            self.problems.append(Problem(f"{path}.cidr", str(network.cidr), rule, remedy))
        if network.size is not None and network.size != recorded.prefixlen:
            rule = f"contradicts the ledger, where {name} has {recorded}; a network is never resized"
            self.problems.append(Problem(f"{path}.size", str(network.size), rule, remedy))

    def _check_claims(self) -> None:
        """Refuse overlaps between what the settings bring and what the ledger holds."""
        claims = [
            *(Claim(prefix, f"reserved {name}") for name, prefix in self.reserved.items()),
            *(Claim(prefix, f"sites.{name}") for name, site in self.settings.sites.items() for prefix in site.prefixes),
        ]
        for environment, content in self.ledger.environments.items():
            for section in ("networks", "hubs", "pods", "cluster_services"):
                entries: Mapping[str, IPv4Network] = getattr(content, section)
                claims += [Claim(prefix, self._owner(environment, key)) for key, prefix in entries.items()]
        self._refuse_overlaps(claims)
        self._refuse_overlaps(self._block_claims())
        supernets = dict(self.settings.addressing.supernets)
        for key, block in self.content.regions.items():
            cloud = key.partition("/")[0]
            if not any(block.subnet_of(supernet) for supernet in supernets[cloud]):
                rule = f"leaves out {block}, which {key} has"
                path = f"addressing.supernets.{cloud}"
                remedy = "put it back: what is given out must stay inside"
                self.problems.append(Problem(path, ", ".join(map(str, supernets[cloud])), rule, remedy))

    def _owner(self, environment: str, key: str) -> str:
        """Name the holder of a range as the user knows it: by settings path where it is configured here."""
        name = key.rpartition("/")[2]
        network = self.settings.networks.get(name)
        here = environment == self.settings.environment and network is not None and network_key(name, network) == key
        return f"networks.{name}" if here else f"{environment}/{key}"

    def _block_claims(self) -> Iterator[Claim]:
        """Yield regions' blocks, and the adopted networks that lie in no block of their own region."""
        for environment, content in self.ledger.environments.items():
            for key, block in content.regions.items():
                yield Claim(block, f"{environment}/{key}")
            for key, prefix in content.networks.items():
                blocks = content.blocks_of(key.rpartition("/")[0]).values()
                if not any(prefix.subnet_of(block) for block in blocks):
                    yield Claim(prefix, self._owner(environment, key))

    def _refuse_overlaps(self, claims: Iterable[Claim]) -> None:
        for first, second in overlaps(claims):
            rule = f"overlaps {first.owner} ({first.prefix})"
            self.problems.append(Problem(second.owner, str(second.prefix), rule, "give each a range of its own"))

    def _region(self, cloud: Cloud, region: str) -> None:
        """Place a region's hub and networks; small things of the hub go to the end of the region's block."""
        place = f"{cloud}/{region}"
        if cloud is Cloud.AZURE and place not in self.content.hubs:
            self._place_in_region(cloud, place, "hubs", place, limits.HUB_PREFIX, at_end=True)
        if f"{place}/{TRANSIT}" not in self.content.networks:
            self._place_in_region(cloud, place, "networks", f"{place}/{TRANSIT}", limits.TRANSIT_NETWORK, at_end=True)
        missing = [
            (network.size, network_key(name, network))
            for name, network in self.settings.networks.items()
            if (network.cloud, network.region) == (cloud, region) and network.size is not None
        ]
        for size, key in sorted(missing):
            if key not in self.content.networks:
                self._place_in_region(cloud, place, "networks", key, size)

    def _place_in_region(
        self, cloud: Cloud, place: str, section: str, key: str, length: int, *, at_end: bool = False
    ) -> None:
        space = self._space(place, lambda: self._region_space(place))
        found = space.take_last(length) if at_end else space.take(length, limits.TRAPS)
        if found is None and self._new_block(cloud, place):
            space = self.spaces[place] = self._region_space(place)
            found = space.take_last(length) if at_end else space.take(length, limits.TRAPS)
        if found is not None:
            self._record(section, key, found)

    def _region_space(self, place: str) -> FreeSpace:
        held = [prefix for key, prefix in self.content.networks.items() if key.startswith(f"{place}/")]
        hub = [self.content.hubs[place]] if place in self.content.hubs else []
        return FreeSpace(self.content.blocks_of(place).values(), [*held, *hub, *self.reserved.values()])

    def _new_block(self, cloud: Cloud, place: str) -> bool:
        supernets: tuple[IPv4Network, ...] = getattr(self.settings.addressing.supernets, cloud)
        length = self.settings.addressing.region_size
        space = self._space(f"supernets.{cloud}", lambda: FreeSpace(supernets, self._used_blocks()))
        block = space.take(length, limits.TRAPS)
        if block is None:
            rule = f"has no /{length} left for {place}"
            remedy = "add a supernet to the list; what is given out stays"
            path = f"addressing.supernets.{cloud}"
            self.problems.append(Problem(path, ", ".join(map(str, supernets)), rule, remedy))
            return False
        number = len(self.content.blocks_of(place)) + 1
        self._record("regions", place if number == 1 else f"{place}/{number}", block)
        return True

    def _used_blocks(self) -> Iterator[IPv4Network]:
        yield from self.reserved.values()
        yield from (claim.prefix for claim in self._block_claims())

    def _clusters(self) -> None:
        for name, network in self.settings.networks.items():
            if network.kubernetes is None:
                continue
            key = network_key(name, network)
            pods: tuple[IPv4Network, ...] = getattr(self.settings.addressing.pods, network.cloud)
            self._place_range("pods", key, network.kubernetes.pods, pods, f"addressing.pods.{network.cloud}")
            services = (self.settings.addressing.cluster_services,)
            path = "addressing.clusterServices"
            self._place_range("cluster_services", key, network.kubernetes.services, services, path)

    def _place_range(self, section: str, key: str, length: int, supernets: tuple[IPv4Network, ...], path: str) -> None:
        if key in getattr(self.content, section):
            return
        used = [
            *self.reserved.values(),
            *(prefix for content in self.ledger.environments.values() for prefix in getattr(content, section).values()),
        ]
        found = self._space(path, lambda: FreeSpace(supernets, used)).take(length, limits.TRAPS)
        if found is None:
            rule = f"has no /{length} left for {key}"
            self.problems.append(Problem(path, ", ".join(map(str, supernets)), rule, "use a larger range"))
        else:
            self._record(section, key, found)

    def _subnets(self) -> None:
        held: dict[str, list[IPv4Network]] = defaultdict(list)
        for key, prefix in self.content.subnets.items():
            held[key.rpartition("/")[0]].append(prefix)
        for cloud, region in regions_in_use(self.settings):
            key = f"{cloud}/{region}/{TRANSIT}"
            if key in self.content.networks:
                wanted = subnets.transit_requests(cloud, region)
                self._place_subnets(key, self.content.networks[key], wanted, held[key], key)
        for name, network in self.settings.networks.items():
            key = network_key(name, network)
            for section, requests in (("networks", subnets.requests), ("pods", subnets.pod_requests)):
                prefix = getattr(self.content, section).get(key)
                if prefix is not None:
                    self._place_subnets(key, prefix, requests(network, prefix.prefixlen), held[key], f"networks.{name}")

    def _place_subnets(
        self,
        key: str,
        prefix: IPv4Network,
        requests: Iterable[subnets.Request],
        held: Iterable[IPv4Network],
        path: str,
    ) -> None:
        missing = [request for request in requests if f"{key}/{request.key}" not in self.content.subnets]
        if not missing:
            return
        space = FreeSpace([prefix], held)
        for request in missing:
            found = space.take_last(request.length) if request.at_end else space.take(request.length)
            if found is None:
                rule = f"has no /{request.length} left for the subnet {request.key}"
                self.problems.append(Problem(path, str(prefix), rule, "use fewer zones or tiers, or a larger network"))
            else:
                self._record("subnets", f"{key}/{request.key}", found)

    def _asns(self) -> None:
        used = {**self.ledger.asns(), **{site.asn: name for name, site in self.settings.sites.items()}}
        for name, site in self.settings.sites.items():
            owner = self.ledger.asns().get(site.asn)
            if owner is not None:
                rule = f"is the ASN of {owner} in the ledger"
                remedy = f"use another of {asns.pool_text('site')}"
                self.problems.append(Problem(f"sites.{name}.asn", str(site.asn), rule, remedy))
        speakers = {Cloud.AWS: "transit-gateway", Cloud.GCP: "cloud-router"}
        for cloud, region in regions_in_use(self.settings):
            key = f"{speakers.get(cloud)}/{region}"
            if cloud not in speakers or key in self.content.asns:
                continue
            asn = asns.take(speakers[cloud], used)
            if asn is None:
                rule = f"finds no ASN left in {asns.pool_text(speakers[cloud])} and the spare numbers"
                self.problems.append(Problem(key, "", rule, "release regions that are gone"))
            else:
                used[asn] = key
                self._record("asns", key, asn)

    def _fixed(self) -> None:
        for cloud, region in regions_in_use(self.settings):
            if f"{cloud}/home-region" not in self.content.fixed:
                self._record("fixed", f"{cloud}/home-region", region)
        if any(cloud is Cloud.GCP for cloud, _ in regions_in_use(self.settings)):
            topology = self.settings.hubs.gcp.topology.value
            recorded = self.content.fixed.get("gcp/topology")
            if recorded is None:
                self._record("fixed", "gcp/topology", topology)
            elif recorded != topology:
                rule = f"contradicts the ledger, where the hub is a {recorded}: a hub's topology can never change"
                self.problems.append(Problem("hubs.gcp.topology", topology, rule, f"keep {recorded}"))

    def _find_unused(self) -> None:
        configured = {network_key(name, network) for name, network in self.settings.networks.items()}
        places = {f"{cloud}/{region}" for cloud, region in regions_in_use(self.settings)}
        for key in self.content.networks:
            place, _, name = key.rpartition("/")
            if (place not in places) if name == TRANSIT else (key not in configured):
                self.result.unused.append(key)

    def _space(self, key: str, make: Callable[[], FreeSpace]) -> FreeSpace:
        if key not in self.spaces:
            self.spaces[key] = make()
        return self.spaces[key]

    def _record(self, section: str, key: str, value: IPv4Network | int | str) -> None:
        getattr(self.content, section)[key] = value
        self.result.new.append(f"{section.replace('_', ' ')} {key}: {value}")

    def _stop_on_problems(self) -> None:
        if self.problems:
            raise ConfigurationError(self.problems)
