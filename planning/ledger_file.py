"""The ledger on disk: read with the line of every mistake, written whole or not at all."""

import io
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from pathlib import Path

import yaml
from filelock import FileLock
from pydantic.alias_generators import to_camel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError as RuamelError

from planning import ledger as rules
from planning.ledger import PREFIX_SECTIONS, SECTIONS, TAKE_ONE_SIDE, Entry, Environment, Ledger, Place
from planning.problems import ConfigurationError, Problem

VERSION = 1
TOP = ("version", "environments", "complete")
"""The outermost keys; the last one shows that nothing is cut off."""
HEADER = """\
# What has been given out, by name: a lock file for addresses, ASNs and choices that never change, for all stacks.
# Written by `python -m planning allocate` and by local previews, checked by `python -m planning check`.
# Commit it. Lines are taken out only by `python -m planning release`.
"""
FILE_NAMES = {section: to_camel(section) for section in SECTIONS}
CONFLICT_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
KEYS = {
    "regions": re.compile(r"(aws|azure|gcp)/[^/]+(/\d+)?"),
    "networks": re.compile(r"(aws|azure|gcp)/[^/]+/[^/]+"),
    "subnets": re.compile(r"(aws|azure|gcp)/[^/]+/[^/]+/[^/]+"),
    "hubs": re.compile(r"(aws|azure|gcp)/[^/]+"),
    "pods": re.compile(r"(aws|azure|gcp)/[^/]+/[^/]+"),
    "cluster_services": re.compile(r"(aws|azure|gcp)/[^/]+/[^/]+"),
}
"""Section -> form of its keys, for the sections whose keys the allocation takes apart."""
RESTORE = "restore the file from git history (git log -p), then run python -m planning check"


def read(path: Path) -> Ledger:
    """Read the ledger; a file that is not there is an empty one.

    Raises:
        ConfigurationError: with the line and the reason of everything wrong in the file.
    """
    if not path.exists():
        return Ledger()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError([Problem(path.name, "", "is not a text file", RESTORE)]) from None
    return _Reader(path.name, text).ledger()


def lock(path: Path) -> FileLock:
    """Make the lock that whoever reads, allocates and writes holds all the while."""
    return FileLock(f"{path}.lock")


def write(path: Path, ledger: Ledger) -> None:
    """Write the ledger in place of the file, keeping its comments; a crash leaves the old file whole."""
    parser = YAML()
    parser.width = 4096
    document = _document(parser, path)
    document["environments"] = _merged(
        document["environments"],
        {
            name: _merged(document["environments"].get(name), _plain(environment, document["environments"].get(name)))
            for name, environment in ledger.environments.items()
        },
    )
    text = io.StringIO()
    parser.dump(document, text)
    _Reader(path.name, text.getvalue()).ledger()
    _replace(path, text.getvalue())


def _document(parser: YAML, path: Path) -> CommentedMap:
    """Load the file with its comments, or start a new one."""
    if not path.exists():
        document = parser.load(f"{HEADER}version: {VERSION}\nenvironments: {{}}\ncomplete: true\n")
        document["environments"] = CommentedMap()
        return document
    try:
        return parser.load(path.read_text(encoding="utf-8"))
    except (RuamelError, ValueError) as error:  # it is stricter than the parser that reads: about tabs, for one
        rule = f"cannot be rewritten ({' '.join(str(error).split())})"
        raise ConfigurationError([Problem(path.name, "", rule, RESTORE)]) from None


def _replace(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode if path.exists() else 0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _plain(environment: Environment, old: Mapping[str, CommentedMap] | None) -> dict[str, object]:
    """Turn an environment into what YAML holds; empty sections are left out."""
    sections: dict[str, object] = {"stack": environment.stack}
    for name in SECTIONS:
        entries = getattr(environment, name)
        if entries:
            values = {key: value if isinstance(value, int) else str(value) for key, value in entries.items()}
            kept = old.get(FILE_NAMES[name]) if old else None
            sections[FILE_NAMES[name]] = _merged(kept, dict(sorted(values.items())))
    return sections


def _merged(old: CommentedMap | None, new: Mapping[str, object]) -> CommentedMap:
    """Make the new mapping with the comments of the old one."""
    merged = CommentedMap(new)
    if old is not None:
        merged.ca.comment = old.ca.comment
        merged.ca.items.update(old.ca.items)
    return merged


class _Reader:
    """Reads one text; collects every problem before it gives up."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.problems: list[Problem] = []
        self.lines: dict[Place, int] = {}

    def ledger(self) -> Ledger:
        top = self._top()
        ledger = Ledger()
        for name, node in self._entries(top["environments"]):
            ledger.environments[name] = self._environment(name, node)
        self._stop_on_problems()
        self.problems.extend(rules.problems(ledger, self._place))
        self._stop_on_problems()
        return ledger

    def _top(self) -> Mapping[str, yaml.Node]:
        """Read the outermost mapping; what is wrong with it would only be said again further in."""
        root = self._root()
        top = dict(self._entries(root))
        self._stop_on_problems()
        self._version(top.get("version"))
        self._stop_on_problems()
        for name, node in top.items():
            if name not in TOP:
                self._refuse(node.start_mark.line + 1, name, "is no section of a ledger", RESTORE)
        missing = [name for name in TOP if name not in top]
        if missing:
            last = len(self.text.splitlines())
            self._refuse(last, "", f"is the last line, but {missing[-1]} should follow: the file is truncated", RESTORE)
        self._stop_on_problems()
        return top

    def _root(self) -> yaml.Node:
        for number, line in enumerate(self.text.splitlines(), start=1):
            if line.startswith(CONFLICT_MARKS):
                self._refuse(number, line, "is a merge conflict that nobody resolved", TAKE_ONE_SIDE)
                self._stop_on_problems()
        try:
            root = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._refuse(mark.line + 1 if mark else 1, "", f"is not YAML ({error.problem})", RESTORE)
        except yaml.YAMLError as error:
            self._refuse(1, "", f"is not YAML ({' '.join(str(error).split())})", RESTORE)
        else:
            if root is not None:
                return root
            self._refuse(1, "", "is empty", RESTORE)
        raise ConfigurationError(self.problems)

    def _version(self, version: yaml.Node | None) -> None:
        if version is None:
            self._refuse(1, "", "has no version", RESTORE)
        elif not re.fullmatch(r"[1-9][0-9]{0,8}", str(version.value)):
            self._refuse(version.start_mark.line + 1, "version", "is not a number", RESTORE)
        elif int(version.value) > VERSION:
            rule = f"is newer than this program reads ({VERSION})"
            self._refuse(version.start_mark.line + 1, f"version {version.value}", rule, "update the program")

    def _environment(self, name: str, node: yaml.Node) -> Environment:
        environment = Environment(stack="")
        sections = {file_name: section for section, file_name in FILE_NAMES.items()}
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            self._refuse(line, name, "must be a mapping of sections", RESTORE)
            return environment
        for key, child in self._entries(node):
            if key == "stack":
                environment.stack = str(child.value) if isinstance(child, yaml.ScalarNode) else ""
            elif key in sections:
                self._section(name, sections[key], child, getattr(environment, sections[key]))
            else:
                self._refuse(child.start_mark.line + 1, key, "is no section of an environment", RESTORE)
        if not environment.stack:
            self._refuse(line, name, "does not say which stack it belongs to", RESTORE)
        return environment

    def _section(self, environment: str, section: str, node: yaml.Node, entries: dict[str, Entry]) -> None:
        form = KEYS.get(section)
        for key, child in self._entries(node):
            line = self.lines[environment, section, key] = child.start_mark.line + 1
            if form is not None and not form.fullmatch(key):
                self._refuse(line, key, f"is no name that {FILE_NAMES[section]} could have", RESTORE)
                continue
            value = self._value(section, key, child)
            if value is not None:
                entries[key] = value

    def _value(self, section: str, key: str, node: yaml.Node) -> Entry | None:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            self._refuse(line, key, "must be one value", RESTORE)
            return None
        if section == "fixed":
            return node.value
        try:
            return IPv4Network(node.value) if section in PREFIX_SECTIONS else int(node.value)
        except ValueError as error:
            self._refuse(line, f"{key} {node.value}", f"cannot be read ({error})", RESTORE)
            return None

    def _entries(self, node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self._refuse(node.start_mark.line + 1, "", "must be a mapping of names to values", RESTORE)
            return
        seen: dict[str, int] = {}
        for key, child in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(line, "", "must start with one name", RESTORE)
                continue
            if key.value in seen:
                rule = f"stands in line {seen[key.value]} already"
                self._refuse(line, key.value, rule, f"if two branches allocated at once, {TAKE_ONE_SIDE}")
            seen.setdefault(key.value, line)
            yield key.value, child

    def _place(self, place: Place) -> str:
        return f"{self.name} line {self.lines[place]}"

    def _refuse(self, line: int, value: str, rule: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self.name} line {line}", value, rule, remedy))

    def _stop_on_problems(self) -> None:
        if self.problems:
            raise ConfigurationError(self.problems)
