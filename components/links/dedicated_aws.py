"""A port of a site's at AWS, ordered here or there already, and the session over it.

An ordered port takes two passes: AWS makes no virtual interface on a connection that nobody has patched yet.
"""

from typing import TypedDict

import pulumi
from pulumi_aws import directconnect

from components.aws.interface import AwsInterface
from components.links.targets import Targets
from planning.links import outside_types


class DedicatedAwsPortArgs(TypedDict):
    """What a port at AWS is told."""

    port: outside_types.DedicatedAws
    """The plan."""
    gateway_id: pulumi.Input[str]
    """Direct Connect gateway."""
    key: pulumi.Input[str] | None
    """BGP key; without it AWS makes one."""


class DedicatedAwsPort(pulumi.ComponentResource):
    """A dedicated connection of Direct Connect with a transit virtual interface."""

    connection_id: pulumi.Output[str]
    session_key: pulumi.Output[str] | None
    """BGP key for the site's router, secret. None until the port is up."""
    targets: Targets

    def __init__(self, name: str, args: DedicatedAwsPortArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:DedicatedAwsPort", name, opts=opts)
        port = args["port"]
        self.connection_id = (
            pulumi.Output.from_input(port.origin) if isinstance(port.origin, str) else self._ordered(port, port.origin)
        )
        self.session_key = None
        if port.up:
            interface = AwsInterface(
                name,
                {
                    "circuit": port.circuit,
                    "connection_id": self.connection_id,
                    "vlan": port.vlan,
                    "gateway_id": args["gateway_id"],
                    "peer_asn": port.asn,
                    "key": args["key"],
                },
                pulumi.ResourceOptions(parent=self),
            )
            self.session_key = interface.session_key
        self.targets = {"directConnect": self.connection_id}
        self.register_outputs(
            {"connection_id": self.connection_id, "session_key": self.session_key, "targets": self.targets}
        )

    def _ordered(self, port: outside_types.DedicatedAws, order: outside_types.DirectConnectOrder) -> pulumi.Output[str]:
        connection = directconnect.Connection(
            self.pulumi_resource_name,
            name=port.circuit.leg.connection_name,
            region=port.circuit.seller_region,
            location=order.location,
            bandwidth=order.bandwidth,
            tags={"Name": port.circuit.leg.connection_name},
            # In every environment: it is a contract, and somebody has been in a data centre for it.
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        return connection.id
