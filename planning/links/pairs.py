"""Which parties are joined, over what, and in which regions they meet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from planning.links import metros
from planning.places import regions_in_use
from planning.settings import Settings
from planning.settings.links import PairLinks, Transport

IN_THE_MIDDLE = (Transport.EXCHANGE, Transport.EXTERNAL)
"""What runs over circuits to a router in the middle, whoever provides it."""
PRIVATE = (Transport.DEDICATED, Transport.NATIVE, *IN_THE_MIDDLE)
"""What stays off the internet, and is preferred to tunnels by every cloud; in AWS all of it ends at a Direct Connect
gateway."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parties (`aws`, `azure`, `gcp`, or the name of a site; clouds first) and what joins them."""

    parties: tuple[str, str]
    primary: Transport | None
    """None: not joined."""
    backup: Transport | None

    @property
    def key(self) -> str:
        """Name the pair: `aws/gcp`."""
        return "/".join(self.parties)

    @property
    def transports(self) -> Sequence[Transport]:
        """List what the pair runs over, the preferred one first."""
        return tuple(transport for transport in (self.primary, self.backup) if transport is not None)


def clouds_in_use(settings: Settings) -> Sequence[str]:
    """List the clouds that have networks."""
    return sorted({network.cloud.value for network in settings.networks.values()})


def pair_key(settings: Settings, one: str, other: str) -> str:
    """Name a pair: clouds before sites, then by name."""
    return "/".join(sorted((one, other), key=lambda party: (party in settings.sites, party)))


def every_pair(settings: Settings) -> Iterator[Pair]:
    """Yield each pair of clouds, and of cloud and site, with what the settings say of it; joined or not."""
    if settings.links is None:
        return
    overrides = {
        pair_key(settings, *key.split("/", 1)) if "/" in key else key: override
        for key, override in settings.links.pairs.items()
    }
    clouds = clouds_in_use(settings)
    for parties in (*combinations(clouds, 2), *product(clouds, sorted(settings.sites))):
        by_party = (overrides[party] for party in reversed(parties) if party in overrides)
        chosen = overrides.get("/".join(parties), next(by_party, PairLinks()))
        primary = chosen.primary or settings.links.primary
        # What is the backup of all pairs may be the only link of one.
        same = settings.links.backup is primary
        backup = chosen.backup or (Transport.NONE if same else settings.links.backup)
        yield Pair(parties, _carrier(primary), _carrier(backup))


def joined(settings: Settings) -> Sequence[Pair]:
    """List the pairs that something joins."""
    return tuple(pair for pair in every_pair(settings) if pair.primary is not None)


def _carrier(transport: Transport | None) -> Transport | None:
    return None if transport is Transport.NONE else transport


def parties_over(settings: Settings, *transports: Transport) -> frozenset[str]:
    """List the parties that some of these end at."""
    wanted = {*transports}
    return frozenset(party for pair in joined(settings) if wanted & {*pair.transports} for party in pair.parties)


def metros_in_use(settings: Settings) -> Sequence[str]:
    """List where circuits meet, the preferred metro first: those of the exchange, then those of others."""
    links = settings.links
    if links is None:
        return ()
    external = sorted(links.external.values(), key=lambda middle: middle.rank)
    named = (*(links.exchange.metros if links.exchange else ()), *(middle.metro for middle in external))
    return tuple(dict.fromkeys(metro for metro in named if metro in metros.METROS))


def gateway_regions(settings: Settings, homes: Mapping[str, str], fixed: Mapping[str, str]) -> Mapping[str, str]:
    """Choose for each cloud the one region where all its links land; the cloud's own backbone does the rest.

    One region, whatever a link runs over, so that both directions take the same way, and a pair that moves from tunnels
    to circuits moves nothing else. With circuits it is the region nearest to their metros, without them those that are
    nearest to each other.

    Args:
        settings: the stack's.
        homes: cloud -> region that was built first; it is taken where nothing else decides.
        fixed: cloud -> region chosen before, which stays.
    """
    clouds = clouds_in_use(settings)
    meeting = metros_in_use(settings)
    candidates = [
        [fixed[cloud]] if cloud in fixed else [region for used, region in regions_in_use(settings) if used == cloud]
        for cloud in clouds
    ]
    if meeting:
        candidates = [
            [metros.landing(cloud, regions, meeting, homes[cloud])]
            for cloud, regions in zip(clouds, candidates, strict=True)
        ]

    def order(chosen: tuple[str, ...]) -> tuple[float, int, tuple[str, ...]]:
        places = tuple(zip(clouds, chosen, strict=True))
        apart = sum(metros.between(*one, *other) for one, other in combinations(places, 2))
        return apart, sum(homes[cloud] != region for cloud, region in places), chosen

    return dict(zip(clouds, min(product(*candidates), key=order), strict=True))
