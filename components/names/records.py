"""Everything that answers by health, put together from the plan; no resource of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.aws.failover import AwsFailover
from components.azure.failover import AzureFailover
from components.gcp.failover import GcpFailover
from components.names.public_zone import PublicZone
from planning.records.types import PUBLIC_ZONE, Records


@dataclass(frozen=True, slots=True)
class RecordsGround:
    """The stack as records find it."""

    protect: bool
    tags: Mapping[str, str]
    aws_zone_ids: Mapping[str, pulumi.Input[str]]
    """Route 53's private zones by key, `names` among them -> id; empty without AWS."""
    gcp_zone_names: Mapping[str, pulumi.Input[str]]
    """Cloud DNS's private zones by key, `names` among them -> name in Google Cloud; empty without Google Cloud."""
    gcp_project: str
    """Empty without Google Cloud."""
    gcp_network_ids: Mapping[str, pulumi.Input[str]]
    """Name of the network -> id."""
    providers: Sequence[pulumi.ProviderResource]
    """Of the clouds that answer or hold the zone."""


@dataclass(frozen=True, slots=True)
class BuiltRecords:
    """What others join to."""

    public: PublicZone | None
    route53: AwsFailover | None
    traffic_manager: AzureFailover | None
    cloud_dns: GcpFailover | None


def build(records: Records, ground: RecordsGround) -> BuiltRecords:
    """Build all names of a plan that follow health, and the zone for the internet."""
    opts = pulumi.ResourceOptions(providers=list(ground.providers))
    traffic_manager = (
        AzureFailover("azure-failover", {"traffic_manager": records.traffic_manager, "tags": ground.tags}, opts)
        if records.traffic_manager
        else None
    )
    public = (
        PublicZone(
            "public-zone",
            {"zone": records.public, "protect": ground.protect, "tags": ground.tags},
            pulumi.ResourceOptions(
                providers=list(ground.providers), depends_on=[traffic_manager] if traffic_manager else None
            ),
        )
        if records.public
        else None
    )
    public_zone = {PUBLIC_ZONE: public.zone} if public else {}
    route53 = (
        AwsFailover(
            "aws-failover",
            {"route53": records.route53, "zone_ids": {**ground.aws_zone_ids, **public_zone}},
            opts,
        )
        if records.route53
        else None
    )
    cloud_dns = (
        GcpFailover(
            "gcp-failover",
            {
                "cloud_dns": records.cloud_dns,
                "project": ground.gcp_project,
                "network_ids": ground.gcp_network_ids,
                "zone_names": {**ground.gcp_zone_names, **public_zone},
            },
            opts,
        )
        if records.cloud_dns
        else None
    )
    return BuiltRecords(public=public, route53=route53, traffic_manager=traffic_manager, cloud_dns=cloud_dns)
