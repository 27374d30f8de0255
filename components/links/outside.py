"""All links whose middle is not ours: others' circuits, sites' ports at clouds, the clouds' own link.

What comes back is for whoever has the other side: what to order by, what to configure, which keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pulumi

from components.links.circuits import Gateways
from components.links.dedicated_aws import DedicatedAwsPort
from components.links.dedicated_azure import DedicatedAzurePort
from components.links.dedicated_gcp import DedicatedGcpPort
from components.links.external_aws import ExternalAwsCircuit
from components.links.external_azure import ExternalAzureCircuit
from components.links.external_gcp import ExternalGcpCircuit
from components.links.ground import Ground
from components.links.native import NativeLink
from components.links.targets import Targets
from planning.links.native_rules import KEY as NATIVE_KEY
from planning.links.outside_types import (
    DedicatedAws,
    DedicatedAzure,
    DedicatedGcp,
    External,
    ExternalAws,
    ExternalAzure,
    ExternalGcp,
    MiddleSession,
    Native,
)
from planning.links.types import Links

Told = Mapping[str, Any]
"""`order`, `sessions`, `sessionKeys`, `addresses`, `instruction`, `activationKey`, where there are; keys are secret."""


@dataclass(frozen=True, slots=True)
class BuiltOutside:
    """What others read of one link."""

    told: Told = field(default_factory=dict)
    targets: Targets = field(default_factory=dict)


def build_outside(links: Links, gateways: Gateways, ground: Ground) -> Mapping[str, BuiltOutside]:
    """Build our ends, by name of the link."""
    built: dict[str, BuiltOutside] = {}
    for middle in links.external:
        built.update(_external(middle, gateways, ground))
    for port in links.dedicated:
        if isinstance(port, DedicatedAws):
            built[port.circuit.name] = _aws_port(port, gateways, ground)
        elif isinstance(port, DedicatedAzure):
            built[port.circuit.name] = _azure_port(port, gateways, ground)
        else:
            built[port.name] = _gcp_port(port, ground)
    for native in links.native:
        built[native.name] = _native(native, gateways, ground)
    return built


def _external(middle: External, gateways: Gateways, ground: Ground) -> Mapping[str, BuiltOutside]:
    built: dict[str, BuiltOutside] = {}
    if middle.aws:
        built[middle.aws.circuit.name] = _external_aws(middle.aws, middle, gateways, ground)
    if middle.azure:
        built[middle.azure.circuit.name] = _external_azure(middle.azure, middle, gateways, ground)
    if middle.gcp:
        built[middle.gcp.circuit.name] = _external_gcp(middle.gcp, middle, ground)
    return built


def _external_aws(end: ExternalAws, middle: External, gateways: Gateways, ground: Ground) -> BuiltOutside:
    if gateways.aws is None:
        return BuiltOutside()
    circuit = ExternalAwsCircuit(
        end.circuit.name,
        {
            "end": end,
            "account_id": ground.aws_account_id,
            "gateway_id": gateways.aws.gateway_id,
            "peer_asn": middle.asn,
            "key": ground.session_key(end.circuit.name) if ground.secret else None,
        },
        ground.opts(),
    )
    told = {
        "order": circuit.order,
        "sessions": _plain(middle.sessions, "aws"),
        "sessionKeys": circuit.session_keys,
    }
    return BuiltOutside(told, circuit.targets)


def _external_azure(end: ExternalAzure, middle: External, gateways: Gateways, ground: Ground) -> BuiltOutside:
    if gateways.azure is None or ground.azure is None:
        return BuiltOutside()
    region, azure = end.end.region, ground.azure
    circuit = ExternalAzureCircuit(
        end.circuit.name,
        {
            "end": end,
            "resource_group_name": azure.wan.resource_group_name,
            "hub_id": azure.hubs[region].hub_id,
            "hub_name": azure.hubs[region].hub_name,
            "gateway_name": gateways.azure.gateway_name,
            "peer_asn": middle.asn,
            "key": ground.session_key(end.circuit.name),
            "protect": ground.protect,
            "tags": ground.tags,
        },
        ground.opts(region),
    )
    if end.provisioned:  # before, nothing of it changes the hub, and whoever waited for it would wait for nothing
        ground.queue[region].append(circuit)
    told = {
        "order": circuit.order,
        "sessions": _plain(middle.sessions, "azure"),
        "sessionKeys": circuit.session_keys,
    }
    return BuiltOutside(told, circuit.targets)


def _external_gcp(end: ExternalGcp, middle: External, ground: Ground) -> BuiltOutside:
    if ground.gcp is None:
        return BuiltOutside()
    circuit = ExternalGcpCircuit(
        end.circuit.name,
        {
            "end": end,
            "project": ground.gcp_project,
            "router_name": ground.google_network.partner_router_names[end.circuit.region],
            "hub_id": ground.gcp.hub.hub_id,
            "group_id": ground.gcp.hub.group_ids.get(end.circuit.group),
            "peer_asn": middle.asn,
            "protect": ground.protect,
        },
        ground.opts(),
    )
    told = {
        "order": circuit.order,
        "sessions": _plain(middle.sessions, "gcp"),
        "addresses": circuit.addresses,
    }
    return BuiltOutside(told, circuit.targets)


def _aws_port(port: DedicatedAws, gateways: Gateways, ground: Ground) -> BuiltOutside:
    if gateways.aws is None:
        return BuiltOutside()
    name = port.circuit.name
    built = DedicatedAwsPort(
        name,
        {
            "port": port,
            "gateway_id": gateways.aws.gateway_id,
            "key": ground.session_key(name) if ground.secret else None,
        },
        ground.opts(),
    )
    told = {
        "order": {"connectionId": built.connection_id},
        "sessions": _plain(port.sessions),
        "sessionKeys": _keys(port.sessions, built.session_key),
    }
    return BuiltOutside(told, built.targets)


def _azure_port(port: DedicatedAzure, gateways: Gateways, ground: Ground) -> BuiltOutside:
    if gateways.azure is None or ground.azure is None:
        return BuiltOutside()
    name, region, azure = port.circuit.name, port.end.region, ground.azure
    built = DedicatedAzurePort(
        name,
        {
            "port": port,
            "resource_group_name": azure.wan.resource_group_name,
            "hub_id": azure.hubs[region].hub_id,
            "hub_name": azure.hubs[region].hub_name,
            "gateway_name": gateways.azure.gateway_name,
            "key": ground.session_key(name),
            "protect": ground.protect,
            "tags": ground.tags,
        },
        ground.opts(region),
    )
    if port.up:
        ground.queue[region].append(built)
    told = {
        "order": {"portId": built.port_id},
        "sessions": _plain(port.sessions),
        "sessionKeys": _keys(port.sessions, built.session_key),
    }
    return BuiltOutside(told, built.targets)


def _gcp_port(port: DedicatedGcp, ground: Ground) -> BuiltOutside:
    if ground.gcp is None:
        return BuiltOutside()
    built = DedicatedGcpPort(
        port.name,
        {
            "port": port,
            "project": ground.gcp_project,
            "router_name": ground.google_network.router_names[port.end.region],
            "hub_id": ground.gcp.hub.hub_id,
            "group_id": ground.gcp.hub.group_ids.get(port.end.group),
            "protect": ground.protect,
        },
        ground.opts(),
    )
    told = {"order": {"interconnect": built.interconnect}, "sessions": _plain(port.sessions)}
    return BuiltOutside(told, built.targets)


def _native(native: Native, gateways: Gateways, ground: Ground) -> BuiltOutside:
    if gateways.aws is None or ground.gcp is None:
        return BuiltOutside()
    link = NativeLink(
        native.name,
        {
            "link": native,
            "hub_id": ground.gcp.hub.hub_id,
            "gateway_id": gateways.aws.gateway_id,
            "activation_key": ground.given_key(NATIVE_KEY) if native.key_given else None,
            "protect": ground.protect,
        },
        ground.opts(),
    )
    told = {"activationKey": link.activation_key, "instruction": link.instruction}
    return BuiltOutside(told, link.targets)


def _plain(sessions: Sequence[MiddleSession], cloud: str | None = None) -> Sequence[Told]:
    """Write down what the other side configures, for one cloud or for all."""
    return [
        {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(session).items()}
        for session in sessions
        if cloud in (None, session.party)
    ]


def _keys(sessions: Sequence[MiddleSession], key: pulumi.Output[str] | None) -> Mapping[str, pulumi.Output[str]]:
    return {session.leg: key for session in sessions} if key is not None else {}
