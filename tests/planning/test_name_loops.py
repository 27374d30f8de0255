"""Claims about the walk of names: what is right passes, and each seeded mistake is told with both sides."""

from dataclasses import replace
from typing import Any

import pytest

from planning.names.loops import Asker, findings

PARTIES = ("aws", "azure", "gcp", "hq")
DOMAINS = {"aws": "aws.acme", "azure": "azure.acme", "gcp": "gcp.acme", "hq": "onprem.acme"}
RIGHT = {
    name: Asker(name, [DOMAINS[name]], {DOMAINS[other]: [other] for other in PARTIES if other != name})
    for name in PARTIES
}


def found(**changes: Any) -> list[str]:  # noqa: ANN401 - fields of an asker
    """Change a party (`aws={"forwards": ...}`, added to what it has) and look."""
    parties = dict(RIGHT)
    for name, change in changes.items():
        old = parties[name]
        forwards = {**old.forwards, **change.get("forwards", {})}
        parties[name] = replace(
            old, forwards=forwards, zones=[*old.zones, *change.get("zones", ())], public=change.get("public", ())
        )
    return list(findings(parties.values()))


def test_everybody_asks_every_owner_directly() -> None:
    assert found() == []


def test_a_party_that_asks_nobody_for_some_names_is_no_mistake() -> None:
    assert list(findings([RIGHT["aws"], replace(RIGHT["azure"], forwards={}), RIGHT["gcp"], RIGHT["hq"]])) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(
            {"aws": {"forwards": {"aws.acme": ["azure"]}}},
            "aws forwards aws.acme, which it answers for itself",
            id="own domain",
        ),
        pytest.param(
            {"hq": {"forwards": {".": ["aws"]}}, "aws": {"forwards": {"acme": ["hq"]}}},
            "any.acme: hq -> aws -> hq goes in a circle",
            id="default forwarder to a cloud that sends the root back",
        ),
        pytest.param(
            {"aws": {"forwards": {"acme": ["gcp"]}}, "gcp": {"forwards": {"acme": ["aws"]}}},
            "any.acme: aws -> gcp -> aws goes in a circle",
            id="two that send the root to each other",
        ),
        pytest.param(
            {
                "aws": {"forwards": {"lost": ["azure"]}},
                "azure": {"forwards": {"lost": ["gcp"]}},
                "gcp": {"forwards": {"lost": ["aws"]}},
            },
            "any.lost: aws -> azure -> gcp -> aws goes in a circle",
            id="a circle of three",
        ),
        pytest.param(
            {"aws": {"forwards": {"shop.gcp.acme": ["azure"]}}},
            "any.shop.gcp.acme: aws -> azure -> gcp is more than one hop",
            id="two hops",
        ),
        pytest.param(
            {"aws": {"zones": ["shop.azure.acme"]}},
            "in aws the longer zone shop.azure.acme hides a part of azure.acme, which it forwards",
            id="zone that hides a part of a forward",
        ),
        pytest.param(
            {"azure": {"zones": ["acme"]}},
            "in azure the zone acme and the forward of gcp.acme inside it hide each other",
            id="linked zone that hides a rule",
        ),
        pytest.param(
            {"gcp": {"zones": ["shop.gcp.acme"]}},
            "in gcp the longer zone shop.gcp.acme hides a part of the zone gcp.acme",
            id="zone hidden by a longer one",
        ),
        pytest.param(
            {"gcp": {"forwards": {"nobodys": ["hq"]}}},
            "any.nobodys: gcp -> hq, which knows nothing of it",
            id="owner that does not answer",
        ),
        pytest.param(
            {"hq": {"forwards": {".": ["aws"]}}},
            "hq forwards everything (.), and whoever is asked may ask back",
            id="everything",
        ),
    ],
)
def test_a_mistake_is_told_with_both_sides(change: dict[str, Any], told: str) -> None:
    assert told in found(**change)


def test_a_suffix_of_the_internet_leads_to_a_private_zone_in_one_hop() -> None:
    private = {"zones": ["privatelink.blob.example"], "public": ["blob.example"]}
    asking = {"forwards": {"blob.example": ["azure"]}}
    assert found(azure=private, aws=asking, gcp=asking, hq=asking) == []
    assert "any.blob.example: aws -> azure, which knows nothing of it" in found(aws=asking)
