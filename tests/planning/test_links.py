"""Claims about what joins clouds and sites, made on the plan."""

from dataclasses import replace
from ipaddress import IPv4Interface, IPv4Network
from itertools import pairwise
from typing import Any

import pytest

from planning.ledger import Ledger
from planning.link_addresses import AZURE_POOL
from planning.links import budgets
from planning.links.types import Links, Role, Vpn
from planning.plan import Plan, make_plan
from planning.problems import ConfigurationError
from planning.reading import read_settings
from planning.release import release
from tests.planning.configurations import STACK, Config, as_text, changed

PORTS = {
    metro: {"id": f"0a1b2c3d-1111-4444-8888-{number:012}", "vlan": 101}
    for number, metro in enumerate(("DC", "NY", "AT"), start=1)
}
EXCHANGE: Config = {
    "environment": "prod",
    "protect": "true",
    "accounts": {
        "aws": {"accountId": "111122223333"},
        "azure": {"subscriptionId": "11111111-2222-3333-4444-555555555555"},
        "gcp": {"project": "acme-net-prod"},
        "equinix": {
            "projectId": "11111111-2222-3333-4444-555555555555",
            "accountNumber": 270001,
            "notify": ["noc@acme.example"],
        },
    },
    "segments": {
        "prod": {"reaches": ["shared"]},
        "staging": {"reaches": ["shared"]},
        "shared": {"reaches": ["sites"]},
    },
    "networks": {
        "shop": {"cloud": "aws", "region": "us-east-1", "size": 18, "segment": "prod"},
        "tests": {"cloud": "aws", "region": "us-east-1", "size": 20, "segment": "staging"},
        "shop-west": {"cloud": "aws", "region": "us-west-2", "size": 18, "segment": "prod"},
        "identity": {"cloud": "azure", "region": "eastus", "size": 20, "segment": "shared"},
        "erp": {"cloud": "azure", "region": "westus2", "size": 20, "segment": "prod"},
        "erp-tests": {"cloud": "azure", "region": "eastus", "size": 20, "segment": "staging"},
        "analytics": {"cloud": "gcp", "region": "us-east4", "size": 18, "segment": "prod", "kubernetes": {}},
    },
    "sites": {
        "hq": {
            "prefixes": ["10.48.0.0/16"],
            "asn": 64580,
            "devices": {"edge-1": {"address": "203.0.113.10"}, "edge-2": {"address": "203.0.113.11"}},
            "ports": {metro: PORTS[metro] for metro in ("DC", "NY")},
        },
        "plant": {"prefixes": ["10.49.0.0/16"], "asn": 64581, "devices": {"edge": {"address": "198.51.100.7"}}},
    },
    "links": {
        "primary": "exchange",
        "backup": "vpn",
        "exchange": {"metros": ["DC", "NY"], "bandwidth": 1000},
        "pairs": {"plant": {"primary": "vpn"}},
    },
    "linkSecret": "correct horse battery staple",
}
"""Circuits in two metros with tunnels behind them; one site on ports, one on tunnels alone."""
TUNNELS: Config = changed({"links": {"primary": "vpn"}}, EXCHANGE)
"""The same over tunnels alone."""
EVERY_PAIR = {"aws/azure", "aws/gcp", "azure/gcp"} | {
    f"{cloud}/{site}" for cloud in ("aws", "azure", "gcp") for site in ("hq", "plant")
}


def planned(config: Config, ledger: Ledger | None = None) -> tuple[Plan, Ledger]:
    settings = read_settings(as_text(config), {"linkSecret"})
    plan, allocation = make_plan(settings, ledger or Ledger(), STACK, {})
    return plan, allocation.ledger


def links_of(config: Config, ledger: Ledger | None = None) -> Links:
    links = planned(config, ledger)[0].links
    assert links is not None
    return links


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned(EXCHANGE)[0]


@pytest.fixture(scope="module")
def links(plan: Plan) -> Links:
    assert plan.links is not None
    return plan.links


def rows(links: Links, role: Role) -> dict[str, Any]:
    return {str(row["name"]): row for row in links.table if row["role"] == role and row["kind"] != "backbone"}


def vpn(links: Links, pair: str) -> Vpn:
    return next(vpn for vpn in links.vpns if vpn.pair == pair)


def test_every_pair_of_clouds_and_every_cloud_and_site_is_joined_once(links: Links) -> None:
    assert rows(links, Role.PRIMARY).keys() == EVERY_PAIR


def test_a_pair_without_ports_runs_over_tunnels_and_has_no_second_set_of_them(links: Links) -> None:
    assert {pair for pair, row in rows(links, Role.PRIMARY).items() if row["kind"] == "VPN"} == {
        pair for pair in EVERY_PAIR if pair.endswith("/plant")
    }
    assert rows(links, Role.BACKUP).keys() == {pair for pair in EVERY_PAIR if not pair.endswith("/plant")}


@pytest.mark.parametrize(
    ("pairs", "apart"),
    [
        ({"gcp/azure": {"primary": "none"}}, {"azure/gcp"}),
        ({"plant": {"primary": "none"}}, {pair for pair in EVERY_PAIR if pair.endswith("/plant")}),
        (
            {"plant": {"primary": "none"}, "aws/plant": {"primary": "vpn"}},
            {"azure/plant", "gcp/plant"},
        ),
    ],
)
def test_what_is_said_of_a_pair_wins_over_what_is_said_of_a_party_and_of_all(pairs: Config, apart: set[str]) -> None:
    found = links_of(changed({"links.pairs": pairs}, TUNNELS))
    assert rows(found, Role.PRIMARY).keys() == EVERY_PAIR - apart


def test_all_links_of_a_cloud_land_in_the_region_nearest_to_the_metros(links: Links) -> None:
    assert {end.region for link in links.vpns for end in (link.aws,) if end} == {"us-east-1"}
    assert {end.region for link in links.vpns for end in (link.azure,) if end} == {"eastus"}
    assert links.aws_circuit_gateway is not None
    assert links.aws_circuit_gateway.end.region == "us-east-1"


def test_links_stay_where_they_landed_when_a_nearer_region_comes() -> None:
    west = {name: n for name, n in EXCHANGE["networks"].items() if n["region"] in ("us-west-2", "westus2", "us-east4")}
    west["shop-west"] = {**west["shop-west"], "segment": "prod"}
    _, ledger = planned(changed({"networks": west}, TUNNELS))
    later = links_of(TUNNELS, ledger)
    assert {end.region for link in later.vpns for end in (link.aws,) if end} == {"us-west-2"}


def test_tunnels_have_a_link_of_their_own_whose_hosts_are_the_two_ends(links: Links) -> None:
    inside = [IPv4Network(tunnel.inside) for link in links.vpns for tunnel in link.tunnels]
    assert len(set(inside)) == len(inside)
    for link in links.vpns:
        for tunnel in link.tunnels:
            hosts = {str(host) for host in IPv4Network(tunnel.inside).hosts()}
            ends = [end.address for end in tunnel.ends.values()]
            # Azure's second instance speaks from a /30 of its own to the one address that a device has.
            shared = link.azure is not None and link.site is not None and tunnel.key.endswith("-2")
            assert len(hosts & set(ends)) == (1 if shared else 2)


def test_amazon_has_the_first_host_and_azure_the_second_as_both_insist(links: Links) -> None:
    for link in links.vpns:
        for tunnel in link.tunnels:
            first, second = map(str, IPv4Network(tunnel.inside).hosts())
            assert tunnel.ends.get("aws") is None or tunnel.ends["aws"].address == first
            assert tunnel.ends.get("azure") is None or tunnel.ends["azure"].address == second


def test_where_azure_takes_part_addresses_are_among_those_it_takes(links: Links) -> None:
    for link in links.vpns:
        for tunnel in link.tunnels:
            there = any(IPv4Network(tunnel.inside).subnet_of(block) for block in AZURE_POOL)
            assert there == (link.azure is not None)


def test_both_gateways_of_each_cloud_carry_tunnels_to_both_of_the_other(links: Links) -> None:
    to_google = vpn(links, "aws/gcp").tunnels
    assert [(tunnel.ends["aws"].port, tunnel.ends["gcp"].port) for tunnel in to_google] == [
        ("1-1", "0"),
        ("1-2", "0"),
        ("2-1", "1"),
        ("2-2", "1"),
    ]
    to_azure = vpn(links, "aws/azure").tunnels
    assert [tunnel.ends["azure"].port for tunnel in to_azure] == ["Instance0", "Instance0", "Instance1", "Instance1"]
    between = vpn(links, "azure/gcp").tunnels
    assert [(tunnel.ends["azure"].port, tunnel.ends["gcp"].port) for tunnel in between] == [
        ("Instance0", "0"),
        ("Instance1", "1"),
    ]


def test_every_device_of_a_site_has_a_tunnel_to_both_gateways_of_a_cloud(links: Links) -> None:
    for cloud, ports in (("azure", {"Instance0", "Instance1"}), ("gcp", {"0", "1"})):
        tunnels = vpn(links, f"{cloud}/hq").tunnels
        for device in ("edge-1", "edge-2"):
            assert {tunnel.ends[cloud].port for tunnel in tunnels if tunnel.ends["hq"].port == device} == ports


def test_azures_gateway_knows_every_address_that_a_tunnel_uses_on_its_instance(links: Links) -> None:
    (gateway,) = links.azure_vpn_gateways
    used = {
        (tunnel.ends["azure"].port, tunnel.ends["azure"].address)
        for link in links.vpns
        if link.azure
        for tunnel in link.tunnels
    }
    declared = {(instance, address) for instance, held in gateway.custom_addresses.items() for address in held}
    assert declared == used


def test_a_circuit_carries_the_aggregates_of_everybody_that_the_party_meets_there_and_never_its_own(
    links: Links,
) -> None:
    assert links.exchange is not None
    for router in links.exchange.routers:
        assert router.aws
        assert router.azure
        assert router.gcp
        (hq,) = router.sites
        sessions = {"aws": router.aws, "azure": router.azure, "gcp": router.gcp, "hq": hq}
        accepted = {party: set(circuit.session.accepts) for party, circuit in sessions.items()}
        for party, circuit in sessions.items():
            others = set().union(*(accepted[other] for other in accepted if other != party))
            assert set(circuit.session.sends) == others
            assert "10.49.0.0/16" not in others, "the plant has no port and its own tunnels"


def test_a_pair_that_leaves_the_exchange_is_heard_of_there_no_more() -> None:
    links = links_of(changed({"links.pairs.aws/gcp": {"primary": "vpn"}}, EXCHANGE))
    assert links.exchange is not None
    for router in links.exchange.routers:
        assert router.aws
        assert router.gcp
        assert not set(router.aws.session.sends) & set(router.gcp.session.accepts)
        assert not set(router.gcp.session.sends) & set(router.aws.session.accepts)


def test_every_leg_has_a_link_of_its_own_and_the_middle_has_its_first_host(links: Links) -> None:
    assert links.exchange is not None
    seen = []
    for router in links.exchange.routers:
        assert router.aws
        assert router.azure
        for leg in (router.aws.leg, *router.azure.legs, *(site.leg for site in router.sites)):
            middle = IPv4Interface(str(leg.middle_address))
            assert [str(middle.ip), leg.end_address] == [str(host) for host in middle.network.hosts()]
            seen.append(middle.network)
        assert [IPv4Interface(str(leg.middle_address)).network for leg in router.azure.legs] == [
            IPv4Network(router.azure.primary_prefix),
            IPv4Network(router.azure.secondary_prefix),
        ]
    assert len(set(seen)) == len(seen) == 8


def test_google_and_azure_have_both_domains_and_both_legs_in_each_metro(links: Links) -> None:
    assert links.exchange is not None
    vlans = set()
    for router in links.exchange.routers:
        assert router.azure
        assert router.gcp
        assert [leg.key for leg in router.azure.legs] == ["primary", "secondary"]
        assert [(leg.domain, leg.profile[-1]) for leg in router.gcp.legs] == [(1, "1"), (2, "2")]
        vlans.add(router.azure.vlan)
    assert len(vlans) == len(links.exchange.routers)


def test_the_first_metro_is_better_than_the_second_for_every_receiver(links: Links) -> None:
    assert links.exchange is not None
    for one, other in pairwise(links.exchange.routers):
        assert one.gcp
        assert other.gcp
        assert one.gcp.preference.prepends < other.gcp.preference.prepends
        assert one.gcp.preference.med < other.gcp.preference.med
        assert one.gcp.preference.weight > other.gcp.preference.weight
    assert rows(links, Role.PRIMARY)["azure/gcp"]["preference"] == "DC, then NY"


def test_tunnels_and_circuits_bring_the_same_prefixes_of_aws_so_that_length_never_decides(plan: Plan) -> None:
    assert plan.aws
    assert plan.links
    assert plan.links.aws_circuit_gateway
    over_tunnels = {
        summary
        for network in plan.aws.networks
        if network.region == "us-east-1"
        for summary in network.attachment.summaries
    }
    for peering in plan.aws.peerings:
        routes = {peering.requester: peering.requester_routes, peering.accepter: peering.accepter_routes}
        over_tunnels |= set(routes["us-east-1"]["links"])
    assert over_tunnels == set(plan.links.aws_circuit_gateway.allowed_prefixes)


def test_a_segment_drops_what_a_link_brings_of_others_and_nothing_that_it_reaches(plan: Plan) -> None:
    assert plan.aws
    assert plan.azure
    (east,) = [hub for hub in plan.aws.hubs if hub.region == "us-east-1"]
    space = {network.name: network.address_space[0] for network in plan.azure.networks}
    assert space["erp-tests"] in east.blackholes["prod"]
    assert {space["erp"], space["identity"]}.isdisjoint(east.blackholes["prod"])
    assert {space["erp"]} <= set(east.blackholes["staging"])
    assert "10.48.0.0/16" in east.blackholes["prod"]
    assert "10.48.0.0/16" not in east.blackholes["shared"]


def test_a_region_without_links_has_a_way_to_exactly_what_each_segment_reaches(plan: Plan) -> None:
    assert plan.aws
    assert plan.azure
    (peering,) = plan.aws.peerings
    routes = {peering.requester: peering.requester_routes, peering.accepter: peering.accepter_routes}["us-west-2"]
    space = {network.name: network.address_space[0] for network in plan.azure.networks}
    assert {space["erp"], space["identity"]} <= set(routes["prod"])
    assert space["erp-tests"] not in routes["prod"]
    assert "10.48.0.0/16" not in routes["prod"]
    assert "10.48.0.0/16" in routes["shared"]
    assert "links" not in routes


def test_nothing_passes_through_a_hub_from_one_link_to_another(links: Links) -> None:
    assert links.aws_circuit_gateway
    ends = [*(link.aws for link in links.vpns if link.aws), links.aws_circuit_gateway.end]
    for end in ends:
        assert end.route_table == "links"
        assert "links" not in end.propagates_to
    labels = [set(link.azure.labels) for link in links.vpns if link.azure]
    assert all("default" not in each for each in labels)
    assert len({frozenset(each) for each in labels}) == 1, "Azure wants one set for all branches"


def test_a_site_keeps_out_of_networks_that_do_not_reach_sites(plan: Plan) -> None:
    assert plan.aws
    refused = {network.name: network.refused_ranges for network in plan.aws.networks}
    assert refused["shop"] == ("10.48.0.0/12",)
    with_tools = changed({"networks.tools": {**EXCHANGE["networks"]["shop"], "segment": "shared"}}, EXCHANGE)
    later = planned(with_tools)[0]
    assert later.aws
    assert {network.name: network.refused_ranges for network in later.aws.networks}["tools"] == ()


def test_moving_to_the_exchange_leaves_the_tunnels_as_they_are_until_they_are_taken_out() -> None:
    before, ledger = planned(TUNNELS)
    first, ledger = planned(EXCHANGE, ledger)
    assert before.links
    assert first.links
    moved = {link.name: replace(link, role=Role.PRIMARY) for link in first.links.vpns}
    assert moved == {link.name: link for link in before.links.vpns}
    assert first.links.azure_vpn_gateways == before.links.azure_vpn_gateways

    second, _ = planned(changed({"links.backup": "none"}, EXCHANGE), ledger)
    assert second.links
    assert second.links.exchange == first.links.exchange
    assert second.links.aws_circuit_gateway == first.links.aws_circuit_gateway


def test_a_metro_that_is_added_changes_no_circuit_that_is_there() -> None:
    before, ledger = planned(EXCHANGE)
    third = changed({"links.exchange.metros": ["DC", "NY", "AT"], "sites.hq.ports": PORTS}, EXCHANGE)
    after = links_of(third, ledger)
    assert before.links
    assert before.links.exchange
    assert after.exchange
    assert [router.metro for router in after.exchange.routers] == ["DC", "NY", "AT"]
    assert list(after.exchange.routers[:2]) == list(before.links.exchange.routers)


def test_google_takes_the_last_of_three_metros_before_tunnels() -> None:
    """It compares lengths of paths: Azure's, the longest, have two numbers before the router in the middle adds its."""
    found = links_of(changed({"links.exchange.metros": ["DC", "NY", "AT"], "sites.hq.ports": PORTS}, EXCHANGE))
    assert found.exchange
    last = found.exchange.routers[-1].gcp
    assert last
    for pair in ("aws/gcp", "azure/gcp", "gcp/hq"):
        end = vpn(found, pair).gcp
        assert end
        assert 1 + end.prepends > 2 + 1 + last.preference.prepends
        assert end.prepends <= 10, "Google adds no more at once"
        assert end.med > last.preference.med


def test_adding_a_site_moves_no_address_of_another_link() -> None:
    before, ledger = planned(EXCHANGE)
    site = {"prefixes": ["10.50.0.0/16"], "asn": 64582, "devices": {"edge": {"address": "198.51.100.9"}}}
    changes = {"sites.annex": site, "links.pairs.annex": {"primary": "vpn"}}
    after = links_of(changed(changes, EXCHANGE), ledger)
    assert before.links
    held = {link.name: link.tunnels for link in after.vpns}
    assert all(held[link.name] == link.tunnels for link in before.links.vpns)


def anchors(plan: Plan) -> dict[str, str]:
    assert plan.aws
    return {summary: network.name for network in plan.aws.networks for summary in network.attachment.summaries}


def test_a_new_network_takes_no_announced_aggregate_over_from_another() -> None:
    before, ledger = planned(EXCHANGE)
    lower = {"cloud": "aws", "region": "us-east-1", "size": 22, "segment": "prod"}
    after, _ = planned(changed({"networks.first": lower, "networks.a": {**lower, "size": 18}}, EXCHANGE), ledger)
    assert anchors(before)
    assert anchors(after) == anchors(before)


def test_an_aggregate_whose_network_is_gone_points_at_another() -> None:
    before, ledger = planned(EXCHANGE)
    ((aggregate, network),) = anchors(before).items()
    networks = {name: n for name, n in EXCHANGE["networks"].items() if name != network}
    after, _ = planned(changed({"networks": networks}, EXCHANGE), ledger)
    assert anchors(after) == {aggregate: "tests" if network == "shop" else "shop"}


def test_more_prefixes_than_a_session_takes_are_refused_before_anything_is_built(links: Links) -> None:
    assert links.exchange
    router = links.exchange.routers[0]
    assert router.aws
    many = tuple(f"10.{third}.0.0/16" for third in range(budgets.DIRECT_CONNECT_IN + 1))
    crowded = replace(router, aws=replace(router.aws, session=replace(router.aws.session, sends=many)))
    (problem,) = budgets.problems(replace(links, exchange=replace(links.exchange, routers=[crowded])))
    assert "101" in problem.rule
    assert "100" in problem.rule
    assert not list(budgets.problems(links))


def test_more_prefixes_than_an_association_allows_are_refused(links: Links) -> None:
    assert links.aws_circuit_gateway
    many = tuple(f"10.{index // 256}.{index % 256}.0/24" for index in range(budgets.DIRECT_CONNECT_OUT + 1))
    crowded = replace(links, aws_circuit_gateway=replace(links.aws_circuit_gateway, allowed_prefixes=many))
    (problem,) = budgets.problems(crowded)
    assert "201" in problem.rule


def test_aws_makes_keys_only_where_nobody_else_gave_any() -> None:
    pair = {"pairs": {"azure": {"primary": "none"}, "gcp": {"primary": "none"}, "aws/gcp": {"primary": "vpn"}}}
    alone = changed({"links": {"primary": "vpn", **pair}, "sites": {}}, EXCHANGE)
    del alone["linkSecret"]
    assert [link.aws_makes_keys for link in links_of(alone).vpns] == [True]
    assert not any(link.aws_makes_keys for link in links_of(TUNNELS).vpns)


def test_addresses_of_links_that_are_gone_are_told_and_given_back_by_name() -> None:
    _, ledger = planned(EXCHANGE)
    without = changed({"links.pairs.aws/gcp": {"primary": "none"}}, EXCHANGE)
    plan, ledger = planned(without, ledger)
    assert any("vpn/aws/gcp" in warning and "release" in warning for warning in plan.warnings)

    released = release(ledger, STACK, "vpn/aws/gcp")

    assert len(released) == 4
    assert not any("vpn/aws/gcp" in warning for warning in planned(without, ledger)[0].warnings)


def test_the_region_where_links_land_changes_only_when_it_is_released() -> None:
    _, ledger = planned(TUNNELS)
    held = ledger.environments["prod"].fixed
    held["aws/gateway-region"] = "us-west-2"
    assert {link.aws.region for link in links_of(TUNNELS, ledger).vpns if link.aws} == {"us-west-2"}
    assert release(ledger, STACK, "aws/gateway-region") == ["fixed aws/gateway-region: us-west-2"]
    assert {link.aws.region for link in links_of(TUNNELS, ledger).vpns if link.aws} == {"us-east-1"}


def test_a_metro_far_from_every_region_is_the_only_mistake_told_not_the_ports_that_are_missing_there() -> None:
    with pytest.raises(ConfigurationError) as caught:
        planned(changed({"links.exchange.metros": ["DC", "FR"]}, EXCHANGE))
    (problem,) = caught.value.problems
    assert (problem.where, problem.value) == ("links.exchange.metros", "FR")
    assert "km from us-east-1" in problem.rule
