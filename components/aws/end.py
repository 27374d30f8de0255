"""What something is given to hang on AWS's hub."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from planning.links.types import AwsEnd


class AwsHubEndArgs(TypedDict, total=False):
    """The first two where the hub is a Transit Gateway, the others where it is a core network."""

    transit_gateway_id: pulumi.Input[str]
    """Transit Gateway of the region."""
    hub_route_table_ids: Mapping[str, pulumi.Input[str]]
    """Route tables of that Transit Gateway, by their name in the plan."""
    core_network_id: pulumi.Input[str]
    """Core network, in place of a Transit Gateway."""
    core_network_arn: pulumi.Input[str]
    """Of that core network."""


def join_route_tables(
    name: str,
    end: AwsEnd,
    attachment_id: pulumi.Input[str],
    tables: Mapping[str, pulumi.Input[str]],
    parent: pulumi.Resource,
) -> None:
    """Say where a Transit Gateway looks up what an attachment of links sends, and who learns what it brings."""
    aws.ec2transitgateway.RouteTableAssociation(
        name,
        region=end.region,
        transit_gateway_attachment_id=attachment_id,
        transit_gateway_route_table_id=tables[end.route_table],
        # An attachment has one association: the old one goes first.
        opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=True),
    )
    for table in end.propagates_to:
        aws.ec2transitgateway.RouteTablePropagation(
            f"{name}-{table}",
            region=end.region,
            transit_gateway_attachment_id=attachment_id,
            transit_gateway_route_table_id=tables[table],
            opts=pulumi.ResourceOptions(parent=parent),
        )
