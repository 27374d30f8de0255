"""Claims about the Google end of a VPN: its gateway, tunnels, sessions, what they learn, and their place on the hub."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface, IPv4Network

import pulumi
import pytest

from components.gcp.vpn import GcpVpn, GcpVpnArgs, GcpVpnGateway
from inspection.graph import SECRET, Graph, Json, Resource
from inspection.recording import record
from planning.links.types import GcpEnd, Vpn
from tests.components.gcp.graphs import (
    FAR_SIDE,
    GROUP,
    HUB,
    INTERFACE,
    PEER,
    ROUTE_POLICY,
    ROUTER,
    SPOKE,
    TUNNEL,
    VPN_GATEWAY,
    refers,
)
from tests.components.gcp.plans import AWS_VPN, AZURE_VPN, SITE_VPN, VPN_END
from tests.support import declarations
from tests.support.known_outputs import complete
from tests.support.recorded import preview_of, secret, unknown

ADDRESSES = {
    AWS_VPN.name: {key: f"198.51.100.{key.replace('-', '')}" for key in ("1-1", "1-2", "2-1", "2-2")},
    AZURE_VPN.name: {"Instance0": "198.51.100.50", "Instance1": "198.51.100.51"},
    SITE_VPN.name: {"edge": "203.0.113.10"},
}
PEER_ASN = 64520
VPNS = pytest.mark.parametrize("vpn", [AWS_VPN, AZURE_VPN, SITE_VPN], ids=["AWS", "Azure", "site"])


def building(vpn: Vpn, *, group: str | None = None, protect: bool = False) -> Callable[[], GcpVpn]:
    """Return what builds the Google end of a VPN beside a gateway."""

    def program() -> GcpVpn:
        gateway = GcpVpnGateway(
            "gcp-vpn-us-east4",
            {"region": "us-east4", "physical_name": "prod-us-east4", "network_id": "transit", "protect": protect},
        )
        args: GcpVpnArgs = {
            "vpn": vpn,
            "physical_name": f"prod-{vpn.name}",
            "gateway_id": gateway.gateway_id,
            "router_name": "prod-transit-router-us-east4",
            "hub_id": "hub-1",
            "group_id": group,
            "peer_addresses": ADDRESSES[vpn.name],
            "peer_asn": PEER_ASN,
            "keys": {tunnel.key: f"psk-of-{tunnel.key}" for tunnel in vpn.tunnels},
        }
        return GcpVpn(vpn.name, args)

    return program


def preview(vpn: Vpn, *, group: str | None = None) -> Graph:
    return preview_of(building(vpn, group=group))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview(AWS_VPN)


def end_of(vpn: Vpn) -> GcpEnd:
    assert vpn.gcp is not None
    return vpn.gcp


# -- the gateway and the tunnels


def gateway_addresses(of: Callable[[str, str, Mapping[str, Json]], dict[str, Json]] | None) -> Mapping[str, Json]:
    def program() -> None:
        gateway = GcpVpnGateway(
            "gcp-vpn", {"region": "us-east4", "physical_name": "prod", "network_id": "transit", "protect": False}
        )
        for interface, address in gateway.addresses.items():
            pulumi.export(interface, address)

    return record(program, complete=of).outputs


def test_the_gateway_stands_in_its_region_of_the_transit_network(graph: Graph) -> None:
    gateway = graph.named(VPN_GATEWAY, "gcp-vpn-us-east4")
    assert gateway.inputs == {"name": "prod-us-east4", "network": "transit", "region": "us-east4"}


@pytest.mark.parametrize("protect", [True, False])
def test_the_gateway_that_every_far_side_knows_the_addresses_of_is_protected_where_asked(*, protect: bool) -> None:
    graph = preview_of(building(AWS_VPN, protect=protect))
    assert [each.type for each in graph.resources if each.protect] == [VPN_GATEWAY] * protect


def test_an_interface_is_told_its_own_address_in_whatever_order_google_lists_them() -> None:
    def backwards(token: str, _name: str, _inputs: Mapping[str, Json]) -> dict[str, Json]:
        assert token == VPN_GATEWAY
        return {"vpnInterfaces": [{"id": 1, "ipAddress": "192.0.2.1"}, {"id": 0, "ipAddress": "192.0.2.0"}]}

    assert gateway_addresses(backwards) == {"0": "192.0.2.0", "1": "192.0.2.1"}
    assert all(unknown(address) for address in gateway_addresses(None).values())


@pytest.mark.parametrize(
    ("vpn", "redundancy"),
    [
        (AWS_VPN, "FOUR_IPS_REDUNDANCY"),
        (AZURE_VPN, "TWO_IPS_REDUNDANCY"),
        (SITE_VPN, "SINGLE_IP_INTERNALLY_REDUNDANT"),
    ],
    ids=["AWS", "Azure", "site"],
)
def test_google_knows_every_address_of_the_far_side_exactly_once(vpn: Vpn, redundancy: str) -> None:
    far_side = preview(vpn).named(FAR_SIDE, vpn.name)
    known = [(interface["id"], interface["ipAddress"]) for interface in far_side.inputs["interfaces"]]
    assert far_side.inputs["redundancyType"] == redundancy
    assert [number for number, _ in known] == list(range(len(known)))
    assert sorted(address for _, address in known) == sorted(ADDRESSES[vpn.name].values())


@VPNS
def test_each_tunnel_joins_the_two_ports_of_the_plan(vpn: Vpn) -> None:
    graph = preview(vpn)
    far_side, gateway = graph.named(FAR_SIDE, vpn.name), graph.named(VPN_GATEWAY, "gcp-vpn-us-east4")
    addresses = {interface["id"]: interface["ipAddress"] for interface in far_side.inputs["interfaces"]}
    for plan in vpn.tunnels:
        tunnel = graph.named(TUNNEL, f"{vpn.name}-{plan.key}")
        assert refers(tunnel, "vpnGateway", gateway)
        assert refers(tunnel, "peerExternalGateway", far_side)
        assert tunnel.inputs["vpnGatewayInterface"] == int(plan.ends["gcp"].port)
        far_port = vpn.far("gcp", plan).port
        assert addresses[tunnel.inputs["peerExternalGatewayInterface"]] == ADDRESSES[vpn.name][far_port]
    assert len(graph.of_type(TUNNEL)) == len(vpn.tunnels)


@VPNS
def test_both_interfaces_of_the_gateway_carry_tunnels_as_its_availability_asks_for(vpn: Vpn) -> None:
    assert {tunnel.inputs["vpnGatewayInterface"] for tunnel in preview(vpn).of_type(TUNNEL)} == {0, 1}


def test_a_far_side_with_three_addresses_is_not_taken_for_one_with_fewer() -> None:
    with pytest.raises(KeyError):
        preview(replace(AWS_VPN, tunnels=AWS_VPN.tunnels[:3]))


def test_each_tunnel_has_its_own_key_and_keeps_it_secret(graph: Graph) -> None:
    for plan in AWS_VPN.tunnels:
        shared = graph.named(TUNNEL, f"aws-gcp-vpn-{plan.key}").inputs["sharedSecret"]
        assert secret(shared)
        assert shared[SECRET] == f"psk-of-{plan.key}"


def test_a_tunnel_offers_one_strong_proposal_that_aws_and_azure_take_too(graph: Graph) -> None:
    for tunnel in graph.of_type(TUNNEL):
        assert tunnel.inputs["ikeVersion"] == 2
        assert tunnel.inputs["cipherSuite"] == {
            "phase1": {
                "encryptions": ["AES-CBC-256"],
                "integrities": ["HMAC-SHA2-256-128"],
                "prves": ["PRF-HMAC-SHA2-256"],
                "dhs": ["Group-14"],
            },
            "phase2": {"encryptions": ["AES-GCM-16-256"], "pfs": ["Group-14"]},
        }


# -- sessions


@VPNS
def test_each_tunnel_has_one_session_between_the_addresses_of_the_plan(vpn: Vpn) -> None:
    graph = preview(vpn)
    for plan in vpn.tunnels:
        name = f"{vpn.name}-{plan.key}"
        interface, peer = graph.named(INTERFACE, name), graph.named(PEER, name)
        assert refers(interface, "vpnTunnel", graph.named(TUNNEL, name))
        assert refers(peer, "interface", interface)
        own = IPv4Interface(interface.inputs["ipRange"])
        assert (str(own.ip), own.network) == (plan.ends["gcp"].address, IPv4Network(plan.inside))
        assert peer.inputs["peerIpAddress"] == vpn.far("gcp", plan).address
        assert peer.inputs["peerAsn"] == PEER_ASN
    assert len(graph.of_type(INTERFACE)) == len(graph.of_type(PEER)) == len(vpn.tunnels)


def test_everything_of_a_vpn_is_on_the_one_router_and_in_its_region(graph: Graph) -> None:
    for token in (TUNNEL, INTERFACE, PEER, ROUTE_POLICY):
        for resource in graph.of_type(token):
            assert resource.inputs["router"] == "prod-transit-router-us-east4"
            assert resource.inputs["region"] == "us-east4"
    assert not graph.of_type(ROUTER), "routers belong to the network"


@pytest.mark.parametrize(("vpn", "priority"), [(AWS_VPN, 1000), (AZURE_VPN, 100)], ids=["backup", "primary"])
def test_what_is_sent_carries_the_rank_of_the_link(vpn: Vpn, priority: int) -> None:
    assert {peer.inputs["advertisedRoutePriority"] for peer in preview(vpn).of_type(PEER)} == {priority}


def test_a_session_sends_what_its_router_lists_and_nothing_of_its_own(graph: Graph) -> None:
    for peer in graph.of_type(PEER):
        assert not peer.inputs.keys() & {"advertiseMode", "advertisedGroups", "advertisedIpRanges", "exportPolicies"}


# -- what is learned


@dataclass(frozen=True)
class Learned:
    """A route as the policy leaves it."""

    med: int | None
    prepended: tuple[int, ...]


def covers(expression: str, route: str) -> bool:
    """Tell whether a match names a route, by Google's reference of the language."""
    exact = re.fullmatch(r"destination == '([\d./]+)'", expression)
    if exact:
        return IPv4Network(route) == IPv4Network(exact[1])
    longer = re.fullmatch(r"destination\.inAnyRange\(prefix\('([\d./]+)'\)\.orLonger\(\)\)", expression)
    assert longer, expression
    return IPv4Network(route).subnet_of(IPv4Network(longer[1]))


def learn(policy: Resource, route: str) -> Learned | None:
    """Run a route through a policy as a Cloud Router does; None if it is dropped."""
    med, prepended = None, ()
    for term in sorted(policy.inputs["terms"], key=lambda term: term["priority"]):
        if not covers(term["match"]["expression"], route):
            continue
        for action in (each["expression"] for each in term["actions"]):
            if action == "drop()":
                return None
            if action == "accept()":
                return Learned(med, prepended)
            if action.startswith("med.set("):
                med = int(action.removeprefix("med.set(").removesuffix(")"))
            else:
                assert action.startswith("asPath.prependSequence(["), action
                inner = action.removeprefix("asPath.prependSequence([").removesuffix("])")
                prepended = (*prepended, *(int(asn) for asn in inner.split(", ")))
    return Learned(med, prepended)  # Google accepts what no term decides


def policy_of(vpn: Vpn) -> Resource:
    return preview(vpn).named(ROUTE_POLICY, vpn.name)


def test_every_session_is_filtered_on_the_way_in(graph: Graph) -> None:
    policy = graph.named(ROUTE_POLICY, "aws-gcp-vpn")
    assert policy.inputs["type"] == "ROUTE_POLICY_TYPE_IMPORT"
    for peer in graph.of_type(PEER):
        assert peer.inputs["importPolicies"] == [policy.inputs["name"]]
        assert refers(peer, "importPolicies", policy), "without its policy a session accepts everything"


@VPNS
def test_aggregates_of_the_plan_are_learned_with_the_rank_of_the_link(vpn: Vpn) -> None:
    policy, end = policy_of(vpn), end_of(vpn)
    for aggregate in end.accepts:
        assert learn(policy, aggregate) == Learned(end.med, (PEER_ASN,) * end.prepends)


def test_a_route_never_carries_the_number_of_a_router_of_ours_that_would_take_it_for_a_loop() -> None:
    learned = learn(policy_of(AWS_VPN), "10.0.0.0/16")
    assert learned is not None
    assert VPN_END.asn not in learned.prepended


@VPNS
def test_what_lies_inside_an_aggregate_would_win_over_a_circuit_and_is_not_learned_from_anybody(vpn: Vpn) -> None:
    policy = policy_of(vpn)
    for aggregate in map(IPv4Network, end_of(vpn).accepts):
        for inside in (*aggregate.subnets(), *aggregate.subnets(new_prefix=24)):
            assert learn(policy, str(inside)) is None


def test_a_path_is_lengthened_by_no_more_than_google_takes_at_once() -> None:
    expressions = [action["expression"] for term in policy_of(AWS_VPN).inputs["terms"] for action in term["actions"]]
    lengthening = [each for each in expressions if each.startswith("asPath.prependSequence")]

    assert lengthening
    assert all(each.count(",") < 10 for each in lengthening)


@VPNS
@pytest.mark.parametrize("route", ["0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/8", "10.32.0.0/16", "192.0.2.1/32"])
def test_nothing_else_is_learned_not_even_what_holds_an_aggregate(vpn: Vpn, route: str) -> None:
    assert learn(policy_of(vpn), route) is None


def test_more_aggregates_than_one_match_may_name_are_learned_too() -> None:
    many = tuple(f"10.0.{number}.0/24" for number in range(150))
    policy = policy_of(replace(AWS_VPN, gcp=replace(VPN_END, accepts=many)))
    assert all(learn(policy, aggregate) for aggregate in many)
    assert max(term["match"]["expression"].count("/") for term in policy.inputs["terms"]) <= 100
    priorities = [term["priority"] for term in policy.inputs["terms"]]
    assert len(set(priorities)) == len(priorities)
    assert 0 <= min(priorities) <= max(priorities) < 2**31


# -- the hub


def test_the_hub_gets_all_tunnels_as_one_spoke_in_their_region(graph: Graph) -> None:
    spoke = graph.named(SPOKE, "aws-gcp-vpn")
    assert (spoke.inputs["location"], spoke.inputs["hub"]) == ("us-east4", "hub-1")
    assert len(spoke.inputs["linkedVpnTunnels"]["uris"]) == 4
    assert all(refers(spoke, "linkedVpnTunnels", tunnel) for tunnel in graph.of_type(TUNNEL))


def test_nobody_reaches_a_third_party_through_the_tunnels(graph: Graph) -> None:
    assert graph.named(SPOKE, "aws-gcp-vpn").inputs["linkedVpnTunnels"]["siteToSiteDataTransfer"] is False


def test_no_subnet_on_the_hub_is_sent_beside_its_aggregate(graph: Graph) -> None:
    assert "includeImportRanges" not in graph.named(SPOKE, "aws-gcp-vpn").inputs["linkedVpnTunnels"]


def test_the_spoke_names_a_group_only_where_the_hub_has_several(graph: Graph) -> None:
    assert "group" not in graph.named(SPOKE, "aws-gcp-vpn").inputs
    assert preview(AWS_VPN, group="center-1").named(SPOKE, "aws-gcp-vpn").inputs["group"] == "center-1"
    assert not [*graph.of_type(GROUP), *graph.of_type(HUB)], "both belong to the hub"


# -- the whole


def test_the_order_of_tunnels_in_the_plan_changes_nothing() -> None:
    def resources(vpn: Vpn) -> dict[str, object]:
        known = record(building(vpn), complete=complete)
        return {resource.urn: resource.inputs for resource in known.resources}

    assert resources(AWS_VPN) == resources(replace(AWS_VPN, tunnels=AWS_VPN.tunnels[::-1]))


@VPNS
def test_names_in_google_cloud_are_told_apart_and_well_formed(vpn: Vpn) -> None:
    names: dict[str, list[str]] = {}
    for resource in preview(vpn).resources:
        if resource.custom and resource.type != "pulumi:providers:gcp":
            names.setdefault(resource.type, []).append(resource.inputs["name"])
    for each in names.values():
        assert len(set(each)) == len(each)
        assert all(re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", name) for name in each)
        assert all(name.startswith("prod-") for name in each)


@VPNS
def test_google_is_asked_for_the_same_when_everything_is_known(vpn: Vpn) -> None:
    known = record(building(vpn), complete=complete)
    assert known.by_urn.keys() == preview(vpn).by_urn.keys()
    assert declarations.check(known) == declarations.check(preview(vpn)) == []


def test_others_find_each_tunnel_by_its_key() -> None:
    def program() -> None:
        for key, identity in building(AWS_VPN)().tunnel_ids.items():
            pulumi.export(key, identity)

    graph = record(program, complete=complete)
    assert graph.outputs == {plan.key: graph.named(TUNNEL, f"aws-gcp-vpn-{plan.key}").id for plan in AWS_VPN.tunnels}


def test_a_vpn_that_ends_elsewhere_is_refused() -> None:
    with pytest.raises(ValueError, match="aws-gcp-vpn does not end in Google Cloud"):
        preview(replace(AWS_VPN, gcp=None))
