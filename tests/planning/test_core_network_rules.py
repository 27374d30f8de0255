"""Claims about what a core network of Cloud WAN cannot do or hold, and about its place in the ledger."""

from fnmatch import fnmatchcase
from unittest import mock

import pytest

from planning import limits
from planning.layouts import core_network
from planning.ledger import Environment, Ledger
from planning.ledger import problems as ledger_problems
from planning.problems import ConfigurationError
from tests.planning.configurations import LEFT_OUT, SMALL, STACK, Config, changed
from tests.planning.core_networks import CLOUD_WAN, JOINED, MANY, NAMED, aggregates, built, circuits
from tests.planning.test_links import TUNNELS, planned


def problems_of(config: Config, ledger: Ledger | None = None) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        planned(config, ledger)
    return [str(problem) for problem in caught.value.problems]


def test_more_aggregates_than_can_be_summed_up_are_refused() -> None:
    with mock.patch.object(core_network, "RULES", 1), mock.patch.object(core_network, "OUTBOUND_POLICIES", 1):
        (problem,) = problems_of(JOINED)
        planned(MANY)
    with mock.patch.object(core_network, "RULES", 1), mock.patch.object(core_network, "OUTBOUND_POLICIES", 2):
        planned(JOINED)
    assert problem.startswith("links: aws: 2 aggregates leave AWS; a core network sums up 1; use larger or fewer")


def test_more_routes_or_networks_than_a_core_network_holds_are_refused() -> None:
    """Three drops, one network in one region and another in another: known to their segment, and to no link."""
    apart = {"main": {}}
    two = {
        name: {"cloud": "aws", "region": region, "size": 20}
        for name, region in (("a", "us-east-1"), ("b", "us-west-2"))
    }
    config = changed({**CLOUD_WAN, "segments": apart, "networks": two, "sites": {}})
    with mock.patch.object(limits, "HUB_ROUTES", 5):
        planned(config)
    with mock.patch.object(limits, "HUB_ROUTES", 4):
        assert problems_of(config)[0].startswith("networks: needs 5 routes in the core network of aws, which holds 4;")
    with mock.patch.dict(limits.HUB_ATTACHMENTS, {"aws": 2}):
        planned(config)
    with mock.patch.dict(limits.HUB_ATTACHMENTS, {"aws": 1}):
        assert problems_of(config) == [
            "networks: 2: are in aws, whose core network takes 1; move some to another environment"
        ]


@pytest.mark.parametrize("config", [JOINED, NAMED], ids=["without names", "with names"])
def test_what_links_bring_and_are_told_counts_among_the_routes(config: Config) -> None:
    """Each party's aggregates in every segment that they are shared with, and once in that of links."""
    plan, core = built(config)
    assert plan.aws
    assert plan.aws.core_network
    (*segments, _) = plan.aws.core_network.segments
    known = sum(len(set(core.table(segment))) for segment in segments)
    twice = sum(len(circuit.prefixes) for circuit in circuits(plan)) * len(segments)
    far = sum(len(aggregates(plan, party)) for party in ("azure", "gcp", "hq", "plant"))
    routes = known - twice + len(core.table("links")) + far
    with mock.patch.object(limits, "HUB_ROUTES", routes):
        planned(config)
    with mock.patch.object(limits, "HUB_ROUTES", routes - 1):
        assert f"needs {routes} routes" in problems_of(config)[0]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"segments.shared-tools": {}},
            "segments.shared-tools: has a hyphen, and hubs.aws is cloud-wan, whose segments...; call it sharedtools",
        ),
        (
            {"networks.shop.nat": "central"},
            "networks.shop.nat: central: needs a default route to an attachment, which the policy...; use one or...",
        ),
        (
            {f"segments.s{number}": {} for number in range(38)},
            "segments: 40: needs 41 segments with links; a core network has 40; join segments that reach the same",
        ),
        (
            {"dns.private": "acme.internal", **{f"segments.s{number}": {} for number in range(37)}},
            "segments: 39: needs 41 segments with transit and links; a core network has 40; join segments that...",
        ),
        ({"segments.links": {}}, "segments.links: is a word with a meaning of its own; call the segment otherwise"),
        ({"hubs.aws": "cloudwan"}, "hubs.aws: cloudwan: is not one of the choices; did you mean cloud-wan?"),
    ],
    ids=["hyphen", "central NAT", "too many segments", "too many with names", "segment called links", "unknown hub"],
)
def test_what_a_core_network_cannot_do_is_refused_with_the_reason(change: Config, problem: str) -> None:
    (found,) = problems_of(changed({**CLOUD_WAN, **change}))
    assert fnmatchcase(found, problem.replace("...", "*"))


def test_as_many_segments_as_a_core_network_has_are_more_than_a_transit_gateway_has() -> None:
    many = {f"segments.s{number}": {} for number in range(37)}
    planned(changed({**CLOUD_WAN, **many}))
    assert "a Transit Gateway has 20" in problems_of(changed(many))[0]


def test_a_transit_gateway_has_a_table_for_links_only_where_there_are_any() -> None:
    many = {f"segments.s{number}": {} for number in range(15)}
    planned(changed(many, changed({"links": LEFT_OUT}, TUNNELS)))
    assert "needs 21 route tables with peering, transit and links;" in problems_of(changed(many, TUNNELS))[0]


def test_central_nat_in_another_cloud_is_refused_for_that_clouds_reason_alone() -> None:
    (problem,) = problems_of(changed({**CLOUD_WAN, "networks.analytics.nat": "central"}))
    assert "cannot be done: a connectivity hub" in problem


def test_a_hub_that_nobody_can_have_chosen_is_found_in_the_ledger() -> None:
    ledger = Ledger({"dev": Environment(STACK, fixed={"aws/hub": "cloud-van"})})
    (problem,) = ledger_problems(ledger, "/".join)
    assert "aws/hub cloud-van" in str(problem)


def test_without_networks_in_aws_nothing_is_asked_of_a_core_network() -> None:
    networks = {name: network for name, network in SMALL["networks"].items() if network["cloud"] != "aws"}
    plan, ledger = planned(changed({**CLOUD_WAN, "segments.shared-tools": {}, "networks": networks}))
    assert plan.aws is None
    assert "aws/hub" not in ledger.environments["dev"].fixed


def test_the_hub_of_a_deployed_environment_stays_what_it_is() -> None:
    _, on_core = planned(changed(CLOUD_WAN))
    _, on_gateways = planned(SMALL)
    assert on_core.environments["dev"].fixed["aws/hub"] == "cloud-wan"
    assert "aws/hub" not in on_gateways.environments["dev"].fixed, "older ledgers have no word of it"
    for config, ledger, wanted, recorded in (
        (SMALL, on_core, "transit-gateway", "cloud-wan"),
        (changed(CLOUD_WAN), on_gateways, "cloud-wan", "transit-gateway"),
    ):
        (problem,) = problems_of(config, ledger)
        assert problem.startswith(f"hubs.aws: {wanted}: contradicts the ledger, where AWS's hub is {recorded};")
        assert problem.endswith(f"; keep {recorded}, or build anew in another environment")
    assert planned(changed(CLOUD_WAN), on_core)[1] == on_core
