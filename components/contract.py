"""What other stacks read of this one: a versioned contract, written from what was built."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

import planning.aws
import planning.azure
import planning.gcp
from components.aws.cloud import AwsCloud
from components.azure.cloud import AzureCloud
from components.gcp.cloud import GcpCloud
from components.links.build import BuiltLinks
from components.links.site_files import site_files, site_keys
from components.names.build import BuiltNames
from components.names.outputs import names_output
from components.names.records import BuiltRecords
from planning.plan import Plan

VERSION = 1
"""Raised when an output is renamed, removed or changes its meaning; additions keep it."""

AnyNetwork = planning.aws.Network | planning.azure.Network | planning.gcp.Network


@dataclass(frozen=True, slots=True)
class Built:
    """What the stack is made of; None for what the plan does not have."""

    aws: AwsCloud | None = None
    azure: AzureCloud | None = None
    gcp: GcpCloud | None = None
    links: BuiltLinks | None = None
    names: BuiltNames | None = None
    records: BuiltRecords | None = None


def contract(plan: Plan, built: Built) -> dict[str, Any]:
    """Describe networks by name, hubs by `<cloud>/<region>` (those of all regions by `gcp`, `aws`), and addresses.

    A network has `cloud`, `segment`, `id` and `subnets`: tier -> subnet key -> id. A hub has `id` and
    `routeTables` (segment -> id), or in Google Cloud `groups`, or with Cloud WAN `segments`.
    """
    aws, azure, gcp, links = built.aws, built.azure, built.gcp, built.links
    networks: dict[str, Any] = {}
    hubs: dict[str, Any] = {}
    if plan.aws and aws:
        for vpc in plan.aws.networks:
            own = aws.networks[vpc.name]
            networks[vpc.name] = _network("aws", vpc, own.vpc_id, own.subnet_ids)
        for region, gateway in aws.hubs.items():
            hubs[f"aws/{region}"] = {"id": gateway.transit_gateway_id, "routeTables": dict(gateway.route_table_ids)}
        if plan.aws.core_network and aws.core_network:
            segments = list(plan.aws.core_network.segments)
            hubs["aws"] = {"id": aws.core_network.core_network_id, "segments": segments}
    if plan.azure and azure:
        for vnet in plan.azure.networks:
            placed = azure.networks[vnet.name]
            networks[vnet.name] = _network("azure", vnet, placed.vnet_id, placed.subnet_ids)
        for region, hub in azure.hubs.items():
            hubs[f"azure/{region}"] = {"id": hub.hub_id, "routeTables": dict(hub.route_table_ids)}
    if plan.gcp and gcp:
        for network in plan.gcp.networks:
            made = gcp.networks[network.name]
            networks[network.name] = _network("gcp", network, made.network_id, made.subnet_ids)
        hubs["gcp"] = {"id": gcp.hub.hub_id, "groups": dict(gcp.hub.group_ids)}
    return {
        "contractVersion": VERSION,
        "environment": plan.environment,
        "networks": networks,
        "hubs": hubs,
        "addressing": plan.addressing,
        "links": plan.links.table if plan.links else [],
        "linkOrders": links.outside if links else {},
        "linkTargets": links.targets if links else {},
        "siteFiles": site_files(plan.site_routers, links) if links else {},
        "siteKeys": site_keys(plan.site_routers, links) if links else {},
        "names": names_output(plan.names, built.names, plan.records, built.records)
        if plan.names and built.names
        else {},
        "siteForwarders": built.names.site_files if built.names else {},
    }


def _names(plan: Plan, built: Built) -> Mapping[str, Any]:
    if plan.names is None or built.names is None:
        return {}
    return names_output(plan.names, built.names, plan.records, built.records)


def _network(
    cloud: str, network: AnyNetwork, network_id: pulumi.Output[str], subnet_ids: Mapping[str, pulumi.Output[str]]
) -> dict[str, Any]:
    by_tier: dict[str, dict[str, pulumi.Output[str]]] = {}
    for subnet in network.subnets:
        by_tier.setdefault(subnet.tier, {})[subnet.key] = subnet_ids[subnet.key]
    return {"cloud": cloud, "segment": network.segment, "id": network_id, "subnets": by_tier}
