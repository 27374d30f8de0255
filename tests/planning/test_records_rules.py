"""What records ask of a configuration: each mistake, and the one message that its reader gets."""

from collections.abc import Iterator
from typing import Any

import pytest

from planning.problems import ConfigurationError
from planning.records import rules
from tests.planning.configurations import LEFT_OUT, changed, estate_of, planned
from tests.planning.records import (
    ADDRESSES,
    INSIDE,
    PRIVATE_IN_AWS,
    PRIVATE_IN_GOOGLE,
    geographic,
    order,
    places,
    told,
    with_record,
)

WWW = "dns.records.www"
SHOP = f"{WWW}.places.shop"
WEIGHTED = {"policy": "weighted", "places": places(2)}
TCP = {**order(2), "check": {"protocol": "tcp", "port": 5000}}
NO_NETWORK_IN = {
    "networks.identity": LEFT_OUT,
    "networks.erp": LEFT_OUT,
}


@pytest.mark.parametrize(
    "record",
    [
        order(2),
        order(4),
        geographic(2),
        geographic(4),
        WEIGHTED,
        {"policy": "weighted", "places": places(4, "weight", [70, 30, 0, 1])},
        {"policy": "latency", "places": places(4)},
        TCP,
    ],
)
@pytest.mark.parametrize("by", ["aws", "azure"])
def test_what_is_right_is_accepted(record: dict[str, Any], by: str) -> None:
    assert told({f"{WWW}.by": by}, record) == []


def test_the_largest_weight_of_route_53_is_accepted() -> None:
    assert told({f"{SHOP}.weight": 255}, WEIGHTED) == []


def test_a_private_name_with_a_place_outside_google_is_awss() -> None:
    change = {f"{WWW}.places.shop": PRIVATE_IN_AWS["places"]["shop"] | {"order": 3}}
    assert (
        f"{WWW}.places.models.loadBalancer: is for Cloud DNS, for private names only; leave it out, or set by: gcp"
        in told(change, PRIVATE_IN_GOOGLE)
    )


def test_a_private_name_asks_for_addresses_and_no_probe_in_one_message_each() -> None:
    metric = PRIVATE_IN_AWS["places"]["identity"]["metric"]
    targets = {
        "shop": {"target": "a.aws.acme.internal", "order": 1, "metric": {**metric, "name": "Other"}},
        "identity": {"target": "b.aws.acme.internal", "order": 2, "metric": metric},
    }
    assert told({f"{WWW}.places": targets}, PRIVATE_IN_AWS) == [
        f"{WWW}.places.{name}.target: {targets[name]['target']}: is a name, and a private name needs addresses; "
        "give its address"
        for name in targets
    ]
    assert told({f"{WWW}.check": {"protocol": "tcp"}}, PRIVATE_IN_AWS) == [
        f"{WWW}.check.protocol: tcp: means nothing here: an alarm tells the health of a private name; leave it out"
    ]


@pytest.mark.parametrize(
    "record",
    [
        order(2),
        order(4),
        WEIGHTED,
        {"policy": "geographic", "places": places(2)},
        {"policy": "geographic", "places": places(4)},
    ],
)
def test_what_google_can_do_is_accepted(record: dict[str, Any]) -> None:
    assert told({}, record, "gcp") == []


def test_private_names_are_accepted_and_their_cloud_found_by_itself() -> None:
    assert told({}, PRIVATE_IN_AWS) == []
    assert told({}, PRIVATE_IN_GOOGLE) == []


MISTAKES: list[Any] = [
    (
        "no network",
        {f"{WWW}.places.stroe": {"address": "203.0.113.9", "order": 3}},
        order(2),
        f"{WWW}.places.stroe: is no network; did you mean store?",
    ),
    ("one place", {}, order(1), f"{WWW}.places: shop: failover needs a second place; add another place"),
    (
        "one place, weighted",
        {},
        {"policy": "weighted", "places": places(1)},
        f"{WWW}.places: shop: weighted chooses among two places or more",
    ),
    (
        "weights of nothing",
        {},
        {"policy": "weighted", "places": places(2, "weight", [0, 0])},
        f"{WWW}.places: have weights that sum to nothing; give at least one",
    ),
    (
        "weight too large",
        {f"{SHOP}.weight": 256},
        WEIGHTED,
        f"{SHOP}.weight: 256: is more than Route 53 takes, 255; divide",
    ),
    (
        "weight where nothing is weighted",
        {f"{SHOP}.weight": 3},
        order(2),
        f"{SHOP}.weight: 3: means nothing where the policy is active-passive; leave it out, or use weighted",
    ),
    (
        "order where there is none",
        {f"{SHOP}.order": 1},
        WEIGHTED,
        f"{SHOP}.order: 1: means nothing where the policy is weighted",
    ),
    (
        "serves where nobody is chosen by place",
        {f"{SHOP}.serves": ["EU", "*"]},
        WEIGHTED,
        f"{SHOP}.serves: EU, *: means nothing",
    ),
    ("no order", {f"{SHOP}.order": LEFT_OUT}, order(2), f"{SHOP}.order: is missing; say 1 for the active"),
    ("order twice", {f"{SHOP}.order": 2}, order(2), f"{WWW}.places.store.order: 2: is that of {SHOP} as well"),
    (
        "nobody serves the others",
        {f"{SHOP}.serves": ["NA"]},
        geographic(2),
        f"{WWW}.places: leave out whoever is on no list: no place serves '*'",
    ),
    (
        "two serve the others",
        {f"{WWW}.places.store.serves": ["*"]},
        geographic(2),
        f"{WWW}.places.store.serves: *: is served by {SHOP} already",
    ),
    (
        "serves nobody",
        {f"{WWW}.places.store.serves": []},
        geographic(2),
        f"{WWW}.places.store.serves: is missing, and the place would serve nobody",
    ),
    (
        "no country",
        {f"{WWW}.places.store.serves": ["UK"]},
        geographic(2),
        f"{WWW}.places.store.serves: UK: is neither continent nor country",
    ),
    ("path for tcp", {f"{WWW}.check.path": "/"}, TCP, f"{WWW}.check.path: /: means nothing to tcp"),
    (
        "no port for tcp",
        {f"{WWW}.check.port": LEFT_OUT},
        TCP,
        f"{WWW}.check.port: is missing, and tcp has no port of its own",
    ),
    (
        "private address",
        {f"{SHOP}.address": "10.0.0.9"},
        order(2),
        f"{SHOP}.address: 10.0.0.9: is private, and probes come from the internet; give the public address",
    ),
    (
        "shared address",
        {f"{SHOP}.address": "100.64.0.9"},
        order(2),
        f"{SHOP}.address: 100.64.0.9: is shared by customers",
    ),
    (
        "address of a supernet",
        {f"{SHOP}.address": "44.0.0.9", "addressing": {"supernets": {"onprem": ["10.48.0.0/12", "44.0.0.0/16"]}}},
        order(2),
        f"{SHOP}.address: 44.0.0.9: lies in addressing.supernets.onprem (44.0.0.0/16), which is private",
    ),
    (
        "neither address nor target",
        {f"{SHOP}.address": LEFT_OUT},
        order(2),
        f"{SHOP}: needs either an address or a target",
    ),
    (
        "address and target",
        {f"{SHOP}.target": "a.elb.example"},
        order(2),
        f"{SHOP}: needs either an address or a target",
    ),
    (
        "addresses and targets",
        {SHOP: {"target": "a.elb.example", "order": 1}},
        order(2),
        f"{WWW}.places: mix addresses (store) and targets (shop); a name has one type",
    ),
    (
        "the same place twice",
        {f"{SHOP}.address": ADDRESSES["store"]},
        order(2),
        f"{WWW}.places.store: 203.0.113.2: is what {SHOP} has as well",
    ),
    (
        "no public root",
        {"dns.public": LEFT_OUT},
        order(2),
        f"{WWW}: is a name for the internet, and there is no public root",
    ),
    (
        "name of a server",
        {"dns.records": {"dns-1": PRIVATE_IN_AWS}},
        order(2),
        "dns.records.dns-1: has the name of a DNS server of the zone",
    ),
    (
        "holds the private root",
        {"dns.private": "corp.www.acme.example"},
        order(2),
        f"{WWW}: www.acme.example: is, or holds, the private root corp.www.acme.example",
    ),
    (
        "another service than the zone's",
        {f"{WWW}.by": "gcp"},
        order(2),
        f"{WWW}.by: gcp: does not hold the public zone, aws does; one service answers for each name",
    ),
    (
        "private by Azure",
        {f"{WWW}.by": "azure"},
        PRIVATE_IN_AWS,
        f"{WWW}.by: azure: has no answers that follow health for private names; use aws",
    ),
    (
        "no network of who answers",
        {
            **NO_NETWORK_IN,
            f"{WWW}.by": "azure",
            f"{WWW}.places": {k: v for k, v in order(5)["places"].items() if k in ("shop", "store")},
        },
        order(2),
        f"{WWW}.by: azure: is to answer for www.acme.example, and no network is there",
    ),
    (
        "metric in public",
        {f"{SHOP}.metric": {"namespace": "a", "name": "b"}},
        order(2),
        f"{SHOP}.metric: is for an alarm, and only private names",
    ),
    (
        "load balancer in public",
        {f"{SHOP}.loadBalancer": {"port": 1}},
        order(2),
        f"{SHOP}.loadBalancer: is for Cloud DNS, for private names only",
    ),
    (
        "no metric",
        {f"{SHOP}.metric": LEFT_OUT},
        PRIVATE_IN_AWS,
        f"{SHOP}.metric: is missing: no probe reaches a private address",
    ),
    (
        "metric without a region",
        {f"{WWW}.places.identity.metric.region": LEFT_OUT},
        PRIVATE_IN_AWS,
        f"{WWW}.places.identity.metric.region: is missing, and networks.identity is not in AWS",
    ),
    (
        "metric in no region",
        {f"{SHOP}.metric.region": "eastus"},
        PRIVATE_IN_AWS,
        f"{SHOP}.metric.region: eastus: is no region of aws",
    ),
    (
        "interval of an alarm",
        {f"{WWW}.check": {"interval": 10}},
        PRIVATE_IN_AWS,
        f"{WWW}.check.interval: 10: means nothing here: a period of the alarm has 60 s",
    ),
    (
        "path of an alarm",
        {f"{WWW}.check": {"path": "/x"}},
        PRIVATE_IN_AWS,
        f"{WWW}.check.path: /x: means nothing here: an alarm tells the health",
    ),
    (
        "alarm over budget",
        {f"{WWW}.budget": LEFT_OUT},
        PRIVATE_IN_AWS,
        f"{WWW}: 210 s: is over the budget of 100 s: 2 x 60 + 60 + 30 = 210 s",
    ),
    (
        "no load balancer",
        {f"{WWW}.places.models.loadBalancer": LEFT_OUT},
        PRIVATE_IN_GOOGLE,
        f"{WWW}.places.models.loadBalancer: is missing: Cloud DNS tells the health",
    ),
    (
        "place elsewhere than Google",
        {f"{WWW}.by": "gcp", SHOP: {"address": "10.0.0.9", "order": 3, "loadBalancer": {"port": 1}}},
        PRIVATE_IN_GOOGLE,
        f"{SHOP}: shop: is in aws, and Cloud DNS knows only the health of Google's own",
    ),
    (
        "target that follows health",
        {
            SHOP: {"target": "a.trafficmanager.net", "order": 1},
            f"{WWW}.places.store": {"target": "b.elb.example", "order": 2},
        },
        order(2),
        f"{SHOP}.target: a.trafficmanager.net: follows health itself: two verdicts in a row",
    ),
    (
        "target that is a record",
        {
            SHOP: {"target": "www.acme.example", "order": 1},
            f"{WWW}.places.store": {"target": "b.elb.example", "order": 2},
        },
        order(2),
        f"{SHOP}.target: www.acme.example: follows health itself",
    ),
    (
        "private target",
        {
            SHOP: {"target": "shop.aws.acme.internal", "order": 1},
            f"{WWW}.places.store": {"target": "b.elb.example", "order": 2},
        },
        order(2),
        f"{SHOP}.target: shop.aws.acme.internal: is a private name, and probes come from the internet",
    ),
    (
        "name of a service",
        {"services.www": {"port": 443, "runsIn": ["shop"], "public": {}}},
        order(2),
        f"{WWW}: www.acme.example: is the public name of services.www as well",
    ),
]


@pytest.mark.parametrize(
    ("change", "record", "message"),
    [pytest.param(*rest, id=id) for id, *rest in MISTAKES],  # noqa: A001 - pytest's own word
)
def test_a_mistake_is_told_where_it_is_and_with_a_remedy(
    change: dict[str, Any], record: dict[str, Any], message: str
) -> None:
    found = told(change, record)
    assert len(found) == 1, found
    assert found[0].startswith(message), found[0]
    assert "; " in found[0]


GOOGLE: list[Any] = [
    (
        "interval",
        {f"{WWW}.check": {"interval": 10}},
        order(2),
        f"{WWW}.check.interval: 10: is shorter than Cloud DNS looks, every 30 s; use 30, or by: azure",
    ),
    (
        "latency",
        {},
        {"policy": "latency", "places": places(2)},
        f"{WWW}.policy: latency: is nothing that Cloud DNS chooses by; use geographic",
    ),
    (
        "serves",
        {f"{SHOP}.serves": ["EU"]},
        {"policy": "geographic", "places": places(2)},
        f"{SHOP}.serves: EU: means nothing to Cloud DNS",
    ),
    (
        "target",
        {SHOP: {"target": "a.elb.example", "order": 1}, f"{WWW}.places.store": {"target": "b.elb.example", "order": 2}},
        order(2),
        f"{SHOP}.target: a.elb.example: is a name, and Cloud DNS needs addresses",
    ),
    (
        "two of a region in a signed zone",
        {"dns.public.signed": True, f"{WWW}.places": {k: v for k, v in order(5)["places"].items() if k != "erp"}},
        order(2),
        f"{WWW}.places.analytics: is as near to us-east4 as identity; a signed zone takes one",
    ),
]


@pytest.mark.parametrize(
    ("change", "record", "message"),
    [pytest.param(*rest, id=id) for id, *rest in GOOGLE],  # noqa: A001 - pytest's own word
)
def test_what_google_cannot_do_is_told_with_what_to_use(
    change: dict[str, Any], record: dict[str, Any], message: str
) -> None:
    assert any(problem.startswith(message) for problem in told(change, record, "gcp")), told(change, record, "gcp")


def test_antarctica_has_no_group_in_traffic_manager() -> None:
    change = {f"{WWW}.by": "azure", f"{WWW}.places.store.serves": ["EU", "AN"]}
    assert told(change, geographic(2)) == [
        f"{WWW}.places.store.serves: AN: has no group in Traffic Manager; leave it to '*'"
    ]
    assert told({f"{WWW}.places.store.serves": ["EU", "AN"]}, geographic(2)) == []


def test_all_mistakes_are_told_at_once() -> None:
    change = {f"{SHOP}.address": "10.0.0.9", f"{WWW}.check": {"path": "x"}, f"{WWW}.places.store.order": 1}
    assert [problem.partition(": ")[0] for problem in told(change, order(2))] == [
        f"{SHOP}.address",
        f"{WWW}.places.store.order",
        f"{WWW}.check.path",
    ]


ODD: list[Any] = [None, 0, -1, 300, True, "", "x", "*", "10.0.0.9", "www.acme.example", [], ["EU"], {}, LEFT_OUT]


def paths(value: Any, at: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    yield at
    for key, child in value.items() if isinstance(value, dict) else ():
        yield from paths(child, f"{at}.{key}")


@pytest.mark.parametrize("record", [order(3), geographic(4), TCP, PRIVATE_IN_AWS, PRIVATE_IN_GOOGLE])
@pytest.mark.parametrize("host", ["aws", "azure", "gcp"])
def test_no_odd_value_ends_in_a_traceback(record: dict[str, Any], host: str) -> None:
    more = ("by", "private", "budget", "ttl", "check.path", "check.interval", "places.shop.weight", "places.nobody")
    given = {*paths(record, WWW), "networks.shop.region"}
    for path in {*given, *(f"{WWW}.{setting}" for setting in more), "dns.public.zone"}:
        for odd in ODD if path in given else ODD[:-1]:
            try:
                problems = told({path: odd}, record, host)
            except ConfigurationError as error:
                problems = [str(problem) for problem in error.problems]
            assert all("; " in problem for problem in problems)


def test_a_private_address_has_to_be_its_networks() -> None:
    estate = estate_of(with_record(PRIVATE_IN_AWS))
    assert list(rules.placed(estate)) == []
    ranges = {network.name: network.cidr for network in estate.networks}
    with pytest.raises(ConfigurationError) as caught:
        planned(changed({f"{SHOP}.address": INSIDE["identity"][:-1] + "8"}, with_record(PRIVATE_IN_AWS)))
    (problem,) = caught.value.problems
    assert (problem.where, problem.value) == (f"{SHOP}.address", INSIDE["identity"][:-1] + "8")
    assert str(ranges["shop"]) in problem.rule


def test_what_google_does_otherwise_is_a_warning() -> None:
    def warned(record: dict[str, Any], host: str) -> str:
        return "\n".join(rules.warnings(estate_of(with_record(record, host))))

    assert "chooses among standbys by distance, not by order" in warned(order(3), "gcp")
    assert "by distance" not in warned(order(2), "gcp")
    assert "disableInternetNetworkEndpointGroup" in warned(order(2), "gcp")
    assert warned(order(3), "aws") == ""
