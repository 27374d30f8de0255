"""How one VPC hangs on a core network: the attachment, and the tag that names its one segment.

Who learns the way to it is the core network's policy. The VPC's own routes towards the hub are the network's; they wait
for this component, since AWS refuses a route to a core network that the VPC is not attached to.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from planning.aws import SEGMENT_TAG, Attachment


class AwsCoreAttachmentArgs(TypedDict):
    """What an attachment is built from."""

    attachment: Attachment
    """The plan of the attachment."""
    vpc_arn: pulumi.Input[str]
    """The VPC."""
    subnet_arns: Mapping[str, pulumi.Input[str]]
    """Subnets of the VPC, by their key in the plan."""
    core_network_id: pulumi.Input[str]
    """The core network."""


class AwsCoreAttachment(pulumi.ComponentResource):
    """A VPC's place on the core network."""

    attachment_id: pulumi.Output[str]
    """Id of the core network's attachment."""

    def __init__(self, name: str, args: AwsCoreAttachmentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsCoreAttachment", name, None, opts)
        plan = args["attachment"]

        # No region: the edge is the one of the VPC's.
        attachment = aws.networkmanager.VpcAttachment(
            name,
            core_network_id=args["core_network_id"],
            vpc_arn=args["vpc_arn"],
            subnet_arns=[args["subnet_arns"][key] for key in plan.subnets],
            tags={"Name": name, SEGMENT_TAG: plan.route_table},
            # A core network takes one attachment of a VPC: the old one goes first.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

        self.attachment_id = attachment.id
        self.register_outputs({"attachment_id": self.attachment_id})
