"""Claims about the reverse zones that hold an owner's addresses."""

from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from planning.names import reverse
from tests.planning.configurations import prefixes

SPACE = prefixes("10.0.0.0/12")


@st.composite
def ranges(draw: st.DrawFn) -> list[IPv4Network]:
    lengths = draw(st.lists(st.integers(12, 24), min_size=1, max_size=5))
    places = [(length, draw(st.integers(0, 2 ** (length - 12) - 1))) for length in lengths]
    return [IPv4Network((int(SPACE[0].network_address) + (at << (32 - length)), length)) for length, at in places]


@given(ranges())
def test_every_address_has_one_reverse_zone_that_is_the_owners(used: list[IPv4Network]) -> None:
    zones = reverse.zones(used, SPACE)
    for prefix in used:
        inside = [zone for zone in zones if zone.overlaps(prefix)]
        assert (
            any(prefix.subnet_of(zone) for zone in inside)
            or sum(z.num_addresses for z in inside) == prefix.num_addresses
        )
    assert all(zone.prefixlen % 8 == 0 and zone.subnet_of(SPACE[0]) for zone in zones)
    assert not any(one != other and one.overlaps(other) for one in zones for other in zones)


def test_zones_are_those_in_use_only() -> None:
    assert reverse.zones(prefixes("10.1.0.0/16", "10.9.0.0/18"), SPACE) == prefixes("10.1.0.0/16", "10.9.0.0/16")


def test_where_a_neighbour_may_have_addresses_a_zone_holds_none_of_them() -> None:
    zones = reverse.zones(prefixes("172.20.4.0/22"), prefixes("172.20.0.0/18"))
    assert zones == prefixes("172.20.4.0/24", "172.20.5.0/24", "172.20.6.0/24", "172.20.7.0/24")


def test_names_are_those_of_the_standard() -> None:
    assert reverse.domain(IPv4Network("10.17.0.0/16")) == "17.10.in-addr.arpa"
    assert reverse.domain(IPv4Network("10.0.0.0/8")) == "10.in-addr.arpa"
    assert reverse.pointer("10.17.224.4", "17.10.in-addr.arpa") == "4.224"
    assert reverse.pointer("10.17.224.4", "224.17.10.in-addr.arpa") == "4"
    assert reverse.key(IPv4Network("172.20.4.0/24")) == "reverse-172-20-4"
