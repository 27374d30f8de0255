"""Two Transit Gateways of one account, peered across regions: both ends and the static routes on both.

A peering learns nothing by itself (AWS peerings carry static routes only), so a route missing here is a region that
cannot answer.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from planning.aws import Peering


class AwsPeeringArgs(TypedDict):
    """What a peering is built from. The route tables are a hub's `route_table_ids` and include `peering`."""

    peering: Peering
    """The two regions and the routes each end gets."""
    account_id: str
    """AWS account that owns both Transit Gateways."""
    requester_transit_gateway_id: pulumi.Input[str]
    """Transit Gateway of the region that asks."""
    accepter_transit_gateway_id: pulumi.Input[str]
    """Transit Gateway of the region that accepts."""
    requester_route_table_ids: Mapping[str, pulumi.Input[str]]
    """Route tables of the region that asks."""
    accepter_route_table_ids: Mapping[str, pulumi.Input[str]]
    """Route tables of the region that accepts."""


class AwsPeering(pulumi.ComponentResource):
    """The private connection between the Transit Gateways of two regions."""

    attachment_id: pulumi.Output[str]
    """Id of the peering attachment, the same in both regions."""

    def __init__(self, name: str, args: AwsPeeringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsPeering", name, None, opts)
        peering = args["peering"]

        attachment = aws.ec2transitgateway.PeeringAttachment(
            name,
            region=peering.requester,
            transit_gateway_id=args["requester_transit_gateway_id"],
            peer_account_id=args["account_id"],
            peer_region=peering.accepter,
            peer_transit_gateway_id=args["accepter_transit_gateway_id"],
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        accepter = aws.ec2transitgateway.PeeringAttachmentAccepter(
            name,
            region=peering.accepter,
            transit_gateway_attachment_id=attachment.id,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )

        ends = (
            (peering.requester, peering.requester_routes, args["requester_route_table_ids"]),
            (peering.accepter, peering.accepter_routes, args["accepter_route_table_ids"]),
        )
        # Neither end takes an association or a route before the peering is accepted.
        accepted = pulumi.ResourceOptions(parent=self, depends_on=[accepter])
        for region, routes, route_table_ids in ends:
            aws.ec2transitgateway.RouteTableAssociation(
                f"{name}-{region}",
                region=region,
                transit_gateway_attachment_id=attachment.id,
                transit_gateway_route_table_id=route_table_ids["peering"],
                opts=accepted,
            )
            for table, cidrs in routes.items():
                for cidr in cidrs:
                    aws.ec2transitgateway.Route(
                        f"{name}-{region}-{table}-{cidr}",
                        region=region,
                        transit_gateway_attachment_id=attachment.id,
                        transit_gateway_route_table_id=route_table_ids[table],
                        destination_cidr_block=cidr,
                        opts=accepted,
                    )

        self.attachment_id = attachment.id
        self.register_outputs({"attachment_id": self.attachment_id})
