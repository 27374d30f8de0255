"""The Azure end of a circuit whose middle somebody else provides.

It takes two passes, since Azure lets nobody configure a circuit before its provider has connected both legs. In the
first the circuit is made, and its service key is what the provider orders by; in the second come the sessions and the
connection to the hub. Nothing of the first changes.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from components.azure.circuit import AzureCircuit, AzureCircuitPeering
from components.links.targets import Targets
from planning.links import outside_types


class ExternalAzureCircuitArgs(TypedDict):
    """What the Azure end is told."""

    end: outside_types.ExternalAzure
    """The plan, and whether the provider is done."""
    resource_group_name: pulumi.Input[str]
    """Group of the virtual WAN."""
    hub_id: pulumi.Input[str]
    hub_name: pulumi.Input[str]
    gateway_name: pulumi.Input[str]
    """ExpressRoute gateway of the hub."""
    peer_asn: int
    """ASN of the router in the middle."""
    key: pulumi.Input[str]
    """BGP key of both legs."""
    protect: bool
    """Whether Pulumi refuses to delete or replace the circuit."""
    tags: Mapping[str, str]


class ExternalAzureCircuit(pulumi.ComponentResource):
    """One ExpressRoute circuit with both legs. `depends_on` is the hub's queue so far."""

    order: Mapping[str, pulumi.Output[str]]
    """What the provider orders by: `serviceKey`, secret."""
    session_keys: Mapping[str, pulumi.Output[str]]
    """Leg -> BGP key for the router in the middle, secret. Empty until there are sessions."""
    targets: Targets

    def __init__(self, name: str, args: ExternalAzureCircuitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:ExternalAzureCircuit", name, opts=opts)
        end, plan = args["end"], args["end"].circuit
        circuit = AzureCircuit(
            name,
            {
                "circuit": plan,
                "region": end.end.region,
                "resource_group_name": args["resource_group_name"],
                "protect": args["protect"],
                "tags": args["tags"],
            },
            pulumi.ResourceOptions(parent=self),
        )
        if end.provisioned:
            AzureCircuitPeering(
                name,
                {
                    "circuit": plan,
                    "end": end.end,
                    "circuit_name": circuit.circuit_name,
                    "resource_group_name": args["resource_group_name"],
                    "hub_id": args["hub_id"],
                    "hub_name": args["hub_name"],
                    "gateway_name": args["gateway_name"],
                    "peer_asn": args["peer_asn"],
                    "key": args["key"],
                },
                # A component's own dependencies do not reach its children.
                pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None),
            )
        key = pulumi.Output.secret(args["key"])
        self.order = {"serviceKey": circuit.service_key}
        self.session_keys = {leg.key: key for leg in plan.legs} if end.provisioned else {}
        self.targets = {"expressRoute": circuit.circuit_id}
        self.register_outputs({"order": self.order, "session_keys": self.session_keys, "targets": self.targets})
