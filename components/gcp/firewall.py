"""Who a VPC may talk to at all: the segments' border inside Google Cloud.

A connectivity hub routes between all spokes that share a group, so that segments need a filter. It is a network
firewall policy and not classic rules, because only a policy can stand before the rules that owners of workloads
write, and hand on (`goto_next`) what it does not refuse.
"""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
from pulumi_gcp import compute

import planning.gcp


class GcpFirewallArgs(TypedDict):
    """What one VPC's policy is told."""

    physical_name: str
    """Name of the policy in Google Cloud, for example `prod-analytics`."""
    rules: Sequence[planning.gcp.FirewallRule]
    network_id: pulumi.Input[str]


class GcpFirewall(pulumi.ComponentResource):
    """One global network firewall policy, in force on one VPC."""

    policy_id: pulumi.Output[str]

    def __init__(self, name: str, args: GcpFirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpFirewall", name, opts=opts)
        policy = compute.NetworkFirewallPolicy(
            name, name=args["physical_name"], opts=pulumi.ResourceOptions(parent=self)
        )
        rules = [
            compute.NetworkFirewallPolicyRule(
                f"{name}-{rule.name}",
                firewall_policy=policy.name,
                rule_name=rule.name,
                priority=rule.priority,
                direction=rule.direction,
                action=rule.action,
                match=_match(rule),
                opts=pulumi.ResourceOptions(parent=self),
            )
            for rule in args["rules"]
        ]
        compute.NetworkFirewallPolicyAssociation(
            name,
            name=args["physical_name"],
            attachment_target=args["network_id"],
            firewall_policy=policy.id,
            # Half a policy would let through what the missing half refuses, or refuse what it lets through.
            opts=pulumi.ResourceOptions(parent=self, depends_on=rules),
        )
        self.policy_id = policy.id
        self.register_outputs({"policy_id": self.policy_id})


def _match(rule: planning.gcp.FirewallRule) -> compute.NetworkFirewallPolicyRuleMatchArgs:
    far_side, protocols = list(rule.prefixes), _protocols(rule.port)
    if rule.direction == "INGRESS":
        return compute.NetworkFirewallPolicyRuleMatchArgs(layer4_configs=protocols, src_ip_ranges=far_side)
    return compute.NetworkFirewallPolicyRuleMatchArgs(layer4_configs=protocols, dest_ip_ranges=far_side)


def _protocols(port: int | None) -> list[compute.NetworkFirewallPolicyRuleMatchLayer4ConfigArgs]:
    if port is None:
        return [compute.NetworkFirewallPolicyRuleMatchLayer4ConfigArgs(ip_protocol="all")]
    return [
        compute.NetworkFirewallPolicyRuleMatchLayer4ConfigArgs(ip_protocol=protocol, ports=[str(port)])
        for protocol in ("tcp", "udp")
    ]
