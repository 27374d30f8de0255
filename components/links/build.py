"""Every link of the stack: the gateways that links of one hub share, the tunnels, the circuits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.aws.circuit import AwsCircuitGateway
from components.aws.cloud import AwsCloud
from components.azure.circuit import AzureCircuitGateway
from components.azure.cloud import AzureCloud
from components.azure.vpn import AzureVpnGateway
from components.equinix.cloud_router import EquinixRouter
from components.gcp.cloud import GcpCloud
from components.gcp.vpn import GcpVpnGateway
from components.links.exchange_aws import ExchangeAwsCircuit
from components.links.exchange_azure import ExchangeAzureCircuit
from components.links.exchange_gcp import ExchangeGcpCircuit
from components.links.exchange_site import ExchangeSiteCircuit
from components.links.vpn import AwsSideArgs, AzureSideArgs, GcpSideArgs, VpnLink
from planning.links.keys import derive
from planning.links.types import Exchange, ExchangeRouter, Links, Vpn
from planning.places import TRANSIT

GOOGLE_NETWORK = f"gcp-{TRANSIT}"
"""The Google network that links end in."""
BGP_KEY_LENGTH = 20
"""Characters that AWS, Azure and Equinix all take: Azure no more than 25 [K]."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What links stand on."""

    environment: str
    """Starts names in the clouds."""
    protect: bool
    tags: Mapping[str, str]
    aws: AwsCloud | None
    aws_account_id: str
    """Empty without AWS."""
    azure: AzureCloud | None
    gcp: GcpCloud | None
    gcp_project: str
    """Empty without Google Cloud."""
    secret: pulumi.Output[str] | None
    """What keys are derived from."""
    given_keys: pulumi.Output[Mapping[str, str]] | None
    """Pair -> pre-shared key."""
    providers: Sequence[pulumi.ProviderResource]


@dataclass(frozen=True, slots=True)
class BuiltLinks:
    """What others read of links."""

    vpns: dict[str, VpnLink] = field(default_factory=dict)
    """Name -> tunnels."""
    exchange_asns: dict[str, pulumi.Output[int]] = field(default_factory=dict)
    """Metro -> ASN of its router."""


def build(links: Links, ground: Ground) -> BuiltLinks:
    """Build all links. Tunnels come first in the queue of a virtual hub, so that circuits added later change nothing."""
    return _Builder(links, ground).run()


class _Builder:
    """Gateways first, then what hangs on them."""

    def __init__(self, links: Links, ground: Ground) -> None:
        self.links = links
        self.ground = ground
        self.queue: dict[str, list[pulumi.Resource]] = {
            region: [hub] for region, hub in (ground.azure.hubs.items() if ground.azure else ())
        }
        """Region -> what changes to its virtual hub wait for, the last one last: Azure does one at a time."""
        self.built = BuiltLinks()

    def run(self) -> BuiltLinks:
        azure_gateways = self._azure_vpn_gateways()
        gcp_gateways = self._gcp_vpn_gateways()
        for vpn in self.links.vpns:
            self._vpn(vpn, azure_gateways, gcp_gateways)
        if self.links.exchange:
            self._exchange(self.links.exchange)
        return self.built

    def _opts(self, region: str | None = None) -> pulumi.ResourceOptions:
        """Give what a link is made with; `region` is that of the virtual hub which it changes."""
        after = self.queue[region][-1:] if region else None
        return pulumi.ResourceOptions(providers=list(self.ground.providers), depends_on=after)

    def _azure_vpn_gateways(self) -> Mapping[str, AzureVpnGateway]:
        gateways: dict[str, AzureVpnGateway] = {}
        for gateway in self.links.azure_vpn_gateways if self.ground.azure else ():
            region, azure = gateway.region, self.ground.azure
            gateways[region] = AzureVpnGateway(
                f"azure-{region}-vpn-gateway",
                {
                    "gateway": gateway,
                    "physical_name": f"{self.ground.environment}-{region}-vpn",
                    "resource_group_name": azure.wan.resource_group_name,
                    "hub_id": azure.hubs[region].hub_id,
                    "protect": self.ground.protect,
                    "tags": self.ground.tags,
                },
                self._opts(region),
            )
            self.queue[region].append(gateways[region])
        return gateways

    def _gcp_vpn_gateways(self) -> Mapping[str, GcpVpnGateway]:
        gcp = self.ground.gcp
        return {
            region: GcpVpnGateway(
                f"gcp-{region}-vpn-gateway",
                {
                    "region": region,
                    "physical_name": f"{self.ground.environment}-{region}-vpn",
                    "network_id": gcp.networks[GOOGLE_NETWORK].network_id,
                },
                self._opts(),
            )
            for region in (self.links.gcp_vpn_regions if gcp else ())
        }

    def _vpn(
        self, vpn: Vpn, azure_gateways: Mapping[str, AzureVpnGateway], gcp_gateways: Mapping[str, GcpVpnGateway]
    ) -> None:
        region = vpn.azure.region if vpn.azure else None
        link = VpnLink(
            vpn.name,
            {
                "vpn": vpn,
                "aws": self._aws_side(vpn),
                "azure": self._azure_side(vpn, azure_gateways),
                "gcp": self._gcp_side(vpn, gcp_gateways),
                "keys": self._tunnel_keys(vpn),
            },
            self._opts(region),
        )
        if region:
            self.queue[region].append(link)
        self.built.vpns[vpn.name] = link

    def _aws_side(self, vpn: Vpn) -> AwsSideArgs | None:
        if vpn.aws is None or self.ground.aws is None:
            return None
        hub = self.ground.aws.hubs[vpn.aws.region]
        return {"transit_gateway_id": hub.transit_gateway_id, "hub_route_table_ids": hub.route_table_ids}

    def _azure_side(self, vpn: Vpn, gateways: Mapping[str, AzureVpnGateway]) -> AzureSideArgs | None:
        if vpn.azure is None or self.ground.azure is None:
            return None
        region, azure = vpn.azure.region, self.ground.azure
        return {
            "gateway": next(gateway for gateway in self.links.azure_vpn_gateways if gateway.region == region),
            "gateway_name": gateways[region].gateway_name,
            "addresses": gateways[region].addresses,
            "physical_name": f"{self.ground.environment}-{vpn.name}",
            "resource_group_name": azure.wan.resource_group_name,
            "wan_id": azure.wan.wan_id,
            "hub_id": azure.hubs[region].hub_id,
            "hub_name": azure.hubs[region].hub_name,
            "tags": self.ground.tags,
        }

    def _gcp_side(self, vpn: Vpn, gateways: Mapping[str, GcpVpnGateway]) -> GcpSideArgs | None:
        if vpn.gcp is None or self.ground.gcp is None:
            return None
        gcp = self.ground.gcp
        return {
            "gateway_id": gateways[vpn.gcp.region].gateway_id,
            "addresses": gateways[vpn.gcp.region].addresses,
            "physical_name": f"{self.ground.environment}-{vpn.name}",
            "router_name": gcp.networks[GOOGLE_NETWORK].router_names[vpn.gcp.region],
            "hub_id": gcp.hub.hub_id,
            "group_id": gcp.hub.group_ids.get(vpn.gcp.group),
        }

    def _tunnel_keys(self, vpn: Vpn) -> Mapping[str, pulumi.Input[str]]:
        """Give each tunnel its key. Tunnels to one device or address share theirs: a link of Azure's has only one."""
        if vpn.aws_makes_keys:
            return {}
        if vpn.key_given and self.ground.given_keys is not None:
            parties = set(vpn.pair.split("/"))
            key = self.ground.given_keys.apply(
                lambda keys: next(key for pair, key in keys.items() if set(pair.split("/")) == parties)
            )
            return {tunnel.key: key for tunnel in vpn.tunnels}
        far = vpn.pair.split("/")[1]
        return {tunnel.key: self._derived(f"{vpn.name}/{tunnel.ends[far].port}") for tunnel in vpn.tunnels}

    def _derived(self, purpose: str, length: int = 32) -> pulumi.Output[str]:
        if self.ground.secret is None:
            message = f"{purpose} needs linkSecret"
            raise pulumi.RunError(message)
        return self.ground.secret.apply(lambda secret: derive(secret, purpose, length))

    def _exchange(self, exchange: Exchange) -> None:
        aws_gateway, azure_gateway = self._aws_circuit_gateway(), self._azure_circuit_gateway()
        for router in exchange.routers:
            fabric = EquinixRouter(
                f"exchange-{router.metro.lower()}",
                {"router": router, "exchange": exchange, "protect": self.ground.protect},
                self._opts(),
            )
            self.built.exchange_asns[router.metro] = fabric.asn
            if aws_gateway:
                self._aws_circuit(exchange, router, fabric, aws_gateway)
            if azure_gateway:
                self._azure_circuit(exchange, router, fabric, azure_gateway)
            self._gcp_circuit(exchange, router, fabric)
            for site in router.sites:
                ExchangeSiteCircuit(
                    site.name,
                    {
                        "circuit": site,
                        "exchange": exchange,
                        "router_id": fabric.router_id,
                        "key": self._session_key(site.name),
                        "protect": self.ground.protect,
                    },
                    self._opts(),
                )

    def _aws_circuit_gateway(self) -> AwsCircuitGateway | None:
        plan, aws = self.links.aws_circuit_gateway, self.ground.aws
        if plan is None or aws is None:
            return None
        hub = aws.hubs[plan.end.region]
        return AwsCircuitGateway(
            f"aws-{plan.end.region}-circuit-gateway",
            {
                "gateway": plan,
                "transit_gateway_id": hub.transit_gateway_id,
                "hub_route_table_ids": hub.route_table_ids,
                "protect": self.ground.protect,
            },
            self._opts(),
        )

    def _azure_circuit_gateway(self) -> AzureCircuitGateway | None:
        plan, azure = self.links.azure_circuit_gateway, self.ground.azure
        if plan is None or azure is None:
            return None
        region = plan.end.region
        gateway = AzureCircuitGateway(
            f"azure-{region}-circuit-gateway",
            {
                "gateway": plan,
                "physical_name": f"{self.ground.environment}-{region}-circuits",
                "resource_group_name": azure.wan.resource_group_name,
                "hub_id": azure.hubs[region].hub_id,
                "protect": self.ground.protect,
                "tags": self.ground.tags,
            },
            self._opts(region),
        )
        self.queue[region].append(gateway)
        return gateway

    def _aws_circuit(
        self, exchange: Exchange, router: ExchangeRouter, fabric: EquinixRouter, gateway: AwsCircuitGateway
    ) -> None:
        plan = self.links.aws_circuit_gateway
        if router.aws is None or plan is None:
            return
        ExchangeAwsCircuit(
            router.aws.name,
            {
                "circuit": router.aws,
                "exchange": exchange,
                "router_id": fabric.router_id,
                "router_asn": fabric.asn,
                "account_id": self.ground.aws_account_id,
                "gateway_id": gateway.gateway_id,
                "gateway_asn": plan.asn,
                "key": self._session_key(router.aws.name) if self.ground.secret else None,
                "protect": self.ground.protect,
            },
            self._opts(),
        )

    def _azure_circuit(
        self, exchange: Exchange, router: ExchangeRouter, fabric: EquinixRouter, gateway: AzureCircuitGateway
    ) -> None:
        plan, azure = self.links.azure_circuit_gateway, self.ground.azure
        if router.azure is None or plan is None or azure is None:
            return
        region = plan.end.region
        circuit = ExchangeAzureCircuit(
            router.azure.name,
            {
                "circuit": router.azure,
                "exchange": exchange,
                "router_id": fabric.router_id,
                "router_asn": fabric.asn,
                "end": plan.end,
                "resource_group_name": azure.wan.resource_group_name,
                "hub_id": azure.hubs[region].hub_id,
                "hub_name": azure.hubs[region].hub_name,
                "gateway_name": gateway.gateway_name,
                "key": self._session_key(router.azure.name),
                "protect": self.ground.protect,
                "tags": self.ground.tags,
            },
            self._opts(region),
        )
        self.queue[region].append(circuit)

    def _gcp_circuit(self, exchange: Exchange, router: ExchangeRouter, fabric: EquinixRouter) -> None:
        gcp = self.ground.gcp
        if router.gcp is None or gcp is None:
            return
        ExchangeGcpCircuit(
            router.gcp.name,
            {
                "circuit": router.gcp,
                "exchange": exchange,
                "router_id": fabric.router_id,
                "router_asn": fabric.asn,
                "project": self.ground.gcp_project,
                "cloud_router_name": gcp.networks[GOOGLE_NETWORK].partner_router_names[router.gcp.region],
                "hub_id": gcp.hub.hub_id,
                "group_id": gcp.hub.group_ids.get(router.gcp.group),
                "protect": self.ground.protect,
            },
            self._opts(),
        )

    def _session_key(self, circuit: str) -> pulumi.Output[str]:
        return self._derived(circuit, BGP_KEY_LENGTH)
