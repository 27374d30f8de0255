"""A pair of ports of a site's at Azure, ordered here or there already, and a circuit on it.

Ordered ports take two passes: nothing can be said over a pair of ports that nobody has patched yet.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_azure_native import network

from components.azure.circuit import AzureCircuitPeering
from components.links.targets import Targets
from planning.links import outside_types

LINKS = ("link1", "link2")
"""Of a pair of ports, as Azure names them [K]."""


class DedicatedAzurePortArgs(TypedDict):
    """What a pair of ports at Azure is told."""

    port: outside_types.DedicatedAzure
    """The plan."""
    resource_group_name: pulumi.Input[str]
    """Group of the virtual WAN."""
    hub_id: pulumi.Input[str]
    hub_name: pulumi.Input[str]
    gateway_name: pulumi.Input[str]
    """ExpressRoute gateway of the hub."""
    key: pulumi.Input[str]
    """BGP key of both legs."""
    protect: bool
    """Whether Pulumi refuses to delete or replace the circuit."""
    tags: Mapping[str, str]


class DedicatedAzurePort(pulumi.ComponentResource):
    """ExpressRoute Direct with one circuit. `depends_on` is the hub's queue so far."""

    port_id: pulumi.Output[str]
    session_key: pulumi.Output[str] | None
    """BGP key for the site's router, secret. None until the ports are up."""
    targets: Targets
    """Empty until the ports are up."""

    def __init__(self, name: str, args: DedicatedAzurePortArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:DedicatedAzurePort", name, opts=opts)
        port = args["port"]
        self.port_id = (
            pulumi.Output.from_input(port.origin) if isinstance(port.origin, str) else self._ordered(args, port.origin)
        )
        self.session_key, self.targets = None, {}
        if port.up:
            circuit = self._circuit(args)
            AzureCircuitPeering(
                name,
                {
                    "circuit": port.circuit,
                    "end": port.end,
                    "circuit_name": circuit.name,
                    "resource_group_name": args["resource_group_name"],
                    "hub_id": args["hub_id"],
                    "hub_name": args["hub_name"],
                    "gateway_name": args["gateway_name"],
                    "peer_asn": port.asn,
                    "key": args["key"],
                },
                # A component's own dependencies do not reach its children.
                pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None),
            )
            self.session_key = pulumi.Output.secret(args["key"])
            self.targets = {"expressRoute": circuit.id}
        self.register_outputs({"port_id": self.port_id, "session_key": self.session_key, "targets": self.targets})

    def _ordered(self, args: DedicatedAzurePortArgs, order: outside_types.ExpressRouteOrder) -> pulumi.Output[str]:
        state = network.ExpressRouteLinkAdminState
        ports = network.ExpressRoutePort(
            self.pulumi_resource_name,
            express_route_port_name=args["port"].circuit.physical_name,
            resource_group_name=args["resource_group_name"],
            location=args["port"].end.region,
            peering_location=order.location,
            bandwidth_in_gbps=order.bandwidth_gbps,
            encapsulation=network.ExpressRoutePortsEncapsulation.DOT1_Q,
            billing_type=network.ExpressRoutePortsBillingType.METERED_DATA,
            # A link is billed for from when it is enabled [K].
            links=[
                network.ExpressRouteLinkArgs(
                    name=link, admin_state=state.ENABLED if args["port"].up else state.DISABLED
                )
                for link in LINKS
            ],
            tags=args["tags"],
            # In every environment: it is a contract, and somebody has been in a data centre for it.
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        return ports.id

    def _circuit(self, args: DedicatedAzurePortArgs) -> network.ExpressRouteCircuit:
        plan = args["port"].circuit
        tier, family = network.ExpressRouteCircuitSkuTier.STANDARD, network.ExpressRouteCircuitSkuFamily.METERED_DATA
        return network.ExpressRouteCircuit(
            self.pulumi_resource_name,
            circuit_name=plan.physical_name,
            resource_group_name=args["resource_group_name"],
            location=args["port"].end.region,
            sku=network.ExpressRouteCircuitSkuArgs(name=f"{tier.value}_{family.value}", tier=tier, family=family),
            express_route_port=network.SubResourceArgs(id=self.port_id),
            bandwidth_in_gbps=plan.bandwidth / 1000,
            allow_classic_operations=False,
            tags=args["tags"],
            opts=pulumi.ResourceOptions(
                parent=self,
                # None inherits from the component; False would undo a protection that a caller gave it.
                protect=args["protect"] or None,
                additional_secret_outputs=["service_key"],
            ),
        )
