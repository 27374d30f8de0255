"""The Route 53 Resolver of one AWS region: where others' queries arrive, where ours leave, and what is sent to whom.

Its endpoints stand in the region's transit VPC; every VPC of the region follows its rules without a way of its own to
whom they name.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

import planning.names.types as names

DNS_PORT = 53


class AwsResolverArgs(TypedDict):
    """What a resolver is built from."""

    resolver: names.AwsResolver
    """The plan."""
    vpc_ids: Mapping[str, pulumi.Input[str]]
    """VPCs by network; those of the region at least, the transit VPC among them."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets of the transit VPC, by their key in the plan (`resolver-az1`)."""
    entry_points: Mapping[str, pulumi.Input[str]]
    """Addresses of those servers whose address the plan does not know, by the server's key."""


class AwsResolver(pulumi.ComponentResource):
    """The endpoints and rules of one region."""

    inbound_id: pulumi.Output[str] | None
    """Id of the endpoint that others ask; None where no link lands."""
    rule_arns: Mapping[str, pulumi.Output[str]]
    """ARN of each rule, by the key of its forward in the plan."""

    def __init__(self, name: str, args: AwsResolverArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsResolver", name, None, opts)
        resolver = args["resolver"]

        inbound = self._inbound(f"{name}-inbound", args) if resolver.inbound else None
        rules: dict[str, aws.route53.ResolverRule] = {}
        if resolver.outbound:
            outbound = self._outbound(f"{name}-outbound", args)
            rules = {forward.key: self._rule(name, args, forward, outbound) for forward in resolver.forwards}

        self.inbound_id = inbound.id if inbound else None
        self.rule_arns = {key: rule.arn for key, rule in rules.items()}
        self.register_outputs({"inbound_id": self.inbound_id, "rule_arns": self.rule_arns})

    def _inbound(self, name: str, args: AwsResolverArgs) -> aws.route53.ResolverEndpoint:
        """Make the endpoint that answers others, and answers nobody else."""
        ingress = [
            aws.ec2.SecurityGroupIngressArgs(
                protocol=protocol,
                from_port=DNS_PORT,
                to_port=DNS_PORT,
                cidr_blocks=cidrs,
                description=f"Queries from {party}",
            )
            for party, cidrs in _by_party(args["resolver"].asked_by).items()
            for protocol in ("udp", "tcp")
        ]
        group = self._security_group(name, args, "Queries from outside", ingress, [])
        return self._endpoint(name, args, "INBOUND", args["resolver"].inbound, group)

    def _outbound(self, name: str, args: AwsResolverArgs) -> aws.route53.ResolverEndpoint:
        """Make the endpoint that asks others, and nobody else."""
        egress = [
            aws.ec2.SecurityGroupEgressArgs(
                protocol=protocol,
                from_port=DNS_PORT,
                to_port=DNS_PORT,
                cidr_blocks=cidrs,
                description=f"Queries to {party}",
            )
            for party, cidrs in _by_party(args["resolver"].asks).items()
            for protocol in ("udp", "tcp")
        ]
        group = self._security_group(name, args, "Queries to outside", [], egress)
        return self._endpoint(name, args, "OUTBOUND", args["resolver"].outbound, group)

    def _security_group(
        self,
        name: str,
        args: AwsResolverArgs,
        description: str,
        ingress: Sequence[aws.ec2.SecurityGroupIngressArgs],
        egress: Sequence[aws.ec2.SecurityGroupEgressArgs],
    ) -> aws.ec2.SecurityGroup:
        """Open an endpoint to those rules only; answers need none of their own."""
        return aws.ec2.SecurityGroup(
            name,
            name=name,
            region=args["resolver"].region,
            vpc_id=args["vpc_ids"][args["resolver"].network],
            # Neither this nor the name may ever change: another group is another endpoint, at addresses that the old
            # one still holds. The old one cannot go first either, as long as rules use it.
            description=description,
            # Empty, not left out: rules that are left out stay as somebody made them.
            ingress=ingress,
            egress=egress,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _endpoint(
        self,
        name: str,
        args: AwsResolverArgs,
        direction: str,
        addresses: Mapping[str, str],
        group: aws.ec2.SecurityGroup,
    ) -> aws.route53.ResolverEndpoint:
        """Stand at the addresses of the plan."""
        return aws.route53.ResolverEndpoint(
            name,
            name=name,
            region=args["resolver"].region,
            direction=direction,
            resolver_endpoint_type="IPV4",
            protocols=["Do53"],
            security_group_ids=[group.id],
            ip_addresses=[
                aws.route53.ResolverEndpointIpAddressArgs(subnet_id=args["subnet_ids"][subnet], ip=address)
                for subnet, address in addresses.items()
            ],
            tags={"Name": name},
            # A new one cannot have the addresses before the old one is gone, which rules that use it do not allow.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=direction == "INBOUND" or None),
        )

    def _rule(
        self, name: str, args: AwsResolverArgs, forward: names.Forward, outbound: aws.route53.ResolverEndpoint
    ) -> aws.route53.ResolverRule:
        """Send a domain to its owner's servers, for every VPC of the region."""
        resolver = args["resolver"]
        rule = aws.route53.ResolverRule(
            f"{name}-{forward.key}",
            # Names of rules and associations have 64 characters at most, so they say what is not known from where they
            # are listed.
            name=forward.key,
            region=resolver.region,
            rule_type="FORWARD",
            domain_name=forward.domain,
            resolver_endpoint_id=outbound.id,
            target_ips=[
                aws.route53.ResolverRuleTargetIpArgs(
                    ip=server.address or args["entry_points"][server.key], port=DNS_PORT
                )
                for server in forward.servers
            ],
            tags={"Name": f"{name}-{forward.key}"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        for network in resolver.networks:
            aws.route53.ResolverRuleAssociation(
                f"{name}-{forward.key}-{network}",
                name=network,
                region=resolver.region,
                resolver_rule_id=rule.id,
                vpc_id=args["vpc_ids"][network],
                # A VPC follows one rule for a domain: the old association goes first.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
        return rule


def _by_party(cidrs: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """Group CIDRs by whose they are."""
    return {party: [cidr for cidr, owner in cidrs.items() if owner == party] for party in cidrs.values()}
