"""Turns what is planned of names into hosts, and what they have to resolve into questions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from itertools import count

from inspection.graph import Graph
from inspection.network.filters import closed_for, closed_to
from inspection.resolve import CLOUDS, Record, Resolver, Zone, resolvers
from tests.lab.model import Host, Question, Round
from tests.lab.routes import announced, ways
from tests.lab.servers import cloud_files, sender, site_files

ONPREM = "onprem"
TRANSPORTS = ("udp", "tcp")
OUTSIDE = "www.example.com"


@dataclass(frozen=True)
class Names:
    """The servers of a stack, and the names that lead to them."""

    graph: Graph
    root: str

    @cached_property
    def resolvers(self) -> Sequence[Resolver]:
        """List what asks and answers."""
        return resolvers(self.graph)

    def domain(self, owner: str) -> str:
        """Name an owner's domain."""
        return f"{owner}.{self.root}"

    @cached_property
    def called(self) -> Mapping[str, Mapping[str, str]]:
        """Map owner -> name of each of its servers -> address: clouds' as planned, those of sites by the lab."""
        found: dict[str, dict[str, str]] = {}
        number = count(1)
        for resolver in self.resolvers:
            owner = owner_of(resolver.party)
            named = found.setdefault(owner, {})
            if owner == ONPREM:
                named |= {f"dns-{next(number)}.{self.domain(ONPREM)}": address for address in resolver.answers_at}
            elif resolver.answers_at:
                records = [r for zone in resolver.zones if zone.domain == self.domain(owner) for r in zone.records]
                named |= {r.name: value for r in records if r.name.startswith("dns-") for value in r.values}
        return found

    @cached_property
    def hosts(self) -> Sequence[Host]:
        """List a host for each resolver of a cloud, and one for each server of a site."""
        return [host for resolver in self.resolvers for host in self._hosts(resolver)]

    @cached_property
    def parties(self) -> Mapping[str, str]:
        """Map hosts to whose they are."""
        return {host.name: _resolver_of(host.name, self.resolvers).party for host in self.hosts}

    @cached_property
    def knowing(self) -> Mapping[str, Sequence[str]]:
        """Map hosts to the owners whose names they have to resolve: their own, and those that they forward to."""
        return {
            host.name: [
                owner
                for owner in self.called
                if owner == owner_of(resolver.party) or self.domain(owner) in resolver.forwards
            ]
            for host in self.hosts
            for resolver in (_resolver_of(host.name, self.resolvers),)
        }

    def questions(self) -> Sequence[Question]:
        """Ask at every host for every server's name, and for the way back from its address."""
        return [
            Question(host, *asked, transport)
            for host, owners in self.knowing.items()
            for owner in owners
            for name, address in self.called[owner].items()
            for asked in ((name, "A"), (pointer(address), "PTR"))
            for transport in TRANSPORTS
        ]

    def far_questions(self) -> Sequence[Question]:
        """Ask at every host for one name of everybody else."""
        return [
            Question(host, next(iter(self.called[owner])), "A", "udp")
            for host, owners in self.knowing.items()
            for owner in owners
            if owner != owner_of(self.parties[host])
        ]

    def missing_questions(self) -> Sequence[Question]:
        """Ask at every host for names that every owner's domain could have and does not."""
        return [
            Question(host, f"missing.{self.domain(owner)}", "A", "udp")
            for host, owners in self.knowing.items()
            for owner in owners
        ]

    def outside_questions(self) -> Sequence[Question]:
        """Ask at every host for what nobody here answers for."""
        return [Question(host.name, name, "A", "udp") for host in self.hosts for name in (OUTSIDE, f"x.{self.root}")]

    def right(self, question: Question) -> str:
        """Tell the answer that one of `questions` has to get."""
        everybody = [(name, address) for named in self.called.values() for name, address in named.items()]
        if question.type == "A":
            return next(address for name, address in everybody if name == question.name)
        return next(name for name, address in everybody if pointer(address) == question.name)

    @cached_property
    def servers(self) -> Sequence[str]:
        """List all addresses that answer others."""
        return [address for named in self.called.values() for address in named.values()]

    def one_of_each(self, number: int) -> Sequence[str]:
        """List an address of each owner: the first, the second and so on of those that have so many."""
        return [list(named.values())[number] for named in self.called.values() if number < len(named)]

    @cached_property
    def rounds(self) -> Mapping[str, Round]:
        """List what is asked: with everybody there, without one server of each owner, and without any."""
        most = max(len(named) for named in self.called.values())
        return {
            "everybody": Round((), self.questions(), tries=2),
            "missing": Round((), self.missing_questions()),
            "outside": Round((), self.outside_questions()),
            # Unbound drops an answer that took it more than 1.9 seconds, since clients ask again.
            **{
                f"without {number + 1}": Round(self.one_of_each(number), self.questions(), patience=2, tries=3)
                for number in range(most)
            },
            "nobody": Round(self.servers, self.far_questions(), patience=2),
        }

    def _hosts(self, resolver: Resolver) -> Iterator[Host]:
        told = announced(self.graph, resolver.party)
        rules = self._rules(resolver) if resolver.party in CLOUDS else ""
        if resolver.party in CLOUDS:
            senders = [sender(cidr) for cidr in resolver.sends_from]
            own = {resolver.name: ([*resolver.answers_at, *senders], cloud_files(resolver))}
        else:
            fragment = self.graph.outputs["siteForwarders"][resolver.name]["unbound.conf"]
            zones = self._site_zones(resolver)
            own = {
                f"{resolver.name}/{address}": ([address], site_files(address, zones, fragment, resolver.forwards))
                for address in resolver.answers_at
            }
        for name, (addresses, files) in own.items():
            reached = [f"{address}/32" for address in addresses if _holds(told, IPv4Network(address))]
            yield Host(name, addresses, reached, ways(self.graph, resolver), files, rules)

    def _site_zones(self, resolver: Resolver) -> Sequence[Zone]:
        """Fill a site's zones, as its own people would."""
        records = [
            record
            for name, address in self.called[ONPREM].items()
            for record in (Record(name, "A", [address]), Record(pointer(address), "PTR", [name]))
        ]
        return [
            Zone(zone.domain, [record for record in records if record.name.endswith(f".{zone.domain}")])
            for zone in resolver.zones
        ]

    def _rules(self, resolver: Resolver) -> str:
        others = [other for other in self.resolvers if other.party != resolver.party]
        sources = [cidr for other in others for cidr in other.sends_from]
        targets = [f"{address}/32" for other in others for address in other.answers_at]
        return filtering(
            [cidr for cidr in sources if not any(closed_for(self.graph, resolver, IPv4Network(cidr)))],
            [cidr for cidr in targets if not any(closed_to(self.graph, resolver, IPv4Network(cidr)))],
        )


def owner_of(party: str) -> str:
    """Tell who owns the names of a party: sites do together."""
    return party if party in CLOUDS else ONPREM


def pointer(address: str) -> str:
    """Name an address for the way back."""
    return IPv4Address(address).reverse_pointer


def filtering(sources: Sequence[str], targets: Sequence[str]) -> str:
    """Write rules that let port 53 in from some CIDRs and out to some, with the answers, and nothing else."""
    port = "meta l4proto { tcp, udp } th dport 53 accept"
    in_from = [f"ip saddr {{ {', '.join(sources)} }} {port}"] if sources else []
    out_to = [f"ip daddr {{ {', '.join(targets)} }} {port}"] if targets else []
    known = "ct state established,related accept"
    lines = [
        "table inet plan {",
        "chain in {",
        "type filter hook input priority 0; policy drop;",
        *("iif lo accept", known, *in_from),
        "}",
        "chain out {",
        "type filter hook output priority 0; policy drop;",
        *("oif lo accept", known, *out_to),
        "}",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _resolver_of(host: str, everybody: Sequence[Resolver]) -> Resolver:
    """Find what a host stands for: a resolver by its name, or the site whose server it is."""
    return next(each for each in everybody if host == each.name or host.rpartition("/")[0] == each.name)


def _holds(networks: Sequence[IPv4Network], wanted: IPv4Network) -> bool:
    return any(wanted.subnet_of(network) for network in networks)
