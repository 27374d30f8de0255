"""What sites send and take, as far as a plan knows: their prefixes, and the files for their routers once written."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from inspection.graph import UNKNOWN, Graph
from inspection.network.filters import holds


def prefixes_of(graph: Graph, site: str) -> Sequence[IPv4Network]:
    """List the prefixes that a site brings."""
    told = graph.outputs.get("addressing", {}).get("sites", {}).get(site, {})
    return [IPv4Network(prefix) for prefix in told.get("prefixes", ())]


def asns(graph: Graph) -> dict[int, str]:
    """Map the AS numbers of sites to them."""
    return {site["asn"]: name for name, site in graph.outputs.get("addressing", {}).get("sites", {}).items()}


def unsent(graph: Graph, site: str, own: IPv4Network) -> Iterator[str]:
    """Yield why a site does not send a route to its own."""
    if not holds(prefixes_of(graph, site), own):
        yield f"{own} is in no prefix that {site} brings"
    for router, text in _files(graph, site):
        if not holds(_permitted(text, "out"), own):
            yield f"{router} of {site} sends no route to {own}"


def untaken(graph: Graph, site: str, far: IPv4Network) -> Iterator[str]:
    """Yield why a site learns no way to somebody; nothing before its routers' files are written."""
    files = _files(graph, site)
    if files and not any(holds(_permitted(text, "in"), far) for _, text in files):
        yield f"no router of {site} takes a route to {far}"


def written(graph: Graph, site: str) -> bool:
    """Tell whether the files of a site's routers are known yet."""
    return bool(_files(graph, site))


def _files(graph: Graph, site: str) -> Sequence[tuple[str, str]]:
    """List a site's routers that have a file, with what it says of BGP."""
    routers = graph.outputs.get("siteFiles", {})
    routers = {} if routers == UNKNOWN else routers.get(site, {})
    return [
        (router, files["frr.conf"])
        for router, files in routers.items()
        if files != UNKNOWN and files.get("frr.conf", UNKNOWN) != UNKNOWN
    ]


def _permitted(text: str, direction: str) -> Sequence[IPv4Network]:
    maps = set(re.findall(rf"^  neighbor \S+ route-map (\S+) {direction}$", text, re.MULTILINE))
    lists: set[str] = set()
    for name in maps:
        for entry in re.findall(rf"^route-map {name} permit \d+\n(.*?)^exit$", text, re.MULTILINE | re.DOTALL):
            lists.update(re.findall(r"^ match ip address prefix-list (\S+)$", entry, re.MULTILINE))
    return [
        IPv4Network(prefix)
        for name in lists
        for prefix in re.findall(rf"^ip prefix-list {name} seq \d+ permit ([\d./]+)$", text, re.MULTILINE)
    ]
