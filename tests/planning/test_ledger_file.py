import errno
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from filelock import FileLock, Timeout
from hypothesis import event, given, settings
from hypothesis import strategies as st

from planning import ledger_file
from planning.ledger import Ledger
from planning.problems import ConfigurationError, Problem
from tests.planning.configurations import SMALL, STACK, WIDE, changed, planned


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.yaml"


def grown(path: Path) -> Ledger:
    return planned(changed({"networks.web": SMALL["networks"]["shop"]}), ledger_file.read(path))[1]


def test_what_is_written_is_read_again(path: Path) -> None:
    ledger = planned({**SMALL, "environment": "prod"}, planned(WIDE)[1], "acme/prod")[1]
    ledger_file.write(path, ledger)
    assert ledger_file.read(path) == ledger


def test_a_file_that_is_not_there_is_an_empty_ledger(path: Path) -> None:
    assert ledger_file.read(path) == Ledger()
    assert not path.exists()


def test_a_new_file_says_what_it_is_and_that_it_is_whole(path: Path) -> None:
    ledger_file.write(path, planned(SMALL)[1])
    lines = path.read_text().splitlines()
    assert lines[0].startswith("# What has been given out")
    assert lines[3:6] == ["version: 1", "environments:", "  dev:"]
    assert lines[6] == f"    stack: {STACK}"
    assert lines[-1] == "complete: true"


def test_writing_the_same_again_changes_no_byte(path: Path) -> None:
    ledger_file.write(path, planned(WIDE)[1])
    before = path.read_bytes()
    ledger_file.write(path, ledger_file.read(path))
    assert path.read_bytes() == before


def test_an_added_network_adds_lines_and_changes_none(path: Path) -> None:
    ledger_file.write(path, planned(SMALL)[1])
    before = path.read_text().splitlines()
    ledger_file.write(path, grown(path))
    after = path.read_text().splitlines()
    assert [line for line in after if line in before] == before
    assert {line.split("/")[2].split(":")[0] for line in after if line not in before} == {"web"}


def test_comments_stay_where_they_are(path: Path) -> None:
    ledger_file.write(path, planned(SMALL)[1])
    text = path.read_text()
    text = text.replace(
        "      aws/us-east-1/shop: 10.1.128.0/18\n", "      aws/us-east-1/shop: 10.1.128.0/18 # the first shop\n"
    )
    text = text.replace("    networks:\n", "    # agreed with the data centre team\n    networks:\n")
    path.write_text(text.replace("  dev:\n", "  dev: # of the platform team\n"))
    ledger_file.write(path, grown(path))
    written = path.read_text()
    assert "aws/us-east-1/shop: 10.1.128.0/18 # the first shop\n" in written
    assert "    # agreed with the data centre team\n" in written
    assert "  dev: # of the platform team\n" in written
    assert "aws/us-east-1/web" in written
    assert ledger_file.read(path).environments["dev"].networks


def test_keys_are_sorted_so_that_branches_merge(path: Path) -> None:
    ledger_file.write(path, planned(WIDE)[1])
    for section in yaml.safe_load(path.read_text())["environments"]["dev"].values():
        assert list(section) == sorted(section) or section == STACK


def test_a_crash_while_writing_leaves_the_old_file_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger_file.write(path, planned(SMALL)[1])
    before = path.read_bytes()
    more = grown(path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        ledger_file.write(path, more)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["ledger.yaml"]


def test_a_ledger_that_breaks_a_rule_is_not_written(path: Path) -> None:
    ledger_file.write(path, planned(SMALL)[1])
    before = path.read_bytes()
    broken = grown(path)
    content = broken.environments["dev"]
    content.networks["aws/us-east-1/copy"] = content.networks["aws/us-east-1/shop"]
    with pytest.raises(ConfigurationError, match="overlaps dev/networks/aws/us-east-1/"):
        ledger_file.write(path, broken)
    assert path.read_bytes() == before


def test_rights_of_the_file_stay(path: Path) -> None:
    ledger_file.write(path, planned(SMALL)[1])
    path.chmod(0o640)
    ledger_file.write(path, grown(path))
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_lock_keeps_a_second_writer_out(path: Path) -> None:
    with ledger_file.lock(path), pytest.raises(Timeout), FileLock(f"{path}.lock", timeout=0):
        pass


@pytest.mark.parametrize("environment", ["no", "on", "yes", "null", "true", "e1", "y"])
def test_an_environment_may_be_named_like_a_word_of_yaml(path: Path, environment: str) -> None:
    ledger = planned({**SMALL, "environment": environment})[1]
    ledger_file.write(path, ledger)
    ledger_file.write(path, ledger_file.read(path))
    assert ledger_file.read(path) == ledger


ODD = [
    "",
    ": ",
    "\n",
    "  ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "? ",
    "&a ",
    "*a ",
    "!!int ",
    "# ",
    "null",
    "/",
    "'",
    '"',
    "\t",
    "<<: ",
    "---\n",
    "%",
]
WRITTEN = """\
version: 1
environments:
  dev:
    stack: acme/dev
    regions:
      aws/us-east-1: 10.1.0.0/16
      azure/eastus: 10.16.0.0/16
    networks:
      aws/us-east-1/shop: 10.1.128.0/18
    subnets:
      aws/us-east-1/shop/private-az1: 10.1.128.0/21
    hubs:
      azure/eastus: 10.16.254.0/23
    pods:
      aws/us-east-1/shop: 10.64.0.0/18
    asns:
      transit-gateway/us-east-1: 64520
    fixed:
      aws/home-region: us-east-1
complete: true
"""


@st.composite
def broken(draw: st.DrawFn, text: str) -> str:
    """Cut a text, or put something odd into it, a few times."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        to = draw(st.integers(at, min(len(text), at + 40)))
        text = text[:at] + draw(st.sampled_from(ODD) | st.text(st.characters(codec="utf-8"), max_size=3)) + text[to:]
    return text


@settings(deadline=None, max_examples=200)
@given(broken(WRITTEN))
def test_a_file_that_somebody_broke_is_refused_with_a_line_or_read_and_never_a_traceback(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "broken.yaml")
        path.write_text(text, encoding="utf-8")
        problems = refusal(path)
    event("refused" if problems else "read")
    assert [problem for problem in problems if not problem.where.startswith("broken.yaml")] == []
    assert [problem for problem in problems if not problem.rule or not problem.remedy] == []


def refusal(path: Path) -> Sequence[Problem]:
    """Tell why a file is refused; what is read can be written as well."""
    try:
        ledger_file.write(path, ledger_file.read(path))
    except ConfigurationError as error:
        return error.problems
    return ()
