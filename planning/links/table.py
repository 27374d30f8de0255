"""Every link as a line for people: what joins which ends, how redundant and preferred, what is left to do by hand."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from planning.asns import AZURE_HUB
from planning.estate import Estate
from planning.links import outside_table
from planning.links.circuits import MTU
from planning.links.pairs import Pair
from planning.links.types import AzureCircuit, Exchange, ExchangeRouter, Leg, Links, Role, SiteCircuit, Vpn
from planning.settings import Cloud, Transport

GCP_NETWORK_MTU = 1460
"""Of every Google VPC here; what is longer is dropped on the way to a VM."""
VPN_MTU = 1400
"""What is sure to fit in a tunnel between AWS, Azure and devices over the internet [K]."""
GCP_VPN_MTU = 1390
"""The same with an HA VPN gateway at an end [K]."""
TUNNEL_MBPS = 1250
"""Of one tunnel: AWS [S], and the least that Google and Azure name for theirs."""
AZURE_UNIT_MBPS = 500
"""Of one scale unit of a virtual hub's VPN gateway [D20]."""
Row = dict[str, object]


def links_table(estate: Estate, links: Links) -> Sequence[Row]:
    """Write down every link: of each pair the primary, then the backup, and last the clouds' own backbones."""
    rows = (
        _row(estate, links, pair, role, carrier)
        for pair in estate.pairs
        for role, carrier in ((Role.PRIMARY, pair.primary), (Role.BACKUP, pair.backup))
        if carrier is not None
    )
    return (*rows, *_backbones(estate))


def _row(estate: Estate, links: Links, pair: Pair, role: Role, carrier: Transport) -> Row:
    row: Row = {"name": pair.key, "role": role, "ends": _ends(estate, pair)}
    mtu = {"mtu": GCP_NETWORK_MTU if Cloud.GCP in pair.parties else MTU}
    if carrier is Transport.VPN:
        return row | _vpn(links, pair, role)
    if carrier is Transport.EXCHANGE and links.exchange:
        return row | mtu | _exchange(estate, links, pair, links.exchange)
    return row | mtu | outside_table.row(estate, links, pair, carrier)


def _vpn(links: Links, pair: Pair, role: Role) -> Row:
    vpn = next(vpn for vpn in links.vpns if (vpn.pair, vpn.role) == (pair.key, role))
    units = {gateway.region: gateway.scale_units for gateway in links.azure_vpn_gateways}
    devices = vpn.site.devices if vpn.site else {}
    by_gateway = [TUNNEL_MBPS * len(vpn.tunnels)]
    if vpn.azure:
        by_gateway.append(AZURE_UNIT_MBPS * units[vpn.azure.region])
    return {
        "kind": "VPN",
        "redundancy": f"{len(vpn.tunnels)} tunnels, {'1 device' if len(devices) == 1 else '2 gateways at each end'}",
        "bandwidthMbps": min(by_gateway),
        "mtu": GCP_VPN_MTU if vpn.gcp else VPN_MTU,
        "asns": [_vpn_asn(vpn, party) for party in pair.parties],
        "addresses": [tunnel.inside for tunnel in vpn.tunnels],
        "preference": _vpn_preference(vpn),
        "leadTime": "30 min (gateway of the virtual hub)" if vpn.azure else "10 min",
        "byHand": [
            f"put the rendered configuration and its keys on {device} of {pair.parties[1]} (docs/sites.md)"
            for device in devices
        ],
    }


def _vpn_asn(vpn: Vpn, party: str) -> str:
    asns = {
        Cloud.AWS: vpn.aws and vpn.aws.asn,
        Cloud.AZURE: AZURE_HUB,
        Cloud.GCP: vpn.gcp and vpn.gcp.asn,
    }
    return str(vpn.site.asn if vpn.site and party == vpn.site.name else asns[Cloud(party)])


def _vpn_preference(vpn: Vpn) -> str:
    at_google = f" (in Google: path +{vpn.gcp.prepends}, MED {vpn.gcp.med})" if vpn.gcp else ""
    return "equal cost over all tunnels" if vpn.role is Role.PRIMARY else f"after circuits{at_google}"


def _exchange(estate: Estate, links: Links, pair: Pair, exchange: Exchange) -> Row:
    parties = pair.parties
    routers = [router for router in exchange.routers if all(_legs(router, party) for party in parties)]
    legs = [leg for router in routers for party in parties for leg in _legs(router, party)]
    counts = " and ".join(f"{len(_legs(routers[0], party))} to {party}" for party in parties)
    one, other = (outside_table.asn(estate, links, party) for party in parties)
    to_sites = [circuit for router in routers for circuit in router.sites if circuit.site in parties]
    return {
        "kind": "exchange",
        "redundancy": f"{len(routers)} metros, in each {counts}",
        "bandwidthMbps": _bandwidth(exchange),
        "asns": [one, *(f"exchange {router.metro}" for router in routers), other],
        "addresses": [
            f"{leg.connection_name} {leg.middle_address}" if leg.middle_address else f"{leg.connection_name} by Google"
            for leg in legs
        ],
        "preference": ", then ".join(router.metro for router in routers),
        "leadTime": _lead_time(parties, to_sites),
        "byHand": [line for circuit in to_sites for line in _at_site(circuit)],
    }


def _lead_time(parties: Sequence[str], to_sites: Sequence[SiteCircuit]) -> str:
    if any(not circuit.up for circuit in to_sites):
        return "days to weeks (cross connect)"
    return "45 min" if Cloud.AZURE in parties else "30 min"


def _at_site(circuit: SiteCircuit) -> Iterator[str]:
    """Yield what is left to do until an ordered port is up, and on the router behind it."""
    if not isinstance(circuit.port, str) and not circuit.up:
        yield (
            f"take the letter of authorization for the port of {circuit.site} in {circuit.metro} from Equinix, have "
            f"the cross connect to {circuit.port.patch_panel} made at {circuit.port.ibx}, and then say provisioned: "
            f"true in sites.{circuit.site}.ports.{circuit.metro}"
        )
    yield f"configure VLAN {circuit.vlan} and BGP on the router of {circuit.site} behind its port in {circuit.metro}"


def _bandwidth(exchange: Exchange) -> int:
    circuits = [circuit for router in exchange.routers for circuit in (router.aws, router.azure, router.gcp) if circuit]
    return min(circuit.bandwidth for circuit in circuits)


def _legs(router: ExchangeRouter, party: str) -> Sequence[Leg]:
    clouds: Mapping[str, Sequence[Leg]] = {
        Cloud.AWS.value: [router.aws.leg] if router.aws else [],
        Cloud.AZURE.value: router.azure.legs if isinstance(router.azure, AzureCircuit) else [],
        Cloud.GCP.value: [leg.leg for leg in router.gcp.legs] if router.gcp else [],
    }
    return clouds.get(party, [circuit.leg for circuit in router.sites if circuit.site == party])


def _ends(estate: Estate, pair: Pair) -> Sequence[str]:
    sites = estate.settings.sites
    return [party if party in sites else f"{party} {estate.gateway_region(Cloud(party))}" for party in pair.parties]


def _backbones(estate: Estate) -> Iterator[Row]:
    kinds = {
        Cloud.AWS: ("core network" if estate.on_core_network else "Transit Gateway peering, fixed routes", 8500),
        Cloud.AZURE: ("virtual WAN mesh", MTU),
        Cloud.GCP: ("global VPC routing", GCP_NETWORK_MTU),
    }
    for cloud, (kind, mtu) in kinds.items():
        for one, other in combinations(estate.regions(cloud), 2):
            yield {
                "name": f"{cloud} {one}/{other}",
                "role": Role.PRIMARY,
                "kind": "backbone",
                "ends": [f"{cloud} {one}", f"{cloud} {other}"],
                "redundancy": "the cloud's own",
                "bandwidthMbps": None,
                "mtu": mtu,
                "asns": [],
                "addresses": [],
                "preference": kind,
                "leadTime": "5 min",
                "byHand": [],
            }
