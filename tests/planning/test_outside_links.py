"""Claims about links whose middle is not ours, made on the plan."""

from dataclasses import replace
from ipaddress import IPv4Interface, IPv4Network
from typing import Any

import pytest

from planning.ledger import Ledger
from planning.links import budgets
from planning.links.outside_types import (
    DedicatedAws,
    DedicatedAzure,
    DedicatedGcp,
    DirectConnectOrder,
    ExpressRouteOrder,
    External,
    InterconnectOrder,
    MiddleSession,
)
from planning.links.types import Links, Role
from planning.plan import Plan
from tests.planning.configurations import LEFT_OUT, Config, changed
from tests.planning.outside import (
    AWS_PORTS,
    AZURE_PORTS,
    CONNECTED,
    DC,
    DEDICATED,
    ENDS,
    EXTERNAL,
    FACTS,
    GCP_PORTS,
    NATIVE,
    NY,
    PORT_ID,
)
from tests.planning.test_links import EXCHANGE, TUNNELS, links_of, planned, rows

CLOUDS = ("aws", "azure", "gcp")
PORTS_OF: Config = {"aws": AWS_PORTS, "azure": AZURE_PORTS, "gcp": GCP_PORTS}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned(EXTERNAL)[0]


@pytest.fixture(scope="module")
def external(plan: Plan) -> Links:
    assert plan.links is not None
    return plan.links


@pytest.fixture(scope="module")
def dedicated() -> Links:
    return links_of(DEDICATED)


@pytest.fixture(scope="module")
def native() -> Links:
    return links_of(NATIVE)


def sessions(middle: External, party: str) -> list[MiddleSession]:
    return [session for session in middle.sessions if session.party == party]


def port(links: Links, cloud: str, name: str) -> Any:  # noqa: ANN401 - of three kinds
    [found] = [
        port
        for port in links.dedicated
        if (port.name if isinstance(port, DedicatedGcp) else port.circuit.name) == f"dedicated-hq-{name}-{cloud}"
    ]
    return found


# Circuits of somebody else


def test_what_is_not_used_is_not_planned() -> None:
    links = links_of(TUNNELS)

    assert (links.external, links.dedicated, links.native) == ((), (), ())
    assert links.aws_circuit_gateway is None
    assert links.azure_circuit_gateway is None


def test_the_middle_of_the_lowest_rank_comes_first_whatever_it_is_called() -> None:
    renamed = changed({"links.external": {"z-first": {**DC, **ENDS}, "a-second": {**NY, **ENDS}}}, EXTERNAL)

    assert [middle.name for middle in links_of(renamed).external] == ["z-first", "a-second"]


def test_the_first_middle_is_preferred_in_both_directions(external: Links) -> None:
    first, second = external.external
    assert first.azure
    assert second.azure
    for one, other in zip(first.sessions, second.sessions, strict=True):
        assert (one.prepends, one.med) < (other.prepends, other.med)
    assert first.azure.circuit.preference.weight > second.azure.circuit.preference.weight
    assert [(session.prepends, session.med) for session in first.sessions] == [(0, 100)] * 5
    assert [(session.prepends, session.med) for session in second.sessions] == [(3, 200)] * 5
    assert (first.azure.circuit.preference.weight, second.azure.circuit.preference.weight) == (100, 50)


def test_middles_come_after_those_of_the_exchange() -> None:
    pairs = {"plant": {"primary": "vpn", "backup": "none"}, "aws/azure": {"primary": "external"}}
    carrier = {"carrier": {**DC, "metro": "AT", **ENDS}}
    links = links_of(changed({"protect": "false", "links.external": carrier, "links.pairs": pairs}, EXCHANGE))
    assert links.exchange

    of_exchange = [router.azure.preference.weight for router in links.exchange.routers if router.azure]
    [middle] = links.external
    assert middle.azure
    assert middle.azure.circuit.preference.weight < min(of_exchange)
    assert {session.prepends for session in middle.sessions} == {5}


def test_each_leg_has_addresses_of_its_own_from_the_ledger(external: Links) -> None:
    inside = [
        IPv4Interface(session.address) for middle in external.external for session in middle.sessions if session.address
    ]
    networks = {interface.network for interface in inside}

    assert len(networks) == len(inside) == 6
    assert all(session.leg in ("primary", "secondary") for session in sessions(external.external[0], "azure"))
    assert all(network.prefixlen == 30 for network in networks)
    for middle in external.external:
        for session in (*sessions(middle, "aws"), *sessions(middle, "azure")):
            assert session.address
            own, cloud = IPv4Interface(session.address), IPv4Interface(f"{session.cloud_address}/30")
            assert [own.ip, cloud.ip] == list(own.network.hosts()), "Microsoft takes the second"


def test_what_a_provider_makes_is_named_by_environment_middle_and_cloud(external: Links) -> None:
    [first, _] = external.external
    assert first.aws
    assert first.azure
    assert first.gcp
    start = "prod-external-carrier-dc"

    assert first.aws.circuit.leg.connection_name == f"{start}-aws"
    assert [leg.connection_name for leg in first.azure.circuit.legs] == [f"{start}-azure-1", f"{start}-azure-2"]
    assert [leg.leg.connection_name for leg in first.gcp.circuit.legs] == [f"{start}-gcp-1", f"{start}-gcp-2"]
    assert [leg.domain for leg in first.gcp.circuit.legs] == [1, 2]
    assert first.azure.circuit.physical_name == first.gcp.circuit.physical_name == start
    assert first.azure.circuit.provider == "Megaport"


def test_the_ledger_keeps_addresses_by_the_name_of_the_middle() -> None:
    recorded = planned(EXTERNAL)[1].environments["prod"].links

    assert {key for key in recorded if not key.startswith("vpn/")} == {
        f"external/carrier-{metro}/{leg}"
        for metro in ("dc", "ny")
        for leg in ("aws/primary", "azure/primary", "azure/secondary")
    }


def test_the_second_pass_changes_nothing_but_the_facts() -> None:
    first_plan, ledger = planned(EXTERNAL)
    second_plan, later = planned(CONNECTED, ledger)
    first, second = first_plan.links, second_plan.links
    assert first
    assert second

    assert later == ledger
    assert not second_plan.new
    before, after = first.external[0], second.external[0]
    assert after.aws
    assert after.azure
    assert after.gcp
    assert (after.aws.connection_id, after.aws.vlan) == ("dxcon-ffabc123", 101)
    assert after.azure.provisioned
    assert after.gcp.provisioned
    without_facts = replace(
        after,
        aws=replace(after.aws, connection_id=None, vlan=None),
        azure=replace(after.azure, provisioned=False),
        gcp=replace(after.gcp, provisioned=False),
        sessions=tuple(replace(s, vlan=None) if s.party == "aws" else s for s in after.sessions),
    )
    assert without_facts == before
    assert second.external[1:] == first.external[1:]
    assert second.vpns == first.vpns
    assert (second.aws_circuit_gateway, second.azure_circuit_gateway) == (
        first.aws_circuit_gateway,
        first.azure_circuit_gateway,
    )


def test_a_middle_that_is_added_moves_nothing() -> None:
    one = changed({"links.external.carrier-ny": LEFT_OUT, "protect": "false"}, EXTERNAL)
    first, ledger = planned(one)
    second, _ = planned(changed({"protect": "false"}, EXTERNAL), ledger)
    assert first.links
    assert second.links

    assert second.links.external[0] == first.links.external[0]
    assert second.links.vpns == first.links.vpns


def test_each_session_lets_through_the_aggregates_of_the_pairs_that_run_over_the_middle(external: Links) -> None:
    announced = {"hq": {"10.48.0.0/16"}}
    for cloud in CLOUDS:
        [accepted] = {session.accepts for session in sessions(external.external[0], cloud)}
        announced[cloud] = {*accepted}
    for middle in external.external:
        for session in middle.sessions:
            others = (announced[party] for party in announced if party != session.party)
            assert {*session.sends} == set().union(*others)


def test_a_pair_that_runs_elsewhere_is_not_let_through() -> None:
    pairs = {"aws/gcp": {"primary": "vpn", "backup": "none"}, "plant": {"primary": "vpn", "backup": "none"}}
    links = links_of(changed({"links.pairs": pairs}, EXTERNAL))
    [aws] = sessions(links.external[0], "aws")
    of_google = {prefix for session in sessions(links.external[0], "gcp") for prefix in session.accepts}

    assert of_google
    assert of_google.isdisjoint(aws.sends)
    azure = links.external[0].azure
    assert azure
    assert of_google <= {*azure.end.accepts}


def test_a_middle_passes_on_nothing_of_whom_it_does_not_reach() -> None:
    third = {**NY, "metro": "AT", "asn": 133939, "rank": 3, "aws": {}, "azure": {}, "sites": []}
    *full, partial = links_of(changed({"links.external.third": third}, EXTERNAL)).external
    [aws] = sessions(partial, "aws")
    of_azure = {prefix for session in sessions(partial, "azure") for prefix in session.accepts}

    assert {*aws.sends} == of_azure
    assert all({*aws.sends} < {*session.sends} for middle in full for session in sessions(middle, "aws"))


def test_a_cloud_that_nothing_needs_there_gets_no_circuit() -> None:
    pairs = {"azure": {"primary": "vpn", "backup": "none"}, "plant": {"primary": "vpn", "backup": "none"}}
    plan, ledger = planned(changed({"links.pairs": pairs}, EXTERNAL))
    assert plan.links

    assert [middle.azure for middle in plan.links.external] == [None, None]
    assert not [key for key in ledger.environments["prod"].links if "/azure/" in key and key.startswith("external")]
    assert "links.external.carrier-dc: nothing runs over it to azure, so no circuit is made there" in plan.warnings
    assert plan.links.azure_circuit_gateway is None


def test_the_middle_speaks_with_the_gateway_of_each_cloud(external: Links) -> None:
    gateway = external.aws_circuit_gateway
    assert gateway
    for middle, asn in zip(external.external, (133937, 133938), strict=True):
        assert {session.asn for session in middle.sessions} == {asn}
        assert {session.cloud_asn for session in sessions(middle, "aws")} == {gateway.asn}
        assert {session.cloud_asn for session in sessions(middle, "azure")} == {12076}
        assert {session.cloud_asn for session in sessions(middle, "gcp")} == {16550}


def test_google_has_a_router_for_partner_attachments_where_circuits_of_somebody_else_land(plan: Plan) -> None:
    assert plan.gcp
    asns = [router.asn for network in plan.gcp.networks for router in network.routers]

    assert asns.count(16550) == 1


def test_the_metro_says_where_circuits_are_unless_the_settings_do() -> None:
    there = {"aws": {"region": "us-east-2"}, "azure": {"peeringLocation": "Washington DC2", "vlan": 300}, "gcp": {}}
    swapped = {"links.external.carrier-dc": {**DC, "rank": 3, **there}}
    [by_metro, given] = links_of(changed(swapped, EXTERNAL)).external
    assert given.aws
    assert given.azure
    assert by_metro.aws
    assert by_metro.azure

    assert given.aws.circuit.seller_region == "us-east-2"
    assert (given.azure.circuit.peering_location, given.azure.circuit.vlan) == ("Washington DC2", 300)
    assert by_metro.aws.circuit.seller_region == "us-east-1"
    assert by_metro.azure.circuit.peering_location == "New York"
    assert by_metro.azure.circuit.vlan == 462, "26 letters: N is 13, Y is 24"
    assert {session.vlan for session in sessions(given, "azure")} == {300}


WEST = {
    "networks": {
        "shop": {"cloud": "aws", "region": "us-east-1", "size": 20, "segment": "prod"},
        "shop-west": {"cloud": "aws", "region": "us-west-2", "size": 20, "segment": "prod"},
        "erp": {"cloud": "azure", "region": "eastus", "size": 20, "segment": "prod"},
        "erp-west": {"cloud": "azure", "region": "westus2", "size": 20, "segment": "prod"},
        "models": {"cloud": "gcp", "region": "us-east4", "size": 20, "segment": "shared"},
    },
    "links": {"primary": "vpn", "pairs": {"aws/azure": {"primary": "external"}}},
    "protect": "false",
}
"""Two clouds on both coasts, one in the east alone, and circuits between the first two."""


def test_circuits_land_in_the_region_nearest_to_the_metros_of_somebody_else() -> None:
    seattle = {"metro": "SE", "asn": 133937, "provider": "Megaport", "bandwidth": 500, "aws": {}, "azure": {}}
    links = links_of(changed({**WEST, "links.external": {"carrier": seattle}}, EXTERNAL))
    assert links.aws_circuit_gateway
    assert links.azure_circuit_gateway

    assert links.aws_circuit_gateway.end.region == "us-west-2"
    assert links.azure_circuit_gateway.end.region == "westus2"


def test_circuits_land_in_the_region_nearest_to_the_metros_of_the_exchange() -> None:
    over = {
        "links.exchange": {"metros": ["SE"], "bandwidth": 500},
        "links.pairs": {"aws/azure": {"primary": "exchange"}},
    }
    links = links_of(changed({**WEST, **over}, EXCHANGE))
    assert links.aws_circuit_gateway
    assert links.azure_circuit_gateway

    assert links.aws_circuit_gateway.end.region == "us-west-2"
    assert links.azure_circuit_gateway.end.region == "westus2"


def test_the_table_says_what_to_order_and_then_what_to_configure() -> None:
    def by_hand(config: Config) -> list[str]:
        return [line for line in rows(links_of(config), Role.PRIMARY)["aws/hq"]["byHand"] if "carrier-dc" in line]

    order, *configured = by_hand(EXTERNAL)
    assert order == (
        "order from Megaport: a hosted connection of 1000 Mbps for AWS account 111122223333, at a Direct Connect"
        " location of us-east-1; then give links.external.carrier-dc.aws its connectionId and vlan"
    )
    session, site = by_hand(CONNECTED)
    assert len(configured) == 2
    assert "VLAN 101" in session
    assert "of ASN 133937 to" in session
    assert "send only 10.16.0.0/16" in session
    assert site == "at carrier-dc: take 10.48.0.0/16 from hq, and nothing else"


def test_the_table_asks_for_each_key_until_the_provider_is_done() -> None:
    def orders(config: Config) -> list[str]:
        lines = rows(links_of(config), Role.PRIMARY)["azure/gcp"]["byHand"]
        return [line for line in lines if line.startswith("order") and "carrier-dc" in line]

    azure, google = orders(EXTERNAL)
    assert "service key" in azure
    assert "links.external.carrier-dc.azure: {provisioned: true}" in azure
    assert "pairing keys" in google
    assert "links.external.carrier-dc.gcp: {provisioned: true}" in google
    assert orders(CONNECTED) == []


def test_a_row_of_the_table_says_how_a_pair_runs_over_the_middles(external: Links) -> None:
    row = rows(external, Role.PRIMARY)["aws/azure"]

    assert row["kind"] == "external"
    assert row["redundancy"] == "2 middles, in each 1 to aws and 2 to azure"
    assert row["bandwidthMbps"] == 1000
    assert row["preference"] == "carrier-dc, then carrier-ny"
    assert row["asns"] == ["64540", "carrier-dc 133937", "carrier-ny 133938", "12076"]
    assert len(row["addresses"]) == 6
    assert rows(external, Role.BACKUP)["aws/azure"]["kind"] == "VPN"


def test_a_middle_says_how_often_to_repeat_its_asn_where_it_comes_second(external: Links) -> None:
    lines = rows(external, Role.PRIMARY)["aws/azure"]["byHand"]

    assert all("repeat" not in line for line in lines if line.startswith("at carrier-dc"))
    second = [line for line in lines if line.startswith("at carrier-ny")]
    assert second
    assert all("repeat its ASN 3 times, MED 200" in line for line in second)


# Ports of a site


def test_a_port_that_is_there_is_up_and_an_order_is_not_until_it_is_said(dedicated: Links) -> None:
    assert {type(port).__name__: port.up for port in dedicated.dedicated if isinstance(port.origin, str)} == {
        "DedicatedAws": True,
        "DedicatedAzure": True,
        "DedicatedGcp": True,
    }
    assert [port.up for port in dedicated.dedicated if not isinstance(port.origin, str)] == [False] * 3
    done = {"sites.hq.dedicated.aws": {**AWS_PORTS, "west": {**AWS_PORTS["west"], "provisioned": True}}}
    assert port(links_of(changed(done, DEDICATED)), "aws", "west").up


def test_orders_are_written_as_each_cloud_writes_them(dedicated: Links) -> None:
    assert port(dedicated, "aws", "west").origin == DirectConnectOrder("EqSV5", "10Gbps")
    assert port(dedicated, "azure", "east").origin == PORT_ID
    assert port(dedicated, "aws", "east").origin == "dxcon-ffabc124"
    assert port(dedicated, "gcp", "east").origin == "hq-east"
    assert port(dedicated, "azure", "west").origin == ExpressRouteOrder("Equinix-Seattle-SE2", 10)
    assert port(dedicated, "gcp", "west").origin == InterconnectOrder(
        "iad-zone2-1", "LINK_TYPE_ETHERNET_10G_LR", 2, "Acme", "noc@acme.example"
    )


def test_an_order_that_is_done_changes_nothing_but_that() -> None:
    first, ledger = planned(DEDICATED)
    done = {"sites.hq.dedicated.aws": {**AWS_PORTS, "west": {**AWS_PORTS["west"], "provisioned": True}}}
    second, later = planned(changed(done, DEDICATED), ledger)
    assert first.links
    assert second.links

    assert later == ledger
    changes = [
        (one, other) for one, other in zip(first.links.dedicated, second.links.dedicated, strict=True) if one != other
    ]
    assert [replace(other, up=False) for _, other in changes] == [one for one, _ in changes]
    assert len(changes) == 1


def test_the_site_speaks_with_each_cloud_and_sends_its_own_prefixes_alone(dedicated: Links) -> None:
    gateway = dedicated.aws_circuit_gateway
    assert gateway
    speakers = {"aws": gateway.asn, "azure": 12076, "gcp": 64550}
    for given in dedicated.dedicated:
        for session in given.sessions:
            assert session.sends == ("10.48.0.0/16",)
            assert session.asn == 64580
            assert session.cloud_asn == speakers[session.party]
            assert "10.48.0.0/16" not in session.accepts


def test_ports_have_addresses_of_their_own_as_large_as_the_cloud_wants(dedicated: Links) -> None:
    inside = [IPv4Interface(s.address).network for p in dedicated.dedicated for s in p.sessions if s.address]

    assert len(inside) == len(set(inside)) == 8
    assert not any(one.overlaps(other) for one in inside for other in inside if one != other)
    google = port(dedicated, "gcp", "east")
    assert IPv4Interface(google.address).network == IPv4Interface(google.site_address).network
    assert IPv4Interface(google.address).network.prefixlen == 29, "Google gives an attachment no less"
    assert IPv4Interface(google.address).ip != IPv4Interface(google.site_address).ip
    assert {network.prefixlen for network in inside} == {29, 30}


def test_azure_lets_in_over_a_port_what_the_site_has_and_nothing_else(dedicated: Links) -> None:
    for given in dedicated.dedicated:
        if isinstance(given, DedicatedAzure):
            assert given.end.accepts == ("10.48.0.0/16",)
            assert given.asn == 64580


def test_ports_come_before_every_circuit_and_tunnel(dedicated: Links) -> None:
    exchange = links_of(EXCHANGE).exchange
    assert exchange
    circuits = [router.azure for router in exchange.routers if router.azure]
    tunnels = [vpn.gcp for vpn in dedicated.vpns if vpn.gcp]
    for given in dedicated.dedicated:
        if isinstance(given, DedicatedAzure):
            assert given.circuit.preference.weight > max(circuit.preference.weight for circuit in circuits)
        if isinstance(given, DedicatedGcp):
            assert given.end.med < min(circuit.preference.med for circuit in circuits)
            assert given.end.med < min(end.med for end in tunnels)
            assert given.end.prepends == 0


def test_a_site_without_ports_keeps_its_tunnels(dedicated: Links) -> None:
    assert rows(dedicated, Role.PRIMARY)["aws/plant"]["kind"] == "VPN"
    assert rows(dedicated, Role.PRIMARY)["aws/hq"]["kind"] == "dedicated"
    assert {port.site for port in dedicated.dedicated} == {"hq"}


def test_no_partner_router_is_made_for_ports(dedicated: Links) -> None:
    plan = planned(DEDICATED)[0]
    assert plan.gcp

    assert 16550 not in [router.asn for network in plan.gcp.networks for router in network.routers]
    assert isinstance(dedicated.dedicated[0], DedicatedAws)


def test_the_expressroute_gateway_is_large_enough_for_all_ports_at_once(dedicated: Links) -> None:
    assert dedicated.azure_circuit_gateway
    assert dedicated.azure_circuit_gateway.scale_units == 4, "2 and 5 Gbps, in units of 2"


def test_the_table_says_what_to_patch_and_what_the_site_configures(dedicated: Links) -> None:
    row = rows(dedicated, Role.PRIMARY)["aws/hq"]

    assert row["redundancy"] == "2 ports, 2 sessions"
    assert row["asns"] == ["64540", "64580"]
    assert row["bandwidthMbps"] == 20_000
    assert row["leadTime"] == "days to weeks (cross connect)"
    there = {f"sites.hq.dedicated.{cloud}": {"east": ports["east"]} for cloud, ports in PORTS_OF.items()}
    done = rows(links_of(changed(there, DEDICATED)), Role.PRIMARY)
    assert [done[f"{cloud}/hq"]["leadTime"] for cloud in CLOUDS] == ["10 min", "45 min", "10 min"]
    assert done["aws/hq"]["redundancy"] == "1 port, 1 session"
    assert done["azure/hq"]["redundancy"] == "1 port, 2 sessions"
    patch = [line for line in row["byHand"] if line.startswith("take the letter")]
    [line] = patch
    assert line == (
        "take the letter of authorization for dedicated-hq-west-aws from aws, have it patched at EqSV5, and then say"
        " provisioned: true for it in sites.hq.dedicated.aws"
    )
    assert sum(line.startswith("on the router of hq") for line in row["byHand"]) == 2


def test_the_region_of_a_port_is_the_one_where_links_land_unless_it_is_said(dedicated: Links) -> None:
    assert port(dedicated, "aws", "east").circuit.seller_region == "us-east-1"
    assert port(dedicated, "aws", "west").circuit.seller_region == "us-west-1"


# The clouds' own


def test_aws_and_google_are_joined_by_themselves(native: Links) -> None:
    [link] = native.native

    assert (link.region, link.aws_region) == ("us-east4", "us-east-1")
    assert link.remote_profile == "aws-us-east-1"
    assert link.aws_account_id == "111122223333"
    assert link.bandwidth == 1000
    assert not link.key_given


def test_google_announces_its_aggregates_and_aws_its_own(native: Links) -> None:
    [link] = native.native
    assert native.aws_circuit_gateway
    vpn = next(vpn for vpn in native.vpns if vpn.pair == "aws/gcp")
    assert vpn.gcp

    assert {*native.aws_circuit_gateway.allowed_prefixes} == {*vpn.gcp.accepts}
    blocks = planned(NATIVE)[1].environments["prod"].regions
    assert str(blocks["gcp/us-east4"]) in link.advertised
    assert not any(IPv4Network(prefix).overlaps(blocks["aws/us-east-1"]) for prefix in link.advertised)


def test_no_router_for_partners_and_no_address_is_needed_for_it() -> None:
    plan, ledger = planned(NATIVE)
    assert plan.gcp

    assert 16550 not in [router.asn for network in plan.gcp.networks for router in network.routers]
    assert all(key.startswith("vpn/") for key in ledger.environments["prod"].links)
    assert "direct-connect-gateway/us-east-1" in ledger.environments["prod"].asns


def test_the_plan_warns_of_what_is_left_to_do_in_aws() -> None:
    warnings = planned(NATIVE)[0].warnings

    assert any("AWS's half is not in its SDK yet" in warning for warning in warnings)
    assert not any("offered together" in warning for warning in warnings)


def test_regions_that_are_not_known_to_be_paired_are_warned_of() -> None:
    networks = {
        "shop": {"cloud": "aws", "region": "us-east-2", "size": 20, "segment": "prod"},
        "models": {"cloud": "gcp", "region": "us-central1", "size": 20, "segment": "prod"},
    }
    pairs = {"aws/gcp": {"primary": "native", "backup": "vpn"}}
    plan = planned(changed({"networks": networks, "links.pairs": pairs}, NATIVE))[0]

    assert any("us-east-2 and us-central1 are not known to be offered together" in w for w in plan.warnings)


def test_the_table_says_who_accepts_what(native: Links) -> None:
    row = rows(native, Role.PRIMARY)["aws/gcp"]

    assert row["kind"] == "native"
    assert row["byHand"] == ["accept Google's half in AWS (us-east-1) by the command that the stack exports"]
    assert row["mtu"] == 1460
    assert row["asns"] == ["64540", "Google's own"]


# Limits


def test_sessions_of_everybody_are_counted_against_what_each_side_takes(external: Links, dedicated: Links) -> None:
    many = tuple(f"10.{number // 256}.{number % 256}.0/24" for number in range(101))
    middle = external.external[0]
    assert middle.aws
    crowded = replace(middle.aws.circuit, session=replace(middle.aws.circuit.session, sends=many))
    over_middle = replace(external, external=[replace(middle, aws=replace(middle.aws, circuit=crowded))])
    at_port = replace(
        dedicated,
        dedicated=[
            replace(p, circuit=replace(p.circuit, session=replace(p.circuit.session, sends=many)))
            for p in dedicated.dedicated
            if isinstance(p, DedicatedAws)
        ],
    )

    assert [problem.value for problem in budgets.problems(over_middle)] == ["external-carrier-dc-aws"]
    assert [problem.value for problem in budgets.problems(at_port)] == [
        "dedicated-hq-east-aws",
        "dedicated-hq-west-aws",
    ]
    assert list(budgets.problems(external)) == list(budgets.problems(dedicated)) == []


def crowd(count: int) -> tuple[str, ...]:
    return tuple(f"10.{number // 256}.{number % 256}.0/24" for number in range(count))


@pytest.mark.parametrize(("count", "problems"), [(100, 0), (101, 1)])
def test_direct_connect_takes_a_hundred_prefixes_from_a_middle_and_no_more(count: int, problems: int) -> None:
    links = links_of(EXTERNAL)
    [middle, _] = links.external
    assert middle.aws
    circuit = replace(middle.aws.circuit, session=replace(middle.aws.circuit.session, sends=crowd(count)))
    full = replace(links, external=[replace(middle, aws=replace(middle.aws, circuit=circuit))])

    assert len(list(budgets.problems(full))) == problems


def test_what_azure_is_brought_and_brings_is_counted_over_middles_and_ports(external: Links, dedicated: Links) -> None:
    [middle, _] = external.external
    assert middle.azure
    for sends, accepts in ((4001, 1), (1, 1001)):
        session = replace(middle.azure.circuit.session, sends=crowd(sends), accepts=crowd(accepts))
        end = replace(middle.azure, circuit=replace(middle.azure.circuit, session=session))
        assert [p.value for p in budgets.problems(replace(external, external=[replace(middle, azure=end)]))] == [
            "external-carrier-dc-azure"
        ]
        ports = [p for p in dedicated.dedicated if isinstance(p, DedicatedAzure)][:1]
        crowded = [replace(p, circuit=replace(p.circuit, session=session)) for p in ports]
        assert [p.value for p in budgets.problems(replace(dedicated, dedicated=crowded))] == ["dedicated-hq-east-azure"]


@pytest.mark.parametrize(("count", "warnings"), [(250, 0), (251, 1)])
def test_a_google_network_is_said_to_learn_250_prefixes_from_anybody(count: int, warnings: int) -> None:
    external, dedicated = links_of(EXTERNAL), links_of(DEDICATED)
    [middle, other] = external.external
    assert middle.gcp
    session = replace(middle.gcp.circuit.session, sends=crowd(count))
    end = replace(middle.gcp, circuit=replace(middle.gcp.circuit, session=session))
    over_middle = replace(external, external=[replace(middle, gcp=end), replace(other, gcp=None)])
    at_port = replace(
        dedicated,
        dedicated=[
            replace(p, end=replace(p.end, accepts=crowd(count)))
            for p in dedicated.dedicated
            if isinstance(p, DedicatedGcp)
        ][:1],
    )

    assert len(list(budgets.warnings(over_middle))) == warnings
    assert len(list(budgets.warnings(at_port))) == warnings


@pytest.mark.parametrize(("count", "warnings"), [(20, 0), (21, 1)])
def test_more_than_older_accounts_announce_is_warned_of(count: int, warnings: int) -> None:
    links = links_of(NATIVE)
    assert links.aws_circuit_gateway
    full = replace(links, aws_circuit_gateway=replace(links.aws_circuit_gateway, allowed_prefixes=crowd(count)))

    assert len(list(budgets.warnings(full))) == warnings


@pytest.mark.parametrize(("bandwidth", "units"), [(1000, 1), (2000, 1), (5000, 3), (10_000, 5)])
def test_the_expressroute_gateway_carries_the_circuits_of_one_middle(bandwidth: int, units: int) -> None:
    wider = {f"links.external.carrier-{metro}.bandwidth": bandwidth for metro in ("dc", "ny")}
    gateway = links_of(changed(wider, EXTERNAL)).azure_circuit_gateway

    assert gateway
    assert gateway.scale_units == units


def test_ten_units_of_an_expressroute_gateway_are_not_too_many(dedicated: Links) -> None:
    assert dedicated.azure_circuit_gateway
    largest = replace(dedicated, azure_circuit_gateway=replace(dedicated.azure_circuit_gateway, scale_units=10))

    assert list(budgets.problems(largest)) == []


def test_a_gateway_that_would_need_more_units_than_there_are_is_refused(dedicated: Links) -> None:
    assert dedicated.azure_circuit_gateway
    larger = replace(dedicated, azure_circuit_gateway=replace(dedicated.azure_circuit_gateway, scale_units=11))

    [problem] = budgets.problems(larger)
    assert "needs 11 units of an ExpressRoute gateway, which has 10" in str(problem)


def test_one_fact_missing_leaves_the_others_alone() -> None:
    partly = changed({"links.external.carrier-dc": {**DC, **ENDS, "azure": FACTS["azure"]}}, EXTERNAL)
    [first, _] = links_of(partly).external
    assert first.aws
    assert first.azure
    assert first.gcp

    assert first.azure.provisioned
    assert first.aws.connection_id is None
    assert not first.gcp.provisioned


def test_what_is_gone_is_told_to_be_released() -> None:
    _, ledger = planned(EXTERNAL)
    without = changed({"links.external": LEFT_OUT, "links.primary": "vpn", "links.backup": "none"}, EXTERNAL)
    plan, _ = planned(without, Ledger(ledger.environments))

    assert any("external/carrier-dc/aws" in warning for warning in plan.warnings)
