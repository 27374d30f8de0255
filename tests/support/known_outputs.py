"""What a cloud might answer: values for all that a resource's class, or that of a function's result, declares.

For `inspection.recording.record(..., complete=complete)`, to see that a program asks for the same resources when
everything is known as when nothing is. Values have the declared types and look like the real ones, so that what parses
an ARN or an address works; beyond that they mean nothing. The same name always gets the same values.
"""

import re
import uuid
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network

import pulumi
from pulumi import _types

from inspection.graph import SECRET, Json
from inspection.wire import SECRET_SIGNATURE, SIGNATURE
from tests.support.declarations import Hint, arms, is_enum, json_type, resource_class, result_class

DEPTH = 3
"""How many objects deep values are made; Azure's types nest without end."""
LENGTH = 2
"""Of every list: what takes the first element only still has to work."""

_GOOGLE_ADDRESSES = "gcp:compute/getAddresses:getAddresses"
_GOOGLE_SUBNET = "gcp:compute/subnetwork:Subnetwork"
_GOOGLE_POLICY = "gcp:dns/policy:Policy"


def complete(token: str, name: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
    """Return a resource's outputs beside its inputs, and those inputs to whose objects something was added.

    Args:
        token: type of the resource, or token of a function; what no SDK declares has no outputs.
        name: logical name; of a function, which has none, the arguments tell one answer from another.
        inputs: by wire name, as in a graph.
    """
    function = result_class(token)
    if function is not None:
        label = "-".join(str(value) for value in inputs.values())
        return _outputs(_types.output_type_types(function), _Place(token, label, label, label), inputs)
    declared = resource_class(token)
    if declared is None or issubclass(declared, pulumi.ProviderResource):  # a provider has only its inputs
        return {}
    place = _Place(token, name, name, _given_name(declared, inputs) or name)
    return _outputs(_types.resource_types(declared), place, inputs)


def remembering() -> Callable[[str, str, Mapping[str, Json]], dict[str, Json]]:
    """Return a `complete` for one run, which knows of Google's resolvers that they stand in the subnets of the run.

    They do where a policy lets queries into the VPC, and nowhere else; told of in another order than the subnets'.
    """
    subnets: list[Mapping[str, Json]] = []
    asked: set[str] = set()

    def remember(token: str, name: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        if token == _GOOGLE_ADDRESSES and inputs.get("filter") == 'purpose="DNS_RESOLVER"':
            here = [each for each in subnets if each["network"] in asked and each["region"] == inputs["region"]]
            return {"addresses": [_google_resolver(each) for each in reversed(here)]}
        completed = complete(token, name, inputs)
        if token == _GOOGLE_SUBNET:
            subnets.append(inputs)
        if token == _GOOGLE_POLICY and inputs.get("enableInboundForwarding"):
            asked.update(network["networkUrl"] for network in inputs["networks"])
        return completed

    return remember


def _google_resolver(subnet: Mapping[str, Json]) -> dict[str, Json]:
    address, region = IPv4Network(subnet["ipCidrRange"])[2], subnet["region"]
    place = f"https://www.googleapis.com/compute/v1/projects/acme/regions/{region}"
    name = f"dns-forwarding-{_hash(str(address)):x}"
    return {
        "address": str(address),
        "addressType": "INTERNAL",
        "description": "",
        "labels": {},
        "name": name,
        "prefixLength": 0,
        "region": place,
        "selfLink": f"{place}/addresses/{name}",
        "status": "IN_USE",
    }


def _outputs(hints: Mapping[str, Hint], place: "_Place", inputs: Mapping[str, Json]) -> dict[str, Json]:
    completed = {key: _completed(inputs.get(key), hint, place.at(key)) for key, hint in hints.items()}
    return {key: _wire(value) for key, value in completed.items() if value is not None and value != inputs.get(key)}


def _given_name(declared: type, inputs: Mapping[str, Json]) -> str | None:
    """Return the name that Azure is given under another key than it answers with: `routeTableName` of a route table."""
    names = {
        key: value
        for key, value in inputs.items()
        if isinstance(value, str) and key.endswith("Name") and declared.__name__.lower().endswith(key[:-4].lower())
    }
    return names[max(names, key=len)] if names else None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a resource's outputs a value stands."""

    token: str
    owner: str
    """Logical name of the resource."""
    label: str
    """Tells this place from every other."""
    name: str
    """Physical name of the resource."""
    key: str = ""
    index: int = 0
    """In the innermost list around it."""
    within: tuple[type, ...] = ()
    """The objects around it, outermost first."""

    def at(self, key: str) -> "_Place":
        return replace(self, label=f"{self.label}-{key}", key=key)

    def item(self, index: int) -> "_Place":
        return replace(self, label=f"{self.label}-{index}", index=index)

    def inside(self, declared: type) -> "_Place":
        return replace(self, within=(*self.within, declared))

    @property
    def number(self) -> int:
        """A number that hardly any other place has."""
        return _hash(self.label)


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())


def _completed(given: Json, hint: Hint, place: _Place) -> Json:
    """Return a given value with what its type declares and it lacks; None where nesting ends."""
    declared = _chosen(hint)
    members = getattr(declared, "__args__", ())
    if given is None:
        return _made(declared, place)
    if isinstance(given, Mapping) and given.keys() != {SECRET} and _types.is_output_type(declared):
        return {**given, **_object(declared, given, place)}
    if isinstance(given, list) and members:
        return [_completed(item, members[0], place.item(index)) for index, item in enumerate(given)]
    return given


def _made(declared: Hint, place: _Place) -> Json:
    if _types.is_output_type(declared):
        endless = declared in place.within or len(place.within) == DEPTH
        return None if endless else _object(declared, {}, place)
    kind = json_type(declared)
    if kind is list:
        items = [_made(_chosen(declared.__args__[0]), place.item(index)) for index in range(LENGTH)]
        return [item for item in items if item is not None]
    return {} if kind is dict else _scalar(declared, place)


def _scalar(declared: Hint, place: _Place) -> Json:
    if is_enum(declared):
        return next(iter(declared)).value
    if declared is bool:
        return False
    return _number(place) if declared in (int, float) else _text(place)


def _object(declared: Hint, given: Mapping[str, Json], place: _Place) -> dict[str, Json]:
    inside = place.inside(declared)
    made = {
        key: _completed(given.get(key), hint, inside.at(key))
        for key, hint in _types.output_type_types(declared).items()
    }
    return {key: value for key, value in made.items() if value is not None}


def _wire(value: Json) -> Json:
    """Return a value with the secrets in it marked as the protocol does."""
    if isinstance(value, Mapping):
        if value.keys() == {SECRET}:
            return {SIGNATURE: SECRET_SIGNATURE, "value": _wire(value[SECRET])}
        return {key: _wire(item) for key, item in value.items()}
    return [_wire(item) for item in value] if isinstance(value, list) else value


def _chosen(hint: Hint) -> Hint:
    """Return the member of a union to make: an enumeration before free text, else the first."""
    members = arms(hint)
    return next((member for member in members if is_enum(member)), members[0])


def _number(place: _Place) -> int:
    if place.key == "id":  # Google numbers the interfaces of a gateway from 0
        return place.index
    if place.key.lower().endswith("asn"):
        return 64512 + place.number % 1000
    return 1 + place.number % 4000  # also a VLAN


def _text(place: _Place) -> str:
    for pattern, make in _TEXTS:
        if re.search(pattern, place.key):
            return make(place)
    return place.label


def _arn(place: _Place) -> str:
    _, module, kind = place.token.split(":")
    return f"arn:aws:{module.split('/')[0]}:us-east-1:111122223333:{kind.lower()}/{place.label}"


def _id(place: _Place) -> str:
    package, module, kind = place.token.split(":")
    if package != "azure-native":
        return place.label
    if place.within and place.within[-1].__name__.startswith("VpnGatewayIpConfiguration"):
        return _instance(place)
    group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/network"
    return f"{group}/providers/Microsoft.{module.capitalize()}/{kind[0].lower()}{kind[1:]}s/{place.label}"


def _instance(place: _Place) -> str:
    """Return the name of an instance of one of Azure's VPN gateways, which by no means starts with the gateway's id."""
    return f"Instance{place.index}"


def _self_link(place: _Place) -> str:
    _, module, kind = place.token.split(":")
    return f"https://www.googleapis.com/{module.split('/')[0]}/v1/projects/acme/global/{kind.lower()}s/{place.name}"


def _link_address(place: _Place) -> str:
    """Return an address with the mask of the link it is on; of the two ends of a circuit, the cloud's is the first."""
    network = IPv4Address("169.254.0.0") + _hash(place.owner) % 8192 * 8
    return f"{network + (1 if place.key.startswith('cloudRouter') else 2)}/29"


def _network(place: _Place) -> str:
    if re.search("[iI]pv6", place.key):
        return f"2001:db8:{place.number % 65536:x}::/64"
    return f"10.{place.number // 256 % 256}.{place.number % 256}.0/24"


def _address(place: _Place) -> str:
    if re.search("[iI]pv6", place.key):
        return f"2001:db8::{place.number % 65535 + 1:x}"
    return str(IPv4Address("198.18.0.0") + place.number % 2**17)


_TEXTS = (
    ("^arn$|Arn$", _arn),
    ("^id$", _id),
    ("^ipconfigurationId$", _instance),
    ("^name$", lambda place: place.label if place.within else place.name),
    ("[sS]elfLink", _self_link),
    ("[uU]uid$|[gG]uid$", lambda place: str(uuid.uuid5(uuid.NAMESPACE_URL, place.label))),
    ("RouterIpAddress$", _link_address),
    ("[aA]sn$", lambda place: str(_number(place))),
    ("[cC]idr|([aA]ddress|[iI]p)Prefix(es)?$", _network),
    ("^mac|Mac[A-Z]|[eE]mail|[fF]qdn|[dD]nsName|[hH]ostname|[nN]ameServers", lambda place: f"{place.label}.example"),
    ("[aA]ddress(es)?$|(^i|I)ps?$", _address),
)
"""What text looks like by the name of its property; the first pattern found counts."""
