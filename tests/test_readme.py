"""The README's commands are run as they stand there, in a copy of the checkout.

Not shown here: the set-up of `.venv` (the stamps are declared up to date, since installing takes minutes), and what the
real Pulumi CLI answers.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what git knows, with this interpreter as the copy's `.venv`."""
    copy = tmp_path_factory.mktemp("checkout")
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git by name
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(sys.prefix)
    return copy


def run(command: str, checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    words = command.split()
    if words[0] == "make":
        words[1:1] = ["-o", ".venv/runs", "-o", ".venv/develops"]
    return execute(words, checkout, os.environ | {"CI": "true"} | environment)


def execute(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the README's own commands
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_readme_opens_with_the_two_commands() -> None:
    assert COMMANDS[:2] == ["make preview", "make test"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_works_as_it_stands(command: str, checkout: Path) -> None:
    # Within `make test` the tests are only collected: they are running already.
    done = run(command, checkout, PYTEST_ADDOPTS="--collect-only")

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_other_stack_is_previewed_as_the_readme_says(checkout: Path) -> None:
    done = run("make preview STACK=prod", checkout)

    assert "multicloud-network, stack prod" in done.stdout


def test_what_the_readme_shows_of_the_preview_is_what_is_printed(checkout: Path) -> None:
    (shown,) = re.findall(r"^```text\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    printed = {" ".join(line.split()) for line in run("make preview", checkout).stdout.splitlines()}

    assert [line for line in shown.splitlines() if line != "..." and " ".join(line.split()) not in printed] == []


def test_the_readmes_smallest_configuration_is_the_example_of_two_clouds() -> None:
    (shown,) = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    example = yaml.safe_load((ROOT / "examples/two-clouds/Pulumi.two-clouds.yaml").read_text(encoding="utf-8"))
    del example["config"]["multicloud-network:ledger"]

    assert yaml.safe_load(shown) == example


@pytest.mark.parametrize("command", ["make diff", "make up"])
def test_without_the_pulumi_cli_a_deployment_says_how_to_install_it(command: str, checkout: Path) -> None:
    done = run(command, checkout, PATH="/usr/bin:/bin")

    assert done.returncode != 0
    assert "https://www.pulumi.com/docs/install/" in done.stderr


@pytest.mark.parametrize(
    ("command", "expected"),
    [("make diff STACK=prod", "preview --diff --stack prod"), ("make up STACK=prod", "up --stack prod")],
)
def test_a_deployment_hands_over_to_the_pulumi_cli(command: str, expected: str, checkout: Path, tmp_path: Path) -> None:
    """A stand-in on the path tells how it was called; that the real CLI takes these words is its documentation's."""
    stand_in = tmp_path / "pulumi"
    stand_in.write_text('#!/bin/sh\necho "called: $*"\n', encoding="utf-8")
    stand_in.chmod(0o755)

    assert f"called: {expected}" in run(command, checkout, PATH=f"{tmp_path}:/usr/bin:/bin").stdout


@pytest.mark.parametrize("document", ["README.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))])
def test_every_link_inside_the_repository_leads_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]

    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []
