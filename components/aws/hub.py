"""The hub of one AWS region: a Transit Gateway, its route tables, what they drop and who else may attach.

Owns no attachment: the network, peering, circuit or VPN that hangs on the gateway brings its own association and
routes. The gateway's default route table is off, because an attachment that joins it by itself would reach every
segment.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.share import share
from planning.aws import Hub


class AwsHubArgs(TypedDict):
    """What an AWS hub is built from."""

    hub: Hub
    """The plan of this region's Transit Gateway."""
    protect: bool
    """Refuse to delete or replace the Transit Gateway."""
    shared_with: Sequence[str]
    """Ids of the AWS accounts that may ask to attach VPCs of their own; each request still has to be accepted."""


class AwsHub(pulumi.ComponentResource):
    """The Transit Gateway of one region with one route table for each segment."""

    transit_gateway_id: pulumi.Output[str]
    """Id of the Transit Gateway."""
    transit_gateway_arn: pulumi.Output[str]
    """ARN of the Transit Gateway."""
    route_table_ids: Mapping[str, pulumi.Output[str]]
    """Id of each Transit Gateway route table, by its name in the plan."""

    def __init__(self, name: str, args: AwsHubArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsHub", name, None, opts)
        hub = args["hub"]
        child = pulumi.ResourceOptions(parent=self)

        gateway = aws.ec2transitgateway.TransitGateway(
            name,
            region=hub.region,
            amazon_side_asn=hub.asn,
            auto_accept_shared_attachments="disable",
            default_route_table_association="disable",
            default_route_table_propagation="disable",
            dns_support="enable",
            vpn_ecmp_support="enable",
            tags={"Name": name},
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None),
        )
        tables = {
            table: aws.ec2transitgateway.RouteTable(
                f"{name}-{table}",
                region=hub.region,
                transit_gateway_id=gateway.id,
                tags={"Name": f"{name}-{table}"},
                opts=child,
            )
            for table in hub.route_tables
        }
        for table, cidrs in hub.blackholes.items():
            for cidr in cidrs:
                aws.ec2transitgateway.Route(
                    f"{name}-{table}-blackhole-{cidr}",
                    region=hub.region,
                    transit_gateway_route_table_id=tables[table].id,
                    destination_cidr_block=cidr,
                    blackhole=True,
                    opts=child,
                )
        if args["shared_with"]:
            # The gateway accepts no attachment by itself.
            share(name, region=hub.region, kind="gateway", arn=gateway.arn, accounts=args["shared_with"], parent=self)

        self.transit_gateway_id = gateway.id
        self.transit_gateway_arn = gateway.arn
        self.route_table_ids = {table: resource.id for table, resource in tables.items()}
        self.register_outputs(
            {
                "transit_gateway_id": self.transit_gateway_id,
                "transit_gateway_arn": self.transit_gateway_arn,
                "route_table_ids": self.route_table_ids,
            }
        )
