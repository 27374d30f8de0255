"""Rules of circuits whose middle somebody else provides."""

from collections.abc import Iterator

from planning import asns
from planning.links import exchange_rules
from planning.links.metros import METROS
from planning.links.requests import external_ends
from planning.links.saying import asked, some
from planning.problems import Problem
from planning.reading import suggestion
from planning.regions import REGIONS
from planning.settings import Cloud, Settings, Transport
from planning.settings.external import External
from planning.settings.links import MAKE_ONE

LARGEST_AWS_ASN = 2_147_483_646
"""Of the far side of a virtual interface [S]."""
EXAMPLE = "{metro: DC, asn: 133937, provider: Megaport, bandwidth: 1000, aws: {}, azure: {}, gcp: {}}"
ENOUGH = 2
"""Middles without which one failure cuts production."""


def problems(settings: Settings) -> Iterator[Problem]:
    """Yield everything that is wrong with external circuits."""
    middles = settings.links.external if settings.links else {}
    for name, middle in middles.items():
        path = f"links.external.{name}"
        yield from _place(path, middle)
        yield from _number(path, middle, settings)
        yield from _ends(path, middle, settings)
        yield from _bandwidth(path, middle)
    yield from _ranks(middles)
    yield from _connections(middles)
    yield from _reach(settings, middles)
    if settings.link_secret is None:
        needing = [name for name, ends in external_ends(settings).items() if Cloud.AZURE in ends]
        if needing:
            rule = f"is missing, and no cloud makes the keys of Azure's circuits in links.external ({some(needing)})"
            yield Problem("linkSecret", "", rule, f"make it: {MAKE_ONE}")


def warnings(settings: Settings) -> Iterator[str]:
    """Yield what is accepted and may surprise."""
    middles = settings.links.external if settings.links else {}
    for name, ends in external_ends(settings).items():
        path, middle = f"links.external.{name}", middles[name]
        idle = [str(cloud) for cloud in Cloud if getattr(middle, cloud) is not None and cloud not in ends]
        if idle:
            yield f"{path}: nothing runs over it to {' and '.join(idle)}, so no circuit is made there"
        if Cloud.GCP in ends:
            yield from exchange_rules.google_warnings(f"{path}.bandwidth", middle.bandwidth)
        if Cloud.GCP in ends and middle.metro in METROS and not METROS[middle.metro].gcp_regions:
            yield f"{path}.metro: {middle.metro} is not known to sell Partner Interconnect; ask the provider"
    if settings.protect and len(middles) > 1 and len({middle.metro for middle in middles.values()}) == 1:
        metro = next(iter(middles.values())).metro
        yield f"links.external: all are in {metro}, whose failure would cut every one of them"


def _place(path: str, middle: External) -> Iterator[Problem]:
    if middle.metro not in METROS:
        yield Problem(f"{path}.metro", middle.metro, *exchange_rules.no_metro(middle.metro))
    region = middle.aws.region if middle.aws else None
    if region is not None and region not in REGIONS[Cloud.AWS]:
        yield Problem(f"{path}.aws.region", region, "is no region of aws", suggestion(region, REGIONS[Cloud.AWS]))


def _number(path: str, middle: External, settings: Settings) -> Iterator[Problem]:
    refused = asns.refusal(middle.asn)
    of_site = next((name for name, site in settings.sites.items() if site.asn == middle.asn), None)
    if refused:
        yield Problem(f"{path}.asn", str(middle.asn), refused, "let the provider use another one")
    elif of_site:
        rule = f"is the ASN of sites.{of_site} as well, and BGP drops routes that carry its own ASN"
        yield Problem(f"{path}.asn", str(middle.asn), rule, "let the provider use another one")
    elif middle.aws and middle.asn > LARGEST_AWS_ASN:
        rule = f"is more than a virtual interface of AWS takes here ({LARGEST_AWS_ASN})"
        yield Problem(f"{path}.asn", str(middle.asn), rule, "let the provider use another one")


def _ends(path: str, middle: External, settings: Settings) -> Iterator[Problem]:
    used = {network.cloud for network in settings.networks.values()}
    for cloud in Cloud:
        if getattr(middle, cloud) is not None and cloud not in used:
            yield Problem(f"{path}.{cloud}", "", "is a cloud without networks", "take it out")
    if middle.azure is not None and middle.provider is None:
        rule = "is missing, and a circuit of Azure's names its provider"
        yield Problem(f"{path}.provider", "", rule, "give its name as Azure writes it, for example Megaport")
    for site in middle.sites:
        if site not in settings.sites:
            yield Problem(f"{path}.sites", site, "is no site", suggestion(site, settings.sites))


def _bandwidth(path: str, middle: External) -> Iterator[Problem]:
    sellers = [cloud for cloud in exchange_rules.OFFERED if getattr(middle, cloud) is not None]
    refusing = [cloud for cloud in sellers if middle.bandwidth not in exchange_rules.OFFERED[cloud]]
    if refusing:
        first, *others = (exchange_rules.OFFERED[cloud] for cloud in sellers)
        common = [mbps for mbps in first if all(mbps in offered for offered in others)]
        rule = f"is not offered by {' and '.join(refusing)}"
        yield Problem(f"{path}.bandwidth", str(middle.bandwidth), rule, f"use one of {', '.join(map(str, common))}")


def _ranks(middles: dict[str, External]) -> Iterator[Problem]:
    owner_of: dict[int, str] = {}
    for name, middle in sorted(middles.items()):
        if middle.rank in owner_of:
            rule = f"is the rank of links.external.{owner_of[middle.rank]} as well; the two directions would differ"
            yield Problem(f"links.external.{name}.rank", str(middle.rank), rule, "give each a rank of its own")
        owner_of.setdefault(middle.rank, name)


def _connections(middles: dict[str, External]) -> Iterator[Problem]:
    owner_of: dict[str, str] = {}
    for name, middle in sorted(middles.items()):
        connection = middle.aws.connection_id if middle.aws else None
        if connection is None:
            continue
        path = f"links.external.{name}.aws.connectionId"
        if connection in owner_of:
            rule = f"is that of {owner_of[connection]}; a hosted connection carries one virtual interface"
            yield Problem(path, connection, rule, "give each the connection that was made for it")
        owner_of.setdefault(connection, path)


def _reach(settings: Settings, middles: dict[str, External]) -> Iterator[Problem]:
    """Check that some middle has both parties of every pair, and in production a second one."""
    reached = {
        name: {*filter(lambda cloud: getattr(m, cloud) is not None, Cloud), *m.sites} for name, m in middles.items()
    }
    for path, pairs in asked(settings, Transport.EXTERNAL).items():
        serving = {
            pair: [name for name, parties in reached.items() if parties.issuperset(pair.parties)] for pair in pairs
        }
        unserved = [pair.key for pair in pairs if not serving[pair]]
        alone = [pair.key for pair in pairs if pair.primary is Transport.EXTERNAL and len(serving[pair]) == 1]
        if unserved:
            rule = f"needs a middle that reaches both of {some(unserved)}, and none of links.external does"
            yield Problem(path, Transport.EXTERNAL, rule, f"describe it, as in links.external.carrier-dc: {EXAMPLE}")
        elif alone and settings.protect:
            rule = f"has one middle alone for {some(alone)}, whose failure cuts what protect: true says is production"
            yield Problem(path, Transport.EXTERNAL, rule, "add a second one to links.external, in another metro")
