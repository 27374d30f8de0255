"""A virtual hub, its route tables and the VNets connected to it.

Azure works on one operation of a hub at a time and refuses what arrives meanwhile. So everything here stands in one
queue: hub, route tables, connections. Gateways and whatever else changes the hub later wait for this whole component.
Azure calls a hub made while its router is still starting, and no property makes Pulumi wait for that: a run that is
refused with `AnotherOperationInProgress` is repeated and goes on where it stopped.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_azure_native import network

import planning.azure

# Three times what Azure names for a hub with gateways; a timeout would leave a half-made hub behind.
_TIMEOUTS = pulumi.CustomTimeouts(create="90m", update="90m", delete="90m")


class AzureHubConnectionArgs(TypedDict):
    """One VNet to connect."""

    connection: planning.azure.Connection
    vnet_id: pulumi.Input[str]


class AzureHubArgs(TypedDict):
    """What one hub is told."""

    hub: planning.azure.Hub
    resource_group_name: pulumi.Input[str]
    """Group of the virtual WAN."""
    wan_id: pulumi.Input[str]
    connections: Mapping[str, AzureHubConnectionArgs]
    """Name of the network -> how it is connected."""
    protect: bool
    """Whether Pulumi refuses to delete the hub."""
    tags: Mapping[str, str]


class AzureHub(pulumi.ComponentResource):
    """One hub in which a VNet reaches what its segment's route table has learnt, and nothing else."""

    hub_id: pulumi.Output[str]
    """The bare hub, known before its route tables and connections are made."""
    hub_name: pulumi.Output[str]
    route_table_ids: Mapping[str, pulumi.Output[str]]
    """Name in the plan -> id."""
    connection_ids: Mapping[str, pulumi.Output[str]]
    """Name of the network -> id."""

    def __init__(self, name: str, args: AzureHubArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureHub", name, opts=opts)
        plan = args["hub"]
        hub = network.VirtualHub(
            name,
            virtual_hub_name=plan.physical_name,
            resource_group_name=args["resource_group_name"],
            location=plan.region,
            virtual_wan=network.SubResourceArgs(id=args["wan_id"]),
            sku="Standard",
            address_prefix=plan.prefix,
            # A circuit beats a VPN for the same prefix, however long its path: a VPN ends at the far hub (one AS), a
            # circuit goes over Microsoft's edge and the exchange (three), so by path length the backup would win here
            # while the far cloud sends back over the circuit. Which of two circuits is taken is said by the weights of
            # their connections: route maps that sum up what arrives leave no path to compare.
            hub_routing_preference=network.HubRoutingPreference.EXPRESS_ROUTE,
            # Azure's minimum, said so that scaling by hand shows as a difference.
            virtual_router_auto_scale_configuration=network.VirtualRouterAutoScaleConfigurationArgs(min_capacity=2),
            tags=args["tags"],
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None, custom_timeouts=_TIMEOUTS),
        )
        self.hub_id = hub.id
        self.hub_name = hub.name
        queue: list[pulumi.Resource] = [hub]
        self.route_table_ids = self._route_tables(args, queue)
        self.connection_ids = self._connections(args, queue)
        self.register_outputs(
            {
                "hub_id": self.hub_id,
                "hub_name": self.hub_name,
                "route_table_ids": self.route_table_ids,
                "connection_ids": self.connection_ids,
            }
        )

    def _route_tables(self, args: AzureHubArgs, queue: list[pulumi.Resource]) -> dict[str, pulumi.Output[str]]:
        ids: dict[str, pulumi.Output[str]] = {}
        for table_name, labels in args["hub"].route_tables.items():
            table = network.HubRouteTable(
                f"{self.pulumi_resource_name}-{table_name}",
                route_table_name=table_name,
                resource_group_name=args["resource_group_name"],
                virtual_hub_name=self.hub_name,
                labels=list(labels),
                opts=self._next_in(queue),
            )
            queue.append(table)
            ids[table_name] = table.id
        return ids

    def _connections(self, args: AzureHubArgs, queue: list[pulumi.Resource]) -> dict[str, pulumi.Output[str]]:
        ids: dict[str, pulumi.Output[str]] = {}
        for network_name, wanted in args["connections"].items():
            connection = network.HubVirtualNetworkConnection(
                f"{self.pulumi_resource_name}-{network_name}",
                connection_name=f"{args['hub'].physical_name}-{network_name}",
                resource_group_name=args["resource_group_name"],
                virtual_hub_name=self.hub_name,
                remote_virtual_network=network.SubResourceArgs(id=wanted["vnet_id"]),
                # On, the VNet would take a default route from the hub; each VNet has its own way out.
                enable_internet_security=False,
                routing_configuration=network.RoutingConfigurationArgs(
                    associated_route_table=network.SubResourceArgs(
                        id=self.route_table_ids[wanted["connection"].route_table]
                    ),
                    propagated_route_tables=self._propagation(wanted["connection"]),
                ),
                opts=self._next_in(queue),
            )
            queue.append(connection)
            ids[network_name] = connection.id
        return ids

    def _propagation(self, connection: planning.azure.Connection) -> network.PropagatedRouteTableArgs:
        """Labels alone, because a label means its tables in every hub of the WAN and an id one table of one hub."""
        if connection.labels:
            return network.PropagatedRouteTableArgs(labels=list(connection.labels))
        # Azure reads an empty list as the label `default`. Nowhere is a table of its own, which every hub has.
        nowhere = pulumi.Output.concat(self.hub_id, "/hubRouteTables/noneRouteTable")
        return network.PropagatedRouteTableArgs(labels=["none"], ids=[network.SubResourceArgs(id=nowhere)])

    def _next_in(self, queue: list[pulumi.Resource]) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, depends_on=queue[-1:], custom_timeouts=_TIMEOUTS)
