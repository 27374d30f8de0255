from dataclasses import replace

import pulumi_aws as aws
import pytest

from components.aws.dns import AwsDns
from components.aws.shared_names import AwsSharedNames
from inspection.graph import Graph, Resource
from planning.names import types as names
from tests.components.aws.graphs import PRINCIPAL, SHARE, SHARED_RESOURCE, VPC, refers, sources
from tests.support import declarations
from tests.support.recorded import preview_of, source_of, update_of

ZONE = "aws:route53/zone:Zone"
RECORD = "aws:route53/record:Record"
RESOLVER_CONFIG = "aws:route53/resolverConfig:ResolverConfig"
RULE = "aws:route53/resolverRule:ResolverRule"
PROFILE = "aws:route53/profilesProfile:ProfilesProfile"
PROFILE_ASSOCIATION = "aws:route53/profilesResourceAssociation:ProfilesResourceAssociation"

NAME = "aws-dns"
REGIONS = {"aws-us-east-1-transit": "us-east-1", "shop": "us-east-1", "shop-west": "us-west-2"}
EVERYWHERE = tuple(REGIONS)
NAMES = names.AwsNames(
    zones=(
        names.Zone("names", "aws.acme.internal", EVERYWHERE),
        names.Zone("reverse-10-0", "0.10.in-addr.arpa", EVERYWHERE),
        names.Zone("reverse-10-1", "1.10.in-addr.arpa", EVERYWHERE),
        names.Zone(
            "queue",
            "sqs.us-east-1.amazonaws.com",
            ("aws-us-east-1-transit", "shop"),
            (names.ZoneRecord("@", ("10.0.4.10", "10.0.20.10")), names.ZoneRecord("*", ("10.0.4.10", "10.0.20.10"))),
        ),
    ),
    named=(
        names.NamedServer("dns-1", names.Server("resolver-az1", "10.0.255.36"), "reverse-10-0"),
        names.NamedServer("dns-2", names.Server("resolver-az2", "10.0.255.52"), "reverse-10-0"),
    ),
    resolvers=(),
    shared_with=("444455556666", "777788889999"),
    offered=("names", "reverse-10-0", "reverse-10-1"),
    profiles_in=("us-east-1",),
)


def build(planned: names.AwsNames = NAMES, *, protect: bool = False) -> AwsDns:
    vpcs = {
        network: aws.ec2.Vpc(network, region=region, cidr_block="10.0.0.0/18") for network, region in REGIONS.items()
    }
    vpc_ids = {network: vpc.id for network, vpc in vpcs.items()}
    return AwsDns(NAME, {"names": planned, "vpc_ids": vpc_ids, "vpc_regions": REGIONS, "protect": protect})


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(build)


def test_every_zone_is_seen_by_the_vpcs_of_the_plan_in_their_regions() -> None:
    graph = update_of(build)
    vpcs = {vpc.id: vpc.name for vpc in graph.of_type(VPC)}

    seen = {
        zone.inputs["name"]: {vpcs[each["vpcId"]]: each["vpcRegion"] for each in zone.inputs["vpcs"]}
        for zone in graph.of_type(ZONE)
    }

    assert seen == {zone.domain: {each: REGIONS[each] for each in zone.networks} for zone in NAMES.zones}
    assert all(sources(graph, zone, "vpcs") == set(seen[zone.inputs["name"]]) for zone in graph.of_type(ZONE))


def written(graph: Graph, kind: str) -> dict[tuple[str, str], list[str]]:
    """Map zones and names to what is written there."""
    return {
        (source_of(graph, record, "zoneId", ZONE).inputs["name"], record.inputs["name"]): record.inputs["records"]
        for record in graph.of_type(RECORD)
        if record.inputs["type"] == kind
    }


def test_addresses_are_written_for_the_servers_and_for_private_services_with_all_that_is_below_them(
    graph: Graph,
) -> None:
    assert written(graph, "A") == {
        ("aws.acme.internal", "dns-1.aws.acme.internal"): ["10.0.255.36"],
        ("aws.acme.internal", "dns-2.aws.acme.internal"): ["10.0.255.52"],
        ("sqs.us-east-1.amazonaws.com", "sqs.us-east-1.amazonaws.com"): ["10.0.4.10", "10.0.20.10"],
        ("sqs.us-east-1.amazonaws.com", "*.sqs.us-east-1.amazonaws.com"): ["10.0.4.10", "10.0.20.10"],
    }


def test_every_named_server_is_found_by_its_address_too(graph: Graph) -> None:
    assert written(graph, "PTR") == {
        ("0.10.in-addr.arpa", "36.255.0.10.in-addr.arpa"): ["dns-1.aws.acme.internal"],
        ("0.10.in-addr.arpa", "52.255.0.10.in-addr.arpa"): ["dns-2.aws.acme.internal"],
    }


def test_answers_may_be_kept_for_five_minutes(graph: Graph) -> None:
    assert {record.inputs["ttl"] for record in graph.of_type(RECORD)} == {300}


def test_no_vpc_hides_the_reverse_zones_behind_rules_of_its_own(graph: Graph) -> None:
    """Those are as narrow as its CIDRs, and the narrowest name wins."""
    configs = {source_of(graph, each, "resourceId", VPC).name: each.inputs for each in graph.of_type(RESOLVER_CONFIG)}

    assert {network: config["region"] for network, config in configs.items()} == REGIONS
    assert {config["autodefinedReverseFlag"] for config in configs.values()} == {"DISABLE"}


def test_a_vpc_keeps_its_rules_where_no_zone_of_ours_answers_for_addresses() -> None:
    east = ("aws-us-east-1-transit", "shop")
    zones = (NAMES.zones[0], replace(NAMES.zones[1], networks=east))
    graph = preview_of(lambda: build(replace(NAMES, zones=zones)))

    assert {source_of(graph, each, "resourceId", VPC).name for each in graph.of_type(RESOLVER_CONFIG)} == set(east)


def test_a_zone_with_records_of_others_is_not_swept_away(graph: Graph) -> None:
    assert {zone.inputs["forceDestroy"] for zone in graph.of_type(ZONE)} == {False}


def test_a_zone_says_that_it_is_private_and_whose_names_it_holds(graph: Graph) -> None:
    for zone in graph.of_type(ZONE):
        assert zone.inputs["name"] in zone.inputs["comment"]
        assert "private" in zone.inputs["comment"]


def test_only_zones_are_protected_and_only_when_asked(graph: Graph) -> None:
    protected = [each for each in preview_of(lambda: build(protect=True)).resources if each.protect]

    assert {each.type for each in protected} == {ZONE}
    assert len(protected) == len(NAMES.zones)
    assert not any(each.protect for each in graph.resources)


def test_one_service_fewer_leaves_the_other_names_alone(graph: Graph) -> None:
    after = preview_of(lambda: build(replace(NAMES, zones=NAMES.zones[:-1])))

    gone = {each.urn for each in graph.resources} - {each.urn for each in after.resources}

    assert {urn.rpartition("::")[2] for urn in gone} == {"aws-dns-queue", "aws-dns-queue-@", "aws-dns-queue-*"}
    assert {each.urn for each in after.resources} < {each.urn for each in graph.resources}


def test_who_writes_more_records_and_who_shares_are_told_the_zones() -> None:
    graph = update_of(build)
    [component] = [resource for resource in graph.resources if resource.type.endswith(":AwsDns")]

    outputs = graph.component_outputs[component.urn]

    assert set(outputs["zone_ids"]) == set(outputs["zone_arns"]) == {zone.key for zone in NAMES.zones}
    assert outputs["zone_ids"]["names"] == "aws-dns-names-zoneId"
    assert outputs["zone_arns"]["queue"].endswith("aws-dns-queue-arn")


def share_names() -> AwsSharedNames:
    zones = build().zone_arns
    rules = {
        key: aws.route53.ResolverRule(f"rule-of-{key}", domain_name=f"{key}.acme.internal", rule_type="FORWARD").arn
        for key in ("azure", "onprem")
    }
    return AwsSharedNames(
        "aws-us-west-2-shared-names",
        {"region": "us-west-2", "zone_arns": zones, "rule_arns": rules, "shared_with": NAMES.shared_with},
    )


@pytest.fixture(scope="module")
def shared() -> Graph:
    return preview_of(share_names)


def in_profile(graph: Graph) -> list[Resource]:
    profile = graph.named(PROFILE, "aws-us-west-2-shared-names")
    return [each for each in graph.of_type(PROFILE_ASSOCIATION) if refers(each, "profileId", profile)]


def test_a_profile_holds_every_zone_and_every_rule_of_its_region(shared: Graph) -> None:
    held = set().union(*(sources(shared, each, "resourceArn") for each in in_profile(shared)))

    zones, rules = ({each.name for each in shared.of_type(kind)} for kind in (ZONE, RULE))
    assert held == zones | rules
    assert len(in_profile(shared)) == len(zones) + len(rules) == 6


def test_names_in_a_profile_fit_route_53_and_are_all_different(shared: Graph) -> None:
    given = [each.inputs["name"] for each in in_profile(shared)]

    assert all(len(each) <= 64 and each.replace("-", "").isalnum() for each in given)
    assert len(set(given)) == len(given)


def test_a_profile_never_holds_a_domain_twice_while_one_takes_over(shared: Graph) -> None:
    assert all(each.delete_before_replace for each in in_profile(shared))


def test_a_profile_is_offered_to_each_named_account_in_its_region(shared: Graph) -> None:
    [share], [offered] = shared.of_type(SHARE), shared.of_type(SHARED_RESOURCE)
    principals = shared.of_type(PRINCIPAL)

    assert refers(offered, "resourceArn", shared.named(PROFILE, "aws-us-west-2-shared-names"))
    assert {each.inputs["principal"] for each in principals} == set(NAMES.shared_with)
    assert all(refers(each, "resourceShareArn", share) for each in (offered, *principals))
    mine = [each for each in shared.resources if each.custom and each.name.startswith("aws-us-west-2-shared-names")]
    assert {each.inputs["region"] for each in mine} == {"us-west-2"}


def test_what_is_shared_is_told_by_its_arn() -> None:
    graph = update_of(share_names)
    shared = [*graph.of_type(PROFILE_ASSOCIATION), *graph.of_type(SHARED_RESOURCE)]

    assert len(shared) == 7
    assert all(each.inputs["resourceArn"].startswith("arn:aws:route53:") for each in shared)


def test_our_own_vpcs_pay_for_no_profile(shared: Graph) -> None:
    assert not any("profilesAssociation" in each.type for each in shared.resources)


def test_the_same_is_asked_for_when_all_is_known_as_when_nothing_is(shared: Graph) -> None:
    assert {each.urn for each in update_of(share_names).resources} == {each.urn for each in shared.resources}


def test_names_send_what_the_sdk_declares(shared: Graph) -> None:
    assert declarations.check(shared) == []
