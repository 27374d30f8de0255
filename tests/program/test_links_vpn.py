"""What a network engineer checks on tunnels: addresses, keys, proposals, and what each cloud insists on."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations

import pytest

from inspection.graph import Graph, Resource
from tests.program.ends import (
    AWS_VPN,
    AZURE_VPN,
    AZURE_VPN_GATEWAY,
    CLOUD_ROUTER,
    CUSTOMER_GATEWAY,
    FAR_GATEWAY,
    HA_GATEWAY,
    HUB_ASN,
    PEER,
    PROPOSAL,
    ROUTER_INTERFACE,
    SPOKE,
    TUNNEL,
    VPN_SITE,
    outputs,
)
from tests.program.routes import by_id
from tests.program.sessions import Session, sessions_of
from tests.program.stacks import settings_of, update_of
from tests.program.wanted import LINKED, ON_TRANSIT_GATEWAYS, clouds, pairs, sites

LINK_LOCAL = IPv4Network("169.254.0.0/16")
RESERVED_BY_AWS = {IPv4Network(f"169.254.{third}.0/30") for third in range(6)} | {IPv4Network("169.254.169.252/30")}
TAKEN_BY_AZURE = (IPv4Address("169.254.21.0"), IPv4Address("169.254.22.255"))
"""First and last inside address that Azure accepts."""
KEY = re.compile(r"[A-Za-z1-9._][A-Za-z0-9._]{7,63}")
"""A pre-shared key as AWS wants it, which is the strictest."""

linked = pytest.mark.parametrize("stack", LINKED)
on_transit_gateways = pytest.mark.parametrize("stack", ON_TRANSIT_GATEWAYS)


def tunnels(stack: str) -> Sequence[Session]:
    return [session for session in sessions_of(stack) if not session.over_circuit]


def connections(stack: str) -> Sequence[Resource]:
    return [connection for connection in update_of(stack).of_type(AWS_VPN) if not connection.read]


def given_inside(graph: Graph) -> Iterator[tuple[str, IPv4Network]]:
    """Yield each inside range that AWS or Google is given, with who is given it."""
    for connection in graph.of_type(AWS_VPN):
        for number in (1, 2) if not connection.read else ():
            yield f"aws {connection.name} {number}", IPv4Network(connection.inputs[f"tunnel{number}InsideCidr"])
    for interface in graph.of_type(ROUTER_INTERFACE):
        yield f"gcp {interface.name}", IPv4Network(interface.inputs["ipRange"], strict=False)


# -- inside addresses


@linked
def test_an_inside_range_is_a_30_of_link_local_space_that_aws_does_not_keep_for_itself(stack: str) -> None:
    for owner, inside in given_inside(update_of(stack)):
        assert inside.prefixlen == 30, owner
        assert inside.subnet_of(LINK_LOCAL), owner
        assert inside not in RESERVED_BY_AWS, owner


@linked
def test_no_two_tunnels_of_a_cloud_have_the_same_inside_range(stack: str) -> None:
    taken = [(owner.partition(" ")[0], inside) for owner, inside in given_inside(update_of(stack))]
    assert len(set(taken)) == len(taken)


@linked
def test_an_inside_range_joins_one_pair_only_and_an_address_in_it_is_one_ends_only(stack: str) -> None:
    pairs, users = defaultdict(set), defaultdict(set)
    for session in tunnels(stack):
        for end in session.ends:
            pairs[IPv4Network(f"{end.addresses[0]}/30", strict=False)].add(session.parties)
            users[end.addresses[0]].add((end.party, end.place))
    assert {inside: parties for inside, parties in pairs.items() if len(parties) > 1} == {}
    assert {address: ends for address, ends in users.items() if len(ends) > 1} == {}


@linked
def test_where_azure_is_an_end_both_addresses_lie_where_azure_takes_them(stack: str) -> None:
    first, last = TAKEN_BY_AZURE
    for session in tunnels(stack):
        if "azure" in session.parties:
            assert all(first <= IPv4Address(address) <= last for address in session.one.addresses), session.one


def test_environments_of_one_ledger_never_have_the_same_inside_range() -> None:
    """A device of a site may serve both."""
    ledgers = defaultdict(list)
    for stack in LINKED:
        ledgers[settings_of(stack).get("ledger")].append({inside for _, inside in given_inside(update_of(stack))})
    assert any(len(environments) > 1 for environments in ledgers.values())
    for environments in ledgers.values():
        assert all(one.isdisjoint(other) for one, other in combinations(environments, 2))


# -- keys and proposals


@linked
def test_every_tunnel_is_proposed_the_one_thing_that_the_documentation_promises(stack: str) -> None:
    for session in tunnels(stack):
        assert session.one.proposal == session.other.proposal == PROPOSAL


@linked
def test_a_pre_shared_key_is_one_that_every_cloud_takes(stack: str) -> None:
    made_by_aws = "linkSecret" not in settings_of(stack)
    for session in tunnels(stack):
        key = session.one.key
        assert key is not None
        assert KEY.fullmatch(key) or made_by_aws


@linked
def test_no_two_gateways_or_devices_have_the_same_key(stack: str) -> None:
    """All tunnels to one far address share theirs, as a link of Azure's has only one."""
    far_of = {frozenset(pair): pair[1] for pair in pairs(stack)}
    owners = defaultdict(set)
    for session in tunnels(stack):
        owners[session.one.key].add((session.parties, session.at(far_of[session.parties]).place))
    assert {who for owning in owners.values() if len(owning) > 1 for who in owning} == set()


@linked
def test_aws_is_given_both_keys_of_a_connection_or_makes_both(stack: str) -> None:
    """With one alone its two tunnels may change places when their state is read."""
    given = "linkSecret" in settings_of(stack)
    for connection in connections(stack):
        assert ("tunnel1PresharedKey" in connection.inputs) == given, connection.name
        assert ("tunnel2PresharedKey" in connection.inputs) == given, connection.name


# -- AWS


@linked
def test_awss_connections_speak_bgp(stack: str) -> None:
    for connection in connections(stack):
        assert connection.inputs["type"] == "ipsec.1"
        assert connection.inputs["staticRoutesOnly"] is False
        assert "vpnGatewayId" not in connection.inputs


@on_transit_gateways
def test_a_transit_gateway_shares_the_load_among_its_tunnels(stack: str) -> None:
    for connection in connections(stack):
        gateway = by_id(stack)[connection.inputs["transitGatewayId"]]
        assert gateway.inputs["vpnEcmpSupport"] == "enable"
        assert gateway.inputs["region"] == connection.inputs["region"]


@linked
def test_a_customer_gateway_is_one_address_of_the_far_side_with_one_number(stack: str) -> None:
    gateways = update_of(stack).of_type(CUSTOMER_GATEWAY)
    for gateway in gateways:
        assert ("bgpAsn" in gateway.inputs) != ("bgpAsnExtended" in gateway.inputs)
        assert gateway.inputs["type"] == "ipsec.1"
    users = [connection.inputs["customerGatewayId"] for connection in connections(stack)]
    assert sorted(users) == sorted(gateway.id for gateway in gateways)
    assert len({gateway.inputs["ipAddress"] for gateway in gateways}) == len(gateways)


@linked
def test_exactly_one_end_of_a_tunnel_starts_it_where_the_far_end_is_a_cloud_and_aws_where_it_is_a_device(
    stack: str,
) -> None:
    """Azure and Google start by themselves; of two that start, each makes the tunnel anew. A device may only answer."""
    graph = update_of(stack)
    for session in tunnels(stack):
        if "aws" in session.parties:
            aws = session.at("aws")
            [other] = session.parties - {"aws"}
            told, tunnel = graph.by_urn[aws.speaker].inputs, aws.place.partition(" ")[0]
            expected = ("start", "restart") if other in sites(stack) else ("add", "clear")
            assert (told[f"{tunnel}StartupAction"], told[f"{tunnel}DpdTimeoutAction"]) == expected


# -- Azure


def links_of(graph: Graph) -> Iterator[tuple[Resource, dict]]:
    for connection in graph.of_type(AZURE_VPN):
        for link in connection.inputs["vpnLinkConnections"]:
            yield connection, link


@linked
def test_azures_gateway_has_the_number_that_every_hub_has_and_two_instances(stack: str) -> None:
    for gateway in update_of(stack).of_type(AZURE_VPN_GATEWAY):
        bgp = gateway.inputs["bgpSettings"]
        assert (bgp["asn"], bgp["peerWeight"]) == (HUB_ASN, 0)
        assert [each["ipconfigurationId"] for each in bgp["bgpPeeringAddresses"]] == ["Instance0", "Instance1"]
        assert "connections" not in gateway.inputs, "inline connections would delete those of their own"


@linked
def test_azures_gateway_declares_exactly_the_addresses_that_its_sessions_speak_from(stack: str) -> None:
    """A link whose address is not declared speaks from the first one."""
    spoken = defaultdict(set)
    for session in tunnels(stack):
        if "azure" in session.parties:
            end = session.at("azure")
            spoken[end.place].add(end.addresses[0])
    declared = {
        f"{each['ipconfigurationId']} of {gateway.name}": set(each["customBgpIpAddresses"])
        for gateway in update_of(stack).of_type(AZURE_VPN_GATEWAY)
        for each in gateway.inputs["bgpSettings"]["bgpPeeringAddresses"]
    }
    assert declared == spoken


@linked
def test_each_link_of_azures_names_a_declared_address_of_both_instances(stack: str) -> None:
    """If one is left out, all links of the connection fall back to the first address."""
    graph = update_of(stack)
    declared = {
        (gateway.inputs["gatewayName"], each["ipconfigurationId"]): each["customBgpIpAddresses"]
        for gateway in graph.of_type(AZURE_VPN_GATEWAY)
        for each in gateway.inputs["bgpSettings"]["bgpPeeringAddresses"]
    }
    for connection, link in links_of(graph):
        named = {each["ipConfigurationId"]: each["customBgpIpAddress"] for each in link["vpnGatewayCustomBgpAddresses"]}
        assert named.keys() == {"Instance0", "Instance1"}
        for instance, address in named.items():
            assert address in declared[connection.inputs["gatewayName"], instance]


@linked
def test_each_link_of_azures_speaks_bgp_and_says_all_of_its_policy(stack: str) -> None:
    for connection, link in links_of(update_of(stack)):
        assert connection.inputs["enableInternetSecurity"] is False, "the far side would learn a default route"
        assert link["enableBgp"] is True
        assert link["vpnLinkConnectionMode"] == "Default"
        [policy] = link["ipsecPolicies"]
        assert len(policy) == 8, "Azure takes all fields of a policy or none"
        assert policy["ipsecEncryption"] == policy["ipsecIntegrity"], "GCM is one value for both"


@linked
def test_a_site_of_azures_is_its_links_and_nothing_beside_them(stack: str) -> None:
    graph = update_of(stack)
    for site in graph.of_type(VPN_SITE):
        assert not {"addressSpace", "bgpProperties", "ipAddress"} & site.inputs.keys()
        names = [link["name"] for link in site.inputs["vpnSiteLinks"]]
        assert 1 <= len(names) <= 4
        assert len(set(names)) == len(names)
        [connection] = [c for c in graph.of_type(AZURE_VPN) if c.inputs["remoteVpnSite"]["id"] == site.id]
        used = {link["vpnSiteLink"]["id"] for link in connection.inputs["vpnLinkConnections"]}
        assert used == {f"{site.id}/vpnSiteLinks/{name}" for name in names}


# -- Google


@linked
def test_googles_far_gateway_has_a_kind_that_fits_the_number_of_its_addresses(stack: str) -> None:
    kinds = {1: "SINGLE_IP_INTERNALLY_REDUNDANT", 2: "TWO_IPS_REDUNDANCY", 4: "FOUR_IPS_REDUNDANCY"}
    for gateway in update_of(stack).of_type(FAR_GATEWAY):
        interfaces = gateway.inputs["interfaces"]
        assert gateway.inputs["redundancyType"] == kinds[len(interfaces)]
        assert [each["id"] for each in interfaces] == list(range(len(interfaces)))
        assert len({each["ipAddress"] for each in interfaces}) == len(interfaces)


@linked
def test_every_address_of_a_far_gateway_and_both_interfaces_of_googles_own_have_tunnels(stack: str) -> None:
    """Google promises 99.99 % only then, and warns of a gateway that is half connected."""
    graph = update_of(stack)
    for far in graph.of_type(FAR_GATEWAY):
        mine = [t.inputs for t in graph.of_type(TUNNEL) if t.inputs["peerExternalGateway"] == far.id]
        ends = {(told["vpnGatewayInterface"], told["peerExternalGatewayInterface"]) for told in mine}
        assert len(ends) == len(mine), "two tunnels between the same two addresses"
        assert {own for own, _ in ends} == {0, 1}
        assert {other for _, other in ends} == {each["id"] for each in far.inputs["interfaces"]}


@linked
def test_each_of_awss_connections_ends_on_an_interface_of_googles_of_its_own(stack: str) -> None:
    """Four tunnels between two connections and one interface would all end with that."""
    ends = {
        (session.at("gcp").place, session.at("aws").speaker)
        for session in tunnels(stack)
        if session.parties == {"aws", "gcp"}
    }
    both = {"aws", "gcp"} <= {*clouds(stack)} and "vpn" in pairs(stack)["aws", "gcp"]
    assert len(ends) == len({place for place, _ in ends}) == len({speaker for _, speaker in ends}) == (2 if both else 0)


@linked
def test_tunnels_stand_on_a_router_of_the_same_network_and_region_with_a_private_number(stack: str) -> None:
    graph = update_of(stack)
    routers = {router.inputs["name"]: router for router in graph.of_type(CLOUD_ROUTER)}
    gateways = {gateway.id: gateway for gateway in graph.of_type(HA_GATEWAY)}
    for tunnel in graph.of_type(TUNNEL):
        router, gateway = routers[tunnel.inputs["router"]], gateways[tunnel.inputs["vpnGateway"]]
        assert 64512 <= router.inputs["bgp"]["asn"] <= 65534
        assert router.inputs["region"] == gateway.inputs["region"] == tunnel.inputs["region"]
        assert router.inputs["network"] == gateway.inputs["network"]
        assert tunnel.inputs["ikeVersion"] == 2


@linked
def test_each_tunnel_of_googles_has_one_interface_with_one_session(stack: str) -> None:
    graph = update_of(stack)
    names = sorted(tunnel.inputs["name"] for tunnel in graph.of_type(TUNNEL))
    assert sorted(interface.inputs["vpnTunnel"] for interface in graph.of_type(ROUTER_INTERFACE)) == names
    interfaces = sorted(interface.inputs["name"] for interface in graph.of_type(ROUTER_INTERFACE))
    assert sorted(peer.inputs["interface"] for peer in graph.of_type(PEER)) == interfaces


@linked
def test_all_tunnels_to_one_party_are_one_spoke_of_their_region(stack: str) -> None:
    graph = update_of(stack)
    linked_tunnels = []
    for spoke in graph.of_type(SPOKE):
        uris = spoke.inputs.get("linkedVpnTunnels", {}).get("uris", [])
        members = [tunnel for tunnel in graph.of_type(TUNNEL) if outputs(tunnel)["selfLink"] in uris]
        assert len({tunnel.inputs["peerExternalGateway"] for tunnel in members}) == (1 if uris else 0)
        assert all(tunnel.inputs["region"] == spoke.inputs["location"] for tunnel in members)
        linked_tunnels += members
    assert sorted(t.name for t in linked_tunnels) == sorted(t.name for t in graph.of_type(TUNNEL))
