"""Circuits over the cloud exchange: a router in each metro, and from it a circuit to every party."""

from collections.abc import Sequence

from planning.estate import Estate
from planning.links.circuits import Circuits, Middle, preference
from planning.links.ends import met_over
from planning.links.metros import METROS
from planning.links.requests import parties_on_exchange
from planning.links.types import Exchange, ExchangeRouter, PortOrder, SiteCircuit
from planning.settings import Cloud
from planning.settings import links as wanted
from planning.settings.accounts import EquinixAccount
from planning.settings.links import Transport
from planning.settings.topology import Port

HIGH_CAPACITY_MBPS = 1000
"""From here on AWS is another service profile at the exchange [D45]."""
FIBRES = {1_000: "1000BASE_LX", 10_000: "10GBASE_LR", 100_000: "100GBASE_LR4"}
"""Mbps of a port -> what Equinix calls its fibre's standard."""


def exchange(estate: Estate) -> Exchange | None:
    """Plan the exchange, or None where no pair runs over it."""
    settings = estate.settings
    account = settings.accounts.equinix
    links = settings.links.exchange if settings.links else None
    parties = parties_on_exchange(settings)
    if links is None or account is None or not parties:
        return None
    return _exchange(estate, links, account, parties)


def _exchange(estate: Estate, links: wanted.Exchange, account: EquinixAccount, parties: Sequence[str]) -> Exchange:
    sites = [party for party in parties if party in estate.settings.sites]
    routers = []
    for place, metro in enumerate(links.metros):
        circuits = _circuits(estate, links, metro, place)
        routers.append(
            ExchangeRouter(
                metro=metro,
                name=circuits.middle.start,
                package=links.package,
                aws=circuits.aws() if Cloud.AWS in parties else None,
                azure=circuits.azure("Equinix") if Cloud.AZURE in parties else None,
                gcp=circuits.gcp() if Cloud.GCP in parties else None,
                sites=[_site(circuits, site) for site in sites if metro in estate.settings.sites[site].ports],
            )
        )
    return Exchange(
        project_id=str(account.project_id),
        account_number=account.account_number,
        notify=account.notify,
        purchase_order=account.purchase_order,
        term_months=links.term_months,
        routers=routers,
    )


def _circuits(estate: Estate, links: wanted.Exchange, metro: str, place: int) -> Circuits:
    high = links.bandwidth >= HIGH_CAPACITY_MBPS
    middle = Middle(
        kind="exchange",
        key=metro.lower(),
        start=f"{estate.environment}-{metro.lower()}",
        metro=METROS[metro],
        bandwidth=links.bandwidth,
        preference=preference(place),
        aws_profile="AWS Direct Connect - High Capacity" if high else "AWS Direct Connect",
        gcp_profile="Google Cloud Partner Interconnect Zone",
    )
    return Circuits(estate, middle, lambda party: met_over(estate, party, Transport.EXCHANGE))


def _site(circuits: Circuits, name: str) -> SiteCircuit:
    middle, site = circuits.middle, circuits.estate.settings.sites[name]
    port = site.ports[middle.metro.code]
    return SiteCircuit(
        name=circuits.name(name),
        metro=middle.metro.code,
        site=name,
        port=_port(middle.metro.code, port),
        up=port.order is None or port.provisioned,
        vlan=port.vlan,
        asn=site.asn,
        bandwidth=middle.bandwidth,
        leg=circuits.leg(name, "primary", ""),
        preference=middle.preference,
        session=circuits.session(name),
    )


def _port(metro: str, port: Port) -> str | PortOrder:
    order = port.order
    if order is None:
        return str(port.id)
    return PortOrder(
        metro=metro,
        ibx=order.ibx,
        speed=order.speed,
        physical_type=FIBRES[order.speed],
        cage=order.cage,
        cabinet=order.cabinet,
        patch_panel=order.patch_panel,
        connector=order.connector,
        users=order.users,
    )
