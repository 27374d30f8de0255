"""The circuits between the exchange and Google Cloud in one metro, both ends of both.

Google makes two attachments, each with a pairing key that the exchange connects a circuit by. Once both are connected
Google gives out the addresses of the sessions and starts its side of them by itself; then the exchange's router
speaks. Destroying goes the other way round.
"""

from typing import TypedDict

import pulumi

from components.equinix.circuit import EquinixConnection
from components.equinix.session import EquinixSession
from components.gcp.circuit import GcpCircuit, GcpCircuitSessions
from components.links.targets import Targets
from planning.links import types

GOOGLE_ASN = 16550
"""On Google's side of every Partner Interconnect."""


class ExchangeGcpCircuitArgs(TypedDict):
    """What the circuits of one metro to Google Cloud are built from."""

    circuit: types.GcpCircuit
    exchange: types.Exchange
    router_id: pulumi.Input[str]
    """The exchange's router."""
    router_asn: pulumi.Input[int]
    project: str
    cloud_router_name: pulumi.Input[str]
    """Google's, for Partner Interconnect."""
    hub_id: pulumi.Input[str]
    """Connectivity hub."""
    group_id: pulumi.Input[str] | None
    """Group of that hub, where spokes have to name theirs."""
    protect: bool
    """Whether Pulumi refuses to delete or replace the circuits."""


class ExchangeGcpCircuit(pulumi.ComponentResource):
    """Two attachments with a circuit and a session each."""

    targets: Targets

    def __init__(self, name: str, args: ExchangeGcpCircuitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:ExchangeGcpCircuit", name, opts=opts)
        plan = args["circuit"]
        circuit = GcpCircuit(
            name,
            {"circuit": plan, "router_name": args["cloud_router_name"], "protect": args["protect"]},
            pulumi.ResourceOptions(parent=self),
        )
        connections = {
            each.leg.key: EquinixConnection(
                f"{name}-{each.leg.key}",
                {
                    "exchange": args["exchange"],
                    "router_id": args["router_id"],
                    "leg": each.leg,
                    "metro": plan.metro,
                    "bandwidth": plan.bandwidth,
                    "provider": {
                        "profile": each.profile,
                        "key": circuit.pairing_keys[each.leg.key],
                        "region": plan.region,
                        "peering": None,
                    },
                    "port": None,
                    "redundancy": None,
                    "protect": args["protect"],
                },
                pulumi.ResourceOptions(parent=self),
            )
            for each in plan.legs
        }
        end = GcpCircuitSessions(
            name,
            {
                "circuit": plan,
                "project": args["project"],
                "router_name": args["cloud_router_name"],
                "attachments": circuit.attachments,
                "hub_id": args["hub_id"],
                "group_id": args["group_id"],
                "peer_asn": args["router_asn"],
            },
            pulumi.ResourceOptions(parent=self, depends_on=list(connections.values())),
        )
        for each in plan.legs:
            google, middle = end.addresses[each.leg.key]
            EquinixSession(
                f"{name}-{each.leg.key}",
                {
                    "exchange": args["exchange"],
                    "connection_id": connections[each.leg.key].connection_id,
                    "leg": each.leg,
                    "addresses": {"middle": middle, "end": google.apply(_without_mask)},
                    "end_asn": GOOGLE_ASN,
                    # Google starts its side itself, without a key.
                    "key": None,
                    # Google makes its side without BFD: a lost neighbour shows after 60 s.
                    "bfd": False,
                    "preference": plan.preference,
                    "session": plan.session,
                },
                pulumi.ResourceOptions(parent=self, depends_on=end.ready),
            )

        self.targets = {
            "exchangeConnections": {key: connection.connection_id for key, connection in connections.items()},
            "attachments": {key: attachment.id for key, attachment in circuit.attachments.items()},
        }
        self.register_outputs({"targets": self.targets})


def _without_mask(address: str) -> str:
    return address.partition("/")[0]
