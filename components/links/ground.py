"""What links stand on: the clouds that are built, keys, and the queue for changes to each virtual hub."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.aws.cloud import AwsCloud
from components.azure.cloud import AzureCloud
from components.gcp.cloud import GcpCloud
from components.gcp.network import GcpNetwork
from planning.links.keys import derive
from planning.links.types import Vpn
from planning.places import TRANSIT

BGP_KEY_LENGTH = 20
"""Characters: AWS, Azure and Equinix take as many, Azure no more than 25 [K]."""


@dataclass(slots=True)
class Ground:
    """The stack as links find it."""

    environment: str
    """Starts names in the clouds."""
    protect: bool
    tags: Mapping[str, str]
    aws: AwsCloud | None
    aws_account_id: str
    """Empty without AWS."""
    azure: AzureCloud | None
    gcp: GcpCloud | None
    gcp_project: str
    """Empty without Google Cloud."""
    secret: pulumi.Output[str] | None
    """What keys are derived from."""
    given_keys: pulumi.Output[Mapping[str, str]] | None
    """Pair -> pre-shared key, and what else somebody gave."""
    providers: Sequence[pulumi.ProviderResource]
    queue: dict[str, list[pulumi.Resource]] = field(init=False)
    """Region -> what changes its virtual hub, in turn: Azure does one thing at a time."""

    def __post_init__(self) -> None:
        """Let the hubs themselves stand first."""
        self.queue = {region: [hub] for region, hub in (self.azure.hubs.items() if self.azure else ())}

    @property
    def google_network(self) -> GcpNetwork:
        """The network that links end in."""
        if self.gcp is None:
            raise LookupError("no network in Google Cloud is planned")
        return self.gcp.networks[f"gcp-{TRANSIT}"]

    def opts(self, hub_region: str | None = None) -> pulumi.ResourceOptions:
        """Give what a component is made with; one that changes a virtual hub names its region."""
        after = self.queue[hub_region][-1:] if hub_region else None
        return pulumi.ResourceOptions(providers=list(self.providers), depends_on=after)

    def tunnel_keys(self, vpn: Vpn) -> Mapping[str, pulumi.Input[str]]:
        """Give each tunnel its key. Tunnels to one device or address share theirs: a link of Azure's has only one."""
        if vpn.aws_makes_keys:
            return {}
        if vpn.key_given:
            key = self.given_key(vpn.pair)
            return {tunnel.key: key for tunnel in vpn.tunnels}
        far = vpn.pair.split("/")[1]
        return {tunnel.key: self._derived(f"{vpn.name}/{tunnel.ends[far].port}") for tunnel in vpn.tunnels}

    def given_key(self, name: str) -> pulumi.Output[str]:
        """Give the key that `linkKeys` has under a name."""
        if self.given_keys is None:
            message = f"linkKeys.{name} is missing"
            raise pulumi.RunError(message)
        return self.given_keys.apply(lambda keys: keys[name])

    def session_key(self, circuit: str) -> pulumi.Output[str]:
        """Give a circuit the key of its sessions."""
        return self._derived(circuit, BGP_KEY_LENGTH)

    def _derived(self, purpose: str, length: int = 32) -> pulumi.Output[str]:
        if self.secret is None:
            message = f"{purpose} needs linkSecret"
            raise pulumi.RunError(message)
        return self.secret.apply(lambda secret: derive(secret, purpose, length))
