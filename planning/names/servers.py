"""Where queries go to and come from: addresses of resolvers' endpoints, out of the ledger's subnets."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from itertools import zip_longest

from planning import limits
from planning.estate import Estate
from planning.names.types import ONPREM, Server
from planning.places import TRANSIT
from planning.settings import Cloud

INBOUND, OUTBOUND = 4, 5
"""Places within an endpoint's subnet: AWS and Azure keep the first four addresses for themselves."""
ZONES = 2
"""Zones that AWS's endpoints stand in."""
AZURE_INBOUND = ("resolver-inbound", "resolver-inbound-2")
AZURE_OUTBOUND = "resolver-outbound"
MOST = 6
"""Servers that one rule names: AWS [K], Azure."""
GOOGLE_SUBNETS = (TRANSIT, "resolver")
"""Google answers at one address in every subnet of a VPC that has an inbound policy."""


def inbound(estate: Estate, cloud: Cloud) -> Mapping[str, str]:
    """Map subnets to the addresses that answer for AWS's or Azure's names, in the region where links land."""
    region = estate.gateway_region(cloud)
    keys = _aws_subnets(estate, region) if cloud is Cloud.AWS else AZURE_INBOUND
    return {key: str(_subnet(estate, cloud, region, key)[INBOUND]) for key in keys}


def outbound(estate: Estate, region: str) -> Mapping[str, str]:
    """Map subnets to the addresses that AWS's queries come from in a region."""
    return {key: str(_subnet(estate, Cloud.AWS, region, key)[OUTBOUND]) for key in _aws_subnets(estate, region)}


def entry_points(estate: Estate) -> Mapping[str, Server]:
    """Map Google's subnets in the region where links land to what answers there."""
    region = estate.gateway_region(Cloud.GCP)
    given = estate.settings.dns.google_entry_points if estate.settings.dns else ()
    found: dict[str, Server] = {}
    for name in GOOGLE_SUBNETS:
        subnet = _subnet(estate, Cloud.GCP, region, name)
        address = next((str(address) for address in given if address in subnet), None)
        found[f"{name}-{region}"] = Server(f"{name}-{region}", address)
    return found


def servers(estate: Estate, owner: str, asker: str) -> Sequence[Server]:
    """List the servers of an owner that whoever asks is joined to. `owner` is a cloud or `onprem`."""
    if owner == ONPREM:
        return [server for server, _ in sites_asked(estate, Cloud(asker))[:MOST]]
    if owner == Cloud.GCP:
        return list(entry_points(estate).values())
    return [Server(key, address) for key, address in inbound(estate, Cloud(owner)).items()]


def sites_asked(estate: Estate, cloud: Cloud) -> Sequence[tuple[Server, str]]:
    """List the DNS servers of the sites that a cloud is joined to: the first of each, then the second, and so on."""
    partners = estate.dns_partners(cloud)
    sites = {name: site for name, site in sorted(estate.settings.sites.items()) if name in partners}
    named = ([(site_server(name, address), name) for address in site.dns] for name, site in sites.items())
    return [server for turn in zip_longest(*named) for server in turn if server is not None]


def subnet_of(estate: Estate, cloud: Cloud, server: Server) -> IPv4Network:
    """Give the subnet that a cloud's server stands in, whether its address is known or not."""
    region = estate.gateway_region(cloud)
    return _subnet(estate, cloud, region, server.key.removesuffix(f"-{region}"))


def site_server(site: str, address: IPv4Address) -> Server:
    """Name a DNS server of a site."""
    return Server(f"{site}-{str(address).replace('.', '-')}", str(address))


def sources(estate: Estate, party: str) -> Iterator[str]:
    """Yield the CIDRs that a cloud's or a site's queries come from."""
    if party in estate.settings.sites:
        yield from (f"{address}/32" for address in estate.settings.sites[party].dns)
    elif party == Cloud.AWS:
        for region in estate.regions(Cloud.AWS):
            yield from (f"{address}/32" for address in outbound(estate, region).values())
    elif party == Cloud.AZURE:
        for region in estate.regions(Cloud.AZURE):
            yield str(_subnet(estate, Cloud.AZURE, region, AZURE_OUTBOUND))
    else:
        yield str(limits.GOOGLE_FORWARDERS)


def asked_by(estate: Estate, cloud: Cloud) -> Mapping[str, str]:
    """Map the CIDRs that ask a cloud to whose they are."""
    return {cidr: party for party in estate.dns_partners(cloud) for cidr in sources(estate, party)}


def asks(estate: Estate, cloud: Cloud) -> Mapping[str, str]:
    """Map the CIDRs that a cloud asks to whose they are; the subnets where Google picks its addresses itself."""
    found = {f"{server.address}/32": site for server, site in sites_asked(estate, cloud)[:MOST]}
    for party in estate.dns_partners(cloud):
        if party == Cloud.GCP:
            for server in entry_points(estate).values():
                there = f"{server.address}/32" if server.address else str(subnet_of(estate, Cloud.GCP, server))
                found[there] = party
        elif party not in estate.settings.sites:
            found |= {f"{address}/32": party for address in inbound(estate, Cloud(party)).values()}
    return found


def _aws_subnets(estate: Estate, region: str) -> Sequence[str]:
    held = estate.subnets(f"{Cloud.AWS}/{region}/{TRANSIT}")
    in_order = sorted((prefix, key) for key, prefix in held.items() if key.startswith("resolver-"))
    return [key for _, key in in_order[:ZONES]]


def _subnet(estate: Estate, cloud: Cloud, region: str, key: str) -> IPv4Network:
    return estate.subnets(f"{cloud}/{region}/{TRANSIT}")[key]
