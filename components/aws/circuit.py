"""The AWS end of circuits: the gateway that all of them share, and each circuit's hosted connection.

A hosted connection is ordered at the exchange and shows up in the account on its own. What is done here is to accept
it and to run one BGP session over it.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

import planning.links.types
from components.aws.end import AwsHubEndArgs, join_route_tables
from components.aws.interface import AwsInterface
from planning.aws import CIRCUITS, SEGMENT_TAG


class AwsCircuitGatewayArgs(AwsHubEndArgs):
    """What the gateway of all circuits is built from."""

    gateway: planning.links.types.AwsCircuitGateway
    """The plan of the Direct Connect gateway."""
    protect: bool
    """Refuse to delete or replace the Direct Connect gateway."""


class AwsCircuitGateway(pulumi.ComponentResource):
    """A Direct Connect gateway in front of a Transit Gateway, or of a core network: AWS refuses both at once."""

    gateway_id: pulumi.Output[str]
    """Id of the Direct Connect gateway."""

    def __init__(self, name: str, args: AwsCircuitGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsCircuitGateway", name, None, opts)
        plan = args["gateway"]

        # The one resource here without a region: it serves all of them.
        gateway = aws.directconnect.Gateway(
            name,
            name=name,
            amazon_side_asn=str(plan.asn),
            tags={"Name": name},
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None),
        )
        if "core_network_id" in args:
            aws.networkmanager.DxGatewayAttachment(
                name,
                core_network_id=args["core_network_id"],
                direct_connect_gateway_arn=gateway.arn,
                edge_locations=plan.edge_locations,
                routing_policy_label=CIRCUITS,
                tags={"Name": name, SEGMENT_TAG: plan.end.route_table},
                # A Direct Connect gateway has one attachment: the old one goes first.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
        else:
            self._associate(name, plan, gateway, args["transit_gateway_id"], args["hub_route_table_ids"])

        self.gateway_id = gateway.id
        self.register_outputs({"gateway_id": self.gateway_id})

    def _associate(
        self,
        name: str,
        plan: planning.links.types.AwsCircuitGateway,
        gateway: aws.directconnect.Gateway,
        transit_gateway_id: pulumi.Input[str],
        tables: Mapping[str, pulumi.Input[str]],
    ) -> None:
        """Put the gateway in front of a Transit Gateway: what it announces, and who learns what circuits bring."""
        end = plan.end
        association = aws.directconnect.GatewayAssociation(
            name,
            region=end.region,
            dx_gateway_id=gateway.id,
            associated_gateway_id=transit_gateway_id,
            allowed_prefixes=plan.allowed_prefixes,
            opts=pulumi.ResourceOptions(parent=self),
        )
        join_route_tables(name, end, association.transit_gateway_attachment_id, tables, self)


class AwsCircuitArgs(TypedDict):
    """What the AWS end of one circuit is built from."""

    circuit: planning.links.types.AwsCircuit
    """The plan."""
    connection_id: pulumi.Input[str]
    """Hosted connection in Direct Connect, as it is found there by its name."""
    vlan: pulumi.Input[int]
    """VLAN that the exchange gave the hosted connection."""
    gateway_id: pulumi.Input[str]
    """Direct Connect gateway."""
    peer_asn: pulumi.Input[int]
    """ASN of the exchange's router."""
    key: pulumi.Input[str] | None
    """BGP key; without it AWS makes one."""


class AwsCircuit(pulumi.ComponentResource):
    """A hosted connection, accepted, with its transit virtual interface.

    Give it the exchange's connection as `depends_on`, and make `connection_id` from an output of that too: what is
    found by name says nothing of it, and the virtual interface has to go before the connection is replaced.
    """

    session_key: pulumi.Output[str]
    """BGP key; secret."""
    ready: Sequence[pulumi.Resource]
    """What has to be there before the exchange's session can come up."""

    def __init__(self, name: str, args: AwsCircuitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsCircuit", name, None, opts)
        circuit = args["circuit"]
        confirmation = aws.directconnect.ConnectionConfirmation(
            name,
            region=circuit.seller_region,
            connection_id=args["connection_id"],
            # A component's own dependencies do not reach its children.
            opts=pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None),
        )
        interface = AwsInterface(
            name,
            {
                "circuit": circuit,
                "connection_id": confirmation.id,
                "vlan": args["vlan"],
                "gateway_id": args["gateway_id"],
                "peer_asn": args["peer_asn"],
                "key": args["key"],
            },
            pulumi.ResourceOptions(parent=self),
        )

        self.session_key = interface.session_key
        self.ready = (confirmation, interface)
        self.register_outputs({"session_key": self.session_key})
