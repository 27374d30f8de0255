"""What a provider would answer to a registration, worked out from the request alone."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_args, get_origin

import pulumi
from google.protobuf import struct_pb2
from pulumi import _types  # the SDK reads the generated classes with it too; it has no public way to ask
from pulumi.runtime import rpc

from inspection.graph import Json
from inspection.wire import SIGNATURE, Request, is_secret, secret_struct


def previewed(request: Request) -> struct_pb2.Struct:
    """Return the outputs that a first preview shows: the inputs, and all that the cloud makes up as unknown.

    The SDK itself takes an output that is missing for unknown, so most inputs can be handed back as they are. What is
    missing inside an object it would take for None. Providers do not preview it so: a VPN gateway that was given
    only its ASN has unknown peering addresses in the same `bgpSettings`.
    """
    shapes = [(key, shape) for key, shape in _object_outputs(request.type).items() if key in request.object.fields]
    if not shapes and not request.additionalSecretOutputs:
        return request.object
    state = _copy(request.object)
    for key, shape in shapes:
        _complete(state.fields[key], shape)
    for key in set(request.additionalSecretOutputs) - state.fields.keys():
        state[key] = rpc.UNKNOWN
    return with_secrets(state, request)


def updated(request: Request, made_up: Mapping[str, Json]) -> struct_pb2.Struct:
    """Return the outputs that an update ends with: the inputs and what the cloud has made up."""
    state = _copy(request.object)
    state.update(made_up)
    return with_secrets(state, request)


def with_secrets(state: struct_pb2.Struct, request: Request) -> struct_pb2.Struct:
    """Wrap, in place, the outputs that a request wants kept secret, and return them all."""
    for key in request.additionalSecretOutputs:
        if key in state.fields and not is_secret(state.fields[key]):
            state.fields[key].CopyFrom(secret_struct(state.fields[key]))
    return state


def _copy(struct: struct_pb2.Struct) -> struct_pb2.Struct:
    copy = struct_pb2.Struct()
    copy.CopyFrom(struct)
    return copy


@cache
def _object_outputs(token: str) -> Mapping[str, type]:
    """Return the outputs of a resource type that are objects, or lists of them, and the class of the objects."""
    # A resource of the type is being registered, so its class has been imported.
    for resource_class in _subclasses(pulumi.CustomResource):
        if pulumi.get_type_token(resource_class) == token:
            return _objects(_types.resource_types(resource_class))
    return {}


def _subclasses(parent: type) -> Iterator[type]:
    for each in parent.__subclasses__():
        yield each
        yield from _subclasses(each)


@cache
def _members(shape: type) -> Mapping[str, type]:
    return _types.output_type_types(shape)


def _objects(members: Mapping[str, Any]) -> Mapping[str, type]:
    found = {}
    for key, member in members.items():
        item = get_args(member)[0] if get_origin(member) in {list, Sequence} else member
        if isinstance(item, type) and _types.is_output_type(item):
            found[key] = item
    return found


def _complete(value: struct_pb2.Value, shape: type) -> None:
    for item in value.list_value.values:
        _complete(item, shape)
    fields = value.struct_value.fields
    if not fields or SIGNATURE in fields:
        return
    for key in _members(shape).keys() - fields.keys():
        fields[key].string_value = rpc.UNKNOWN
    for key, inner in _objects(_members(shape)).items():
        _complete(fields[key], inner)
