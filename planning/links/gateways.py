"""What all circuits of a cloud share, whoever has the other end."""

from planning.estate import Estate
from planning.links.ends import aws_end, azure_end, met_over
from planning.links.pairs import PRIVATE
from planning.links.types import AwsCircuitGateway, AzureCircuitGateway
from planning.settings import Cloud

AZURE_UNIT_MBPS = 2000
"""An ExpressRoute gateway grows by such units [D20]."""


def aws_gateway(estate: Estate) -> AwsCircuitGateway | None:
    """Plan the Direct Connect gateway, or None where no circuit reaches AWS."""
    far = met_over(estate, Cloud.AWS, *PRIVATE)
    if not far:
        return None
    return AwsCircuitGateway(
        end=aws_end(estate, far),
        asn=estate.held.asns[f"direct-connect-gateway/{estate.gateway_region(Cloud.AWS)}"],
        allowed_prefixes=() if estate.on_core_network else estate.announced_by(Cloud.AWS),
        edge_locations=estate.regions(Cloud.AWS) if estate.on_core_network else (),
    )


def azure_gateway(estate: Estate, bandwidth: int) -> AzureCircuitGateway | None:
    """Plan the ExpressRoute gateway, or None where no circuit reaches Azure.

    Args:
        estate: what is planned for.
        bandwidth: Mbps of the largest circuit; the others stand by.
    """
    far = met_over(estate, Cloud.AZURE, *PRIVATE)
    if not far:
        return None
    return AzureCircuitGateway(end=azure_end(estate, far), scale_units=-(-bandwidth // AZURE_UNIT_MBPS))
