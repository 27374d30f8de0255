"""How links hang on the clouds' hubs: what is looked up where, who learns of whom, and what never passes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest

from inspection.graph import Graph, Resource
from tests.program.ends import (
    ASSOCIATION,
    AWS_VPN,
    CLOUD_ROUTER,
    DX_ASSOCIATION,
    PROPAGATION,
    SPOKE,
    TRANSIT_GATEWAY,
)
from tests.program.routes import (
    PEERING_ATTACHMENT,
    ROUTE,
    TABLE,
    VPC_ATTACHMENT,
    attachments,
    behind_links,
    branches,
    by_id,
    dns_partners,
    far_parties,
    followed,
    links_on_gateways,
    networks,
    parties_behind,
    ranges_of,
    reached,
    segments_reaching,
    table_for_links,
    table_of,
    tables_for,
    vpc_attachments,
    vpc_ranges,
)
from tests.program.stacks import preview_of, settings_of, update_of
from tests.program.wanted import LINKED, ON_TRANSIT_GATEWAYS, OVER_CIRCUITS, clouds, pairs
from tests.support.recorded import comes_after

HUB = "azure-native:network:VirtualHub"
HUB_CHANGES = {
    "HubRouteTable": "virtualHubName",
    "HubVirtualNetworkConnection": "virtualHubName",
    "RouteMap": "virtualHubName",
    "VpnGateway": "virtualHub",
    "VpnConnection": "gatewayName",
    "ExpressRouteGateway": "virtualHub",
    "ExpressRouteConnection": "expressRouteGatewayName",
}
"""What changes a virtual hub -> the input that says which, or by which gateway."""

linked = pytest.mark.parametrize("stack", LINKED)
on_transit_gateways = pytest.mark.parametrize("stack", ON_TRANSIT_GATEWAYS)


# -- Transit Gateways


@on_transit_gateways
def test_everything_that_hangs_on_a_transit_gateway_has_one_association_on_each_side(stack: str) -> None:
    associated = [a.inputs["transitGatewayAttachmentId"] for a in update_of(stack).of_type(ASSOCIATION)]
    for attachment, resource in attachments(stack).items():
        sides = 2 if resource.type == PEERING_ATTACHMENT else 1
        assert associated.count(attachment) == sides, resource.urn
        assert len(tables_for(stack, attachment)) == sides
    assert {*associated} == attachments(stack).keys()


@on_transit_gateways
def test_what_arrives_over_links_is_looked_up_where_no_link_is_known(stack: str) -> None:
    """Otherwise one party would reach another through AWS."""
    ways = table_of(stack, table_for_links(stack))
    assert ways
    for way in ways:
        assert attachments(stack)[way.attachment].type in (VPC_ATTACHMENT, PEERING_ATTACHMENT), way


@on_transit_gateways
def test_what_arrives_over_links_finds_every_network_of_aws_that_anybody_behind_them_reaches(stack: str) -> None:
    for name, attachment in vpc_attachments(stack).items():
        if any(reached(stack, name, far) for far in behind_links(stack, "aws")):
            for prefix in ranges_of(stack, name):
                assert followed(stack, table_for_links(stack), prefix) == attachment, (name, prefix)


@on_transit_gateways
def test_a_link_is_learned_by_the_segments_that_reach_somebody_behind_it_and_by_no_other(stack: str) -> None:
    """And by the table of peerings, since other regions reach links by way of the one where those land.

    And by that of resolvers, if somebody there answers for names.
    """
    graph = update_of(stack)
    tables = {table.id: table.name.rpartition("-")[2] for table in graph.of_type(TABLE)}
    learned = defaultdict(set)
    for each in graph.of_type(PROPAGATION):
        learned[each.inputs["transitGatewayAttachmentId"]].add(tables[each.inputs["transitGatewayRouteTableId"]])
    peered = {"peering"} if len(graph.of_type(TRANSIT_GATEWAY)) > 1 else set()
    for attachment, link in links_on_gateways(stack).items():
        behind = parties_behind(stack, link)
        resolvers = {"transit"} if behind & dns_partners(stack, "aws") else set()
        assert learned[attachment] == segments_reaching(stack, behind) | peered | resolvers, link.urn


@on_transit_gateways
def test_a_network_of_aws_reaches_over_links_exactly_what_its_segment_may_and_first_over_circuits(stack: str) -> None:
    for name, attachment in vpc_attachments(stack).items():
        [table] = tables_for(stack, attachment.id)
        for far, (party, prefixes) in behind_links(stack, "aws").items():
            circuits = OVER_CIRCUITS & {*pairs(stack)["aws", party]}
            expected = (DX_ASSOCIATION if circuits else AWS_VPN) if reached(stack, name, far) else None
            for prefix in prefixes:
                hop = followed(stack, table, prefix)
                assert (hop and hop.type) == expected, (name, far, prefix)


@on_transit_gateways
def test_an_aggregate_is_a_fixed_route_to_a_vpc_inside_it_or_to_another_region(stack: str) -> None:
    """A black hole would not be announced over tunnels, where circuits bring the aggregate."""
    fixed = [
        r for r in update_of(stack).of_type(ROUTE) if r.inputs["transitGatewayRouteTableId"] == table_for_links(stack)
    ]
    for route in fixed:
        assert not route.inputs.get("blackhole")
        attachment = attachments(stack)[route.inputs["transitGatewayAttachmentId"]]
        [aggregate] = networks([route.inputs["destinationCidrBlock"]])
        if attachment.type == VPC_ATTACHMENT:
            assert any(prefix.subnet_of(aggregate) for prefix in vpc_ranges(stack, attachment)), route.name


# -- virtual hubs


@linked
def test_azures_branches_are_all_learned_by_the_segments_that_reach_somebody_behind_them(stack: str) -> None:
    """Azure wants the same of all branches. The label `default` would have branches learn of branches."""
    for branch in branches(update_of(stack)):
        routing = branch.inputs["routingConfiguration"]
        assert "ids" not in routing["propagatedRouteTables"]
        labels = {*routing["propagatedRouteTables"]["labels"]}
        assert labels == segments_reaching(stack, far_parties(stack, "azure")) | {"transit"}, branch.urn
        assert routing["associatedRouteTable"]["id"].endswith("/hubRouteTables/defaultRouteTable")


@linked
def test_azures_branches_learn_every_vnet_that_somebody_behind_them_reaches(stack: str) -> None:
    for connection in update_of(stack).of_type("azure-native:network:HubVirtualNetworkConnection"):
        vnet = by_id(stack)[connection.inputs["remoteVirtualNetwork"]["id"]].name
        if vnet in settings_of(stack)["networks"]:
            labels = connection.inputs["routingConfiguration"]["propagatedRouteTables"]["labels"]
            wanted = any(reached(stack, vnet, far) for far in behind_links(stack, "azure"))
            assert ("default" in labels) == wanted, vnet


@linked
def test_all_that_changes_a_virtual_hub_stands_in_one_queue(stack: str) -> None:
    """Azure works on one operation of a hub at a time and refuses what arrives meanwhile."""
    graph, known = preview_of(stack), update_of(stack)
    assert bool(known.of_type(HUB)) == ("azure" in clouds(stack))
    for hub in known.of_type(HUB):
        queue = [graph.by_urn[each.urn] for each in (hub, *changes(known, hub))]
        order = sorted(queue, key=lambda each: sum(comes_after(graph, each, other) for other in queue))
        for before, after in pairwise(order):
            assert comes_after(graph, after, before), f"{before.urn} and {after.urn} may run at once"
        assert order[0].urn == hub.urn


def changes(graph: Graph, hub: Resource) -> Iterator[Resource]:
    names = {hub.id, hub.inputs["virtualHubName"]}
    for kind, key in (("VpnGateway", "gatewayName"), ("ExpressRouteGateway", "expressRouteGatewayName")):
        gateways = graph.of_type(f"azure-native:network:{kind}")
        names |= {gateway.inputs[key] for gateway in gateways if gateway.inputs["virtualHub"]["id"] == hub.id}
    for kind, key in HUB_CHANGES.items():
        for resource in graph.of_type(f"azure-native:network:{kind}"):
            place = resource.inputs[key]
            if (place["id"] if isinstance(place, Mapping) else place) in names:
                yield resource


@linked
def test_links_are_in_the_queue_of_the_hub_where_they_land(stack: str) -> None:
    """With none in it the claim about the queue would say nothing of links."""
    graph = update_of(stack)
    landed = [
        {change.urn for change in changes(graph, hub)} & {b.urn for b in branches(graph)} for hub in graph.of_type(HUB)
    ]
    assert sum(map(bool, landed)) == ("azure" in clouds(stack))
    assert sum(map(len, landed)) == len(branches(graph))


# -- Google's hub


@linked
def test_google_hands_nothing_from_one_link_on_to_another(stack: str) -> None:
    linked_to = {
        spoke.name: spoke.inputs[kind]
        for spoke in update_of(stack).of_type(SPOKE)
        for kind in ("linkedVpnTunnels", "linkedInterconnectAttachments")
        if kind in spoke.inputs
    }
    assert bool(linked_to) == ("gcp" in clouds(stack))
    for name, members in linked_to.items():
        assert members["siteToSiteDataTransfer"] is False, name
        assert "includeImportRanges" not in members, "subnets would be sent beside their aggregates"


@linked
def test_every_spoke_of_googles_hub_joins_a_group_that_stands_before_it(stack: str) -> None:
    """In a star what is behind links is for the center's networks and the edges' alike, so it joins the center."""
    graph = preview_of(stack)
    groups = {group.urn: group.inputs["name"] for group in graph.of_type("gcp:networkconnectivity/group:Group")}
    star = any(h.inputs["presetTopology"] == "STAR" for h in graph.of_type("gcp:networkconnectivity/hub:Hub"))
    for spoke in graph.of_type(SPOKE):
        joins = [groups[urn] for urn in spoke.property_dependencies.get("group", ())]
        hybrid = "linkedVpcNetwork" not in spoke.inputs
        assert (spoke.inputs["location"] != "global") == hybrid
        assert len(joins) == star, spoke.name
        assert not hybrid or joins == ["center"] * star


@linked
def test_routers_at_the_edge_of_google_send_their_list_and_no_subnet_beside_it(stack: str) -> None:
    for router in update_of(stack).of_type(CLOUD_ROUTER):
        if "bgp" in router.inputs:
            assert router.inputs["bgp"]["advertiseMode"] == "CUSTOM"
            assert not router.inputs["bgp"].get("advertisedGroups")
