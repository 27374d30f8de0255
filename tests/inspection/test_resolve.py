"""Claims about the way of queries, and that whatever is wrong with names is found: on whole stacks with a mistake."""

import re
from collections.abc import Callable, Mapping, Sequence

import pytest

from inspection.graph import Graph
from inspection.name_findings import findings
from inspection.network.model import AFTER_DEPLOY, Resolver, Zone
from inspection.resolve import Outcome, Walk, resolvers, walk
from tests.inspection.seeded import Seed, all_of, output, site, told, wired, without
from tests.program.stacks import CONFIG_FILES, preview_of, settings_of, update_of

STACKS = tuple(stack for stack in CONFIG_FILES if "dns" in settings_of(stack))
ROOT = "dev.acme.internal"
AWS = ["10.1.252.52", "10.1.252.68"]
AZURE = ["10.16.248.4", "10.16.248.36"]


def resolver(
    name: str, at: str, zones: Sequence[str] = (), forwards: Mapping[str, Sequence[str]] | None = None
) -> Resolver:
    party = name.partition("/")[0]
    return Resolver(name, party, name, [Zone(zone) for zone in zones], forwards or {}, [at])


def ends(everybody: Sequence[Resolver], source: str, name: str) -> set[tuple[str, Outcome, str]]:
    return {(" ".join(each.way), each.outcome, each.domain) for each in walk(everybody, source, name)}


# -- who decides


@pytest.mark.parametrize("party", ["aws", "azure", "gcp", "hq"])
def test_the_longer_of_two_zones_and_of_two_forwards_decides(party: str) -> None:
    one = resolver(party, "10.0.0.1", ["a.test", "b.a.test"], {"c.test": ["10.9.0.1"], "d.c.test": ["10.9.0.2"]})
    others = [resolver("x", "10.9.0.1", ["c.test"]), resolver("y", "10.9.0.2", ["d.c.test"])]

    assert ends([one, *others], party, "any.b.a.test") == {(party, Outcome.ANSWERED, "b.a.test")}
    assert ends([one, *others], party, "d.c.test") == {(f"{party} y", Outcome.ANSWERED, "d.c.test")}
    assert ends([one, *others], party, "any.c.test") == {(f"{party} x", Outcome.ANSWERED, "c.test")}


@pytest.mark.parametrize(
    ("party", "same", "longer"),
    [("aws", False, False), ("azure", True, True), ("gcp", True, False), ("hq", True, False)],
)
def test_a_zone_wins_over_a_forward_of_its_name_but_in_aws_and_over_a_longer_one_in_azure_only(
    party: str, *, same: bool, longer: bool
) -> None:
    there = resolver("there", "10.9.0.1", ["a.test", "b.a.test"])
    for domain, zone_wins in (("a.test", same), ("b.a.test", longer)):
        one = resolver(party, "10.0.0.1", ["a.test"], {domain: ["10.9.0.1"]})
        [found] = walk([one, there], party, "any.b.a.test")
        assert found.hops == (0 if zone_wins else 1)


def test_a_name_that_only_ends_alike_is_another() -> None:
    assert ends([resolver("hq", "10.0.0.1", ["a.test"])], "hq", "aa.test") == {("hq", Outcome.INTERNET, "")}


def test_every_server_that_may_be_asked_is_a_way_of_its_own() -> None:
    everybody = [
        resolver("gcp", "10.0.0.1", (), {"a.test": ["10.9.0.1", "10.9.0.2", "10.9.0.3"]}),
        resolver("hq", "10.9.0.1", ["a.test"]),
        resolver("plant", "10.9.0.2"),
    ]
    assert ends(everybody, "gcp", "a.test") == {
        ("gcp hq", Outcome.ANSWERED, "a.test"),
        ("gcp plant", Outcome.INTERNET, ""),
        ("gcp", Outcome.NOBODY, "a.test"),
    }


def test_a_circle_ends_where_it_closes() -> None:
    everybody = [
        resolver("aws", "10.0.0.1", (), {"a.test": ["10.0.0.2"]}),
        resolver("gcp", "10.0.0.2", (), {"a.test": ["10.0.0.3"]}),
        resolver("hq", "10.0.0.3", (), {"a.test": ["10.0.0.2"]}),
    ]
    assert walk(everybody, "aws", "a.test") == [
        Walk("a.test", ("aws", "gcp", "hq", "gcp"), Outcome.LOOP, "a.test", "10.0.0.2")
    ]


def test_an_address_that_is_known_later_is_googles() -> None:
    everybody = [resolver("aws", "10.0.0.1", (), {"a.test": [AFTER_DEPLOY]}), resolver("gcp", AFTER_DEPLOY, ["a.test"])]
    assert ends(everybody, "aws", "a.test") == {("aws gcp", Outcome.ANSWERED, "a.test")}


# -- what is read


@pytest.mark.parametrize("stack", STACKS)
def test_a_first_preview_says_the_same_of_names_as_an_update_but_for_googles_addresses(stack: str) -> None:
    before, after = resolvers(preview_of(stack)), resolvers(update_of(stack))
    assert [each.name for each in before] == [each.name for each in after]
    for one, other in zip(before, after, strict=True):
        assert (one.network, one.sends_from, one.answers_in) == (other.network, other.sends_from, other.answers_in)
        assert {zone.domain for zone in one.zones} == {zone.domain for zone in other.zones}
        assert one.forwards.keys() == other.forwards.keys()
        for domain, targets in one.forwards.items():
            assert {*targets} in ({*other.forwards[domain]}, {AFTER_DEPLOY})
            assert AFTER_DEPLOY not in other.forwards[domain]


def test_dev_is_read_as_it_is_written_down() -> None:
    found = {each.name: each for each in resolvers(update_of("dev"))}
    assert found.keys() == {"aws/us-east-1", "azure/eastus", "gcp", "lab"}
    assert found["aws/us-east-1"].answers_at == AWS
    assert found["aws/us-east-1"].sends_from == ["10.1.252.53/32", "10.1.252.69/32"]
    assert found["azure/eastus"].answers_at == AZURE
    assert found["azure/eastus"].sends_from == ["10.16.248.16/28"]
    assert found["gcp"].sends_from == ["35.199.192.0/19"]
    assert found["lab"].answers_at == ["10.62.0.53", "10.62.1.53"]
    for party, addresses in (("aws/us-east-1", AWS), ("azure/eastus", AZURE), ("gcp", found["gcp"].answers_at)):
        owner = party.partition("/")[0]
        records = {(r.type, r.name): [*r.values] for zone in found[party].zones for r in zone.records}
        forward = {name: values for (kind, name), values in records.items() if kind == "A"}
        back = {name: values for (kind, name), values in records.items() if kind == "PTR"}
        assert sorted(forward) == [f"dns-{number}.{owner}.{ROOT}" for number in (1, 2)]
        assert sorted(address for values in forward.values() for address in values) == sorted(addresses)
        for name, [address] in forward.items():
            assert back[f"{'.'.join(reversed(address.split('.')))}.in-addr.arpa"] == [name]


# -- what is wrong


@pytest.mark.parametrize("stack", STACKS)
def test_names_of_all_stacks_resolve_from_everywhere(stack: str) -> None:
    assert findings(preview_of(stack)) == ()
    assert findings(update_of(stack)) == ()


def test_stacks_with_names_are_among_them() -> None:
    assert {"dev", "prod"} <= {*STACKS}


def aws_rule(key: str, **inputs: object) -> Seed:
    return told(f"aws-us-east-1-resolver-{key}", "ResolverRule", **inputs)


LAB = {f"aws.{ROOT}": AWS, f"azure.{ROOT}": AZURE}
SEEDS: Mapping[str, tuple[Seed, str]] = {
    "circle": (
        site("lab", own=[], forwards={**LAB, f"onprem.{ROOT}": AWS}),
        rf"any\.onprem\.{ROOT}: aws/us-east-1 -> lab -> aws/us-east-1 goes in a circle, lab by its forward of onprem",
    ),
    "own domain": (
        aws_rule("azure", domainName=f"aws.{ROOT}"),
        rf"aws/us-east-1 forwards aws\.{ROOT} to 10\.16\.248\.4, 10\.16\.248\.36, and has the zone aws\.{ROOT} itself",
    ),
    "below its own domain": (
        told("gcp-dns-forward-azure", "ManagedZone", dnsName=f"db.gcp.{ROOT}."),
        rf"gcp forwards db\.gcp\.{ROOT} to .*, and has the zone gcp\.{ROOT} itself, so that its own names are lost",
    ),
    "a linked zone that hides a rule": (
        told("azure-dns-reverse-10-16", "PrivateZone", privateZoneName=ROOT),
        rf"azure/eastus forwards aws\.{ROOT} to .*, and has the zone {ROOT} itself, which hides the rule",
    ),
    "a longer zone that hides a part of a forward": (
        told("aws-dns-reverse-10-1", "Zone", name=f"db.azure.{ROOT}"),
        rf"aws/us-east-1 forwards azure\.{ROOT} to .*, and its zone db\.azure\.{ROOT} hides a part of that",
    ),
    "a longer zone beside a shorter": (
        told("aws-dns-reverse-10-1", "Zone", name=f"db.aws.{ROOT}"),
        rf"in aws/us-east-1 the zone db\.aws\.{ROOT} hides a part of the zone aws\.{ROOT}",
    ),
    "everything": (
        aws_rule("azure", domainName="."),
        r"aws/us-east-1 forwards everything, \. to 10\.16\.248\.4, 10\.16\.248\.36: whoever is asked may ask back",
    ),
    "an address where nobody answers": (
        aws_rule("azure", targetIps=[{"ip": AZURE[0]}, {"ip": "10.16.9.9"}]),
        rf"any\.azure\.{ROOT}: aws/us-east-1 forwards azure\.{ROOT} to 10\.16\.9\.9, where nobody answers",
    ),
    "no address": (
        aws_rule("azure", targetIps=[]),
        rf"any\.azure\.{ROOT}: aws/us-east-1 forwards azure\.{ROOT} to no address, where nobody answers",
    ),
    "two hops": (
        aws_rule("azure", targetIps=[{"ip": "10.62.0.53"}]),
        rf"any\.azure\.{ROOT}: aws/us-east-1 -> lab -> azure/eastus takes 2 hops",
    ),
    "a zone that hides another's": (
        all_of(without("aws-us-east-1-resolver-azure", of="Rule"), told("aws-dns-reverse-10-1", "Zone", name=ROOT)),
        rf"any\.azure\.{ROOT}: aws/us-east-1, where the zone {ROOT} hides it; azure/eastus has the zone azure\.{ROOT}",
    ),
    "asked of the wrong one": (
        all_of(aws_rule("azure", targetIps=[{"ip": "10.62.0.53"}]), site("lab", forwards={})),
        rf"any\.azure\.{ROOT}: aws/us-east-1 -> lab, and lab knows nothing of it; azure/eastus has the zone",
    ),
    "no rule": (
        without("aws-us-east-1-resolver-azure", of="Rule"),
        rf"any\.azure\.{ROOT}: aws/us-east-1 has no rule for it; azure/eastus has the zone azure\.{ROOT}",
    ),
    "no rule for the way back": (
        site("lab", forwards={**LAB, "16.10.in-addr.arpa": AZURE}),
        r"any\.1\.10\.in-addr\.arpa: lab has no rule for it; aws/us-east-1 has the zone 1\.10\.in-addr\.arpa",
    ),
    "owned twice": (
        told("gcp-dns-zone-reverse-10-32", "ManagedZone", dnsName="16.10.in-addr.arpa."),
        r"azure/eastus and gcp both have the zone 16\.10\.in-addr\.arpa, and answer from it each their own",
    ),
    "two networks that forward": (
        wired("gcp-dns-forward-aws", "ManagedZone", "privateVisibilityConfig", "network:Network::reports"),
        r"reports and gcp-transit both forward|gcp-transit and reports both forward",
    ),
    "a VPC without a rule": (
        without("aws-us-east-1-resolver-azure-web", of="ResolverRuleAssociation"),
        rf"web \(aws/us-east-1\) sees for azure\.{ROOT}: nothing; aws-us-east-1-transit sees: to 10\.16\.248\.36, 10",
    ),
    "a VNet without a zone": (
        without("azure-dns-names/orders", of="VirtualNetworkLink"),
        rf"orders \(azure/eastus\) sees for azure\.{ROOT}: nothing; azure-eastus-transit sees: its zone",
    ),
    "a VNet without rules": (
        without("azure-eastus-resolver-orders", of="PrivateResolverVirtualNetworkLink"),
        rf"orders \(azure/eastus\) sees for aws\.{ROOT}: nothing; azure-eastus-transit sees: to {AWS[0]}, {AWS[1]}",
    ),
    "a VPC of Google's that asks nobody": (
        without("gcp-dns-peering-aws", of="ManagedZone"),
        rf"reports \(gcp\) sees for aws\.{ROOT}: nothing; gcp-transit sees: to {AWS[0]}, {AWS[1]}",
    ),
    "a VPC of Google's that asks a network which does not forward": (
        without("gcp-dns-forward-aws", of="ManagedZone"),
        rf"any\.aws\.{ROOT}: gcp has no rule for it; aws/us-east-1 has the zone aws\.{ROOT}",
    ),
    "an inbound network without its zone": (
        without("azure-dns-names/azure-eastus-transit", of="VirtualNetworkLink"),
        rf"orders \(azure/eastus\) sees for azure\.{ROOT}: its zone; azure-eastus-transit sees: nothing",
    ),
}


@pytest.mark.parametrize("run", [preview_of, update_of], ids=["preview", "update"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_mistake_is_told_with_both_sides(seed: str, run: Callable[[str], Graph]) -> None:
    make, told_as = SEEDS[seed]
    found = findings(make(run("dev")))
    assert [text for text in found if re.match(told_as, text)], "\n".join(found)


def test_parties_without_a_link_between_them_need_no_rule() -> None:
    unlinked = all_of(
        without("aws-us-east-1-resolver-azure", "aws-us-east-1-resolver-reverse-10-16", of="Rule"),
        output("links", lambda links: [link for link in links if link["name"] != "aws/azure"]),
    )
    assert not [
        text
        for text in findings(unlinked(preview_of("dev")))
        if "has no rule for it" in text and "azure/eastus has" in text
    ]


def test_every_finding_is_said_once() -> None:
    found = findings(SEEDS["circle"][0](update_of("dev")))
    assert len(found) == len({*found}) > 0
