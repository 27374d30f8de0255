"""Tunnels between two parties: which gateways they join, and the addresses inside them."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network

from planning.estate import Estate
from planning.links.ends import aws_end, azure_end, gcp_end, pairs_over, site_end
from planning.links.pairs import Pair, pair_key
from planning.links.requests import tunnel_keys
from planning.links.types import AzureVpnGateway, Role, Tunnel, TunnelEnd, Vpn
from planning.settings import Cloud
from planning.settings.links import Transport

INSTANCES = ("Instance0", "Instance1")
"""Of an Azure VPN gateway; each has a public address."""
INTERFACES = ("0", "1")
"""Of a Google HA VPN gateway."""


def vpns(estate: Estate) -> Sequence[Vpn]:
    """Plan the tunnels of every pair that has any."""
    return tuple(_vpn(estate, pair, role) for pair, role in pairs_over(estate, Transport.VPN))


def _vpn(estate: Estate, pair: Pair, role: Role) -> Vpn:
    settings = estate.settings
    near, far = pair.parties
    key_given = pair.key in {pair_key(settings, *key.split("/", 1)) for key in settings.link_keys if "/" in key}
    return Vpn(
        name=f"{near}-{far}-vpn",
        pair=pair.key,
        role=role,
        tunnels=tuple(_tunnels(estate, pair)),
        aws=aws_end(estate, [far]) if near == Cloud.AWS else None,
        azure=azure_end(estate, set(pair.parties) - {Cloud.AZURE.value}) if Cloud.AZURE in pair.parties else None,
        gcp=gcp_end(estate, near if far == Cloud.GCP else far) if Cloud.GCP in pair.parties else None,
        site=site_end(estate, far) if far in settings.sites else None,
        accelerated=near == Cloud.AWS and settings.links is not None and settings.links.vpn.accelerated,
        aws_makes_keys=near == Cloud.AWS and not key_given and settings.link_secret is None,
        key_given=key_given,
    )


def _tunnels(estate: Estate, pair: Pair) -> Iterator[Tunnel]:
    """Yield the tunnels, each with its two ends.

    AWS takes the first host of every /30, Azure the second [D13]. A device at a site
    has one BGP address for both of Azure's instances, since a link of Azure's knows one: the second tunnel then ends in
    two different /30s.
    """
    near, far = pair.parties
    for key in tunnel_keys(estate.settings, pair):
        group, _, number = key.rpartition("-")
        inside = _inside(estate, pair.key, key)
        first, second = (str(host) for host in inside.hosts())
        if far in estate.settings.sites:
            ports = {near: _port(near, key, int(number) - 1), far: group}
            shared = _inside(estate, pair.key, f"{group}-1")
            device = str(next(shared.hosts())) if near == Cloud.AZURE else second
            addresses = {near: second if near == Cloud.AZURE else first, far: device}
        else:
            index = int(group or number) - 1
            ports = {party: _port(party, key, index) for party in pair.parties}
            addresses = {near: first, far: second} if near == Cloud.AWS else {near: second, far: first}
        ends = {party: TunnelEnd(ports[party], addresses[party]) for party in pair.parties}
        yield Tunnel(key=key, inside=str(inside), ends=ends)


def _port(cloud: str, key: str, index: int) -> str:
    """Name what has the public address of one of two gateways; in AWS each tunnel has its own."""
    return {Cloud.AWS.value: key, Cloud.AZURE.value: INSTANCES[index], Cloud.GCP.value: INTERFACES[index]}[cloud]


def _inside(estate: Estate, pair: str, key: str) -> IPv4Network:
    return estate.held.links[f"vpn/{pair}/{key}"]


def azure_gateways(estate: Estate, planned: Sequence[Vpn]) -> Sequence[AzureVpnGateway]:
    """Plan a VPN gateway for each virtual hub where tunnels land: it has to know all their inside addresses."""
    links = estate.settings.links
    by_region: dict[str, list[Vpn]] = {}
    for vpn in planned:
        if vpn.azure is not None:
            by_region.setdefault(vpn.azure.region, []).append(vpn)
    return tuple(
        AzureVpnGateway(region, links.vpn.azure_scale_units if links else 1, _custom_addresses(there))
        for region, there in sorted(by_region.items())
    )


def _custom_addresses(planned: Sequence[Vpn]) -> Mapping[str, Sequence[str]]:
    ends = [tunnel.ends[Cloud.AZURE] for vpn in planned for tunnel in vpn.tunnels]
    return {instance: [end.address for end in ends if end.port == instance] for instance in INSTANCES}
