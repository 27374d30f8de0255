"""Names of one AWS region for other accounts: a Route 53 Profile that they may associate with VPCs of their own.

A VPC with the profile sees the zones and follows the rules as ours do. Ours have them one by one, which costs nothing.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.share import share


class AwsSharedNamesArgs(TypedDict):
    """What a profile is made from."""

    region: str
    """Region of the profile, its rules and the VPCs that may have it."""
    zone_arns: Mapping[str, pulumi.Input[str]]
    """ARNs of zones, by their key in the plan."""
    rule_arns: Mapping[str, pulumi.Input[str]]
    """ARNs of the region's rules, by the key of their forward."""
    shared_with: Sequence[str]
    """Ids of the AWS accounts that may use it."""


class AwsSharedNames(pulumi.ComponentResource):
    """The profile of one region, offered to other accounts."""

    profile_id: pulumi.Output[str]
    """Id of the profile: what the other accounts associate with their VPCs."""

    def __init__(self, name: str, args: AwsSharedNamesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsSharedNames", name, None, opts)
        profile = aws.route53.ProfilesProfile(
            name, name=name, region=args["region"], tags={"Name": name}, opts=pulumi.ResourceOptions(parent=self)
        )
        arns = {
            **{f"zone-{key}": arn for key, arn in args["zone_arns"].items()},
            **{f"rule-{key}": arn for key, arn in args["rule_arns"].items()},
        }
        for key, arn in arns.items():
            aws.route53.ProfilesResourceAssociation(
                f"{name}-{key}",
                # Letters, digits, hyphens and underscores, 64 at most: the profile's name would make it too long.
                name=key,
                region=args["region"],
                profile_id=profile.id,
                resource_arn=arn,
                # A zone or rule that is made anew keeps the name of its association.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
        share(
            name,
            region=args["region"],
            kind="profile",
            arn=profile.arn,
            accounts=args["shared_with"],
            parent=self,
        )

        self.profile_id = profile.id
        self.register_outputs({"profile_id": self.profile_id})
