"""Every link of an environment, planned."""

from planning.estate import Estate
from planning.links import exchange, vpn
from planning.links.table import links_table
from planning.links.types import Links


def lay_out(estate: Estate) -> Links | None:
    """Plan the links, or None where the settings join nothing."""
    if not estate.pairs:
        return None
    vpns = vpn.vpns(estate)
    gateways = vpn.azure_gateways(estate, vpns)
    over_exchange = exchange.exchange(estate)
    direct_connect = exchange.aws_gateway(estate)
    return Links(
        vpns=vpns,
        exchange=over_exchange,
        aws_circuit_gateway=direct_connect,
        azure_vpn_gateways=gateways,
        azure_circuit_gateway=exchange.azure_gateway(estate),
        gcp_vpn_regions=sorted({tunnels.gcp.region for tunnels in vpns if tunnels.gcp}),
        table=links_table(estate, vpns, gateways, over_exchange, direct_connect),
    )
