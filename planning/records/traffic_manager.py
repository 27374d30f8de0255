"""What Traffic Manager answers for: profiles, their endpoints, and the constant names that lead to them."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planning.estate import Estate
from planning.records.asked import ALL_OTHERS, Asked, AskedPlace, Service
from planning.records.budgets import TIMEOUT
from planning.records.codes import CONTINENTS, WORLD
from planning.records.nearest import nearest
from planning.records.types import Alias, Endpoint, Monitor, Profile, TrafficManager
from planning.settings import Cloud
from planning.settings.records import Policy, Protocol

METHODS = {
    Policy.ACTIVE_PASSIVE: "Priority",
    Policy.WEIGHTED: "Weighted",
    Policy.LATENCY: "Performance",
    Policy.GEOGRAPHIC: "Geographic",
}
EXPECTED = (200, 399)
"""As Route 53 has it; Traffic Manager's own default is 200 alone."""
DIGITS = 10


@dataclass(frozen=True, slots=True)
class _Account:
    environment: str
    subscription: str

    def relative_name(self, key: str) -> str:
        """Name a profile uniquely in all of Azure, always the same: 63 characters at most."""
        digest = hashlib.sha256(f"{self.subscription}/{self.environment}/{key}".encode()).hexdigest()
        return f"{self.environment}-{key.replace('.', '-')}-{digest[:DIGITS]}"


def lay_out(records: Sequence[Asked], estate: Estate) -> TrafficManager | None:
    """Lay out the records that Traffic Manager answers for, or None where there are none."""
    asked = [record for record in records if record.service is Service.TRAFFIC_MANAGER]
    account = _account(estate)
    if not asked or account is None:
        return None
    return TrafficManager(
        resource_group=f"{estate.environment}-traffic",
        location=estate.held.fixed["azure/home-region"],
        profiles=tuple(profile for record in asked for profile in _profiles(record, account)),
    )


def aliases(records: Sequence[Asked], estate: Estate) -> Iterator[Alias]:
    """Yield what the public zone says of names that Traffic Manager answers for."""
    account = _account(estate)
    for record in records:
        if record.service is Service.TRAFFIC_MANAGER and account:
            target = f"{account.relative_name(record.key)}.trafficmanager.net"
            yield Alias(record.key, record.name, target, record.settings.ttl)


def _account(estate: Estate) -> _Account | None:
    azure = estate.settings.accounts.azure
    return _Account(estate.environment, str(azure.subscription_id)) if azure else None


def _profiles(record: Asked, account: _Account) -> Iterator[Profile]:
    """Yield the record's profile, after those that it asks.

    Geographic endpoints are never stood in for: who is served by one that is out gets it all the same. So each asks a
    profile of its own, where the others take over as they do in Route 53.
    """
    if record.settings.policy is Policy.GEOGRAPHIC:
        for place in record.places:
            others = [other for other in record.places if other is not place]
            endpoints = [_endpoint(record, one, rank) for rank, one in enumerate((place, *others), start=1)]
            yield _profile(record, _child(record, place), "Priority", endpoints, account)
    own = [_endpoint(record, place, rank) for rank, place in enumerate(record.places, start=1)]
    if record.settings.policy is Policy.GEOGRAPHIC:
        own = [_asking(record, place) for place in record.places]
    yield _profile(record, record.key, METHODS[record.settings.policy], own, account)


def _profile(record: Asked, key: str, method: str, endpoints: Sequence[Endpoint], account: _Account) -> Profile:
    http = record.protocol is not Protocol.TCP
    return Profile(
        key=key,
        physical_name=f"{account.environment}-{key}",
        relative_name=account.relative_name(key),
        method=method,
        ttl=record.settings.ttl,
        monitor=Monitor(
            protocol=record.protocol.upper(),
            port=record.port,
            path=record.path,
            host=record.name if http and record.by_address else None,
            interval=record.interval,
            timeout=TIMEOUT,
            tolerated=record.failures - 1,
            expected=EXPECTED if http else None,
        ),
        endpoints=tuple(endpoints),
    )


def _endpoint(record: Asked, place: AskedPlace, rank: int) -> Endpoint:
    policy = record.settings.policy
    return Endpoint(
        key=place.name,
        target=place.goes_to,
        child=None,
        enabled=policy is not Policy.WEIGHTED or place.weight > 0,
        priority=rank if policy in (Policy.ACTIVE_PASSIVE, Policy.GEOGRAPHIC) else None,
        weight=max(1, place.weight) if policy is Policy.WEIGHTED else None,
        location=nearest(Cloud.AZURE, place.region),
        geography=(),
    )


def _asking(record: Asked, place: AskedPlace) -> Endpoint:
    codes = [
        code
        for serves in place.settings.serves
        for code in ((WORLD,) if serves == ALL_OTHERS else CONTINENTS.get(serves, (serves,)))
    ]
    return Endpoint(
        key=place.name,
        target=None,
        child=_child(record, place),
        enabled=True,
        priority=None,
        weight=None,
        location=nearest(Cloud.AZURE, place.region),
        geography=tuple(codes),
    )


def _child(record: Asked, place: AskedPlace) -> str:
    return f"{record.key}.{place.name}"
