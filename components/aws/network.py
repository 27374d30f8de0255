"""One VPC: its subnets, its ways out, its flow log, and the routes to its region's hub.

Owns no security group for workloads and no DNS; the attachment to the hub is a component of its own below this one.
"""

from collections.abc import Mapping
from typing import NotRequired

import pulumi
import pulumi_aws as aws

from components.aws.attachment import AwsAttachment
from components.aws.core_attachment import AwsCoreAttachment
from components.aws.end import AwsHubEndArgs
from planning.aws import Network, Target


class AwsNetworkArgs(AwsHubEndArgs):
    """What an AWS network is built from."""

    network: Network
    """The plan of the VPC."""
    flow_log_bucket_arn: pulumi.Input[str]
    """S3 bucket that takes the flow log."""
    ipam_pool_id: NotRequired[pulumi.Input[str] | None]
    """IPAM pool of the region that a new VPC's CIDRs are registered in; without it they are registered nowhere."""
    protect: bool
    """Refuse to delete or replace the VPC."""


class AwsNetwork(pulumi.ComponentResource):
    """A VPC attached to its region's hub."""

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    subnet_ids: Mapping[str, pulumi.Output[str]]
    """Id of each subnet, by its key in the plan (`private-az1`)."""
    attachment_id: pulumi.Output[str]
    """Id of the VPC's attachment to the hub."""

    def __init__(self, name: str, args: AwsNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsNetwork", name, None, opts)
        network = args["network"]

        vpc = self._vpc(name, args)
        subnets = self._subnets(name, args, vpc)
        attachment = self._attachment(name, args, vpc, subnets)
        tables = self._route_tables(name, network, vpc, subnets)
        self._routes(name, args, vpc=vpc, subnets=subnets, tables=tables, attachment=attachment)
        self._gateway_endpoints(name, network, vpc, tables)
        self._refusals(name, network, vpc, subnets)

        self.vpc_id = vpc.id
        self.subnet_ids = {key: subnet.id for key, subnet in subnets.items()}
        self.attachment_id = attachment.attachment_id
        self.register_outputs(
            {"vpc_id": self.vpc_id, "subnet_ids": self.subnet_ids, "attachment_id": self.attachment_id}
        )

    def _vpc(self, name: str, args: AwsNetworkArgs) -> aws.ec2.Vpc:
        """Make the VPC, shut its default security group and log its traffic."""
        region = args["network"].region
        child = pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(
            name,
            region=region,
            cidr_block=args["network"].cidr,
            ipv4_ipam_pool_id=args.get("ipam_pool_id"),
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(
                parent=self,
                # None inherits from the component; False would undo a protection that a caller gave it.
                protect=args["protect"] or None,
                # A VPC cannot change its pool: to start or stop using IPAM would replace every VPC there is.
                ignore_changes=["ipv4IpamPoolId"],
            ),
        )
        aws.ec2.DefaultSecurityGroup(
            f"{name}-default",
            region=region,
            vpc_id=vpc.id,
            # Empty, not left out: rules that are left out stay as somebody made them.
            ingress=[],
            egress=[],
            tags={"Name": f"{name}-default"},
            opts=child,
        )
        aws.ec2.FlowLog(
            name,
            region=region,
            vpc_id=vpc.id,
            traffic_type="ALL",
            log_destination_type="s3",
            log_destination=args["flow_log_bucket_arn"],
            destination_options=aws.ec2.FlowLogDestinationOptionsArgs(file_format="parquet"),
            tags={"Name": name},
            opts=child,
        )
        return vpc

    def _subnets(self, name: str, args: AwsNetworkArgs, vpc: aws.ec2.Vpc) -> dict[str, aws.ec2.Subnet]:
        """Make the subnets, and before those for pods the CIDR block that they lie in."""
        network = args["network"]
        pods_block = None
        if network.pods_cidr:
            pods_block = aws.ec2.VpcIpv4CidrBlockAssociation(
                f"{name}-pods",
                region=network.region,
                vpc_id=vpc.id,
                cidr_block=network.pods_cidr,
                ipv4_ipam_pool_id=args.get("ipam_pool_id"),
                # As for the VPC: the pool of a block cannot change.
                opts=pulumi.ResourceOptions(parent=self, ignore_changes=["ipv4IpamPoolId"]),
            )
        return {
            subnet.key: aws.ec2.Subnet(
                f"{name}-{subnet.key}",
                region=network.region,
                vpc_id=vpc.id,
                availability_zone_id=subnet.zone_id,
                cidr_block=subnet.cidr,
                map_public_ip_on_launch=False,
                tags={"Name": f"{name}-{subnet.key}"},
                opts=pulumi.ResourceOptions(parent=self, depends_on=pods_block if subnet.tier == "pods" else None),
            )
            for subnet in network.subnets
        }

    def _attachment(
        self, name: str, args: AwsNetworkArgs, vpc: aws.ec2.Vpc, subnets: Mapping[str, aws.ec2.Subnet]
    ) -> AwsAttachment | AwsCoreAttachment:
        """Attach the VPC to the hub that there is."""
        if "core_network_id" in args:
            return AwsCoreAttachment(
                f"{name}-hub",
                {
                    "attachment": args["network"].attachment,
                    "vpc_arn": vpc.arn,
                    "subnet_arns": {key: subnet.arn for key, subnet in subnets.items()},
                    "core_network_id": args["core_network_id"],
                },
                pulumi.ResourceOptions(parent=self),
            )
        return AwsAttachment(
            f"{name}-hub",
            {
                "attachment": args["network"].attachment,
                "region": args["network"].region,
                "vpc_id": vpc.id,
                "subnet_ids": {key: subnet.id for key, subnet in subnets.items()},
                "transit_gateway_id": args["transit_gateway_id"],
                "hub_route_table_ids": args["hub_route_table_ids"],
            },
            pulumi.ResourceOptions(parent=self),
        )

    def _route_tables(
        self, name: str, network: Network, vpc: aws.ec2.Vpc, subnets: Mapping[str, aws.ec2.Subnet]
    ) -> dict[str, aws.ec2.RouteTable]:
        """Make the route tables and give each subnet its own."""
        child = pulumi.ResourceOptions(parent=self)
        tables = {
            table.key: aws.ec2.RouteTable(
                f"{name}-{table.key}",
                region=network.region,
                vpc_id=vpc.id,
                tags={"Name": f"{name}-{table.key}"},
                opts=child,
            )
            for table in network.route_tables
        }
        for subnet in network.subnets:
            aws.ec2.RouteTableAssociation(
                f"{name}-{subnet.key}",
                region=network.region,
                subnet_id=subnets[subnet.key].id,
                route_table_id=tables[subnet.route_table].id,
                opts=child,
            )
        return tables

    def _routes(
        self,
        name: str,
        args: AwsNetworkArgs,
        *,
        vpc: aws.ec2.Vpc,
        subnets: Mapping[str, aws.ec2.Subnet],
        tables: Mapping[str, aws.ec2.RouteTable],
        attachment: AwsAttachment | AwsCoreAttachment,
    ) -> None:
        """Make the ways to the internet that the plan asks for, and every route."""
        network = args["network"]
        internet = self._internet_gateway(name, network, vpc)
        nat_gateways = {
            key: self._nat_gateway(f"{name}-nat-{key}", network.region, subnets[subnet], internet)
            for key, subnet in network.nat_gateways.items()
        }
        for table in network.route_tables:
            for route in table.routes:
                to_hub = route.target is Target.HUB
                to_internet = route.target is Target.INTERNET_GATEWAY
                aws.ec2.Route(
                    f"{name}-{table.key}-{route.destination}",
                    region=network.region,
                    route_table_id=tables[table.key].id,
                    destination_cidr_block=route.destination,
                    gateway_id=internet.id if internet and to_internet else None,
                    nat_gateway_id=nat_gateways[route.nat_gateway].id if route.nat_gateway else None,
                    transit_gateway_id=args.get("transit_gateway_id") if to_hub else None,
                    core_network_arn=args.get("core_network_arn") if to_hub else None,
                    # The hub's id says nothing of the attachment, without which AWS refuses the route.
                    opts=pulumi.ResourceOptions(parent=self, depends_on=attachment if to_hub else None),
                )

    def _internet_gateway(self, name: str, network: Network, vpc: aws.ec2.Vpc) -> aws.ec2.InternetGateway | None:
        """Make an internet gateway, if the plan has one."""
        if not network.internet_gateway:
            return None
        return aws.ec2.InternetGateway(
            name,
            region=network.region,
            vpc_id=vpc.id,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _nat_gateway(
        self, name: str, region: str, subnet: aws.ec2.Subnet, internet: aws.ec2.InternetGateway | None
    ) -> aws.ec2.NatGateway:
        """Make a NAT gateway with an address of its own, which AWS wants after the internet gateway."""
        address = aws.ec2.Eip(
            name, region=region, domain="vpc", tags={"Name": name}, opts=pulumi.ResourceOptions(parent=self)
        )
        return aws.ec2.NatGateway(
            name,
            region=region,
            subnet_id=subnet.id,
            allocation_id=address.id,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=internet),
        )

    def _gateway_endpoints(
        self, name: str, network: Network, vpc: aws.ec2.Vpc, tables: Mapping[str, aws.ec2.RouteTable]
    ) -> None:
        """Lead S3 and DynamoDB past the NAT gateway, where each gigabyte would be paid for."""
        # dict.fromkeys and not a set: several subnets share a table, and the order of inputs must not change.
        used = dict.fromkeys(s.route_table for s in network.subnets if s.tier not in {"public", "attachment"})
        for service in network.gateway_endpoints:
            aws.ec2.VpcEndpoint(
                f"{name}-{service}",
                region=network.region,
                vpc_id=vpc.id,
                vpc_endpoint_type="Gateway",
                service_name=f"com.amazonaws.{network.region}.{service}",
                route_table_ids=[tables[key].id for key in used],
                tags={"Name": f"{name}-{service}"},
                opts=pulumi.ResourceOptions(parent=self),
            )

    def _refusals(self, name: str, network: Network, vpc: aws.ec2.Vpc, subnets: Mapping[str, aws.ec2.Subnet]) -> None:
        """Let nothing in from the ranges that the plan refuses and nothing out to them; the rest security groups do."""
        if not network.refused_ranges:
            return
        # The highest number there is: a rule that changes its number is missing for a moment, and this one lets in all.
        rules = [*enumerate(network.refused_ranges, start=100), (32766, None)]
        aws.ec2.NetworkAcl(
            name,
            region=network.region,
            vpc_id=vpc.id,
            subnet_ids=[subnet.id for subnet in subnets.values()],
            ingress=[
                aws.ec2.NetworkAclIngressArgs(
                    rule_no=number,
                    action="deny" if refused else "allow",
                    cidr_block=refused or "0.0.0.0/0",
                    protocol="-1",
                    from_port=0,
                    to_port=0,
                )
                for number, refused in rules
            ],
            egress=[
                aws.ec2.NetworkAclEgressArgs(
                    rule_no=number,
                    action="deny" if refused else "allow",
                    cidr_block=refused or "0.0.0.0/0",
                    protocol="-1",
                    from_port=0,
                    to_port=0,
                )
                for number, refused in rules
            ],
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
