"""Google's own register of addresses, told what the ledger gave out.

It does not hand out addresses here: the plan's CIDRs are literal, so that a preview shows them. It is kept per VPC,
and while a range is registered, Google refuses every subnet in it that does not refer to it
(https://cloud.google.com/vpc/docs/internal-ranges, "Specifications").
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_gcp import networkconnectivity

import planning.gcp


class GcpIpamArgs(TypedDict):
    """What one VPC's register is told."""

    network: planning.gcp.Network
    network_id: pulumi.Input[str]


class GcpIpam(pulumi.ComponentResource):
    """One internal range for each range of a subnet, and one for each range in use elsewhere."""

    references: Mapping[str, pulumi.Output[str]]
    """Key of the subnet, or `<region>-<secondary range>`, -> range, as a subnet refers to it."""

    def __init__(self, name: str, args: GcpIpamArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpIpam", name, opts=opts)
        plan = args["network"]

        def reserve(key: str, cidr: str, usage: str) -> networkconnectivity.InternalRange:
            return networkconnectivity.InternalRange(
                f"{name}-{key}",
                # Names of ranges are the project's, not the VPC's.
                name=f"{plan.physical_name}-{key}",
                network=args["network_id"],
                ip_cidr_range=cidr,
                usage=usage,
                peering="FOR_SELF",
                opts=pulumi.ResourceOptions(parent=self),
            )

        # A secondary range goes without its subnet's tier: with it, names would outgrow Google's 63 characters.
        own = [(subnet.key, subnet.cidr) for subnet in plan.subnets]
        secondary = [
            (f"{subnet.region}-{range_name}", cidr)
            for subnet in plan.subnets
            for range_name, cidr in subnet.secondary.items()
        ]
        self.references = {
            key: pulumi.Output.concat("networkconnectivity.googleapis.com/", reserve(key, cidr, "FOR_VPC").id)
            for key, cidr in (*own, *secondary)
        }
        # Routes learned by BGP into such a range still count; only static ones are refused (v1 API, `Overlap`).
        for elsewhere, cidr in plan.external_ranges.items():
            reserve(elsewhere, cidr, "EXTERNAL_TO_VPC")
        self.register_outputs({"references": self.references})
