"""Lines of the table for links whose middle is not ours, with everything that its owner or a site does by hand."""

from collections.abc import Iterator, Sequence

from planning.estate import Estate
from planning.gcp import PARTNER_ASN
from planning.links.external import MICROSOFT_ASN
from planning.links.outside_types import Dedicated, DedicatedGcp, External, MiddleSession
from planning.links.pairs import Pair
from planning.links.types import Links
from planning.settings import Cloud, Transport

Row = dict[str, object]
LEGS = {"aws": 1, "azure": 2, "gcp": 2}


def row(estate: Estate, links: Links, pair: Pair, carrier: Transport) -> Row:
    """Write down what a pair runs over, beside its name, role and ends."""
    if carrier is Transport.EXTERNAL:
        return _external(estate, links, pair)
    return _dedicated(estate, links, pair) if carrier is Transport.DEDICATED else _native(links)


def asn(estate: Estate, links: Links, party: str) -> str:
    """Give the ASN that a party's end of a circuit has."""
    in_clouds = {
        Cloud.AWS.value: str(links.aws_circuit_gateway.asn) if links.aws_circuit_gateway else "",
        Cloud.AZURE.value: str(MICROSOFT_ASN),
        Cloud.GCP.value: str(PARTNER_ASN),
    }
    return in_clouds.get(party) or str(estate.settings.sites[party].asn)


def _external(estate: Estate, links: Links, pair: Pair) -> Row:
    middles = [middle for middle in links.external if all(map(middle.reaches, pair.parties))]
    counts = " and ".join(f"{LEGS[party]} to {party}" for party in pair.parties if party in LEGS)
    one, other = (asn(estate, links, party) for party in pair.parties)
    sessions = [(middle, session) for middle in middles for session in _of(middle.sessions, pair)]
    return {
        "kind": "external",
        "redundancy": f"{_count(middles, 'middle')}, in each {counts}",
        "bandwidthMbps": min(middle.bandwidth for middle in middles),
        "asns": [one, *(f"{middle.name} {middle.asn}" for middle in middles), other],
        "addresses": [
            f"{middle.name} {_named(session)} {session.address or 'by Google'}" for middle, session in sessions
        ],
        "preference": ", then ".join(middle.name for middle in middles),
        "leadTime": "as the provider says",
        "byHand": [line for middle in middles for line in _order(estate, middle, pair)],
    }


def _order(estate: Estate, middle: External, pair: Pair) -> Iterator[str]:
    """Yield what is left to order, and what the middle is configured with."""
    path, owner = f"links.external.{middle.name}", middle.provider or f"the owner of {middle.name}"
    account = estate.settings.accounts.aws
    if middle.aws and middle.aws.connection_id is None and Cloud.AWS in pair.parties and account:
        yield (
            f"order from {owner}: a hosted connection of {middle.bandwidth} Mbps for AWS account {account.account_id}, "
            f"at a Direct Connect location of {middle.aws.circuit.seller_region}; "
            f"then give {path}.aws its connectionId and vlan"
        )
    if middle.azure and not middle.azure.provisioned and Cloud.AZURE in pair.parties:
        yield (
            f"order from {owner}: both legs of the ExpressRoute circuit, by the service key that the stack exports, "
            f"without private peering, which the stack makes; then say {path}.azure: {{provisioned: true}}"
        )
    if middle.gcp and not middle.gcp.provisioned and Cloud.GCP in pair.parties:
        yield (
            f"order from {owner}: a connection of {middle.bandwidth} Mbps for each of the two pairing keys that the "
            f"stack exports; then say {path}.gcp: {{provisioned: true}}"
        )
    for session in _of(middle.sessions, pair):
        yield f"at {middle.name}: {_said(session)}"
    for site in middle.sites:
        if site in pair.parties:
            yield f"at {middle.name}: take {', '.join(estate.announced_by(site))} from {site}, and nothing else"


def _dedicated(estate: Estate, links: Links, pair: Pair) -> Row:
    cloud, site = pair.parties
    ports = [port for port in links.dedicated if port.site == site and _of(port.sessions, pair)]
    sessions = [session for port in ports for session in port.sessions]
    waiting = any(not port.up for port in ports)
    return {
        "kind": "dedicated",
        "redundancy": f"{_count(ports, 'port')}, {_count(sessions, 'session')}",
        "bandwidthMbps": sum(_bandwidth(port) for port in ports),
        "asns": [str(sessions[0].cloud_asn), str(estate.settings.sites[site].asn)],
        "addresses": [str(session.address) for session in sessions],
        "preference": "equal cost over all ports",
        "leadTime": "days to weeks (cross connect)" if waiting else "45 min" if cloud == Cloud.AZURE else "10 min",
        "byHand": [line for port in ports for line in _patch(port, cloud)],
    }


def _patch(port: Dedicated, cloud: str) -> Iterator[str]:
    """Yield what is left to do until an ordered port is up, and what the site's router is configured with."""
    name = port.name if isinstance(port, DedicatedGcp) else port.circuit.name
    if not isinstance(port.origin, str) and not port.up:
        setting = f"sites.{port.site}.dedicated.{cloud}"
        yield (
            f"take the letter of authorization for {name} from {cloud}, have it patched at {port.origin.location}, "
            f"and then say provisioned: true for it in {setting}"
        )
    for session in port.sessions:
        yield f"on the router of {port.site} behind {name}: {_said(session)}"


def _bandwidth(port: Dedicated) -> int:
    return port.circuit.bandwidth if not isinstance(port, DedicatedGcp) else port.bandwidth


def _native(links: Links) -> Row:
    [link] = links.native
    gateway = links.aws_circuit_gateway
    return {
        "kind": "native",
        "redundancy": "the clouds' own, four ways",
        "bandwidthMbps": link.bandwidth,
        "asns": [str(gateway.asn) if gateway else "", "Google's own"],
        "addresses": [],
        "preference": "before tunnels",
        "leadTime": "10 min",
        "byHand": [
            f"give Google's half the key that AWS made, as linkKeys.native, which is done ({link.aws_region})"
            if link.key_given
            else f"accept Google's half in AWS ({link.aws_region}) by the command that the stack exports"
        ],
    }


def _of(sessions: Sequence[MiddleSession], pair: Pair) -> Sequence[MiddleSession]:
    return [session for session in sessions if session.party in pair.parties]


def _named(session: MiddleSession) -> str:
    return f"{session.party} {session.leg}"


def _said(session: MiddleSession) -> str:
    """Say a session to whoever configures the router."""
    vlan = f"VLAN {session.vlan}, " if session.vlan else ""
    own = session.address or "the address that Google gives out"
    far = session.cloud_address or "Google's"
    repeated = f"repeat its ASN {session.prepends} times, " if session.prepends else ""
    return (
        f"for {_named(session)}: {vlan}{own} of ASN {session.asn} to {far} of ASN {session.cloud_asn}; "
        f"let in only {', '.join(session.accepts)}; send only {', '.join(session.sends)}; {repeated}MED {session.med}"
    )


def _count(things: Sequence[object], word: str) -> str:
    return f"{len(things)} {word}" if len(things) == 1 else f"{len(things)} {word}s"
