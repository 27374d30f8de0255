"""The virtual WAN that joins all hubs, and the resource group that keeps what all regions share."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_azure_native import network, resources


class AzureWanArgs(TypedDict):
    """What the virtual WAN is told."""

    physical_name: str
    """Start of the names in Azure, for example `prod`."""
    region: str
    """Where Azure keeps the WAN's description; traffic is not bound to it."""
    protect: bool
    """Whether Pulumi refuses to delete the WAN."""
    tags: Mapping[str, str]


class AzureWan(pulumi.ComponentResource):
    """A Standard virtual WAN in its own resource group, where the hubs live too."""

    resource_group_name: pulumi.Output[str]
    """Group of the WAN; hubs have to be made in it."""
    wan_id: pulumi.Output[str]

    def __init__(self, name: str, args: AzureWanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureWan", name, opts=opts)
        wan_name = f"{args['physical_name']}-wan"
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=wan_name,
            location=args["region"],
            tags=args["tags"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        wan = network.VirtualWan(
            name,
            virtual_wan_name=wan_name,
            resource_group_name=group.name,
            location=args["region"],
            # Basic has site-to-site VPN only: its hubs neither mesh nor take ExpressRoute.
            type="Standard",
            allow_branch_to_branch_traffic=True,
            tags=args["tags"],
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None),
        )
        self.resource_group_name = group.name
        self.wan_id = wan.id
        self.register_outputs({"resource_group_name": self.resource_group_name, "wan_id": self.wan_id})
