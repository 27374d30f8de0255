"""Everything the stack builds in Google Cloud, put together from the plan; no resource of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

import planning.gcp
from components.gcp.hub import GcpHub
from components.gcp.network import GcpNetwork


@dataclass(frozen=True, slots=True)
class GcpCloud:
    """What links, names and services in other files join to."""

    hub: GcpHub
    networks: Mapping[str, GcpNetwork]
    """By name in the plan, the transit network included."""


def build(gcp: planning.gcp.Gcp, *, protect: bool, provider: pulumi.ProviderResource) -> GcpCloud:
    """Build the plan's part with `provider`; `protect` guards what an outage would follow from deleting."""
    opts = pulumi.ResourceOptions(provider=provider)
    hub = GcpHub("gcp-hub", {"hub": gcp.hub, "protect": protect}, opts)
    networks = {
        network.name: GcpNetwork(
            network.name,
            {
                "network": network,
                "hub_id": hub.hub_id,
                "group_ids": hub.group_ids,
                "register_addresses": gcp.register_addresses,
                "protect": protect,
            },
            opts,
        )
        for network in gcp.networks
    }
    return GcpCloud(hub=hub, networks=networks)
