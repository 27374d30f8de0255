"""A circuit between the exchange and AWS, both ends of it.

The exchange orders a hosted connection, which shows up in the AWS account under the name of the circuit; there it is
accepted and given a virtual interface, and only then does the exchange's router speak. Destroying goes the other way
round.
"""

from typing import TypedDict

import pulumi
from pulumi_aws import directconnect

from components.aws.circuit import AwsCircuit
from components.equinix.circuit import EquinixConnection
from components.equinix.session import EquinixSession
from components.links.targets import Targets
from planning.links import types


class ExchangeAwsCircuitArgs(TypedDict):
    """What a circuit to AWS is built from."""

    circuit: types.AwsCircuit
    exchange: types.Exchange
    router_id: pulumi.Input[str]
    """The exchange's router."""
    router_asn: pulumi.Input[int]
    account_id: str
    """AWS account that the hosted connection is ordered for."""
    gateway_id: pulumi.Input[str]
    """Direct Connect gateway."""
    gateway_asn: int
    """Of the Direct Connect gateway: what the router speaks to, not the Transit Gateway behind it."""
    key: pulumi.Input[str] | None
    """BGP key; without it AWS makes one."""
    protect: bool
    """Whether Pulumi refuses to delete or replace the circuit."""


class ExchangeAwsCircuit(pulumi.ComponentResource):
    """One hosted connection with its session."""

    targets: Targets

    def __init__(self, name: str, args: ExchangeAwsCircuitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:ExchangeAwsCircuit", name, opts=opts)
        circuit, exchange, leg = args["circuit"], args["exchange"], args["circuit"].leg

        connection = EquinixConnection(
            f"{name}-{leg.key}",
            {
                "exchange": exchange,
                "router_id": args["router_id"],
                "leg": leg,
                "metro": circuit.metro,
                "bandwidth": circuit.bandwidth,
                "provider": {
                    "profile": circuit.profile,
                    "key": args["account_id"],
                    "region": circuit.seller_region,
                    "peering": None,
                },
                "port": None,
                "redundancy": None,
                "protect": args["protect"],
            },
            pulumi.ResourceOptions(parent=self),
        )
        hosted = directconnect.get_connection_output(
            name=leg.connection_name,
            region=circuit.seller_region,
            opts=pulumi.InvokeOutputOptions(parent=self, depends_on=[connection]),
        )
        # What is found by a name does not say that the exchange's connection has to stay until it is no longer used.
        direct_connect_id = pulumi.Output.all(hosted.id, connection.connection_id).apply(lambda ids: ids[0])
        end = AwsCircuit(
            name,
            {
                "circuit": circuit,
                "connection_id": direct_connect_id,
                "vlan": hosted.vlan_id,
                "gateway_id": args["gateway_id"],
                "peer_asn": args["router_asn"],
                "key": args["key"],
            },
            pulumi.ResourceOptions(parent=self, depends_on=[connection]),
        )
        EquinixSession(
            f"{name}-{leg.key}",
            {
                "exchange": exchange,
                "connection_id": connection.connection_id,
                "leg": leg,
                "addresses": None,
                "end_asn": args["gateway_asn"],
                "key": end.session_key,
                "bfd": True,
                "preference": circuit.preference,
                "session": circuit.session,
            },
            pulumi.ResourceOptions(parent=self, depends_on=end.ready),
        )

        self.targets = {
            "exchangeConnections": {leg.key: connection.connection_id},
            "directConnect": direct_connect_id,
        }
        self.register_outputs({"targets": self.targets})
