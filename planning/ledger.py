"""The ledger's content: every allocation by name, for all environments, and the rules that it must keep."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network

from planning.problems import Problem

Entry = IPv4Network | int | str
Place = tuple[str, str, str]
"""Environment, section, key."""


@dataclass(slots=True)
class Environment:
    """What one environment holds. Keys are paths: `<cloud>/<region>[/<network>[/<subnet>]]`."""

    stack: str
    """`<project>/<stack>`: the one stack that may allocate here."""
    regions: dict[str, IPv4Network] = field(default_factory=dict)
    """`aws/us-east-1`, then `aws/us-east-1/2` and so on: blocks of a region, each advertised as one route."""
    networks: dict[str, IPv4Network] = field(default_factory=dict)
    """`aws/us-east-1/shop`."""
    subnets: dict[str, IPv4Network] = field(default_factory=dict)
    """`aws/us-east-1/shop/private-az1`."""
    hubs: dict[str, IPv4Network] = field(default_factory=dict)
    """`azure/eastus`: prefixes of virtual hubs."""
    pods: dict[str, IPv4Network] = field(default_factory=dict)
    """`gcp/us-east4/analytics`: routable Kubernetes pod ranges of networks."""
    cluster_services: dict[str, IPv4Network] = field(default_factory=dict)
    """`gcp/us-east4/analytics`: Kubernetes service ranges of networks, never routed."""
    links: dict[str, IPv4Network] = field(default_factory=dict)
    """Inside addresses of tunnels and circuits."""
    asns: dict[str, int] = field(default_factory=dict)
    """`transit-gateway/us-east-1`, `cloud-router/us-east4`."""
    fixed: dict[str, str] = field(default_factory=dict)
    """Choices that cannot change once deployed: `aws/home-region`, `gcp/topology`."""

    def copy(self) -> "Environment":
        """Copy the sections, so that allocations can be tried without touching what was read."""
        return Environment(self.stack, **{name: dict(getattr(self, name)) for name in SECTIONS})

    def blocks_of(self, region: str) -> dict[str, IPv4Network]:
        """List a region's blocks, `region` being for example `aws/us-east-1`."""
        blocks: dict[str, IPv4Network] = {}
        number, key = 1, region
        while key in self.regions:
            blocks[key] = self.regions[key]
            number += 1
            key = f"{region}/{number}"
        return blocks


SECTIONS = tuple(section.name for section in fields(Environment) if section.name != "stack")
PREFIX_SECTIONS = tuple(name for name in SECTIONS if name not in ("asns", "fixed"))


@dataclass(slots=True)
class Ledger:
    """All environments of all stacks that share the file."""

    environments: dict[str, Environment] = field(default_factory=dict)

    def copy(self) -> "Ledger":
        """Copy everything that an allocation may add to."""
        return Ledger({name: environment.copy() for name, environment in self.environments.items()})

    def asns(self) -> dict[int, str]:
        """Map every ASN given out to who has it."""
        return {
            asn: f"{environment}/{key}"
            for environment, content in self.environments.items()
            for key, asn in content.asns.items()
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody's right to a range."""

    prefix: IPv4Network
    owner: str
    """As the reader of an error knows it."""


def overlaps(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Yield pairs of claims that overlap: for each claim the one before it in address order that reaches into it."""
    last: Claim | None = None
    for claim in sorted(claims, key=lambda claim: (int(claim.prefix.network_address), claim.prefix.prefixlen)):
        if last is not None and int(claim.prefix.network_address) <= int(last.prefix.broadcast_address):
            yield last, claim
        if last is None or int(claim.prefix.broadcast_address) > int(last.prefix.broadcast_address):
            last = claim


def problems(ledger: Ledger, where: Callable[[Place], str]) -> Iterator[Problem]:
    """Yield every rule that the ledger breaks; `where` tells the reader the place of an entry."""
    yield from _disjoint(ledger, where)
    yield from _contained(ledger, where)
    yield from _unique_asns(ledger, where)


def _disjoint(ledger: Ledger, where: Callable[[Place], str]) -> Iterator[Problem]:
    groups: Mapping[str, list[tuple[IPv4Network, Place]]] = {name: [] for name in ("blocks", *PREFIX_SECTIONS)}
    for environment, content in ledger.environments.items():
        for section in PREFIX_SECTIONS:
            group = groups["networks" if section == "hubs" else section]
            group.extend((prefix, (environment, section, key)) for key, prefix in getattr(content, section).items())
        groups["regions"].extend(
            (prefix, (environment, "networks", key))
            for key, prefix in content.networks.items()
            if _stands_alone(content, key)
        )
    for group in groups.values():
        names = {Claim(prefix, "/".join(place)): place for prefix, place in group}
        for first, second in overlaps(names):
            rule = f"overlaps {first.owner} ({first.prefix})"
            remedy = "two branches may have allocated at once: release one of the two and allocate it again"
            yield Problem(where(names[second]), f"{second.owner} {second.prefix}", rule, remedy)


def _stands_alone(content: Environment, key: str) -> bool:
    """Tell whether a network lies in no block of its region, as an adopted one may."""
    blocks = content.blocks_of(key.rpartition("/")[0]).values()
    return not any(content.networks[key].subnet_of(block) for block in blocks)


def _contained(ledger: Ledger, where: Callable[[Place], str]) -> Iterator[Problem]:
    for environment, content in ledger.environments.items():
        for key, prefix in content.subnets.items():
            parent = key.rpartition("/")[0]
            network = content.networks.get(parent)
            outside = network is None or not prefix.subnet_of(network)
            if outside and not (parent in content.pods and prefix.subnet_of(content.pods[parent])):
                rule = f"lies outside its network {parent} ({network or 'not in the ledger'})"
                place = where((environment, "subnets", key))
                yield Problem(place, f"{key} {prefix}", rule, "restore the line from git history")
        for key, prefix in content.hubs.items():
            if not any(prefix.subnet_of(block) for block in content.blocks_of(key).values()):
                place = where((environment, "hubs", key))
                yield Problem(place, f"{key} {prefix}", "lies outside its region", "restore the line from git history")


def _unique_asns(ledger: Ledger, where: Callable[[Place], str]) -> Iterator[Problem]:
    owner_of: dict[int, str] = {}
    for environment, content in ledger.environments.items():
        for key, asn in content.asns.items():
            if asn in owner_of:
                rule = f"is the ASN of {owner_of[asn]} as well"
                remedy = "two branches may have allocated at once: release one of the two and allocate it again"
                yield Problem(where((environment, "asns", key)), f"{environment}/{key} {asn}", rule, remedy)
            owner_of.setdefault(asn, f"{environment}/{key}")
