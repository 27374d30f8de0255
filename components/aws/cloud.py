"""Everything the stack builds in AWS: hands each part of the plan to its component, and joins them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.aws.core_network import AwsCoreNetwork
from components.aws.end import AwsHubEndArgs
from components.aws.flow_logs import AwsFlowLogs
from components.aws.hub import AwsHub
from components.aws.ipam import AwsIpam
from components.aws.network import AwsNetwork
from components.aws.peering import AwsPeering
from planning.aws import Aws


@dataclass(frozen=True, slots=True)
class AwsCloud:
    """What links, DNS and services hang on."""

    hubs: Mapping[str, AwsHub]
    """Transit Gateways by region; none where there is a core network."""
    core_network: AwsCoreNetwork | None
    networks: Mapping[str, AwsNetwork]
    """By name."""

    def end(self, region: str) -> AwsHubEndArgs:
        """Give what something in a region hangs on."""
        return _end(self.hubs, self.core_network, region)


def build(aws: Aws, *, protect: bool, provider: pulumi.ProviderResource) -> AwsCloud:
    """Build the AWS part of a plan in the account that the provider signs in to."""
    opts = pulumi.ResourceOptions(provider=provider)
    flow_logs = {
        region: AwsFlowLogs(
            f"aws-{region}-flow-logs",
            {
                "region": region,
                "account_id": aws.account_id,
                "retention_days": aws.flow_log_retention_days,
                "protect": protect,
            },
            opts,
        )
        for region in sorted({network.region for network in aws.networks})
    }
    ipam_pool_ids = AwsIpam("aws-ipam", {"ipam": aws.ipam}, opts).pool_ids if aws.ipam else {}
    hubs = {
        hub.region: AwsHub(f"aws-{hub.region}", {"hub": hub, "protect": protect, "shared_with": aws.shared_with}, opts)
        for hub in aws.hubs
    }
    core_network = (
        AwsCoreNetwork(
            "aws-core-network",
            {"core_network": aws.core_network, "protect": protect, "shared_with": aws.shared_with},
            opts,
        )
        if aws.core_network
        else None
    )
    networks = {
        network.name: AwsNetwork(
            network.name,
            {
                "network": network,
                **_end(hubs, core_network, network.region),
                "flow_log_bucket_arn": flow_logs[network.region].bucket_arn,
                "ipam_pool_id": ipam_pool_ids.get(network.region),
                "protect": protect,
            },
            opts,
        )
        for network in aws.networks
    }
    for peering in aws.peerings:
        requester, accepter = hubs[peering.requester], hubs[peering.accepter]
        AwsPeering(
            f"aws-{peering.requester}-{peering.accepter}",
            {
                "peering": peering,
                "account_id": aws.account_id,
                "requester_transit_gateway_id": requester.transit_gateway_id,
                "accepter_transit_gateway_id": accepter.transit_gateway_id,
                "requester_route_table_ids": requester.route_table_ids,
                "accepter_route_table_ids": accepter.route_table_ids,
            },
            opts,
        )
    return AwsCloud(hubs=hubs, core_network=core_network, networks=networks)


def _end(hubs: Mapping[str, AwsHub], core_network: AwsCoreNetwork | None, region: str) -> AwsHubEndArgs:
    if core_network:
        return {
            "core_network_id": core_network.core_network_id,
            "core_network_arn": core_network.core_network_arn,
        }
    return {
        "transit_gateway_id": hubs[region].transit_gateway_id,
        "hub_route_table_ids": hubs[region].route_table_ids,
    }
