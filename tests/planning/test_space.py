from collections.abc import Sequence
from ipaddress import IPv4Network, collapse_addresses
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.space import FreeSpace

TEN = IPv4Network("10.0.0.0/16")


def within(base: IPv4Network, lengths: st.SearchStrategy[int]) -> st.SearchStrategy[IPv4Network]:
    """Draw prefixes of some lengths inside a base."""
    first, size = int(base.network_address), base.num_addresses
    return st.builds(
        lambda offset, length: IPv4Network((first + offset % size, length), strict=False),
        st.integers(0, size - 1),
        lengths,
    )


PREFIXES = st.lists(within(IPv4Network("10.0.0.0/8"), st.integers(14, 20)), min_size=1, max_size=4).map(
    lambda prefixes: list(collapse_addresses(prefixes))
)
USED = st.lists(within(IPv4Network("10.0.0.0/8"), st.integers(10, 26)), max_size=8)
WISHES = st.lists(st.tuples(st.integers(14, 28), st.booleans()), max_size=20)


def size(blocks: Sequence[IPv4Network]) -> int:
    return sum(block.num_addresses for block in collapse_addresses(blocks))


@settings(deadline=None, max_examples=150)
@given(PREFIXES, USED, WISHES, st.lists(within(IPv4Network("10.0.0.0/8"), st.integers(12, 18)), max_size=3))
def test_blocks_never_overlap_never_leave_their_prefixes_and_nothing_is_lost(
    prefixes: list[IPv4Network],
    used: list[IPv4Network],
    wishes: list[tuple[int, bool]],
    avoid: list[IPv4Network],
) -> None:
    space = FreeSpace(prefixes, used)
    free_before = size(space.holes())
    given_out = [space.take_last(length) if at_end else space.take(length, avoid) for length, at_end in wishes]
    blocks = [block for block in given_out if block is not None]
    assert [block.prefixlen for block in blocks] == [
        length for (length, _), block in zip(wishes, given_out, strict=True) if block is not None
    ]
    assert not any(one.overlaps(other) for one, other in combinations(blocks, 2))
    assert not any(block.overlaps(taken) for block in blocks for taken in used)
    assert all(any(block.subnet_of(prefix) for prefix in prefixes) for block in blocks)
    assert not any(hole.overlaps(taken) for hole in space.holes() for taken in (*blocks, *used))
    assert size(blocks) + size(space.holes()) == free_before


@settings(deadline=None, max_examples=100)
@given(PREFIXES, USED)
def test_what_is_used_and_what_is_free_make_the_whole(prefixes: list[IPv4Network], used: list[IPv4Network]) -> None:
    taken = [
        block if block.subnet_of(prefix) else prefix for block in used for prefix in prefixes if block.overlaps(prefix)
    ]
    assert size(taken) + size(FreeSpace(prefixes, used).holes()) == size(prefixes)


@settings(deadline=None, max_examples=50)
@given(st.lists(within(TEN, st.integers(17, 22)), max_size=6), st.integers(18, 23))
def test_a_space_gives_out_as_many_blocks_as_fit_in_its_holes(used: list[IPv4Network], length: int) -> None:
    space = FreeSpace([TEN], used)
    fitting = sum(1 << (length - hole.prefixlen) for hole in space.holes() if hole.prefixlen <= length)
    count = 0
    while space.take(length) is not None:
        count += 1
    assert count == fitting
    assert space.take_last(length) is None


@settings(deadline=None, max_examples=50)
@given(st.data(), USED)
def test_the_order_of_what_is_used_does_not_matter(data: st.DataObject, used: list[IPv4Network]) -> None:
    other = data.draw(st.permutations(used))
    prefixes = [IPv4Network("10.0.0.0/9")]
    assert FreeSpace(prefixes, used).holes() == FreeSpace(prefixes, other).holes()


def test_the_tightest_hole_is_used_first() -> None:
    space = FreeSpace([TEN], [IPv4Network("10.0.0.0/18"), IPv4Network("10.0.80.0/20")])
    assert space.take(20) == IPv4Network("10.0.64.0/20"), "the /20 beside the used one, before any larger hole is cut"
    assert space.take(20) == IPv4Network("10.0.96.0/20")


def test_the_last_block_is_the_highest_of_all_holes() -> None:
    space = FreeSpace([TEN], [IPv4Network("10.0.255.0/24")])
    assert space.take_last(24) == IPv4Network("10.0.254.0/24")
    assert space.take_last(23) == IPv4Network("10.0.252.0/23")


def test_a_block_spans_no_two_prefixes_that_happen_to_touch() -> None:
    space = FreeSpace([IPv4Network("10.0.0.0/17"), IPv4Network("10.0.128.0/17")])
    assert space.take(16) is None
    assert space.take_last(16) is None


@pytest.mark.parametrize("length", [16, 18, 24])
def test_a_range_to_avoid_is_given_out_only_when_nothing_else_is_left(length: int) -> None:
    trap = IPv4Network("10.0.0.0/17")
    space = FreeSpace([IPv4Network("10.0.0.0/15")], [IPv4Network("10.0.128.0/17")])
    first = space.take(length, [trap])
    assert first is not None
    assert first.subnet_of(IPv4Network("10.1.0.0/16"))
    for block in iter(lambda: space.take(length, [trap]), None):
        if block.overlaps(trap):
            assert not [hole for hole in space.holes() if not hole.overlaps(trap) and hole.prefixlen <= length]


def test_a_block_beside_a_small_trap_in_one_hole_is_found() -> None:
    space = FreeSpace([TEN])
    assert space.take(18, [IPv4Network("10.0.10.0/24")]) == IPv4Network("10.0.64.0/18")


def test_added_space_is_free() -> None:
    space = FreeSpace([])
    assert space.take(24) is None
    space.add(TEN)
    assert space.holes() == [TEN]
    assert space.take(16) == TEN
