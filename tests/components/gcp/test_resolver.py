"""Claims about where the rest of the world asks Google for names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pulumi
import pytest
from pulumi_gcp import compute

from components.gcp import resolver
from components.gcp.cloud import build
from components.gcp.resolver import GcpResolver
from inspection.graph import UNKNOWN, Graph, Json
from inspection.recording import record
from planning.names.types import GcpNames
from tests.components.gcp.graphs import NETWORK, Provider, refers
from tests.components.gcp.plans_names import ALL_GIVEN, ASKED, FIRST, GIVEN, NAMES, NETWORKED
from tests.support.declarations import check
from tests.support.known_outputs import complete
from tests.support.recorded import preview_of, update_of

POLICY = "gcp:dns/policy:Policy"
LOOKUP = "gcp:compute/getAddresses:getAddresses"
NAME = "gcp-resolver"
ONE_GIVEN = replace(NAMES, entry_points={**NAMES.entry_points, FIRST.key: replace(FIRST, address=GIVEN[FIRST.key])})


def program(names: GcpNames = NAMES) -> Callable[[], None]:
    def run() -> None:
        provider = Provider()
        network = build(NETWORKED, protect=False, provider=provider).networks["gcp-transit"]
        built = GcpResolver(
            NAME,
            {
                "names": names,
                "network": ASKED,
                "project": "acme-net-prod",
                "network_id": network.network_id,
                "subnet_ids": network.subnet_ids,
            },
            pulumi.ResourceOptions(provider=provider),
        )
        for key, address in built.entry_points.items():
            pulumi.export(key, address)

    return run


def found(*addresses: str, kind: str = "INTERNAL") -> Callable[[], Graph]:
    """Record an update in which Google knows these addresses of resolvers."""

    def answer(token: str, name: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        if token == LOOKUP:
            return {"addresses": [{"address": address, "addressType": kind} for address in addresses]}
        return complete(token, name, inputs)

    return lambda: record(program(), complete=answer)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolver.PAUSE == 10
    monkeypatch.setattr(resolver, "PAUSE", 0.0)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program())


def test_google_answers_in_the_transit_network_alone_by_its_one_policy(graph: Graph) -> None:
    (policy,) = graph.of_type(POLICY)
    assert policy.inputs["enableInboundForwarding"] is True
    assert "alternativeNameServerConfig" not in policy.inputs, "all other names would be asked there too"
    assert len(policy.inputs["networks"]) == 1
    assert [network.name for network in graph.of_type(NETWORK) if refers(policy, "networks", network)] == [
        "gcp-transit"
    ]


def test_a_policy_makes_way_before_another_comes_because_a_network_takes_one(graph: Graph) -> None:
    assert graph.named(POLICY, NAME).delete_before_replace


def test_what_is_asked_from_outside_is_logged(graph: Graph) -> None:
    assert graph.named(POLICY, NAME).inputs["enableLogging"] is True


def test_a_first_preview_asks_google_nothing(graph: Graph) -> None:
    assert graph.invokes == ()
    assert graph.outputs == dict.fromkeys(GIVEN, UNKNOWN)


def test_each_server_is_the_address_in_its_subnet_whatever_the_order_of_the_answer() -> None:
    graph = update_of(program())
    assert graph.outputs == {"transit-us-east4": "10.47.0.2", "resolver-us-east4": "10.47.0.130"}
    for others in (("10.47.0.66", "10.1.0.2"), ()):
        addresses = ("10.47.0.140", *others, "10.47.0.3")
        assert found(*addresses)().outputs == {"transit-us-east4": "10.47.0.3", "resolver-us-east4": "10.47.0.140"}


def test_google_is_asked_once_for_resolvers_in_the_region_and_project() -> None:
    asked: list[Mapping[str, Json]] = []

    def answer(token: str, name: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        if token == LOOKUP:
            asked.append(inputs)
            return {"addresses": [{"address": each, "addressType": "INTERNAL"} for each in GIVEN.values()]}
        return complete(token, name, inputs)

    record(program(), complete=answer)
    assert asked == [{"filter": 'purpose="DNS_RESOLVER"', "project": "acme-net-prod", "region": "us-east4"}]


@pytest.mark.parametrize("late", ["policy", "subnets"])
def test_google_is_not_asked_before_policy_and_subnets_are_there(late: str) -> None:
    order: list[str] = []

    def answer(token: str, name: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        order.append(LOOKUP if token == LOOKUP else name)
        if token == LOOKUP:
            return {"addresses": [{"address": each, "addressType": "INTERNAL"} for each in GIVEN.values()]}
        return complete(token, name, inputs)

    def run() -> None:
        slow = compute.Address("slow-0")
        for number in range(1, 5):
            slow = compute.Address(f"slow-{number}", opts=pulumi.ResourceOptions(depends_on=[slow]))
        network_id = slow.id if late == "policy" else "network"
        subnet_id = slow.id if late == "subnets" else "subnet"
        GcpResolver(
            NAME,
            {
                "names": NAMES,
                "network": ASKED,
                "project": "acme-net-prod",
                "network_id": network_id,
                "subnet_ids": dict.fromkeys(GIVEN, subnet_id),
            },
        )

    record(run, complete=answer)
    assert order.index(LOOKUP) > order.index("slow-4" if late == "subnets" else NAME)


@pytest.mark.parametrize(
    ("addresses", "said"),
    [
        ((), r"no address yet .* subnet transit-us-east4 \(10.47.0.0/26\)"),
        (("10.47.0.3",), r"no address yet .* subnet resolver-us-east4 \(10.47.0.128/28\)"),
        (("10.47.0.140",), r"no address yet .* subnet transit-us-east4"),
        (("10.47.0.3", "10.47.0.140", "10.47.0.4"), r"2 addresses \(10.47.0.3, 10.47.0.4\)"),
    ],
)
def test_an_apply_that_finds_no_address_or_two_ends_saying_where_and_what_to_do(
    addresses: Sequence[str], said: str
) -> None:
    with pytest.raises(pulumi.RunError, match=rf"^dns.googleEntryPoints: .*{said}.*run `pulumi up` again"):
        found(*addresses)()


def test_google_is_asked_again_until_every_subnet_has_an_address() -> None:
    foreign, (first, second) = "10.99.0.3", GIVEN.values()
    answers = iter([(), (foreign, first), (foreign, second, first)])

    def answer(token: str, name: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        if token == LOOKUP:
            return {"addresses": [{"address": each, "addressType": "INTERNAL"} for each in next(answers)]}
        return complete(token, name, inputs)

    assert record(program(), complete=answer).outputs == dict(GIVEN)
    assert next(answers, None) is None


def test_google_is_asked_for_two_minutes_and_no_longer() -> None:
    asked: list[str] = []

    def answer(token: str, name: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        if token == LOOKUP:
            asked.append(token)
            return {"addresses": []}
        return complete(token, name, inputs)

    with pytest.raises(pulumi.RunError, match="no address yet"):
        record(program(), complete=answer)
    assert (len(asked) - 1) * 10 == 120


def test_an_answer_that_cannot_be_googles_says_nothing_against_the_plan() -> None:
    outputs = found("198.51.100.7", "198.51.100.8", kind="getAddresses-addressType")().outputs
    assert outputs == dict(zip(GIVEN, ("198.51.100.7", "198.51.100.8"), strict=True))


def test_given_addresses_are_taken_and_google_is_never_asked() -> None:
    for graph in (preview_of(program(ALL_GIVEN)), update_of(program(ALL_GIVEN))):
        assert graph.outputs == GIVEN
        assert graph.invokes == ()
        assert graph.of_type(POLICY)


def test_only_what_is_not_given_is_looked_up() -> None:
    assert preview_of(program(ONE_GIVEN)).outputs == {**GIVEN, "resolver-us-east4": UNKNOWN}
    graph = update_of(program(ONE_GIVEN))
    assert graph.outputs == {**GIVEN, "resolver-us-east4": "10.47.0.130"}
    assert graph.invokes == (LOOKUP,)


def test_where_nobody_asks_nothing_answers() -> None:
    graph = update_of(program(replace(NAMES, entry_points={}, named=())))
    assert not graph.of_type(POLICY)
    assert graph.invokes == ()
    assert graph.outputs == {}


def test_the_same_is_built_whether_addresses_are_known_or_not(graph: Graph) -> None:
    assert [each.urn for each in graph.resources] == [each.urn for each in update_of(program()).resources]
    assert check(graph) == []
