"""Rules of ports that sites have straight at clouds."""

from collections.abc import Iterator

from planning.links.external_rules import LARGEST_AWS_ASN
from planning.links.pairs import Pair
from planning.links.requests import dedicated_ports
from planning.links.saying import asked, some
from planning.problems import Problem
from planning.reading import suggestion
from planning.regions import REGIONS
from planning.settings import Cloud, Settings, Site, Transport
from planning.settings.external import DedicatedPort
from planning.settings.links import MAKE_ONE

LOWEST_GOOGLE_VLAN = 2
"""Of an attachment [S]."""
EXAMPLES = {
    Cloud.AWS: "{east: {connectionId: dxcon-ffabc123, bandwidth: 10000, vlan: 101}}",
    Cloud.AZURE: "{east: {portId: /subscriptions/..., bandwidth: 1000, vlan: 101}}",
    Cloud.GCP: "{east: {interconnect: hq-east, bandwidth: 1000, vlan: 101}}",
}


def problems(settings: Settings) -> Iterator[Problem]:
    """Yield everything that is wrong with dedicated ports."""
    for name, site in settings.sites.items():
        yield from _ports(f"sites.{name}.dedicated", site)
    yield from _names(settings)
    yield from _taken(settings)
    yield from _reach(settings)
    if settings.link_secret is None and any(cloud is Cloud.AZURE for _, cloud, _ in dedicated_ports(settings)):
        rule = "is missing, and no cloud makes the keys of circuits on a site's ports at Azure"
        yield Problem("linkSecret", "", rule, f"make it: {MAKE_ONE}")


def warnings(settings: Settings) -> Iterator[str]:
    """Yield what is accepted and may surprise."""
    used = {(site, cloud) for site, cloud, _ in dedicated_ports(settings)}
    for name, site in settings.sites.items():
        for cloud in Cloud:
            if getattr(site.dedicated, cloud) and (name, cloud) not in used:
                yield f"sites.{name}.dedicated.{cloud}: nothing runs over it, so nothing is ordered or built there"
        zones = [_zone(port.order.location) for port in site.dedicated.gcp.values() if port.order]
        if len(zones) > 1 and len({*zones}) == 1 and zones[0]:
            yield f"sites.{name}.dedicated.gcp: all are in {zones[0]}, which Google maintains all at once"


def _zone(location: str) -> str:
    """Read the maintenance zone from the name of a colocation facility: `zone1` of `iad-zone1-1`, if it has any."""
    return next((word for word in location.split("-") if word.startswith("zone")), "")


def _ports(path: str, site: Site) -> Iterator[Problem]:
    given = site.dedicated
    for name, port in given.aws.items():
        if port.region is not None and port.region not in REGIONS[Cloud.AWS]:
            hint = suggestion(port.region, REGIONS[Cloud.AWS])
            yield Problem(f"{path}.aws.{name}.region", port.region, "is no region of aws", hint)
    if given.aws and site.asn > LARGEST_AWS_ASN:
        rule = f"has an ASN ({site.asn}) beyond what a virtual interface of AWS takes here ({LARGEST_AWS_ASN})"
        yield Problem(f"{path}.aws", "", rule, "give the site another ASN")
    for name, port in given.azure.items():
        if port.order and port.bandwidth > port.order.bandwidth:
            rule = f"is more than the ports have ({port.order.bandwidth})"
            yield Problem(
                f"{path}.azure.{name}.bandwidth", str(port.bandwidth), rule, "use less, or order larger ports"
            )
    for name, port in given.gcp.items():
        if port.order and port.bandwidth > port.order.bandwidth * port.order.links:
            rule = f"is more than the links have together ({port.order.bandwidth * port.order.links})"
            yield Problem(f"{path}.gcp.{name}.bandwidth", str(port.bandwidth), rule, "use less, or order more links")
        if port.vlan < LOWEST_GOOGLE_VLAN:
            rule = f"is none that Google takes: {LOWEST_GOOGLE_VLAN} to 4094"
            yield Problem(f"{path}.gcp.{name}.vlan", str(port.vlan), rule, "use another VLAN")


def _names(settings: Settings) -> Iterator[Problem]:
    """Refuse two ports whose names in a cloud would be the same."""
    owner_of: dict[tuple[Cloud, str], str] = {}
    for name, site in settings.sites.items():
        for cloud in Cloud:
            for port in getattr(site.dedicated, cloud):
                path, key = f"sites.{name}.dedicated.{cloud}.{port}", (cloud, f"{name}-{port}")
                if key in owner_of:
                    rule = f"would have the name of {owner_of[key]} in {cloud}: {name}-{port}"
                    yield Problem(path, "", rule, "call it otherwise")
                owner_of.setdefault(key, path)


def _taken(settings: Settings) -> Iterator[Problem]:
    """Refuse a VLAN that another link has on the same port."""
    owner_of: dict[tuple[str, int], str] = {}
    for name, site in settings.sites.items():
        given = site.dedicated
        there = (
            *((f"aws.{port}", at.connection_id, at) for port, at in given.aws.items()),
            *((f"azure.{port}", at.port_id, at) for port, at in given.azure.items()),
            *((f"gcp.{port}", at.interconnect, at) for port, at in given.gcp.items()),
        )
        for port, origin, at in there:
            if origin is not None:
                yield from _vlan(f"sites.{name}.dedicated.{port}", origin, at, owner_of)


def _vlan(path: str, origin: str, port: DedicatedPort, owner_of: dict[tuple[str, int], str]) -> Iterator[Problem]:
    if (origin, port.vlan) in owner_of:
        rule = f"is taken on this port by {owner_of[origin, port.vlan]}"
        yield Problem(f"{path}.vlan", str(port.vlan), rule, "use another VLAN")
    owner_of.setdefault((origin, port.vlan), path)


def _reach(settings: Settings) -> Iterator[Problem]:
    """Check that there is a port for every pair, and in production something behind it."""
    for path, pairs in asked(settings, Transport.DEDICATED).items():
        clouds = [pair.key for pair in pairs if pair.parties[1] not in settings.sites]
        if clouds:
            rule = f"is a port of a site's, and {some(clouds)} has no site"
            yield Problem(path, Transport.DEDICATED, rule, "use another way for clouds, and this one for sites")
        for pair in pairs:
            if pair.key not in clouds:
                yield from _port(settings, path, pair)


def _port(settings: Settings, path: str, pair: Pair) -> Iterator[Problem]:
    cloud, site = Cloud(pair.parties[0]), pair.parties[1]
    there = getattr(settings.sites[site].dedicated, cloud)
    where = f"sites.{site}.dedicated.{cloud}"
    if not there:
        rule = f"is missing, and {path} joins {pair.key} by a port of the site's"
        yield Problem(where, "", rule, f"describe it, as in {where}: {EXAMPLES[cloud]}")
    elif settings.protect and len(there) == 1 and pair.backup is None:
        rule = f"is one port alone, whose failure cuts {pair.key}, and protect: true says that this is production"
        yield Problem(where, "", rule, "add a second port at another location, or a backup")
