"""The AWS end of a circuit whose middle somebody else provides.

It takes two passes. In the first nothing is made: the provider is told the account, and orders. In the second the
hosted connection that shows up in the account is accepted and given a virtual interface.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_aws import directconnect

from components.aws.interface import AwsInterface
from components.links.targets import Targets
from planning.links import outside_types


class ExternalAwsCircuitArgs(TypedDict):
    """What the AWS end is told."""

    end: outside_types.ExternalAws
    """The plan, with the facts of the connection once they are known."""
    account_id: str
    """AWS account that the connection is ordered for."""
    gateway_id: pulumi.Input[str]
    """Direct Connect gateway."""
    peer_asn: int
    """ASN of the router in the middle."""
    key: pulumi.Input[str] | None
    """BGP key; without it AWS makes one."""


class ExternalAwsCircuit(pulumi.ComponentResource):
    """One hosted connection of somebody else's."""

    order: Mapping[str, pulumi.Output[str]]
    """What the provider orders by: `accountId`, `region` of the Direct Connect location, and the `name` to give it."""
    session_keys: Mapping[str, pulumi.Output[str]]
    """Leg -> BGP key for the router in the middle, secret. Empty until there is a session."""
    targets: Targets
    """Empty until the connection is there."""

    def __init__(self, name: str, args: ExternalAwsCircuitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:ExternalAwsCircuit", name, opts=opts)
        end, circuit = args["end"], args["end"].circuit
        self.order = {
            "accountId": pulumi.Output.from_input(args["account_id"]),
            "region": pulumi.Output.from_input(circuit.seller_region),
            "name": pulumi.Output.from_input(circuit.leg.connection_name),
        }
        self.session_keys, self.targets = {}, {}
        connection_id = end.connection_id
        if connection_id is not None and end.vlan is not None:
            # The interface stands here in both cases: who accepted the connection may be found out later.
            interface = AwsInterface(
                name,
                {
                    "circuit": circuit,
                    "connection_id": connection_id
                    if end.accepted
                    else self._accepted(connection_id, circuit.seller_region),
                    "vlan": end.vlan,
                    "gateway_id": args["gateway_id"],
                    "peer_asn": args["peer_asn"],
                    "key": args["key"],
                },
                pulumi.ResourceOptions(parent=self),
            )
            self.session_keys = {circuit.leg.key: interface.session_key}
            self.targets = {"directConnect": pulumi.Output.from_input(connection_id)}
        self.register_outputs({"order": self.order, "session_keys": self.session_keys, "targets": self.targets})

    def _accepted(self, connection_id: str, region: str) -> pulumi.Output[str]:
        """Accept the connection, which AWS takes once."""
        confirmation = directconnect.ConnectionConfirmation(
            self.pulumi_resource_name,
            region=region,
            connection_id=connection_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return confirmation.id
