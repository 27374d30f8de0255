"""What hangs on a core network in place of Transit Gateways: VPCs, tunnels, circuits."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from ipaddress import IPv4Network

import pulumi
import pulumi_aws
import pytest

from components.aws.circuit import AwsCircuitGateway
from components.aws.cloud import AwsCloud, build
from components.aws.vpn import AwsVpn
from inspection.graph import Graph, Json, Resource
from inspection.recording import record
from planning.links.types import Vpn
from tests.components.aws.graphs import (
    CIRCUIT_GATEWAY,
    CORE_ATTACHMENT,
    CORE_CIRCUITS_ATTACHMENT,
    CORE_NETWORK,
    CORE_POLICY,
    CORE_VPN_ATTACHMENT,
    FLOW_LOG,
    ROUTE,
    SUBNET,
    VPC,
    VPN_CONNECTION,
    refers,
    sources,
)
from tests.components.aws.plans import (
    AWS_ON_CORE,
    CLOUD_VPN,
    CORE,
    CORE_CIRCUIT_GATEWAY,
    CORE_END,
    SITE_VPN,
)
from tests.support.declarations import check
from tests.support.recorded import comes_after, depends_on, preview_of, secret, unknown, update_of

ADDRESSES = {"0": "198.51.100.10", "1": "198.51.100.11", "edge": "203.0.113.10"}
ATTACHMENTS = (CORE_ATTACHMENT, CORE_VPN_ATTACHMENT, CORE_CIRCUITS_ATTACHMENT)
both = pytest.mark.parametrize("vpn", [CLOUD_VPN, SITE_VPN], ids=lambda vpn: vpn.name)


def cloud() -> AwsCloud:
    return build(AWS_ON_CORE, protect=True, provider=pulumi_aws.Provider("aws", region=AWS_ON_CORE.home_region))


def vpn_of(vpn: Vpn, core_network_id: pulumi.Input[str] = "core-network-1") -> AwsVpn:
    return AwsVpn(
        vpn.name,
        {
            "vpn": replace(vpn, aws=CORE_END),
            "core_network_id": core_network_id,
            "peer_addresses": ADDRESSES,
            "peer_asn": 64550,
            "keys": {} if vpn.aws_makes_keys else {tunnel.key: "a-key-of-ours" for tunnel in vpn.tunnels},
        },
    )


def everything() -> None:
    """Build AWS, tunnels and circuits, and somebody at the far end of the tunnels who has to know their addresses."""
    aws = cloud()
    end = aws.end("us-east-1")
    far = vpn_of(CLOUD_VPN, end["core_network_id"])
    AwsCircuitGateway("aws-circuits", {"gateway": CORE_CIRCUIT_GATEWAY, **end, "protect": True})
    for key, address in far.tunnel_addresses.items():
        pulumi_aws.ec2.CustomerGateway(
            f"far-{key}", region="eu-west-1", type="ipsec.1", ip_address=address, bgp_asn="65000"
        )


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(everything)


def attachments(graph: Graph) -> list[Resource]:
    return [resource for token in ATTACHMENTS for resource in graph.of_type(token)]


def test_nothing_is_made_of_transit_gateways(graph: Graph) -> None:
    assert not [resource for resource in graph.resources if resource.type.startswith("aws:ec2transitgateway/")]
    assert not [resource for resource in graph.resources if "transitGatewayId" in resource.inputs]


def test_every_attachment_is_tagged_with_the_one_segment_that_it_is_in(graph: Graph) -> None:
    segments = {resource.name: resource.inputs["tags"]["segment"] for resource in attachments(graph)}

    assert segments == {
        "shop-hub": "prod",
        "vault-hub": "shared",
        "shop-west-hub": "prod",
        "aws-gcp-vpn-0": "links",
        "aws-gcp-vpn-1": "links",
        "aws-circuits": "links",
    }
    assert set(segments.values()) <= set(CORE.segments)


def test_every_attachment_waits_for_the_policy_that_has_its_segment(graph: Graph) -> None:
    policy = graph.named(CORE_POLICY, "aws-core-network")

    for resource in attachments(graph):
        assert refers(resource, "coreNetworkId", policy), resource.urn


def test_a_replaced_attachment_makes_way_first(graph: Graph) -> None:
    assert all(resource.delete_before_replace for resource in attachments(graph))


def test_a_vpc_attaches_with_one_subnet_of_each_zone(graph: Graph) -> None:
    attachment = graph.named(CORE_ATTACHMENT, "shop-hub")
    subnets = [graph.named(SUBNET, name) for name in ("shop-attachment-az1", "shop-attachment-az2")]

    assert refers(attachment, "vpcArn", graph.named(VPC, "shop"))
    assert set(attachment.property_dependencies["subnetArns"]) == {subnet.urn for subnet in subnets}


def test_a_vpc_routes_to_the_core_network_once_it_is_attached(graph: Graph) -> None:
    core = graph.named(CORE_NETWORK, "aws-core-network")
    to_hub = [route for route in graph.of_type(ROUTE) if "coreNetworkArn" in route.inputs]

    assert {route.name for route in to_hub} == {
        "shop-private-az1-10.0.0.0/8",
        "shop-private-az2-10.0.0.0/8",
        "shop-public-az1-10.0.0.0/8",
        "shop-public-az2-10.0.0.0/8",
        "vault-private-az1-10.0.0.0/8",
        "vault-private-az1-0.0.0.0/0",
        "shop-west-private-az1-10.0.0.0/8",
    }
    for route in to_hub:
        network = next(network.name for network in AWS_ON_CORE.networks[::-1] if route.name.startswith(network.name))
        assert refers(route, "coreNetworkArn", core)
        assert depends_on(graph, route, graph.named(CORE_ATTACHMENT, f"{network}-hub")), route.urn


def test_a_route_to_the_internet_leads_past_the_core_network(graph: Graph) -> None:
    out = graph.named(ROUTE, "shop-public-az1-0.0.0.0/0")

    assert "gatewayId" in out.inputs
    assert "coreNetworkArn" not in out.inputs


def test_each_regions_flow_logs_are_kept_there(graph: Graph) -> None:
    assert {log.name: log.inputs["region"] for log in graph.of_type(FLOW_LOG)} == {
        "shop": "us-east-1",
        "vault": "us-east-1",
        "shop-west": "us-west-2",
    }


@both
def test_a_connection_has_no_gateway_and_is_attached(vpn: Vpn) -> None:
    graph = preview_of(lambda: vpn_of(vpn))
    made = [connection for connection in graph.of_type(VPN_CONNECTION) if not connection.read]

    assert made
    for connection in made:
        attachment = graph.named(CORE_VPN_ATTACHMENT, connection.name)
        assert not {"transitGatewayId", "vpnGatewayId"} & connection.inputs.keys()
        assert refers(attachment, "vpnConnectionArn", connection)
        assert attachment.inputs["routingPolicyLabel"] == "tunnels"


def test_the_far_side_is_told_addresses_only_after_the_connection_is_attached(graph: Graph) -> None:
    """AWS gives tunnels their addresses when it attaches them; what it said before is empty and stays so."""
    for number, port in (("1-1", "1"), ("1-2", "1"), ("2-1", "0"), ("2-2", "0")):
        far = graph.named("aws:ec2/customerGateway:CustomerGateway", f"far-{number}")
        assert unknown(far.inputs["ipAddress"])
        assert sources(graph, far, "ipAddress") == {f"aws-gcp-vpn-{port}-attached"}
        assert comes_after(graph, far, graph.named(CORE_VPN_ATTACHMENT, f"aws-gcp-vpn-{port}"))


def after_deployment(vpn: Vpn) -> tuple[Graph, Mapping[str, Json]]:
    """Tell what the component hands on once AWS has made addresses and keys, which here name the inside addresses."""

    def made_up(token: str, _name: str, inputs: Mapping[str, Json]) -> Mapping[str, Json]:
        made = {"arn": f"arn:of:{_name}"}
        for number in (1, 2) if token == VPN_CONNECTION else ():
            inside = str(IPv4Network(inputs[f"tunnel{number}InsideCidr"])[1])
            made |= {f"tunnel{number}VgwInsideAddress": inside, f"tunnel{number}Address": f"outside {inside}"}
            if vpn.aws_makes_keys:
                made[f"tunnel{number}PresharedKey"] = f"key of {inside}"
        return made

    graph = record(lambda: vpn_of(vpn), complete=made_up)
    [component] = [resource for resource in graph.resources if resource.type == "multicloud-network:index:AwsVpn"]
    return graph, graph.component_outputs[component.urn]


@both
def test_each_tunnels_address_and_key_are_read_where_the_connection_is(vpn: Vpn) -> None:
    graph, outputs = after_deployment(vpn)

    assert outputs["tunnel_addresses"] == {
        tunnel.key: f"outside {tunnel.ends['aws'].address}" for tunnel in vpn.tunnels
    }
    assert all(map(secret, outputs["tunnel_keys"].values()))
    for seen in graph.of_type(VPN_CONNECTION):
        if seen.read:
            made = graph.named(VPN_CONNECTION, seen.name.removesuffix("-attached"))
            assert seen.id == made.id
            assert seen.inputs == {"region": "us-east-1"}
            assert outputs["connection_ids"][made.name.rpartition("-")[2]] == made.id


def test_no_two_customer_gateways_of_two_core_networks_are_alike() -> None:
    names = {
        core: [
            gateway.inputs["deviceName"]
            for gateway in preview_of(lambda core=core: vpn_of(SITE_VPN, core)).of_type(
                "aws:ec2/customerGateway:CustomerGateway"
            )
        ]
        for core in ("core-network-1", "core-network-2")
    }

    assert names["core-network-1"] != names["core-network-2"]
    assert all("core-network-" in name for both in names.values() for name in both)


def test_circuits_meet_every_edge_of_the_core_network(graph: Graph) -> None:
    attachment = graph.named(CORE_CIRCUITS_ATTACHMENT, "aws-circuits")

    assert refers(attachment, "directConnectGatewayArn", graph.named(CIRCUIT_GATEWAY, "aws-circuits"))
    assert attachment.inputs["edgeLocations"] == ["us-east-1", "us-west-2"]
    assert attachment.inputs["routingPolicyLabel"] == "circuits"


def test_a_core_network_is_told_names_that_are_known_in_every_region() -> None:
    """Its API is one for the world: it takes ARNs where those of regions take ids."""
    graph = update_of(everything)

    named = {key: value for resource in attachments(graph) for key, value in resource.inputs.items() if "Arn" in key}

    assert named.keys() == {"vpcArn", "subnetArns", "vpnConnectionArn", "directConnectGatewayArn"}
    for value in named.values():
        assert all(arn.startswith("arn:aws:") for arn in (value if isinstance(value, list) else [value]))


def test_the_direct_connect_gateway_is_associated_with_nothing_else(graph: Graph) -> None:
    """AWS refuses a gateway that is associated with a Transit Gateway and attached to a core network."""
    assert not [resource for resource in graph.resources if resource.type.endswith(":GatewayAssociation")]


def test_what_an_outage_would_follow_from_is_protected(graph: Graph) -> None:
    protected = {resource.type for resource in graph.resources if resource.protect}

    assert {CORE_NETWORK, VPC, CIRCUIT_GATEWAY} <= protected


def test_what_is_sent_is_what_the_sdk_declares(graph: Graph) -> None:
    assert check(graph) == []


def build_it(plan: Callable[[], object]) -> Mapping[str, Mapping[str, Json]]:
    return {resource.urn: resource.inputs for resource in preview_of(plan).resources}


def test_another_policy_changes_the_policy_alone() -> None:
    def changed() -> None:
        plan = replace(AWS_ON_CORE, core_network=replace(CORE, policy='{"version": "2025.11", "segments": []}'))
        build(plan, protect=True, provider=pulumi_aws.Provider("aws", region=plan.home_region))

    before, after = build_it(cloud), build_it(changed)

    assert [urn for urn in before if before[urn] != after[urn]] == [
        urn for urn in before if urn.endswith(f"{CORE_POLICY}::aws-core-network")
    ]
