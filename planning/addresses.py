"""Gives out what a configuration needs and the ledger does not have yet; what it has never moves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network

from planning import choices, claims, limits, subnets
from planning.allocation import Allocation
from planning.ledger import Environment, Ledger
from planning.links.requests import addresses as link_requests
from planning.places import TRANSIT, network_key
from planning.problems import Problem
from planning.settings import Cloud, Settings
from planning.space import FreeSpace


def allocate(settings: Settings, ledger: Ledger, stack: str, reserved: Mapping[str, IPv4Network]) -> Allocation:
    """Find a place in the ledger for everything that the settings name.

    Raises:
        ConfigurationError: with everything that finds no place, contradicts the ledger or overlaps.
    """
    return _Allocator(settings, ledger, stack, reserved).run()


class _Allocator:
    """One pass over the settings."""

    def __init__(self, settings: Settings, ledger: Ledger, stack: str, reserved: Mapping[str, IPv4Network]) -> None:
        content = ledger.environments.get(settings.environment, Environment(stack)).copy()
        self.result = Allocation(settings, Ledger({**ledger.environments, settings.environment: content}), content)
        self.result.problems += claims.another_owner(settings, ledger, stack)
        self.result.stop_on_problems()
        self.settings = settings
        self.reserved = reserved
        self.content = content
        self.ledger = self.result.ledger
        self.places = self.result.places
        self.problems = self.result.problems
        self.networks = sorted(settings.networks.items())
        self.spaces: dict[str, FreeSpace] = {}

    def run(self) -> Allocation:
        self.problems += claims.changes(self.settings, self.content)
        self.result.stop_on_problems()
        self._reserve()
        self._adopt()
        self.problems += claims.collisions(self.settings, self.ledger, self.reserved)
        self.problems += claims.outside(self.settings, self.content)
        self.result.stop_on_problems()
        self._regions()
        self._clusters()
        self._subnets()
        choices.choose(self.result)
        self.result.stop_on_problems()
        self._find_unused()
        return self.result

    def _reserve(self) -> None:
        """Record what is not ours to give, so that no other stack gives it either.

        A site's prefixes are declared, not given out: what a site no longer has is free at once.
        """
        foreign = claims.foreign(self.settings, self.reserved)
        for key in list(self.content.reserved):
            kind, _, site = key.partition("/")
            if key not in foreign and kind == "sites" and site.partition("/")[0] in self.settings.sites:
                self.result.new.append(f"no longer reserved {key}: {self.content.reserved.pop(key)}")
        for key, claim in sorted(foreign.items()):
            held = self.content.reserved.get(key)
            if held is None:
                self.result.record("reserved", key, claim.prefix)
            elif held != claim.prefix:
                rule = f"contradicts the ledger, where {key} has {held}"
                remedy = f"keep {held}, or run python -m planning release --replace {key}"
                self.problems.append(Problem(claim.owner, str(claim.prefix), rule, remedy))

    def _adopt(self) -> None:
        """Record adopted ranges before anything is given out round them."""
        for name, network in self.networks:
            key = network_key(name, network)
            if network.cidr is not None and key not in self.content.networks:
                self.result.record("networks", key, network.cidr)

    def _regions(self) -> None:
        wanted: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for name, network in self.networks:
            if network.size is not None:
                wanted[f"{network.cloud}/{network.region}"].append((network.size, network_key(name, network)))
        for cloud, region in self.places:
            self._region(cloud, f"{cloud}/{region}", wanted[f"{cloud}/{region}"])

    def _region(self, cloud: Cloud, place: str, wanted: Iterable[tuple[int, str]]) -> None:
        """Place a region's hub and networks; small things of the hub go to the end of the region's block."""
        if cloud is Cloud.AZURE and place not in self.content.hubs:
            self._place_in_region(cloud, place, "hubs", place, limits.HUB_PREFIX, at_end=True)
        if f"{place}/{TRANSIT}" not in self.content.networks:
            self._place_in_region(cloud, place, "networks", f"{place}/{TRANSIT}", limits.TRANSIT_NETWORK, at_end=True)
        for size, key in sorted(wanted):
            if key not in self.content.networks:
                self._place_in_region(cloud, place, "networks", key, size)

    def _place_in_region(
        self, cloud: Cloud, place: str, section: str, key: str, length: int, *, at_end: bool = False
    ) -> None:
        space = self._region_space(place)
        found = space.take_last(length) if at_end else space.take(length, limits.TRAPS)
        if found is None:
            block = self._new_block(cloud, place)
            if block is None:
                return
            space.add(block)
            found = space.take_last(length) if at_end else space.take(length, limits.TRAPS)
        if found is not None:
            self.result.record(section, key, found)

    def _region_space(self, place: str) -> FreeSpace:
        """Give what is free of a region's blocks."""
        if place not in self.spaces:
            held = [prefix for key, prefix in self.content.networks.items() if key.startswith(f"{place}/")]
            hub = [self.content.hubs[place]] if place in self.content.hubs else []
            blocks = self.content.blocks_of(place).values()
            self.spaces[place] = FreeSpace(blocks, [*held, *hub, *self.ledger.reserved()])
        return self.spaces[place]

    def _new_block(self, cloud: Cloud, place: str) -> IPv4Network | None:
        supernets: tuple[IPv4Network, ...] = getattr(self.settings.addressing.supernets, cloud)
        length = self.settings.addressing.region_size
        path = f"addressing.supernets.{cloud}"
        block = self._space(path, supernets).take(length, limits.TRAPS)
        if block is None:
            rule = f"has no /{length} left for {place}"
            remedy = "add a supernet to the list; what is given out stays"
            self.problems.append(Problem(path, ", ".join(map(str, supernets)), rule, remedy))
            return None
        number = len(self.content.blocks_of(place)) + 1
        self.result.record("regions", place if number == 1 else f"{place}/{number}", block)
        return block

    def _clusters(self) -> None:
        """Place the ranges of clusters, largest first."""
        wanted: list[tuple[int, str, str, str]] = []
        for name, network in self.networks:
            if network.kubernetes is not None:
                key, pods, services = network_key(name, network), network.kubernetes.pods, network.kubernetes.services
                wanted.append((pods, key, "pods", f"addressing.pods.{network.cloud}"))
                wanted.append((services, key, "cluster_services", "addressing.clusterServices"))
        for length, key, section, path in sorted(wanted):
            if key in getattr(self.content, section):
                continue
            if section == "pods":
                self._place_pods(key, length, path)
            else:
                self._place_range(section, key, length, path, (self.settings.addressing.cluster_services,))

    def _place_pods(self, key: str, length: int, path: str) -> None:
        """Place a cluster's pods in a block of its region, which is advertised as one route."""
        place = key.rpartition("/")[0]
        supernets: tuple[IPv4Network, ...] = getattr(self.settings.addressing.pods, key.partition("/")[0])
        if f"pods {place}" not in self.spaces:
            held = [prefix for other, prefix in self.content.pods.items() if other.rpartition("/")[0] == place]
            blocks = self.content.pod_blocks_of(place).values()
            self.spaces[f"pods {place}"] = FreeSpace(blocks, [*held, *self.ledger.reserved()])
        space = self.spaces[f"pods {place}"]
        found = space.take(length, limits.TRAPS)
        if found is None:
            number = len(self.content.pod_blocks_of(place)) + 1
            block_key = place if number == 1 else f"{place}/{number}"
            self._place_range("pod_regions", block_key, self.settings.addressing.pod_region_size, path, supernets)
            if block_key in self.content.pod_regions:
                space.add(self.content.pod_regions[block_key])
                found = space.take(length, limits.TRAPS)
        if found is not None:
            self.result.record("pods", key, found)

    def _place_range(self, section: str, key: str, length: int, path: str, supernets: tuple[IPv4Network, ...]) -> None:
        found = self._space(path, supernets).take(length, limits.TRAPS)
        if found is None:
            rule = f"has no /{length} left for {key}"
            remedy = (
                "add a range to the list; what is given out stays" if section == "pod_regions" else "use a larger range"
            )
            self.problems.append(Problem(path, ", ".join(map(str, supernets)), rule, remedy))
        else:
            self.result.record(section, key, found)

    def _subnets(self) -> None:
        held: dict[str, dict[str, IPv4Network]] = defaultdict(dict)
        for key, prefix in self.content.subnets.items():
            owner, _, subnet = key.rpartition("/")
            held[owner][subnet] = prefix
        for cloud, region in self.places:
            key = f"{cloud}/{region}/{TRANSIT}"
            if key in self.content.networks:
                wanted = subnets.transit_requests(cloud, region, held[key])
                self._place_subnets(key, self.content.networks[key], wanted, held[key].values(), key)
        for name, network in self.networks:
            key = network_key(name, network)
            for section, requests in (("networks", subnets.requests), ("pods", subnets.pod_requests)):
                prefix = getattr(self.content, section).get(key)
                if prefix is not None:
                    wanted = requests(network, prefix.prefixlen, held[key])
                    self._place_subnets(key, prefix, wanted, held[key].values(), f"networks.{name}")

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
        without: list[str] = []
        for request in missing:
            found = space.take_last(request.length) if request.at_end else space.take(request.length)
            if found is None:
                without.append(f"{request.key} (/{request.length})")
            else:
                self.result.record("subnets", f"{key}/{request.key}", found)
        if without:
            rule = f"has no room for the subnets {', '.join(without)}"
            self.problems.append(Problem(path, str(prefix), rule, "use fewer zones or tiers, or a larger range"))

    def _find_unused(self) -> None:
        configured = {network_key(name, network) for name, network in self.networks}
        places = {f"{cloud}/{region}" for cloud, region in self.places}
        for key in self.content.networks:
            place, _, name = key.rpartition("/")
            if (place not in places) if name == TRANSIT else (key not in configured):
                self.result.unused.append(key)
        foreign = claims.foreign(self.settings, self.reserved)
        self.result.unused += [key for key in self.content.reserved if key not in foreign]
        wanted = {request.key for request in link_requests(self.settings)}
        gone = {key.rpartition("/")[0] for key in self.content.links if key not in wanted}
        self.result.unused += sorted(gone - {key.rpartition("/")[0] for key in wanted})

    def _space(self, path: str, supernets: Iterable[IPv4Network]) -> FreeSpace:
        """Give what is free of some supernets, kept by their settings path."""
        if path not in self.spaces:
            self.spaces[path] = FreeSpace(supernets, claims.taken(self.ledger))
        return self.spaces[path]
