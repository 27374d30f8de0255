"""The whole configuration of a stack, as `Pulumi.<stack>.yaml` holds it."""

from pydantic import Field

from planning.settings.accounts import Accounts
from planning.settings.addressing import Addressing, Cloud
from planning.settings.connectivity import Flow, Service
from planning.settings.links import LinkKey, Links, LinkSecret, Transport
from planning.settings.names import Dns
from planning.settings.topology import AwsHub, Hubs, Nat, Network, Segment, Site, Topology
from planning.settings.types import EnvironmentName, Name, Section

NAMESPACE = "multicloud-network"


class Settings(Section):
    """Everything a stack is configured with."""

    environment: EnvironmentName
    """Starts the names in the clouds; the ledger keeps each environment's allocations apart."""
    accounts: Accounts
    networks: dict[Name, Network] = Field(min_length=1)
    segments: dict[Name, Segment] = {"main": Segment(reaches=("sites",))}
    """Default: one segment, `main`, that reaches all sites."""
    sites: dict[Name, Site] = {}
    """Default: no sites."""
    addressing: Addressing = Addressing()
    hubs: Hubs = Hubs()
    protect: bool = False
    """Whether hubs and networks refuse to be deleted. Default: they can be."""
    flow_log_days: int = Field(default=30, ge=1, le=3_650)
    """Days that flow logs are kept."""
    ledger: str = "ledger.yaml"
    """The ledger's file, relative to the project."""
    links: Links | None = None
    """Default: no links."""
    link_secret: LinkSecret | None = None
    """Every tunnel and session whose cloud makes no key of its own gets one derived from it. Default: none does."""
    link_keys: dict[str, LinkKey] = {}
    """Pair (`aws/hq`) -> pre-shared key of its tunnels, where the other side chose it. Default: none did."""
    dns: Dns | None = None
    """Default: no names."""
    services: dict[Name, Service] = {}
    """Default: none."""
    flows: tuple[Flow, ...] = ()
    """Default: none."""


__all__ = ["NAMESPACE", "AwsHub", "Cloud", "Nat", "Network", "Segment", "Settings", "Site", "Topology", "Transport"]
