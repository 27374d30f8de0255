"""A port of a site's at Google, ordered here or there already, and an attachment on it with its session.

An ordered port takes two passes: Google makes no attachment on an interconnect that nobody has patched yet.
"""

from typing import TypedDict

import pulumi
from pulumi_gcp import compute

from components.gcp.dedicated import GcpDedicated
from components.links.targets import Targets
from planning.links import outside_types


class DedicatedGcpPortArgs(TypedDict):
    """What a port at Google is told."""

    port: outside_types.DedicatedGcp
    """The plan."""
    project: str
    router_name: pulumi.Input[str]
    """Cloud Router of the region that speaks for tunnels."""
    hub_id: pulumi.Input[str]
    """Connectivity hub."""
    group_id: pulumi.Input[str] | None
    """Group of that hub, where spokes have to name theirs."""
    protect: bool
    """Whether Pulumi refuses to delete or replace the attachment."""


class DedicatedGcpPort(pulumi.ComponentResource):
    """A Dedicated Interconnect with one attachment."""

    interconnect: pulumi.Output[str]
    """URL."""
    targets: Targets
    """Empty until the port is up."""

    def __init__(self, name: str, args: DedicatedGcpPortArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:DedicatedGcpPort", name, opts=opts)
        port = args["port"]
        interconnect = port.origin if isinstance(port.origin, str) else self._ordered(args, port.origin)
        self.interconnect = pulumi.Output.concat(_everywhere(args["project"]), "/interconnects/", interconnect)
        self.targets = {}
        if port.up:
            end = GcpDedicated(
                name,
                {
                    "port": port,
                    "interconnect": self.interconnect,
                    "router_name": args["router_name"],
                    "hub_id": args["hub_id"],
                    "group_id": args["group_id"],
                    "protect": args["protect"],
                },
                pulumi.ResourceOptions(parent=self),
            )
            self.targets = {"attachments": {session.leg: end.attachment_id for session in port.sessions}}
        self.register_outputs({"interconnect": self.interconnect, "targets": self.targets})

    def _ordered(self, args: DedicatedGcpPortArgs, order: outside_types.InterconnectOrder) -> pulumi.Output[str]:
        interconnect = compute.Interconnect(
            self.pulumi_resource_name,
            name=args["port"].physical_name,
            interconnect_type="DEDICATED",
            location=f"{_everywhere(args['project'])}/interconnectLocations/{order.location}",
            link_type=order.link_type,
            requested_link_count=order.links,
            customer_name=order.customer_name,
            noc_contact_email=order.contact,
            # In every environment: it is a contract, and somebody has been in a data centre for it.
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        return interconnect.name


def _everywhere(project: str) -> str:
    """Start the URLs of what is in no region; Google takes nothing shorter."""
    return f"https://www.googleapis.com/compute/v1/projects/{project}/global"
