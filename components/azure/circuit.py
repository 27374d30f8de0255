"""Azure's end of circuits: the ExpressRoute gateway of a virtual hub, circuits, and what connects the two.

A circuit comes in two stages, because Azure lets nobody configure it before the exchange has connected both legs: the
circuit with its service key, then, after the exchange, the peering and its connection to the hub. Destroying goes the
other way round, for Azure deletes no circuit that a provider still serves.
"""

from collections.abc import Mapping
from typing import TypedDict, cast

import pulumi
from pulumi_azure_native import network

from components.azure.route_maps import AzureRouteMaps
from planning.links import types

# Three times what Azure names for a gateway; a timeout would leave a half-made one behind.
_TIMEOUTS = pulumi.CustomTimeouts(create="90m", update="90m", delete="90m")


class AzureCircuitGatewayArgs(TypedDict):
    """What the ExpressRoute gateway of one hub is told."""

    gateway: types.AzureCircuitGateway
    physical_name: str
    """In Azure, for example `prod-circuits-eastus`."""
    resource_group_name: pulumi.Input[str]
    """Group of the virtual WAN."""
    hub_id: pulumi.Input[str]
    protect: bool
    """Whether Pulumi refuses to delete the gateway."""
    tags: Mapping[str, str]


class AzureCircuitGateway(pulumi.ComponentResource):
    """The one ExpressRoute gateway of a hub. `depends_on` is the hub's queue so far."""

    gateway_name: pulumi.Output[str]

    def __init__(self, name: str, args: AzureCircuitGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureCircuitGateway", name, opts=opts)
        plan = args["gateway"]
        gateway = network.ExpressRouteGateway(
            name,
            express_route_gateway_name=args["physical_name"],
            resource_group_name=args["resource_group_name"],
            location=plan.end.region,
            virtual_hub=network.VirtualHubIdArgs(id=args["hub_id"]),
            # The same twice: a gateway that grows by itself costs what no plan has said.
            auto_scale_configuration=network.ExpressRouteGatewayPropertiesAutoScaleConfigurationArgs(
                bounds=network.ExpressRouteGatewayPropertiesBoundsArgs(min=plan.scale_units, max=plan.scale_units)
            ),
            # A circuit may also be connected to VNets outside the WAN; those stay outside.
            allow_non_virtual_wan_traffic=False,
            tags=args["tags"],
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=opts.depends_on if opts else None,
                # None inherits from the component; False would undo a protection that a caller gave it.
                protect=args["protect"] or None,
                custom_timeouts=_TIMEOUTS,
            ),
        )
        self.gateway_name = gateway.name
        self.register_outputs({"gateway_name": self.gateway_name})


class AzureCircuitArgs(TypedDict):
    """What one circuit is told."""

    circuit: types.AzureCircuit
    region: str
    """Where Azure keeps the circuit's description; traffic is not bound to it."""
    resource_group_name: pulumi.Input[str]
    protect: bool
    """Whether Pulumi refuses to delete the circuit."""
    tags: Mapping[str, str]


class AzureCircuit(pulumi.ComponentResource):
    """A circuit that the exchange can connect to; nothing goes over it yet. It is billed from here on."""

    circuit_id: pulumi.Output[str]
    circuit_name: pulumi.Output[str]
    service_key: pulumi.Output[str]
    """Secret: who has it can connect to the circuit."""

    def __init__(self, name: str, args: AzureCircuitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureCircuit", name, opts=opts)
        plan = args["circuit"]
        tier, family = network.ExpressRouteCircuitSkuTier.STANDARD, network.ExpressRouteCircuitSkuFamily.METERED_DATA
        circuit = network.ExpressRouteCircuit(
            name,
            circuit_name=plan.physical_name,
            resource_group_name=args["resource_group_name"],
            location=args["region"],
            sku=network.ExpressRouteCircuitSkuArgs(name=f"{tier.value}_{family.value}", tier=tier, family=family),
            service_provider_properties=network.ExpressRouteCircuitServiceProviderPropertiesArgs(
                service_provider_name=plan.provider,
                peering_location=plan.peering_location,
                bandwidth_in_mbps=plan.bandwidth,
            ),
            allow_classic_operations=False,
            tags=args["tags"],
            opts=pulumi.ResourceOptions(
                parent=self,
                # None inherits from the component; False would undo a protection that a caller gave it.
                protect=args["protect"] or None,
                additional_secret_outputs=["service_key"],
            ),
        )
        self.circuit_id = circuit.id
        self.circuit_name = circuit.name
        # The SDK takes it for optional because the API would accept one; Azure always answers with its own. Secret in
        # itself, since not every engine heeds the option above: one that stands in for Pulumi's may not.
        self.service_key = pulumi.Output.secret(cast("pulumi.Output[str]", circuit.service_key))
        self.register_outputs(
            {"circuit_id": self.circuit_id, "circuit_name": self.circuit_name, "service_key": self.service_key}
        )


class AzureCircuitPeeringArgs(TypedDict):
    """What the sessions over one circuit, and its connection to the hub, are told."""

    circuit: types.AzureCircuit
    end: types.AzureEnd
    circuit_name: pulumi.Input[str]
    resource_group_name: pulumi.Input[str]
    """Group of the circuit and of the virtual WAN."""
    hub_id: pulumi.Input[str]
    hub_name: pulumi.Input[str]
    gateway_name: pulumi.Input[str]
    """ExpressRoute gateway of the hub."""
    peer_asn: pulumi.Input[int]
    """Of the exchange's router."""
    key: pulumi.Input[str]
    """MD5 key of both sessions."""


class AzureCircuitPeering(pulumi.ComponentResource):
    """Sessions over both legs of a circuit, and what they bring let into the hub.

    `depends_on` is the exchange's connection of each leg, and the hub's queue so far with the ExpressRoute gateway.
    """

    peering_id: pulumi.Output[str]

    def __init__(self, name: str, args: AzureCircuitPeeringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureCircuitPeering", name, opts=opts)
        plan = args["circuit"]
        before = opts.depends_on if opts else None
        peering = network.ExpressRouteCircuitPeering(
            name,
            # Azure knows a peering by this name and no other.
            peering_name="AzurePrivatePeering",
            peering_type=network.ExpressRoutePeeringType.AZURE_PRIVATE_PEERING,
            resource_group_name=args["resource_group_name"],
            circuit_name=args["circuit_name"],
            peer_asn=args["peer_asn"],
            primary_peer_address_prefix=plan.primary_prefix,
            secondary_peer_address_prefix=plan.secondary_prefix,
            vlan_id=plan.vlan,
            shared_key=pulumi.Output.secret(args["key"]),
            opts=pulumi.ResourceOptions(parent=self, depends_on=before, additional_secret_outputs=["shared_key"]),
        )
        route_maps = AzureRouteMaps(
            f"{name}-routes",
            {
                "end": args["end"],
                "physical_name": plan.physical_name,
                "resource_group_name": args["resource_group_name"],
                "hub_id": args["hub_id"],
                "hub_name": args["hub_name"],
            },
            pulumi.ResourceOptions(parent=self, depends_on=before),
        )
        network.ExpressRouteConnection(
            f"{name}-connection",
            name=plan.physical_name,
            connection_name=plan.physical_name,
            resource_group_name=args["resource_group_name"],
            express_route_gateway_name=args["gateway_name"],
            express_route_circuit_peering=network.ExpressRouteCircuitPeeringIdArgs(id=peering.id),
            routing_weight=plan.preference.weight,
            # On, the exchange would be told a default route.
            enable_internet_security=False,
            routing_configuration=route_maps.routing,
            opts=pulumi.ResourceOptions(parent=self, custom_timeouts=_TIMEOUTS),
        )
        self.peering_id = peering.id
        self.register_outputs({"peering_id": self.peering_id})
