"""The AWS end of a VPN: for each address of the far side a connection of two tunnels, on the hub.

A connection's customer gateway cannot change. When the far side gets another address, a second customer gateway is
made, the connection is moved to it in place and keeps its own addresses, and the first goes last.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from operator import eq

import pulumi
import pulumi_aws as aws

from components.aws.end import AwsHubEndArgs, join_route_tables
from planning.aws import SEGMENT_TAG, TUNNELS
from planning.links.types import AwsEnd, Tunnel, Vpn

# One proposal, which Azure's and Google's gateways take too. AWS would also accept the weakest of its list.
_IKE_VERSIONS = ["ikev2"]
_ENCRYPTION, _INTEGRITY, _GROUP = ["AES256"], ["SHA2-256"], [14]
_ESP_ENCRYPTION, _ESP_INTEGRITY, _ESP_GROUP = ["AES256-GCM-16"], ["SHA2-256"], [14]
_IKE_SECONDS, _ESP_SECONDS = 28_800, 3_600  # the longest that AWS allows


class AwsVpnArgs(AwsHubEndArgs):
    """What the AWS end of a VPN is built from."""

    vpn: Vpn
    """The plan; two of its tunnels for each port of the far side."""
    peer_addresses: Mapping[str, pulumi.Input[str]]
    """Port of the far side -> its public address."""
    peer_asn: int
    """ASN of the far side."""
    keys: Mapping[str, pulumi.Input[str]]
    """Key of a tunnel -> pre-shared key; empty where AWS makes them."""


class AwsVpn(pulumi.ComponentResource):
    """The connections of one VPN."""

    tunnel_addresses: Mapping[str, pulumi.Output[str]]
    """Public address of AWS, by key of the tunnel."""
    tunnel_keys: Mapping[str, pulumi.Output[str]]
    """Pre-shared key, by key of the tunnel; secret."""
    connection_ids: Mapping[str, pulumi.Output[str]]
    """Id of the VPN connection, by port of the far side."""

    def __init__(self, name: str, args: AwsVpnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsVpn", name, None, opts)
        vpn, end = args["vpn"], args["vpn"].aws
        if end is None:
            message = f"{vpn.name} does not end in AWS"
            raise ValueError(message)

        connections: dict[str, aws.ec2.VpnConnection] = {}
        addresses: dict[str, pulumi.Output[str]] = {}
        keys: dict[str, pulumi.Output[str]] = {}
        for port in sorted({vpn.far("aws", tunnel).port for tunnel in vpn.tunnels}):
            # A connection has two tunnels, not one and not three.
            first, second = sorted(
                (tunnel for tunnel in vpn.tunnels if vpn.far("aws", tunnel).port == port), key=lambda tunnel: tunnel.key
            )
            connection = self._connection(
                f"{name}-{port}",
                args,
                region=end.region,
                port=port,
                tunnels=(first, second),
                after=[*connections.values()],
            )
            connections[port] = connection
            if "core_network_id" in args:
                connection = self._attached(f"{name}-{port}", end, args["core_network_id"], connection)
            else:
                attachment_id = connection.transit_gateway_attachment_id
                join_route_tables(f"{name}-{port}", end, attachment_id, args["hub_route_table_ids"], self)
            # AWS lists the tunnels in any order; the provider puts them in ours by pre-shared keys, which may be equal.
            swapped = connection.tunnel2_vgw_inside_address.apply(partial(eq, first.ends["aws"].address))
            made = (
                (first, connection.tunnel1_address, connection.tunnel1_preshared_key),
                (second, connection.tunnel2_address, connection.tunnel2_preshared_key),
            )
            for (tunnel, address, key), (_, other_address, other_key) in zip(made, reversed(made), strict=True):
                addresses[tunnel.key] = _placed(swapped, address, other_address)
                # The SDK asks for secrecy of what AWS makes; an engine that stands in for Pulumi's may not heed that.
                keys[tunnel.key] = pulumi.Output.secret(
                    _placed(swapped, key, other_key) if vpn.aws_makes_keys else args["keys"][tunnel.key]
                )

        self.tunnel_addresses = addresses
        self.tunnel_keys = keys
        self.connection_ids = {port: connection.id for port, connection in connections.items()}
        self.register_outputs(
            {
                "tunnel_addresses": self.tunnel_addresses,
                "tunnel_keys": self.tunnel_keys,
                "connection_ids": self.connection_ids,
            }
        )

    def _connection(
        self,
        name: str,
        args: AwsVpnArgs,
        *,
        region: str,
        port: str,
        tunnels: tuple[Tunnel, Tunnel],
        after: Sequence[pulumi.Resource],
    ) -> aws.ec2.VpnConnection:
        """Make the connection to one address of the far side."""
        vpn = args["vpn"]
        asn, long_asn = (str(args["peer_asn"]), None) if args["peer_asn"] < 2**31 else (None, str(args["peer_asn"]))
        gateway = aws.ec2.CustomerGateway(
            name,
            region=region,
            type="ipsec.1",
            ip_address=args["peer_addresses"][port],
            bgp_asn=asn,
            bgp_asn_extended=long_asn,
            # Asked for the same address, ASN and device name again, AWS hands out the gateway that it has: another
            # stack's, or our own that has just lost this address to its neighbour.
            device_name=pulumi.Output.concat(f"{name}-", args.get("core_network_id") or args["transit_gateway_id"]),
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        inside, other_inside = (tunnel.inside for tunnel in tunnels)
        key, other_key = (None if vpn.aws_makes_keys else args["keys"][tunnel.key] for tunnel in tunnels)
        # Clouds start tunnels and start them again by themselves; two that start make a tunnel twice. A site's device
        # may only answer.
        startup, timeout = ("start", "restart") if vpn.site else ("add", "clear")
        return aws.ec2.VpnConnection(
            name,
            region=region,
            type="ipsec.1",
            customer_gateway_id=gateway.id,
            transit_gateway_id=args.get("transit_gateway_id"),
            static_routes_only=False,
            enable_acceleration=vpn.accelerated,
            tunnel1_inside_cidr=inside,
            tunnel1_preshared_key=key,
            tunnel1_startup_action=startup,
            tunnel1_dpd_timeout_action=timeout,
            tunnel1_ike_versions=_IKE_VERSIONS,
            tunnel1_phase1_encryption_algorithms=_ENCRYPTION,
            tunnel1_phase1_integrity_algorithms=_INTEGRITY,
            tunnel1_phase1_dh_group_numbers=_GROUP,
            tunnel1_phase1_lifetime_seconds=_IKE_SECONDS,
            tunnel1_phase2_encryption_algorithms=_ESP_ENCRYPTION,
            tunnel1_phase2_integrity_algorithms=_ESP_INTEGRITY,
            tunnel1_phase2_dh_group_numbers=_ESP_GROUP,
            tunnel1_phase2_lifetime_seconds=_ESP_SECONDS,
            tunnel2_inside_cidr=other_inside,
            tunnel2_preshared_key=other_key,
            tunnel2_startup_action=startup,
            tunnel2_dpd_timeout_action=timeout,
            tunnel2_ike_versions=_IKE_VERSIONS,
            tunnel2_phase1_encryption_algorithms=_ENCRYPTION,
            tunnel2_phase1_integrity_algorithms=_INTEGRITY,
            tunnel2_phase1_dh_group_numbers=_GROUP,
            tunnel2_phase1_lifetime_seconds=_IKE_SECONDS,
            tunnel2_phase2_encryption_algorithms=_ESP_ENCRYPTION,
            tunnel2_phase2_integrity_algorithms=_ESP_INTEGRITY,
            tunnel2_phase2_dh_group_numbers=_ESP_GROUP,
            tunnel2_phase2_lifetime_seconds=_ESP_SECONDS,
            tags={"Name": name},
            # One after the other: both tunnels of a connection are down while it moves to another customer gateway.
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )

    def _attached(
        self, name: str, end: AwsEnd, core_network_id: pulumi.Input[str], connection: aws.ec2.VpnConnection
    ) -> aws.ec2.VpnConnection:
        """Attach the connection to a core network, and read it again: before that it has no addresses."""
        attachment = aws.networkmanager.SiteToSiteVpnAttachment(
            name,
            core_network_id=core_network_id,
            vpn_connection_arn=connection.arn,
            routing_policy_label=TUNNELS,
            tags={"Name": name, SEGMENT_TAG: end.route_table},
            # A connection has one attachment: the old one goes first.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        # By an id that is not known before the attachment: with a known one a preview would read too early. What the id
        # comes from is forgotten, so that the dependency is said as well.
        connection_id = pulumi.Output.all(connection.id, attachment.id).apply(lambda ids: ids[0])
        return aws.ec2.VpnConnection.get(
            f"{name}-attached",
            connection_id,
            region=end.region,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[attachment]),
        )


def _placed(swapped: pulumi.Output[bool], here: pulumi.Output[str], there: pulumi.Output[str]) -> pulumi.Output[str]:
    """Take a tunnel's value from its own place or from the other tunnel's."""
    return pulumi.Output.all(swapped, here, there).apply(lambda made: made[2] if made[0] else made[1])
