"""Imports point one way: the planner knows no cloud library, and the judge trusts neither planner nor builder."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "project": {"planning", "components", "inspection", "pulumi"},
    "planning": {
        "components",
        "inspection",
        "pulumi",
        "pulumi_aws",
        "pulumi_azure_native",
        "pulumi_gcp",
        "pulumi_equinix",
    },
    "components": {"inspection", "project"},
    "inspection": {"planning", "components", "pulumi_aws", "pulumi_azure_native", "pulumi_gcp", "pulumi_equinix"},
}


def imported(file: Path) -> Iterator[str]:
    """Yield the top-level package of everything that a file imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("package", FORBIDDEN)
def test_a_package_imports_nothing_that_it_must_not_know(package: str) -> None:
    files = list((ROOT / package).rglob("*.py"))
    assert files
    assert {(file.name, name) for file in files for name in imported(file) if name in FORBIDDEN[package]} == set()


def test_only_what_settings_say_and_plans_hold_reaches_a_component() -> None:
    """Components take plans; they never read the configuration or the environment, and decide no address."""
    names = {name for file in (ROOT / "components").rglob("*.py") for name in imported(file)}
    assert not names & {"os", "pydantic", "yaml"}
