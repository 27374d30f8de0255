from dataclasses import replace

import pulumi_aws as aws
import pytest

from components.aws.ipam import AwsIpam
from inspection.graph import Graph, Resource
from planning.aws import Ipam
from tests.components.aws.graphs import ALLOCATION, POOL, POOL_CIDR, VPC, after_deployment, refers
from tests.components.aws.graphs import IPAM as MANAGER
from tests.components.aws.plans import IPAM
from tests.support.recorded import depends_on, preview_of


def with_a_vpc(ipam: Ipam = IPAM) -> None:
    pools = AwsIpam("aws-ipam", {"ipam": ipam}).pool_ids
    aws.ec2.Vpc("shop", cidr_block="10.0.0.0/18", ipv4_ipam_pool_id=pools["us-east-1"])


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(with_a_vpc)


def pool(graph: Graph, key: str) -> Resource:
    return graph.named(POOL, f"aws-ipam-{key}")


def cidrs_of(graph: Graph, key: str) -> dict[str, Resource]:
    owner = pool(graph, key)
    return {cidr.inputs["cidr"]: cidr for cidr in graph.of_type(POOL_CIDR) if refers(cidr, "ipamPoolId", owner)}


def test_the_manager_may_hold_private_pools_in_every_region_in_use_and_its_own(graph: Graph) -> None:
    [manager] = graph.of_type(MANAGER)

    assert manager.inputs["tier"] == "advanced"
    assert [each["regionName"] for each in manager.inputs["operatingRegions"]] == [
        "eu-west-1",
        "us-east-1",
        "us-west-2",
    ]


def test_each_region_draws_from_a_pool_of_its_own_below_the_supernets(graph: Graph) -> None:
    assert set(cidrs_of(graph, "top")) == set(IPAM.supernets)
    for region, cidrs in IPAM.pools.items():
        assert pool(graph, region).inputs["locale"] == region
        assert refers(pool(graph, region), "sourceIpamPoolId", pool(graph, "top"))
        assert set(cidrs_of(graph, region)) == set(cidrs)


def test_a_regions_addresses_are_taken_only_once_the_supernets_are_there(graph: Graph) -> None:
    supernets = cidrs_of(graph, "top").values()

    for key in [*IPAM.pools, "reserved"]:
        for cidr in cidrs_of(graph, key).values():
            assert all(depends_on(graph, cidr, supernet) for supernet in supernets), cidr.urn


def test_a_vpc_waits_for_every_cidr_of_its_pool(graph: Graph) -> None:
    vpc = graph.named(VPC, "shop")

    assert all(refers(vpc, "ipv4IpamPoolId", cidr) for cidr in cidrs_of(graph, "us-east-1").values())
    assert not any(depends_on(graph, vpc, cidr) for cidr in cidrs_of(graph, "us-west-2").values())


def test_what_a_vpc_gets_is_its_regions_pool() -> None:
    graph = after_deployment(with_a_vpc)

    assert graph.named(VPC, "shop").inputs["ipv4IpamPoolId"] == pool(graph, "us-east-1").id


def test_a_range_reserved_inside_a_regions_block_is_allocated_in_that_pool(graph: Graph) -> None:
    """AWS gives no pool what another pool has, and allocates only when asked in the pool's locale."""
    allocation = graph.named(ALLOCATION, "aws-ipam-reserved-old-lab")

    assert allocation.inputs["cidr"] == "10.0.128.0/20"
    assert allocation.inputs["region"] == "us-east-1"
    assert refers(allocation, "ipamPoolId", pool(graph, "us-east-1"))
    assert depends_on(graph, allocation, cidrs_of(graph, "us-east-1")["10.0.0.0/16"])


def test_a_range_reserved_elsewhere_is_taken_out_of_the_supernets_into_a_pool_that_gives_nothing(graph: Graph) -> None:
    allocation = graph.named(ALLOCATION, "aws-ipam-reserved-merger")

    assert allocation.inputs["cidr"] == "10.6.0.0/16"
    assert allocation.inputs["region"] == pool(graph, "reserved").inputs["locale"] == "eu-west-1"
    assert refers(allocation, "ipamPoolId", pool(graph, "reserved"))
    assert set(cidrs_of(graph, "reserved")) == {"10.6.0.0/16"}
    assert depends_on(graph, allocation, cidrs_of(graph, "reserved")["10.6.0.0/16"])


def test_nothing_reserved_elsewhere_needs_no_pool() -> None:
    graph = preview_of(lambda: with_a_vpc(replace(IPAM, reserved={"old-lab": "10.0.128.0/20"})))

    assert {each.name for each in graph.of_type(POOL)} == {"aws-ipam-top", "aws-ipam-us-east-1", "aws-ipam-us-west-2"}


def test_the_manager_takes_everything_with_it_when_it_is_deleted(graph: Graph) -> None:
    """The allocation of a deleted VPC lingers; only a cascade does not wait for it."""
    assert all(each.inputs["cascade"] is True for each in [*graph.of_type(MANAGER), *graph.of_type(POOL)])
