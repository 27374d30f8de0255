"""Every link of the stack."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.links.circuits import BuiltExchange, build_exchange, build_gateways
from components.links.ground import Ground
from components.links.outside import Told, build_outside
from components.links.targets import Targets
from components.links.tunnels import build_tunnels
from components.links.vpn import VpnLink
from planning.links.types import Links


@dataclass(frozen=True, slots=True)
class BuiltLinks:
    """What others read of links."""

    vpns: Mapping[str, VpnLink]
    """By name."""
    exchange: BuiltExchange
    outside: Mapping[str, Told]
    """Link whose middle is not ours -> what its other side has to be told."""
    targets: Mapping[str, Targets]
    """By name of the link."""


def build(links: Links, ground: Ground) -> BuiltLinks:
    """Build all links: tunnels first in the queue of a virtual hub, so that circuits added later change nothing."""
    vpns = build_tunnels(links, ground)
    gateways = build_gateways(links, ground)
    exchange = build_exchange(links, links.exchange, gateways, ground) if links.exchange else BuiltExchange()
    outside = build_outside(links, gateways, ground)
    targets = {
        **{name: vpn.targets for name, vpn in vpns.items()},
        **exchange.targets,
        **{name: each.targets for name, each in outside.items()},
    }
    return BuiltLinks(vpns, exchange, {name: each.told for name, each in outside.items()}, targets)
