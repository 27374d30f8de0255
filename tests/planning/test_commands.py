"""The ledger's commands, on a copy of the smallest example."""

import shutil
from pathlib import Path

import pytest

from planning import ledger_file
from planning.__main__ import main
from tests.program.stacks import CONFIG_FILES, ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a project of one stack whose ledger is empty."""
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    text = CONFIG_FILES["two-clouds"].read_text(encoding="utf-8").replace("examples/two-clouds/", "")
    (tmp_path / "Pulumi.demo.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path, *words: str) -> int:
    return main([words[0], "--project-dir", str(folder), *words[1:]])


def test_check_fails_until_allocate_has_recorded_what_the_stack_needs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "check") == 1
    assert "run python -m planning allocate --stack demo" in capsys.readouterr().err
    assert run(folder, "allocate", "--stack", "demo") == 0
    assert "recorded networks aws/eu-central-1/web" in capsys.readouterr().out
    assert run(folder, "check") == 0


def test_allocating_twice_records_nothing_more(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "allocate", "--stack", "demo")
    before = (folder / "ledger.yaml").read_bytes()
    capsys.readouterr()

    assert run(folder, "allocate", "--stack", "demo") == 0
    assert capsys.readouterr().out == "nothing to record\n"
    assert (folder / "ledger.yaml").read_bytes() == before


def test_show_prints_every_entry_with_its_environment(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "allocate", "--stack", "demo")
    recorded = capsys.readouterr().out.count("recorded ")

    run(folder, "show")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == recorded
    assert all(line.startswith("demo ") for line in lines)
    assert any(line.split() == ["demo", "asns", "transit-gateway/eu-central-1", "64520"] for line in lines)


def test_a_released_network_gives_back_its_range_and_subnets_and_nothing_else(folder: Path) -> None:
    run(folder, "allocate", "--stack", "demo")
    before = ledger_file.read(folder / "ledger.yaml").environments["demo"]

    assert run(folder, "release", "web", "--replace", "--stack", "demo") == 0

    after = ledger_file.read(folder / "ledger.yaml").environments["demo"]
    assert set(before.networks) - set(after.networks) == {"aws/eu-central-1/web"}
    assert {key for key in before.subnets if key not in after.subnets} == {
        key for key in before.subnets if key.startswith("aws/eu-central-1/web/")
    }
    assert (after.regions, after.asns, after.fixed) == (before.regions, before.asns, before.fixed)


def test_a_released_region_gives_back_its_blocks_hub_and_asn(folder: Path) -> None:
    run(folder, "allocate", "--stack", "demo")

    assert run(folder, "release", "aws/eu-central-1", "--replace", "--stack", "demo") == 0

    after = ledger_file.read(folder / "ledger.yaml").environments["demo"]
    assert list(after.regions) == ["gcp/europe-west3"]
    assert list(after.asns) == ["cloud-router/europe-west3"]
    assert all(key.startswith("gcp/") for key in (*after.networks, *after.subnets))


def test_an_environment_leaves_with_its_last_network(folder: Path) -> None:
    run(folder, "allocate", "--stack", "demo")

    run(folder, "release", "aws/eu-central-1", "--replace", "--stack", "demo")
    run(folder, "release", "gcp/europe-west3", "--replace", "--stack", "demo")

    assert ledger_file.read(folder / "ledger.yaml").environments == {}


def test_releasing_what_the_ledger_does_not_hold_suggests_what_it_holds(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "allocate", "--stack", "demo")
    before = (folder / "ledger.yaml").read_bytes()

    assert run(folder, "release", "wep", "--stack", "demo") == 1
    assert "did you mean web?" in capsys.readouterr().err
    assert (folder / "ledger.yaml").read_bytes() == before


def test_the_hubs_own_networks_are_not_released_by_the_word_for_all_of_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "allocate", "--stack", "demo")

    assert run(folder, "release", "transit", "--stack", "demo") == 1
    assert "did you mean" not in capsys.readouterr().err


def test_an_unknown_stack_is_named_with_the_ones_there_are(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "allocate", "--stack", "staging") == 1
    assert "demo" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["web", "aws/eu-central-1/web", "aws/eu-central-1"])
def test_what_is_configured_is_not_released(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    run(folder, "allocate", "--stack", "demo")
    before = (folder / "ledger.yaml").read_bytes()

    assert run(folder, "release", name, "--stack", "demo") == 1
    assert f"{name}: is still configured (aws/eu-central-1/" in capsys.readouterr().err
    assert (folder / "ledger.yaml").read_bytes() == before


def test_a_range_of_others_is_released_once_it_is_not_configured(folder: Path) -> None:
    stack = folder / "Pulumi.demo.yaml"
    text = stack.read_text(encoding="utf-8")
    reserve = "  multicloud-network:addressing: {reserved: {lab: 10.200.0.0/16}}\n"
    stack.write_text(text + reserve, encoding="utf-8")
    run(folder, "allocate", "--stack", "demo")

    assert run(folder, "release", "lab", "--stack", "demo") == 1

    stack.write_text(text, encoding="utf-8")
    assert run(folder, "release", "lab", "--stack", "demo") == 0


NAMES = """\
  multicloud-network:dns:
    private: demo.internal
    public: demo.example
    records:
      www: {policy: weighted, places: {web: {address: 198.51.100.1}, reports: {address: 198.51.100.2}}}
"""


@pytest.mark.parametrize("key", ["dns/private", "dns/public", "dns/name/www.demo.example"])
def test_roots_and_names_are_released_once_they_are_not_configured(
    folder: Path, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    stack = folder / "Pulumi.demo.yaml"
    text = stack.read_text(encoding="utf-8")
    stack.write_text(text + NAMES, encoding="utf-8")
    assert run(folder, "allocate", "--stack", "demo") == 0, capsys.readouterr().err
    before = (folder / "ledger.yaml").read_bytes()

    assert run(folder, "release", key, "--stack", "demo") == 1
    assert f"{key}: is still configured ({key}); take it out" in capsys.readouterr().err
    assert (folder / "ledger.yaml").read_bytes() == before

    stack.write_text(text, encoding="utf-8")
    assert run(folder, "release", key, "--stack", "demo") == 0
    assert capsys.readouterr().out.startswith(f"released fixed {key}: ")


def test_a_root_that_contradicts_the_ledger_is_released_as_the_refusal_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = folder / "Pulumi.demo.yaml"
    text = stack.read_text(encoding="utf-8")
    stack.write_text(text + NAMES, encoding="utf-8")
    run(folder, "allocate", "--stack", "demo")
    stack.write_text(text + NAMES.replace("demo.internal", "other.internal"), encoding="utf-8")

    assert run(folder, "allocate", "--stack", "demo") == 1
    assert "python -m planning release dns/private --replace" in capsys.readouterr().err
    assert run(folder, "release", "dns/private", "--replace", "--stack", "demo") == 0
    assert run(folder, "allocate", "--stack", "demo") == 0
