"""Who owns a name that follows health: one service of one environment, recorded in the ledger until it is released.

Of Route 53's names the ledger keeps the shape as well: another policy, or a CNAME in place of an A, would be made
beside the sets that are there, and Route 53 refuses that halfway through a deployment [M].
"""

from collections.abc import Iterator, Mapping, Sequence

from planning.ledger import Environment, Ledger
from planning.names.loops import within
from planning.names.root_rules import PRIVATE_KEY, PUBLIC_KEY
from planning.problems import Problem
from planning.records.asked import answering, full_name
from planning.settings import Cloud, Settings
from planning.settings.records import Record

NAMES = "dns/name/"
"""Starts the keys of names that follow health."""


def owned(settings: Settings) -> Mapping[str, str]:
    """Map the keys of names in the ledger to who answers: `dns/name/www.acme.example` -> `aws active-passive A`.

    `azure` and `gcp` stand alone. Private names are Route 53's; those of Cloud DNS can change as they like.
    """
    return {f"{NAMES}{name}": owner for _, name, owner in _wanted(settings)}


def problems(settings: Settings, ledger: Ledger) -> Iterator[Problem]:
    """Yield the names that have another owner already: in the ledger, or a service of these settings."""
    own = ledger.environments.get(settings.environment, Environment(""))
    others = {name: content for name, content in ledger.environments.items() if name != settings.environment}
    for record, name, owner in _wanted(settings):
        path = f"dns.records.{record}"
        yield from _changed(path, name, owner, own)
        for environment, content in others.items():
            yield from _elsewhere(path, name, environment, content)
        public = not settings.dns or not settings.dns.records[record].private
        if public and record in settings.services and settings.services[record].public:
            yield Problem(path, name, f"is the public name of services.{record} as well", "call one of them otherwise")
    for environment, content in others.items():
        for path, root in _roots(settings).items():
            over = next((held for held in _names(content) if within(root, held)), None)
            if over:
                rule = f"lies in {over}, a name of environment {environment} with answers of its own"
                yield Problem(path, root, rule, f"use another root, or release {NAMES}{over} there first")


def warnings(settings: Settings, held: Environment) -> Iterator[str]:
    """Yield the names that are recorded and no longer configured."""
    wanted = owned(settings)
    for name in _names(held):
        if f"{NAMES}{name}" not in wanted:
            yield (
                f"ledger: {NAMES}{name} is recorded and no longer configured; the name stays this environment's until "
                f"python -m planning release {NAMES}{name}"
            )


def _wanted(settings: Settings) -> Sequence[tuple[str, str, str]]:
    """List the names that the ledger keeps: record, name in full, owner."""
    dns = settings.dns
    found: list[tuple[str, str, str]] = []
    for key, record in sorted(dns.records.items()) if dns else ():
        by = answering(record, settings)
        if dns and by and (by is Cloud.AWS or not record.private):
            owner = f"{by} {_shape(record)}" if by is Cloud.AWS else str(by)
            found.append((key, full_name(key, record, by, dns), owner))
    return found


def _shape(record: Record) -> str:
    by_address = any(place.address for place in record.places.values())
    return f"{record.policy} {'A' if by_address else 'CNAME'}"


def _roots(settings: Settings) -> Mapping[str, str]:
    dns = settings.dns
    public = {"dns.public": dns.public.name} if dns and dns.public else {}
    return {"dns.private": dns.private, **public} if dns else {}


def _changed(path: str, name: str, owner: str, own: Environment) -> Iterator[Problem]:
    """Yield that a name of this environment has been answered for by another service, or in another shape."""
    key = f"{NAMES}{name}"
    by, _, shape = owner.partition(" ")
    recorded_by, _, recorded_shape = own.fixed.get(key, owner).partition(" ")
    if recorded_by != by:
        rule = f"is answered for by {recorded_by} in the ledger, not by {by}; one service answers for each name"
        remedy = (
            f"keep {recorded_by}, or take the name out, run pulumi up and python -m planning release {key}, and put it "
            "back: until then the name has no answer"
        )
        yield Problem(path, name, rule, remedy)
    elif recorded_shape != shape:
        rule = f"is {recorded_shape} in the ledger, and Route 53 takes no {shape} beside it, not even for a moment"
        remedy = (
            "give what is new another name and move clients there, or take the name out, run pulumi up and python -m "
            f"planning release {key}, and put it back: until then the name has no answer"
        )
        yield Problem(path, name, rule, remedy)


def _elsewhere(path: str, name: str, environment: str, content: Environment) -> Iterator[Problem]:
    roots = {"public": content.fixed.get(PUBLIC_KEY), "private": content.fixed.get(PRIVATE_KEY)}
    over = next(((kind, root) for kind, root in roots.items() if root is not None and within(root, name)), None)
    if over:
        kind, root = over
        rule = f"is, or holds, {root}, the {kind} root of environment {environment}"
        yield Problem(path, name, rule, "call it otherwise")
    elif name in _names(content):
        rule = f"is a name of environment {environment}; one service answers for each name"
        remedy = f"call it otherwise, or take it out there and run python -m planning release {NAMES}{name}"
        yield Problem(path, name, rule, remedy)


def _names(content: Environment) -> list[str]:
    return [key.removeprefix(NAMES) for key in sorted(content.fixed) if key.startswith(NAMES)]
