"""What can be wrong with names, and what may surprise."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address

from planning.estate import Estate
from planning.ledger import Ledger
from planning.links.saying import some
from planning.names import google_rules, reverse, root_rules, servers, service_rules
from planning.names.loops import Asker, findings
from planning.names.owners import offered, owners
from planning.names.types import ONPREM, Forward, Names
from planning.problems import Problem
from planning.settings import Cloud, Settings
from planning.settings.names import Dns
from planning.subnets import kept_by_google


def problems(settings: Settings, ledger: Ledger) -> Iterator[Problem]:
    """Yield what settings tell, beside the roots of other environments."""
    dns = settings.dns
    if dns is None:
        return
    yield from root_rules.problems(settings, dns, ledger)
    yield from service_rules.problems(dns)
    if dns.google_entry_points and not any(network.cloud is Cloud.GCP for network in settings.networks.values()):
        given = some([str(address) for address in dns.google_entry_points])
        yield Problem("dns.googleEntryPoints", given, "are given, and no network is in gcp", "leave them out")


def problems_in(estate: Estate, names: Names) -> Iterator[Problem]:
    """Yield what addresses tell, and what walks over the whole plan find."""
    dns = estate.settings.dns
    if dns is None:
        return
    if dns.google_entry_points and estate.dns_partners(Cloud.GCP):
        yield from _entry_points(estate, dns)
    yield from service_rules.address_problems(estate, dns)
    for finding in findings(askers(names, dns)):
        yield Problem("dns", "", finding, "use another root, or leave the private service out")


def warnings(estate: Estate, names: Names, ledger: Ledger) -> Iterator[str]:
    """Yield what is accepted and may surprise."""
    dns = estate.settings.dns
    if dns is None:
        return
    if not estate.pairs:
        yield "dns: nothing joins the clouds (links), so that each resolves its own names only"
    with_servers = (name for name, site in estate.settings.sites.items() if site.dns)
    unheard = sorted({*with_servers} - {*names.sites})
    if unheard:
        yield f"dns: no link joins {some(unheard)}: nobody asks its DNS servers, and they ask nobody"
    for asker, forwards in _forwarding(names):
        for forward in {each.owner: each for each in reversed(forwards)}.values():
            if len(forward.servers) == 1:
                yield f"dns: {asker} has one server to ask for {forward.domain}: {forward.servers[0].key}; add one"
        left_out = [server.key for server, _ in servers.sites_asked(estate, Cloud(asker))[servers.MOST :]]
        if left_out:
            yield f"dns: {asker} asks {servers.MOST} servers of sites, as many as a rule names, not {some(left_out)}"
    yield from _shared_reverse(estate, dns, ledger)
    yield from google_rules.warnings(estate, ledger)
    yield from service_rules.warnings(estate, dns)


def askers(names: Names, dns: Dns) -> Sequence[Asker]:
    """Make of the plan what the walk goes over: one for each cloud and site."""
    forwards = dict(_forwarding(names))
    found: list[Asker] = []
    for cloud in Cloud:
        part = getattr(names, cloud)
        if part:
            zones = [zone.domain for zone in part.zones]
            suffixes = (domain for each in offered(dns, cloud) for domain in each.names.forwarded)
            asked = {each.domain: _asked(names, each) for each in forwards.get(cloud, ())}
            found.append(Asker(cloud, zones, asked, [domain for domain in suffixes if domain not in zones]))
    for name, site in names.sites.items():
        found.append(Asker(name, site.own, {each.domain: [each.owner] for each in site.forwards}))
    return found


def _asked(names: Names, forward: Forward) -> Sequence[str]:
    if forward.owner != ONPREM:
        return [forward.owner]
    addresses = {server.address for server in forward.servers}
    return [name for name, site in names.sites.items() if addresses & {*site.servers}]


def _forwarding(names: Names) -> Iterator[tuple[str, Sequence[Forward]]]:
    """Yield what each cloud forwards; its regions forward alike."""
    if names.aws and names.aws.resolvers:
        yield Cloud.AWS, names.aws.resolvers[0].forwards
    if names.azure and names.azure.resolvers:
        yield Cloud.AZURE, names.azure.resolvers[0].forwards
    if names.gcp:
        yield Cloud.GCP, names.gcp.forwards


def _shared_reverse(estate: Estate, dns: Dns, ledger: Ledger) -> Iterator[str]:
    """Yield the reverse zones of clouds that hold ranges of another environment as well."""
    zones = [(cloud, zone) for cloud, owner in owners(estate, dns).items() if cloud != ONPREM for zone in owner.reverse]
    for name, content in ledger.environments.items():
        held = {*content.networks.values(), *content.regions.values(), *content.reserved.values()}
        for cloud, zone in zones if name != estate.environment else ():
            if any(prefix.overlaps(zone) for prefix in held):
                yield (
                    f"dns: {reverse.domain(zone)}, a reverse zone of {cloud}, holds addresses of environment {name} "
                    "too; neither knows the other's, and a site of both can ask one only"
                )


def _entry_points(estate: Estate, dns: Dns) -> Iterator[Problem]:
    answering = servers.entry_points(estate)
    subnets = {name: servers.subnet_of(estate, Cloud.GCP, server) for name, server in answering.items()}
    wanted = " and ".join(map(str, subnets.values()))
    remedy = f"give what Google shows after the first deployment: one address in each of {wanted}"
    used: dict[str, IPv4Address] = {}
    for address in dns.google_entry_points:
        subnet = next((name for name, prefix in subnets.items() if address in prefix), None)
        reserved = subnet is not None and kept_by_google(subnets[subnet], address)
        if subnet is None or reserved:
            rule = "is an address that Google keeps" if reserved else "lies in no subnet where Google answers"
            yield Problem("dns.googleEntryPoints", str(address), rule, remedy)
        elif subnet in used:
            yield Problem("dns.googleEntryPoints", str(address), f"lies in one subnet with {used[subnet]}", remedy)
        else:
            used[subnet] = address
    missing = [str(prefix) for name, prefix in subnets.items() if name not in used]
    if used and missing:
        yield Problem("dns.googleEntryPoints", "", f"has none in {' and '.join(missing)}", remedy)
