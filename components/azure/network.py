"""A VNet with its filter, routes, NAT gateway, subnets and flow log.

Its connection belongs to the hub (`hub.py`), because all operations on a hub stand in one queue.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_azure_native import network, resources

import planning.azure


class AzureNetworkArgs(TypedDict):
    """What one VNet is told."""

    network: planning.azure.Network
    flow_log_storage_id: pulumi.Input[str]
    """Storage account in the VNet's region."""
    flow_log_retention_days: int
    protect: bool
    """Whether Pulumi refuses to delete the VNet."""
    tags: Mapping[str, str]


class AzureNetwork(pulumi.ComponentResource):
    """One VNet in its own resource group, without any way in or out that the plan does not name."""

    vnet_id: pulumi.Output[str]
    """The VNet once everything is written into it; who waits for this id connects a finished VNet."""
    resource_group_name: pulumi.Output[str]
    subnet_ids: Mapping[str, pulumi.Output[str]]
    """Key of the subnet in the plan -> id."""

    def __init__(self, name: str, args: AzureNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureNetwork", name, opts=opts)
        self._plan = args["network"]
        self._tags = args["tags"]
        self._group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=self._plan.physical_name,
            location=self._plan.region,
            tags=self._tags,
            opts=self._child(),
        )
        vnet = network.VirtualNetwork(
            name,
            virtual_network_name=self._plan.physical_name,
            resource_group_name=self._group.name,
            location=self._plan.region,
            address_space=network.AddressSpaceArgs(address_prefixes=list(self._plan.address_space)),
            tags=self._tags,
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None),
        )
        subnets = self._subnets(vnet)
        flow_log = self._flow_log(vnet, args, after=list(subnets.values()))

        self.subnet_ids = {key: subnet.id for key, subnet in subnets.items()}
        self.resource_group_name = self._group.name
        # Connecting writes a peering into the VNet, and Azure refuses two writes at once; the bare id would let the
        # connection start beside the first subnet. When destroying, it makes the connection go before any subnet.
        self.vnet_id = pulumi.Output.all(vnet.id, flow_log.id, *self.subnet_ids.values()).apply(lambda ids: ids[0])
        self.register_outputs(
            {"vnet_id": self.vnet_id, "resource_group_name": self.resource_group_name, "subnet_ids": self.subnet_ids}
        )

    def _child(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, depends_on=after)

    def _subnets(self, vnet: network.VirtualNetwork) -> dict[str, network.Subnet]:
        security_group = self._security_group()
        table, drops = self._route_table()
        nat_gateway = self._nat_gateway() if self._plan.nat_gateway else None
        subnets: dict[str, network.Subnet] = {}
        # Azure refuses parallel writes to one VNet, so each subnet waits for the one before. The first waits for the
        # drops: nothing can sit in a subnet whose routes are incomplete.
        previous: list[pulumi.Resource] = drops
        for subnet in self._plan.subnets:
            subnets[subnet.key] = network.Subnet(
                f"{self.pulumi_resource_name}-{subnet.key}",
                subnet_name=f"{self._plan.physical_name}-{subnet.key}",
                resource_group_name=self._group.name,
                virtual_network_name=vnet.name,
                address_prefix=subnet.cidr,
                network_security_group=network.NetworkSecurityGroupArgs(id=security_group.id),
                route_table=network.RouteTableArgs(id=table.id),
                nat_gateway=network.SubResourceArgs(id=nat_gateway.id) if nat_gateway and subnet.nat else None,
                # Otherwise Azure lends every machine a public address to go out with, unseen and not ours.
                default_outbound_access=False,
                delegations=[network.DelegationArgs(name=subnet.key, service_name=subnet.delegation)]
                if subnet.delegation
                else None,
                # Off by default, and then neither filter nor routes apply to private endpoints.
                private_endpoint_network_policies=network.VirtualNetworkPrivateEndpointNetworkPolicies.ENABLED,
                opts=self._child(*previous),
            )
            previous = [subnets[subnet.key]]
        return subnets

    def _security_group(self) -> network.NetworkSecurityGroup:
        return network.NetworkSecurityGroup(
            f"{self.pulumi_resource_name}-nsg",
            network_security_group_name=f"{self._plan.physical_name}-nsg",
            resource_group_name=self._group.name,
            location=self._plan.region,
            # Inline, never standalone SecurityRule: one write, so there is no moment with half of the rules (Azure's
            # own defaults let everything that the hub knows come in), and a rule added by hand is taken out again.
            security_rules=[_security_rule(rule) for rule in self._plan.security_rules],
            tags=self._tags,
            opts=self._child(),
        )

    def _route_table(self) -> tuple[network.RouteTable, list[pulumi.Resource]]:
        """Return the table and its last route; the routes are chained, so who waits for that one waits for all."""
        table = network.RouteTable(
            f"{self.pulumi_resource_name}-routes",
            route_table_name=f"{self._plan.physical_name}-routes",
            resource_group_name=self._group.name,
            location=self._plan.region,
            # The hub's routes have to arrive: they are the more specific ones that the drops stand behind.
            disable_bgp_route_propagation=False,
            tags=self._tags,
            opts=self._child(),
        )
        last: list[pulumi.Resource] = []
        for route_name, cidr in self._plan.drops.items():
            # Standalone, never inline in the table, and one after another: Azure refuses parallel writes here too.
            route = network.Route(
                f"{self.pulumi_resource_name}-{route_name}",
                route_name=route_name,
                resource_group_name=self._group.name,
                route_table_name=table.name,
                address_prefix=cidr,
                next_hop_type=network.RouteNextHopType.NONE,
                opts=self._child(*last),
            )
            last = [route]
        return table, last

    def _nat_gateway(self) -> network.NatGateway:
        address = network.PublicIPAddress(
            f"{self.pulumi_resource_name}-nat-address",
            public_ip_address_name=f"{self._plan.physical_name}-nat",
            resource_group_name=self._group.name,
            location=self._plan.region,
            # The only kind of address that a NAT gateway takes.
            sku=network.PublicIPAddressSkuArgs(name=network.PublicIPAddressSkuName.STANDARD),
            public_ip_allocation_method=network.IPAllocationMethod.STATIC,
            tags=self._tags,
            opts=self._child(),
        )
        return network.NatGateway(
            f"{self.pulumi_resource_name}-nat",
            nat_gateway_name=f"{self._plan.physical_name}-nat",
            resource_group_name=self._group.name,
            location=self._plan.region,
            sku=network.NatGatewaySkuArgs(name=network.NatGatewaySkuName.STANDARD),
            public_ip_addresses=[network.SubResourceArgs(id=address.id)],
            tags=self._tags,
            opts=self._child(),
        )

    def _flow_log(
        self, vnet: network.VirtualNetwork, args: AzureNetworkArgs, after: list[pulumi.Resource]
    ) -> network.FlowLog:
        return network.FlowLog(
            f"{self.pulumi_resource_name}-flow-log",
            flow_log_name=self._plan.physical_name,
            # Azure makes one watcher for each region, in this group, as soon as the region has a VNet; a second one
            # cannot be made, so the log goes into Azure's.
            network_watcher_name=f"NetworkWatcher_{self._plan.region}",
            resource_group_name="NetworkWatcherRG",
            location=self._plan.region,
            target_resource_id=vnet.id,
            storage_id=args["flow_log_storage_id"],
            enabled=True,
            format=network.FlowLogFormatParametersArgs(type=network.FlowLogFormatType.JSON, version=2),
            retention_policy=network.RetentionPolicyParametersArgs(
                enabled=True,
                days=args["flow_log_retention_days"],
            ),
            tags=self._tags,
            # Switching the log on changes the VNet, like a subnet does.
            opts=self._child(*after),
        )


def _security_rule(rule: planning.azure.SecurityRule) -> network.SecurityRuleArgs:
    """Between this VNet and the rule's prefixes.

    A list goes into the plural property whatever its length; the near side is `*` because that word, like every
    service tag, is allowed in the singular property only.
    """
    inbound = rule.direction == network.SecurityRuleDirection.INBOUND
    far_side = list(rule.prefixes)
    return network.SecurityRuleArgs(
        name=rule.name,
        priority=rule.priority,
        direction=rule.direction,
        access=rule.access,
        protocol=rule.protocol,
        source_port_range="*",
        destination_port_range=rule.port,
        source_address_prefixes=far_side if inbound else None,
        destination_address_prefix="*" if inbound else None,
        source_address_prefix=None if inbound else "*",
        destination_address_prefixes=None if inbound else far_side,
    )
