"""All tunnels between two parties, with both of their ends.

AWS comes first where it takes part: its end gives out the addresses, and if wanted the keys, that the other end needs.
Gateways belong to hubs and are handed in, since several links share them.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from components.aws.end import AwsHubEndArgs
from components.aws.vpn import AwsVpn
from components.azure.vpn import AzureVpn
from components.gcp.vpn import GcpVpn
from components.links.targets import Target, Targets
from planning.asns import AZURE_HUB
from planning.links.types import AzureVpnGateway, Vpn


class AzureSideArgs(TypedDict):
    """What the Azure end of a link hangs on."""

    gateway: AzureVpnGateway
    gateway_name: pulumi.Input[str]
    addresses: Mapping[str, pulumi.Input[str]]
    """Instance -> public address."""
    physical_name: str
    """Name in Azure, for example `prod-aws-azure-vpn`."""
    resource_group_name: pulumi.Input[str]
    wan_id: pulumi.Input[str]
    hub_id: pulumi.Input[str]
    hub_name: pulumi.Input[str]
    tags: Mapping[str, str]


class GcpSideArgs(TypedDict):
    """What the Google end of a link hangs on."""

    gateway_id: pulumi.Input[str]
    addresses: Mapping[str, pulumi.Input[str]]
    """Interface -> public address."""
    physical_name: str
    """Start of the names in Google Cloud, for example `prod-aws-gcp-vpn`."""
    router_name: pulumi.Input[str]
    hub_id: pulumi.Input[str]
    group_id: pulumi.Input[str] | None


class VpnLinkArgs(TypedDict):
    """What a link is built from; a side is given exactly where the plan has that end."""

    vpn: Vpn
    aws: AwsHubEndArgs | None
    azure: AzureSideArgs | None
    gcp: GcpSideArgs | None
    keys: Mapping[str, pulumi.Input[str]]
    """Tunnel -> pre-shared key; empty where AWS makes them."""


class VpnLink(pulumi.ComponentResource):
    """The tunnels of one pair. What `opts` depends on, the virtual hub's part waits for."""

    addresses: Mapping[str, pulumi.Output[str]]
    """Tunnel -> public address that a site's device calls. Empty between clouds."""
    keys: Mapping[str, pulumi.Output[str]]
    """Tunnel -> pre-shared key, secret."""
    targets: Targets

    def __init__(self, name: str, args: VpnLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:VpnLink", name, None, opts)
        vpn, keys = args["vpn"], args["keys"]
        child = pulumi.ResourceOptions(parent=self)
        addresses, asns = _public_addresses(args), _asns(vpn)
        one, other = vpn.pair.split("/")
        far_from = {one: other, other: one}
        targets: dict[str, Target] = {}

        if args["aws"]:
            far = far_from["aws"]
            aws = AwsVpn(
                f"{name}-aws",
                {
                    **args["aws"],
                    "vpn": vpn,
                    "peer_addresses": addresses[far],
                    "peer_asn": asns[far],
                    "keys": keys,
                },
                child,
            )
            addresses["aws"], keys = aws.tunnel_addresses, aws.tunnel_keys
            targets["vpnConnections"] = aws.connection_ids
        if args["azure"]:
            azure, far = args["azure"], far_from["azure"]
            azure_end = AzureVpn(
                f"{name}-azure",
                {
                    "vpn": vpn,
                    "gateway": azure["gateway"],
                    "physical_name": azure["physical_name"],
                    "resource_group_name": azure["resource_group_name"],
                    "wan_id": azure["wan_id"],
                    "hub_id": azure["hub_id"],
                    "hub_name": azure["hub_name"],
                    "gateway_name": azure["gateway_name"],
                    "peer_addresses": addresses[far],
                    "peer_asn": asns[far],
                    "keys": keys,
                    "tags": azure["tags"],
                },
                pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None),
            )
            targets["vpnConnection"] = azure_end.connection_id
        if args["gcp"]:
            gcp, far = args["gcp"], far_from["gcp"]
            gcp_end = GcpVpn(
                f"{name}-gcp",
                {
                    "vpn": vpn,
                    "physical_name": gcp["physical_name"],
                    "gateway_id": gcp["gateway_id"],
                    "router_name": gcp["router_name"],
                    "hub_id": gcp["hub_id"],
                    "group_id": gcp["group_id"],
                    "peer_addresses": addresses[far],
                    "peer_asn": asns[far],
                    "keys": keys,
                },
                child,
            )
            targets["tunnels"] = gcp_end.tunnel_ids

        self.keys = {tunnel: pulumi.Output.secret(key) for tunnel, key in keys.items()}
        self.addresses = {
            tunnel.key: pulumi.Output.from_input(addresses[one][tunnel.ends[one].port])
            for tunnel in vpn.tunnels
            if vpn.site
        }
        self.targets = targets
        self.register_outputs({"addresses": self.addresses, "keys": self.keys, "targets": self.targets})


def _public_addresses(args: VpnLinkArgs) -> dict[str, Mapping[str, pulumi.Input[str]]]:
    """Map the parties whose addresses are known before the link is made: AWS has them only from the link itself."""
    known: dict[str, Mapping[str, pulumi.Input[str]]] = {}
    if args["azure"]:
        known["azure"] = args["azure"]["addresses"]
    if args["gcp"]:
        known["gcp"] = args["gcp"]["addresses"]
    if args["vpn"].site:
        known[args["vpn"].site.name] = args["vpn"].site.devices
    return known


def _asns(vpn: Vpn) -> dict[str, int]:
    asns = {"azure": AZURE_HUB}
    if vpn.aws:
        asns["aws"] = vpn.aws.asn
    if vpn.gcp:
        asns["gcp"] = vpn.gcp.asn
    if vpn.site:
        asns[vpn.site.name] = vpn.site.asn
    return asns
