"""The link that AWS and Google run between themselves: Google's half, and what to run in AWS for the other.

Google's half waits for a key that AWS takes, or that AWS made; adding the latter is an update. AWS's SDK has no
resource for its half, so it is told to people as a command. BGP, addresses and redundancy are the clouds' own.
"""

from typing import TypedDict

import pulumi
from pulumi_gcp import networkconnectivity

from components.links.targets import Targets
from planning.links import outside_types

_GBPS = 1000
"""Mbps."""


class NativeLinkArgs(TypedDict):
    """What the link is told."""

    link: outside_types.Native
    """The plan."""
    hub_id: pulumi.Input[str]
    """Connectivity hub."""
    gateway_id: pulumi.Input[str]
    """Direct Connect gateway that AWS's half is attached to."""
    activation_key: pulumi.Input[str] | None
    """That AWS made; None where Google makes it."""
    protect: bool
    """Whether Pulumi refuses to delete or replace Google's half."""


class NativeLink(pulumi.ComponentResource):
    """Google's half as a resource, AWS's as an instruction."""

    activation_key: pulumi.Output[str]
    """That Google made, or that AWS did; secret."""
    instruction: pulumi.Output[str] | None
    """Command to run once in AWS, with the activation key in its environment. None where AWS's half is there."""
    targets: Targets

    def __init__(self, name: str, args: NativeLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:NativeLink", name, opts=opts)
        link, key = args["link"], args["activation_key"]
        profiles = f"projects/{link.project}/locations/{link.region}/remoteTransportProfiles"
        transport = networkconnectivity.Transport(
            name,
            name=link.physical_name,
            region=link.region,
            remote_profile=f"https://networkconnectivity.googleapis.com/v1/{profiles}/{link.remote_profile}",
            bandwidth=f"BPS_{link.bandwidth // _GBPS}G",
            remote_account_id=link.aws_account_id,
            advertised_routes=link.advertised,
            # The hub, not one VPC: routes that a VPC learns from a peer reach no other VPC of the hub.
            hub=args["hub_id"],
            auto_accept=True,
            stack_type="IPV4_ONLY",
            provided_activation_key=None if key is None else pulumi.Output.secret(key),
            opts=pulumi.ResourceOptions(
                parent=self,
                # None inherits from the component; False would undo a protection that a caller gave it.
                protect=args["protect"] or None,
                additional_secret_outputs=["generated_activation_key", "provided_activation_key"],
            ),
        )
        self.activation_key = pulumi.Output.secret(transport.generated_activation_key if key is None else key)
        self.instruction = self._accept(link.aws_region, args["gateway_id"]) if key is None else None
        self.targets = {"transport": transport.id}
        self.register_outputs(
            {"activation_key": self.activation_key, "instruction": self.instruction, "targets": self.targets}
        )

    def _accept(self, region: str, gateway_id: pulumi.Input[str]) -> pulumi.Output[str]:
        return pulumi.Output.concat(
            f"aws interconnect accept-connection-proposal --region {region} --attach-point directConnectGateway=",
            gateway_id,
            ' --activation-key "$ACTIVATION_KEY"',
        )
