import json
import os
from pathlib import Path
from threading import Thread

import pytest

from planning import ledger_file
from planning.problems import ConfigurationError
from planning.workspace import load_plan
from tests.planning.configurations import SMALL, STACK, as_text, changed, conflicts, entries

SHOP = SMALL["networks"]["shop"]
PROD = "acme/prod"


def ledger_of(folder: Path) -> Path:
    return folder / "ledger.yaml"


def test_a_first_plan_records_everything_and_a_second_nothing(tmp_path: Path) -> None:
    first = load_plan(as_text(SMALL), tmp_path, STACK, record=True)
    assert first.new
    before = ledger_of(tmp_path).stat()
    second = load_plan(as_text(SMALL), tmp_path, STACK, record=True)
    assert not second.new
    assert ledger_of(tmp_path).stat().st_mtime_ns == before.st_mtime_ns
    assert second.addressing == first.addressing
    assert (second.aws, second.azure, second.gcp) == (first.aws, first.azure, first.gcp)


def test_in_ci_what_is_recorded_plans_and_nothing_is_written(tmp_path: Path) -> None:
    load_plan(as_text(SMALL), tmp_path, STACK, record=True)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    plan = load_plan(as_text(SMALL), tmp_path, STACK, record=False)
    assert plan.aws is not None
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_in_ci_an_empty_folder_stays_empty(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="allocate --stack dev and commit ledger"):
        load_plan(as_text(SMALL), tmp_path, STACK, record=False)
    assert not list(tmp_path.iterdir())


def test_two_stacks_share_the_ledger(tmp_path: Path) -> None:
    load_plan(as_text(SMALL), tmp_path, STACK, record=True)
    load_plan(as_text(changed({"environment": "prod"})), tmp_path, PROD, record=True)
    ledger = ledger_file.read(ledger_of(tmp_path))
    assert [content.stack for content in ledger.environments.values()] == [STACK, PROD]
    assert conflicts(ledger) == []


def test_stacks_that_allocate_at_once_do_not_overwrite_each_other(tmp_path: Path) -> None:
    stacks = [f"s{number}" for number in range(6)]
    threads = [
        Thread(
            target=load_plan,
            args=(as_text(changed({"environment": stack})), tmp_path, f"acme/{stack}"),
            kwargs={"record": True},
        )
        for stack in stacks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger = ledger_file.read(ledger_of(tmp_path))
    assert set(ledger.environments) == set(stacks)
    assert conflicts(ledger) == []


def test_the_ledger_is_where_the_settings_say(tmp_path: Path) -> None:
    load_plan(as_text(changed({"ledger": "addresses.yaml"})), tmp_path, STACK, record=True)
    assert (tmp_path / "addresses.yaml").exists()
    assert not ledger_of(tmp_path).exists()


@pytest.mark.parametrize(
    "written", ["lab: 10.1.0.0/16\nold: 10.17.0.0/16\n", '{"lab": "10.1.0.0/16", "old": "10.17.0.0/16"}']
)
def test_ranges_of_other_teams_are_kept_out_of_in_yaml_and_json(tmp_path: Path, written: str) -> None:
    (tmp_path / "other.yaml").write_text(written)
    plan = load_plan(as_text(changed({"addressing.reservedFiles": ["other.yaml"]})), tmp_path, STACK, record=True)
    assert plan.addressing["regions"]["aws/us-east-1"]["aggregates"] == ["10.2.0.0/16"]


def test_ranges_of_other_teams_are_told_apart_by_their_whole_names(tmp_path: Path) -> None:
    ranges = {"build farm": "10.1.0.0/16", "test farm": "10.2.0.0/16"}
    (tmp_path / "other teams.json").write_text(json.dumps(ranges))
    config = changed({"addressing.reservedFiles": ["other teams.json"], "addressing.reserved.farm": "10.3.0.0/16"})
    plan = load_plan(as_text(config), tmp_path, STACK, record=True)
    reserved = ledger_file.read(ledger_of(tmp_path)).environments["dev"].reserved
    assert {"other teams/build farm", "other teams/test farm", "farm"} < set(reserved)
    assert plan.addressing["regions"]["aws/us-east-1"]["aggregates"] == ["10.4.0.0/16"]


def test_what_one_stack_reserves_no_other_gives_out(tmp_path: Path) -> None:
    load_plan(as_text(changed({"addressing.reserved.lab": "10.2.0.0/15"})), tmp_path, STACK, record=True)
    plan = load_plan(as_text(changed({"environment": "prod"})), tmp_path, PROD, record=True)
    assert plan.addressing["regions"]["aws/us-east-1"]["aggregates"] == ["10.4.0.0/16"], "10.2.0.0/16 is free"
    adopting = changed({"environment": "prod", "networks.old": {**SHOP, "size": None, "cidr": "10.2.0.0/20"}})
    with pytest.raises(ConfigurationError, match=r"networks\.old: 10\.2\.0\.0/20: overlaps ledger\.yaml dev/lab"):
        load_plan(as_text(adopting), tmp_path, PROD, record=True)


def test_a_merge_of_two_branches_is_mended_as_the_message_says(tmp_path: Path) -> None:
    load_plan(as_text(SMALL), tmp_path, STACK, record=True)
    common = ledger_of(tmp_path).read_text()
    branches = []
    for name in ("ours", "theirs"):
        ledger_of(tmp_path).write_text(common)
        load_plan(as_text(changed({f"networks.{name}": SHOP})), tmp_path, STACK, record=True)
        branches.append(ledger_of(tmp_path).read_text())
    ours, theirs = (text.splitlines(keepends=True) for text in branches)
    added = next(line for line in theirs if "/theirs: " in line)
    ours.insert(next(number for number, line in enumerate(ours) if "/ours: " in line), added)
    ledger_of(tmp_path).write_text("".join(ours))
    both = as_text(changed({"networks.ours": SHOP, "networks.theirs": SHOP}))
    with pytest.raises(ConfigurationError, match=r"us-east-1/ours.*overlaps.*us-east-1/theirs") as caught:
        load_plan(both, tmp_path, STACK, record=True)
    assert "keep the whole file of the branch that is deployed" in str(caught.value)

    ledger_of(tmp_path).write_text(branches[0])
    deployed = entries(ledger_file.read(ledger_of(tmp_path)))
    load_plan(both, tmp_path, STACK, record=True)
    ledger = ledger_file.read(ledger_of(tmp_path))
    assert deployed.items() <= entries(ledger).items()
    assert conflicts(ledger) == []


def test_a_disk_that_is_full_is_told_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigurationError, match=r"ledger: ledger\.yaml: cannot be used as a file \(No space left"):
        load_plan(as_text(SMALL), tmp_path, STACK, record=True)
    assert not ledger_of(tmp_path).exists()
