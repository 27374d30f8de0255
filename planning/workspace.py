"""The files that a plan is made from, and the one that it is recorded in."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from planning import ledger_file
from planning.plan import Plan, make_plan
from planning.problems import ConfigurationError, Problem
from planning.reading import read_settings, told
from planning.settings import Settings
from planning.settings.types import Prefix


def load_plan(
    config: Mapping[str, str], project_dir: Path, stack: str, *, record: bool, secret_keys: Collection[str] = ()
) -> Plan:
    """Read settings and ledger, decide everything, and record what is new.

    `config` is the stack's configuration without namespace, as `secret_keys` are; `stack` is `<project>/<stack>`.
    Without `record` (in CI) an allocation that the ledger does not hold is an error, since it would be lost.

    Raises:
        ConfigurationError: with every problem found. Nothing is written then.
    """
    settings = read_settings(config, secret_keys)
    reserved = reserved_ranges(settings, project_dir)
    if not settings.ledger.isprintable():
        raise ConfigurationError([_unusable(settings, "its name has characters that cannot be seen")])
    if not (project_dir / settings.ledger).parent.is_dir():
        raise ConfigurationError([_unusable(settings, "there is no such folder")])
    try:
        return _plan(settings, project_dir / settings.ledger, stack, reserved, record=record)
    except OSError as error:
        raise ConfigurationError([_unusable(settings, error.strerror)]) from None


def _unusable(settings: Settings, reason: str | None) -> Problem:
    rule = f"cannot be used as a file ({reason})"
    return Problem("ledger", settings.ledger, rule, "name a file that can be read and written, such as ledger.yaml")


def _plan(settings: Settings, path: Path, stack: str, reserved: Mapping[str, IPv4Network], *, record: bool) -> Plan:
    plan, _ = make_plan(settings, ledger_file.read(path), stack, reserved)
    if not plan.new:
        return plan
    if not record:
        more = f" and {len(plan.new) - 1} more" if len(plan.new) > 1 else ""
        name = stack.rpartition("/")[2]
        remedy = f"run python -m planning allocate --stack {name} and commit {settings.ledger}"
        raise ConfigurationError([Problem(settings.ledger, "", f"does not hold {plan.new[0]}{more}", remedy)])
    with ledger_file.lock(path):
        plan, allocation = make_plan(settings, ledger_file.read(path), stack, reserved)
        ledger_file.write(path, allocation.ledger)
    return plan


def reserved_ranges(settings: Settings, project_dir: Path) -> Mapping[str, IPv4Network]:
    """Gather the ranges that are not ours to give: named in the settings and in other teams' files."""
    reserved = {f"addressing.reserved.{name}": prefix for name, prefix in settings.addressing.reserved.items()}
    problems: list[Problem] = []
    for file in settings.addressing.reserved_files:
        try:
            entries: Any = yaml.safe_load((project_dir / file).read_text(encoding="utf-8"))
            ranges = TypeAdapter(dict[str, Prefix]).validate_python(entries)
        except ValidationError as error:
            problems += [replace(problem, where=f"{file} {problem.where}".rstrip()) for problem in told(error)]
        except (OSError, ValueError, yaml.YAMLError) as error:
            reason = error.strerror if isinstance(error, OSError) else " ".join(str(error).split())
            rule = f"cannot be read ({reason})"
            remedy = "name a YAML or JSON file with lines such as lab: 10.3.0.0/16, or leave it out"
            problems.append(Problem("addressing.reservedFiles", file, rule, remedy))
        else:
            reserved.update({f"{file} {name}": prefix for name, prefix in ranges.items()})
    if problems:
        raise ConfigurationError(problems)
    return reserved
