"""Circuits whose middle somebody else provides: our ends of them, and what its owner has to be told."""

from collections.abc import Iterator, Mapping, Sequence

from planning.estate import Estate
from planning.gcp import PARTNER_ASN
from planning.links.circuits import Circuits, Middle, preference
from planning.links.ends import azure_end
from planning.links.metros import METROS
from planning.links.outside_types import External, ExternalAws, ExternalAzure, ExternalGcp, MiddleSession
from planning.links.pairs import parties_over
from planning.links.requests import external_ends
from planning.links.types import AwsCircuit, AzureCircuit, AzureEnd, GcpCircuit, Leg
from planning.settings import Cloud, Settings
from planning.settings import external as wanted
from planning.settings.links import Transport

MICROSOFT_ASN = 12076
"""On Azure's side of every circuit."""


def external(estate: Estate) -> Sequence[External]:
    """Plan every middle that something runs over, the preferred one first."""
    links = estate.settings.links
    ends = external_ends(estate.settings)
    middles = links.external if links else {}
    used = sorted((name for name in middles if ends[name]), key=lambda name: middles[name].rank)
    return tuple(_middle(estate, name, middles[name], ends[name]) for name in used)


def place(settings: Settings, middle: wanted.External) -> int:
    """Tell how many middles come before one: those of the exchange do, if anything runs over it."""
    exchange = settings.links.exchange if settings.links else None
    before = len(exchange.metros) if exchange and parties_over(settings, Transport.EXCHANGE) else 0
    return before + middle.rank - 1


def _middle(estate: Estate, name: str, middle: wanted.External, ends: Mapping[str, Sequence[str]]) -> External:
    where = Middle(
        kind="external",
        key=name,
        start=f"{estate.environment}-external-{name}",
        metro=METROS[middle.metro],
        bandwidth=middle.bandwidth,
        preference=preference(place(estate.settings, middle)),
    )
    circuits = Circuits(estate, where, lambda party: ends[party])
    aws = _aws(circuits, middle.aws) if middle.aws and Cloud.AWS in ends else None
    end = azure_end(estate, ends[Cloud.AZURE]) if Cloud.AZURE in ends else None
    azure = _azure(circuits, middle, middle.azure, end) if middle.azure and end else None
    gcp = (
        ExternalGcp(circuit=circuits.gcp(), provisioned=middle.gcp.provisioned)
        if middle.gcp and Cloud.GCP in ends
        else None
    )
    met = {party for parties in ends.values() for party in parties}
    return External(
        name=name,
        metro=middle.metro,
        rank=middle.rank,
        asn=middle.asn,
        provider=middle.provider,
        bandwidth=middle.bandwidth,
        aws=aws,
        azure=azure,
        gcp=gcp,
        sites=[site for site in sorted(middle.sites) if site in met],
        sessions=(
            *(aws_sessions(estate, aws.circuit, middle.asn, aws.vlan) if aws else ()),
            *(azure_sessions(azure.circuit, middle.asn) if azure else ()),
            *(_gcp_sessions(gcp.circuit, middle.asn) if gcp else ()),
        ),
    )


def _aws(circuits: Circuits, facts: wanted.ExternalAws) -> ExternalAws:
    return ExternalAws(
        circuit=circuits.aws(facts.region),
        connection_id=facts.connection_id,
        vlan=facts.vlan,
        accepted=facts.accepted,
    )


def _azure(circuits: Circuits, middle: wanted.External, facts: wanted.ExternalAzure, end: AzureEnd) -> ExternalAzure:
    return ExternalAzure(
        circuit=circuits.azure(middle.provider or "", facts.peering_location, facts.vlan),
        end=end,
        provisioned=facts.provisioned,
    )


def aws_sessions(estate: Estate, circuit: AwsCircuit, asn: int, vlan: int | None) -> Iterator[MiddleSession]:
    """Yield the session with AWS: the Direct Connect gateway speaks, not the Transit Gateway behind it."""
    gateway_asn = estate.held.asns[f"direct-connect-gateway/{estate.gateway_region(Cloud.AWS)}"]
    yield _session(Cloud.AWS, circuit, circuit.leg, (asn, gateway_asn), vlan)


def azure_sessions(circuit: AzureCircuit, asn: int) -> Iterator[MiddleSession]:
    """Yield the sessions with Azure, one for each leg."""
    for leg in circuit.legs:
        yield _session(Cloud.AZURE, circuit, leg, (asn, MICROSOFT_ASN), circuit.vlan)


def _gcp_sessions(circuit: GcpCircuit, asn: int) -> Iterator[MiddleSession]:
    for leg in circuit.legs:
        yield _session(Cloud.GCP, circuit, leg.leg, (asn, PARTNER_ASN), None)


def _session(
    cloud: Cloud, circuit: AwsCircuit | AzureCircuit | GcpCircuit, leg: Leg, asns: tuple[int, int], vlan: int | None
) -> MiddleSession:
    """Say one session to whoever configures the far side; `asns` are that router's and the cloud's."""
    return MiddleSession(
        party=cloud.value,
        leg=leg.key,
        asn=asns[0],
        cloud_asn=asns[1],
        address=leg.middle_address,
        cloud_address=leg.end_address,
        vlan=vlan,
        accepts=circuit.session.accepts,
        sends=circuit.session.sends,
        prepends=circuit.preference.prepends,
        med=circuit.preference.med,
    )
