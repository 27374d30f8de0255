"""Rules of metros against the regions where links land, which only the ledger knows: what it recorded stays."""

from collections.abc import Iterable, Iterator, Mapping

from planning.estate import Estate
from planning.links import metros
from planning.links.metros import FAR_KM, METROS
from planning.links.pairs import gateway_regions
from planning.links.requests import external_ends, parties_on_exchange
from planning.problems import Problem
from planning.settings import Cloud
from planning.settings.external import External

NEAR = 3
"""How many metros a remedy names."""


def problems(estate: Estate) -> Iterator[Problem]:
    """Yield the metros that are too far, or else those that stand in an order that AWS would not follow."""
    far = [*_far_metros(estate)]
    yield from far
    if not far:
        yield from _order(estate)
        yield from _ranks(estate)


def warnings(estate: Estate) -> Iterator[str]:
    """Yield the regions whose place is not known."""
    chosen = _metros(estate)
    for cloud, region in _landed(estate, parties_on_exchange(estate.settings)).items():
        if chosen and all(metros.distance(metro, cloud, region) is None for metro in chosen):
            yield f"links.exchange.metros: how far {cloud} {region} is from any metro is not known here; check it"


def _metros(estate: Estate) -> list[str]:
    exchange = estate.settings.links.exchange if estate.settings.links else None
    return list(exchange.metros) if exchange and parties_on_exchange(estate.settings) else []


def _middles(estate: Estate) -> Mapping[str, External]:
    return estate.settings.links.external if estate.settings.links else {}


def _landed(estate: Estate, parties: Iterable[str]) -> Mapping[str, str]:
    """Map each cloud among some parties to the region where its links land."""
    return {cloud: estate.gateway_region(Cloud(cloud)) for cloud in sorted({*parties} & {*Cloud})}


def _far_metros(estate: Estate) -> Iterator[Problem]:
    landed = _landed(estate, parties_on_exchange(estate.settings))
    yield from _far(estate, "links.exchange.metros", _metros(estate), landed)
    middles, ends = _middles(estate), external_ends(estate.settings)
    for name, middle in middles.items():
        yield from _far(estate, f"links.external.{name}.metro", [middle.metro], _landed(estate, ends[name]))


def _far(estate: Estate, path: str, chosen: Iterable[str], landed: Mapping[str, str]) -> Iterator[Problem]:
    for metro in chosen:
        away = {cloud: metros.distance(metro, cloud, region) for cloud, region in landed.items()}
        too_far = {cloud: km for cloud, km in away.items() if km is not None and km > FAR_KM}
        if too_far:
            there = " and ".join(f"{km:,.0f} km from {landed[cloud]} of {cloud}" for cloud, km in too_far.items())
            near = metros.nearest(*next((cloud, landed[cloud]) for cloud in too_far))
            anew = " and ".join(_commands(estate, metro, too_far))
            otherwise = f", or destroy the links there, then run {anew} to let them land nearer" if anew else ""
            remedy = f"use a metro near it, such as {', '.join(near[:NEAR])}{otherwise}"
            yield Problem(path, metro, f"is {there}, where circuits end", remedy)


def _commands(estate: Estate, metro: str, clouds: Iterable[str]) -> Iterator[str]:
    """Yield what lets links land anew, for clouds whose region would then be near."""
    homes = {str(cloud): estate.held.fixed[f"{cloud}/home-region"] for cloud, _ in estate.places}
    chosen_now = gateway_regions(estate.settings, homes, {})
    for cloud in clouds:
        km = metros.distance(metro, cloud, chosen_now[cloud])
        if km is None or km <= FAR_KM:
            stack = estate.held.stack.rpartition("/")[2]
            yield f"python -m planning release {cloud}/gateway-region --stack {stack}"


def _order(estate: Estate) -> Iterator[Problem]:
    """Refuse metros that AWS would take in another order.

    Of several ways it takes those by locations of the Transit Gateway's own region first, and compares what the
    exchange announces only among those, or where there are none.
    """
    region = _landed(estate, parties_on_exchange(estate.settings)).get(Cloud.AWS)
    chosen = _metros(estate) if region else []
    ordered = sorted(chosen, key=lambda metro: METROS[metro].aws_region != region)
    if ordered != chosen:
        first = next(metro for metro in chosen if METROS[metro].aws_region != region)
        own = [metro for metro in ordered if METROS[metro].aws_region == region]
        rule = (
            f"stands before {own[-1]}, whose Direct Connect locations belong to {region}, where AWS's links land: AWS"
            " prefers those, whatever path is announced, and the two directions would differ"
        )
        yield Problem("links.exchange.metros", first, rule, f"put {' and '.join(own)} first: [{', '.join(ordered)}]")


def _ranks(estate: Estate) -> Iterator[Problem]:
    """Refuse the same of middles that bring AWS the same parties."""
    middles, ends = _middles(estate), external_ends(estate.settings)
    met = {name: reached[Cloud.AWS] for name, reached in ends.items() if Cloud.AWS in reached}
    ranked = sorted(met, key=lambda name: middles[name].rank)
    region = estate.gateway_region(Cloud.AWS) if ranked else ""
    own = {name for name in ranked if _location(middles[name]) == region}
    for place, name in enumerate(ranked):
        later = (other for other in ranked[place + 1 :] if other in own and {*met[name]} & {*met[other]})
        preferred = next(later, None)
        if name not in own and preferred is not None:
            rule = (
                f"comes before links.external.{preferred}, whose Direct Connect location belongs to {region}, where"
                " AWS's links land: AWS prefers that one, whatever path is announced, and the two directions would"
                " differ"
            )
            rank = str(middles[name].rank)
            yield Problem(f"links.external.{name}.rank", rank, rule, f"give {preferred} a lower rank")


def _location(middle: External) -> str | None:
    """Name the region that a middle's Direct Connect location belongs to."""
    given = middle.aws.region if middle.aws else None
    return given or METROS[middle.metro].aws_region
