"""Rules of ports at the exchange that are ordered here."""

from collections.abc import Iterator

from planning.links.requests import parties_on_exchange
from planning.problems import Problem
from planning.settings import Settings
from planning.settings.topology import PortOrder

Ordered = tuple[str, str, PortOrder, bool]
"""Site, metro, order, and whether the port is up."""


def problems(settings: Settings) -> Iterator[Problem]:
    """Yield everything that is wrong with orders."""
    exchange = settings.links.exchange if settings.links else None
    for site, metro, order, _ in _orders(settings):
        if exchange and site in parties_on_exchange(settings) and exchange.bandwidth > order.speed:
            rule = f"is less than the circuit on the port has ({exchange.bandwidth})"
            remedy = "order a faster port, or make links.exchange.bandwidth less"
            yield Problem(f"sites.{site}.ports.{metro}.order.speed", str(order.speed), rule, remedy)


def warnings(settings: Settings) -> Iterator[str]:
    """Yield what an order comes to."""
    exchange = settings.links.exchange if settings.links else None
    for site, metro, order, up in _orders(settings):
        path = f"sites.{site}.ports.{metro}"
        if exchange is None or metro not in exchange.metros or site not in parties_on_exchange(settings):
            yield f"{path}: nothing runs over it, so it is not ordered"
            continue
        if not order.ibx.startswith(metro):
            yield f"{path}.order.ibx: {order.ibx} does not sound like {metro}; check it before it is ordered"
        if not up:
            yield (
                f"{path}.order: is a contract of 12 months, and protected in every environment; the cross connect takes"
                " days to weeks, and the circuit is made only when provisioned: true stands beside the order"
            )


def _orders(settings: Settings) -> Iterator[Ordered]:
    for name, site in settings.sites.items():
        for metro, port in site.ports.items():
            if port.order is not None:
                yield name, metro, port.order, port.provisioned
