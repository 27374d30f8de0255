"""The Google end of a circuit whose middle somebody else provides.

It takes two passes, since Google gives out addresses and makes sessions only when the provider has connected both
attachments. In the first the attachments are made, and their pairing keys are what the provider orders by; in the
second the sessions learn the ASN of the middle and the hub takes the attachments. Nothing of the first changes.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from components.gcp.circuit import GcpCircuit, GcpCircuitSessions
from components.links.targets import Targets
from planning.links import outside_types


class ExternalGcpCircuitArgs(TypedDict):
    """What the Google end is told."""

    end: outside_types.ExternalGcp
    """The plan, and whether the provider is done."""
    project: str
    router_name: pulumi.Input[str]
    """Cloud Router of the region that takes Partner Interconnect attachments."""
    hub_id: pulumi.Input[str]
    """Connectivity hub."""
    group_id: pulumi.Input[str] | None
    """Group of that hub, where spokes have to name theirs."""
    peer_asn: int
    """ASN of the router in the middle."""
    protect: bool
    """Whether Pulumi refuses to delete or replace the attachments."""


class ExternalGcpCircuit(pulumi.ComponentResource):
    """Two attachments, one in each edge availability domain."""

    order: Mapping[str, pulumi.Output[str]]
    """What the provider orders by: leg -> pairing key, secret."""
    addresses: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """Leg -> addresses of the `cloud` and of the `middle`, with mask, once Google has given them out."""
    targets: Targets

    def __init__(self, name: str, args: ExternalGcpCircuitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:ExternalGcpCircuit", name, opts=opts)
        end, plan = args["end"], args["end"].circuit
        circuit = GcpCircuit(
            name,
            {"circuit": plan, "router_name": args["router_name"], "protect": args["protect"]},
            pulumi.ResourceOptions(parent=self),
        )
        self.order = circuit.pairing_keys
        self.addresses = {}
        if end.provisioned:
            sessions = GcpCircuitSessions(
                name,
                {
                    "circuit": plan,
                    "project": args["project"],
                    "router_name": args["router_name"],
                    "attachments": circuit.attachments,
                    "hub_id": args["hub_id"],
                    "group_id": args["group_id"],
                    "peer_asn": args["peer_asn"],
                },
                pulumi.ResourceOptions(parent=self),
            )
            self.addresses = {
                leg: {"cloud": cloud, "middle": middle} for leg, (cloud, middle) in sessions.addresses.items()
            }
        self.targets = {"attachments": {leg: attachment.id for leg, attachment in circuit.attachments.items()}}
        self.register_outputs({"order": self.order, "addresses": self.addresses, "targets": self.targets})
