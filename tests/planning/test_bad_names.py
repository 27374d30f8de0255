"""Mistakes in the settings of names: each is told once, where it is, with a remedy."""

import re
from pathlib import Path
from typing import Any

import pytest

from planning.ledger import Ledger
from planning.plan import make_plan
from planning.problems import ConfigurationError
from planning.release import release
from tests.planning.configurations import STACK, changed, held, planned, settings_of
from tests.planning.named import named
from tests.planning.test_bad_inputs import Bad, bad, refused

ROOT = {"dns": {"private": "acme.internal"}}


def roots(private: Any = "acme.internal", public: Any = None, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"dns": {"private": private, **({"public": public} if public else {}), **rest}}


def service(**settings: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return roots(privateServices={"files": settings})


@pytest.mark.parametrize(
    "case",
    [
        bad("no private root", "dns.private: is missing; add it", {"dns": {"public": "acme.example"}}),
        bad("one label", "dns.private: internal: is a single label, ...; write... acme.internal", roots("internal")),
        bad("one label with a dot", "dns.private: internal.: is a single label, ...; write...", roots("internal.")),
        bad(
            "trailing dot",
            "dns.private: acme.internal.: has a trailing dot or capital letters; write acme.internal; each provider...",
            roots("acme.internal."),
        ),
        bad(
            "trailing dots",
            "dns.private: acme.internal..: has a trailing dot...; write acme.int...",
            roots("acme.internal.."),
        ),
        bad(
            "trailing dot of the public root", "dns.public.name: acme.example.: has a...", roots(public="acme.example.")
        ),
        bad("capital letters", "dns.private: Acme.Internal: has...; write acme.internal; ...", roots("Acme.Internal")),
        bad("empty label", "dns.private: acme..internal: is not a domain name; ...", roots("acme..internal")),
        bad("underscore", "dns.private: my_net.internal: is not a domain name; ...", roots("my_net.internal")),
        bad("number", "dns.private: 10: is not a domain name; write it as text, ...", roots(10)),
        bad("too long", "dns.private: ...: is not a domain name; ...", roots(".".join(["a" * 60] * 5))),
        bad(".local", "dns.private: acme.local: lies in local, which belongs to multicast DNS...", roots("acme.local")),
        bad("AWS's own names", "dns.private: x.ec2.internal: lies in ec2.internal, which...", roots("x.ec2.internal")),
        bad(
            "Google's own", "dns.private: google.internal: lies in google.internal, which...", roots("google.internal")
        ),
        bad("reverse", "dns.private: 10.in-addr.arpa: lies in arpa, which...", roots("10.in-addr.arpa")),
        bad(
            "public root equal to the private one",
            "dns.public: acme.internal: is the private root as well, ...; use another private root, as...",
            roots(public="acme.internal"),
        ),
        bad(
            "private root in a signed public one",
            "dns.private: corp.acme.example: lies in acme.example, which is signed: validating resolvers refuse...",
            roots("corp.acme.example", {"name": "acme.example", "signed": True}),
        ),
        bad(
            "public root that a private zone hides",
            "dns.public: shop.aws.acme.internal: lies in the private zone aws.acme.internal, which hides it...",
            roots(public="shop.aws.acme.internal"),
        ),
        bad(
            "host without an account",
            "dns.public.host: gcp: hosts the public zone, and has no account here; add accounts.gcp, or choose another",
            {
                **roots(public={"name": "acme.example", "host": "gcp"}),
                "accounts.gcp": None,
                "networks": {"shop": {"cloud": "aws", "region": "us-east-1", "size": 18, "segment": "apps"}},
            },
        ),
        bad(
            "unknown host",
            "dns.public.host: route53: is not one of the choices; known: aws, azure, gcp",
            roots(public={"name": "acme.example", "host": "route53"}),
        ),
        bad("unknown key", "dns.root: root is not a setting here; ...", roots(root="acme.internal")),
        bad(
            "service that is not known",
            "dns.privateServices.files.service: blobs: is no service of azure whose...; did you mean blob?",
            service(cloud="azure", service="blobs"),
        ),
        bad(
            "service as its endpoint is called",
            "dns.privateServices.files.service: com.amazonaws.us-east-1.sqs: is not how host names call a service; ...",
            service(cloud="aws", service="com.amazonaws.us-east-1.sqs", region="us-east-1", addresses=["10.1.128.9"]),
        ),
        bad(
            "service with a space",
            "dns.privateServices.files.service: s 3: is not how host names call a service; write...",
            service(cloud="aws", service="s 3", region="us-east-1", addresses=["10.1.128.9"]),
        ),
        bad(
            "service of AWS without a region",
            "dns.privateServices.files.region: is missing, and the names of this service hold one; give the region",
            service(cloud="aws", service="s3", addresses=["10.1.128.9"]),
        ),
        bad(
            "service in no region",
            "dns.privateServices.files.region: us-east-9: is no region of aws; did you mean us-east-2?",
            service(cloud="aws", service="s3", region="us-east-9", addresses=["10.1.128.9"]),
        ),
        bad(
            "service of AWS without addresses",
            "dns.privateServices.files.addresses: are missing, and a zone without them would hide...",
            service(cloud="aws", service="s3", region="us-east-1"),
        ),
        bad(
            "addresses of Azure's",
            "dns.privateServices.files.addresses: 10.16.0.9: are given, but private endpoints of Azure's write...",
            service(cloud="azure", service="blob", addresses=["10.16.0.9"]),
        ),
        bad(
            "service outside of all networks",
            "dns.privateServices.files.addresses: 10.1.0.9: lies in no network of aws, ...; put the endpoint...",
            service(cloud="aws", service="s3", region="us-east-1", addresses=["10.1.0.9"]),
        ),
        bad(
            "one service twice",
            "dns.privateServices.more: has the zone privatelink.blob.core.windows.net, as dns.privateServices.files...",
            roots(privateServices={name: {"cloud": "azure", "service": "blob"} for name in ("files", "more")}),
        ),
    ],
)
def test_a_mistake_is_told_once_where_it_is_and_with_a_remedy(case: Bad, tmp_path: Path) -> None:
    error = refused(case, tmp_path)
    assert len(error.problems) == 1, str(error)
    (problem,) = error.problems
    assert re.fullmatch(".*".join(map(re.escape, case.message.split("..."))), str(problem)), str(problem)


def told(changes: dict[str, Any], ledger: Ledger | None = None) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        planned(named(changes), ledger)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (["10.32.252.2"], "dns.googleEntryPoints: has none in 10.32.253.0/28"),
        (["10.32.252.2", "10.32.252.3"], "10.32.252.3: lies in one subnet with 10.32.252.2"),
        (["10.32.252.2", "10.32.253.1"], "10.32.253.1: is an address that Google keeps"),
        (["10.32.252.2", "10.32.128.2"], "10.32.128.2: lies in no subnet where Google answers"),
    ],
)
def test_entry_points_are_one_in_each_subnet_where_google_answers(given: list[str], rule: str) -> None:
    found = told({"dns.googleEntryPoints": given})
    assert any(rule in problem for problem in found)
    assert all("give what Google shows" in problem for problem in found)


def test_entry_points_without_google_are_refused() -> None:
    shop = {"cloud": "aws", "region": "us-east-1", "size": 18, "segment": "apps"}
    assert told({"networks": {"shop": shop}, "dns.googleEntryPoints": ["10.32.252.2"]}) == [
        "dns.googleEntryPoints: 10.32.252.2: are given, and no network is in gcp; leave them out"
    ]


def test_a_root_that_hides_a_private_service_is_refused_with_both_sides() -> None:
    found = told(
        {
            "dns": {
                "private": "azurecr.io",
                "privateServices": {"images": {"cloud": "azure", "service": "container-registry"}},
            }
        }
    )
    assert "in aws the longer zone aws.azurecr.io hides a part of azurecr.io, which it forwards" in "\n".join(found)


def beside_prod(private: str, public: Any = None) -> list[str]:  # noqa: ANN401 - any JSON
    """Plan `prod` in a ledger, then `dev` with these roots."""
    network = {"cloud": "aws", "region": "us-east-1", "size": 20, "segment": "apps"}
    prod = changed({"environment": "prod", "networks": {"till": network}, "sites": {}, **roots(public="acme.example")})
    ledger = planned(prod, stack="acme/prod")[1]
    settings = settings_of(changed({"networks": {"shop": network}, "sites": {}, **roots(private, public)}))
    try:
        make_plan(settings, ledger, STACK, {})
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems]
    return []


@pytest.mark.parametrize("private", ["acme.internal", "dev.aws.acme.internal", "onprem.acme.internal"])
def test_a_private_root_that_meets_another_environments_is_refused(private: str) -> None:
    [problem] = beside_prod(private)
    assert "meets acme.internal, the private root of environment prod" in problem


def test_a_private_root_beside_the_zones_of_another_environment_is_none_of_its_names() -> None:
    assert beside_prod("dev.acme.internal") == []
    assert beside_prod("other.internal") == []


def test_one_stack_makes_a_public_zone_and_others_name_the_one_that_is_there() -> None:
    [problem] = beside_prod("dev.acme.internal", "acme.example")
    assert "acme.example: is the public root of environment prod, whose stack makes the zone" in problem
    assert beside_prod("dev.acme.internal", {"name": "acme.example", "zone": "Z0123456789ABC"}) == []
    assert beside_prod("dev.acme.internal", "dev.acme.example") == []


def test_a_root_stays_until_it_is_released() -> None:
    _, ledger = planned(named())
    [problem] = told({"dns.private": "corp.internal"}, ledger)
    assert problem.startswith("dns.private: corp.internal: contradicts the ledger, where dns/private is acme.internal")
    assert "run python -m planning release dns/private" in problem
    assert release(ledger, STACK, "dns/private") == ["fixed dns/private: acme.internal"]
    assert held(planned(named({"dns.private": "corp.internal"}), ledger)[1]).fixed["dns/private"] == "corp.internal"
