"""What a network engineer checks on circuits over the exchange: both of their ends, and in which order they stand.

What is destroyed goes the other way round, so every claim about order is one about destroying too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from itertools import pairwise, product

import pytest

from inspection.graph import Graph, Json, Resource
from tests.program.ends import (
    ACCEPTANCE,
    ATTACHMENT,
    AWS_VPN,
    CIRCUIT,
    CIRCUIT_CONNECTION,
    CIRCUIT_GATEWAY,
    CLOUD_ROUTER,
    CONNECTION,
    DX_ASSOCIATION,
    DX_GATEWAY,
    FABRIC_ROUTER,
    INTERFACE,
    MICROSOFT_ASN,
    PARTNER_SESSION,
    PEER,
    PEERING,
    PROTOCOL,
    ROUTER_INTERFACE,
    SPOKE,
    TRANSIT_GATEWAY,
    TUNNEL,
    far_side,
    outputs,
    plain,
)
from tests.program.sessions import sessions_of
from tests.program.stacks import STACKS, preview_of, settings_of, update_of
from tests.program.wanted import LINKED, OVER_EXCHANGE, metros, pairs, sites
from tests.support.known_outputs import complete
from tests.support.recorded import comes_after, depends_on, source_of

FILTER = "equinix:fabric/routeFilter:RouteFilter"
RULE = "equinix:fabric/routeFilterRule:RouteFilterRule"
ATTACHED_FILTER = "equinix:fabric/connectionRouteFilter:ConnectionRouteFilter"
PROFILES = "equinix:fabric/getServiceProfiles:getServiceProfiles"
GOOGLE_ASN = 16550
HIGH_CAPACITY_MBPS = 1000
PACKAGES = {"LAB": (10, 50), "STANDARD": (10, 10_000), "ADVANCED": (None, 50_000), "PREMIUM": (None, 50_000)}
"""Package of a router -> how many circuits it takes, if that is limited, and Mbps of all of them."""
AZURES_NAMES = {"DC": "Washington DC", "NY": "New York"}
"""Metro code -> what Azure calls the place."""
BILLED = (FABRIC_ROUTER, CONNECTION, CIRCUIT, ATTACHMENT, DX_GATEWAY)
"""Orders, and what orders hang on."""

everywhere = pytest.mark.parametrize("stack", STACKS)
linked = pytest.mark.parametrize("stack", LINKED)
over_exchange = pytest.mark.parametrize("stack", OVER_EXCHANGE)


def circuits(graph: Graph, cloud: str) -> Sequence[Resource]:
    """List the exchange's circuits to a cloud, by what Azure, AWS and Google are ordered with; `site` for ports."""
    return [circuit for circuit in graph.of_type(CONNECTION) if _kind(circuit) == cloud]


def _kind(circuit: Resource) -> str:
    end = far_side(circuit)
    if end["type"] == "COLO":
        return "site"
    if end.get("peeringType"):
        return "azure"
    return "gcp" if re.fullmatch(r"[a-z]+-[a-z]+\d+", end["sellerRegion"]) else "aws"


def protocol(graph: Graph, circuit: Resource, kind: str) -> Resource:
    """Give the one protocol of a kind that the router speaks over a circuit."""
    [found] = [
        each
        for each in graph.of_type(PROTOCOL)
        if each.inputs["type"] == kind and circuit.urn in each.property_dependencies["connectionUuid"]
    ]
    return found


def made(graph: Graph, token: str) -> Sequence[Resource]:
    return [resource for resource in graph.of_type(token) if not resource.read]


def profile(name: str) -> str:
    """Give the id that the made-up answer of an update has for a service profile."""
    answer = complete(PROFILES, "", {"filter": {"operator": "=", "property": "/name", "values": [name]}})
    return min(each["uuid"] for each in answer["data"])


def inputs_within(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Yield every named value, however deep, by its last name."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key, item
            yield from inputs_within(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from inputs_within(item, path)


# -- the exchange's end


@over_exchange
def test_every_circuit_is_one_of_a_routers_in_the_metro_of_its_far_end(stack: str) -> None:
    graph = preview_of(stack)
    assert graph.of_type(CONNECTION)
    for circuit in graph.of_type(CONNECTION):
        router = source_of(graph, circuit, "aSide", FABRIC_ROUTER)
        assert circuit.inputs["type"] == "IP_VC"
        assert circuit.inputs["aSide"]["accessPoint"]["type"] == "CLOUD_ROUTER"
        assert far_side(circuit)["location"] == router.inputs["location"]


@over_exchange
def test_a_circuit_has_one_address_and_one_session_on_two_hosts_of_one_network(stack: str) -> None:
    graph = update_of(stack)
    for circuit in graph.of_type(CONNECTION):
        own = IPv4Interface(protocol(graph, circuit, "DIRECT").inputs["directIpv4"]["equinixIfaceIp"])
        bgp = protocol(graph, circuit, "BGP").inputs["bgpIpv4"]
        far = IPv4Address(bgp["customerPeerIp"])
        assert 28 <= own.network.prefixlen <= 30
        assert {own.ip, far} <= set(own.network.hosts())
        assert own.ip != far
        assert bgp["enabled"] is True


@over_exchange
def test_no_two_circuits_of_a_router_meet_in_one_network(stack: str) -> None:
    graph = update_of(stack)
    networks = defaultdict(list)
    for circuit in graph.of_type(CONNECTION):
        own = IPv4Interface(protocol(graph, circuit, "DIRECT").inputs["directIpv4"]["equinixIfaceIp"])
        networks[circuit.inputs["aSide"]["accessPoint"]["router"]["uuid"]].append(own.network)
    for taken in networks.values():
        assert len(set(taken)) == len(taken)


@over_exchange
def test_no_address_on_a_circuit_is_also_one_in_a_tunnel(stack: str) -> None:
    """Google's are left out: it gives them out itself, and a circuit to it ends on a router without tunnels."""
    graph = update_of(stack)
    chosen = [circuit for circuit in graph.of_type(CONNECTION) if _kind(circuit) != "gcp"]
    on_circuits = {
        IPv4Interface(protocol(graph, circuit, "DIRECT").inputs["directIpv4"]["equinixIfaceIp"]).network
        for circuit in chosen
    }
    in_tunnels = {
        IPv4Network(f"{end.addresses[0]}/30", strict=False)
        for session in sessions_of(stack)
        if not session.over_circuit
        for end in session.ends
    }
    assert len(on_circuits) == len(chosen)
    assert not any(one.overlaps(other) for one, other in product(on_circuits, in_tunnels))


@over_exchange
def test_a_neighbour_that_falls_silent_is_noticed_by_bfd_where_it_speaks_it(stack: str) -> None:
    """Google does not on such an attachment: there the session would never come up."""
    graph = preview_of(stack)
    for circuit in graph.of_type(CONNECTION):
        bfd = protocol(graph, circuit, "BGP").inputs["bfd"]
        assert bfd["enabled"] == (_kind(circuit) != "gcp"), circuit.name


@over_exchange
def test_the_exchange_speaks_to_the_number_at_the_edge_and_not_to_the_one_behind_it(stack: str) -> None:
    graph = update_of(stack)
    gateways = {int(gateway.inputs["amazonSideAsn"]) for gateway in graph.of_type(DX_GATEWAY)}
    expected = {
        "aws": gateways,
        "azure": {MICROSOFT_ASN},
        "gcp": {GOOGLE_ASN},
        "site": {site["asn"] for site in sites(stack).values() if site.get("ports")},
    }
    for cloud, numbers in expected.items():
        found = {protocol(graph, circuit, "BGP").inputs["customerAsn"] for circuit in circuits(graph, cloud)}
        assert found == numbers, cloud


@over_exchange
def test_routes_are_filtered_both_ways_before_a_session_comes_up_and_rules_stand_before_their_filter_is_attached(
    stack: str,
) -> None:
    graph = preview_of(stack)
    for circuit in graph.of_type(CONNECTION):
        attached = [
            each for each in graph.of_type(ATTACHED_FILTER) if circuit.urn in each.property_dependencies["connectionId"]
        ]
        assert sorted(each.inputs["direction"] for each in attached) == ["INBOUND", "OUTBOUND"]
        for each in attached:
            chosen = source_of(graph, each, "routeFilterId", FILTER)
            rules = [r for r in graph.of_type(RULE) if chosen.urn in r.property_dependencies["routeFilterId"]]
            assert rules
            assert all(depends_on(graph, each, rule) for rule in rules)
            assert comes_after(graph, protocol(graph, circuit, "BGP"), each)


@over_exchange
def test_operations_on_a_circuit_stand_in_one_queue(stack: str) -> None:
    graph = preview_of(stack)
    for circuit in graph.of_type(CONNECTION):
        on_it = [
            each
            for token, key in ((PROTOCOL, "connectionUuid"), (ATTACHED_FILTER, "connectionId"))
            for each in graph.of_type(token)
            if circuit.urn in each.property_dependencies[key]
        ]
        assert len(on_it) == 4
        assert in_one_queue(graph, on_it)


def in_one_queue(graph: Graph, resources: Sequence[Resource]) -> bool:
    """Tell whether any two of some resources have an order."""
    waiting = {each.urn: sum(comes_after(graph, each, other) for other in resources) for each in resources}
    return sorted(waiting.values()) == list(range(len(resources)))


@over_exchange
def test_circuits_have_the_bandwidth_of_the_stack_file_at_both_ends_and_fit_their_router(stack: str) -> None:
    graph = update_of(stack)
    bandwidth = settings_of(stack)["links"]["exchange"]["bandwidth"]
    assert {circuit.inputs["bandwidth"] for circuit in graph.of_type(CONNECTION)} == {bandwidth}
    for circuit in graph.of_type(CIRCUIT):
        assert circuit.inputs["serviceProviderProperties"]["bandwidthInMbps"] == bandwidth
    for router in graph.of_type(FABRIC_ROUTER):
        most, total = PACKAGES[router.inputs["package"]["code"]]
        ordered = [
            circuit.inputs["bandwidth"]
            for circuit in graph.of_type(CONNECTION)
            if circuit.inputs["aSide"]["accessPoint"]["router"]["uuid"] == router.id
        ]
        assert sum(ordered) <= total
        assert most is None or len(ordered) <= most


@over_exchange
def test_a_circuit_is_ordered_by_the_profile_of_its_cloud_bandwidth_and_zone(stack: str) -> None:
    graph = update_of(stack)
    zone_of = {
        outputs(attachment)["pairingKey"]: attachment.inputs["edgeAvailabilityDomain"][-1]
        for attachment in made(graph, ATTACHMENT)
    }
    for circuit in graph.of_type(CONNECTION):
        high = " - High Capacity" if circuit.inputs["bandwidth"] >= HIGH_CAPACITY_MBPS else ""
        zone = zone_of.get(plain(far_side(circuit).get("authenticationKey")))
        names = {
            "aws": f"AWS Direct Connect{high}",
            "azure": "Azure ExpressRoute",
            "gcp": f"Google Cloud Partner Interconnect Zone {zone}",
        }
        if _kind(circuit) in names:
            assert far_side(circuit)["profile"]["uuid"] == profile(names[_kind(circuit)]), circuit.name


# -- AWS


@over_exchange
def test_a_hosted_connection_is_ordered_for_the_account_and_accepted_and_used_in_one_region(stack: str) -> None:
    graph = update_of(stack)
    account = settings_of(stack)["accounts"]["aws"]["accountId"]
    for circuit in circuits(graph, "aws"):
        end = far_side(circuit)
        assert plain(end["authenticationKey"]) == account
        [accepted] = [a for a in graph.of_type(ACCEPTANCE) if circuit.urn in a.property_dependencies["connectionId"]]
        [interface] = [i for i in graph.of_type(INTERFACE) if i.inputs["connectionId"] == accepted.id]
        assert accepted.inputs["region"] == interface.inputs["region"] == end["sellerRegion"]
    assert len(graph.of_type(ACCEPTANCE)) == len(graph.of_type(INTERFACE)) == len(circuits(graph, "aws"))


@over_exchange
def test_awss_circuit_is_ordered_then_accepted_then_used_and_then_spoken_over(stack: str) -> None:
    graph = preview_of(stack)
    assert circuits(graph, "aws")
    for circuit in circuits(graph, "aws"):
        [accepted] = [a for a in graph.of_type(ACCEPTANCE) if circuit.urn in a.property_dependencies["connectionId"]]
        [interface] = [i for i in graph.of_type(INTERFACE) if accepted.urn in i.property_dependencies["connectionId"]]
        router = source_of(graph, circuit, "aSide", FABRIC_ROUTER)
        direct, bgp = protocol(graph, circuit, "DIRECT"), protocol(graph, circuit, "BGP")
        for earlier, later in pairwise([router, circuit, accepted, interface, bgp]):
            assert depends_on(graph, later, earlier), later.urn
        assert depends_on(graph, direct, accepted)
        assert depends_on(graph, bgp, direct)
        assert source_of(graph, interface, "bgpAsn", FABRIC_ROUTER) == router


@over_exchange
def test_the_direct_connect_gateway_announces_from_the_transit_gateways_region(stack: str) -> None:
    graph = update_of(stack)
    [association] = graph.of_type(DX_ASSOCIATION)
    [gateway] = [g for g in graph.of_type(TRANSIT_GATEWAY) if g.id == association.inputs["associatedGatewayId"]]
    assert association.inputs["region"] == gateway.inputs["region"]
    assert "region" not in graph.of_type(DX_GATEWAY)[0].inputs
    assert len(graph.of_type(INTERFACE)) <= 30, "a Direct Connect gateway takes no more"


# -- Azure


@over_exchange
def test_an_expressroute_circuit_has_a_primary_and_a_secondary_of_one_group_with_its_key(stack: str) -> None:
    graph = update_of(stack)
    legs = circuits(graph, "azure")
    assert len(graph.of_type(CIRCUIT)) == len(metros(stack))
    assert len(legs) == 2 * len(graph.of_type(CIRCUIT))
    for circuit in graph.of_type(CIRCUIT):
        mine = [leg for leg in legs if plain(far_side(leg)["authenticationKey"]) == outputs(circuit)["serviceKey"]]
        by_priority = {leg.inputs["redundancy"]["priority"]: leg for leg in mine}
        assert by_priority.keys() == {"PRIMARY", "SECONDARY"}
        primary, secondary = by_priority["PRIMARY"], by_priority["SECONDARY"]
        assert secondary.inputs["redundancy"]["group"] == outputs(primary)["redundancy"]["group"]
        assert source_of(graph, secondary, "redundancy", CONNECTION) == primary
        assert {far_side(leg)["peeringType"] for leg in mine} == {"PRIVATE"}
        assert all("sellerRegion" not in far_side(leg) for leg in mine)


@over_exchange
def test_an_expressroute_circuit_is_where_its_legs_are(stack: str) -> None:
    graph = update_of(stack)
    for circuit in graph.of_type(CIRCUIT):
        ordered = circuit.inputs["serviceProviderProperties"]
        places = {
            far_side(leg)["location"]["metroCode"]
            for leg in circuits(graph, "azure")
            if circuit.urn in leg.property_dependencies["zSide"]
        }
        assert {AZURES_NAMES[place] for place in places} == {ordered["peeringLocation"]}
        assert ordered["serviceProviderName"] == "Equinix"
        assert not {"peerings", "authorizations"} & circuit.inputs.keys(), "inline children would delete those beside"


@over_exchange
def test_azures_circuit_is_made_then_connected_twice_then_configured_then_let_into_the_hub_and_then_spoken_over(
    stack: str,
) -> None:
    graph = preview_of(stack)
    for circuit in graph.of_type(CIRCUIT):
        legs = [leg for leg in circuits(graph, "azure") if circuit.urn in leg.property_dependencies["zSide"]]
        [peering] = [p for p in graph.of_type(PEERING) if circuit.urn in p.property_dependencies["circuitName"]]
        [hub_end] = [
            c
            for c in graph.of_type(CIRCUIT_CONNECTION)
            if peering.urn in c.property_dependencies["expressRouteCircuitPeering"]
        ]
        gateway = source_of(graph, hub_end, "expressRouteGatewayName", CIRCUIT_GATEWAY)
        assert len(legs) == 2
        for leg in legs:
            for earlier, later in pairwise([circuit, leg, peering, hub_end, protocol(graph, leg, "BGP")]):
                assert depends_on(graph, later, earlier), later.urn
            router = source_of(graph, leg, "aSide", FABRIC_ROUTER)
            assert source_of(graph, peering, "peerASN", FABRIC_ROUTER) == router
            assert depends_on(graph, protocol(graph, leg, "BGP"), protocol(graph, leg, "DIRECT"))
        assert comes_after(graph, hub_end, gateway)


@over_exchange
def test_peerings_have_azures_name_two_networks_and_a_vlan_of_their_own(stack: str) -> None:
    peerings = update_of(stack).of_type(PEERING)
    networks = [IPv4Network(p.inputs[f"{leg}PeerAddressPrefix"]) for p in peerings for leg in ("primary", "secondary")]
    vlans = [peering.inputs["vlanId"] for peering in peerings]
    assert {p.inputs["peeringName"] for p in peerings} == {p.inputs["peeringType"] for p in peerings}
    assert {p.inputs["peeringName"] for p in peerings} == {"AzurePrivatePeering"}
    assert len(set(networks)) == len(networks)
    assert {network.prefixlen for network in networks} == {30}
    assert len(set(vlans)) == len(vlans)
    assert all(2 <= vlan <= 4094 for vlan in vlans)


@over_exchange
def test_one_expressroute_gateway_stands_in_a_hub_and_is_large_enough_for_a_circuit(stack: str) -> None:
    graph = update_of(stack)
    gateways = graph.of_type(CIRCUIT_GATEWAY)
    hubs = [gateway.inputs["virtualHub"]["id"] for gateway in gateways]
    assert len(set(hubs)) == len(hubs)
    for gateway in gateways:
        bounds = gateway.inputs["autoScaleConfiguration"]["bounds"]
        assert 2000 * bounds["min"] >= max(leg.inputs["bandwidth"] for leg in circuits(graph, "azure"))
        assert "expressRouteConnections" not in gateway.inputs, "inline connections would delete those beside"


# -- Google


@over_exchange
def test_googles_attachments_come_in_pairs_of_edge_availability_domains_in_every_metro(stack: str) -> None:
    graph = update_of(stack)
    domains = defaultdict(list)
    for circuit in circuits(graph, "gcp"):
        attachment = source_of(graph, circuit, "zSide", ATTACHMENT)
        place = (far_side(circuit)["location"]["metroCode"], attachment.inputs["region"])
        domains[place].append(attachment.inputs["edgeAvailabilityDomain"])
        assert far_side(circuit)["sellerRegion"] == attachment.inputs["region"]
        assert plain(far_side(circuit)["authenticationKey"]) == outputs(attachment)["pairingKey"]
    assert len(made(graph, ATTACHMENT)) == len(circuits(graph, "gcp"))
    assert {metro for metro, _ in domains} == set(metros(stack))
    for found in domains.values():
        assert sorted(found) == ["AVAILABILITY_DOMAIN_1", "AVAILABILITY_DOMAIN_2"]


@linked
def test_partner_attachments_leave_to_the_partner_what_is_the_partners(stack: str) -> None:
    for attachment in made(update_of(stack), ATTACHMENT):
        assert attachment.inputs["type"] == "PARTNER"
        assert attachment.inputs["adminEnabled"] is True, "it would wait for somebody to activate it"
        assert not {"interconnect", "bandwidth", "vlanTag8021q"} & attachment.inputs.keys()


@linked
def test_a_partner_attachments_router_has_googles_number_and_nothing_but_attachments_on_it(stack: str) -> None:
    """Google makes interface and peer itself and refuses any beside them."""
    graph = update_of(stack)
    routers = {router.inputs["name"]: router.inputs for router in graph.of_type(CLOUD_ROUTER)}
    names = {attachment.inputs["router"] for attachment in made(graph, ATTACHMENT)}
    for attachment in made(graph, ATTACHMENT):
        router = routers[attachment.inputs["router"]]
        assert router["bgp"]["asn"] == GOOGLE_ASN
        assert router["region"] == attachment.inputs["region"]
    others = [r for token in (ROUTER_INTERFACE, PEER, TUNNEL) for r in graph.of_type(token)]
    assert [other.name for other in others if other.inputs["router"] in names] == []
    assert not any("interconnectAttachment" in other.inputs for other in graph.of_type(ROUTER_INTERFACE))


@over_exchange
def test_googles_attachment_is_made_then_connected_then_told_its_neighbour_then_read_again_and_then_spoken_over(
    stack: str,
) -> None:
    graph = preview_of(stack)
    assert circuits(graph, "gcp")
    for circuit in circuits(graph, "gcp"):
        attachment = source_of(graph, circuit, "zSide", ATTACHMENT)
        router = source_of(graph, circuit, "aSide", FABRIC_ROUTER)
        direct, bgp = protocol(graph, circuit, "DIRECT"), protocol(graph, circuit, "BGP")
        again = source_of(graph, direct, "directIpv4", ATTACHMENT)
        [told] = [s for s in graph.of_type(PARTNER_SESSION) if attachment.urn in s.property_dependencies["attachment"]]
        [spoke] = [
            s
            for s in graph.of_type(SPOKE)
            if attachment.urn in s.property_dependencies.get("linkedInterconnectAttachments", ())
        ]
        assert again.read
        assert not attachment.read
        for earlier, later in pairwise([attachment, circuit, told, again, direct, bgp]):
            assert depends_on(graph, later, earlier), later.urn
        assert source_of(graph, bgp, "bgpIpv4", ATTACHMENT) == again
        assert source_of(graph, told, "peer_asn", FABRIC_ROUTER) == router
        assert comes_after(graph, spoke, circuit)


@over_exchange
def test_both_attachments_of_a_metro_are_one_spoke_of_their_region(stack: str) -> None:
    graph = preview_of(stack)
    for metro in metros(stack):
        here = [c for c in circuits(graph, "gcp") if far_side(c)["location"]["metroCode"] == metro]
        attachments = {source_of(graph, circuit, "zSide", ATTACHMENT).urn for circuit in here}
        [spoke] = [
            s
            for s in graph.of_type(SPOKE)
            if attachments & {*s.property_dependencies.get("linkedInterconnectAttachments", ())}
        ]
        assert attachments == {*spoke.property_dependencies["linkedInterconnectAttachments"]}
        assert {graph.by_urn[urn].inputs["region"] for urn in attachments} == {spoke.inputs["location"]}


# -- sites


@over_exchange
def test_a_site_has_a_circuit_to_each_of_its_ports_on_the_vlan_that_the_stack_file_names(stack: str) -> None:
    parties = {party for pair, transports in pairs(stack).items() if "exchange" in transports for party in pair}
    expected = Counter(
        (metro, port["id"], port["vlan"])
        for site, facts in sites(stack).items()
        for metro, port in facts.get("ports", {}).items()
        if site in parties and metro in metros(stack)
    )
    found = Counter(
        (end["location"]["metroCode"], end["port"]["uuid"], end["linkProtocol"]["vlanTag"])
        for end in map(far_side, circuits(update_of(stack), "site"))
    )
    assert found == expected
    assert {far_side(circuit)["linkProtocol"]["type"] for circuit in circuits(update_of(stack), "site")} == {"DOT1Q"}


# -- all of them


@everywhere
def test_names_are_ones_that_each_cloud_takes(stack: str) -> None:
    for resource in update_of(stack).resources:
        name = resource.inputs.get("name")
        if name is not None and resource.type.startswith("equinix:"):
            assert re.fullmatch(r"[A-Za-z0-9_-]{1,24}", name), resource.urn
        if name is not None and resource.type.startswith("gcp:compute/"):
            assert re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", name), resource.urn


@over_exchange
def test_no_two_circuits_routers_or_filters_have_the_same_name_at_the_exchange(stack: str) -> None:
    for token in (FABRIC_ROUTER, CONNECTION, FILTER):
        names = [resource.inputs["name"] for resource in update_of(stack).of_type(token)]
        assert len(set(names)) == len(names)


@everywhere
def test_the_exchange_is_given_no_credentials_of_a_cloud(stack: str) -> None:
    """Whoever has them could do more than accept a connection; so each end accepts its own."""
    for resource in update_of(stack).resources:
        named = {key.lower() for key, _ in inputs_within(resource.inputs)}
        if resource.type.startswith("equinix:"):
            assert not {"additionalinfo", "accesskey", "secretkey"} & named, resource.urn


@over_exchange
def test_what_cannot_change_in_place_at_the_exchange_is_replaced_and_the_old_goes_first(stack: str) -> None:
    """Its provider plans any change as one in place, which then fails."""
    required = {
        FABRIC_ROUTER: {"location", "type", "project"},
        CONNECTION: {"aSide", "zSide", "type", "redundancy", "project"},
        PROTOCOL: {"connectionUuid", "type"},
    }
    for token, keys in required.items():
        resources = preview_of(stack).of_type(token)
        assert resources
        for resource in resources:
            assert keys <= {*resource.replace_on_changes}, resource.urn
            assert resource.delete_before_replace, resource.urn


@over_exchange
def test_production_refuses_to_lose_what_is_ordered_and_what_orders_hang_on(stack: str) -> None:
    protected = settings_of(stack).get("protect", False)
    for token in BILLED:
        resources = made(preview_of(stack), token)
        assert resources
        assert {resource.protect for resource in resources} == {protected}, token


def test_some_stack_has_circuits_and_some_has_none() -> None:
    """Otherwise much of this file would claim nothing."""
    assert any(preview_of(stack).of_type(CONNECTION) for stack in STACKS)
    assert any(not preview_of(stack).of_type(CONNECTION) and preview_of(stack).of_type(AWS_VPN) for stack in STACKS)
