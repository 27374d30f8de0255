"""An attachment on a Dedicated Interconnect with its BGP session.

Unlike on a partner's attachment, interface and neighbour are made here, and the Cloud Router for tunnels, which has an
ASN of its own, speaks over it.
"""

from typing import TypedDict

import pulumi
from pulumi_gcp import compute, networkconnectivity

from components.gcp.learned_routes import learned_routes
from planning.links import outside_types

_GBPS = 1000
"""Mbps."""


class GcpDedicatedArgs(TypedDict):
    """What an attachment is told."""

    port: outside_types.DedicatedGcp
    """The plan."""
    interconnect: pulumi.Input[str]
    """URL of the Dedicated Interconnect."""
    router_name: pulumi.Input[str]
    """Cloud Router of the region that speaks for tunnels."""
    hub_id: pulumi.Input[str]
    """Connectivity hub."""
    group_id: pulumi.Input[str] | None
    """Group of that hub, where spokes have to name theirs."""
    protect: bool
    """Whether Pulumi refuses to delete or replace the attachment."""


class GcpDedicated(pulumi.ComponentResource):
    """One attachment, on the hub as one spoke."""

    attachment_id: pulumi.Output[str]

    def __init__(self, name: str, args: GcpDedicatedArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpDedicated", name, opts=opts)
        port, end = args["port"], args["port"].end
        child = pulumi.ResourceOptions(parent=self)
        region, router = end.region, args["router_name"]

        attachment = compute.InterconnectAttachment(
            name,
            name=port.physical_name,
            region=region,
            router=router,
            type="DEDICATED",
            interconnect=args["interconnect"],
            bandwidth=_bandwidth(port.bandwidth),
            vlan_tag8021q=port.vlan,
            candidate_cloud_router_ip_address=port.address,
            candidate_customer_router_ip_address=port.site_address,
            mtu=str(port.mtu),
            admin_enabled=True,
            opts=pulumi.ResourceOptions(
                parent=self,
                # None inherits from the component; False would undo a protection that a caller gave it.
                protect=args["protect"] or None,
            ),
        )
        interface = compute.RouterInterface(
            name,
            name=port.physical_name,
            region=region,
            router=router,
            ip_range=attachment.cloud_router_ip_address,
            interconnect_attachment=attachment.self_link,
            opts=child,
        )
        policy = compute.RouterRoutePolicy(
            name,
            name=port.physical_name,
            region=region,
            router=router,
            type="ROUTE_POLICY_TYPE_IMPORT",
            terms=learned_routes(end, port.asn),
            opts=child,
        )
        compute.RouterPeer(
            name,
            name=port.physical_name,
            region=region,
            router=router,
            interface=interface.name,
            peer_ip_address=attachment.customer_router_ip_address.apply(lambda address: address.partition("/")[0]),
            peer_asn=port.asn,
            advertised_route_priority=end.med,
            import_policies=[policy.name],
            opts=child,
        )
        networkconnectivity.Spoke(
            name,
            name=port.physical_name,
            location=region,
            hub=args["hub_id"],
            group=args["group_id"],
            linked_interconnect_attachments=networkconnectivity.SpokeLinkedInterconnectAttachmentsArgs(
                uris=[attachment.self_link],
                # Nobody reaches a third party through here, and what the router sends is listed on it.
                site_to_site_data_transfer=False,
            ),
            opts=child,
        )

        self.attachment_id = attachment.id
        self.register_outputs({"attachment_id": self.attachment_id})


def _bandwidth(mbps: int) -> str:
    """Write a bandwidth as Google does: `BPS_500M`, `BPS_1G`."""
    return f"BPS_{mbps // _GBPS}G" if mbps >= _GBPS else f"BPS_{mbps}M"
