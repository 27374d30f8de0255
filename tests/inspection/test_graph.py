"""Claims about asking a graph and keeping it in a file."""

import json

import pytest

from inspection.graph import UNKNOWN, Graph, GraphError, Message, Resource

ROOT = Resource("urn:stack", "pulumi:pulumi:Stack", "net-dev", custom=False)
VPC = Resource("urn:vpc", "aws:ec2/vpc:Vpc", "shop", parent="urn:stack", inputs={"cidrBlock": "10.0.0.0/16"})
SUBNET = Resource(
    "urn:subnet",
    "aws:ec2/subnet:Subnet",
    "shop-private",
    parent="urn:stack",
    inputs={"vpcId": UNKNOWN, "tags": {"tier": "private"}},
    dependencies=("urn:vpc",),
    property_dependencies={"vpcId": ("urn:vpc",)},
    aliases=({"name": "old"},),
    timeouts={"create": "30m"},
)
GRAPH = Graph(
    project="net",
    stack="dev",
    resources=(ROOT, VPC, SUBNET),
    outputs={"vpcId": UNKNOWN, "count": 1},
    component_outputs={"urn:shop": {"vpcId": UNKNOWN}},
    messages=(Message("warning", "two\nlines"),),
    invokes=("aws:index/getRegion:getRegion",),
)


def test_json_keeps_a_whole_graph() -> None:
    again = Graph.from_json(GRAPH.to_json())

    assert again.to_json() == GRAPH.to_json()
    assert again.named("aws:ec2/subnet:Subnet", "shop-private").inputs == SUBNET.inputs
    assert again.children("urn:stack")[1].property_dependencies == {"vpcId": ["urn:vpc"]}
    assert (again.outputs, again.messages) == (GRAPH.outputs, GRAPH.messages)


def test_json_says_what_was_only_read_and_files_from_before_it_did_can_still_be_opened() -> None:
    found = Resource("urn:found", "aws:ec2/vpc:Vpc", "found", id="vpc-1", read=True)
    document = json.loads(Graph("net", "dev", (found,)).to_json())

    assert Graph.from_json(json.dumps(document)).resources[0].read
    del document["graph"]["resources"][0]["read"]
    assert not Graph.from_json(json.dumps(document)).resources[0].read


def test_json_holds_no_secret() -> None:
    key = Resource("urn:key", "aws:ssm/parameter:Parameter", "key", inputs={"value": {"$secret": "hush"}})
    graph = Graph("net", "dev", (key,), outputs={"keys": [{"$secret": {"psk": "hush"}}]})

    assert "hush" not in graph.to_json()
    assert Graph.from_json(graph.to_json()).outputs == {"keys": [{"$secret": None}]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{\n  nothing", "line 2 is no JSON"),
        ("[]", 'does not say "format": "multicloud-network/graph"'),
        ('{"format": "multicloud-network/graph", "version": 1, "graph": {"project": "net"}}', "damaged"),
        ('{"format": "multicloud-network/graph", "version": 1, "graph": []}', "damaged"),
    ],
)
def test_a_broken_file_says_what_is_wrong_with_it(text: str, said: str) -> None:
    with pytest.raises(GraphError, match=said):
        Graph.from_json(text)


def test_a_file_of_a_newer_version_says_so() -> None:
    newer = json.dumps(json.loads(GRAPH.to_json()) | {"version": 2})

    with pytest.raises(GraphError, match="version 2, this program reads up to 1; update the program"):
        Graph.from_json(newer)


def test_a_name_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(GraphError, match="is named shp; there are: shop"):
        GRAPH.named("aws:ec2/vpc:Vpc", "shp")


def test_a_type_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(GraphError, match="aws:ec2/subnet:Subnet\n  aws:ec2/vpc:Vpc"):
        GRAPH.named("aws:ec2/route:Route", "x")


def test_a_name_that_two_resources_have_lists_both() -> None:
    twins = Graph("net", "dev", (VPC, Resource("urn:other", VPC.type, "shop")))

    with pytest.raises(GraphError, match=r"2 resources .*\n  urn:vpc\n  urn:other"):
        twins.named(VPC.type, "shop")
