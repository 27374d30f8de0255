"""A circuit between the exchange and Azure, both ends and both legs of it.

Azure makes the circuit and its service key, with which the exchange connects the two legs; only then may the sessions
be configured on Azure's side, and last the exchange's router speaks over each leg. Destroying goes the other way
round: Azure deletes no circuit that a provider still serves.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from components.azure.circuit import AzureCircuit, AzureCircuitPeering
from components.equinix.circuit import EquinixConnection, EquinixRedundancyArgs
from components.equinix.session import EquinixSession
from components.links.targets import Targets
from planning.links import types

PROFILE = "Azure ExpressRoute"
"""Service profile of every circuit, whatever its bandwidth."""
MICROSOFT_ASN = 12076
"""On Azure's side of every circuit."""


class ExchangeAzureCircuitArgs(TypedDict):
    """What a circuit to Azure is built from."""

    circuit: types.AzureCircuit
    exchange: types.Exchange
    router_id: pulumi.Input[str]
    """The exchange's router."""
    router_asn: pulumi.Input[int]
    end: types.AzureEnd
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


class ExchangeAzureCircuit(pulumi.ComponentResource):
    """One ExpressRoute circuit with both legs. `depends_on` is the hub's queue so far."""

    targets: Targets

    def __init__(self, name: str, args: ExchangeAzureCircuitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:ExchangeAzureCircuit", name, opts=opts)
        plan = args["circuit"]
        primary, secondary = plan.legs
        circuit = AzureCircuit(
            name,
            {
                "circuit": plan,
                "region": args["end"].region,
                "resource_group_name": args["resource_group_name"],
                "protect": args["protect"],
                "tags": args["tags"],
            },
            pulumi.ResourceOptions(parent=self),
        )
        first = self._connection(name, args, primary, circuit, {"priority": "PRIMARY", "group": None})
        second = self._connection(
            name, args, secondary, circuit, {"priority": "SECONDARY", "group": first.redundancy_group}
        )
        queue = pulumi.ResourceOptions(depends_on=opts.depends_on if opts else None)
        peering = AzureCircuitPeering(
            name,
            {
                "circuit": plan,
                "end": args["end"],
                "circuit_name": circuit.circuit_name,
                "resource_group_name": args["resource_group_name"],
                "hub_id": args["hub_id"],
                "hub_name": args["hub_name"],
                "gateway_name": args["gateway_name"],
                "peer_asn": args["router_asn"],
                "key": args["key"],
            },
            pulumi.ResourceOptions.merge(queue, pulumi.ResourceOptions(parent=self, depends_on=[first, second])),
        )
        connection_ids = {primary.key: first.connection_id, secondary.key: second.connection_id}
        for leg in plan.legs:
            EquinixSession(
                f"{name}-{leg.key}",
                {
                    "exchange": args["exchange"],
                    "connection_id": connection_ids[leg.key],
                    "leg": leg,
                    "addresses": None,
                    "end_asn": MICROSOFT_ASN,
                    "key": args["key"],
                    "bfd": True,
                    "preference": plan.preference,
                    "session": plan.session,
                },
                pulumi.ResourceOptions(parent=self, depends_on=[peering]),
            )

        self.targets = {"exchangeConnections": connection_ids, "expressRoute": circuit.circuit_id}
        self.register_outputs({"targets": self.targets})

    def _connection(
        self,
        name: str,
        args: ExchangeAzureCircuitArgs,
        leg: types.Leg,
        circuit: AzureCircuit,
        redundancy: EquinixRedundancyArgs,
    ) -> EquinixConnection:
        plan = args["circuit"]
        return EquinixConnection(
            f"{name}-{leg.key}",
            {
                "exchange": args["exchange"],
                "router_id": args["router_id"],
                "leg": leg,
                "metro": plan.metro,
                "bandwidth": plan.bandwidth,
                "provider": {"profile": PROFILE, "key": circuit.service_key, "region": None, "peering": "PRIVATE"},
                "port": None,
                "redundancy": redundancy,
                "protect": args["protect"],
            },
            pulumi.ResourceOptions(parent=self),
        )
