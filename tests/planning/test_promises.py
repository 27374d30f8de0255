"""What planning promises whatever people do."""

from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from planning import ledger_file
from planning.ledger import Ledger
from planning.problems import ConfigurationError
from tests.planning.configurations import SMALL, STACK, Config, conflicts, entries, held, planned, with_networks
from tests.planning.strategies import NETWORKS, PLACED, RESERVED, STEPS, after


@settings(deadline=None, max_examples=60)
@given(st.lists(STEPS, min_size=3, max_size=14))
def test_whatever_is_done_moves_nothing_that_was_given_out_and_nothing_overlaps(
    steps: list[tuple[str, str, Any]],
) -> None:
    config, ledger = SMALL, planned(SMALL)[1]
    for step in steps:
        wanted = after(step, config, ledger)
        before = entries(ledger)
        try:
            plan, grown = planned(wanted, ledger)
        except ConfigurationError as error:
            event(f"{step[0]} refused: {error.problems[0].rule[:25]}")
            assert entries(ledger) == before, "a refused change has changed the ledger"
            continue
        event(f"{step[0]} accepted")
        config, ledger = wanted, grown
        reserved = [IPv4Network(prefix) for prefix in config.get("addressing", {}).get("reserved", {}).values()]
        assert before.items() <= entries(ledger).items(), "something moved"
        assert conflicts(ledger, reserved) == []
        again, unchanged = planned(config, ledger)
        assert not again.new
        assert unchanged == ledger
        assert again == replace(plan, new=again.new)


@settings(deadline=None, max_examples=60)
@given(NETWORKS, NETWORKS, NETWORKS)
def test_two_environments_in_one_ledger_never_overlap(
    first: dict[str, Any], second: dict[str, Any], third: dict[str, Any]
) -> None:
    """The production stack's supernets are the development stack's pod supernets, and the other way round."""
    swapped = {
        "supernets": {"aws": "10.64.0.0/12", "azure": "10.80.0.0/12", "gcp": "10.112.0.0/12"},
        "pods": {"aws": "10.0.0.0/12", "azure": "10.16.0.0/12", "gcp": "10.32.0.0/12"},
    }
    placed = {
        name: {key: value for key, value in {**network, "size": 20}.items() if key != "cidr"}
        for name, network in second.items()
    }
    ledger = Ledger()
    for config, stack in (
        (with_networks(first), STACK),
        (with_networks(placed, environment="prod", addressing=swapped), "acme/prod"),
        (with_networks({**third, **first}), STACK),
        (with_networks(second, environment="test"), "acme/test"),
    ):
        before = entries(ledger)
        try:
            ledger = planned(config, ledger, stack)[1]
        except ConfigurationError as error:
            event(f"{config['environment']} refused: {error.problems[0].rule[:25]}")
            continue
        event(f"{config['environment']} accepted")
        assert before.items() <= entries(ledger).items()
        assert conflicts(ledger) == []


def outcome(config: Config) -> object:
    """Plan, or tell why not."""
    try:
        plan, ledger = planned(config)
    except ConfigurationError as error:
        return error.problems
    return plan, held(ledger)


@settings(deadline=None, max_examples=50)
@given(NETWORKS, st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing(networks: dict[str, Any], shuffle: Random) -> None:
    def shuffled(value: Any) -> Any:  # noqa: ANN401 - any JSON
        if not isinstance(value, dict):
            return value
        keys = list(value)
        shuffle.shuffle(keys)
        return {key: shuffled(value[key]) for key in keys}

    config = with_networks(networks)
    assert outcome(shuffled(config)) == outcome(config)


def sections(text: str) -> dict[tuple[str, str], list[str]]:
    """Split a ledger's text: the lines of environment and section -> those below them."""
    found: dict[tuple[str, str], list[str]] = {}
    environment = section = ""
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip(" "))
        if depth == 2:
            environment, section = line, ""
        elif depth == 4:
            section = line
        if depth >= 2:
            found.setdefault((environment, section), []).append(line)
    return found


def merged(one: str, other: str) -> str:
    """Merge two ledgers as git's union driver does: every line of either, under its headings."""
    union: dict[str, dict[str, list[str]]] = {}
    for text in (one, other):
        for (environment, section), lines in sections(text).items():
            kept = union.setdefault(environment, {}).setdefault(section, [])
            kept += [line for line in lines if line not in kept]
    body = [line for parts in union.values() for lines in parts.values() for line in lines]
    return "\n".join(["version: 1", "environments:", *body, "complete: true", ""])


@settings(deadline=None, max_examples=80)
@given(NETWORKS, PLACED, PLACED, st.sampled_from(["dev", "prod"]), st.none() | RESERVED)
def test_branches_that_both_allocate_do_not_overlap_silently(
    common: dict[str, Any], one: dict[str, Any], other: dict[str, Any], environment: str, reserved: str | None
) -> None:
    addressing = {"reserved": {"lab": reserved}} if reserved else {}
    ours_only = {f"ours-{name}": network for name, network in one.items()}
    theirs_only = {f"theirs-{name}": network for name, network in other.items()}
    try:
        start = planned(with_networks(common))[1]
        ours = planned(with_networks({**one, **common, **ours_only}, addressing=addressing), start)[1]
        if environment == "dev":
            theirs = planned(with_networks({**other, **common, **theirs_only}), start)[1]
        else:
            theirs = planned(with_networks(other, environment="prod"), start, "acme/prod")[1]
    except ConfigurationError as error:
        event(f"a branch refused: {error.problems[0].rule[:25]}")
        return
    with TemporaryDirectory() as folder:
        for name, ledger in (("ours", ours), ("theirs", theirs)):
            ledger_file.write(Path(folder, name), ledger)
        both = Path(folder, "ledger.yaml")
        both.write_text(merged(Path(folder, "ours").read_text(), Path(folder, "theirs").read_text()))
        try:
            ledger = ledger_file.read(both)
        except ConfigurationError as error:
            event("refused")
            unnamed = [
                problem
                for problem in error.problems
                for branch in (ours, theirs)
                if not any(name in str(problem) for name in names(branch))
            ]
            assert unnamed == [], "a message names only one of the two"
            return
    event("accepted")
    assert conflicts(ledger) == []
    assert dict(entries(ours).items() | entries(theirs).items()) == entries(ledger)


def names(ledger: Ledger) -> list[str]:
    """List what messages call the entries of a ledger."""
    return [
        name
        for environment, content in ledger.environments.items()
        for section in (
            "regions",
            "pod_regions",
            "networks",
            "hubs",
            "subnets",
            "pods",
            "cluster_services",
            "reserved",
            "asns",
            "fixed",
        )
        for key in getattr(content, section)
        for name in (f"{environment}/{section}/{key} ", f"{environment}/{key} ", f"{key}: stands in line")
    ]
