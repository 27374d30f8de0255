"""What services take of text, numbers, lengths and addresses, and what is refused before they see it."""

from typing import Any

import pytest

from tests.planning.records import (
    ADDRESSES,
    PRIVATE_IN_AWS,
    PRIVATE_IN_GOOGLE,
    geographic,
    order,
    places,
    read,
    told,
)

WWW = "dns.records.www"
SHOP = f"{WWW}.places.shop"
MODELS = f"{WWW}.places.models"
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
ZONE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/names/providers/Microsoft.Network/dnsZones/acme.example"
UNKNOWN = "is a country that Route 53 is said to know no location for"
PARENT = ".".join(["a" * 60] * 3)


@pytest.mark.parametrize(
    "zone",
    [
        ZONE,
        ZONE.lower(),
        ZONE.replace("resourceGroups", "RESOURCEGROUPS").replace("Network", "network"),
        ZONE.replace("acme.example", "Acme.Example"),
        ZONE.replace("names", "names_(of-all).1"),
    ],
)
def test_azures_ids_are_read_in_any_case(zone: str) -> None:
    assert told({"dns.public.zone": zone}, order(2), "azure") == []


@pytest.mark.parametrize(
    ("zone", "message"),
    [
        (
            ZONE.replace("1111-2222", "1111-9999"),
            "dns.public.zone: 11111111-9999-3333-4444-555555555555: is in another subscription than accounts.azure",
        ),
        (
            ZONE.replace("acme.example", "www.acme.example"),
            "dns.public.zone: www.acme.example: is the name of another zone than dns.public.name, acme.example; name",
        ),
        (ZONE.replace(SUBSCRIPTION, "1"), "dns.public.zone: /subscriptions/1/"),
        (ZONE.replace("names", "na mes"), f"dns.public.zone: /subscriptions/{SUBSCRIPTION}/resourceGroups/na mes/"),
        (ZONE.replace("names", "na\tmes"), "dns.public.zone: "),
        (ZONE.replace("names", "nämes"), "dns.public.zone: "),
        (ZONE.replace("names", "a/b"), "dns.public.zone: "),
        (f"{ZONE}\n", "dns.public.zone: "),
        (f"{ZONE}/A/www", "dns.public.zone: "),
        ("", "dns.public.zone: "),
    ],
)
def test_another_zone_in_azure_is_refused_with_what_differs(zone: str, message: str) -> None:
    (problem,) = told({"dns.public.zone": zone}, order(2), "azure")
    assert problem.startswith(message)
    if "another" not in message:
        assert "is no zone of azure; write its resource id" in problem


@pytest.mark.parametrize(
    ("host", "zone"), [("aws", "acme.example"), ("aws", "Z0123\n"), ("gcp", "Acme"), ("gcp", "acme zone"), ("aws", "")]
)
def test_another_form_of_zone_is_refused(host: str, zone: str) -> None:
    (problem,) = told({"dns.public.zone": zone}, order(2), host)
    assert f"is no zone of {host}; write " in problem


@pytest.mark.parametrize("host", ["aws", "azure", "gcp"])
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("healthz", "healthz: does not start with a slash; write /healthz"),
        ("/health z", "'/health z': has more in it than printable ASCII"),
        ("/healthz#top", "'/healthz#top': has more in it"),
        ("/healthz\n", "'/healthz\\n': has more in it"),
        ("/h\x7f", "'/h\\x7f': has more in it"),
        ("/gesünd", "'/ges\\xfcnd': has more in it"),
        ("/" + "a" * 255, "/aaaaaaaaaaaaaaaaaaa...: is longer than the 255 characters"),
    ],
)
def test_a_path_is_what_every_probe_can_ask_for(host: str, path: str, message: str) -> None:
    (problem,) = told({f"{WWW}.check": {"path": path}}, order(2), host)
    assert problem.startswith(f"{WWW}.check.path: {message}")


@pytest.mark.parametrize("path", ["/", '/a"b$c?d=%20&e=~!', "/" + "a" * 254])
def test_a_path_may_hold_all_else(path: str) -> None:
    assert told({f"{WWW}.check": {"path": path}}, order(2)) == []


@pytest.mark.parametrize(
    "target", ["elb", "elb.", "a.elb.example\n", "a_b.elb.example", "A.elb.example", f"a.{PARENT}.{PARENT}.example", 5]
)
def test_a_target_is_a_domain_name_as_roots_are(target: object) -> None:
    record = {"policy": "weighted", "places": {"shop": {"target": target}, "store": {"target": "b.elb.example"}}}
    (problem,) = read({}, record)
    assert problem.startswith(f"{SHOP}.target: ")
    assert "; write " in problem


@pytest.mark.parametrize("root", ["acme.example\n", "acme.example.", "acme"])
def test_roots_have_neither_line_breaks_nor_trailing_dots(root: str) -> None:
    (problem,) = read({"dns.public.name": root}, order(2))
    assert problem.startswith("dns.public.name: ")


def test_a_name_and_its_helper_names_are_253_characters_at_most() -> None:
    def root(length: int) -> str:
        return f"{PARENT}.{'b' * (length - len(PARENT) - len('.example') - 1)}.example"

    assert len(root(253)) == 253
    for record, host, most in (
        (order(2), "aws", 249),
        (order(3), "aws", 246),
        (geographic(2), "aws", 246),
        (order(3), "gcp", 249),
    ):
        assert told({"dns.public.name": root(most)}, record, host) == []
        (problem,) = told({"dns.public.name": root(most + 1)}, record, host)
        assert "has 254 characters, and a domain name has 253 at most; use a shorter name" in problem


def test_the_active_place_of_a_signed_zone_shares_no_item_whatever_its_number() -> None:
    near = {"analytics": 3, "identity": 5, "store": 9}
    chosen = {name: {"address": ADDRESSES[name], "order": number} for name, number in near.items()}
    record = {"policy": "active-passive", "places": chosen}
    assert told({"dns.public.signed": True}, record, "gcp") == []
    chosen["store"]["order"] = 1
    (problem,) = told({"dns.public.signed": True}, record, "gcp")
    assert "a signed zone takes one place for each region" in problem


@pytest.mark.parametrize("code", ["BV", "CX", "EH", "HM"])
def test_countries_that_route_53_is_said_not_to_know_are_left_to_others(code: str) -> None:
    change = {f"{WWW}.places.store.serves": ["EU", code]}
    assert told(change, geographic(2)) == [f"{WWW}.places.store.serves: {code}: {UNKNOWN}; leave it to '*'"]
    assert told({**change, f"{WWW}.by": "azure"}, geographic(2)) == []
    private = {
        f"{WWW}.policy": "geographic",
        f"{WWW}.places": {
            name: {"address": place["address"], "metric": place["metric"], "serves": serves}
            for (name, place), serves in zip(PRIVATE_IN_AWS["places"].items(), (["*"], [code]), strict=True)
        },
    }
    (problem,) = told(private, PRIVATE_IN_AWS)
    assert problem.startswith(f"{WWW}.places.identity.serves: {code}: ")


WEIGHTED = {"policy": "weighted", "places": places(2, "weight", [1, 1])}


@pytest.mark.parametrize("odd", [True, "30", 30.5])
@pytest.mark.parametrize(
    ("path", "record"),
    [
        (f"{SHOP}.weight", WEIGHTED),
        (f"{SHOP}.order", order(2)),
        (f"{WWW}.ttl", order(2)),
        (f"{WWW}.budget", order(2)),
        (f"{WWW}.check.port", order(2)),
        (f"{WWW}.check.failures", order(2)),
        (f"{WWW}.check.interval", order(2)),
        (f"{MODELS}.loadBalancer.port", PRIVATE_IN_GOOGLE),
    ],
)
def test_numbers_are_whole_and_without_quotes(path: str, record: dict[str, Any], odd: object) -> None:
    (problem,) = read({path: odd}, record)
    assert problem.startswith(f"{path}: ")
    assert "must be a whole number; write digits, without quotes" in problem or "not one of the choices" in problem
