"""Who sends what over links, who takes it, and which way wins. What is taken has to be exactly what is sent."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations, pairwise

import pytest

from tests.program.ends import (
    CIRCUIT_CONNECTION,
    CLOUD_ROUTER,
    CONNECTION,
    DX_ASSOCIATION,
    DX_GATEWAY,
    EXCHANGE,
    FABRIC_ROUTER,
    HUB_ASN,
    INTERFACE,
    MICROSOFT_ASN,
    PARTNER_SESSION,
    PEER,
    PEERING,
    PROTOCOL,
    TRANSIT_GATEWAY,
    far_side,
)
from tests.program.routes import (
    NETWORK,
    Prefixes,
    let_through,
    networks,
    networks_in,
    peers_with,
    policy_of_site,
    ranges_of,
    route_map,
    sent_by,
    taken_by_google,
    union,
)
from tests.program.sessions import sessions_of
from tests.program.stacks import preview_of, update_of
from tests.program.wanted import LINKED, ON_TRANSIT_GATEWAYS, OVER_EXCHANGE, clouds, metros, pairs, sites

HUB = "azure-native:network:VirtualHub"
BLOCKED = {0, 112, 23456, 64512, 64600, *range(64496, 64512), *range(65515, 65521), 65535, 12076, 8074, 8075}
"""Numbers that some cloud or the exchange refuses, or has for itself."""
PARTNER_ASN = 16550
LONGEST = {"aws": 1, "azure": len((MICROSOFT_ASN, HUB_ASN))}
"""Cloud -> how long a path it sends over a circuit: its edge's number, in Azure perhaps the hub's behind that."""

linked = pytest.mark.parametrize("stack", LINKED)
on_transit_gateways = pytest.mark.parametrize("stack", ON_TRANSIT_GATEWAYS)
over_exchange = pytest.mark.parametrize("stack", OVER_EXCHANGE)


def met_at_exchange(stack: str) -> Mapping[str, set[str]]:
    """Map each party at the exchange to those that it meets there."""
    met = defaultdict(set)
    for (one, other), transports in pairs(stack).items():
        if "exchange" in transports:
            met[one].add(other)
            met[other].add(one)
    return met


def sent_by_others(stack: str, party: str) -> Prefixes:
    return union(sent_by(stack, other) for other in met_at_exchange(stack)[party])


# -- what is sent


@on_transit_gateways
def test_every_network_lies_in_what_its_cloud_sends(stack: str) -> None:
    for cloud in clouds(stack):
        for name in networks_in(stack, cloud):
            for prefix in ranges_of(stack, name):
                assert any(map(prefix.subnet_of, sent_by(stack, cloud))), (name, prefix)


@on_transit_gateways
def test_no_two_parties_send_the_same_or_a_part_of_it(stack: str) -> None:
    for one, other in combinations((*clouds(stack), *sites(stack)), 2):
        for mine in sent_by(stack, one):
            assert not any(mine.overlaps(theirs) for theirs in sent_by(stack, other)), (one, other, mine)


@on_transit_gateways
def test_circuits_and_tunnels_bring_the_same_prefixes_from_aws(stack: str) -> None:
    """With a longer prefix over tunnels the backup would carry the traffic in one direction."""
    for association in update_of(stack).of_type(DX_ASSOCIATION):
        prefixes = association.inputs["allowedPrefixes"]
        assert networks(prefixes) == sent_by(stack, "aws")
        assert len({*prefixes}) == len(prefixes) <= 200, "a Direct Connect gateway takes no more"


# -- what is taken


@on_transit_gateways
def test_whoever_ends_a_tunnel_takes_exactly_what_the_far_end_sends(stack: str) -> None:
    """A Transit Gateway takes everything, and its segments' tables drop what is not theirs."""
    graph = update_of(stack)
    for session in sessions_of(stack):
        for end, far in ((session.one, session.other), (session.other, session.one)):
            if session.over_circuit or end.party == "aws":
                continue
            expected = sent_by(stack, far.party)
            if end.party == "azure":
                assert route_map(stack, graph.by_urn[end.speaker], "inbound") == expected, end
            elif end.party == "gcp":
                taken = taken_by_google(stack, graph.by_urn[end.speaker])
                assert taken.prefixes == expected, end
            else:
                assert policy_of_site(stack, end.speaker).taken.prefixes == expected, end


@over_exchange
def test_whoever_ends_a_circuit_takes_what_all_others_that_it_meets_at_the_exchange_send(stack: str) -> None:
    graph = update_of(stack)
    seen = set()
    for session in sessions_of(stack):
        if session.over_circuit:
            [party] = session.parties - {EXCHANGE}
            circuit = session.at(EXCHANGE).speaker
            assert let_through(stack, circuit, "INBOUND") == sent_by(stack, party), circuit
            assert let_through(stack, circuit, "OUTBOUND") == sent_by_others(stack, party), circuit
            if party in sites(stack):
                speaker = session.at(party).speaker
                assert policy_of_site(stack, speaker).taken.prefixes == sent_by_others(stack, party), speaker
            seen.add(party)
    assert seen == met_at_exchange(stack).keys()
    for branch in graph.of_type(CIRCUIT_CONNECTION):
        assert route_map(stack, branch, "inbound") == sent_by_others(stack, "azure"), branch.urn


@linked
def test_a_site_sends_its_own_prefixes_and_nothing_else(stack: str) -> None:
    """What it passed on would make it a way from cloud to cloud."""
    for session in sessions_of(stack):
        for site in session.parties & sites(stack).keys():
            speaker = session.at(site).speaker
            assert policy_of_site(stack, speaker).sent == networks(sites(stack)[site]["prefixes"]), speaker


@over_exchange
def test_no_session_over_a_circuit_brings_more_than_its_ends_take(stack: str) -> None:
    """AWS ends a session that brings more than 100 prefixes; a router of the exchange holds 1,000 in all."""
    graph = update_of(stack)
    for circuit in graph.of_type(CONNECTION):
        assert 0 < len(let_through(stack, circuit.urn, "OUTBOUND")) <= 100
    for router in graph.of_type(FABRIC_ROUTER):
        its = [c for c in graph.of_type(CONNECTION) if c.inputs["aSide"]["accessPoint"]["router"]["uuid"] == router.id]
        assert sum(len(let_through(stack, circuit.urn, "INBOUND")) for circuit in its) <= 1000


# -- which way wins


@linked
def test_a_virtual_hub_takes_a_circuit_before_a_tunnel(stack: str) -> None:
    preferences = {hub.inputs["hubRoutingPreference"] for hub in update_of(stack).of_type(HUB)}
    assert preferences == ({"ExpressRoute"} if "azure" in clouds(stack) else set())


@linked
def test_google_takes_the_lowest_med_of_all_its_routers(stack: str) -> None:
    """Otherwise what marks a standby would go unseen."""
    for network in update_of(stack).of_type(NETWORK):
        assert network.inputs["bgpBestPathSelectionMode"] == "LEGACY"
        assert network.inputs["routingMode"] == "GLOBAL"


def ranks_at_exchange(stack: str) -> Mapping[str, set[tuple[int, int]]]:
    """Map each metro to how often its router repeats its number, and the MED that it sends."""
    graph = update_of(stack)
    metro_of = {circuit.id: far_side(circuit)["location"]["metroCode"] for circuit in graph.of_type(CONNECTION)}
    found = defaultdict(set)
    for protocol in graph.of_type(PROTOCOL):
        if protocol.inputs["type"] == "BGP":
            told, metro = protocol.inputs["bgpIpv4"], metro_of[protocol.inputs["connectionUuid"]]
            found[metro].add((int(told["outboundAsPrependCount"]), told["outboundMed"]))
    return found


@over_exchange
def test_all_parties_prefer_metros_as_the_stack_file_lists_them(stack: str) -> None:
    ranks = ranks_at_exchange(stack)
    assert all(len(found) == 1 for found in ranks.values()), "a metro has one rank, whoever is told it"
    order = [next(iter(ranks[metro])) for metro in metros(stack)]
    assert order[0][0] == 0
    # From the third on all are alike: two metros fail together less often than anybody could notice.
    for (path, med), (next_path, next_med) in pairwise(order[:3]):
        assert path < next_path
        assert med < next_med


@over_exchange
def test_azure_sends_over_the_metro_that_it_receives_from(stack: str) -> None:
    """By the weight of the connection: a route map takes the path away that would tell."""
    graph = update_of(stack)
    metro_of = {
        session.at("azure").speaker: far_side(graph.by_urn[session.at(EXCHANGE).speaker])["location"]["metroCode"]
        for session in sessions_of(stack)
        if session.parties == {"azure", EXCHANGE}
    }
    weights = {}
    for connection in graph.of_type(CIRCUIT_CONNECTION):
        [peering] = connection.property_dependencies["expressRouteCircuitPeering"]
        weights[metro_of[peering]] = connection.inputs["routingWeight"]
    order = [weights[metro] for metro in metros(stack)]
    assert all(0 <= weight <= 32000 for weight in order)
    assert order[:3] == sorted({*order[:3]}, reverse=True)


def longest_over_exchange(stack: str, party: str) -> int:
    """Give the length of the longest path that Google may see of a party's routes over the exchange."""
    behind = LONGEST.get(party) or 1 + max(
        policy_of_site(stack, session.at(party).speaker).path
        for session in sessions_of(stack)
        if session.parties == {party, EXCHANGE}
    )
    return max(1 + repeated + behind for found in ranks_at_exchange(stack).values() for repeated, _ in found)


@over_exchange
def test_google_takes_every_circuit_before_any_tunnel_to_the_same_party(stack: str) -> None:
    """By MED, which decides over all of its routers, and by the path, should it come to that."""
    worst = max(med for found in ranks_at_exchange(stack).values() for _, med in found)
    compared = 0
    for (one, other), transports in pairs(stack).items():
        if "gcp" in (one, other) and {*transports} >= {"exchange", "vpn"}:
            party = other if one == "gcp" else one
            for peer in peers_with(stack, party):
                taken = taken_by_google(stack, peer)
                assert taken.med > worst, peer.name
                assert 1 + taken.path > longest_over_exchange(stack, party), peer.name
                compared += 1
    assert compared


@over_exchange
def test_a_site_takes_every_circuit_before_any_tunnel_and_is_answered_the_same_way(stack: str) -> None:
    for site in sites(stack):
        policies = defaultdict(list)
        for session in sessions_of(stack):
            if site in session.parties:
                policies[session.over_circuit].append(policy_of_site(stack, session.at(site).speaker))
        for circuit in policies[True]:
            for tunnel in policies[False]:
                assert circuit.taken.preference > tunnel.taken.preference
                assert (circuit.path, circuit.med) < (tunnel.path, tunnel.med)


def test_tunnels_are_marked_as_second_whether_there_are_circuits_or_not() -> None:
    """So that circuits added later change nothing of them."""
    marks = set()
    for stack in LINKED:
        for peer in update_of(stack).of_type(PEER):
            taken = taken_by_google(stack, peer)
            marks.add((taken.path, taken.med, peer.inputs["advertisedRoutePriority"]))
    assert len(marks) == 1


# -- numbers


@linked
def test_speakers_of_links_have_numbers_of_their_own_that_nobody_refuses(stack: str) -> None:
    graph = update_of(stack)
    routers = {r.inputs["bgp"]["asn"] for r in graph.of_type(CLOUD_ROUTER) if "bgp" in r.inputs} - {PARTNER_ASN}
    numbers = [
        *(gateway.inputs["amazonSideAsn"] for gateway in graph.of_type(TRANSIT_GATEWAY)),
        *(int(gateway.inputs["amazonSideAsn"]) for gateway in graph.of_type(DX_GATEWAY)),
        *routers,
        *(site["asn"] for site in sites(stack).values()),
    ]
    assert len({*numbers}) == len(numbers)
    assert not BLOCKED & {*numbers}


@linked
def test_no_neighbour_of_google_has_the_number_of_a_router_of_its_own(stack: str) -> None:
    """Google refuses a peer that has the number of any router in the same network and region."""
    graph = update_of(stack)
    own = {router.inputs["bgp"]["asn"] for router in graph.of_type(CLOUD_ROUTER) if "bgp" in router.inputs}
    neighbours = {peer.inputs["peerAsn"] for peer in graph.of_type(PEER)}
    neighbours |= {session.inputs["peer_asn"] for session in graph.of_type(PARTNER_SESSION)}
    assert own.isdisjoint(neighbours)


@over_exchange
def test_a_router_of_the_exchange_is_known_everywhere_by_the_number_that_equinix_gives_it(stack: str) -> None:
    """No plan can know it: it is the metro's."""
    graph = preview_of(stack)
    for token, key in ((INTERFACE, "bgpAsn"), (PEERING, "peerASN"), (PARTNER_SESSION, "peer_asn")):
        assert graph.of_type(token)
        for resource in graph.of_type(token):
            assert [graph.by_urn[urn].type for urn in resource.property_dependencies[key]] == [FABRIC_ROUTER]


# -- what people read


@linked
def test_no_row_of_the_table_promises_a_longer_packet_than_its_link_takes(stack: str) -> None:
    graph = update_of(stack)
    limits = defaultdict(list)
    limits["aws"] = [interface.inputs["mtu"] for interface in graph.of_type(INTERFACE)]
    attachments = graph.of_type("gcp:compute/interconnectAttachment:InterconnectAttachment")
    limits["gcp"] = [int(attachment.inputs["mtu"]) for attachment in attachments if not attachment.read]
    vpcs = [network.inputs["mtu"] for network in graph.of_type(NETWORK)]
    for row in graph.outputs["links"]:
        parties = row["name"].split("/")
        of_vpcs = vpcs if "gcp" in parties else []
        if row["kind"] == "exchange":
            assert row["mtu"] == min([1500, *of_vpcs, *(mtu for party in parties for mtu in limits[party])]), row
        elif row["kind"] == "VPN":
            assert 1280 < row["mtu"] <= min([1500, *of_vpcs]) - 70, "headers of a tunnel take their part"


@linked
def test_the_table_has_a_row_for_each_pair_and_transport_of_the_stack_file(stack: str) -> None:
    names = {"vpn": "VPN"}
    expected = [
        ("/".join(pair), role, names.get(transport, transport))
        for pair, transports in pairs(stack).items()
        for role, transport in zip(("primary", "backup"), transports, strict=False)
    ]
    rows = [row for row in update_of(stack).outputs["links"] if row["kind"] != "backbone"]
    assert sorted((row["name"], row["role"], row["kind"]) for row in rows) == sorted(expected)
