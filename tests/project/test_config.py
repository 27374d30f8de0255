"""Claims about reading a project as the Pulumi CLI would."""

import json
from pathlib import Path

import pytest

from project.config import SECRET_PLACEHOLDER, ProjectError, read_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: net\nruntime: python\n")
    return tmp_path


def test_values_reach_the_program_as_text_and_objects_as_json(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text(
        "config:\n  net:region: eastus\n  net:redundant: true\n  net:size: 20\n"
        "  net:networks:\n    shop: {cloud: aws}\n  pulumi:disable-default-providers: ['*']\n"
    )

    config = read_project(project, "dev").config

    assert (config["net:region"], config["net:redundant"], config["net:size"]) == ("eastus", "true", "20")
    assert json.loads(config["net:networks"]) == {"shop": {"cloud": "aws"}}
    assert json.loads(config["pulumi:disable-default-providers"]) == ["*"]


def test_the_stack_overrides_the_projects_defaults_by_either_spelling_of_a_key(project: Path) -> None:
    (project / "Pulumi.yaml").write_text(
        "name: net\nruntime: python\nconfig:\n  links: vpn\n  metros: {type: string, default: DC}\n"
        "  aws:region: {value: us-east-1}\n  needed: {type: string}\n"
    )
    (project / "Pulumi.dev.yaml").write_text("config:\n  net:links: exchange\n")

    config = read_project(project, "dev").config

    assert config == {"net:links": "exchange", "net:metros": "DC", "aws:region": "us-east-1"}


def test_secrets_are_replaced_at_any_depth_and_their_keys_are_marked(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text(
        "config:\n  net:key: {secure: v1:abc}\n  net:sites: {hq: {keys: [{secure: v1:def}]}}\n  net:1: {2: open}\n"
    )

    read = read_project(project, "dev")

    assert read.config["net:key"] == SECRET_PLACEHOLDER
    assert json.loads(read.config["net:sites"]) == {"hq": {"keys": [SECRET_PLACEHOLDER]}}
    assert set(read.secret_keys) == {"net:key", "net:sites"}


def test_a_config_file_takes_the_place_of_the_stacks_own(project: Path, tmp_path: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("config: {net:links: vpn}\n")
    other = tmp_path / "other.yaml"
    other.write_text("config: {net:links: exchange}\n")

    assert read_project(project, "dev", other).config == {"net:links": "exchange"}
    assert read_project(project, "new", other).stack == "new"


def test_a_duplicate_key_is_named_with_its_line(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text(
        "config:\n  net:networks:\n    shop: {cloud: aws}\n    identity: {cloud: azure}\n    shop: {cloud: gcp}\n"
    )

    with pytest.raises(ProjectError, match=r'Pulumi\.dev\.yaml, line 5: found duplicate key "shop"\.'):
        read_project(project, "dev")


def test_bad_yaml_is_named_with_its_line(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("config:\n  a: [1\n  b: 2\n")

    with pytest.raises(ProjectError, match=r"Pulumi\.dev\.yaml, line 3: "):
        read_project(project, "dev")


def test_an_unknown_stack_lists_the_known_ones(project: Path) -> None:
    for stack in ("prod", "dev"):
        (project / f"Pulumi.{stack}.yaml").write_text("config: {}\n")

    with pytest.raises(ProjectError, match=r"There is no stack qa, .*: dev, prod"):
        read_project(project, "qa")


def test_a_missing_project_or_config_file_is_named(project: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    with pytest.raises(ProjectError, match=r"no Pulumi\.yaml in .*empty"):
        read_project(empty, "dev")
    with pytest.raises(ProjectError, match=r"gone\.yaml cannot be read: No such file"):
        read_project(project, "dev", tmp_path / "gone.yaml")


@pytest.mark.parametrize("text", ["- a\n", "config: [a]\n", "config: words\n"])
def test_a_file_of_another_shape_is_refused(project: Path, text: str) -> None:
    (project / "Pulumi.dev.yaml").write_text(text)

    with pytest.raises(ProjectError, match="must be a mapping of names to values"):
        read_project(project, "dev")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("config:\n  net:networks: &all\n    shop: *all\n", "alias"),
        ("config:\n  net:flows: &all [{from: shop}, *all]\n", "alias"),
        (f"config:\n  net:flows: {'[' * 5000}{']' * 5000}\n", "nested too deep"),
    ],
)
def test_what_has_no_end_is_refused(project: Path, text: str, problem: str) -> None:
    (project / "Pulumi.dev.yaml").write_text(text)

    with pytest.raises(ProjectError, match=rf"Pulumi\.dev\.yaml.*{problem}"):
        read_project(project, "dev")


def test_the_same_content_may_be_used_twice(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("config:\n  net:networks: {shop: &one {cloud: aws}, lab: *one}\n")

    read = read_project(project, "dev")

    assert json.loads(read.config["net:networks"]) == {"shop": {"cloud": "aws"}, "lab": {"cloud": "aws"}}
