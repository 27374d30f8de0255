"""Gives out numbers and link addresses, and records choices that cannot change once they are deployed."""

from ipaddress import IPv4Network

from planning import asns, link_addresses, segments
from planning.allocation import Allocation
from planning.estate import Estate
from planning.ledger import GROUPS, SUMMARIES, TRANSIT_SEGMENT, gateway_key
from planning.links import pairs
from planning.links.requests import addresses as link_requests
from planning.names.root_rules import recorded_roots
from planning.places import TRANSIT
from planning.problems import Problem
from planning.records import ownership
from planning.settings import AwsHub, Cloud, Topology


def choose(work: Allocation) -> None:
    """Record every choice, number and link address that the settings need; ranges are in place."""
    _fixed(work)
    _roots(work)
    _names(work)
    _asns(work)
    _links(work)
    if pairs.joined(work.settings) and not work.problems and any(cloud is Cloud.AWS for cloud, _ in work.places):
        estate = Estate(work.settings, work.environment)
        if estate.on_core_network:
            _keep_transit_segment(work, estate)
        else:
            _anchor_summaries(work, estate)


def _asns(work: Allocation) -> None:
    given_out = work.ledger.asns()
    used = {*given_out, *(site.asn for site in work.settings.sites.values())}
    for name, site in work.settings.sites.items():
        owner = given_out.get(site.asn)
        if owner is not None:
            rule = f"is the ASN of {owner} in the ledger"
            remedy = f"use another of {asns.pool_text('site')}"
            work.problems.append(Problem(f"sites.{name}.asn", str(site.asn), rule, remedy))
    speakers = {Cloud.AWS: work.settings.hubs.aws.value, Cloud.GCP: "cloud-router"}
    wanted = [(speakers[cloud], region) for cloud, region in work.places if cloud in speakers]
    if Cloud.AWS in pairs.parties_over(work.settings, *pairs.PRIVATE):
        wanted.append(("direct-connect-gateway", work.environment.fixed[gateway_key(Cloud.AWS)]))
    for purpose, region in wanted:
        key = f"{purpose}/{region}"
        if key in work.environment.asns:
            continue
        asn = asns.take(purpose, used)
        if asn is None:
            rule = f"finds no ASN left in {asns.pool_text(purpose)} and the spare numbers"
            work.problems.append(Problem(work.settings.ledger, key, rule, "release regions that are gone"))
        else:
            used.add(asn)
            work.record("asns", key, asn)


def _links(work: Allocation) -> None:
    """Give each tunnel and leg its addresses. Of every environment's: two may meet at one site's device."""
    used = [prefix for content in work.ledger.environments.values() for prefix in content.links.values()]
    spaces = {True: link_addresses.free([Cloud.AZURE], used), False: link_addresses.free([], used)}
    for request in sorted(link_requests(work.settings)):
        if request.key in work.environment.links:
            continue
        found = spaces[request.for_azure].take(request.length)
        if found is None:
            rule = f"finds no /{request.length} left for {request.key}"
            work.problems.append(Problem(work.settings.ledger, "", rule, "release links that are gone"))
        else:
            work.record("links", request.key, found)


def _fixed(work: Allocation) -> None:
    for cloud, region in work.places:
        if f"{cloud}/home-region" not in work.environment.fixed:
            work.record("fixed", f"{cloud}/home-region", region)
    if any(cloud is Cloud.AWS for cloud, _ in work.places):
        _fixed_in_aws(work)
    if any(cloud is Cloud.GCP for cloud, _ in work.places):
        _fixed_in_google(work)
    if pairs.joined(work.settings):
        _fix_gateway_regions(work)


def _fix_gateway_regions(work: Allocation) -> None:
    clouds = {str(cloud) for cloud, _ in work.places}
    homes = {cloud: work.environment.fixed[f"{cloud}/home-region"] for cloud in clouds}
    fixed = {cloud: work.environment.fixed[gateway_key(cloud)] for cloud in clouds & _with_gateway(work)}
    for cloud, region in pairs.gateway_regions(work.settings, homes, fixed).items():
        if cloud not in fixed:
            work.record("fixed", gateway_key(cloud), region)


def _with_gateway(work: Allocation) -> set[str]:
    return {cloud for cloud in Cloud if gateway_key(cloud) in work.environment.fixed}


def _fixed_in_aws(work: Allocation) -> None:
    """Keep what AWS's hub is. Transit Gateways are known by their ASNs: ledgers are older than the choice."""
    wanted, key = work.settings.hubs.aws, "aws/hub"
    gateways = any(other.startswith(f"{AwsHub.TRANSIT_GATEWAY}/") for other in work.environment.asns)
    recorded = work.environment.fixed.get(key, AwsHub.TRANSIT_GATEWAY.value if gateways else wanted.value)
    if recorded != wanted:
        rule = f"contradicts the ledger, where AWS's hub is {recorded}; another would cut off every network in AWS"
        remedy = f"keep {recorded}, or build anew in another environment"
        work.problems.append(Problem("hubs.aws", wanted, rule, remedy))
    elif wanted is AwsHub.CLOUD_WAN and key not in work.environment.fixed:
        work.record("fixed", key, wanted.value)


def _fixed_in_google(work: Allocation) -> None:
    registered = Cloud.GCP in work.settings.addressing.register_in
    for key, path, value, reason in (
        (
            "gcp/topology",
            "hubs.gcp.topology",
            work.settings.hubs.gcp.topology.value,
            "a hub's topology never changes",
        ),
        (
            "gcp/registered",
            "addressing.registerIn",
            "yes" if registered else "no",
            "whether Google's subnets are registered never changes: each would be replaced",
        ),
    ):
        recorded = work.environment.fixed.get(key)
        if recorded is None:
            work.record("fixed", key, value)
        elif recorded != value:
            rule = f"contradicts the ledger, where {key} is {recorded}; {reason}"
            work.problems.append(Problem(path, value, rule, "put it back"))
    if work.settings.hubs.gcp.topology is Topology.STAR:
        recorded_groups = work.environment.recorded_groups()
        for segment, group in segments.star_groups(work.settings, recorded_groups).items():
            if segment not in recorded_groups:
                work.record("fixed", f"{GROUPS}{segment}", group)


def _roots(work: Allocation) -> None:
    """Keep roots from other environments; a zone that was there before is nobody's."""
    for key, (path, root) in recorded_roots(work.settings).items():
        recorded = work.environment.fixed.get(key)
        if recorded is None:
            work.record("fixed", key, root)
        elif recorded != root:
            rule = f"contradicts the ledger, where {key} is {recorded}: every name below it would be gone at once"
            remedy = (
                f"keep {recorded}, or run python -m planning release {key} --replace when nobody asks for its names "
                "any more"
            )
            work.problems.append(Problem(path, root, rule, remedy))


def _names(work: Allocation) -> None:
    """Keep who answers for names, so that no other environment or service takes them."""
    for key, owner in ownership.owned(work.settings).items():
        if key not in work.environment.fixed:
            work.record("fixed", key, owner)


def _keep_transit_segment(work: Allocation, estate: Estate) -> None:
    """Keep a core network's segment for resolvers: it can go only after all that was attached to it."""
    if estate.dns_partners(Cloud.AWS) and TRANSIT_SEGMENT not in work.environment.fixed:
        work.record("fixed", TRANSIT_SEGMENT, "yes")


def _anchor_summaries(work: Allocation, estate: Estate) -> None:
    """Choose the network that each aggregate of a Transit Gateway points at, and keep it while there is that network.

    Another network could stand for it as well, but to move a route takes the aggregate back for a while. The VPC of
    resolvers stands for a block only as long as nothing else is in it: where NAT is central, what arrives there for
    nobody would leave by the NAT gateway, and with its address get into networks that it is not for.
    """
    region = estate.gateway_region(Cloud.AWS)
    networks = {network.name: network.routed for network in estate.networks_in(Cloud.AWS, region)}
    resolvers = estate.transit(Cloud.AWS, region) if estate.dns_partners(Cloud.AWS) else None
    for aggregate in estate.aggregates(Cloud.AWS, region):
        inside: list[tuple[IPv4Network, str]] = [
            (cidr, name) for name, routed in networks.items() for cidr in routed if cidr.subnet_of(aggregate)
        ]
        if not inside and resolvers and resolvers.subnet_of(aggregate):
            inside = [(resolvers, TRANSIT)]
        key = f"{SUMMARIES}{aggregate}"
        stands = any(name == work.environment.fixed.get(key) for _, name in inside)
        # A network that is all of an aggregate is announced as it is.
        if inside and not stands and aggregate not in {cidr for cidr, _ in inside}:
            work.record("fixed", key, min(inside)[1])
