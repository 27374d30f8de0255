"""The resources of one run, as they were sent to the engine: what every judgement starts from.

Values are plain JSON. Two things are marked, because JSON has no word for them:

* a value that is known only after deployment is `UNKNOWN`;
* a secret is `{"$secret": value}`.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any, Self, TypeAlias

UNKNOWN = "$unknown"
"""Stands for a value that the cloud makes up: an id, an address, an ARN."""
SECRET = "$secret"  # noqa: S105 - the name of a mark, not a secret
"""The only key of the object that wraps a secret."""
DYNAMIC_PROVIDER = "__provider"
"""Input of a resource whose provider is code of the program: that code, pickled. Fixed by Pulumi's SDK."""
FORMAT = "multicloud-network/graph"
VERSION = 1
"""Of the JSON form; raised when an older reader would misread it."""
STACK_TYPE = "pulumi:pulumi:Stack"

Json: TypeAlias = Any
"""A JSON value; the type checker cannot follow a recursive one through providers' shapes."""


class GraphError(Exception):
    """A graph lacks what was asked of it, or a graph file cannot be read."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One registration. Lists the program left out are empty, strings it left out are `""`."""

    urn: str
    type: str
    """Token, for example `aws:ec2/subnet:Subnet`."""
    name: str
    """Logical name."""
    parent: str = ""
    """URN; empty only for the stack."""
    custom: bool = True
    """False for a component and for the stack."""
    id: str = ""
    """Empty in a preview, where no id is known, and for components; of what is read, the id it is read by."""
    inputs: Mapping[str, Json] = field(default_factory=dict)
    """By wire name (camelCase)."""
    dependencies: Sequence[str] = ()
    """URNs of everything that must exist before, sorted; components stand here as their children."""
    property_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For each input with any, the URNs of the resources that its value comes from, sorted."""
    provider: str = ""
    """`urn::id` of an explicit provider."""
    protect: bool = False
    ignore_changes: Sequence[str] = ()
    replace_on_changes: Sequence[str] = ()
    delete_before_replace: bool = False
    retain_on_delete: bool = False
    aliases: Sequence[Json] = ()
    """URNs, or objects with `name`, `type`, `parentUrn`, `noParent`, `project`, `stack` where given."""
    import_id: str = ""
    timeouts: Mapping[str, str] = field(default_factory=dict)
    """By operation (`create`, `update`, `delete`, `read`), as sent: `30m`."""
    secret_outputs: Sequence[str] = ()
    """Outputs to be kept secret though no secret went in."""
    read: bool = False
    """Whether the resource is only looked up, neither made nor changed here; its inputs are what the lookup was given.

    What its id comes from is not among its dependencies: the SDK leaves that out.
    """


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the run's diagnostics."""

    severity: str
    """`info`, `warning` or `error`."""
    text: str


@dataclass(frozen=True)
class Graph:
    """Everything one run of a program asked the engine for."""

    project: str
    stack: str
    resources: Sequence[Resource]
    """In the order of registration; the stack itself comes first."""
    outputs: Mapping[str, Json] = field(default_factory=dict)
    """What the stack exports."""
    component_outputs: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    """By URN, what each component registered as its outputs."""
    messages: Sequence[Message] = ()
    invokes: Sequence[str] = ()
    """Tokens of the provider functions that were called."""

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        """Every resource under its URN."""
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_parent(self) -> Mapping[str, Sequence[Resource]]:
        found = defaultdict(list)
        for resource in self.resources:
            found[resource.parent].append(resource)
        return found

    @cached_property
    def _by_type(self) -> Mapping[str, Sequence[Resource]]:
        found = defaultdict(list)
        for resource in self.resources:
            found[resource.type].append(resource)
        return found

    def of_type(self, token: str) -> Sequence[Resource]:
        """Return the resources of a type, in the order of registration."""
        return tuple(self._by_type.get(token, ()))

    def named(self, token: str, name: str) -> Resource:
        """Return the one resource of a type with a logical name.

        Raises:
            GraphError: none has it or several have it; the message lists the names there are.
        """
        candidates = self.of_type(token)
        found = [resource for resource in candidates if resource.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            places = "\n".join(f"  {resource.urn}" for resource in found)
            message = f"{len(found)} resources of type {token} are named {name}:\n{places}"
        elif candidates:
            names = ", ".join(sorted(resource.name for resource in candidates))
            message = f"no resource of type {token} is named {name}; there are: {names}"
        else:
            types = "\n".join(f"  {known}" for known in sorted(self._by_type))
            message = f"no resource is of type {token}; the types in this graph are:\n{types}"
        raise GraphError(message)

    def children(self, urn: str) -> Sequence[Resource]:
        """Return the resources whose parent is the one with this URN, in the order of registration."""
        return tuple(self._by_parent.get(urn, ()))

    def to_json(self) -> str:
        """Return the graph as JSON text that `from_json` reads.

        An object with `format` and `version`, and under `graph` the fields of `Graph`; each entry of its `resources`
        has the fields of `Resource`. Secrets are kept out: what `$secret` wraps is written as null. The code of a
        dynamic provider is left out.
        """
        content = {each.name: _plain(getattr(self, each.name)) for each in fields(self)}
        return json.dumps({"format": FORMAT, "version": VERSION, "graph": content}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            GraphError: the text is no graph, or one that this version cannot read.
        """
        try:
            document = json.loads(text)
        except json.JSONDecodeError as error:
            message = f"not a graph file: line {error.lineno} is no JSON ({error.msg})"
            raise GraphError(message) from error
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            message = f'not a graph file: it does not say "format": "{FORMAT}"'
            raise GraphError(message)
        version = document.get("version")
        if not isinstance(version, int) or version > VERSION:
            message = f"the graph file is of version {version}, this program reads up to {VERSION}; update the program"
            raise GraphError(message)
        try:
            content = dict(document["graph"])
            content["resources"] = tuple(Resource(**entry) for entry in content["resources"])
            content["messages"] = tuple(Message(**entry) for entry in content["messages"])
            return cls(**content)
        except (KeyError, TypeError, ValueError) as error:
            message = f"the graph file is damaged: {error}"
            raise GraphError(message) from error


def _plain(value: Json) -> Json:
    if isinstance(value, Resource | Message):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        if value.keys() == {SECRET}:
            return {SECRET: None}
        return {key: _plain(item) for key, item in value.items() if key != DYNAMIC_PROVIDER}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
