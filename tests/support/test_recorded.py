from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pytest

from inspection.graph import Graph
from tests.support.recorded import (
    careless,
    comes_after,
    component_around,
    depends_on,
    preview_of,
    secret,
    source_of,
    update_of,
)

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"


class Site(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:Site", name, {}, opts)


def chain() -> None:
    site = Site("all")
    first = aws.ec2.Vpc("first", opts=pulumi.ResourceOptions(parent=Site("east", pulumi.ResourceOptions(parent=site))))
    second = aws.ec2.Vpc("second", opts=pulumi.ResourceOptions(depends_on=[first]))
    names = pulumi.Output.concat(first.arn, second.arn)
    aws.ec2.Subnet("private", vpc_id=second.id, tags={"names": names})
    aws.ec2.RouteTable("alone", vpc_id="vpc-1", opts=pulumi.ResourceOptions(parent=site))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(chain)


def test_order_goes_through_others_and_one_way_only(graph: Graph) -> None:
    first, subnet = graph.named(VPC, "first"), graph.named(SUBNET, "private")

    assert comes_after(graph, subnet, first)
    assert not comes_after(graph, first, subnet)
    assert not comes_after(graph, graph.named(ROUTE_TABLE, "alone"), first)
    assert not comes_after(graph, first, first)


def test_to_come_after_a_component_is_to_come_after_all_that_it_is_made_of(graph: Graph) -> None:
    subnet = graph.named(SUBNET, "private")

    assert comes_after(graph, subnet, graph.named("multicloud-network:index:Site", "east"))
    assert not comes_after(graph, subnet, graph.named("multicloud-network:index:Site", "all"))


def test_only_direct_waiting_is_dependence() -> None:
    def program() -> None:
        first = aws.ec2.Vpc("first")
        second = aws.ec2.Vpc("second", opts=pulumi.ResourceOptions(depends_on=[first]))
        aws.ec2.Vpc("third", opts=pulumi.ResourceOptions(depends_on=[second]))

    graph = preview_of(program)
    first, second, third = (graph.named(VPC, name) for name in ("first", "second", "third"))

    assert depends_on(graph, second, first)
    assert not depends_on(graph, third, first)
    assert comes_after(graph, third, first)


def test_the_source_of_an_input_is_the_one_resource_of_a_type_that_it_comes_from(graph: Graph) -> None:
    subnet = graph.named(SUBNET, "private")

    assert source_of(graph, subnet, "vpcId", VPC).name == "second"
    with pytest.raises(AssertionError, match="tags of private comes from 2 aws:ec2/vpc:Vpc"):
        source_of(graph, subnet, "tags", VPC)
    with pytest.raises(AssertionError, match=r"vpcId of private comes from 0 .*; its sources are .*Vpc second"):
        source_of(graph, subnet, "vpcId", ROUTE_TABLE)


def test_the_component_around_a_resource_is_the_nearest_of_its_class(graph: Graph) -> None:
    assert component_around(graph, graph.named(VPC, "first"), "Site").name == "east"
    assert component_around(graph, graph.named(ROUTE_TABLE, "alone"), "Site").name == "all"
    with pytest.raises(AssertionError, match="no Site"):
        component_around(graph, graph.named(VPC, "second"), "Site")


def test_an_update_knows_where_a_preview_does_not(graph: Graph) -> None:
    update = update_of(chain)

    assert update.named(SUBNET, "private").inputs["vpcId"] == update.named(VPC, "second").id
    assert source_of(update, update.named(SUBNET, "private"), "vpcId", VPC).name == "second"
    assert [resource.urn for resource in update.resources] == [resource.urn for resource in graph.resources]


def test_a_careless_engine_shows_what_only_an_option_wants_kept_secret() -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("first", opts=pulumi.ResourceOptions(additional_secret_outputs=["arn"]))
        pulumi.export("by an option", vpc.arn)
        pulumi.export("in itself", pulumi.Output.secret(vpc.arn))

    def kept(record: Callable[[Callable[[], object]], Graph]) -> set[str]:
        return {name for name, value in record(program).outputs.items() if secret(value)}

    for record in (preview_of, update_of):
        assert kept(record) == {"by an option", "in itself"}
        with careless():
            assert kept(record) == {"in itself"}
