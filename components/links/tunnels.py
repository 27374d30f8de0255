"""All tunnels of the stack, and the gateways that those of one hub share."""

from collections.abc import Mapping

from components.azure.cloud import AzureCloud
from components.azure.vpn import AzureVpnGateway
from components.gcp.cloud import GcpCloud
from components.gcp.vpn import GcpVpnGateway
from components.links.ground import Ground
from components.links.vpn import AzureSideArgs, GcpSideArgs, VpnLink
from planning.links.types import AzureEnd, GcpEnd, Links


def build_tunnels(links: Links, ground: Ground) -> Mapping[str, VpnLink]:
    """Build the tunnels of every pair, by name."""
    azure_gateways = _azure_gateways(links, ground, ground.azure) if ground.azure else {}
    gcp_gateways = _gcp_gateways(links, ground) if ground.gcp else {}
    built: dict[str, VpnLink] = {}
    for vpn in links.vpns:
        azure, gcp = vpn.azure, vpn.gcp
        name = f"{ground.environment}-{vpn.name}"
        built[vpn.name] = VpnLink(
            vpn.name,
            {
                "vpn": vpn,
                "aws": ground.aws.end(vpn.aws.region) if ground.aws and vpn.aws else None,
                "azure": _azure_side(links, ground, ground.azure, azure, gateways=azure_gateways, physical_name=name)
                if ground.azure and azure
                else None,
                "gcp": _gcp_side(ground, ground.gcp, gcp, gcp_gateways, name) if ground.gcp and gcp else None,
                "keys": ground.tunnel_keys(vpn),
            },
            ground.opts(azure.region if azure else None),
        )
        if azure:
            ground.queue[azure.region].append(built[vpn.name])
    return built


def _azure_gateways(links: Links, ground: Ground, azure: AzureCloud) -> Mapping[str, AzureVpnGateway]:
    gateways: dict[str, AzureVpnGateway] = {}
    for gateway in links.azure_vpn_gateways:
        region = gateway.region
        gateways[region] = AzureVpnGateway(
            f"azure-{region}-vpn-gateway",
            {
                "gateway": gateway,
                "physical_name": f"{ground.environment}-{region}-vpn",
                "resource_group_name": azure.wan.resource_group_name,
                "hub_id": azure.hubs[region].hub_id,
                "protect": ground.protect,
                "tags": ground.tags,
            },
            ground.opts(region),
        )
        ground.queue[region].append(gateways[region])
    return gateways


def _gcp_gateways(links: Links, ground: Ground) -> Mapping[str, GcpVpnGateway]:
    return {
        region: GcpVpnGateway(
            f"gcp-{region}-vpn-gateway",
            {
                "region": region,
                "physical_name": f"{ground.environment}-{region}-vpn",
                "network_id": ground.google_network.network_id,
                "protect": ground.protect,
            },
            ground.opts(),
        )
        for region in links.gcp_vpn_regions
    }


def _azure_side(
    links: Links,
    ground: Ground,
    azure: AzureCloud,
    end: AzureEnd,
    *,
    gateways: Mapping[str, AzureVpnGateway],
    physical_name: str,
) -> AzureSideArgs:
    region = end.region
    return {
        "gateway": next(gateway for gateway in links.azure_vpn_gateways if gateway.region == region),
        "gateway_name": gateways[region].gateway_name,
        "addresses": gateways[region].addresses,
        "physical_name": physical_name,
        "resource_group_name": azure.wan.resource_group_name,
        "wan_id": azure.wan.wan_id,
        "hub_id": azure.hubs[region].hub_id,
        "hub_name": azure.hubs[region].hub_name,
        "tags": ground.tags,
    }


def _gcp_side(
    ground: Ground, gcp: GcpCloud, end: GcpEnd, gateways: Mapping[str, GcpVpnGateway], physical_name: str
) -> GcpSideArgs:
    return {
        "gateway_id": gateways[end.region].gateway_id,
        "addresses": gateways[end.region].addresses,
        "physical_name": physical_name,
        "router_name": ground.google_network.router_names[end.region],
        "hub_id": gcp.hub.hub_id,
        "group_id": gcp.hub.group_ids.get(end.group),
    }
