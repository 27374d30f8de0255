"""The hub of all AWS regions in one: a core network of Cloud WAN with its policy, and who else may attach to it.

Owns no attachment: a VPC, VPN connection or Direct Connect gateway brings its own and says its segment by a tag. What
follows from that is the policy's, which the plan has written.
"""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

import planning.aws
from components.aws.share import share

# An hour for what takes minutes with two regions: edges are joined each with each.
_TIMEOUTS = pulumi.CustomTimeouts(create="60m", update="60m", delete="60m")
_SHARED_FROM = "us-east-1"
"""Where Resource Access Manager keeps shares of what has no region."""


class AwsCoreNetworkArgs(TypedDict):
    """What a core network is built from."""

    core_network: planning.aws.CoreNetwork
    """The plan."""
    protect: bool
    """Refuse to delete or replace the core network."""
    shared_with: Sequence[str]
    """Ids of the AWS accounts that may ask to attach VPCs of their own; each request still has to be accepted."""


class AwsCoreNetwork(pulumi.ComponentResource):
    """A core network with an edge in each region."""

    core_network_id: pulumi.Output[str]
    """Id of the core network, once its policy holds: before that there is no segment to attach to."""
    core_network_arn: pulumi.Output[str]
    """ARN of the core network."""

    def __init__(self, name: str, args: AwsCoreNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsCoreNetwork", name, None, opts)

        around = aws.networkmanager.GlobalNetwork(name, tags={"Name": name}, opts=pulumi.ResourceOptions(parent=self))
        core = aws.networkmanager.CoreNetwork(
            name,
            global_network_id=around.id,
            tags={"Name": name},
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None, custom_timeouts=_TIMEOUTS),
        )
        policy = aws.networkmanager.CoreNetworkPolicyAttachment(
            name,
            core_network_id=core.id,
            policy_document=args["core_network"].policy,
            opts=pulumi.ResourceOptions(parent=self, custom_timeouts=_TIMEOUTS),
        )
        if args["shared_with"]:
            # The policy lets nothing in that an account attaches until it is accepted.
            share(name, region=_SHARED_FROM, kind="core", arn=core.arn, accounts=args["shared_with"], parent=self)

        self.core_network_id = policy.core_network_id
        self.core_network_arn = core.arn
        self.register_outputs({"core_network_id": self.core_network_id, "core_network_arn": self.core_network_arn})
