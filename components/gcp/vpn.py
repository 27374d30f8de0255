"""The Google end of a VPN: the gateway that all VPNs of a region share, and the tunnels of each."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_gcp import compute, networkconnectivity

from components.gcp.learned_routes import learned_routes
from planning.links.types import Tunnel, Vpn

_REDUNDANCY = {1: "SINGLE_IP_INTERNALLY_REDUNDANT", 2: "TWO_IPS_REDUNDANCY", 4: "FOUR_IPS_REDUNDANCY"}
"""Number of the far side's addresses -> what Google calls it; it knows no others."""


class GcpVpnGatewayArgs(TypedDict):
    """What the VPN gateway of a region is told."""

    region: str
    physical_name: str
    """In Google Cloud: `prod-us-east4`."""
    network_id: pulumi.Input[str]
    """VPC that the tunnels end in."""
    protect: bool
    """Whether Pulumi refuses to delete or replace the gateway: every far side would have to be told new addresses."""


class GcpVpnGateway(pulumi.ComponentResource):
    """One HA VPN gateway: two interfaces, each with a public address of its own."""

    gateway_id: pulumi.Output[str]
    addresses: Mapping[str, pulumi.Output[str]]
    """Interface, `0` or `1` -> its public address."""

    def __init__(self, name: str, args: GcpVpnGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpVpnGateway", name, opts=opts)
        gateway = compute.HaVpnGateway(
            name,
            name=args["physical_name"],
            region=args["region"],
            network=args["network_id"],
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None),
        )
        # In the order of ids: Google promises no other, and crossed addresses would bring up no tunnel.
        in_order = gateway.vpn_interfaces.apply(lambda found: sorted(found, key=lambda each: each.id or 0))
        self.gateway_id = gateway.id
        self.addresses = {str(at): in_order[at].ip_address for at in (0, 1)}
        self.register_outputs({"gateway_id": self.gateway_id, "addresses": self.addresses})


class GcpVpnArgs(TypedDict):
    """What the Google end of a VPN is told."""

    vpn: Vpn
    physical_name: str
    """In Google Cloud, and the start of the names there: `prod-aws-gcp-vpn`."""
    gateway_id: pulumi.Input[str]
    """HA VPN gateway of the region."""
    router_name: pulumi.Input[str]
    """Cloud Router of the region that speaks for tunnels."""
    hub_id: pulumi.Input[str]
    """Connectivity hub."""
    group_id: pulumi.Input[str] | None
    """Group of the hub that the spoke joins; None where the hub has only the one that is joined unnamed."""
    peer_addresses: Mapping[str, pulumi.Input[str]]
    """Port of the far side -> its public address."""
    peer_asn: int
    """ASN of the far side."""
    keys: Mapping[str, pulumi.Input[str]]
    """Key of a tunnel -> pre-shared key."""


class GcpVpn(pulumi.ComponentResource):
    """All tunnels of one VPN with their BGP sessions, on the hub as one spoke."""

    tunnel_ids: Mapping[str, pulumi.Output[str]]
    """By key of the tunnel."""

    def __init__(self, name: str, args: GcpVpnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpVpn", name, opts=opts)
        vpn, end = args["vpn"], args["vpn"].gcp
        if end is None:
            message = f"{vpn.name} does not end in Google Cloud"
            raise ValueError(message)
        self._name, self._args, self._end = name, args, end
        interface_of = {
            port: number for number, port in enumerate(sorted({vpn.far("gcp", each).port for each in vpn.tunnels}))
        }
        far_side = compute.ExternalVpnGateway(
            name,
            name=args["physical_name"],
            redundancy_type=_REDUNDANCY[len(interface_of)],
            interfaces=[
                compute.ExternalVpnGatewayInterfaceArgs(id=number, ip_address=args["peer_addresses"][port])
                for port, number in interface_of.items()
            ],
            opts=self._child(),
        )
        policy = self._policy()
        tunnels: dict[str, compute.VPNTunnel] = {}
        for plan in vpn.tunnels:
            tunnels[plan.key] = self._tunnel(plan, far_side, interface_of[vpn.far("gcp", plan).port])
            self._session(plan, tunnels[plan.key], policy)
        self._spoke(tunnels)

        self.tunnel_ids = {key: tunnel.id for key, tunnel in tunnels.items()}
        self.register_outputs({"tunnel_ids": self.tunnel_ids})

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _tunnel(self, plan: Tunnel, far_side: compute.ExternalVpnGateway, far_interface: int) -> compute.VPNTunnel:
        return compute.VPNTunnel(
            f"{self._name}-{plan.key}",
            name=f"{self._args['physical_name']}-{plan.key}",
            region=self._end.region,
            vpn_gateway=self._args["gateway_id"],
            vpn_gateway_interface=int(plan.ends["gcp"].port),
            peer_external_gateway=far_side.id,
            peer_external_gateway_interface=far_interface,
            router=self._args["router_name"],
            ike_version=2,
            shared_secret=self._args["keys"][plan.key],
            # One proposal, which AWS' and Azure's gateways take too: with several, which one is used depends on who
            # starts and may change with every new key, and the room in a packet with it. GCM checks integrity itself.
            cipher_suite=compute.VPNTunnelCipherSuiteArgs(
                phase1=compute.VPNTunnelCipherSuitePhase1Args(
                    encryptions=["AES-CBC-256"],
                    integrities=["HMAC-SHA2-256-128"],
                    prves=["PRF-HMAC-SHA2-256"],
                    dhs=["Group-14"],
                ),
                phase2=compute.VPNTunnelCipherSuitePhase2Args(encryptions=["AES-GCM-16-256"], pfs=["Group-14"]),
            ),
            opts=self._child(),
        )

    def _session(self, plan: Tunnel, tunnel: compute.VPNTunnel, policy: compute.RouterRoutePolicy) -> None:
        """Speak BGP in a tunnel."""
        name = f"{self._args['physical_name']}-{plan.key}"
        interface = compute.RouterInterface(
            f"{self._name}-{plan.key}",
            name=name,
            region=self._end.region,
            router=self._args["router_name"],
            vpn_tunnel=tunnel.name,
            ip_range=f"{plan.ends['gcp'].address}/30",
            opts=self._child(),
        )
        compute.RouterPeer(
            f"{self._name}-{plan.key}",
            name=name,
            region=self._end.region,
            router=self._args["router_name"],
            interface=interface.name,
            peer_ip_address=self._args["vpn"].far("gcp", plan).address,
            peer_asn=self._args["peer_asn"],
            advertised_route_priority=self._end.med,
            import_policies=[policy.name],
            opts=self._child(),
        )

    def _policy(self) -> compute.RouterRoutePolicy:
        """Learn the aggregates of the plan, ranked as it says, and nothing else."""
        return compute.RouterRoutePolicy(
            self._name,
            name=self._args["physical_name"],
            region=self._end.region,
            router=self._args["router_name"],
            type="ROUTE_POLICY_TYPE_IMPORT",
            terms=learned_routes(self._end, self._args["peer_asn"]),
            opts=self._child(),
        )

    def _spoke(self, tunnels: Mapping[str, compute.VPNTunnel]) -> None:
        """Hand on to the hub what the tunnels bring.

        Nothing is imported from the hub: what the routers send is listed on them, and with `ALL_IPV4_RANGES` every
        subnet on the hub would be sent beside its aggregate. It would then win over a circuit, which brings aggregates
        only.
        """
        networkconnectivity.Spoke(
            self._name,
            name=self._args["physical_name"],
            location=self._end.region,
            hub=self._args["hub_id"],
            group=self._args["group_id"],
            linked_vpn_tunnels=networkconnectivity.SpokeLinkedVpnTunnelsArgs(
                uris=[tunnels[key].self_link for key in sorted(tunnels)],
                # Nobody reaches a third party through here.
                site_to_site_data_transfer=False,
            ),
            opts=self._child(),
        )
