"""Names at sites: what their own DNS servers are asked to do. Sites are no resources, so a stack output tells."""

from collections.abc import Iterator, Mapping

from inspection.graph import Graph, Json
from inspection.network.model import Resolver, View, Zone, addresses, hosts_of, plain


def views(graph: Graph) -> Iterator[View]:
    """Yield what the servers of each site know."""
    for site, told in _sites(graph).items():
        yield View(
            network=site,
            party=site,
            zones=[Zone(plain(domain)) for domain in told["own"]],
            forwards={plain(domain): addresses(servers) for domain, servers in told["forwards"].items()},
        )


def resolvers(graph: Graph, seen: Mapping[str, View]) -> Iterator[Resolver]:
    """Yield the servers of each site, as one.

    Args:
        graph: what is planned.
        seen: by the site, what its servers know.
    """
    for site, told in _sites(graph).items():
        yield Resolver(
            name=site,
            party=site,
            network=site,
            zones=seen[site].zones,
            forwards=seen[site].forwards,
            answers_at=addresses(told["servers"]),
            answers_in=hosts_of(told["servers"]),
            sends_from=hosts_of(told["servers"]),
        )


def _sites(graph: Graph) -> Mapping[str, Json]:
    return graph.outputs.get("names", {}).get("sites", {})
