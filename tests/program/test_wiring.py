"""What a network engineer checks on the planned graph, stack by stack.

The expected segments are read from the stack files, not from the planner. Proves wiring only: that the clouds behave
as their references say is not shown here.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from itertools import combinations, pairwise

import pytest

from inspection.graph import UNKNOWN, Graph, Resource
from tests.program.stacks import STACKS, preview_of, settings_of
from tests.program.wanted import joined, segment_of
from tests.support.recorded import depends_on

TGW = "aws:ec2transitgateway"
CORE = "aws:networkmanager"
TO_HUB = {"transitGatewayId", "coreNetworkArn"}
"""Inputs of a VPC's route, of which one leads to the hub."""
BLOCKED_ASNS = {0, 112, 23456, 64512, 64600, *range(64496, 64512), *range(65515, 65521), 65535, 12076, 8074, 8075}
PRIVATE = {IPv4Network(prefix) for prefix in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")}
everywhere = pytest.mark.parametrize("stack", STACKS)


def from_resource(graph: Graph, resource: Resource, key: str, token: str) -> Resource:
    """Find the resource of a type that an input's value comes from."""
    urns = resource.property_dependencies.get(key, ())
    (source,) = [r for r in graph.of_type(token) if r.urn in urns]
    return source


def network_of(graph: Graph, resource: Resource) -> str:
    """Name the network component that a resource stands in."""
    by_urn = {r.urn: r for r in graph.resources}
    while not resource.type.endswith("Network") or resource.custom:
        resource = by_urn[resource.parent]
    return resource.name


@everywhere
def test_default_tables_of_transit_gateways_are_off_and_attachments_join_none_by_themselves(stack: str) -> None:
    graph = preview_of(stack)
    for gateway in graph.of_type(f"{TGW}/transitGateway:TransitGateway"):
        assert gateway.inputs["defaultRouteTableAssociation"] == "disable"
        assert gateway.inputs["defaultRouteTablePropagation"] == "disable"
    for attachment in graph.of_type(f"{TGW}/vpcAttachment:VpcAttachment"):
        assert attachment.inputs["transitGatewayDefaultRouteTableAssociation"] is False
        assert attachment.inputs["transitGatewayDefaultRouteTablePropagation"] is False


@everywhere
def test_every_attachment_to_a_transit_gateway_has_one_association_on_each_side(stack: str) -> None:
    graph = preview_of(stack)
    associations = Counter(
        source
        for association in graph.of_type(f"{TGW}/routeTableAssociation:RouteTableAssociation")
        for source in association.property_dependencies["transitGatewayAttachmentId"]
    )
    for attachment in graph.of_type(f"{TGW}/vpcAttachment:VpcAttachment"):
        assert associations[attachment.urn] == 1
    for peering in graph.of_type(f"{TGW}/peeringAttachment:PeeringAttachment"):
        assert associations[peering.urn] == 2, "a peering is associated in both regions"


@everywhere
def test_every_attachment_to_a_core_network_names_one_segment_that_its_policy_has_and_waits_for_it(stack: str) -> None:
    graph = preview_of(stack)
    networks = settings_of(stack)["networks"]
    tagged = {}
    for policy in graph.of_type(f"{CORE}/coreNetworkPolicyAttachment:CoreNetworkPolicyAttachment"):
        segments = {segment["name"] for segment in json.loads(policy.inputs["policyDocument"])["segments"]}
        attached = [r for r in graph.resources if r.type.startswith(CORE) and r.type.endswith("Attachment")]
        for attachment in (r for r in attached if r.urn != policy.urn):
            assert policy.urn in attachment.property_dependencies["coreNetworkId"], attachment.name
            tagged[attachment.name] = attachment.inputs["tags"]["segment"]
            assert tagged[attachment.name] in segments
        for name, network in networks.items():
            assert network["cloud"] != "aws" or tagged.pop(f"{name}-hub") == segment_of(stack, name)
    assert set(tagged.values()) <= {"links", *(["transit"] if "dns" in settings_of(stack) else ())}


@everywhere
def test_a_vpc_is_learned_by_the_segments_that_its_segment_reaches_and_by_no_other(stack: str) -> None:
    graph = preview_of(stack)
    learned = defaultdict(set)
    attachments = {attachment.urn for attachment in graph.of_type(f"{TGW}/vpcAttachment:VpcAttachment")}
    for propagation in graph.of_type(f"{TGW}/routeTablePropagation:RouteTablePropagation"):
        if attachments.isdisjoint(propagation.property_dependencies["transitGatewayAttachmentId"]):
            continue
        table = from_resource(graph, propagation, "transitGatewayRouteTableId", f"{TGW}/routeTable:RouteTable")
        hub = next(r.name for r in graph.resources if r.urn == table.parent)
        learned[network_of(graph, propagation)].add(table.name.removeprefix(f"{hub}-"))
    own = {network for network in learned if network not in settings_of(stack)["networks"]}
    assert all(learned.pop(network) <= {"links", "peering"} for network in own), "no network reaches resolvers"
    for network, tables in learned.items():
        reachable = joined(stack)[segment_of(stack, network)] - {"sites"}
        assert tables - {"peering", "transit", "links"} == reachable, network


@everywhere
def test_peered_regions_have_routes_both_ways_and_only_between_segments_that_reach_each_other(stack: str) -> None:
    graph = preview_of(stack)
    networks = settings_of(stack)["networks"]
    for peering in graph.of_type(f"{TGW}/peeringAttachment:PeeringAttachment"):
        found = set()
        for route in graph.of_type(f"{TGW}/route:Route"):
            if peering.urn in route.property_dependencies.get("transitGatewayAttachmentId", ()):
                table = from_resource(graph, route, "transitGatewayRouteTableId", f"{TGW}/routeTable:RouteTable")
                segment = table.name.removeprefix(f"aws-{route.inputs['region']}-")
                found.add((route.inputs["region"], segment, route.inputs["destinationCidrBlock"]))
        sides = (peering.inputs["region"], peering.inputs["peerRegion"])
        landed = lands_in(graph)
        expected = {
            (here, segment, cidr)
            for here, there in (sides, sides[::-1])
            for cidr, network in owners(graph).items()
            if (networks[network]["cloud"] == "aws" and networks[network]["region"] == there)
            or (networks[network]["cloud"] != "aws" and there == landed)
            for segment in joined(stack)
            if segment != "sites" and segment_of(stack, network) in joined(stack)[segment]
        }
        expected |= {
            (here, segment, prefix)
            for here, there in (sides, sides[::-1])
            if there == landed
            for site in settings_of(stack).get("sites", {}).values()
            for prefix in site["prefixes"]
            for segment in joined(stack)
            if segment != "sites" and "sites" in joined(stack)[segment]
        }
        announced = {
            (here, "links", aggregate)
            for here, there in (sides, sides[::-1])
            if here == landed
            for aggregate in graph.outputs["addressing"]["regions"][f"aws/{there}"]["aggregates"]
        }
        asked = {(here, "transit", target) for here in sides if here != landed for target in far_servers(graph)}
        assert found == expected | announced | asked


def owners(graph: Graph) -> Mapping[str, str]:
    """Map the ranges of all configured networks, pods included, to their names."""
    regions = graph.outputs["addressing"]["regions"].values()
    return {
        prefix: name
        for region in regions
        for name, network in region["networks"].items()
        if name != "transit"
        for prefix in (network["cidr"], network["pods"])
        if prefix
    }


def far_servers(graph: Graph) -> set[str]:
    """List where AWS's resolvers send queries: servers, and subnets in Google, which picks the addresses there."""
    rules = graph.of_type("aws:route53/resolverRule:ResolverRule")
    targets = [to["ip"] for rule in rules for to in rule.inputs.get("targetIps", ())]
    subnets = [s for s in graph.of_type("gcp:compute/subnetwork:Subnetwork") if network_of(graph, s) == "gcp-transit"]
    answering = {subnet.inputs["region"] for subnet in subnets if "-resolver-" in subnet.name}
    google = {subnet.inputs["ipCidrRange"] for subnet in subnets if subnet.inputs["region"] in answering}
    servers = {IPv4Network(ip) for ip in targets if ip != UNKNOWN}
    elsewhere = {str(server) for server in servers if not any(map(server.subnet_of, map(IPv4Network, google)))}
    return elsewhere | (google if any(rule.inputs["domainName"].startswith("gcp.") for rule in rules) else set())


def lands_in(graph: Graph) -> str | None:
    """Name the AWS region that has the Transit Gateway table of links."""
    tables = graph.of_type(f"{TGW}/routeTable:RouteTable")
    return next((table.inputs["region"] for table in tables if table.name.endswith("-links")), None)


@everywhere
def test_every_vpc_route_to_the_hub_waits_for_that_vpcs_attachment(stack: str) -> None:
    graph = preview_of(stack)
    attachments = {
        network_of(graph, attachment): attachment
        for hub in (TGW, CORE)
        for attachment in graph.of_type(f"{hub}/vpcAttachment:VpcAttachment")
    }
    routes = [r for r in graph.of_type("aws:ec2/route:Route") if TO_HUB & r.inputs.keys()]
    assert routes or not attachments
    for route in routes:
        assert depends_on(graph, route, attachments[network_of(graph, route)]), route.name


@everywhere
def test_a_default_route_leads_nowhere_private_and_a_drop_is_wider_than_anything_learned(stack: str) -> None:
    graph = preview_of(stack)
    addressing = graph.outputs["addressing"]
    routed = [
        IPv4Network(prefix)
        for region in addressing["regions"].values()
        for network in region["networks"].values()
        for prefix in (network["cidr"], network["pods"])
        if prefix
    ]
    aggregates = [IPv4Network(p) for region in addressing["regions"].values() for p in region["aggregates"]]
    dropped = defaultdict(set)
    for route in graph.of_type(f"{TGW}/route:Route"):
        if route.inputs.get("blackhole"):
            table = from_resource(graph, route, "transitGatewayRouteTableId", f"{TGW}/routeTable:RouteTable")
            dropped[table.name].add(IPv4Network(route.inputs["destinationCidrBlock"]))
    for name, table in dropped.items():
        assert all(any(prefix.subnet_of(drop) for drop in table) for prefix in routed)
        segment = next((s for s in joined(stack) if name.endswith(f"-{s}")), None)
        assert segment or name.endswith("-transit"), name
        meeting = joined(stack)[segment] if segment else set()
        reached = {IPv4Network(p) for p, n in owners(graph).items() if segment_of(stack, n) in meeting}
        assert not any(drop.subnet_of(prefix) for drop in table for prefix in reached), "what is reached is not dropped"
        assert not table & set(aggregates), "an equal static route would win over what is learned"
        assert table >= PRIVATE
    for route in graph.of_type("azure-native:network:Route"):
        assert route.inputs["nextHopType"] == "None"
        assert IPv4Network(route.inputs["addressPrefix"]) not in {*routed, *aggregates}


@everywhere
def test_no_private_address_leaves_a_vpc_by_its_default_route(stack: str) -> None:
    graph = preview_of(stack)
    to_hub, to_internet = defaultdict(set), set()
    for route in graph.of_type("aws:ec2/route:Route"):
        table = from_resource(graph, route, "routeTableId", "aws:ec2/routeTable:RouteTable").name
        if TO_HUB & route.inputs.keys():
            to_hub[table].add(IPv4Network(route.inputs["destinationCidrBlock"]))
        elif route.inputs["destinationCidrBlock"] == "0.0.0.0/0":
            to_internet.add(table)
    # What comes from the hub to leave by central NAT has passed the drops of the hub's table.
    leaving = {table for table in to_internet if "-transit-attachment-" not in table}
    assert all(to_hub[table] >= PRIVATE for table in leaving)


@everywhere
def test_a_vnet_is_looked_up_in_its_segments_table_and_learned_under_the_labels_of_those_it_reaches(stack: str) -> None:
    graph = preview_of(stack)
    networks = settings_of(stack)["networks"]
    seen = set()
    for connection in graph.of_type("azure-native:network:HubVirtualNetworkConnection"):
        vnet = from_resource(graph, connection, "remoteVirtualNetwork", "azure-native:network:VirtualNetwork")
        routing = connection.inputs["routingConfiguration"]
        labels = set(routing["propagatedRouteTables"]["labels"])
        if vnet.name not in networks:
            continue
        seen.add(vnet.name)
        reachable = joined(stack)[segment_of(stack, vnet.name)]
        assert labels - {"transit", "default"} == reachable - {"sites"}
        others = {segment_of(stack, name) for name, network in networks.items() if network["cloud"] != "azure"}
        over_links = graph.outputs["links"] and reachable & others
        assert ("default" in labels) == bool("sites" in reachable or over_links), "branches learn what they reach"
        assert "ids" not in routing["propagatedRouteTables"]
    assert seen == {name for name, network in networks.items() if network["cloud"] == "azure"}


@everywhere
def test_operations_on_a_virtual_hub_stand_in_one_queue(stack: str) -> None:
    graph = preview_of(stack)
    for hub in graph.of_type("azure-native:network:VirtualHub"):
        queue = [hub, *(r for r in graph.resources if r.parent == hub.parent and r.urn != hub.urn)]
        for before, after in pairwise(queue):
            assert before.urn in after.dependencies


@everywhere
def test_googles_hub_keeps_segments_apart_by_groups_or_by_filters(stack: str) -> None:
    graph = preview_of(stack)
    networks = {name for name, network in settings_of(stack)["networks"].items() if network["cloud"] == "gcp"}
    reach = joined(stack)
    group_of = {}
    vpcs = [
        spoke for spoke in graph.of_type("gcp:networkconnectivity/spoke:Spoke") if "linkedVpcNetwork" in spoke.inputs
    ]
    for spoke in vpcs:
        groups = [g for g in graph.of_type("gcp:networkconnectivity/group:Group") if g.urn in spoke.dependencies]
        group_of[network_of(graph, spoke)] = groups[0].inputs["name"] if groups else "default"
    star = any(hub.inputs["presetTopology"] == "STAR" for hub in graph.of_type("gcp:networkconnectivity/hub:Hub"))
    for one, other in combinations(sorted(networks), 2):
        meant = segment_of(stack, other) in reach[segment_of(stack, one)]
        if star:
            assert meant == ("center" in (group_of[one], group_of[other]))
        assert meant == allowed(graph, one, other)
        assert meant == allowed(graph, other, one)


def allowed(graph: Graph, source: str, destination: str) -> bool:
    """Tell whether both ends' policies let the first address of a network talk to another's."""
    subnets = {
        network_of(graph, s): s.inputs["ipCidrRange"] for s in graph.of_type("gcp:compute/subnetwork:Subnetwork")
    }
    return not denied(graph, source, "EGRESS", subnets[destination]) and not denied(
        graph, destination, "INGRESS", subnets[source]
    )


def denied(graph: Graph, network: str, direction: str, far: str) -> bool:
    """Walk a VPC's policy by priority; the first rule that matches decides."""
    rules = [
        rule
        for rule in graph.of_type("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule")
        if network_of(graph, rule) == network and rule.inputs["direction"] == direction
    ]
    ranges = "srcIpRanges" if direction == "INGRESS" else "destIpRanges"
    for rule in sorted(rules, key=lambda rule: rule.inputs["priority"]):
        if any(IPv4Network(far).subnet_of(IPv4Network(prefix)) for prefix in rule.inputs["match"][ranges]):
            return rule.inputs["action"] == "deny"
    return False


def ranges(graph: Graph) -> Iterator[tuple[str, IPv4Network]]:
    """Yield every range that a resource takes for itself, with the resource's name."""
    for vpc in graph.of_type("aws:ec2/vpc:Vpc"):
        yield vpc.name, IPv4Network(vpc.inputs["cidrBlock"])
    for block in graph.of_type("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"):
        yield block.name, IPv4Network(block.inputs["cidrBlock"])
    for vnet in graph.of_type("azure-native:network:VirtualNetwork"):
        for prefix in vnet.inputs["addressSpace"]["addressPrefixes"]:
            yield vnet.name, IPv4Network(prefix)
    for hub in graph.of_type("azure-native:network:VirtualHub"):
        yield hub.name, IPv4Network(hub.inputs["addressPrefix"])
    for subnet in graph.of_type("gcp:compute/subnetwork:Subnetwork"):
        yield subnet.name, IPv4Network(subnet.inputs["ipCidrRange"])
        for secondary in subnet.inputs.get("secondaryIpRanges", []):
            yield subnet.name, IPv4Network(secondary["ipCidrRange"])


@everywhere
def test_no_two_things_have_the_same_address(stack: str) -> None:
    taken = [
        *ranges(preview_of(stack)),
        *(
            (site, IPv4Network(prefix))
            for site, facts in settings_of(stack).get("sites", {}).items()
            for prefix in facts["prefixes"]
        ),
    ]
    assert [(a, b) for (a, one), (b, other) in combinations(taken, 2) if one.overlaps(other)] == []


def test_dev_and_prod_never_overlap() -> None:
    overlapping = [
        (one, other)
        for one, mine in ranges(preview_of("dev"))
        for other, theirs in ranges(preview_of("prod"))
        if mine.overlaps(theirs)
    ]
    assert overlapping == []


@everywhere
def test_subnets_lie_in_their_network_and_hub_prefixes_are_large_enough(stack: str) -> None:
    graph = preview_of(stack)
    spaces = defaultdict(list)
    for name, prefix in ranges(graph):
        spaces[name.removesuffix("-pods")].append(prefix)
    for token, key in (("aws:ec2/subnet:Subnet", "cidrBlock"), ("azure-native:network:Subnet", "addressPrefix")):
        for subnet in graph.of_type(token):
            prefix = IPv4Network(subnet.inputs[key])
            assert any(prefix.subnet_of(space) for space in spaces[network_of(graph, subnet)]), subnet.name
    for hub in graph.of_type("azure-native:network:VirtualHub"):
        assert IPv4Network(hub.inputs["addressPrefix"]).prefixlen <= 24


@everywhere
def test_bgp_speakers_have_numbers_of_their_own_that_nobody_refuses(stack: str) -> None:
    graph = preview_of(stack)
    numbers = [g.inputs["amazonSideAsn"] for g in graph.of_type(f"{TGW}/transitGateway:TransitGateway")]
    numbers += [r.inputs["bgp"]["asn"] for r in graph.of_type("gcp:compute/router:Router") if "bgp" in r.inputs]
    for policy in graph.of_type(f"{CORE}/coreNetworkPolicyAttachment:CoreNetworkPolicyAttachment"):
        edges = json.loads(policy.inputs["policyDocument"])["core-network-configuration"]["edge-locations"]
        numbers += [edge["asn"] for edge in edges]
    numbers += [site["asn"] for site in settings_of(stack).get("sites", {}).values()]
    assert len(set(numbers)) == len(numbers)
    assert not BLOCKED_ASNS & set(numbers)
    assert all(number <= 65535 for number in numbers), "Azure's VPN gateways peer with 16-bit numbers"


@everywhere
def test_cloud_routers_announce_every_google_range_that_other_clouds_route_to(stack: str) -> None:
    graph = preview_of(stack)
    announced = [
        {IPv4Network(r["range"]) for r in router.inputs["bgp"]["advertisedIpRanges"]}
        for router in graph.of_type("gcp:compute/router:Router")
        if "bgp" in router.inputs
    ]
    routed = [
        IPv4Network(prefix)
        for place, region in graph.outputs["addressing"]["regions"].items()
        if place.startswith("gcp/")
        for network in region["networks"].values()
        for prefix in (network["cidr"], network["pods"])
        if prefix
    ]
    for prefixes in announced:
        assert all(any(prefix.subnet_of(wide) for wide in prefixes) for prefix in routed)


def test_only_prod_refuses_to_lose_its_hubs_and_networks() -> None:
    kept = {
        f"{TGW}/transitGateway:TransitGateway",
        "aws:ec2/vpc:Vpc",
        "azure-native:network:VirtualHub",
        "azure-native:network:VirtualNetwork",
        "gcp:networkconnectivity/hub:Hub",
        "gcp:compute/network:Network",
        "gcp:compute/haVpnGateway:HaVpnGateway",
    }
    assert all(r.protect for r in preview_of("prod").resources if r.type in kept)
    assert not any(r.protect for r in preview_of("dev").resources)
