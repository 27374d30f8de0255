"""How one VPC hangs on its region's hub: the attachment, its one association, and who learns the way to it.

It may stand for aggregates towards links. The VPC's own routes towards the hub are the network's; they wait for this
component, since AWS refuses a route to a Transit Gateway that the VPC is not attached to.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from planning.aws import Attachment


class AwsAttachmentArgs(TypedDict):
    """What an attachment is built from."""

    attachment: Attachment
    """The plan of the attachment."""
    region: str
    """Region of the VPC and of the Transit Gateway."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets of the VPC, by their key in the plan."""
    transit_gateway_id: pulumi.Input[str]
    """The Transit Gateway."""
    hub_route_table_ids: Mapping[str, pulumi.Input[str]]
    """Route tables of the Transit Gateway, by their name in the plan."""


class AwsAttachment(pulumi.ComponentResource):
    """A VPC's place on the Transit Gateway."""

    attachment_id: pulumi.Output[str]
    """Id of the Transit Gateway attachment."""

    def __init__(self, name: str, args: AwsAttachmentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsAttachment", name, None, opts)
        plan, region, tables = args["attachment"], args["region"], args["hub_route_table_ids"]
        child = pulumi.ResourceOptions(parent=self)
        # A Transit Gateway takes one attachment of a VPC, an attachment one association and a table one static route to
        # a CIDR: the old one goes first.
        one_at_a_time = pulumi.ResourceOptions(parent=self, delete_before_replace=True)

        attachment = aws.ec2transitgateway.VpcAttachment(
            name,
            region=region,
            transit_gateway_id=args["transit_gateway_id"],
            vpc_id=args["vpc_id"],
            subnet_ids=[args["subnet_ids"][key] for key in plan.subnets],
            transit_gateway_default_route_table_association=False,
            transit_gateway_default_route_table_propagation=False,
            tags={"Name": name},
            opts=one_at_a_time,
        )
        aws.ec2transitgateway.RouteTableAssociation(
            name,
            region=region,
            transit_gateway_attachment_id=attachment.id,
            transit_gateway_route_table_id=tables[plan.route_table],
            opts=one_at_a_time,
        )
        for table in plan.propagates_to:
            aws.ec2transitgateway.RouteTablePropagation(
                f"{name}-{table}",
                region=region,
                transit_gateway_attachment_id=attachment.id,
                transit_gateway_route_table_id=tables[table],
                opts=child,
            )
        for table in plan.default_route_in:
            aws.ec2transitgateway.Route(
                f"{name}-{table}-default",
                region=region,
                transit_gateway_attachment_id=attachment.id,
                transit_gateway_route_table_id=tables[table],
                destination_cidr_block="0.0.0.0/0",
                opts=child,
            )
        for cidr in plan.summaries:
            # Not named after this attachment, as another network's may take the CIDR over and a table holds it once:
            # under one name the old route makes way for the new one, under two AWS would refuse the new one.
            aws.ec2transitgateway.Route(
                f"{region}-links-{cidr}",
                region=region,
                transit_gateway_attachment_id=attachment.id,
                transit_gateway_route_table_id=tables["links"],
                destination_cidr_block=cidr,
                opts=one_at_a_time,
            )

        self.attachment_id = attachment.id
        self.register_outputs({"attachment_id": self.attachment_id})
