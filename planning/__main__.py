"""The ledger's commands: `python -m planning allocate | show | check | release | schema`.

They plan and never build: no cloud, no Pulumi CLI.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from planning import ledger_file
from planning.claims import foreign
from planning.ledger import SECTIONS, Ledger, gateway_key
from planning.ledger_file import FILE_NAMES
from planning.links.pairs import joined
from planning.links.requests import addresses
from planning.names.root_rules import recorded_roots
from planning.places import TRANSIT, network_key, regions_in_use
from planning.problems import ConfigurationError, Problem
from planning.reading import read_settings, suggestion
from planning.records.ownership import owned
from planning.release import meant, release
from planning.schema import FILE, stack_file_schema
from planning.settings import NAMESPACE, Cloud
from planning.workspace import load_plan, reserved_ranges
from project.config import Project, ProjectError, known_stacks, read_project


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, or 1 with every problem on standard error."""
    options = _parser().parse_args(arguments)
    try:
        for line in options.run(options):
            print(line)  # noqa: T201 - the command's output
    except (ConfigurationError, ProjectError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's output
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m planning", description="Allocate, show and check the ledger.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("allocate", _allocate, "record what a stack needs and the ledger lacks"),
        ("show", _show, "print everything that is given out"),
        ("check", _check, "exit 1 if the ledger breaks a rule, or lacks what a stack needs"),
        ("release", _release, "give back what a destroyed network or region held"),
        ("schema", _schema, f"write {FILE} from the settings"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        command.add_argument("--project-dir", type=Path, default=Path(), help="folder of Pulumi.yaml (default: here)")
        if name in ("allocate", "release"):
            command.add_argument("--stack", default="dev", help="whose configuration (default: dev)")
            command.add_argument("--config-file", type=Path, help="read this in place of Pulumi.<stack>.yaml")
        if name in ("show", "check"):
            command.add_argument("--ledger", type=Path, default=Path("ledger.yaml"), help="default: ledger.yaml")
        if name == "release":
            command.add_argument("name", help="a network (shop) or the whole of a region (aws/us-east-1)")
            replace = "release it although it is configured: its next allocation replaces what is deployed"
            command.add_argument("--replace", action="store_true", help=replace)
    return parser


def _allocate(options: argparse.Namespace) -> Sequence[str]:
    project = read_project(options.project_dir, options.stack, options.config_file)
    new = load_plan(
        _own(project), options.project_dir, _identity(project), record=True, secret_keys=_secret(project)
    ).new
    return [f"recorded {line}" for line in new] or ["nothing to record"]


def _show(options: argparse.Namespace) -> Sequence[str]:
    ledger = ledger_file.read(options.project_dir / options.ledger)
    return [
        f"{environment:10} {FILE_NAMES[section]:16} {key:48} {value}"
        for environment, content in ledger.environments.items()
        for section in SECTIONS
        for key, value in getattr(content, section).items()
    ]


def _check(options: argparse.Namespace) -> Sequence[str]:
    """Check the ledger itself, and that every stack beside it finds all it needs recorded."""
    ledger_file.read(options.project_dir / options.ledger)
    stacks = known_stacks(options.project_dir)
    for stack in stacks:
        project = read_project(options.project_dir, stack)
        load_plan(_own(project), options.project_dir, _identity(project), record=False, secret_keys=_secret(project))
    return [f"{options.ledger} holds what {', '.join(stacks) or 'no stack'} needs"]


def _release(options: argparse.Namespace) -> Sequence[str]:
    project = read_project(options.project_dir, options.stack, options.config_file)
    path = options.project_dir / project.config.get(f"{NAMESPACE}:ledger", "ledger.yaml")
    with ledger_file.lock(path):
        ledger = ledger_file.read(path)
        if not options.replace:
            _refuse_what_is_configured(project, options, meant(ledger, _identity(project), options.name))
        released = release(ledger, _identity(project), options.name)
        if not released:
            raise ConfigurationError([_nothing_to_release(ledger, _identity(project), options.name)])
        ledger_file.write(path, ledger)
    return [f"released {line}" for line in released]


def _refuse_what_is_configured(project: Project, options: argparse.Namespace, names: set[str]) -> None:
    """Keep what is deployed: another stack could be given its range at once."""
    settings = read_settings(_own(project), _secret(project))
    networks = {network_key(name, network) for name, network in settings.networks.items()}
    hubs = {f"{cloud}/{region}/{TRANSIT}" for cloud, region in regions_in_use(settings)}
    reserved = foreign(settings, reserved_ranges(settings, options.project_dir))
    links = {request.key for request in addresses(settings)}
    gateways = {gateway_key(cloud) for cloud in Cloud} if joined(settings) else set()
    names_held = {*recorded_roots(settings), *owned(settings)}
    in_use = sorted(names & {*networks, *hubs, *reserved, *links, *gateways, *names_held})
    if in_use:
        rule = f"is still configured ({', '.join(in_use)})"
        remedy = "take it out of the configuration and deploy that first, or accept with --replace that it is replaced"
        raise ConfigurationError([Problem(options.name, "", rule, remedy)])


def _nothing_to_release(ledger: Ledger, stack: str, name: str) -> Problem:
    known = {
        known
        for content in ledger.environments.values()
        if content.stack == stack
        for key in content.networks
        for known in (key.rpartition("/")[2], key.rpartition("/")[0])
        if known != TRANSIT
    }
    return Problem(name, "", f"is no network or region that the ledger holds for {stack}", suggestion(name, known))


def _schema(options: argparse.Namespace) -> Sequence[str]:
    text = json.dumps(stack_file_schema(), indent=2) + "\n"
    (options.project_dir / FILE).write_text(text, encoding="utf-8")
    return [f"wrote {FILE}"]


def _own(project: Project) -> dict[str, str]:
    prefix = f"{NAMESPACE}:"
    return {key.removeprefix(prefix): text for key, text in project.config.items() if key.startswith(prefix)}


def _secret(project: Project) -> frozenset[str]:
    return frozenset(key.removeprefix(f"{NAMESPACE}:") for key in project.secret_keys)


def _identity(project: Project) -> str:
    return f"{project.name}/{project.stack}"


if __name__ == "__main__":
    sys.exit(main())
