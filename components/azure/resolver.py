"""The DNS Private Resolver of one region: who is asked from outside, and where other owners' names are asked for.

Facts from "What is Azure DNS Private Resolver?" and "Endpoints and rulesets": each endpoint has a delegated subnet for
itself; a ruleset serves VNets of its own region; an outbound endpoint is deleted after the rulesets that use it, and a
ruleset after its links.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
from pulumi_azure_native import dnsresolver

from planning.names.types import AzureResolver as Plan
from planning.names.types import Forward, Server

_DNS = 53


class AzureResolverArgs(TypedDict):
    """What the resolver of one region is told."""

    resolver: Plan
    resource_group_name: pulumi.Input[str]
    """Group of the transit VNet."""
    vnet_id: pulumi.Input[str]
    """The transit VNet, once everything else is written into it."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """The transit VNet's: key of the subnet -> id."""
    vnet_ids: Mapping[str, pulumi.Input[str]]
    """Name of each of the region's networks -> id of the VNet."""
    entry_points: Mapping[str, pulumi.Input[str]]
    """Key of each server whose address the plan does not know -> address."""
    tags: Mapping[str, str]


class AzureResolver(pulumi.ComponentResource):
    """Endpoints in the transit VNet, and forwards that all of the region's VNets follow.

    `depends_on` is the hub, whose connection of the transit VNet writes into that VNet too.
    """

    def __init__(self, name: str, args: AzureResolverArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureResolver", name, opts=opts)
        plan = args["resolver"]
        resolver = dnsresolver.DnsResolver(
            name,
            dns_resolver_name=plan.physical_name,
            resource_group_name=args["resource_group_name"],
            location=plan.region,
            virtual_network=dnsresolver.SubResourceArgs(id=args["vnet_id"]),
            tags=args["tags"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None),
        )
        # Each endpoint joins a subnet, which is a write into the VNet, and Azure refuses two at once.
        queue: list[pulumi.Resource] = [resolver]
        for subnet, address in plan.inbound.items():
            queue.append(self._inbound(args, resolver, subnet, address, queue[-1:]))
        if plan.outbound:
            outbound = self._outbound(args, resolver, plan.outbound, queue[-1:])
            self._forward(args, outbound)
        self.register_outputs({})

    def _inbound(
        self,
        args: AzureResolverArgs,
        resolver: dnsresolver.DnsResolver,
        subnet: str,
        address: str,
        after: Sequence[pulumi.Resource],
    ) -> dnsresolver.InboundEndpoint:
        return dnsresolver.InboundEndpoint(
            f"{self.pulumi_resource_name}-{subnet}",
            inbound_endpoint_name=subnet,
            dns_resolver_name=resolver.name,
            resource_group_name=args["resource_group_name"],
            location=args["resolver"].region,
            ip_configurations=[
                dnsresolver.IpConfigurationArgs(
                    subnet=dnsresolver.SubResourceArgs(id=args["subnet_ids"][subnet]),
                    # The others' forwards name it.
                    private_ip_allocation_method=dnsresolver.IpAllocationMethod.STATIC,
                    private_ip_address=address,
                )
            ],
            tags=args["tags"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )

    def _outbound(
        self,
        args: AzureResolverArgs,
        resolver: dnsresolver.DnsResolver,
        subnet: str,
        after: Sequence[pulumi.Resource],
    ) -> dnsresolver.OutboundEndpoint:
        return dnsresolver.OutboundEndpoint(
            f"{self.pulumi_resource_name}-{subnet}",
            outbound_endpoint_name=subnet,
            dns_resolver_name=resolver.name,
            resource_group_name=args["resource_group_name"],
            location=args["resolver"].region,
            subnet=dnsresolver.SubResourceArgs(id=args["subnet_ids"][subnet]),
            tags=args["tags"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )

    def _forward(self, args: AzureResolverArgs, outbound: dnsresolver.OutboundEndpoint) -> None:
        plan = args["resolver"]
        child = pulumi.ResourceOptions(parent=self)
        ruleset = dnsresolver.DnsForwardingRuleset(
            f"{self.pulumi_resource_name}-rules",
            dns_forwarding_ruleset_name=f"{plan.physical_name}-rules",
            resource_group_name=args["resource_group_name"],
            location=plan.region,
            dns_resolver_outbound_endpoints=[dnsresolver.SubResourceArgs(id=outbound.id)],
            tags=args["tags"],
            opts=child,
        )
        for forward in plan.forwards:
            dnsresolver.ForwardingRule(
                f"{self.pulumi_resource_name}-{forward.key}",
                forwarding_rule_name=forward.key,
                dns_forwarding_ruleset_name=ruleset.name,
                resource_group_name=args["resource_group_name"],
                domain_name=f"{forward.domain}.",
                target_dns_servers=_targets(forward, args["entry_points"]),
                forwarding_rule_state=dnsresolver.ForwardingRuleState.ENABLED,
                opts=child,
            )
        for network in plan.networks:
            dnsresolver.PrivateResolverVirtualNetworkLink(
                f"{self.pulumi_resource_name}-{network}",
                virtual_network_link_name=network,
                dns_forwarding_ruleset_name=ruleset.name,
                resource_group_name=args["resource_group_name"],
                virtual_network=dnsresolver.SubResourceArgs(id=args["vnet_ids"][network]),
                opts=child,
            )


def _targets(
    forward: Forward, entry_points: Mapping[str, pulumi.Input[str]]
) -> Sequence[dnsresolver.TargetDnsServerArgs]:
    return [
        dnsresolver.TargetDnsServerArgs(ip_address=_address(server, entry_points), port=_DNS)
        for server in forward.servers
    ]


def _address(server: Server, entry_points: Mapping[str, pulumi.Input[str]]) -> pulumi.Input[str]:
    return entry_points[server.key] if server.address is None else server.address
