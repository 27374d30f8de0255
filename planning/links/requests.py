"""What links ask of the ledger: inside addresses of tunnels and legs, and ASNs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from planning.link_addresses import ATTACHMENT, TUNNEL
from planning.links import pairs
from planning.links.pairs import Pair
from planning.settings import Cloud, Settings
from planning.settings.links import Transport

AZURE_LEGS = ("primary", "secondary")


class AddressRequest(NamedTuple):
    """Addresses that one tunnel or leg needs."""

    key: str
    for_azure: bool = False
    """Whether they have to lie where Azure's VPN gateways take addresses."""
    length: int = TUNNEL


def tunnel_keys(settings: Settings, pair: Pair) -> Iterator[str]:
    """Yield the keys of a pair's tunnels.

    Two gateways at each end, and from each a tunnel to both of AWS's addresses (`1-2`: first gateway, second address).
    Azure's links know one BGP address of the far side, so Azure and Google have two tunnels. A site has two to each
    device (`edge-1`, `edge-2`).
    """
    site = settings.sites.get(pair.parties[1])
    if site is not None:
        yield from (f"{device}-{number}" for device, number in product(sorted(site.devices), (1, 2)))
    elif Cloud.AWS in pair.parties:
        yield from ("1-1", "1-2", "2-1", "2-2")
    else:
        yield from ("1", "2")


def addresses(settings: Settings) -> Iterator[AddressRequest]:
    """Yield what needs addresses.

    Keys are `vpn/<pair>/<tunnel>`, `exchange/<metro>/<party>/<leg>`, `external/<middle>/<cloud>/<leg>` and
    `dedicated/<site>/<cloud>/<port>/<leg>`. Google gives the addresses of its Partner attachments out itself.
    """
    joined = pairs.joined(settings)
    for pair in joined:
        if Transport.VPN in pair.transports:
            for key in tunnel_keys(settings, pair):
                yield AddressRequest(f"vpn/{pair.key}/{key}", Cloud.AZURE in pair.parties)
    exchange = settings.links.exchange if settings.links else None
    for metro, party in product(exchange.metros if exchange else (), parties_on_exchange(settings)):
        start = f"exchange/{metro.lower()}/{party}"
        if party == Cloud.AZURE:
            yield from (AddressRequest(f"{start}/{leg}") for leg in AZURE_LEGS)
        elif party == Cloud.AWS or (party in settings.sites and metro in settings.sites[party].ports):
            yield AddressRequest(f"{start}/primary")
    yield from _external(settings)
    yield from _dedicated(settings)


def _external(settings: Settings) -> Iterator[AddressRequest]:
    for name, met in external_ends(settings).items():
        if Cloud.AWS in met:
            yield AddressRequest(f"external/{name}/aws/primary")
        if Cloud.AZURE in met:
            yield from (AddressRequest(f"external/{name}/azure/{leg}") for leg in AZURE_LEGS)


def _dedicated(settings: Settings) -> Iterator[AddressRequest]:
    for site, cloud, port in dedicated_ports(settings):
        start = f"dedicated/{site}/{cloud}/{port}"
        if cloud is Cloud.AZURE:
            yield from (AddressRequest(f"{start}/{leg}") for leg in AZURE_LEGS)
        else:
            # Google gives an attachment no less.
            yield AddressRequest(f"{start}/primary", length=ATTACHMENT if cloud is Cloud.GCP else TUNNEL)


def external_ends(settings: Settings) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Map each middle of somebody else's to the clouds that it is built to reach, and each of those to whom it meets.

    A cloud that no pair needs there is left out: its circuit would be paid for and carry nothing.
    """
    links = settings.links
    over = [pair.parties for pair in pairs.joined(settings) if Transport.EXTERNAL in pair.transports]
    ends: dict[str, Mapping[str, Sequence[str]]] = {}
    for name, middle in sorted(links.external.items()) if links else ():
        clouds = [cloud.value for cloud in Cloud if getattr(middle, cloud) is not None]
        reached = {*clouds, *middle.sites}
        there = [both for both in over if reached.issuperset(both)]
        met = {
            cloud: sorted({party for both in there if cloud in both for party in both} - {cloud}) for cloud in clouds
        }
        ends[name] = {cloud: parties for cloud, parties in met.items() if parties}
    return ends


def dedicated_ports(settings: Settings) -> Sequence[tuple[str, Cloud, str]]:
    """List the ports straight at clouds that something runs over: site, cloud, name of the port."""
    over = {pair.parties for pair in pairs.joined(settings) if Transport.DEDICATED in pair.transports}
    return [
        (site, cloud, port)
        for site, given in sorted(settings.sites.items())
        for cloud in Cloud
        if (cloud, site) in over
        for port in sorted(getattr(given.dedicated, cloud))
    ]


def parties_on_exchange(settings: Settings) -> tuple[str, ...]:
    """List who has circuits to the exchange."""
    return tuple(sorted(pairs.parties_over(settings, Transport.EXCHANGE)))
