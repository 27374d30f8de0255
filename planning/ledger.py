"""The ledger's content: every allocation by name, for all environments, and the rules that it must keep."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network

from planning import asns, limits, link_addresses
from planning.problems import Problem
from planning.regions import REGIONS
from planning.settings import AwsHub, Topology

Entry = IPv4Network | int | str
GROUPS = "gcp/group/"
"""Starts the keys under which segments' groups in Google's hub are recorded."""
SUMMARIES = "aws/summary/"
"""Starts the keys under which the networks that aggregates point at are recorded."""
TRANSIT_SEGMENT = "aws/transit-segment"
"""Recorded once a core network has had the segment of its own VPCs."""
Place = tuple[str, str, str]
"""Environment, section, key."""


def gateway_key(cloud: str) -> str:
    """Name the fixed choice of the region where a cloud's links land."""
    return f"{cloud}/gateway-region"


@dataclass(slots=True)
class Environment:
    """What one environment holds. Keys are paths: `<cloud>/<region>[/<network>[/<subnet>]]`."""

    stack: str
    """`<project>/<stack>`: the one stack that may allocate here."""
    reserved: dict[str, IPv4Network] = field(default_factory=dict)
    """`lab`, `platform-team/build-farm`, `sites/hq/10.48.0.0/16`: ranges of others, which no stack may give out."""
    regions: dict[str, IPv4Network] = field(default_factory=dict)
    """`aws/us-east-1`, then `aws/us-east-1/2` and so on: blocks of a region, each advertised as one route."""
    networks: dict[str, IPv4Network] = field(default_factory=dict)
    """`aws/us-east-1/shop`."""
    subnets: dict[str, IPv4Network] = field(default_factory=dict)
    """`aws/us-east-1/shop/private-az1`."""
    hubs: dict[str, IPv4Network] = field(default_factory=dict)
    """`azure/eastus`: prefixes of virtual hubs."""
    pod_regions: dict[str, IPv4Network] = field(default_factory=dict)
    """`gcp/us-east4`, then `gcp/us-east4/2`: a region's blocks for pods, each advertised as one route."""
    pods: dict[str, IPv4Network] = field(default_factory=dict)
    """`gcp/us-east4/analytics`: routable Kubernetes pod ranges of networks."""
    cluster_services: dict[str, IPv4Network] = field(default_factory=dict)
    """`gcp/us-east4/analytics`: Kubernetes service ranges of networks, never routed."""
    links: dict[str, IPv4Network] = field(default_factory=dict)
    """`vpn/aws/gcp/1-1`, `exchange/dc/aws/primary`: inside addresses of tunnels and circuits."""
    asns: dict[str, int] = field(default_factory=dict)
    """`transit-gateway/us-east-1`, or `cloud-wan/us-east-1`; `cloud-router/us-east4`."""
    fixed: dict[str, str] = field(default_factory=dict)
    """Choices that cannot change once deployed: `aws/home-region`, `aws/gateway-region`, `aws/hub`, `gcp/topology`."""

    def recorded_groups(self) -> dict[str, str]:
        """List the groups of Google's hub by segment."""
        return {key.removeprefix(GROUPS): group for key, group in self.fixed.items() if key.startswith(GROUPS)}

    def copy(self) -> "Environment":
        """Copy the sections, so that allocations can be tried without touching what was read."""
        return Environment(self.stack, **{name: dict(getattr(self, name)) for name in SECTIONS})

    def blocks_of(self, region: str) -> dict[str, IPv4Network]:
        """List a region's blocks, `region` being for example `aws/us-east-1`."""
        return _numbered(self.regions, region)

    def pod_blocks_of(self, region: str) -> dict[str, IPv4Network]:
        """List a region's blocks for pods."""
        return _numbered(self.pod_regions, region)

    def standing_alone(self) -> list[str]:
        """List the networks that lie in no block of their region, as adopted ones may."""
        blocks = {place: list(self.blocks_of(place).values()) for place in {_place(key) for key in self.networks}}
        return [
            key
            for key, prefix in self.networks.items()
            if not any(prefix.subnet_of(block) for block in blocks[_place(key)])
        ]


def _numbered(section: Mapping[str, IPv4Network], region: str) -> dict[str, IPv4Network]:
    """Pick `region`, `region/2`, `region/3` and so on."""
    blocks: dict[str, IPv4Network] = {}
    number, key = 1, region
    while key in section:
        blocks[key] = section[key]
        number += 1
        key = f"{region}/{number}"
    return blocks


def _place(key: str) -> str:
    """Cut the last name off a path: the region of a network, the network of a subnet."""
    return key.rpartition("/")[0]


SECTIONS = tuple(section.name for section in fields(Environment) if section.name != "stack")
PREFIX_SECTIONS = tuple(name for name in SECTIONS if name not in ("asns", "fixed"))
TAKE_ONE_SIDE = (
    "keep the whole file of the branch that is deployed, and run python -m planning allocate for what the other added"
)
"""What mends a ledger that two branches allocated in at once."""


@dataclass(slots=True)
class Ledger:
    """All environments of all stacks that share the file."""

    environments: dict[str, Environment] = field(default_factory=dict)

    def reserved(self) -> Iterator[IPv4Network]:
        """Yield the ranges of others, of all environments."""
        for content in self.environments.values():
            yield from content.reserved.values()

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
    """Yield what breaks the first rule that is broken, since one mistake often breaks those after it as well.

    `where` tells the reader the place of an entry.
    """
    for rule in (_disjoint, _contained, _unique_asns, _possible):
        found = list(rule(ledger, where))
        yield from found
        if found:
            return


def _disjoint(ledger: Ledger, where: Callable[[Place], str]) -> Iterator[Problem]:
    """Yield overlaps of the largest things that overlap: what lies inside those would only say the same again."""
    space, inside, subnets = _by_size(ledger)
    ours = [*inside, *((prefix, place) for prefix, place in space if place[1] in ("pods", "cluster_services"))]
    # Two stacks may name the same range of somebody else's, so that only each one's own stand beside what is ours.
    foreign = [
        [*ours, *((prefix, (environment, "reserved", key)) for key, prefix in content.reserved.items())]
        for environment, content in ledger.environments.items()
        if content.reserved
    ]
    for level in (space, inside, *foreign, subnets):
        places = {Claim(prefix, "/".join(place)): place for prefix, place in level}
        found = list(overlaps(places))
        for first, second in found:
            rule = f"overlaps {first.owner} {first.prefix} ({where(places[first])})"
            remedy = f"if two branches allocated at once, {TAKE_ONE_SIDE}"
            yield Problem(where(places[second]), f"{second.owner} {second.prefix}", rule, remedy)
        if found:
            return


def _by_size(ledger: Ledger) -> tuple[list[tuple[IPv4Network, Place]], ...]:
    """Sort all ranges into those that stand alone, those in a region's block, and those in a network."""
    space: list[tuple[IPv4Network, Place]] = []
    inside: list[tuple[IPv4Network, Place]] = []
    subnets: list[tuple[IPv4Network, Place]] = []
    for environment, content in ledger.environments.items():
        for section in (name for name in PREFIX_SECTIONS if name != "reserved"):
            level = {"networks": inside, "hubs": inside, "pods": inside, "subnets": subnets}.get(section, space)
            level += [(prefix, (environment, section, key)) for key, prefix in getattr(content, section).items()]
        space += [(content.networks[key], (environment, "networks", key)) for key in content.standing_alone()]
    return space, inside, subnets


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
        for key, prefix in content.pods.items():
            if not any(prefix.subnet_of(block) for block in content.pod_blocks_of(_place(key)).values()):
                place = where((environment, "pods", key))
                yield Problem(place, f"{key} {prefix}", "lies outside its region", "restore the line from git history")
        for key, prefix in content.hubs.items():
            if not any(prefix.subnet_of(block) for block in content.blocks_of(key).values()):
                place = where((environment, "hubs", key))
                yield Problem(place, f"{key} {prefix}", "lies outside its region", "restore the line from git history")
        for key, prefix in content.links.items():
            refused = link_addresses.refusal(prefix, key)
            if refused:
                place = where((environment, "links", key))
                yield Problem(place, f"{key} {prefix}", refused, "restore the line from git history")


def _unique_asns(ledger: Ledger, where: Callable[[Place], str]) -> Iterator[Problem]:
    owner_of: dict[int, str] = {}
    for environment, content in ledger.environments.items():
        for key, asn in content.asns.items():
            if asn in owner_of:
                rule = f"is the ASN of {owner_of[asn]} as well"
                remedy = f"if two branches allocated at once, {TAKE_ONE_SIDE}"
                yield Problem(where((environment, "asns", key)), f"{environment}/{key} {asn}", rule, remedy)
            owner_of.setdefault(asn, f"{environment}/{key}")


CHOICES = {
    **{f"{cloud}/home-region": known for cloud, known in REGIONS.items()},
    **{gateway_key(cloud): known for cloud, known in REGIONS.items()},
    TRANSIT_SEGMENT: frozenset(("yes",)),
    "aws/hub": frozenset(hub.value for hub in AwsHub),
    "gcp/topology": frozenset(topology.value for topology in Topology),
    "gcp/registered": frozenset(("yes", "no")),
}
"""Fixed choice -> what it can be."""


def _possible(ledger: Ledger, where: Callable[[Place], str]) -> Iterator[Problem]:
    """Yield what no allocation can have written."""
    remedy = "restore the line from git history"
    for environment, content in ledger.environments.items():
        for key, prefix in content.hubs.items():
            if prefix.prefixlen > limits.SMALLEST_HUB:
                rule = f"is smaller than /{limits.SMALLEST_HUB}, the least that a virtual hub takes"
                yield Problem(where((environment, "hubs", key)), f"{key} {prefix}", rule, remedy)
        for key, asn in content.asns.items():
            if not asns.is_ours(asn):
                reason = asns.refusal(asn) or "is in no pool that the ledger gives out of"
                yield Problem(where((environment, "asns", key)), f"{key} {asn}", reason, remedy)
        for key, choice in content.fixed.items():
            if key in CHOICES and choice not in CHOICES[key]:
                rule = "is not one of the choices there are"
                yield Problem(where((environment, "fixed", key)), f"{key} {choice}", rule, remedy)
