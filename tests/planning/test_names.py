"""Claims about private names, made on the plan."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network

import pytest

from planning.names.types import AwsNames, Forward, Names, Zone
from planning.plan import Plan
from tests.planning.configurations import Config, changed, planned
from tests.planning.named import NAMED, named

CLOUDS = ("aws", "azure", "gcp")


def plan_of(config: Config = NAMED) -> Plan:
    return planned(config)[0]


def names_of(config: Config = NAMED) -> Names:
    names = plan_of(config).names
    assert names is not None
    return names


def resolvers(names: Names) -> Iterator[tuple[str, Sequence[Forward]]]:
    """Yield who forwards what: each region of AWS and Azure, Google, and each site."""
    for part in (names.aws, names.azure):
        for resolver in part.resolvers if part else ():
            yield resolver.network, resolver.forwards
    if names.gcp:
        yield names.gcp.network, names.gcp.forwards
    for site in names.sites.values():
        yield site.site, site.forwards


def zones(names: Names, cloud: str) -> Mapping[str, Zone]:
    return {zone.domain: zone for zone in getattr(names, cloud).zones}


def forwarded(forwards: Sequence[Forward]) -> dict[str, str]:
    return {forward.domain: forward.owner for forward in forwards}


def test_each_cloud_holds_its_own_names_and_reverse_zones_and_no_others() -> None:
    names = names_of()
    assert {*zones(names, "aws")} == {"aws.acme.internal", "1.10.in-addr.arpa", "2.10.in-addr.arpa"}
    assert {*zones(names, "azure")} == {"azure.acme.internal", "16.10.in-addr.arpa", "17.10.in-addr.arpa"}
    pods = {"112.10.in-addr.arpa", "113.10.in-addr.arpa"}
    assert {*zones(names, "gcp")} == {"gcp.acme.internal", "32.10.in-addr.arpa", *pods}


def test_everybody_asks_every_other_owner_for_all_of_its_names_and_nobody_for_its_own() -> None:
    names = names_of()
    owned = {cloud: [*zones(names, cloud)] for cloud in CLOUDS}
    onprem = ["onprem.acme.internal", "48.10.in-addr.arpa", "49.10.in-addr.arpa", "50.10.in-addr.arpa"]
    for asker, forwards in resolvers(names):
        own = asker.split("-")[0] if asker not in names.sites else "onprem"
        wanted = {domain: owner for owner, domains in {**owned, "onprem": onprem}.items() for domain in domains}
        assert forwarded(forwards) == {domain: owner for domain, owner in wanted.items() if owner != own}, asker


def test_every_network_sees_its_clouds_zones_and_follows_the_forwards_of_its_region() -> None:
    names = names_of()
    seen = {"aws": {"shop", "shop-west", "aws-us-east-1-transit", "aws-us-west-2-transit"}}
    seen["azure"] = {"identity", "identity-west", "azure-eastus-transit", "azure-westus2-transit"}
    seen["gcp"] = {"analytics", "gcp-transit"}
    for cloud in CLOUDS:
        assert all({*zone.networks} == seen[cloud] for zone in zones(names, cloud).values())
    for part, cloud in ((names.aws, "aws"), (names.azure, "azure")):
        assert part is not None
        following = [network for resolver in part.resolvers for network in resolver.networks]
        assert sorted(following) == sorted(seen[cloud])
    assert names.gcp is not None
    assert {*names.gcp.peered, names.gcp.network} == seen["gcp"]


def test_every_owner_answers_at_two_addresses_of_different_subnets() -> None:
    for asker, forwards in resolvers(names_of()):
        for forward in forwards:
            assert len({server.key for server in forward.servers}) == len(forward.servers) >= 2, (asker, forward.domain)


def test_aws_answers_and_asks_in_two_zones_at_addresses_that_nothing_else_has() -> None:
    aws = names_of().aws
    assert aws is not None
    east, west = aws.resolvers
    assert (east.region, west.region) == ("us-east-1", "us-west-2")
    for resolver in aws.resolvers:
        assert [*resolver.outbound] == ["resolver-az1", "resolver-az2"]
    assert [*east.inbound] == ["resolver-az1", "resolver-az2"]
    addresses = [*east.inbound.values(), *east.outbound.values(), *west.outbound.values()]
    assert len(set(addresses)) == len(addresses)
    assert all(int(IPv4Address(address)) % 16 >= 4 for address in addresses), "AWS keeps the first four of a subnet"


def test_queries_arrive_only_where_links_land() -> None:
    names = names_of()
    assert names.aws is not None
    assert names.azure is not None
    for part in (names.aws, names.azure):
        landing, other = part.resolvers
        assert landing.inbound
        assert not other.inbound


def test_port_53_is_opened_to_those_who_ask_and_towards_those_who_are_asked() -> None:
    names = names_of()
    assert names.aws is not None
    assert names.azure is not None
    east, west = names.aws.resolvers
    assert {*east.asked_by.values()} == {"azure", "gcp", "hq", "plant"}
    assert east.asked_by["35.199.192.0/19"] == "gcp"
    assert east.asked_by["10.48.0.53/32"] == "hq"
    assert [*east.asked_by.values()].count("azure") == len(names.azure.resolvers), (
        "each region asks from its own subnet"
    )
    assert not west.asked_by
    for resolver in (east, west):
        asked = [IPv4Address(server.address) for f in resolver.forwards for server in f.servers if server.address]
        opened = [IPv4Network(cidr) for cidr in resolver.asks]
        assert all(any(address in cidr for cidr in opened) for address in asked)
        assert {*resolver.asks.values()} == {"azure", "gcp", "hq", "plant"}


def test_googles_entry_points_are_looked_up_or_those_that_were_given() -> None:
    gcp = names_of().gcp
    assert gcp is not None
    assert [server.address for server in gcp.entry_points.values()] == [None, None]
    given = ["10.32.252.2", "10.32.253.2"]
    told = names_of(named({"dns.googleEntryPoints": given}))
    assert told.gcp is not None
    assert {key: server.address for key, server in told.gcp.entry_points.items()} == {
        "transit-us-east4": "10.32.252.2",
        "resolver-us-east4": "10.32.253.2",
    }
    assert told.aws is not None
    [forward] = [forward for forward in told.aws.resolvers[0].forwards if forward.domain == "gcp.acme.internal"]
    assert [server.address for server in forward.servers] == given


def test_each_server_has_a_name_and_a_way_back_in_a_zone_that_holds_its_address() -> None:
    names = names_of(named({"dns.googleEntryPoints": ["10.32.252.2", "10.32.253.2"]}))
    for part in (names.aws, names.azure, names.gcp):
        assert part is not None
        assert [each.label for each in part.named] == ["dns-1", "dns-2"]
        domains = {zone.key: zone.domain for zone in part.zones}
        for each in part.named:
            assert each.server.address is not None
            assert IPv4Address(each.server.address).reverse_pointer.endswith(domains[each.reverse_zone])


def test_who_is_not_joined_asks_nobody() -> None:
    names = names_of(named({"links.pairs": {"aws/gcp": {"primary": "none"}, "plant": {"primary": "none"}}}))
    assert names.gcp is not None
    assert "aws" not in forwarded(names.gcp.forwards).values()
    assert "gcp" not in {
        owner for asker, fs in resolvers(names) if asker.startswith("aws") for owner in forwarded(fs).values()
    }
    assert "plant" not in names.sites
    asked = {server.key for _, forwards in resolvers(names) for forward in forwards for server in forward.servers}
    assert not [key for key in asked if key.startswith("plant")]


def test_without_links_each_cloud_resolves_its_own_names_and_says_so() -> None:
    config = changed({"dns": {"private": "acme.internal"}})
    plan = plan_of(config)
    assert plan.names is not None
    assert not any(forwards for _, forwards in resolvers(plan.names))
    assert all(zones(plan.names, cloud) for cloud in CLOUDS)
    assert plan.warnings[0].startswith("dns: nothing joins the clouds (links)")


def test_without_roots_nothing_is_named() -> None:
    assert plan_of(changed({})).names is None


def test_one_server_alone_is_a_warning() -> None:
    plan = plan_of(named({"sites.hq.dns": ["10.48.0.53"], "sites.plant.dns": []}))
    warned = [warning for warning in plan.warnings if "one server" in warning]
    assert warned == [
        f"dns: {cloud} has one server to ask for onprem.acme.internal: hq-10-48-0-53; add one" for cloud in CLOUDS
    ]


def test_a_rule_names_six_servers_of_sites_at_most_and_some_of_every_site() -> None:
    sites = {
        f"site-{number}": {**NAMED["sites"]["hq"], "asn": 64580 + number, "prefixes": [f"10.{48 + number}.0.0/16"]}
        | {"dns": [f"10.{48 + number}.0.53", f"10.{48 + number}.1.53"]}
        | {"devices": {"edge": {"address": f"203.0.113.{10 + number}"}}}
        for number in range(5)
    }
    plan = plan_of(named({"sites": sites}))
    assert plan.names is not None
    assert plan.names.aws is not None
    for resolver in plan.names.aws.resolvers:
        [forward] = [forward for forward in resolver.forwards if forward.domain == "onprem.acme.internal"]
        asked = [str(server.address) for server in forward.servers]
        assert asked == [*(f"10.{48 + number}.0.53" for number in range(5)), "10.48.1.53"]
        assert {*asked} <= {cidr.removesuffix("/32") for cidr in resolver.asks}
        assert "10.49.1.53/32" not in resolver.asks, "port 53 is open to whom it is needed for"
        assert "10.49.1.53/32" in plan.names.aws.resolvers[0].asked_by, "all servers ask"
    assert (
        "dns: aws asks 6 servers of sites, as many as a rule names, not site-1-10-49-1-53, site-2-10-50-1-53, "
        "site-3-10-51-1-53 and 1 more"
    ) in plan.warnings


def test_given_entry_points_are_all_that_is_opened_towards_google() -> None:
    names = names_of(named({"dns.googleEntryPoints": ["10.32.252.2", "10.32.253.2"]}))
    assert names.aws is not None
    towards_google = {cidr for cidr, party in names.aws.resolvers[0].asks.items() if party == "gcp"}
    assert towards_google == {"10.32.252.2/32", "10.32.253.2/32"}


def test_the_clouds_own_link_is_said_not_to_carry_googles_queries() -> None:
    native = {"links": {"primary": "vpn", "pairs": {"aws/gcp": {"primary": "native"}}}}
    warned = [warning for warning in plan_of(named(native)).warnings if warning.startswith("dns: aws/gcp is joined by")]
    assert len(warned) == 1
    assert not [w for w in plan_of().warnings if "joined by the clouds' own link" in w]


def test_a_site_of_two_environments_is_a_warning_since_both_announce_googles_forwarders() -> None:
    _, ledger = planned(named({"environment": "prod"}), stack="acme/prod")
    config = named({"dns.private": "dev.acme.internal"})
    warnings = planned(config, ledger)[0].warnings
    told = [warning for warning in warnings if "environment prod has it too" in warning]
    assert [warning.split(":")[0] for warning in told] == ["sites.hq", "sites.plant"]


def test_a_reverse_zone_with_addresses_of_another_environment_is_a_warning() -> None:
    adopted = {"cloud": "aws", "region": "us-east-1", "segment": "apps"}
    prod = named({"environment": "prod", "sites": {}, "networks.old": {**adopted, "cidr": "10.9.0.0/18"}})
    _, ledger = planned(prod, stack="acme/prod")
    config = named({"dns.private": "dev.acme.internal", "networks.old": {**adopted, "cidr": "10.9.64.0/18"}})
    told = [warning for warning in planned(config, ledger)[0].warnings if "reverse zone" in warning]
    assert len(told) == 1
    assert told[0].startswith("dns: 9.10.in-addr.arpa, a reverse zone of aws, holds addresses of environment prod too")


def test_networks_of_google_where_no_link_lands_are_a_warning() -> None:
    models = {"cloud": "gcp", "region": "us-central1", "size": 20, "segment": "apps"}
    [warning] = plan_of(named({"networks.models": models})).warnings
    assert warning.startswith("networks: models in gcp us-central1, and links land in us-east4; Cloud DNS is said to")


def test_adding_a_party_changes_no_name_and_no_address_of_the_others() -> None:
    before = names_of(named({"sites": {"hq": NAMED["sites"]["hq"]}}))
    after = names_of()
    for cloud in CLOUDS:
        assert getattr(before, cloud).zones == getattr(after, cloud).zones
        assert getattr(before, cloud).named == getattr(after, cloud).named
    assert before.aws is not None
    assert after.aws is not None
    for old, new in zip(before.aws.resolvers, after.aws.resolvers, strict=True):
        assert (old.inbound, old.outbound) == (new.inbound, new.outbound)
        assert {forward.key for forward in old.forwards} < {forward.key for forward in new.forwards}


SERVICES = {
    "files": {"cloud": "azure", "service": "blob"},
    "secrets": {"cloud": "azure", "service": "key-vault"},
    "queues": {"cloud": "aws", "service": "sqs", "region": "us-east-1", "addresses": ["10.1.128.9"]},
}


def test_private_services_are_held_by_their_owner_and_the_public_suffix_is_sent_there() -> None:
    config = named(
        {"dns.privateServices": {**SERVICES, "apis": {"cloud": "gcp", "service": "apis", "addresses": ["10.32.190.9"]}}}
    )
    shop, analytics = ("10.1.128.9", "10.32.190.9")
    names = names_of(config)
    azure, aws, gcp = (zones(names, cloud) for cloud in ("azure", "aws", "gcp"))
    assert azure["privatelink.blob.core.windows.net"].redirect
    assert azure["privatelink.vaultcore.azure.net"].redirect
    assert [(r.name, r.addresses) for r in aws["sqs.us-east-1.amazonaws.com"].records] == [("@", [shop]), ("*", [shop])]
    assert [(r.name, r.addresses) for r in gcp["googleapis.com"].records] == [("@", [analytics]), ("*", [analytics])]
    wanted = {
        "blob.core.windows.net": "azure",
        "vault.azure.net": "azure",
        "vaultcore.azure.net": "azure",
        "sqs.us-east-1.amazonaws.com": "aws",
        "googleapis.com": "gcp",
    }
    for asker, forwards in resolvers(names):
        sent = {domain: owner for domain, owner in forwarded(forwards).items() if domain in wanted}
        assert sent == {domain: owner for domain, owner in wanted.items() if not asker.startswith(owner)}, asker


def test_a_service_is_hidden_from_networks_of_its_cloud_that_do_not_reach_it() -> None:
    alone = {
        "segments.alone": {},
        "networks.vault": {"cloud": "aws", "region": "us-east-1", "size": 20, "segment": "alone"},
    }
    plan = plan_of(named({**alone, "dns.privateServices": {"queues": SERVICES["queues"]}}))
    assert plan.names is not None
    assert isinstance(plan.names.aws, AwsNames)
    [zone] = [zone for zone in plan.names.aws.zones if zone.key == "service-queues"]
    assert "vault" not in zone.networks
    assert {"shop", "shop-west", "aws-us-east-1-transit"} <= {*zone.networks}
    [warning] = [warning for warning in plan.warnings if "privateServices.queues" in warning]
    assert "segments that do not reach its addresses (alone) find them in the other clouds nevertheless" in warning


@pytest.mark.parametrize("root", ["acme.internal", "internal.acme.example", "net.acme.example"])
def test_every_name_is_one_hop_from_everybody(root: str) -> None:
    config = named({"dns": {"private": root, "public": "acme.example", "privateServices": SERVICES}})
    assert plan_of(config).names is not None, "a plan with a longer way is refused"
