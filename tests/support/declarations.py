"""Whether what the program sends is what the provider SDKs declare, read from the SDKs' own classes.

The engine would tell only at preview time, with plugins at hand: an unknown or misspelt input, a missing one, a value
of the wrong type, a dictionary whose keys stayed in snake_case.
"""

import difflib
import enum
import functools
import importlib
import importlib.util
import inspect
import json
import typing
import warnings
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any

import pulumi
from pulumi import _types
from pulumi.runtime import rpc

from inspection.graph import SECRET, UNKNOWN, Graph, Json, Resource

_DYNAMIC = "pulumi-python:dynamic/"
"""Beginning of the types whose provider is code of the program."""
Hint = Any
"""A type annotation: a class or one of typing's constructs, for which there is no common type."""


def check(graph: Graph) -> list[str]:
    """Return the problems of all resources of a graph, each with the type and name of its resource."""
    return [
        f"{resource.type} {resource.name}: {problem}"
        for resource in graph.resources
        if resource.custom
        for problem in problems(resource)
    ]


def problems(resource: Resource) -> list[str]:
    """Return how a planned resource's inputs differ from its SDK's declaration; none if it is as declared.

    Of a resource that is only read the type is judged: it is given some of its outputs, and nothing is required. What
    a dynamic provider takes is declared nowhere.
    """
    if resource.type.startswith(_DYNAMIC):
        return []
    declared = resource_class(resource.type)
    if declared is None:
        return ["no installed SDK declares this type"]
    if resource.read:
        return []
    args = arguments(declared)
    if issubclass(declared, pulumi.ProviderResource):
        return _in_object(_decoded(resource.inputs, args), args, "")
    return _in_object(resource.inputs, args, "")


@functools.cache
def resource_class(token: str) -> type[pulumi.CustomResource] | None:
    """Return the class an SDK registers for a type token, or None if no installed SDK knows it."""
    # An SDK warns while it is imported of every deprecated resource beside the one asked for. Where warnings are
    # errors, the first would leave a half-imported module behind.
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        place = _place(token)
        return place and getattr(importlib.import_module(place[0]), place[1])


@functools.cache
def result_class(token: str) -> type | None:
    """Return the class of what a provider function answers, or None if no installed SDK has the function.

    It is found by how the SDKs name their modules and classes, as they keep no register of functions.
    """
    package, module, name = token.split(":")
    folder = module.partition("/")[0]
    sdk = f"pulumi_{package.replace('-', '_')}"
    place = sdk if folder == "index" else f"{sdk}.{folder}"
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        if importlib.util.find_spec(sdk) is None or importlib.util.find_spec(place) is None:
            return None
        return getattr(importlib.import_module(place), f"{name[0].upper()}{name[1:]}Result", None)


def _place(token: str) -> tuple[str, str] | None:
    """Return the module and the name of a resource class."""
    package, module, name = token.split(":")
    is_provider = token.startswith("pulumi:providers:")
    sdk = f"pulumi_{(name if is_provider else package).replace('-', '_')}"
    if importlib.util.find_spec(sdk) is None:
        return None
    importlib.import_module(sdk)  # fills the registries asked below; the modules in it are imported only on use
    registered: Any = (
        rpc.get_resource_package(name, "") if is_provider else rpc.get_resource_module(package, module, "")
    )
    if is_provider:
        return registered.pkg_info["fqn"], registered.pkg_info["class"]
    if registered is None or token not in registered.mod_info["classes"]:
        return None
    return registered.mod_info["fqn"], registered.mod_info["classes"][token]


@functools.cache
def arguments(declared: type[pulumi.CustomResource]) -> type:
    """Return the class that declares a resource's inputs.

    It is taken from the constructor, as its name tells nothing: in Azure's SDK `SubnetArgs` is a subnet within a
    VNet, and `SubnetInitArgs` are the inputs of the resource.
    """
    for overload in typing.get_overloads(declared.__init__):
        parameter = inspect.signature(overload).parameters.get("args")
        if parameter is not None:
            return next(arm for arm in arms(parameter.annotation) if _types.is_input_type(arm))
    message = f"{declared} has no constructor that takes its arguments as one object"
    raise TypeError(message)


def arms(hint: Hint) -> tuple[Hint, ...]:
    """Return what a value may be once it is known: the members of a union without None, outputs and awaitables."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, UnionType):
        return tuple(arm for member in typing.get_args(hint) for arm in arms(member))
    if hint is NoneType or origin in (pulumi.Output, Awaitable):
        return ()
    return (hint,)


@dataclass(frozen=True, slots=True)
class _Property:
    hint: Hint
    required: bool


@functools.cache
def _properties(args: type) -> Mapping[str, _Property]:
    """Return what an arguments class declares, by wire name."""
    # `pulumi.Input` names `Output[T]` only as text, which the SDKs' modules cannot resolve.
    hints = typing.get_type_hints(args.__init__, localns={"Output": pulumi.Output, "T": Any})
    parameters = inspect.signature(args.__init__).parameters
    return {
        wire: _Property(hints[name], required=parameters[name].default is inspect.Parameter.empty)
        for name, wire in _types.input_type_py_to_pulumi_names(args).items()
    }


def _in_object(value: Mapping[str, Json], args: type, path: str) -> list[str]:
    # The engine takes a null for a property that is not there.
    given = {key: item for key, item in value.items() if item is not None}
    declared = _properties(args)
    found = [_at(path, _stranger(key, declared)) for key in given if key not in declared]
    found += [
        _at(path, f"{key} is required and missing")
        for key, each in declared.items()
        if each.required and key not in given
    ]
    for key, item in given.items():
        if key in declared:
            found += _in_value(item, declared[key].hint, f"{path}.{key}".lstrip("."))
    return found


def _in_value(value: Json, hint: Hint, path: str) -> list[str]:
    value = _revealed(value)
    if value == UNKNOWN:
        return []
    allowed = arms(hint)
    if any(_is_closed(arm) for arm in allowed):
        allowed = tuple(arm for arm in allowed if arm is not str)
    fitting = [arm for arm in allowed if _fits(value, arm)]
    if not fitting:
        declared = " or ".join(_named(arm) for arm in allowed)
        return [_at(path, f"a value of type {type(value).__name__} where {declared} is declared")]
    # Of several dictionaries the nearest is meant.
    return min((_in_arm(value, arm, path) for arm in fitting), key=len)


def _in_arm(value: Json, arm: Hint, path: str) -> list[str]:
    """Return the problems within a value that is of the right kind."""
    members = typing.get_args(arm)
    if json_type(arm) is list and members:
        return [each for index, item in enumerate(value) for each in _in_value(item, members[0], f"{path}[{index}]")]
    if json_type(arm) is dict and members:
        return [each for key, item in value.items() for each in _in_value(item, members[1], f"{path}[{key}]")]
    if _types.is_input_type(arm):
        return _in_object(value, arm, path)
    if is_enum(arm) and value not in [member.value for member in arm]:
        return [_at(path, f"{value!r} is no {arm.__name__}: {', '.join(repr(member.value) for member in arm)}")]
    return []


def _fits(value: Json, arm: Hint) -> bool:
    """Tell whether a value is of a declared kind, whatever is in it."""
    kind = json_type(arm)
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    return isinstance(value, kind)


def json_type(arm: Hint) -> type:
    """Return the type that JSON has for a declared one."""
    if arm is Any:
        return object
    origin = typing.get_origin(arm) or arm
    if origin in (bool, int, float, str):
        return origin
    if issubclass(origin, enum.Enum):
        return type(next(iter(origin)).value)
    if issubclass(origin, pulumi.Resource):
        return str  # sent as a reference
    return list if issubclass(origin, Sequence) else dict


def is_enum(arm: Hint) -> bool:
    return inspect.isclass(arm) and issubclass(arm, enum.Enum)


def _is_closed(arm: Hint) -> bool:
    """Tell whether an enumeration lists all there is, also where the SDK admits any other text.

    Azure's do: they are generated from the specification of the very API version. Those of the other SDKs are kept
    by hand and lack what is in daily use: Equinix' connection type IP_VC, AWS' protocol -1.
    """
    return is_enum(arm) and arm.__module__.startswith("pulumi_azure_native.")


def _named(arm: Hint) -> str:
    return arm.__name__ if inspect.isclass(arm) and not typing.get_args(arm) else json_type(arm).__name__


def _stranger(key: str, declared: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(key, declared, n=1)
    return f"{key} is not declared" + (f"; is {near[0]} meant?" if near else "")


def _at(path: str, problem: str) -> str:
    return f"{path}: {problem}" if path else problem


def _revealed(value: Json) -> Json:
    while isinstance(value, Mapping) and value.keys() == {SECRET}:
        value = value[SECRET]
    return value


def _decoded(inputs: Mapping[str, Json], args: type) -> dict[str, Json]:
    """Return a provider's inputs as they were declared: providers take all but text as JSON in a string."""
    text = {key for key, each in _properties(args).items() if str in arms(each.hint)}
    return {key: value if key in text else _loaded(value) for key, value in inputs.items()}


def _loaded(value: Json) -> Json:
    value = _revealed(value)
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value
