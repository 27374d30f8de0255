import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from planning.schema import FILE, stack_file_schema
from planning.settings import Settings
from tests.program.stacks import CONFIG_FILES, ROOT


def test_the_committed_schema_is_the_one_that_the_settings_make() -> None:
    committed = json.loads((ROOT / FILE).read_text(encoding="utf-8"))

    assert committed == stack_file_schema(), "run make schema"


@pytest.mark.parametrize("stack", CONFIG_FILES)
def test_every_stack_file_names_the_schema_and_keeps_it(stack: str) -> None:
    text = CONFIG_FILES[stack].read_text(encoding="utf-8")
    named = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")

    assert (CONFIG_FILES[stack].parent / named).resolve() == ROOT / FILE
    jsonschema.validate(yaml.safe_load(text), stack_file_schema())


@pytest.mark.parametrize(
    "change",
    [
        {"multicloud-network:netwoks": {}},
        {"multicloud-network:networks": {"web": {"cloud": "aws", "region": "us-east-1", "sise": 20}}},
        {"multicloud-network:networks": {"web": {"cloud": "oracle", "region": "us-east-1", "size": 20}}},
        {"multicloud-network:addressing": {"clusterServices": "not a prefix"}},
    ],
)
def test_the_schema_shows_an_editor_what_the_program_would_refuse(change: dict[str, object]) -> None:
    file = yaml.safe_load(Path(CONFIG_FILES["dev"]).read_text(encoding="utf-8"))
    file["config"] |= change

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(file, stack_file_schema())


def test_pulumi_yaml_declares_every_setting_with_the_type_that_the_settings_have() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    settings = Settings.model_json_schema()

    def kind(key: str) -> str:
        schema = settings["properties"][key]
        schema = next((option for option in schema.get("anyOf", []) if option != {"type": "null"}), schema)
        encrypted = list(schema.get("properties", {})) == ["secure"]
        return "string" if encrypted else schema.get("type", "object")

    assert {key: entry["type"] for key, entry in declared.items()} == {key: kind(key) for key in settings["properties"]}
    optional = {key for key in settings["properties"] if key not in settings["required"]}
    assert {key for key, entry in declared.items() if "default" in entry} == optional
