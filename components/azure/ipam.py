"""Azure's own address manager, told what the ledger gave out.

It does not hand out addresses here: the plan's CIDRs are literal, so that a preview shows them. It makes them visible
as taken to everyone else in the subscription who draws from these pools.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_azure_native import network, resources

import planning.azure


class AzureIpamArgs(TypedDict):
    """What the address manager is told."""

    ipam: planning.azure.Ipam
    subscription_id: str
    """The one subscription that may draw from the pools."""
    physical_name: str
    """Start of the names in Azure, for example `prod`."""
    tags: Mapping[str, str]


class AzureIpam(pulumi.ComponentResource):
    """One network manager, one pool for each region, one static CIDR for each allocation."""

    pool_ids: Mapping[str, pulumi.Output[str]]
    """Region -> pool."""

    def __init__(self, name: str, args: AzureIpamArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureIpam", name, opts=opts)
        ipam, physical_name, tags = args["ipam"], args["physical_name"], args["tags"]
        child = pulumi.ResourceOptions(parent=self)
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=f"{physical_name}-ipam",
            location=ipam.home_region,
            tags=tags,
            opts=child,
        )
        manager = network.NetworkManager(
            name,
            network_manager_name=f"{physical_name}-ipam",
            resource_group_name=group.name,
            location=ipam.home_region,
            network_manager_scopes=network.NetworkManagerPropertiesNetworkManagerScopesArgs(
                subscriptions=[f"/subscriptions/{args['subscription_id']}"]
            ),
            # Address management needs none of the accesses, which let a manager connect, filter or route VNets.
            network_manager_scope_accesses=[],
            tags=tags,
            opts=child,
        )
        pools = {
            region: network.IpamPool(
                f"{name}-{region}",
                pool_name=f"{physical_name}-{region}",
                network_manager_name=manager.name,
                resource_group_name=group.name,
                # VNets can be tied only to a pool of their own region.
                location=region,
                properties=network.IpamPoolPropertiesArgs(address_prefixes=list(cidrs)),
                tags=tags,
                opts=child,
            )
            for region, cidrs in ipam.pools.items()
        }
        for region, allocations in ipam.allocations.items():
            for allocation, cidr in allocations.items():
                network.StaticCidr(
                    f"{name}-{region}-{allocation}",
                    static_cidr_name=allocation,
                    pool_name=pools[region].name,
                    network_manager_name=manager.name,
                    resource_group_name=group.name,
                    properties=network.StaticCidrPropertiesArgs(address_prefixes=[cidr]),
                    opts=child,
                )
        self.pool_ids = {region: pool.id for region, pool in pools.items()}
        self.register_outputs({"pool_ids": self.pool_ids})
