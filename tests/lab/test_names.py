"""Names resolve between everybody: the planned zones, forwards, endpoints, routes and filters on real DNS servers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from ipaddress import IPv4Address, IPv4Network

import pytest

from tests.lab.model import Answer, Host, Question, Round
from tests.lab.names import ONPREM, Names, owner_of
from tests.lab.outside import missing, play, require_lab
from tests.program.stacks import STACKS, settings_of, update_of

WITH_NAMES = tuple(stack for stack in STACKS if "dns" in settings_of(stack))
LONG = ("dev", "prod")
"""Stacks whose servers fall silent too, which takes time; the others are examples of what these have."""
SHORT_ROUNDS = ("everybody", "missing", "outside")


@cache
def names(stack: str) -> Names:
    return Names(update_of(stack), settings_of(stack)["dns"]["private"])


@pytest.fixture
def lab() -> None:
    require_lab(missing())


def wrong(stack: str, answers: Sequence[Answer]) -> list[Answer]:
    return [answer for answer in answers if list(answer.values) != [names(stack).right(answer.question)]]


def test_the_lab_has_dev_and_prod() -> None:
    assert set(LONG) <= set(WITH_NAMES)


@pytest.mark.parametrize("stack", WITH_NAMES)
def test_every_endpoint_has_a_name_and_everybody_is_asked_for_everybody(stack: str) -> None:
    found = names(stack)
    clouds = {network["cloud"] for network in settings_of(stack)["networks"].values()}
    sites = {site for site, told in settings_of(stack).get("sites", {}).items() if told.get("dns")}
    owners = clouds | ({ONPREM} if sites else set())
    answering: dict[str, set[str]] = {}
    for resolver in found.resolvers:
        answering.setdefault(owner_of(resolver.party), set()).update(resolver.answers_at)

    assert {owner: set(named.values()) for owner, named in found.called.items()} == answering
    assert all(len(answering[cloud]) == 2 for cloud in clouds)
    assert set(found.parties.values()) == clouds | sites
    assert {host: set(known) for host, known in found.knowing.items()} == dict.fromkeys(found.knowing, owners)


@pytest.mark.parametrize("stack", WITH_NAMES)
def test_googles_queries_come_from_its_own_range_alone(stack: str) -> None:
    (google,) = [host for host in names(stack).hosts if host.name == "gcp"]
    senders = set(google.addresses) - set(names(stack).called["gcp"].values())

    assert senders
    assert all(IPv4Address(sender) in IPv4Network("35.199.192.0/19") for sender in senders)


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize("stack", WITH_NAMES)
def test_every_name_resolves_from_everywhere_also_with_servers_silent_and_nothing_else_does(stack: str) -> None:
    found = names(stack)
    rounds = found.rounds if stack in LONG else {name: found.rounds[name] for name in SHORT_ROUNDS}
    heard = play(found.hosts, rounds)

    assert {name: len(answers) for name, answers in heard.items()} == {
        name: len(asked.questions) for name, asked in rounds.items()
    }
    assert wrong(stack, heard["everybody"]) == []
    assert {answer.status for answer in heard["missing"]} == {"NXDOMAIN"}, "its owner says so"
    assert {answer.status for answer in heard["outside"]} == {"REFUSED"}, "nobody is asked"
    if stack in LONG:
        silent = [answers for name, answers in heard.items() if name.startswith("without")]
        assert len(silent) >= 2
        assert [wrong(stack, answers) for answers in silent] == [[]] * len(silent)
        assert {answer.status for answer in heard["nobody"]} <= {"SERVFAIL", "TIMEOUT"}


@pytest.mark.usefixtures("lab")
def test_each_fault_in_what_is_planned_is_found_where_it_is_and_nowhere_else() -> None:
    found = names("prod")
    firsts = {next(iter(named)) for named in found.called.values()}
    questions = [question for question in found.questions() if name_of(found, question) in firsts]
    hosts = {host.name: host for host in found.hosts}
    faults: Mapping[str, Callable[[Host], Host]] = {
        "gcp": unannounced,
        "azure/eastus": without_tcp,
        "hq/10.48.0.53": without("domain-insecure"),
        "hq/10.48.1.53": without("private-domain"),
        "plant/10.49.0.53": without("local-zone"),
    }
    broken = [
        question
        for question in questions
        for owner in (next(owner for owner, named in found.called.items() if name_of(found, question) in named),)
        if owner != owner_of(found.parties[question.host])
        and (
            question.host in ("gcp", "hq/10.48.0.53")
            or (owner == "azure" and question.transport == "tcp")
            or (question.host == "hq/10.48.1.53" and question.type == "A")
            or (question.host == "plant/10.49.0.53" and question.type == "PTR")
        )
    ]
    faulty = [faults.get(name, lambda host: host)(host) for name, host in hosts.items()]
    answers = play(faulty, {"everybody": Round((), questions, patience=2, tries=2)})["everybody"]

    assert faults.keys() <= hosts.keys()
    assert {answer.question for answer in wrong("prod", answers)} == set(broken)


def name_of(found: Names, question: Question) -> str:
    """Tell whose name a question is about: the one asked for, or the one that an address leads back to."""
    return question.name if question.type == "A" else found.right(question)


def unannounced(host: Host) -> Host:
    """Tell nobody where Google's queries come from."""
    return replace(host, reached_at=[cidr for cidr in host.reached_at if not cidr.startswith("35.199.")])


def without_tcp(host: Host) -> Host:
    """Let queries in over udp alone."""
    before, way_in, after = host.rules.partition("chain in {")
    return replace(host, rules=before + way_in + after.replace("{ tcp, udp }", "udp", 1))


def without(option: str) -> Callable[[Host], Host]:
    """Take an option out of a site's rendered file, but for reverse zones of the sites."""

    def left_out(host: Host) -> Host:
        forwarded, lines = host.files["site.conf"].partition("forward-zone:")[2], host.files["site.conf"].splitlines()
        gone = [line for line in lines if line.startswith(f"    {option}:") and f"{line.split()[1]}\n" in forwarded]
        kept = "\n".join(line for line in lines if line not in gone) + "\n"
        assert gone
        return replace(host, files={**host.files, "site.conf": kept})

    return left_out
