"""Who owns a public name: one service of one environment, recorded in the ledger until it is released."""

from collections.abc import Iterator, Mapping

from planning.ledger import Environment, Ledger
from planning.names.loops import within
from planning.names.root_rules import PUBLIC_KEY
from planning.problems import Problem
from planning.records.asked import answering
from planning.settings import Settings

NAMES = "dns/name/"
"""Starts the keys of names that follow health."""


def owned(settings: Settings) -> Mapping[str, str]:
    """Map the keys of public names in the ledger to the cloud that answers: `dns/name/www.acme.example` -> `aws`."""
    dns = settings.dns
    if dns is None or dns.public is None:
        return {}
    return {
        f"{NAMES}{key}.{dns.public.name}": str(answering(record, settings))
        for key, record in sorted(dns.records.items())
        if not record.private
    }


def problems(settings: Settings, ledger: Ledger) -> Iterator[Problem]:
    """Yield the names that have another owner already: in the ledger, or a service of these settings."""
    root = settings.dns.public.name if settings.dns and settings.dns.public else ""
    own = ledger.environments.get(settings.environment, Environment(""))
    others = {name: content for name, content in ledger.environments.items() if name != settings.environment}
    for key, owner in owned(settings).items():
        name = key.removeprefix(NAMES)
        record = name.removesuffix(f".{root}")
        path = f"dns.records.{record}"
        recorded = own.fixed.get(key, owner)
        if recorded != owner:
            rule = f"is answered for by {recorded} in the ledger, not by {owner}; one service answers for each name"
            remedy = f"keep {recorded}, or take the name out, run pulumi up and python -m planning release {key} first"
            yield Problem(path, name, rule, remedy)
        for environment, content in others.items():
            yield from _elsewhere(path, name, environment, content)
        if record in settings.services and settings.services[record].public:
            yield Problem(path, name, f"is the public name of services.{record} as well", "call one of them otherwise")
    for environment, content in others.items():
        over = next((held for held in _names(content) if within(root, held)), None) if root else None
        if over:
            rule = f"lies in {over}, a name of environment {environment} with answers of its own"
            yield Problem("dns.public", root, rule, f"use another root, or release {NAMES}{over} there first")


def warnings(settings: Settings, held: Environment) -> Iterator[str]:
    """Yield the names that are recorded and no longer configured."""
    wanted = owned(settings)
    for name in _names(held):
        if f"{NAMES}{name}" not in wanted:
            yield (
                f"ledger: {NAMES}{name} is recorded and no longer configured; the name stays this environment's until "
                f"python -m planning release {NAMES}{name}"
            )


def _elsewhere(path: str, name: str, environment: str, content: Environment) -> Iterator[Problem]:
    root = content.fixed.get(PUBLIC_KEY)
    if root is not None and within(root, name):
        rule = f"is, or holds, {root}, the public root of environment {environment}"
        yield Problem(path, name, rule, "call it otherwise")
    elif name in _names(content):
        rule = f"is a name of environment {environment}; one service answers for each name"
        remedy = f"call it otherwise, or take it out there and run python -m planning release {NAMES}{name}"
        yield Problem(path, name, rule, remedy)


def _names(content: Environment) -> list[str]:
    return [key.removeprefix(NAMES) for key in sorted(content.fixed) if key.startswith(NAMES)]
