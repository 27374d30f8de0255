"""Which parties are joined, over what, and in which regions they meet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from planning.links import metros
from planning.places import regions_in_use
from planning.settings import Settings
from planning.settings.links import PairLinks, Transport


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


def landing_regions(settings: Settings, pair: Pair, homes: Mapping[str, str]) -> Mapping[str, str]:
    """Map each cloud of a pair to the one region where its links land; the cloud's own backbone does the rest.

    One place for each pair, whatever it runs over, so that both directions take the same way. On the exchange that is
    the region nearest to the metros; without it the two nearest regions, and for a site the region of its cloud that
    faces the exchange, or the first that was built.

    Args:
        settings: the stack's.
        pair: of two parties.
        homes: cloud -> region that was built first.
    """
    clouds = [party for party in pair.parties if party not in settings.sites]
    if Transport.EXCHANGE in pair.transports or len(clouds) == 1:
        return {cloud: gateway_region(settings, cloud, homes) for cloud in clouds}
    one, other = clouds

    def order(regions: tuple[str, str]) -> tuple[float, int, tuple[str, str]]:
        away_from_home = (regions[0] != homes[one]) + (regions[1] != homes[other])
        return metros.between(one, regions[0], other, regions[1]), away_from_home, regions

    return dict(zip(clouds, min(product(_regions(settings, one), _regions(settings, other)), key=order), strict=True))


def gateway_region(settings: Settings, cloud: str, homes: Mapping[str, str]) -> str:
    """Name the region of a cloud that faces the exchange; without an exchange, the one that was built first."""
    exchange = settings.links.exchange if settings.links else None
    if exchange is None:
        return homes[cloud]
    return metros.landing(cloud, _regions(settings, cloud), exchange.metros, homes[cloud])


def _regions(settings: Settings, cloud: str) -> Sequence[str]:
    return [region for used, region in regions_in_use(settings) if used == cloud]
