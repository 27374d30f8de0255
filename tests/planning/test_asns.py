from itertools import combinations

import pytest

from planning.asns import POOLS, REFUSED, SPARE, pool_text, refusal, take

FROM_THE_REFERENCE = {
    0: "RFC 7607",
    7224: None,
    8075: "Microsoft",
    12076: "ExpressRoute",
    16550: "Google",
    23456: "RFC 6793",
    64496: "documentation",
    64511: "documentation",
    64512: "default of every AWS gateway",
    64600: "Equinix",
    65515: "Azure",
    65520: "Azure",
    65521: None,
    65535: "RFC 7300",
    65536: "documentation",
    65551: "documentation",
    65552: None,
    4294967295: "RFC 7300",
    64520: "transit gateway",
    64545: "direct connect gateway",
    64579: "cloud router",
    64620: "cloud wan",
    64580: None,
    64599: None,
    64700: None,
    4200000100: None,
}
"""`interconnect.md` F: number -> part of the reason why a site cannot have it, or None."""


@pytest.mark.parametrize(("asn", "reason"), FROM_THE_REFERENCE.items())
def test_a_number_is_refused_for_the_reason_in_the_reference(asn: int, reason: str | None) -> None:
    refused = refusal(asn)
    assert (refused is None) == (reason is None)
    assert reason is None or reason in (refused or "")


def test_no_pool_gives_out_a_number_that_somebody_refuses() -> None:
    for numbers in (*POOLS.values(), SPARE):
        assert not [asn for asn in numbers if any(asn in refused for refused in REFUSED)]


def test_pools_do_not_overlap_and_fit_azures_16_bits() -> None:
    pools = [*POOLS.values(), SPARE]
    assert not any(set(one) & set(other) for one, other in combinations(pools, 2))
    assert all(asn < 65536 for pool in pools for asn in pool)


def test_the_lowest_free_number_is_taken() -> None:
    assert take("transit-gateway", {64520, 64522}) == 64521


def test_spare_numbers_follow_a_full_pool_and_then_there_are_none() -> None:
    full = set(POOLS["cloud-router"])
    assert take("cloud-router", full) == 64640
    assert take("cloud-router", full | set(SPARE)) is None


def test_a_pool_is_shown_with_its_last_number() -> None:
    assert pool_text("site") == "64580-64599"
