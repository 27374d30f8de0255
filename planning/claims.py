"""Who holds which range already, and what of a configuration contradicts that."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from pathlib import PurePath

from planning.ledger import Claim, Entry, Environment, Ledger, overlaps
from planning.places import TRANSIT, network_key
from planning.problems import Problem
from planning.settings import Network, Settings


def another_owner(settings: Settings, ledger: Ledger, stack: str) -> Iterator[Problem]:
    """Yield why this stack may not allocate under this environment: each has one of its own, for good."""
    name = settings.environment
    owner = ledger.environments[name].stack if name in ledger.environments else stack
    held = sorted(other for other, content in ledger.environments.items() if content.stack == stack and other != name)
    if owner != stack:
        rule = f"belongs to the stack {owner} in {settings.ledger}; two stacks cannot share an environment"
        remedy = f"keep {held[0]}" if held else f"give the stack {stack} an environment of its own"
        yield Problem("environment", name, rule, remedy)
    elif held:
        rule = f"is another name than {held[0]}, under which {settings.ledger} holds this stack's allocations"
        remedy = f"keep {held[0]}: another environment means other addresses for everything"
        yield Problem("environment", name, rule, remedy)


def changes(settings: Settings, content: Environment) -> Iterator[Problem]:
    """Yield what the settings move or resize."""
    recorded = {key.rpartition("/")[2]: key for key in content.networks if not key.endswith(f"/{TRANSIT}")}
    for name, network in settings.networks.items():
        key = network_key(name, network)
        if key in content.networks:
            yield from _resized(name, network, content)
        elif name in recorded:
            rule = f"is not where the ledger has it ({recorded[name]}), and a network cannot move"
            remedy = f"give it a new name, or run python -m planning release {name} once the old one is destroyed"
            yield Problem(f"networks.{name}", key.rpartition("/")[0], rule, remedy)


def _resized(name: str, network: Network, content: Environment) -> Iterator[Problem]:
    key, path = network_key(name, network), f"networks.{name}"
    recorded = content.networks[key]
    if network.cidr is not None and network.cidr != recorded:
        yield _change(f"{path}.cidr", name, network.cidr, recorded, recorded)
    if network.size is not None and network.size != recorded.prefixlen:
        yield _change(f"{path}.size", name, network.size, recorded.prefixlen, recorded)
    if network.kubernetes is not None:
        pods, services = content.pods.get(key), content.cluster_services.get(key)
        wanted = network.kubernetes
        if pods is not None and pods.prefixlen != wanted.pods:
            yield _change(f"{path}.kubernetes.pods", name, wanted.pods, pods.prefixlen, pods)
        if services is not None and services.prefixlen != wanted.services:
            yield _change(f"{path}.kubernetes.services", name, wanted.services, services.prefixlen, services)


def _change(path: str, name: str, given: Entry, keep: Entry, recorded: IPv4Network) -> Problem:
    rule = f"contradicts the ledger, where {name} has {recorded}; what is given out never changes"
    remedy = f"keep {keep}, or run python -m planning release --replace {name} and accept that the network is replaced"
    return Problem(path, str(given), rule, remedy)


def foreign(settings: Settings, reserved: Mapping[str, IPv4Network]) -> dict[str, Claim]:
    """List the ranges that are not ours to give, sites' among them: key in the ledger -> claim by settings path."""
    claims = {
        f"sites/{name}/{prefix}": Claim(prefix, f"sites.{name}")
        for name, site in settings.sites.items()
        for prefix in site.prefixes
    }
    for path, prefix in reserved.items():
        file = next((file for file in settings.addressing.reserved_files if path.startswith(f"{file} ")), None)
        key = f"{PurePath(file).stem}/{path.removeprefix(f'{file} ')}" if file else path.rpartition(".")[2]
        claims[key] = Claim(prefix, path)
    return claims


def collisions(settings: Settings, ledger: Ledger, reserved: Mapping[str, IPv4Network]) -> Iterator[Problem]:
    """Yield overlaps between what the settings bring and what the ledger holds."""
    declared = foreign(settings, reserved)
    claims = list(declared.values())
    here = settings.environment
    stale = {key: at for key, at in ledger.environments[here].reserved.items() if key not in declared}
    claims += [Claim(prefix, f"{settings.ledger} {here}/{key}") for key, prefix in stale.items()]
    sites = [claim for claim in claims if claim.owner.startswith("sites.")]
    for environment, content in ledger.environments.items():
        for section in ("networks", "hubs", "pods", "cluster_services"):
            entries: Mapping[str, IPv4Network] = getattr(content, section)
            claims += [Claim(prefix, _owner(settings, environment, key)) for key, prefix in entries.items()]
    found = list(overlaps(claims))
    found += _inside_others_reserves(settings, ledger)
    told = {claim.owner for pair in found for claim in pair}
    found += overlaps(claim for claim in (*sites, *_blocks(settings, ledger)) if claim.owner not in told)
    inside: dict[Claim, list[Claim]] = defaultdict(list)
    for outer, inner in found:
        inside[outer].append(inner)
    for outer, inner in inside.items():
        yield from _overlap(settings, outer, inner)


def _inside_others_reserves(settings: Settings, ledger: Ledger) -> Iterator[tuple[Claim, Claim]]:
    """Yield where a network here lies in a range that another stack has reserved."""
    own = [
        Claim(prefix, _owner(settings, settings.environment, key))
        for key, prefix in ledger.environments[settings.environment].networks.items()
    ]
    for environment, content in ledger.environments.items():
        if environment != settings.environment:
            reserves = {
                Claim(prefix, f"{settings.ledger} {environment}/{key}") for key, prefix in content.reserved.items()
            }
            yield from (pair for pair in overlaps([*own, *reserves]) if not reserves.issuperset(pair))


def _owner(settings: Settings, environment: str, key: str) -> str:
    """Name the holder of a range as the user knows it: by settings path where it is configured here."""
    name = key.rpartition("/")[2]
    network = settings.networks.get(name)
    here = environment == settings.environment and network is not None and network_key(name, network) == key
    return f"networks.{name}" if here else f"{settings.ledger} {environment}/{key}"


def _blocks(settings: Settings, ledger: Ledger) -> Iterator[Claim]:
    """Yield regions' blocks, and the adopted networks that lie in no block of their own region."""
    for environment, content in ledger.environments.items():
        for key, block in (*content.regions.items(), *content.pod_regions.items()):
            yield Claim(block, f"{settings.ledger} {environment}/{key}")
        for key in content.standing_alone():
            yield Claim(content.networks[key], _owner(settings, environment, key))


def _overlap(settings: Settings, outer: Claim, inner: Sequence[Claim]) -> Iterator[Problem]:
    """Say overlaps where they can be mended: a range that covers many is one mistake, many in one are theirs."""

    def hard_to_mend(claim: Claim) -> int:
        return 0 if claim.owner.startswith(("networks.", "sites.")) else 2 if in_ledger(claim) else 1

    def in_ledger(claim: Claim) -> bool:
        return claim.owner.startswith(f"{settings.ledger} ")

    remedy = "give each a range of its own"
    if any(map(in_ledger, (outer, *inner))):
        remedy += "; what is no longer configured keeps its range until python -m planning release"
    if len(inner) > 1 and not in_ledger(outer):
        covered = ", ".join(f"{claim.owner} ({claim.prefix})" for claim in inner)
        yield Problem(outer.owner, str(outer.prefix), f"overlaps {covered}", remedy)
        return
    for claim in inner:
        mine, other = sorted((outer, claim), key=hard_to_mend)
        yield Problem(mine.owner, str(mine.prefix), f"overlaps {other.owner} ({other.prefix})", remedy)


def outside(settings: Settings, content: Environment) -> Iterator[Problem]:
    """Yield the supernets that no longer hold what was given out of them."""
    addressing = settings.addressing
    left_out: dict[str, list[str]] = defaultdict(list)
    for section, path, owners in (
        ("regions", "supernets", dict(addressing.supernets)),
        ("pod_regions", "pods", dict(addressing.pods)),
    ):
        for key, prefix in getattr(content, section).items():
            cloud = key.partition("/")[0]
            if not any(prefix.subnet_of(supernet) for supernet in owners[cloud]):
                left_out[f"addressing.{path}.{cloud}"].append(f"{prefix} of {key}")
    for key, prefix in content.cluster_services.items():
        if not prefix.subnet_of(addressing.cluster_services):
            left_out["addressing.clusterServices"].append(f"{prefix} of {key}")
    for path, held in left_out.items():
        rule = f"leaves out what the ledger has given out: {', '.join(sorted(held))}"
        yield Problem(path, "", rule, "put back the range that holds it")


def taken(ledger: Ledger) -> Iterator[IPv4Network]:
    """Yield all that nothing new may overlap. Of every environment: one's pods may be in another's supernet."""
    for content in ledger.environments.values():
        yield from content.reserved.values()
        yield from content.regions.values()
        yield from (content.networks[key] for key in content.standing_alone())
        yield from content.pod_regions.values()
        yield from content.cluster_services.values()
