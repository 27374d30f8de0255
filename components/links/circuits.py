"""All circuits of the stack, and the gateways that those of one cloud share."""

from dataclasses import dataclass, field

import pulumi

from components.aws.circuit import AwsCircuitGateway
from components.azure.circuit import AzureCircuitGateway
from components.azure.cloud import AzureCloud
from components.equinix.cloud_router import EquinixRouter
from components.equinix.port import EquinixPort
from components.gcp.cloud import GcpCloud
from components.links.exchange_aws import ExchangeAwsCircuit
from components.links.exchange_azure import ExchangeAzureCircuit
from components.links.exchange_gcp import ExchangeGcpCircuit
from components.links.exchange_site import ExchangeSiteCircuit
from components.links.ground import Ground
from components.links.targets import Targets
from planning.links import types
from planning.links.types import Exchange, Links


@dataclass(frozen=True, slots=True)
class Gateways:
    """What faces circuits in a cloud, whoever has their other end."""

    aws: AwsCircuitGateway | None
    azure: AzureCircuitGateway | None


@dataclass(frozen=True, slots=True)
class BuiltExchange:
    """What a site's own routers have to be told, and alarms."""

    asns: dict[str, pulumi.Output[int]] = field(default_factory=dict)
    """Metro -> ASN of its router."""
    session_keys: dict[str, pulumi.Output[str]] = field(default_factory=dict)
    """Circuit to a site -> BGP key, secret."""
    targets: dict[str, Targets] = field(default_factory=dict)
    """By name of the circuit."""


def build_gateways(links: Links, ground: Ground) -> Gateways:
    """Build the Direct Connect and the ExpressRoute gateway, where circuits reach their clouds."""
    aws = azure = None
    if links.aws_circuit_gateway and ground.aws:
        region = links.aws_circuit_gateway.end.region
        aws = AwsCircuitGateway(
            f"aws-{region}-circuit-gateway",
            {**ground.aws.end(region), "gateway": links.aws_circuit_gateway, "protect": ground.protect},
            ground.opts(),
        )
    if links.azure_circuit_gateway and ground.azure:
        region = links.azure_circuit_gateway.end.region
        azure = AzureCircuitGateway(
            f"azure-{region}-circuit-gateway",
            {
                "gateway": links.azure_circuit_gateway,
                "physical_name": f"{ground.environment}-{region}-circuits",
                "resource_group_name": ground.azure.wan.resource_group_name,
                "hub_id": ground.azure.hubs[region].hub_id,
                "protect": ground.protect,
                "tags": ground.tags,
            },
            ground.opts(region),
        )
        ground.queue[region].append(azure)
    return Gateways(aws, azure)


def build_exchange(links: Links, exchange: Exchange, gateways: Gateways, ground: Ground) -> BuiltExchange:
    """Build a router in each metro, and its circuits to every party."""
    built = BuiltExchange()
    for router in exchange.routers:
        middle = EquinixRouter(
            f"exchange-{router.metro.lower()}",
            {"router": router, "exchange": exchange, "protect": ground.protect},
            ground.opts(),
        )
        built.asns[router.metro] = middle.asn
        if router.aws and gateways.aws and links.aws_circuit_gateway:
            asn = links.aws_circuit_gateway.asn
            link = _aws(exchange, router.aws, middle, ground, gateway=gateways.aws, gateway_asn=asn)
            built.targets[router.aws.name] = link.targets
        if router.azure and gateways.azure and ground.azure and links.azure_circuit_gateway:
            end = links.azure_circuit_gateway.end
            link = _azure(exchange, router.azure, middle, ground, azure=ground.azure, end=end, gateway=gateways.azure)
            built.targets[router.azure.name] = link.targets
        if router.gcp and ground.gcp:
            built.targets[router.gcp.name] = _gcp(exchange, router.gcp, middle, ground.gcp, ground).targets
        for circuit in router.sites:
            key = built.session_keys[circuit.name] = ground.session_key(circuit.name)
            port_id = (
                circuit.port if isinstance(circuit.port, str) else _ordered(exchange, circuit, circuit.port, ground)
            )
            if circuit.up:
                link = _site(exchange, circuit, middle, ground, port_id=port_id, key=key)
                built.targets[circuit.name] = link.targets
    return built


def _aws(
    exchange: Exchange,
    circuit: types.AwsCircuit,
    middle: EquinixRouter,
    ground: Ground,
    *,
    gateway: AwsCircuitGateway,
    gateway_asn: int,
) -> ExchangeAwsCircuit:
    return ExchangeAwsCircuit(
        circuit.name,
        {
            "circuit": circuit,
            "exchange": exchange,
            "router_id": middle.router_id,
            "router_asn": middle.asn,
            "account_id": ground.aws_account_id,
            "gateway_id": gateway.gateway_id,
            "gateway_asn": gateway_asn,
            "key": ground.session_key(circuit.name) if ground.secret else None,
            "protect": ground.protect,
        },
        ground.opts(),
    )


def _azure(
    exchange: Exchange,
    circuit: types.AzureCircuit,
    middle: EquinixRouter,
    ground: Ground,
    *,
    azure: AzureCloud,
    end: types.AzureEnd,
    gateway: AzureCircuitGateway,
) -> ExchangeAzureCircuit:
    hub = azure.hubs[end.region]
    link = ExchangeAzureCircuit(
        circuit.name,
        {
            "circuit": circuit,
            "exchange": exchange,
            "router_id": middle.router_id,
            "router_asn": middle.asn,
            "end": end,
            "resource_group_name": azure.wan.resource_group_name,
            "hub_id": hub.hub_id,
            "hub_name": hub.hub_name,
            "gateway_name": gateway.gateway_name,
            "key": ground.session_key(circuit.name),
            "protect": ground.protect,
            "tags": ground.tags,
        },
        ground.opts(end.region),
    )
    ground.queue[end.region].append(link)
    return link


def _gcp(
    exchange: Exchange, circuit: types.GcpCircuit, middle: EquinixRouter, gcp: GcpCloud, ground: Ground
) -> ExchangeGcpCircuit:
    return ExchangeGcpCircuit(
        circuit.name,
        {
            "circuit": circuit,
            "exchange": exchange,
            "router_id": middle.router_id,
            "router_asn": middle.asn,
            "project": ground.gcp_project,
            "cloud_router_name": ground.google_network.partner_router_names[circuit.region],
            "hub_id": gcp.hub.hub_id,
            "group_id": gcp.hub.group_ids.get(circuit.group),
            "protect": ground.protect,
        },
        ground.opts(),
    )


def _ordered(
    exchange: Exchange, circuit: types.SiteCircuit, order: types.PortOrder, ground: Ground
) -> pulumi.Output[str]:
    return EquinixPort(f"{circuit.name}-port", {"order": order, "exchange": exchange}, ground.opts()).port_id


def _site(
    exchange: Exchange,
    circuit: types.SiteCircuit,
    middle: EquinixRouter,
    ground: Ground,
    *,
    port_id: pulumi.Input[str],
    key: pulumi.Output[str],
) -> ExchangeSiteCircuit:
    return ExchangeSiteCircuit(
        circuit.name,
        {
            "circuit": circuit,
            "exchange": exchange,
            "router_id": middle.router_id,
            "port_id": port_id,
            "key": key,
            "protect": ground.protect,
        },
        ground.opts(),
    )
