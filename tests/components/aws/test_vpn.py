from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network

import pulumi
import pytest

from components.aws.vpn import AwsVpn, AwsVpnArgs
from inspection.graph import SECRET, Graph, Json, Resource
from inspection.recording import record
from planning.links.types import Vpn
from tests.components.aws.graphs import (
    ASSOCIATION,
    CUSTOMER_GATEWAY,
    PROPAGATION,
    VPN_CONNECTION,
    refers,
    sources,
)
from tests.components.aws.plans import CLOUD_VPN, SITE_VPN, tunnel
from tests.support import declarations
from tests.support.recorded import careless, depends_on, preview_of, secret, unknown

TABLES = {table: f"tgw-rtb-{table}" for table in ("prod", "shared", "links")}
ADDRESSES = {"0": "198.51.100.10", "1": "198.51.100.11", "edge": "203.0.113.10"}
KEYS = {"1-1": "aaaaaaaa", "1-2": "bbbbbbbb", "2-1": "cccccccc", "2-2": "dddddddd"}
both = pytest.mark.parametrize("vpn", [CLOUD_VPN, SITE_VPN], ids=lambda vpn: vpn.name)


def arguments(
    vpn: Vpn, *, addresses: Mapping[str, str] = ADDRESSES, peer_asn: int = 64550, transit_gateway: str = "tgw-1"
) -> AwsVpnArgs:
    return {
        "vpn": vpn,
        "transit_gateway_id": transit_gateway,
        "hub_route_table_ids": TABLES,
        "peer_addresses": addresses,
        "peer_asn": peer_asn,
        "keys": {} if vpn.aws_makes_keys else {key: pulumi.Output.secret(value) for key, value in KEYS.items()},
    }


def preview(vpn: Vpn, **changed: Json) -> Graph:
    return preview_of(lambda: AwsVpn(vpn.name, arguments(vpn, **changed)))


@pytest.fixture(scope="module")
def cloud() -> Graph:
    return preview(CLOUD_VPN)


@pytest.fixture(scope="module")
def site() -> Graph:
    return preview(SITE_VPN)


def outputs_after_deployment(vpn: Vpn, *, order: tuple[int, int] = (1, 2)) -> Mapping[str, Json]:
    """Tell what the component hands on once AWS has made addresses and keys, which here name the inside addresses.

    Args:
        vpn: to deploy.
        order: in which AWS lists the first and the second tunnel.
    """

    def made_up(token: str, _name: str, inputs: Mapping[str, Json]) -> Mapping[str, Json]:
        made = {}
        for number, place in zip((1, 2), order, strict=True) if token == VPN_CONNECTION else ():
            inside = str(IPv4Network(inputs[f"tunnel{number}InsideCidr"])[1])
            made[f"tunnel{place}VgwInsideAddress"] = inside
            made[f"tunnel{place}Address"] = f"outside {inside}"
            if vpn.aws_makes_keys:
                made[f"tunnel{place}PresharedKey"] = f"key of {inside}"
        return made

    graph = record(lambda: AwsVpn(vpn.name, arguments(vpn)), complete=made_up)
    [component] = [resource for resource in graph.resources if resource.type == "multicloud-network:index:AwsVpn"]
    return graph.component_outputs[component.urn]


def test_each_address_of_the_far_side_has_a_connection_of_its_own(cloud: Graph) -> None:
    addresses = {
        gateway.name: (gateway.inputs["ipAddress"], gateway.inputs["bgpAsn"], gateway.inputs["region"])
        for gateway in cloud.of_type(CUSTOMER_GATEWAY)
    }

    assert addresses == {
        "aws-gcp-vpn-0": ("198.51.100.10", "64550", "us-east-1"),
        "aws-gcp-vpn-1": ("198.51.100.11", "64550", "us-east-1"),
    }
    assert {
        connection.name: sources(cloud, connection, "customerGatewayId") for connection in cloud.of_type(VPN_CONNECTION)
    } == {"aws-gcp-vpn-0": {"aws-gcp-vpn-0"}, "aws-gcp-vpn-1": {"aws-gcp-vpn-1"}}


@both
def test_connections_end_on_the_transit_gateway_and_speak_bgp(vpn: Vpn) -> None:
    for connection in preview(vpn).of_type(VPN_CONNECTION):
        assert connection.inputs["region"] == "us-east-1"
        assert connection.inputs["transitGatewayId"] == "tgw-1"
        assert connection.inputs["staticRoutesOnly"] is False


def test_an_asn_beyond_31_bits_goes_where_aws_wants_it() -> None:
    asns = {
        asn: {key: value for key, value in gateway.inputs.items() if key.startswith("bgpAsn")}
        for asn in (2_147_483_647, 2_147_483_648)
        for gateway in preview(SITE_VPN, peer_asn=asn).of_type(CUSTOMER_GATEWAY)
    }

    assert asns == {2_147_483_647: {"bgpAsn": "2147483647"}, 2_147_483_648: {"bgpAsnExtended": "2147483648"}}


def test_tunnels_stand_in_the_order_of_their_keys_with_the_addresses_and_keys_of_the_plan(cloud: Graph) -> None:
    tunnels = {
        connection.name: [
            (connection.inputs[f"tunnel{number}InsideCidr"], connection.inputs[f"tunnel{number}PresharedKey"])
            for number in (1, 2)
        ]
        for connection in cloud.of_type(VPN_CONNECTION)
    }

    assert tunnels == {
        "aws-gcp-vpn-0": [
            ("169.254.10.8/30", {SECRET: "cccccccc"}),
            ("169.254.10.12/30", {SECRET: "dddddddd"}),
        ],
        "aws-gcp-vpn-1": [
            ("169.254.10.0/30", {SECRET: "aaaaaaaa"}),
            ("169.254.10.4/30", {SECRET: "bbbbbbbb"}),
        ],
    }


def test_where_aws_makes_the_keys_none_is_handed_in(site: Graph) -> None:
    [connection] = site.of_type(VPN_CONNECTION)

    assert not [key for key in connection.inputs if key.endswith("PresharedKey")]


def test_a_tunnel_whose_key_is_missing_is_refused() -> None:
    """AWS would make a key of its own, and the far side would have none."""
    args = arguments(CLOUD_VPN)
    args["keys"] = {key: value for key, value in args["keys"].items() if key != "2-2"}

    with pytest.raises(KeyError, match="2-2"):
        preview_of(lambda: AwsVpn(CLOUD_VPN.name, args))


@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["in order", "swapped"])
def test_the_far_side_is_told_each_tunnels_own_address_and_key_in_whatever_order_aws_lists_them(
    order: tuple[int, int],
) -> None:
    outputs = outputs_after_deployment(CLOUD_VPN, order=order)

    assert outputs["tunnel_addresses"] == {
        "1-1": "outside 169.254.10.1",
        "1-2": "outside 169.254.10.5",
        "2-1": "outside 169.254.10.9",
        "2-2": "outside 169.254.10.13",
    }
    assert outputs["tunnel_keys"] == {key: {SECRET: value} for key, value in KEYS.items()}


@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["in order", "swapped"])
def test_the_keys_that_aws_makes_are_handed_on_as_secrets(order: tuple[int, int]) -> None:
    assert outputs_after_deployment(SITE_VPN, order=order)["tunnel_keys"] == {
        "edge-1": {SECRET: "key of 169.254.11.1"},
        "edge-2": {SECRET: "key of 169.254.11.5"},
    }


def test_keys_that_are_handed_in_are_known_in_a_first_preview(cloud: Graph) -> None:
    [component] = cloud.component_outputs.values()

    assert component["tunnel_keys"] == {key: {SECRET: value} for key, value in KEYS.items()}


def test_keys_are_secret_before_they_are_known(site: Graph) -> None:
    [component] = site.component_outputs.values()
    keys = component["tunnel_keys"]

    assert set(keys) == {"edge-1", "edge-2"}
    assert all(secret(key) and unknown(key) for key in keys.values())


def test_the_keys_that_aws_makes_are_secret_in_themselves_whatever_the_engine_makes_of_options() -> None:
    with careless():
        keys = outputs_after_deployment(SITE_VPN)["tunnel_keys"]

    assert all(secret(key) for key in keys.values())


def test_a_connection_is_watched_by_its_id() -> None:
    assert set(outputs_after_deployment(CLOUD_VPN)["connection_ids"]) == {"0", "1"}


def proposal(connection: Resource, number: int) -> Mapping[str, Json]:
    start = f"tunnel{number}"
    return {
        key.removeprefix(start): value
        for key, value in connection.inputs.items()
        if key.startswith((f"{start}IkeVersions", f"{start}Phase1", f"{start}Phase2"))
    }


@both
def test_every_tunnel_offers_one_strong_proposal_that_all_clouds_take(vpn: Vpn) -> None:
    for connection in preview(vpn).of_type(VPN_CONNECTION):
        for number in (1, 2):
            assert proposal(connection, number) == {
                "IkeVersions": ["ikev2"],
                "Phase1EncryptionAlgorithms": ["AES256"],
                "Phase1IntegrityAlgorithms": ["SHA2-256"],
                "Phase1DhGroupNumbers": [14],
                "Phase1LifetimeSeconds": 28800,
                "Phase2EncryptionAlgorithms": ["AES256-GCM-16"],
                "Phase2IntegrityAlgorithms": ["SHA2-256"],
                "Phase2DhGroupNumbers": [14],
                "Phase2LifetimeSeconds": 3600,
            }


@pytest.mark.parametrize(("vpn", "expected"), [(CLOUD_VPN, ("add", "clear")), (SITE_VPN, ("start", "restart"))])
def test_a_cloud_starts_the_tunnels_itself_and_a_site_is_called(vpn: Vpn, expected: tuple[str, str]) -> None:
    for connection in preview(vpn).of_type(VPN_CONNECTION):
        for number in (1, 2):
            startup = connection.inputs[f"tunnel{number}StartupAction"]
            assert (startup, connection.inputs[f"tunnel{number}DpdTimeoutAction"]) == expected


@both
def test_acceleration_is_as_planned(vpn: Vpn) -> None:
    assert {c.inputs["enableAcceleration"] for c in preview(vpn).of_type(VPN_CONNECTION)} == {vpn.accelerated}


def test_traffic_from_every_connection_is_looked_up_in_the_links_table_alone(cloud: Graph) -> None:
    looked_up = {
        name: association.inputs["transitGatewayRouteTableId"]
        for association in cloud.of_type(ASSOCIATION)
        for name in sources(cloud, association, "transitGatewayAttachmentId")
    }

    assert len(cloud.of_type(ASSOCIATION)) == 2
    assert looked_up == {"aws-gcp-vpn-0": "tgw-rtb-links", "aws-gcp-vpn-1": "tgw-rtb-links"}
    assert all(association.inputs["region"] == "us-east-1" for association in cloud.of_type(ASSOCIATION))


def test_what_a_connection_brings_is_learnt_by_the_tables_of_the_plan_and_no_other(cloud: Graph) -> None:
    learnt = Counter(
        (*sources(cloud, propagation, "transitGatewayAttachmentId"), propagation.inputs["transitGatewayRouteTableId"])
        for propagation in cloud.of_type(PROPAGATION)
    )

    assert learnt == {
        (f"aws-gcp-vpn-{port}", f"tgw-rtb-{table}"): 1 for port in ("0", "1") for table in ("prod", "shared")
    }
    assert all(propagation.inputs["region"] == "us-east-1" for propagation in cloud.of_type(PROPAGATION))


def test_a_replaced_association_is_removed_before_the_new_one_is_made(cloud: Graph) -> None:
    assert all(association.delete_before_replace for association in cloud.of_type(ASSOCIATION))


def test_a_changed_address_of_the_far_side_changes_its_customer_gateway_alone() -> None:
    """Made before the old one goes, so that the connection can move to it and keeps its own addresses."""
    before = preview(CLOUD_VPN)
    after = preview(CLOUD_VPN, addresses={**ADDRESSES, "1": "192.0.2.99"})

    [changed] = [
        new
        for old, new in zip(before.resources, after.resources, strict=True)
        if (old.urn, old.inputs) != (new.urn, new.inputs)
    ]

    assert (changed.type, changed.name) == (CUSTOMER_GATEWAY, "aws-gcp-vpn-1")
    assert not changed.delete_before_replace
    assert not any(connection.delete_before_replace for connection in after.of_type(VPN_CONNECTION))


def test_connections_move_one_after_the_other(cloud: Graph) -> None:
    """While one moves to another customer gateway, both of its tunnels are down."""
    first, second = (cloud.named(VPN_CONNECTION, f"aws-gcp-vpn-{port}") for port in ("0", "1"))

    assert depends_on(cloud, second, first)
    assert not depends_on(cloud, first, second)


def test_no_two_customer_gateways_are_alike() -> None:
    """AWS would hand out one for both: when two ports swap their addresses, or where two stacks share a site."""

    def names(transit_gateway: str) -> set[str]:
        gateways = preview(CLOUD_VPN, transit_gateway=transit_gateway).of_type(CUSTOMER_GATEWAY)
        return {gateway.inputs["deviceName"] for gateway in gateways}

    assert len(names("tgw-1") | names("tgw-2")) == 4


@pytest.mark.parametrize("count", [1, 3])
def test_a_connection_has_two_tunnels(count: int) -> None:
    tunnels = [tunnel(f"edge-{n}", f"169.254.11.{4 * n}/30", "hq", "edge") for n in range(count)]

    with pytest.raises(ValueError, match="to unpack"):
        preview(replace(SITE_VPN, tunnels=tunnels))


def test_a_vpn_between_others_is_refused() -> None:
    with pytest.raises(ValueError, match="aws-gcp-vpn does not end in AWS"):
        preview(replace(CLOUD_VPN, aws=None))


@both
def test_a_vpn_sends_what_the_sdk_declares(vpn: Vpn) -> None:
    assert declarations.check(preview(vpn)) == []


@both
def test_every_resource_stands_in_the_component_and_carries_its_name(vpn: Vpn) -> None:
    graph = preview(vpn)
    [component] = [resource for resource in graph.resources if resource.type == "multicloud-network:index:AwsVpn"]
    children = [resource for resource in graph.resources if resource.type.startswith("aws:")]

    assert children
    assert all(child.parent == component.urn and child.name.startswith(vpn.name) for child in children)
    assert all(
        refers(c, "customerGatewayId", graph.named(CUSTOMER_GATEWAY, c.name)) for c in graph.of_type(VPN_CONNECTION)
    )
