"""Rules of links: who can be joined by what, and with which keys. Each way to join has a file with those of its own."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network

from planning import asns, limits
from planning.links import dedicated_rules, exchange_rules, external_rules, native_rules, port_rules
from planning.links.pairs import PRIVATE, Pair, clouds_in_use, every_pair, joined, pair_key
from planning.links.requests import parties_on_exchange
from planning.links.saying import said_in, some
from planning.problems import Problem
from planning.reading import suggestion
from planning.settings import Cloud, Settings, Transport
from planning.settings.links import MAKE_ONE

DOCUMENTATION = frozenset(map(IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
"""Never anybody's, and so what examples use for public addresses."""
NOT_PUBLIC = {
    **dict.fromkeys(limits.PRIVATE, "is private"),
    IPv4Network("100.64.0.0/10"): "is shared by customers of an internet provider",
    **{prefix: reason for prefix, reason in limits.NEVER.items() if prefix not in DOCUMENTATION},
}
"""Where the public address of a device cannot lie, with the reason."""
KEY = re.compile(r"[A-Za-z1-9._][A-Za-z0-9._]{7,63}")
"""What AWS takes as a pre-shared key [S]: the tightest of all sides."""
GOOGLE_INTERFACES = (1, 2, 4)
"""Addresses that Google's external VPN gateway has [S]."""
AZURE_LINKS = 4
"""Links of a virtual WAN's VPN site [D20]."""
LARGEST_16_BIT_ASN = 65_535
PRIVATE_ASNS = (range(64_512, 65_535), range(4_200_000_000, 4_294_967_295))
"""RFC 6996."""
OLD_AMAZON_ASNS = (7_224, 9_059, 10_124, 17_943)
"""Of Amazon's side of gateways made long ago [K]."""
ALL_SITES = "sites"
"""Word for the sites among what a segment reaches."""


def problems(settings: Settings) -> Iterator[Problem]:
    """Yield everything that is wrong with links."""
    yield from _backups(settings)
    settings = _without_refused_backups(settings)
    yield from _site_names(settings)
    yield from _devices(settings)
    yield from _overrides(settings)
    yield from _same_twice(settings)
    yield from _tunnels_to_sites(settings)
    yield from _private_asns(settings)
    yield from _given_keys(settings)
    yield from _derived_keys(settings)
    yield from exchange_rules.problems(settings)
    yield from port_rules.problems(settings)
    yield from external_rules.problems(settings)
    yield from dedicated_rules.problems(settings)
    yield from native_rules.problems(settings)


def warnings(settings: Settings) -> Iterator[str]:
    """Yield what is accepted and may surprise."""
    if settings.links is None:
        return
    if not list(every_pair(settings)):
        yield "links: there is nothing to join, for there is one cloud and no site"
    yield from _idle_sites(settings)
    for name in _sites_joined(settings, Cloud.AWS):
        if settings.sites[name].asn in OLD_AMAZON_ASNS:
            yield f"sites.{name}.asn: {settings.sites[name].asn} is known as Amazon's own, and AWS may refuse it"
    for site in _sites_by_vpn(settings, Cloud.AZURE):
        if settings.sites[site].asn > LARGEST_16_BIT_ASN:
            asn = settings.sites[site].asn
            yield f"sites.{site}.asn: {asn} has 32 bits, which Azure's VPN gateways were documented not to peer with"
    yield from exchange_rules.warnings(settings)
    yield from port_rules.warnings(settings)
    yield from external_rules.warnings(settings)
    yield from dedicated_rules.warnings(settings)
    yield from native_rules.warnings(settings)


def _site_names(settings: Settings) -> Iterator[Problem]:
    circuits = {f"{cloud}-{number}" for cloud in Cloud for number in (1, 2)}
    for name in settings.sites:
        if name in {*Cloud, *circuits}:
            rule = "has the name of a cloud, or of a circuit of it at the exchange"
            yield Problem(f"sites.{name}", "", rule, "call it otherwise")


def _devices(settings: Settings) -> Iterator[Problem]:
    owner_of: dict[IPv4Address, str] = {}
    for name, site in settings.sites.items():
        for device, given in site.devices.items():
            path = f"sites.{name}.devices.{device}.address"
            reason = next((reason for prefix, reason in NOT_PUBLIC.items() if given.address in prefix), None)
            if reason:
                rule = f"{reason}, and tunnels to it run over the internet"
                yield Problem(path, str(given.address), rule, "give the public address that the device is reached at")
            elif given.address in owner_of:
                rule = f"is the address of {owner_of[given.address]} as well"
                yield Problem(path, str(given.address), rule, "give each device a public address of its own")
            owner_of.setdefault(given.address, f"sites.{name}.devices.{device}")


def _overrides(settings: Settings) -> Iterator[Problem]:
    """Check whom `links.pairs` speaks of."""
    overrides = settings.links.pairs if settings.links else {}
    written: dict[str, str] = {}
    for key, override in overrides.items():
        path = f"links.pairs.{key}"
        wrong = _no_pair(settings, key)
        if wrong:
            yield Problem(path, "", *wrong)
            continue
        if override.primary is Transport.NONE and override.backup not in (None, Transport.NONE):
            rule = "backs up nothing, for primary is none"
            yield Problem(f"{path}.backup", override.backup, rule, "make it the primary, or leave it out")
        if "/" in key:
            canonical = pair_key(settings, *key.split("/"))
            if canonical in written:
                rule = f"is the same pair as links.pairs.{written[canonical]}"
                yield Problem(path, "", rule, "keep one of them")
            written[canonical] = key
    yield from _contradictions(settings, written)


def _no_pair(settings: Settings, key: str) -> tuple[str, str] | None:
    """Say why a key of `links.pairs` names nobody, as rule and remedy."""
    parties = key.split("/")
    known = [*clouds_in_use(settings), *settings.sites]
    stranger = next((party for party in parties if party not in known), None)
    if stranger is not None:
        unused = stranger in set(Cloud)
        rule = f"names {stranger}, which has no network" if unused else f"names {stranger}, no cloud in use nor site"
        return rule, suggestion(stranger, known)
    if len(parties) > 1 and len(parties) != len(set(parties)):
        return "joins a party with itself", "name two, for example aws/gcp"
    if len(parties) > 2:  # noqa: PLR2004 - a pair
        return "names more than a pair", "name two, for example aws/gcp"
    if len(parties) > 1 and all(party in settings.sites for party in parties):
        return "joins two sites, which only a network of your own does", "join each of them with clouds"
    return None


def _contradictions(settings: Settings, written: dict[str, str]) -> Iterator[Problem]:
    """Refuse two parties that want different things of the pair that they make."""
    overrides = settings.links.pairs if settings.links else {}
    for pair in every_pair(settings):
        said = [overrides.get(party) for party in pair.parties]
        if pair.key not in written and None not in said and said[0] != said[1]:
            rule = f"contradicts links.pairs.{pair.parties[0]} on {pair.key}"
            remedy = f"say what holds for the two: links.pairs.{pair.key}"
            yield Problem(f"links.pairs.{pair.parties[1]}", "", rule, remedy)


def _same_twice(settings: Settings) -> Iterator[Problem]:
    if settings.links is None:
        return
    rule, remedy = "is the primary as well, and fails with it", "choose another, or none"
    if settings.links.backup is settings.links.primary is not Transport.NONE:
        yield Problem("links.backup", settings.links.backup, rule, remedy)
        return
    places = {said_in(settings, pair, "backup"): pair for pair in joined(settings) if pair.primary is pair.backup}
    for path, pair in places.items():
        yield Problem(path, pair.backup or "", rule, remedy)


def _backups(settings: Settings) -> Iterator[Problem]:
    """Refuse circuits as a backup: a Transit Gateway and virtual hubs prefer them to tunnels whatever is said here."""
    links = settings.links
    overrides = links.pairs.items() if links else ()
    said = [("links", links), *((f"links.pairs.{key}", override) for key, override in overrides)]
    for path, given in said:
        if given is not None and given.backup in PRIVATE:
            rule = "runs over circuits, which every cloud prefers to tunnels, so it would not stand by"
            remedy = f"use vpn or none; {given.backup} can be the primary"
            yield Problem(f"{path}.backup", str(given.backup), rule, remedy)


def _without_refused_backups(settings: Settings) -> Settings:
    """Take out what is refused already, so that nothing more is told of what it would need."""
    if settings.links is None:
        return settings
    nothing = {"backup": Transport.NONE}
    pairs = {
        key: override.model_copy(update=nothing) if override.backup in PRIVATE else override
        for key, override in settings.links.pairs.items()
    }
    links = settings.links.model_copy(update={"pairs": pairs, **(nothing if settings.links.backup in PRIVATE else {})})
    return settings.model_copy(update={"links": links})


def _tunnels_to_sites(settings: Settings) -> Iterator[Problem]:
    for name, site in settings.sites.items():
        clouds = [cloud for cloud in Cloud if name in _sites_by_vpn(settings, cloud)]
        path, count = f"sites.{name}.devices", len(site.devices)
        if clouds and not site.devices:
            pair = next(pair for pair in joined(settings) if name in pair.parties and Transport.VPN in pair.transports)
            role = "primary" if pair.primary is Transport.VPN else "backup"
            rule = f"is missing, and {said_in(settings, pair, role)} joins {name} by vpn"
            otherwise = f"links.pairs.{name}: {{{role}: none}}"
            yield Problem(path, "", rule, f"give its router, as in edge: {{address: 203.0.113.10}}, or say {otherwise}")
        elif Cloud.AZURE in clouds and count > AZURE_LINKS:
            rule = f"are more than the {AZURE_LINKS} links of a VPN site in Azure"
            yield Problem(path, str(count), rule, f"use {AZURE_LINKS} or fewer")
        elif Cloud.GCP in clouds and count not in GOOGLE_INTERFACES:
            rule = "are devices that Google's external VPN gateway has no shape for: it has 1, 2 or 4 addresses"
            yield Problem(path, str(count), rule, "use 1, 2 or 4")


def _private_asns(settings: Settings) -> Iterator[Problem]:
    for name in _sites_by_vpn(settings, Cloud.GCP):
        asn = settings.sites[name].asn
        if not any(asn in numbers for numbers in PRIVATE_ASNS) and asns.refusal(asn) is None:
            rule = "is no private ASN, which Google asks of peers with route policies, and its tunnels have those"
            yield Problem(f"sites.{name}.asn", str(asn), rule, f"use one of {asns.pool_text('site')}")


def _idle_sites(settings: Settings) -> Iterator[str]:
    idle = sorted({name for cloud in Cloud for name in _sites_joined(settings, cloud)})
    if idle and not any(ALL_SITES in segment.reaches for segment in settings.segments.values()):
        yield (
            f"links: no segment reaches sites, so what joins {some(idle)} is billed and carries nothing; add sites to "
            f"what a segment reaches, or say links.pairs.{idle[0]}: {{primary: none}}"
        )


def _given_keys(settings: Settings) -> Iterator[Problem]:
    by_vpn = [pair.key for pair in _vpn_pairs(settings)]
    for key, secret in settings.link_keys.items():
        if key == native_rules.KEY:
            continue
        path = f"linkKeys.{key}"
        if key not in by_vpn:
            canonical = pair_key(settings, *key.split("/")) if key.count("/") == 1 else ""
            remedy = f"write it as {canonical}" if canonical in by_vpn else suggestion(key, by_vpn)
            yield Problem(path, "", "is the key of no VPN", remedy)
        elif not KEY.fullmatch(secret.get_secret_value()):
            rule = "is refused by AWS, the strictest side: it takes 8 to 64 letters, digits, dots and underscores,"
            yield Problem(path, "", f"{rule} not starting with 0", "agree on another key with the other side")


def _derived_keys(settings: Settings) -> Iterator[Problem]:
    """Ask for the secret where a key is needed that no cloud makes."""
    if settings.link_secret is not None:
        return
    needed = [
        *(
            f"the VPN {pair.key}"
            for pair in _vpn_pairs(settings)
            if Cloud.AWS not in pair.parties and pair.key not in settings.link_keys
        ),
        *(f"circuits of {party}" for party in parties_on_exchange(settings) if party not in (Cloud.AWS, Cloud.GCP)),
    ]
    if needed:
        rule = f"is missing, and no cloud makes the keys of {some(needed)}"
        yield Problem("linkSecret", "", rule, f"make it: {MAKE_ONE}")


def _vpn_pairs(settings: Settings) -> Sequence[Pair]:
    return [pair for pair in joined(settings) if Transport.VPN in pair.transports]


def _sites_joined(settings: Settings, cloud: Cloud) -> Sequence[str]:
    return [site for party, site in (p.parties for p in joined(settings)) if party == cloud and site in settings.sites]


def _sites_by_vpn(settings: Settings, cloud: Cloud) -> Sequence[str]:
    there = (pair.parties[1] for pair in _vpn_pairs(settings) if pair.parties[0] == cloud)
    return [party for party in there if party in settings.sites]
