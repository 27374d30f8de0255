"""Azure's end of VPN links: the gateway of a virtual hub, and what one link adds to it.

Both change the hub, so both stand in its queue (`hub.py`).
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
from pulumi_azure_native import network

from components.azure.route_maps import AzureRouteMaps
from planning.links import types

# Three times what Azure names for a gateway; a timeout would leave a half-made one behind.
_TIMEOUTS = pulumi.CustomTimeouts(create="90m", update="90m", delete="90m")

# Every hub and gateway has it; no other is taken.
_ASN = 65515

_PARTY = "azure"


class AzureVpnGatewayArgs(TypedDict):
    """What the VPN gateway of one hub is told."""

    gateway: types.AzureVpnGateway
    physical_name: str
    """In Azure, for example `prod-vpn-eastus`."""
    resource_group_name: pulumi.Input[str]
    """Group of the virtual WAN."""
    hub_id: pulumi.Input[str]
    protect: bool
    """Whether Pulumi refuses to delete the gateway."""
    tags: Mapping[str, str]


class AzureVpnGateway(pulumi.ComponentResource):
    """Two instances, both always active. `depends_on` is the hub's queue so far."""

    gateway_name: pulumi.Output[str]
    addresses: Mapping[str, pulumi.Output[str]]
    """Instance -> public address."""

    def __init__(self, name: str, args: AzureVpnGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureVpnGateway", name, opts=opts)
        plan = args["gateway"]
        gateway = network.VpnGateway(
            name,
            gateway_name=args["physical_name"],
            resource_group_name=args["resource_group_name"],
            location=plan.region,
            virtual_hub=network.SubResourceArgs(id=args["hub_id"]),
            vpn_gateway_scale_unit=plan.scale_units,
            bgp_settings=network.BgpSettingsArgs(
                asn=_ASN,
                peer_weight=0,
                # A link may use only what is declared here; what is not falls back to the first address.
                bgp_peering_addresses=[
                    network.IPConfigurationBgpPeeringAddressArgs(
                        ipconfiguration_id=instance, custom_bgp_ip_addresses=list(addresses)
                    )
                    for instance, addresses in plan.custom_addresses.items()
                ],
            ),
            tags=args["tags"],
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=opts.depends_on if opts else None,
                # None inherits from the component; False would undo a protection that a caller gave it.
                protect=args["protect"] or None,
                custom_timeouts=_TIMEOUTS,
            ),
        )
        self.gateway_name = gateway.name
        self.addresses = {
            instance: gateway.ip_configurations.apply(lambda found, at=at: _public_address(found, at))
            for at, instance in enumerate(sorted(plan.custom_addresses))
        }
        self.register_outputs({"gateway_name": self.gateway_name, "addresses": self.addresses})


def _public_address(found: Sequence[network.outputs.VpnGatewayIpConfigurationResponse], index: int) -> str:
    """Read in the order of ids: Azure promises no other, and crossed addresses would bring up no tunnel."""
    instance = sorted(found, key=lambda each: each.id or "")[index]
    if not instance.public_ip_address:
        message = f"{instance.id} of the VPN gateway has no public address"
        raise LookupError(message)
    return instance.public_ip_address


class AzureVpnArgs(TypedDict):
    """What Azure's end of one VPN link is told."""

    vpn: types.Vpn
    gateway: types.AzureVpnGateway
    """Of the hub where the link lands."""
    physical_name: str
    """In Azure, for example `prod-aws-azure`."""
    resource_group_name: pulumi.Input[str]
    """Group of the virtual WAN."""
    wan_id: pulumi.Input[str]
    hub_id: pulumi.Input[str]
    hub_name: pulumi.Input[str]
    gateway_name: pulumi.Input[str]
    peer_addresses: Mapping[str, pulumi.Input[str]]
    """Port of the far side -> its public address."""
    peer_asn: int
    keys: Mapping[str, pulumi.Input[str]]
    """Tunnel -> pre-shared key; the same for all tunnels to one port, because a link of Azure's has one."""
    tags: Mapping[str, str]


class AzureVpn(pulumi.ComponentResource):
    """The far side as a site with one link for each of its ports, and the connection to it.

    Azure opens a tunnel from each instance over every link; those that the far side does not know stay down.
    `depends_on` is the hub's queue so far, the VPN gateway included.
    """

    connection_id: pulumi.Output[str]

    def __init__(self, name: str, args: AzureVpnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureVpn", name, opts=opts)
        vpn, end = args["vpn"], args["vpn"].azure
        if end is None:
            message = f"{vpn.name} does not end in Azure"
            raise ValueError(message)
        ports: dict[str, list[types.Tunnel]] = {}
        for tunnel in vpn.tunnels:
            ports.setdefault(vpn.far(_PARTY, tunnel).port, []).append(tunnel)
        [party] = {owner for tunnel in vpn.tunnels for owner in tunnel.ends} - {_PARTY}

        site = network.VpnSite(
            f"{name}-site",
            vpn_site_name=args["physical_name"],
            resource_group_name=args["resource_group_name"],
            location=end.region,
            virtual_wan=network.SubResourceArgs(id=args["wan_id"]),
            device_properties=network.DevicePropertiesArgs(device_vendor=party),
            # No address space: those are static routes, and BGP says what is behind the links.
            vpn_site_links=[_site_link(args, party, port, tunnels) for port, tunnels in ports.items()],
            tags=args["tags"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        route_maps = AzureRouteMaps(
            f"{name}-routes",
            {
                "end": end,
                "physical_name": args["physical_name"],
                "resource_group_name": args["resource_group_name"],
                "hub_id": args["hub_id"],
                "hub_name": args["hub_name"],
            },
            pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None),
        )
        connection = network.VpnConnection(
            name,
            connection_name=args["physical_name"],
            resource_group_name=args["resource_group_name"],
            gateway_name=args["gateway_name"],
            remote_vpn_site=network.SubResourceArgs(id=site.id),
            # On, the far side would be told a default route.
            enable_internet_security=False,
            routing_configuration=route_maps.routing,
            vpn_link_connections=[
                _link_connection(args, site, f"{party}-{port}", tunnels) for port, tunnels in ports.items()
            ],
            opts=pulumi.ResourceOptions(
                parent=self,
                additional_secret_outputs=["vpn_link_connections"],
                custom_timeouts=_TIMEOUTS,
            ),
        )
        self.connection_id = connection.id
        self.register_outputs({"connection_id": self.connection_id})


def _site_link(args: AzureVpnArgs, party: str, port: str, tunnels: Sequence[types.Tunnel]) -> network.VpnSiteLinkArgs:
    # A link knows one BGP address of the far side; of two, one session would silently never come up.
    [address] = {args["vpn"].far(_PARTY, tunnel).address for tunnel in tunnels}
    return network.VpnSiteLinkArgs(
        name=f"{party}-{port}",
        ip_address=args["peer_addresses"][port],
        bgp_properties=network.VpnLinkBgpSettingsArgs(asn=args["peer_asn"], bgp_peering_address=address),
    )


def _link_connection(
    args: AzureVpnArgs, site: network.VpnSite, link: str, tunnels: Sequence[types.Tunnel]
) -> network.VpnSiteLinkConnectionArgs:
    return network.VpnSiteLinkConnectionArgs(
        name=link,
        vpn_site_link=network.SubResourceArgs(id=pulumi.Output.concat(site.id, "/vpnSiteLinks/", link)),
        vpn_connection_protocol_type=network.VirtualNetworkGatewayConnectionProtocol.IK_EV2,
        # Azure begins and answers: AWS leaves the beginning to the other cloud.
        vpn_link_connection_mode=network.VpnLinkConnectionMode.DEFAULT,
        ipsec_policies=[_IPSEC],
        shared_key=pulumi.Output.secret(args["keys"][tunnels[0].key]),
        enable_bgp=True,
        # Both instances have to be named, also one that no tunnel of this link uses: a link that names one is given
        # the first address of each.
        vpn_gateway_custom_bgp_addresses=[
            network.GatewayCustomBgpIpAddressIpConfigurationArgs(
                ip_configuration_id=instance, custom_bgp_ip_address=_own_address(args, instance, tunnels)
            )
            for instance in args["gateway"].custom_addresses
        ],
    )


def _own_address(args: AzureVpnArgs, instance: str, tunnels: Sequence[types.Tunnel]) -> str:
    """Give an instance's address in a link; where no tunnel uses it, any that is declared for it.

    Rather one of the same VPN than one of others, so that a VPN that is added changes nothing here.
    """
    ends = [tunnel.ends[_PARTY] for tunnel in (*tunnels, *args["vpn"].tunnels)]
    return next((end.address for end in ends if end.port == instance), args["gateway"].custom_addresses[instance][0])


# All of it is offered by AWS and Google too, so that the strongest common choice is made and not negotiated. The SDK
# calls the phases the wrong way round: `ike_*` and `dh_group` are the first.
_IPSEC = network.IpsecPolicyArgs(
    ike_encryption=network.IkeEncryption.AES256,
    ike_integrity=network.IkeIntegrity.SHA256,
    dh_group=network.DhGroup.DH_GROUP14,
    ipsec_encryption=network.IpsecEncryption.GCMAES256,
    ipsec_integrity=network.IpsecIntegrity.GCMAES256,
    # The same group as PFS2048, by the only name that the Virtual WAN documentation lists.
    pfs_group=network.PfsGroup.PFS14,
    sa_life_time_seconds=3600,
    # Azure's default in KB; the field cannot be left out.
    sa_data_size_kilobytes=102400000,
)
