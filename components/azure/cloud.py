"""Everything the stack builds in Azure, put together from the plan; no resource of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

import planning.azure
from components.azure.flow_logs import AzureFlowLogs
from components.azure.hub import AzureHub
from components.azure.ipam import AzureIpam
from components.azure.network import AzureNetwork
from components.azure.wan import AzureWan


@dataclass(frozen=True, slots=True)
class AzureCloud:
    """What links, names and services in other files join to."""

    wan: AzureWan
    hubs: Mapping[str, AzureHub]
    """By region."""
    networks: Mapping[str, AzureNetwork]
    """By name in the plan, transit networks included."""


def build(
    azure: planning.azure.Azure, *, protect: bool, tags: Mapping[str, str], provider: pulumi.ProviderResource
) -> AzureCloud:
    """Build the plan's Azure part with `provider`; `protect` guards what an outage would follow from deleting."""
    opts = pulumi.ResourceOptions(provider=provider)
    wan = AzureWan(
        "azure-wan",
        {"physical_name": azure.physical_name, "region": azure.home_region, "protect": protect, "tags": tags},
        opts,
    )
    flow_logs = {
        store.region: AzureFlowLogs(
            f"azure-{store.region}-flow-logs",
            {"store": store, "resource_group_name": wan.resource_group_name, "tags": tags},
            opts,
        )
        for store in azure.flow_log_stores
    }
    networks = {
        network.name: AzureNetwork(
            network.name,
            {
                "network": network,
                "flow_log_storage_id": flow_logs[network.region].storage_account_id,
                "flow_log_retention_days": azure.flow_log_retention_days,
                "protect": protect,
                "tags": tags,
            },
            opts,
        )
        for network in azure.networks
    }
    hubs = {
        hub.region: AzureHub(
            f"azure-{hub.region}",
            {
                "hub": hub,
                "resource_group_name": wan.resource_group_name,
                "wan_id": wan.wan_id,
                "connections": {
                    network.name: {"connection": network.connection, "vnet_id": networks[network.name].vnet_id}
                    for network in azure.networks
                    if network.region == hub.region
                },
                "protect": protect,
                "tags": tags,
            },
            opts,
        )
        for hub in azure.hubs
    }
    if azure.ipam:
        AzureIpam(
            "azure-ipam",
            {
                "ipam": azure.ipam,
                "subscription_id": azure.subscription_id,
                "physical_name": azure.physical_name,
                "tags": tags,
            },
            opts,
        )
    return AzureCloud(wan=wan, hubs=hubs, networks=networks)
