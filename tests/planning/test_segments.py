from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning import segments
from planning.problems import ConfigurationError
from tests.planning.configurations import LEFT_OUT, SMALL, changed, held, planned, settings_of

NAMES = ["a", "b", "c", "d"]
TABLES = st.dictionaries(
    st.sampled_from(NAMES), st.lists(st.sampled_from([*NAMES, "sites"]), max_size=3, unique=True), min_size=1
).map(
    lambda table: {name: [other for other in reaches if other in (*table, "sites")] for name, reaches in table.items()}
)


def google(table: dict[str, list[str]], *networks: str, topology: str = "star") -> dict[str, Any]:
    """Put networks, each named for its segment and a number, into Google Cloud."""
    return changed(
        {
            "segments": {name: {"reaches": reaches} for name, reaches in table.items()},
            "networks": {
                name: {"cloud": "gcp", "region": "us-east4", "size": 20, "segment": name[0]} for name in networks
            },
            "hubs": {"gcp": {"topology": topology}},
        }
    )


def refused(config: dict[str, Any]) -> list[str]:
    return [problem.rule for problem in segments.problems(settings_of(config), {})]


def test_written_on_one_side_it_holds_for_both() -> None:
    joined = segments.connected(settings_of(SMALL))
    assert joined == {"apps": {"apps", "shared"}, "shared": {"apps", "shared"}}


def test_a_segment_reaches_no_further_than_what_it_names() -> None:
    joined = segments.connected(settings_of(google({"a": ["b"], "b": ["c"], "c": []}, "a1")))
    assert joined["a"] == {"a", "b"}
    assert joined["c"] == {"b", "c"}


def test_sites_are_reached_by_those_that_say_so_and_not_through_others() -> None:
    assert segments.reaches_sites(settings_of(SMALL)) == {"shared"}


def test_without_segments_there_is_one_that_reaches_the_sites() -> None:
    networks = {
        name: {key: network[key] for key in network if key != "segment"} for name, network in SMALL["networks"].items()
    }
    found = settings_of(changed({"segments": LEFT_OUT, "networks": networks}))
    assert segments.segment_of(found, "shop") == "main"
    assert segments.reaches_sites(found) == {"main"}


@settings(deadline=None, max_examples=100)
@given(TABLES, st.data())
def test_a_star_is_accepted_exactly_when_its_hub_joins_what_the_segments_join(
    table: dict[str, list[str]], data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(st.sampled_from(sorted(table)), min_size=1, max_size=4))
    networks = [f"{segment}{number}" for number, segment in enumerate(drawn)]
    config = google(table, *networks)
    found = settings_of(config)
    groups, joined = segments.star_groups(found, {}), segments.connected(found)
    centers = {segment for segment, group in groups.items() if group == "center"}
    pairs = [(one[0], other[0]) for one in networks for other in networks if one != other]
    as_wanted = all((one in centers or other in centers) == (other in joined[one]) for one, other in pairs)
    assert (not refused(config)) == as_wanted


@pytest.mark.parametrize(
    ("table", "networks"),
    [
        ({"a": ["c"], "b": ["c"], "c": []}, ["a1", "b1", "c1", "c2"]),
        ({"a": [], "b": []}, ["a1", "b1"]),
        ({"a": []}, ["a1", "a2", "a3"]),
    ],
    ids=["spokes round a shared segment", "strangers", "one segment"],
)
def test_stars_that_hold_their_segments(table: dict[str, list[str]], networks: list[str]) -> None:
    assert refused(google(table, *networks)) == []


def test_a_star_names_everything_that_it_would_keep_apart_in_one_message() -> None:
    (rule,) = refused(google({"a": ["b"], "b": [], "c": ["d"], "d": []}, "a1", "a2", "b1", "c1", "d1"))
    assert "a1 and a2 of segment a" in rule
    assert "the segments a and b" in rule
    assert "the segments c and d" in rule


def test_a_mesh_holds_any_table() -> None:
    assert refused(google({"a": ["b"], "b": [], "c": []}, "a1", "a2", "b1", "c1", "c2", topology="mesh")) == []


def test_a_network_of_another_segment_moves_no_spoke_to_another_group() -> None:
    table: dict[str, list[str]] = {"p": ["s"], "t": ["s"], "s": []}
    _, ledger = planned(google(table, "p1", "s1"))

    plan, after = planned(google(table, "p1", "s1", "t1"), ledger)

    assert plan.gcp is not None
    assert {network.name: network.group for network in plan.gcp.networks if network.segment} == {
        "p1": "edge",
        "s1": "center",
        "t1": "edge",
    }
    assert held(ledger).recorded_groups().items() <= held(after).recorded_groups().items()


def test_a_segment_that_left_the_center_of_the_table_is_refused_and_not_moved() -> None:
    table: dict[str, list[str]] = {"p": ["s"], "s": []}
    _, ledger = planned(google(table, "p1", "s1"))

    with pytest.raises(ConfigurationError, match="who is in it never changes"):
        planned(google({**table, "t": []}, "p1", "s1", "t1"), ledger)
