"""What links ask of the ledger: inside addresses of tunnels and legs, and ASNs."""

from collections.abc import Iterator
from itertools import product

from planning.links import pairs
from planning.links.pairs import Pair
from planning.settings import Cloud, Settings
from planning.settings.links import Transport

AZURE_LEGS = ("primary", "secondary")


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


def addresses(settings: Settings) -> Iterator[tuple[str, bool]]:
    """Yield the key of each /30, and whether it has to lie where Azure's VPN gateways take addresses.

    Keys are `vpn/<pair>/<tunnel>` and `exchange/<metro>/<party>/<leg>`. Google gives the addresses of its attachments
    out itself.
    """
    joined = pairs.joined(settings)
    for pair in joined:
        if Transport.VPN in pair.transports:
            for key in tunnel_keys(settings, pair):
                yield f"vpn/{pair.key}/{key}", Cloud.AZURE in pair.parties
    exchange = settings.links.exchange if settings.links else None
    for metro, party in product(exchange.metros if exchange else (), parties_on_exchange(settings)):
        start = f"exchange/{metro.lower()}/{party}"
        if party == Cloud.AZURE:
            yield from ((f"{start}/{leg}", False) for leg in AZURE_LEGS)
        elif party == Cloud.AWS or (party in settings.sites and metro in settings.sites[party].ports):
            yield f"{start}/primary", False


def parties_on_exchange(settings: Settings) -> tuple[str, ...]:
    """List who has circuits to the exchange."""
    there = {
        party for pair in pairs.joined(settings) if Transport.EXCHANGE in pair.transports for party in pair.parties
    }
    return tuple(sorted(there))
