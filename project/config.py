"""Reads a Pulumi project and one stack's configuration as the Pulumi CLI does, without the CLI."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

SECRET_PLACEHOLDER = "offline_preview_secret"  # noqa: S105 - stands for secrets that cannot be decrypted here
"""Stands for every `secure:` value. Of letters and underscores, for it must pass where a cloud limits its keys."""

Yaml = Any
"""Whatever a YAML document holds."""


class ProjectError(Exception):
    """The project or the stack's configuration cannot be read. The text is one paragraph for the user."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project with the configuration of one stack, as the engine would hand it to the program."""

    name: str
    stack: str
    program: Path
    """Folder that holds the program's `__main__.py`."""
    config: Mapping[str, str]
    """Full keys (`multicloud-network:links`); what is not text in the file is JSON text here."""
    secret_keys: Collection[str]


def read_project(directory: Path, stack: str, config_file: Path | None = None) -> Project:
    """Read `Pulumi.yaml` and the stack's file beside it, or `config_file` in its place.

    Raises:
        ProjectError: a file is missing or broken, or there is no such stack.
    """
    directory = directory.resolve()
    settings = _read_mapping(_existing(directory))
    name = settings.get("name")
    if not isinstance(name, str):
        message = f"{directory / 'Pulumi.yaml'} has no name: it must say which project this is, as in name: my-network."
        raise ProjectError(message)
    file = config_file.resolve() if config_file else _stack_file(directory, settings, stack)
    given = _defaults(_section(settings, directory / "Pulumi.yaml", name)) | _section(_read_mapping(file), file, name)
    return Project(
        name=name,
        stack=stack,
        program=directory / settings.get("main", "."),
        config={key: _as_text(_without_secrets(value)) for key, value in given.items()},
        secret_keys=frozenset(key for key, value in given.items() if _holds_secret(value)),
    )


def known_stacks(directory: Path) -> list[str]:
    """List the stacks that have a file in a project's folder, in order of their names."""
    settings = _read_mapping(_existing(directory))
    return _stacks_in(directory / settings.get("stackConfigDir", "."))


def _existing(directory: Path) -> Path:
    file = directory / "Pulumi.yaml"
    if not file.is_file():
        message = f"There is no Pulumi.yaml in {directory}: run this in the project's folder or name it: --project-dir."
        raise ProjectError(message)
    return file


def _stack_file(directory: Path, settings: Mapping[str, Yaml], stack: str) -> Path:
    folder = directory / settings.get("stackConfigDir", ".")
    file = folder / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        known = ", ".join(_stacks_in(folder))
        stacks = f"the stacks configured there are: {known}" if known else "no stack is configured there"
        message = f"There is no stack {stack}, for {folder} has no {file.name}; {stacks}."
        raise ProjectError(message)
    return file


def _stacks_in(folder: Path) -> list[str]:
    return sorted(each.name.removeprefix("Pulumi.").removesuffix(".yaml") for each in folder.glob("Pulumi.*.yaml"))


def _read_mapping(file: Path) -> dict[str, Yaml]:
    try:
        content = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}."
        raise ProjectError(message) from error
    except MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        # For a duplicate key, ruamel.yaml goes on with both values, which may be long.
        problem = str(error.problem).partition(" with value ")[0]
        message = f"{file}{line}: {problem}."
        raise ProjectError(message) from error
    except (YAMLError, UnicodeDecodeError) as error:
        message = f"{file} is not YAML text: {error}."
        raise ProjectError(message) from error
    except RecursionError:
        message = f"{file} is nested too deep to be read."
        raise ProjectError(message) from None
    if _holds_itself(content):
        message = f"{file}: an anchor (&name) holds an alias (*name) of itself, and so has no end."
        raise ProjectError(message)
    return _mapping({} if content is None else content, str(file))


def _holds_itself(value: Yaml, within: frozenset[int] = frozenset()) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return id(value) in within or any(_holds_itself(item, within | {id(value)}) for item in items)


def _section(settings: Mapping[str, Yaml], file: Path, project: str) -> dict[str, Yaml]:
    config = _mapping(settings.get("config") or {}, f"config in {file}")
    return {key if ":" in key else f"{project}:{key}": value for key, value in config.items()}


def _defaults(declarations: Mapping[str, Yaml]) -> dict[str, Yaml]:
    """Return the values among a project's settings, which may also be declared with a type and no value."""
    defaults = {}
    for key, declared in declarations.items():
        if not isinstance(declared, dict):
            defaults[key] = declared
        elif "value" in declared or "default" in declared:
            defaults[key] = declared.get("value", declared.get("default"))
    return defaults


def _without_secrets(value: Yaml) -> Yaml:
    if _is_secret(value):
        return SECRET_PLACEHOLDER
    if isinstance(value, dict):
        return {key: _without_secrets(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    return value


def _holds_secret(value: Yaml) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return _is_secret(value) or any(_holds_secret(item) for item in items)


def _is_secret(value: Yaml) -> bool:
    return isinstance(value, dict) and value.keys() == {"secure"}


def _as_text(value: Yaml) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)  # dates are text to JSON


def _mapping(content: object, where: str) -> dict[str, Yaml]:
    if not isinstance(content, dict):
        message = f"{where} must be a mapping of names to values, and is {json.dumps(content, default=str)[:60]}."
        raise ProjectError(message)
    return {str(key): value for key, value in content.items()}
