"""Configurations drawn at random, and what people do to them."""

from typing import Any

from hypothesis import strategies as st

from planning.ledger import Ledger
from planning.release import release
from tests.planning.configurations import STACK, Config, with_networks

REGIONS = {"aws": ("us-east-1", "us-west-1"), "azure": ("eastus", "westus2"), "gcp": ("us-east4", "us-central1")}
FIRST_BLOCK = {"aws": 0, "azure": 16, "gcp": 32}

Network = dict[str, Any]


@st.composite
def placed_networks(draw: st.DrawFn) -> Network:
    """Draw a network that the ledger finds a range for."""
    cloud = draw(st.sampled_from(sorted(REGIONS)))
    network: Network = {
        "cloud": cloud,
        "region": draw(st.sampled_from(REGIONS[cloud])),
        "size": draw(st.integers(16, 24)),
        "segment": draw(st.sampled_from(["apps", "shared"])),
        "nat": draw(st.sampled_from(["none", "one"])),
    }
    if draw(st.integers(0, 3)) == 0:
        network["kubernetes"] = {"pods": draw(st.integers(16, 22)), "services": draw(st.integers(16, 24))}
    return network


@st.composite
def adopted_networks(draw: st.DrawFn) -> Network:
    """Draw a network that has its range already, often where the ledger would have put something."""
    network = draw(placed_networks())
    length = network.pop("size")
    block = FIRST_BLOCK[network["cloud"]] + draw(st.integers(0, 3))
    return {
        **network,
        "cidr": f"10.{block}.{draw(st.sampled_from([0, 128]) if length > 16 else st.just(0))}.0/{length}",
    }


NAMES = st.sampled_from([f"n{number}" for number in range(6)])
RESERVED = st.one_of(
    st.builds("10.{}.{}.0/24".format, st.integers(0, 47), st.integers(0, 255)),
    st.builds("10.{}.0.0/16".format, st.integers(0, 47) | st.sampled_from([64, 80, 112])),
    st.builds("100.64.{}.0/20".format, st.sampled_from([0, 16, 32])),
)
STEPS = st.one_of(
    st.tuples(st.just("add"), NAMES, placed_networks()),
    st.tuples(st.just("add"), NAMES, placed_networks()),
    st.tuples(st.just("add"), NAMES, adopted_networks()),
    st.tuples(st.just("remove"), NAMES, st.none()),
    st.tuples(st.just("release"), NAMES, st.none()),
    st.tuples(st.just("reserve"), NAMES, RESERVED),
    st.tuples(st.just("reorder"), st.just(""), st.randoms(use_true_random=False)),
)
"""What, to which name, with what."""

PLACED = st.dictionaries(NAMES, placed_networks(), min_size=1, max_size=4)
NETWORKS = st.dictionaries(NAMES, placed_networks() | adopted_networks(), min_size=1, max_size=5)


def after(step: tuple[str, str, Any], config: Config, ledger: Ledger) -> Config:
    """Make the configuration that a step leads to; a release changes the ledger itself."""
    what, name, value = step
    networks = dict(config["networks"])
    addressing = {"reserved": {}, **config.get("addressing", {})}
    match what:
        case "add":
            networks[name] = value
        case "remove" if len(networks) > 1:
            networks.pop(name, None)
        case "release" if name not in networks:
            release(ledger, STACK, name)
        case "reserve":
            addressing = {**addressing, "reserved": {**addressing["reserved"], name: value}}
        case "reorder":
            order = list(networks)
            value.shuffle(order)
            networks = {key: dict(reversed(networks[key].items())) for key in order}
    return with_networks(networks, addressing=addressing)
