"""Rules that reach over several settings: what refers to what, and what a cloud cannot do."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import pairwise
from pathlib import PurePath

from planning import asns, cloud_wan_rules, limits
from planning.links import rules as link_rules
from planning.problems import Problem
from planning.reading import suggestion
from planning.regions import AWS_ZONE_IDS, REGIONS
from planning.settings import AwsHub, Cloud, Nat, Network, Settings

SITES = "sites"
RESERVED_SEGMENTS = frozenset({SITES, "default", "links", "none", "peering", "transit"})
"""Words that hubs use for route tables of their own, and the word for all sites."""
RESERVED_NETWORKS = frozenset({"hub", "ipam", "transit", "wan"})
"""Names of what every environment has once; a network of that name would share them."""
LONGEST_GCP_NAME = 63
SPACE_OF_ITS_OWN = "give each owner space of its own, those with a default included"


def problems(settings: Settings) -> Iterator[Problem]:
    """Yield everything that is wrong between settings."""
    yield from _segments(settings)
    yield from cloud_wan_rules.problems(settings)
    yield from _accounts(settings)
    for name, network in settings.networks.items():
        path = f"networks.{name}"
        yield from _place(path, network)
        yield from _segment_of(path, network, settings)
        yield from _ways_out(path, network)
        yield from _size(path, network, settings)
    yield from _names(settings)
    yield from _supernets(settings)
    yield from _reserved_files(settings)
    yield from _sites(settings)
    yield from _connectivity(settings)
    yield from link_rules.problems(settings)


def warnings(settings: Settings) -> Iterator[str]:
    """Yield what is accepted and may surprise."""
    for section in ("services", "flows"):
        if getattr(settings, section):
            yield f"{section}: read and checked, but this version builds nothing from it yet"
    yield from link_rules.warnings(settings)


def _segments(settings: Settings) -> Iterator[Problem]:
    for name, segment in settings.segments.items():
        if name in RESERVED_SEGMENTS:
            yield Problem(f"segments.{name}", "", "is a word with a meaning of its own", "call the segment otherwise")
        for other in segment.reaches:
            if other not in settings.segments and other != SITES:
                known = {*settings.segments, SITES}
                yield Problem(f"segments.{name}.reaches", other, "is no segment", suggestion(other, known))
    own = ("peering", "transit", *(("links",) if settings.links else ()))
    tables = len(settings.segments) + len(own)
    if tables > limits.HUB_ROUTE_TABLES and settings.hubs.aws is AwsHub.TRANSIT_GATEWAY:
        with_own = f"{', '.join(own[:-1])} and {own[-1]}"
        rule = f"needs {tables} route tables with {with_own}; a Transit Gateway has {limits.HUB_ROUTE_TABLES}"
        yield Problem("segments", str(len(settings.segments)), rule, "join segments that reach the same")


def _accounts(settings: Settings) -> Iterator[Problem]:
    for cloud in Cloud:
        there = sorted(name for name, network in settings.networks.items() if network.cloud is cloud)
        if there and getattr(settings.accounts, cloud) is None:
            rule = f"is missing, and networks.{there[0]} is there"
            yield Problem(f"accounts.{cloud}", "", rule, "say which account owns it")


def _place(path: str, network: Network) -> Iterator[Problem]:
    cloud = network.cloud
    if network.region not in REGIONS[cloud]:
        hint = _region_hint(network.region, cloud)
        yield Problem(f"{path}.region", network.region, f"is no region of {cloud}", hint)


def _region_hint(region: str, cloud: Cloud) -> str:
    elsewhere = next((other for other, regions in REGIONS.items() if region in regions), None)
    if elsewhere:
        return f"it is a region of {elsewhere}: change cloud or region"
    return f"{suggestion(region, REGIONS[cloud])} (one newer than this program is added in planning/regions.py)"


def _segment_of(path: str, network: Network, settings: Settings) -> Iterator[Problem]:
    if network.segment is None:
        if len(settings.segments) > 1:
            yield Problem(f"{path}.segment", "", "is missing", f"choose one: {', '.join(sorted(settings.segments))}")
    elif network.segment not in settings.segments:
        hint = suggestion(network.segment, settings.segments)
        yield Problem(f"{path}.segment", network.segment, "is no segment", hint)


def _ways_out(path: str, network: Network) -> Iterator[Problem]:
    if network.cloud is Cloud.AWS:
        zones = AWS_ZONE_IDS.get(network.region, ())
        if network.zones is not None and zones and network.zones > len(zones):
            rule = f"is more than the {len(zones)} zones of {network.region}"
            yield Problem(f"{path}.zones", str(network.zones), rule, f"use {len(zones)} or fewer")
        return
    if network.zones is not None:
        rule = f"means nothing in {network.cloud}, whose subnets span all zones"
        yield Problem(f"{path}.zones", str(network.zones), rule, "leave it out")
    if network.public:
        rule = f"means nothing in {network.cloud}, where no subnet is public: a resource is, by its own address"
        yield Problem(f"{path}.public", "true", rule, "leave it out")
    if network.nat is Nat.PER_ZONE:
        rule = f"is more than {network.cloud} needs: its NAT serves the whole subnet"
        yield Problem(f"{path}.nat", network.nat, rule, "use one")
    if network.nat is Nat.CENTRAL and network.cloud is Cloud.AZURE:
        rule = "needs a firewall in the hub by routing intent, which excludes the route tables that hold segments"
        yield Problem(f"{path}.nat", network.nat, rule, "use one: a NAT gateway of the network's own")
    if network.nat is Nat.CENTRAL and network.cloud is Cloud.GCP:
        rule = "cannot be done: a connectivity hub does not exchange default routes between VPC networks"
        yield Problem(f"{path}.nat", network.nat, rule, "use one: a Cloud NAT of the network's own")


def _size(path: str, network: Network, settings: Settings) -> Iterator[Problem]:
    smallest, largest = limits.SMALLEST_NETWORK, limits.LARGEST_NETWORK
    if network.cidr is not None:
        supernets = getattr(settings.addressing.supernets, network.cloud)
        if not largest <= network.cidr.prefixlen <= smallest:
            rule = f"is not between /{largest} and /{smallest}"
            yield Problem(f"{path}.cidr", str(network.cidr), rule, "split it into networks of that size, or join some")
        elif not any(network.cidr.subnet_of(supernet) for supernet in supernets):
            rule = f"lies outside addressing.supernets.{network.cloud} ({', '.join(map(str, supernets))})"
            yield Problem(f"{path}.cidr", str(network.cidr), rule, "add a supernet that holds it")
    elif network.size is not None and network.size < settings.addressing.region_size:
        rule = f"is larger than a region's block (/{settings.addressing.region_size})"
        remedy = f"use a smaller network, or larger blocks by addressing.regionSize: {network.size}"
        yield Problem(f"{path}.size", str(network.size), rule, remedy)


def _names(settings: Settings) -> Iterator[Problem]:
    for name, network in settings.networks.items():
        if name in RESERVED_NETWORKS or name.endswith("-transit") or name in settings.sites:
            taken = f"sites.{name}" if name in settings.sites else "something that hubs have themselves"
            yield Problem(f"networks.{name}", "", f"has the name of {taken}", "call it otherwise")
        with_pods = settings.networks.get(name.removesuffix("-pods"))
        if name.endswith("-pods") and with_pods is not None and with_pods.kubernetes is not None:
            rule = f"has the name under which the pods of networks.{name.removesuffix('-pods')} are registered"
            yield Problem(f"networks.{name}", "", rule, "call it otherwise")
        longest = f"{settings.environment}-{name}-private-{network.region}-services"
        if network.cloud is Cloud.GCP and len(longest) > LONGEST_GCP_NAME:
            rule = f"makes names such as {longest}, longer than Google's {LONGEST_GCP_NAME} characters"
            over = len(longest) - LONGEST_GCP_NAME
            yield Problem(f"networks.{name}", name, rule, f"shorten it by {over}")


def _supernets(settings: Settings) -> Iterator[Problem]:
    addressing = settings.addressing
    owners: list[tuple[IPv4Network, str]] = [
        *((prefix, f"addressing.supernets.{owner}") for owner, held in addressing.supernets for prefix in held),
        *((prefix, f"addressing.pods.{owner}") for owner, held in addressing.pods for prefix in held),
        (addressing.cluster_services, "addressing.clusterServices"),
    ]
    usable: list[tuple[IPv4Network, str]] = []
    for prefix, path in owners:
        never = next((never for never in limits.NEVER if prefix.overlaps(never)), None)
        if never is not None:
            yield Problem(path, str(prefix), f"touches {never}, which {limits.NEVER[never]}", "use other space")
            continue
        usable.append((prefix, path))
        holds_regions = path.startswith("addressing.supernets.") and not path.endswith(".onprem")
        if holds_regions and prefix.prefixlen >= addressing.region_size:
            rule = f"is too small: a region's block is a /{addressing.region_size}, and a supernet must be larger"
            yield Problem(path, str(prefix), rule, "use a larger supernet, or smaller blocks by addressing.regionSize")
        if path.startswith("addressing.pods.") and prefix.prefixlen >= addressing.pod_region_size:
            rule = f"is too small: a region's block is a /{addressing.pod_region_size}, and a supernet must be larger"
            yield Problem(
                path, str(prefix), rule, "use a larger supernet, or smaller blocks by addressing.podRegionSize"
            )
    for (prefix, path), (other, other_path) in pairwise(sorted(usable)):
        if prefix.overlaps(other):
            yield Problem(other_path, str(other), f"overlaps {path} ({prefix})", SPACE_OF_ITS_OWN)


def _reserved_files(settings: Settings) -> Iterator[Problem]:
    file_of: dict[str, str] = {}
    for file in settings.addressing.reserved_files:
        name = PurePath(file).stem
        if name in file_of:
            rule = f"has the name of {file_of[name]}, under which the ledger holds the ranges of that file"
            yield Problem("addressing.reservedFiles", file, rule, "give each file a name of its own")
        file_of[name] = file


def _sites(settings: Settings) -> Iterator[Problem]:
    onprem = settings.addressing.supernets.onprem
    owner_of: dict[int, str] = {}
    for name, site in settings.sites.items():
        path = f"sites.{name}"
        for prefix in site.prefixes:
            if not any(prefix.subnet_of(supernet) for supernet in onprem):
                rule = f"lies outside addressing.supernets.onprem ({', '.join(map(str, onprem))})"
                yield Problem(f"{path}.prefixes", str(prefix), rule, "add a supernet that holds it")
        refused = asns.refusal(site.asn)
        if refused:
            yield Problem(f"{path}.asn", str(site.asn), refused, f"use one of {asns.pool_text('site')}")
        if site.asn in owner_of:
            rule = f"is the ASN of sites.{owner_of[site.asn]} as well, and BGP drops routes that carry its own ASN"
            yield Problem(f"{path}.asn", str(site.asn), rule, f"use another of {asns.pool_text('site')}")
        owner_of.setdefault(site.asn, name)
        for server in site.dns:
            if not any(server in prefix for prefix in site.prefixes):
                yield Problem(f"{path}.dns", str(server), "lies outside the site's prefixes", "add its prefix")


def _connectivity(settings: Settings) -> Iterator[Problem]:
    places = {*settings.networks, *settings.sites}
    for name, service in settings.services.items():
        path = f"services.{name}"
        for place in service.runs_in:
            if place not in settings.networks:
                yield Problem(f"{path}.runsIn", place, "is no network", suggestion(place, settings.networks))
        for place in service.used_by:
            if place not in places:
                yield Problem(f"{path}.usedBy", place, "is neither network nor site", suggestion(place, places))
    for flow in settings.flows:
        for place in (flow.source, flow.destination):
            if place not in places:
                yield Problem("flows", place, "is neither network nor site", suggestion(place, places))
