"""Claims about the command line, on a small project of its own."""

import json
import os
import sys
from pathlib import Path

import pytest

from inspection.__main__ import main

PROGRAM = """
import pulumi
from helper import cidr

class Network(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("multicloud-network:index:Network", name)
        for zone in ("a", "b"):
            pulumi.CustomResource("aws:ec2/subnet:Subnet", f"{name}-{zone}", {}, pulumi.ResourceOptions(parent=self))
        pulumi.CustomResource("aws:ec2/vpc:Vpc", name, {"cidrBlock": cidr()}, pulumi.ResourceOptions(parent=self))

if __name__ == "__main__":
    if pulumi.Config().require("size") == "0":
        raise pulumi.RunError("1 problem in the configuration:\\n  - size: 0: is nothing; give 20")
    Network("shop")
    pulumi.info("New in the ledger:\\n  shop")
    pulumi.warn("mind the gap")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: net\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {net:size: 20}\n")
    (tmp_path / "Pulumi.bad.yaml").write_text("config: {net:size: 0}\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    helper = "from pathlib import Path\n\ndef cidr():\n    return Path('cidr').read_text()\n"
    (tmp_path / "helper.py").write_text(helper)
    (tmp_path / "cidr").write_text("10.0.0.0/16")
    return tmp_path


@pytest.fixture(autouse=True)
def forget_helper() -> None:
    sys.modules.pop("helper", None)


def test_a_preview_prints_the_tree_the_messages_and_the_totals(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["preview", "--project-dir", str(project)])

    out = capsys.readouterr().out
    assert status == 0
    assert "2\N{MULTIPLICATION SIGN}Subnet, Vpc" in out
    assert "Notes\n- New in the ledger:\n    shop\n" in out
    assert "Warnings\n- mind the gap\n" in out
    assert "Resources: 3, components: 1." in out


def test_a_wrong_configuration_is_told_whole_and_without_a_traceback(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["preview", "--project-dir", str(project), "--stack", "bad"])

    captured = capsys.readouterr()
    assert status == 1
    assert "1 problem in the configuration:\n  - size: 0: is nothing; give 20\n" in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_an_unknown_stack_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "--project-dir", str(project), "--stack", "qa"]) == 1
    assert "the stacks configured there are: bad, dev" in capsys.readouterr().err


def test_a_wrong_option_is_a_usage_error() -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["preview", "--stak", "dev"])

    assert exit_.value.code == 2


def test_json_goes_alone_to_standard_output(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["preview", "--project-dir", str(project), "--json", "-"])

    document = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in document["graph"]["resources"]][:2] == ["net-dev", "shop"]


def test_json_goes_to_a_file_beside_the_report(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = project / "graph.json"

    main(["preview", "--project-dir", str(project), "--json", str(file)])

    assert json.loads(file.read_text())["version"] == 1
    assert "Component" in capsys.readouterr().out


def test_a_preview_leaves_the_working_folder_and_the_import_path_as_they_were(project: Path) -> None:
    before = (Path.cwd(), list(sys.path), dict(os.environ))

    main(["preview", "--project-dir", str(project)])

    assert (Path.cwd(), list(sys.path), dict(os.environ)) == before
