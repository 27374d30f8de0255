from collections import Counter
from dataclasses import replace

import pulumi_aws
import pytest

from components.aws.cloud import build
from inspection.graph import Graph, Json, Resource
from planning.aws import Aws
from tests.components.aws.graphs import (
    ACCEPTER,
    ASSOCIATION,
    ATTACHMENT,
    BUCKET,
    BUCKET_POLICY,
    FLOW_LOG,
    HUB_TABLE,
    PEERING,
    POOL,
    POOL_CIDR,
    PROPAGATION,
    ROUTE,
    TRANSIT_GATEWAY,
    VPC,
    refers,
)
from tests.components.aws.plans import AWS, EAST_HUB, SHOP, VAULT
from tests.support.declarations import arguments, check, resource_class
from tests.support.recorded import preview_of


def preview(plan: Aws, *, protect: bool = True) -> Graph:
    def program() -> None:
        build(plan, protect=protect, provider=pulumi_aws.Provider("aws", region=plan.home_region))

    return preview_of(program)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview(AWS)


def in_aws(graph: Graph) -> list[Resource]:
    return [resource for resource in graph.resources if resource.type.startswith("aws:")]


def settings_of(graph: Graph) -> dict[str, Json]:
    return {resource.urn: resource.inputs for resource in in_aws(graph)}


def source(graph: Graph, resource: Resource, key: str, token: str) -> Resource:
    [found] = [graph.by_urn[urn] for urn in resource.property_dependencies[key] if graph.by_urn[urn].type == token]
    return found


def accepts(resource: Resource, argument: str) -> bool:
    declared = resource_class(resource.type)
    return bool(declared) and hasattr(arguments(declared), argument)


def test_what_is_sent_is_what_the_sdk_declares(graph: Graph) -> None:
    assert check(graph) == []
    assert not [message for message in graph.messages if message.severity == "warning"], "the SDK warns of old names"


def test_every_resource_says_its_region(graph: Graph) -> None:
    homeless = [r.urn for r in in_aws(graph) if accepts(r, "region") and not r.inputs.get("region")]

    assert not homeless
    assert {r.type for r in in_aws(graph) if not accepts(r, "region")} == set()


def test_every_resource_belongs_to_a_component_whose_name_its_own_begins_with(graph: Graph) -> None:
    for resource in in_aws(graph):
        parent = graph.by_urn[resource.parent]

        assert parent.type.startswith("multicloud-network:index:Aws"), resource.urn
        assert resource.name.startswith(parent.name), resource.urn


def test_everything_that_takes_tags_is_found_by_its_logical_name(graph: Graph) -> None:
    for resource in in_aws(graph):
        if accepts(resource, "tags") and resource.type not in {
            "aws:ec2/vpcIpamPoolCidrAllocation:VpcIpamPoolCidrAllocation"
        }:
            assert resource.inputs.get("tags") == {"Name": resource.name}, resource.urn


def test_every_resource_goes_through_the_provider_it_was_given(graph: Graph) -> None:
    [provider] = graph.of_type("pulumi:providers:aws")

    assert {resource.provider.rpartition("::")[0] for resource in in_aws(graph)} == {provider.urn}


def test_every_attachment_has_exactly_one_table_at_each_end(graph: Graph) -> None:
    ends = Counter(
        (resource.urn, association.inputs["region"])
        for association in graph.of_type(ASSOCIATION)
        for resource in [*graph.of_type(ATTACHMENT), *graph.of_type(PEERING)]
        if refers(association, "transitGatewayAttachmentId", resource)
    )
    wanted = [(resource.urn, resource.inputs["region"]) for resource in graph.of_type(ATTACHMENT)]
    for peering in graph.of_type(PEERING):
        wanted += [(peering.urn, peering.inputs["region"]), (peering.urn, peering.inputs["peerRegion"])]

    assert ends == Counter(wanted)


def test_no_resource_touches_a_hub_of_another_region_but_the_peering(graph: Graph) -> None:
    for resource in in_aws(graph):
        for urn in [urn for urns in resource.property_dependencies.values() for urn in urns]:
            other = graph.by_urn[urn]
            if other.type in {TRANSIT_GATEWAY, HUB_TABLE, ATTACHMENT, VPC} and resource.type != PEERING:
                assert resource.inputs["region"] == other.inputs["region"], resource.urn


def test_the_peering_joins_the_hubs_of_its_two_regions(graph: Graph) -> None:
    [peering] = graph.of_type(PEERING)
    [accepter] = graph.of_type(ACCEPTER)

    assert peering.name == accepter.name == "aws-us-east-1-us-west-2"
    assert source(graph, peering, "transitGatewayId", TRANSIT_GATEWAY).name == "aws-us-east-1"
    assert source(graph, peering, "peerTransitGatewayId", TRANSIT_GATEWAY).name == "aws-us-west-2"


def test_a_vpc_is_looked_up_in_its_segments_table_and_learnt_where_the_plan_says(graph: Graph) -> None:
    attachment = graph.named(ATTACHMENT, "vault-hub")
    [association] = [a for a in graph.of_type(ASSOCIATION) if refers(a, "transitGatewayAttachmentId", attachment)]
    learnt = {
        source(graph, propagation, "transitGatewayRouteTableId", HUB_TABLE).name
        for propagation in graph.of_type(PROPAGATION)
        if refers(propagation, "transitGatewayAttachmentId", attachment)
    }

    assert source(graph, association, "transitGatewayRouteTableId", HUB_TABLE).name == "aws-us-east-1-shared"
    assert learnt == {f"aws-us-east-1-{table}" for table in VAULT.attachment.propagates_to}


def test_each_vpcs_flow_log_stays_in_its_region_and_waits_to_be_let_in(graph: Graph) -> None:
    assert len(graph.of_type(FLOW_LOG)) == len(AWS.networks)
    for log in graph.of_type(FLOW_LOG):
        bucket = source(graph, log, "logDestination", BUCKET)
        policy = source(graph, log, "logDestination", BUCKET_POLICY)

        assert log.inputs["region"] == bucket.inputs["region"] == policy.inputs["region"]


def test_each_vpc_is_registered_in_its_regions_pool_and_waits_for_the_pools_cidrs(graph: Graph) -> None:
    for vpc in graph.of_type(VPC):
        pool = source(graph, vpc, "ipv4IpamPoolId", POOL)
        cidrs = [cidr for cidr in graph.of_type(POOL_CIDR) if refers(cidr, "ipamPoolId", pool)]

        assert pool.inputs["locale"] == vpc.inputs["region"]
        assert cidrs
        assert all(refers(vpc, "ipv4IpamPoolId", cidr) for cidr in cidrs)


def test_a_route_to_a_hub_leads_to_the_hub_of_the_vpcs_region(graph: Graph) -> None:
    to_hub = [route for route in graph.of_type(ROUTE) if "transitGatewayId" in route.inputs]

    assert to_hub
    for route in to_hub:
        gateway = source(graph, route, "transitGatewayId", TRANSIT_GATEWAY)
        assert gateway.inputs["region"] == route.inputs["region"], route.urn


def test_what_an_outage_would_follow_from_is_protected(graph: Graph) -> None:
    protected = Counter(resource.type for resource in graph.resources if resource.protect)

    assert protected == {TRANSIT_GATEWAY: 2, VPC: 4, BUCKET: 2}


def test_a_small_environment_pays_for_no_address_manager_and_can_be_deleted_in_one_go() -> None:
    small = replace(AWS, hubs=(EAST_HUB,), networks=(SHOP,), peerings=(), ipam=None, shared_with=())
    graph = preview(small, protect=False)

    assert not any(resource.protect for resource in graph.resources)
    assert not any("Ipam" in resource.type for resource in graph.resources)
    assert "ipv4IpamPoolId" not in graph.named(VPC, "shop").inputs


def test_another_network_leaves_everything_there_is_as_it_was(graph: Graph) -> None:
    before = settings_of(preview(replace(AWS, networks=[network for network in AWS.networks if network is not VAULT])))

    assert before.items() <= settings_of(graph).items()


def test_the_order_of_the_plan_changes_nothing(graph: Graph) -> None:
    turned = replace(AWS, hubs=AWS.hubs[::-1], networks=AWS.networks[::-1])

    assert settings_of(preview(turned)) == settings_of(graph)
