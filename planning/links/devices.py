"""Files for a site's own routers (Linux with strongSwan and FRR): tunnels to clouds, circuits to exchanges, routing.

No secret is in them: where a key belongs stands `@<neighbour>@`. What only a deployment tells, addresses of gateways
and ASNs of the exchange, comes as an argument.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from planning.asns import AZURE_HUB
from planning.link_addresses import TUNNEL
from planning.links.circuits import MTU
from planning.links.table import GCP_VPN_MTU, VPN_MTU
from planning.links.types import SiteCircuit, SiteEnd, Tunnel, Vpn

CIRCUIT_PREFERENCE, TUNNEL_PREFERENCE = 200, 100
"""Local preference of what is learned: higher wins, before paths are compared."""
TUNNEL_MED, TUNNEL_PREPENDS = 200, 3
"""What is added to what a tunnel sends, for receivers that have no order of their own. Tunnels come second whether
there are circuits or not, so that circuits that are added change nothing of the tunnels."""
SEGMENT = GCP_VPN_MTU - 40
"""Largest TCP segment that fits into the narrowest tunnel, after the IP and TCP headers."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - files for routers, not HTML
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Whom a router speaks BGP with: a cloud's gateway through a tunnel, or the exchange over a circuit."""

    name: str
    """Of the tunnel (`aws-hq-vpn-edge-1`) or circuit (`exchange-dc-hq`); its key has the same name."""
    link: str
    """Neighbours of one link are treated alike."""
    local_address: str
    remote_address: str
    asn: int | None
    """None: the exchange's, known after a deployment."""
    accepts: Sequence[str]
    """Aggregates that are let in, exactly these."""
    mtu: int
    metro: str | None = None
    """Where the circuit's port is; None for a tunnel."""
    vlan: int | None = None
    """On that port."""

    @property
    def interface(self) -> str:
        """Name the network interface by the far address, which no other link has; Linux takes 15 characters."""
        third, fourth = self.remote_address.split(".")[2:]
        return f"{'vpn' if self.vlan is None else 'vlan'}-{third}-{fourth}"

    @property
    def interface_id(self) -> int:
        """Number what joins a tunnel's interface to its IPsec policies: nobody else's on the router, and never 0."""
        return int(IPv4Address(self.remote_address)) & 0xFFFF


@dataclass(frozen=True, slots=True)
class Router:
    """A device with its tunnels, or what stands behind a port at the exchange; one box may be both."""

    environment: str
    site: str
    name: str
    """The device's or the circuit's."""
    address: str | None
    """Public; None behind a port."""
    asn: int
    prefixes: Sequence[str]
    tunnels: Sequence[Neighbour]
    circuits: Sequence[Neighbour]

    @property
    def neighbours(self) -> Sequence[Neighbour]:
        """List everybody that it speaks BGP with."""
        return (*self.circuits, *self.tunnels)

    @property
    def links(self) -> Sequence[Neighbour]:
        """Pick one neighbour for each link, since those of one link are treated alike."""
        return tuple({neighbour.link: neighbour for neighbour in self.neighbours}.values())

    @property
    def learned(self) -> Sequence[str]:
        """List the aggregates that any neighbour brings."""
        return sorted({prefix for link in self.links for prefix in link.accepts})

    @property
    def router_id(self) -> str:
        """Name it in BGP by an address that nobody else has."""
        return self.address or self.neighbours[0].local_address


def routers(
    environment: str,
    site: SiteEnd,
    vpns: Iterable[Vpn],
    circuits: Iterable[SiteCircuit],
    announced: Mapping[str, Sequence[str]],
) -> Sequence[Router]:
    """Plan the routers of a site: its devices, then what stands behind its ports.

    Args:
        environment: starts every name on a router, which may have links of several environments.
        site: with its devices.
        vpns: all of the environment; those of others are passed over.
        circuits: all of the environment; those of others are passed over.
        announced: cloud -> aggregates that its gateways send.
    """
    tunnels = [
        (tunnel.ends[site.name].port, _through_tunnel(site.name, vpn, tunnel, announced))
        for vpn in sorted(vpns, key=lambda vpn: vpn.name)
        if vpn.site is not None and vpn.site.name == site.name
        for tunnel in sorted(vpn.tunnels, key=lambda tunnel: tunnel.key)
    ]
    found = []
    for device, address in sorted(site.devices.items()):
        own = [neighbour for port, neighbour in tunnels if port == device]
        if own:
            found.append(Router(environment, site.name, device, address, site.asn, site.prefixes, own, ()))
    for circuit in sorted(circuits, key=lambda circuit: circuit.name):
        if circuit.site == site.name:
            over = [_over_circuit(circuit)]
            found.append(Router(environment, site.name, circuit.name, None, site.asn, site.prefixes, (), over))
    return found


def _through_tunnel(site: str, vpn: Vpn, tunnel: Tunnel, announced: Mapping[str, Sequence[str]]) -> Neighbour:
    cloud = next(party for party in tunnel.ends if party != site)
    near, far = tunnel.ends[site], tunnel.ends[cloud]
    end = vpn.aws or vpn.gcp
    return Neighbour(
        name=f"{vpn.name}-{tunnel.key}",
        link=vpn.name,
        local_address=near.address,
        remote_address=far.address,
        asn=end.asn if end else AZURE_HUB,
        accepts=announced[cloud],
        mtu=GCP_VPN_MTU if vpn.gcp else VPN_MTU,
    )


def _over_circuit(circuit: SiteCircuit) -> Neighbour:
    if circuit.leg.middle_address is None or circuit.leg.end_address is None:
        raise ValueError("a circuit to a site has addresses from the plan")
    return Neighbour(
        name=circuit.name,
        link=circuit.name,
        local_address=circuit.leg.end_address,
        remote_address=str(IPv4Interface(circuit.leg.middle_address).ip),
        asn=None,
        accepts=circuit.session.sends,
        mtu=MTU,
        metro=circuit.metro,
        vlan=circuit.vlan,
    )


def placeholders(router: Router) -> Mapping[str, str]:
    """Stand in for what only a deployment tells, so that files can be shown before."""
    return {
        neighbour.name: f"<{neighbour.name} {'address' if neighbour.vlan is None else 'ASN'}>"
        for neighbour in router.neighbours
    }


def render(router: Router, known: Mapping[str, str]) -> Mapping[str, str]:
    """Write the files of a router: name -> text.

    Args:
        router: as planned.
        known: neighbour -> public address at the far end of its tunnel, or ASN of the exchange.
    """
    names = ["frr.conf", "interfaces.sh"]
    names += ["swanctl.conf", "swanctl-secrets.conf"] if router.tunnels else []
    names += ["frr-secrets.conf"] if router.circuits else []
    values = {
        "router": router,
        "known": known,
        "length": TUNNEL,
        "segment": SEGMENT,
        "circuit_preference": CIRCUIT_PREFERENCE,
        "tunnel_preference": TUNNEL_PREFERENCE,
        "tunnel_med": TUNNEL_MED,
        "tunnel_prepends": TUNNEL_PREPENDS,
    }
    return {name: _TEMPLATES.get_template(name).render(values) for name in sorted(names)}
