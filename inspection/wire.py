"""Translates what the Pulumi SDK sends to the engine into the plain values of a graph."""

from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import alias_pb2, resource_pb2

from inspection.graph import SECRET, UNKNOWN, Json, Resource

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key that marks an object as a special value; its value says which. Fixed by Pulumi's protocol."""
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark of the protocol, not a secret
RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

Request = Any
"""A `RegisterResourceRequest`; its generated class is opaque to the type checker."""


def plain_struct(struct: struct_pb2.Struct) -> dict[str, Json]:
    """Return an object's fields as plain values, sorted: on the wire they have no order."""
    fields = struct.fields
    return {key: _plain(fields[key]) for key in sorted(fields)}


def _plain(value: struct_pb2.Value) -> Json:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text == rpc.UNKNOWN else text
    if kind == "struct_value":
        return _unmarked(plain_struct(value.struct_value))
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        whole = int(number)
        return whole if whole == number else number
    return value.bool_value if kind == "bool_value" else None


def _unmarked(content: dict[str, Json]) -> Json:
    signature = content.get(SIGNATURE)
    if signature == SECRET_SIGNATURE:
        return {SECRET: content.get("value")}
    if signature == RESOURCE_SIGNATURE:
        return content["urn"]
    if signature == OUTPUT_SIGNATURE:
        value = content.get("value", UNKNOWN)
        return {SECRET: value} if content.get("secret") else value
    return content


def secret_struct(value: struct_pb2.Value) -> struct_pb2.Value:
    """Wrap a value as a secret, as the protocol does."""
    mark = struct_pb2.Value(string_value=SECRET_SIGNATURE)
    return struct_pb2.Value(struct_value=struct_pb2.Struct(fields={SIGNATURE: mark, "value": value}))


def is_secret(value: struct_pb2.Value) -> bool:
    """Tell whether a value is wrapped as a secret."""
    fields = value.struct_value.fields
    return SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET_SIGNATURE


def registration_of(read: Request) -> Request:
    """Return a request to read a resource as the registration that says the same."""
    return resource_pb2.RegisterResourceRequest(
        type=read.type,
        name=read.name,
        parent=read.parent,
        custom=True,
        object=read.properties,
        dependencies=read.dependencies,
        provider=read.provider,
        additionalSecretOutputs=read.additionalSecretOutputs,
    )


def plain_resource(urn: str, identity: str, request: Request, *, read: bool, retained_parent: bool) -> Resource:
    """Return one registration as a resource of the graph.

    The SDK hands `protect` down from parent to child itself and leaves `retain_on_delete` to the engine.
    """
    timeouts = request.customTimeouts.ListFields() if request.HasField("customTimeouts") else ()
    return Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        custom=request.custom,
        id=identity,
        inputs=plain_struct(request.object),
        dependencies=tuple(sorted(request.dependencies)),
        property_dependencies={
            key: tuple(sorted(value.urns)) for key, value in request.propertyDependencies.items() if value.urns
        },
        provider=request.provider,
        protect=request.protect,
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        delete_before_replace=request.deleteBeforeReplace,
        retain_on_delete=request.retainOnDelete if request.HasField("retainOnDelete") else retained_parent,
        aliases=tuple(_plain_alias(alias) for alias in request.aliases),
        import_id=request.importId,
        timeouts={operation.name: duration for operation, duration in timeouts},
        secret_outputs=tuple(request.additionalSecretOutputs),
        read=read,
    )


def _plain_alias(alias: alias_pb2.Alias) -> Json:
    if alias.WhichOneof("alias") == "urn":
        return alias.urn
    return {part.name: value for part, value in alias.spec.ListFields() if value}
