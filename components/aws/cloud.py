"""Everything the stack builds in AWS: hands each part of the plan to its component, and joins them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

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
    """By region."""
    networks: Mapping[str, AwsNetwork]
    """By name."""


def build(aws: Aws, *, protect: bool, provider: pulumi.ProviderResource) -> AwsCloud:
    """Build the AWS part of a plan in the account that the provider signs in to."""
    opts = pulumi.ResourceOptions(provider=provider)
    flow_logs = {
        hub.region: AwsFlowLogs(
            f"aws-{hub.region}-flow-logs",
            {
                "region": hub.region,
                "account_id": aws.account_id,
                "retention_days": aws.flow_log_retention_days,
                "protect": protect,
            },
            opts,
        )
        for hub in aws.hubs
    }
    ipam_pool_ids = AwsIpam("aws-ipam", {"ipam": aws.ipam}, opts).pool_ids if aws.ipam else {}
    hubs = {
        hub.region: AwsHub(f"aws-{hub.region}", {"hub": hub, "protect": protect, "shared_with": aws.shared_with}, opts)
        for hub in aws.hubs
    }
    networks = {
        network.name: AwsNetwork(
            network.name,
            {
                "network": network,
                "transit_gateway_id": hubs[network.region].transit_gateway_id,
                "hub_route_table_ids": hubs[network.region].route_table_ids,
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
    return AwsCloud(hubs=hubs, networks=networks)
