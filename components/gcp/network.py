"""A VPC network with its subnets, filter, reserved ranges, NAT gateways, BGP routers and its place on the hub.

BGP peers, tunnels, attachments and their hybrid spokes belong to the links, which own both ends.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_gcp import compute, networkconnectivity

import planning.gcp
from components.gcp.firewall import GcpFirewall
from components.gcp.hub import IMPLICIT_GROUP
from components.gcp.ipam import GcpIpam


class GcpNetworkArgs(TypedDict):
    """What one VPC is told."""

    network: planning.gcp.Network
    hub_id: pulumi.Input[str]
    group_ids: Mapping[str, pulumi.Input[str]]
    """Name of the hub's group -> id, for groups that a spoke has to name."""
    register_addresses: bool
    """Whether every range is also reserved as an internal range."""
    protect: bool
    """Whether Pulumi refuses to delete the VPC."""


class GcpNetwork(pulumi.ComponentResource):
    """One VPC, global as all of Google's are, on the hub as one spoke."""

    network_id: pulumi.Output[str]
    subnet_ids: Mapping[str, pulumi.Output[str]]
    """Key of the subnet in the plan -> id."""
    spoke_id: pulumi.Output[str]
    router_names: Mapping[str, pulumi.Output[str]]
    """Region -> name of the Cloud Router for tunnels there."""
    partner_router_names: Mapping[str, pulumi.Output[str]]
    """Region -> name of the Cloud Router for Partner Interconnect attachments there."""

    def __init__(self, name: str, args: GcpNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpNetwork", name, opts=opts)
        self._name = name
        self._plan = args["network"]
        self._network = self._vpc(protect=args["protect"])
        subnets = self._subnets(self._reserved() if args["register_addresses"] else {})
        self._nat_gateways()
        routers = [(plan, self._router(plan).name) for plan in self._plan.routers]
        spoke = self._spoke(args, after=[*subnets.values(), *self._filter()])

        self.network_id = self._network.id
        self.subnet_ids = {key: subnet.id for key, subnet in subnets.items()}
        self.spoke_id = spoke.id
        partner = planning.gcp.PARTNER_ASN
        self.router_names = {plan.region: name for plan, name in routers if plan.asn != partner}
        self.partner_router_names = {plan.region: name for plan, name in routers if plan.asn == partner}
        self.register_outputs(
            {
                "network_id": self.network_id,
                "subnet_ids": self.subnet_ids,
                "spoke_id": self.spoke_id,
                "router_names": self.router_names,
                "partner_router_names": self.partner_router_names,
            }
        )

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _vpc(self, *, protect: bool) -> compute.Network:
        return compute.Network(
            self._name,
            name=self._plan.physical_name,
            auto_create_subnetworks=False,
            # Routes learned by a router count, and all subnets are announced by it, whatever the region.
            routing_mode="GLOBAL",
            # The lowest MED wins over all routers and neighbours, and every link has one of its own. Hybrid spokes are
            # said to work with no other mode; paths count within a router only.
            bgp_best_path_selection_mode="LEGACY",
            # Google's default, set so that all VPCs on the hub keep the same one: larger packets would be dropped on
            # the way to a VPC with less, and changing it later means stopping every VM.
            mtu=1460,
            # Cloud NAT and Private Google Access leave by the default route. Nobody gets in by it, and a VM without
            # a public address gets out by it only where the plan has a NAT gateway.
            delete_default_routes_on_create=False,
            # Otherwise a rule that allows, written by the owner of a workload, would cross the segments' border.
            network_firewall_policy_enforcement_order="BEFORE_CLASSIC_FIREWALL",
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=protect or None),
        )

    def _reserved(self) -> Mapping[str, pulumi.Output[str]]:
        return GcpIpam(
            f"{self._name}-ipam", {"network": self._plan, "network_id": self._network.id}, self._child()
        ).references

    def _subnets(self, reserved: Mapping[str, pulumi.Output[str]]) -> dict[str, compute.Subnetwork]:
        return {
            subnet.key: compute.Subnetwork(
                f"{self._name}-{subnet.key}",
                name=f"{self._plan.physical_name}-{subnet.key}",
                network=self._network.id,
                region=subnet.region,
                ip_cidr_range=subnet.cidr,
                reserved_internal_range=reserved.get(subnet.key),
                secondary_ip_ranges=[
                    compute.SubnetworkSecondaryIpRangeArgs(
                        range_name=secondary,
                        ip_cidr_range=cidr,
                        reserved_internal_range=reserved.get(f"{subnet.region}-{secondary}"),
                    )
                    for secondary, cidr in subnet.secondary.items()
                ],
                # Without it, taking the last secondary range out of the plan would leave it in the cloud, unseen.
                send_secondary_ip_range_if_empty=True,
                stack_type="IPV4_ONLY",
                private_ip_google_access=True,
                # Enough to tell who talks to whom; the default of 5 s writes many more records, billed by volume.
                log_config=compute.SubnetworkLogConfigArgs(
                    aggregation_interval="INTERVAL_10_MIN", flow_sampling=0.5, metadata="INCLUDE_ALL_METADATA"
                ),
                opts=self._child(),
            )
            for subnet in self._plan.subnets
        }

    def _filter(self) -> list[GcpFirewall]:
        """Return the VPC's policy; none for a VPC without rules, such as a transit network without resolvers."""
        if not self._plan.firewall_rules:
            return []
        return [
            GcpFirewall(
                f"{self._name}-firewall",
                {
                    "physical_name": self._plan.physical_name,
                    "rules": self._plan.firewall_rules,
                    "network_id": self._network.id,
                },
                self._child(),
            )
        ]

    def _nat_gateways(self) -> None:
        for region in self._plan.nat_regions:
            # A router of its own, so that a change to BGP never touches the way to the internet.
            router = compute.Router(
                f"{self._name}-nat-{region}",
                name=f"{self._plan.physical_name}-nat-{region}",
                network=self._network.id,
                region=region,
                opts=self._child(),
            )
            compute.RouterNat(
                f"{self._name}-nat-{region}",
                name=f"{self._plan.physical_name}-nat-{region}",
                router=router.name,
                region=region,
                nat_ip_allocate_option="AUTO_ONLY",
                source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
                # Errors tell when a VM runs out of ports; translations would repeat the subnets' flow logs.
                log_config=compute.RouterNatLogConfigArgs(enable=True, filter="ERRORS_ONLY"),
                opts=self._child(),
            )

    def _router(self, plan: planning.gcp.Router) -> compute.Router:
        return compute.Router(
            f"{self._name}-{plan.suffix}-{plan.region}",
            name=f"{self._plan.physical_name}-{plan.suffix}-{plan.region}",
            network=self._network.id,
            region=plan.region,
            bgp=compute.RouterBgpArgs(
                asn=plan.asn,
                # The other spokes' ranges have to be listed, and this VPC's lie in what is listed for its region: by
                # the group ALL_SUBNETS they would be sent once more, longer than what circuits and tunnels agree on.
                advertise_mode="CUSTOM",
                advertised_ip_ranges=[
                    compute.RouterBgpAdvertisedIpRangeArgs(range=cidr, description=meaning)
                    for cidr, meaning in plan.advertised.items()
                ],
                # The shortest that Google allows: a silent neighbour is given up after 60 s, three times this.
                keepalive_interval=20,
            ),
            opts=self._child(),
        )

    def _spoke(self, args: GcpNetworkArgs, *, after: list[pulumi.Resource]) -> networkconnectivity.Spoke:
        group = self._plan.group
        return networkconnectivity.Spoke(
            f"{self._name}-spoke",
            name=self._plan.physical_name,
            location="global",
            hub=args["hub_id"],
            group=None if group == IMPLICIT_GROUP else args["group_ids"][group],
            linked_vpc_network=networkconnectivity.SpokeLinkedVpcNetworkArgs(
                uri=self._network.self_link, exclude_export_ranges=list(self._plan.hidden_ranges)
            ),
            # Other VPCs reach in as soon as the spoke stands, so the filter stands first. With the subnets there too,
            # the hub checks all their ranges against its other spokes in one go, and when destroying, the VPC leaves
            # the hub before anything in it goes.
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
