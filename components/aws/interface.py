"""A session with AWS over a Direct Connect connection, whoever the connection comes from."""

from ipaddress import IPv4Interface
from typing import TypedDict

import pulumi
import pulumi_aws as aws

import planning.links.types


class AwsInterfaceArgs(TypedDict):
    """What a virtual interface is built from."""

    circuit: planning.links.types.AwsCircuit
    """The plan."""
    connection_id: pulumi.Input[str]
    """Connection in Direct Connect, accepted or dedicated."""
    vlan: pulumi.Input[int]
    """VLAN on the connection."""
    gateway_id: pulumi.Input[str]
    """Direct Connect gateway."""
    peer_asn: pulumi.Input[int]
    """ASN of the router at the far end."""
    key: pulumi.Input[str] | None
    """BGP key; without it AWS makes one."""


class AwsInterface(pulumi.ComponentResource):
    """A transit virtual interface with its session."""

    session_key: pulumi.Output[str]
    """BGP key; secret."""

    def __init__(self, name: str, args: AwsInterfaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsInterface", name, None, opts)
        circuit, leg = args["circuit"], args["circuit"].leg
        middle = IPv4Interface(leg.middle_address)
        amazon = IPv4Interface((leg.end_address, middle.network.prefixlen))

        interface = aws.directconnect.TransitVirtualInterface(
            name,
            name=name,
            region=circuit.seller_region,
            connection_id=args["connection_id"],
            dx_gateway_id=args["gateway_id"],
            vlan=args["vlan"],
            address_family="ipv4",
            amazon_address=amazon.with_prefixlen,
            customer_address=middle.with_prefixlen,
            bgp_asn=args["peer_asn"],
            bgp_auth_key=None if args["key"] is None else pulumi.Output.secret(args["key"]),
            mtu=circuit.mtu,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(
                parent=self,
                additional_secret_outputs=["bgpAuthKey"],
                # A hosted connection carries one, any connection one of a VLAN, and nearly every change makes another.
                delete_before_replace=True,
            ),
        )

        # Secret in itself, since not every engine heeds the option above: one that stands in for Pulumi's may not.
        self.session_key = pulumi.Output.secret(interface.bgp_auth_key)
        self.register_outputs({"session_key": self.session_key})
