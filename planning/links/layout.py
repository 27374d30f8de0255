"""Every link of an environment, planned."""

from collections.abc import Sequence
from dataclasses import replace

from planning.estate import Estate
from planning.links import dedicated, exchange, external, gateways, native, vpn
from planning.links.outside_types import Dedicated, DedicatedAzure, External
from planning.links.table import links_table
from planning.links.types import Exchange, Links


def lay_out(estate: Estate) -> Links | None:
    """Plan the links, or None where the settings join nothing."""
    if not estate.pairs:
        return None
    vpns = vpn.vpns(estate)
    over_exchange = exchange.exchange(estate)
    over_others = external.external(estate)
    ports = dedicated.dedicated(estate)
    links = Links(
        vpns=vpns,
        exchange=over_exchange,
        aws_circuit_gateway=gateways.aws_gateway(estate),
        azure_vpn_gateways=vpn.azure_gateways(estate, vpns),
        azure_circuit_gateway=gateways.azure_gateway(estate, _azure_bandwidth(over_exchange, over_others, ports)),
        gcp_vpn_regions=sorted({tunnels.gcp.region for tunnels in vpns if tunnels.gcp}),
        table=(),
        external=over_others,
        dedicated=ports,
        native=native.native(estate),
    )
    return replace(links, table=links_table(estate, links))


def _azure_bandwidth(over_exchange: Exchange | None, others: Sequence[External], ports: Sequence[Dedicated]) -> int:
    """Add up what an ExpressRoute gateway carries at once: one middle, the others stand by, and every port."""
    routers = over_exchange.routers if over_exchange else ()
    middles = [
        *(router.azure.bandwidth for router in routers if router.azure),
        *(middle.azure.circuit.bandwidth for middle in others if middle.azure),
    ]
    return max(middles, default=0) + sum(p.circuit.bandwidth for p in ports if isinstance(p, DedicatedAzure))
