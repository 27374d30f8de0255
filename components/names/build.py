"""Every private name of the stack: Google's entry points first, since the others' forwards need their addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

import planning.aws
import planning.gcp
from components.aws.cloud import AwsCloud
from components.aws.dns import AwsDns
from components.aws.resolver import AwsResolver
from components.aws.shared_names import AwsSharedNames
from components.azure.cloud import AzureCloud
from components.azure.dns import AzureDns
from components.azure.resolver import AzureResolver
from components.gcp.cloud import GcpCloud
from components.gcp.dns import GcpDns
from components.gcp.resolver import GcpResolver
from components.names.site_forwarders import site_forwarders
from planning.names.types import AwsNames, AzureNames, GcpNames, Names


@dataclass(frozen=True, slots=True)
class NamesGround:
    """The stack as names find it."""

    protect: bool
    tags: Mapping[str, str]
    aws: AwsCloud | None
    aws_plan: planning.aws.Aws | None
    azure: AzureCloud | None
    gcp: GcpCloud | None
    gcp_plan: planning.gcp.Gcp | None
    providers: Sequence[pulumi.ProviderResource]

    def opts(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        """Give what a component is made with."""
        return pulumi.ResourceOptions(providers=list(self.providers), depends_on=after)


@dataclass(frozen=True, slots=True)
class BuiltNames:
    """What others read of names."""

    aws: AwsDns | None
    azure: AzureDns | None
    gcp: GcpDns | None
    profiles: Mapping[str, AwsSharedNames]
    """AWS region -> profile for other accounts."""
    entry_points: Mapping[str, pulumi.Output[str]]
    """Google's server -> address."""
    site_files: Mapping[str, pulumi.Output[Mapping[str, str]]]
    """Site -> file for its DNS servers -> text."""


def build(names: Names, ground: NamesGround) -> BuiltNames:
    """Build zones, resolvers and forwards in all clouds, and the files for sites."""
    entry_points: Mapping[str, pulumi.Output[str]] = {}
    aws = azure = gcp = None
    profiles: Mapping[str, AwsSharedNames] = {}
    if names.gcp and ground.gcp and ground.gcp_plan:
        entry_points = _entry_points(names.gcp, ground.gcp, ground.gcp_plan, ground)
        gcp = GcpDns(
            "gcp-dns",
            {
                "names": names.gcp,
                "network_ids": {name: network.network_id for name, network in ground.gcp.networks.items()},
                "entry_points": entry_points,
                "protect": ground.protect,
            },
            ground.opts(),
        )
    if names.aws and ground.aws and ground.aws_plan:
        aws, profiles = _aws(names.aws, ground.aws, ground.aws_plan, entry_points, ground)
    if names.azure and ground.azure:
        azure = _azure(names.azure, ground.azure, entry_points, ground)
    return BuiltNames(aws, azure, gcp, profiles, entry_points, site_forwarders(names.sites, entry_points))


def _entry_points(
    names: GcpNames, cloud: GcpCloud, plan: planning.gcp.Gcp, ground: NamesGround
) -> Mapping[str, pulumi.Output[str]]:
    network = cloud.networks[names.network]
    return GcpResolver(
        "gcp-resolver",
        {
            "names": names,
            "network": next(each for each in plan.networks if each.name == names.network),
            "project": plan.project,
            "network_id": network.network_id,
            "subnet_ids": network.subnet_ids,
        },
        ground.opts(),
    ).entry_points


def _aws(
    names: AwsNames,
    cloud: AwsCloud,
    plan: planning.aws.Aws,
    entry_points: Mapping[str, pulumi.Input[str]],
    ground: NamesGround,
) -> tuple[AwsDns, Mapping[str, AwsSharedNames]]:
    vpc_ids = {name: network.vpc_id for name, network in cloud.networks.items()}
    dns = AwsDns(
        "aws-dns",
        {
            "names": names,
            "vpc_ids": vpc_ids,
            "vpc_regions": {network.name: network.region for network in plan.networks},
            "protect": ground.protect,
        },
        ground.opts(),
    )
    rule_arns: dict[str, Mapping[str, pulumi.Output[str]]] = {}
    for resolver in names.resolvers:
        rule_arns[resolver.region] = AwsResolver(
            f"aws-{resolver.region}-resolver",
            {
                "resolver": resolver,
                "vpc_ids": vpc_ids,
                "subnet_ids": cloud.networks[resolver.network].subnet_ids,
                "entry_points": entry_points,
            },
            ground.opts(),
        ).rule_arns
    profiles = {
        region: AwsSharedNames(
            f"aws-{region}-names",
            {
                "region": region,
                "zone_arns": {key: dns.zone_arns[key] for key in names.offered},
                "rule_arns": rule_arns.get(region, {}),
                "shared_with": names.shared_with,
            },
            ground.opts(),
        )
        for region in names.profiles_in
    }
    return dns, profiles


def _azure(
    names: AzureNames, cloud: AzureCloud, entry_points: Mapping[str, pulumi.Input[str]], ground: NamesGround
) -> AzureDns:
    vnet_ids = {name: network.vnet_id for name, network in cloud.networks.items()}
    for resolver in names.resolvers:
        transit = cloud.networks[resolver.network]
        AzureResolver(
            f"azure-{resolver.region}-resolver",
            {
                "resolver": resolver,
                "resource_group_name": transit.resource_group_name,
                "vnet_id": transit.vnet_id,
                "subnet_ids": transit.subnet_ids,
                "vnet_ids": vnet_ids,
                "entry_points": entry_points,
                "tags": ground.tags,
            },
            ground.opts(cloud.hubs[resolver.region]),
        )
    return AzureDns(
        "azure-dns",
        {
            "names": names,
            "resource_group_name": cloud.wan.resource_group_name,
            "vnet_ids": vnet_ids,
            "protect": ground.protect,
            "tags": ground.tags,
        },
        ground.opts(),
    )
