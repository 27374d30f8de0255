"""Runs a lab in namespaces of its own: `tests.lab.outside` starts this, with the lab on standard input as JSON.

Nothing here leaves the namespaces: the outermost has no interface but its own loopback.
"""

import contextlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from tests.lab.model import CLIENTS_ASK, Answer, Host, Question, Round

CORE = "core"
ROUTER = "169.254.0.1"
"""Every host's next hop."""
FOLDER = Path("/run/lab")
READY_WITHIN = 20.0
"""Seconds; on an idle machine servers take less than one."""
CLIENTS = 6
"""At every host."""


def run(*command: str, text: str = "") -> str:
    """Run a command that has to succeed."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    if done.returncode:
        message = f"{' '.join(command)} failed ({done.returncode}): {done.stderr.strip()}\n{text}"
        raise RuntimeError(message)
    return done.stdout


def build(hosts: Sequence[Host]) -> None:
    """Join every host to the router. Neighbours are fixed: the kernel's table of learned ones is shared by all."""
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    FOLDER.mkdir()
    made, core = [f"netns add {CORE}"], ["link set lo up"]
    for number, host in enumerate(hosts):
        near, far, hop = f"02:00:00:00:{number:02x}:01", f"02:00:00:00:{number:02x}:02", f"169.254.1.{number}"
        made += [
            f"netns add h{number}",
            f"link add c{number} address {near} netns {CORE} type veth peer name eth0 address {far} netns h{number}",
        ]
        core += [f"link set c{number} up", f"neigh add {hop} lladdr {far} dev c{number} nud permanent"]
        core += [f"route add {cidr} via {hop} dev c{number} onlink" for cidr in host.reached_at]
    run("ip", "-batch", "-", text="\n".join(made))
    run("ip", "-n", CORE, "-batch", "-", text="\n".join(core))
    run("ip", "netns", "exec", CORE, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
    for number, host in enumerate(hosts):
        own = ["link set lo up", "link set eth0 up"]
        own += [f"address add {address}/32 dev eth0" for address in host.addresses]
        own += [f"neigh add {ROUTER} lladdr 02:00:00:00:{number:02x}:01 dev eth0 nud permanent"]
        own += [f"route add {cidr} via {ROUTER} dev eth0 onlink" for cidr in host.ways]
        run("ip", "-n", f"h{number}", "-batch", "-", text="\n".join(own))
        if host.rules:
            run("ip", "netns", "exec", f"h{number}", "nft", "-f", "-", text=host.rules)


@contextlib.contextmanager
def servers(hosts: Sequence[Host]) -> Generator[None]:
    """Have every host's server run."""
    started = []
    for number, host in enumerate(hosts):
        folder = FOLDER / f"h{number}"
        folder.mkdir(exist_ok=True)
        for name, text in host.files.items():
            (folder / name).write_text(text)
        for transport in CLIENTS_ASK:
            command = ["ip", "netns", "exec", f"h{number}", "unbound", "-d", "-c", f"{transport}.conf"]
            with (folder / f"{transport}.log").open("w") as log:
                started.append(subprocess.Popen(command, cwd=folder, stdout=log, stderr=log))  # noqa: S603 - fixed words
    try:
        for number, host in enumerate(hosts):
            _wait_for(f"h{number}", host)
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def _wait_for(namespace: str, host: Host) -> None:
    """Wait until a host's servers answer anything at all."""
    until = time.monotonic() + READY_WITHIN
    questions = [Question(host.name, "ready.invalid", "A", transport) for transport in CLIENTS_ASK]
    while any(answer.status == "TIMEOUT" for answer in _answers(_ask(namespace, questions, 1), questions)):
        if time.monotonic() > until:
            logs = "".join((FOLDER / namespace / f"{transport}.log").read_text() for transport in CLIENTS_ASK)
            message = f"the servers of {host.name} do not answer:\n{logs}"
            raise RuntimeError(message)
        time.sleep(0.05)


def silence(hosts: Sequence[Host], addresses: Iterable[str]) -> None:
    """Drop what comes to port 53 of some addresses, of these alone."""
    silent = set(addresses)
    for number, host in enumerate(hosts):
        own = silent.intersection(host.addresses)
        drop = f"ip daddr {{ {', '.join(sorted(own))} }} meta l4proto {{ tcp, udp }} th dport 53 drop" if own else ""
        table = "table inet silence"
        rules = (
            f"{table}\ndelete {table}\n{table} {{\nchain in {{\ntype filter hook input priority -10\n{drop}\n}}\n}}\n"
        )
        run("ip", "netns", "exec", f"h{number}", "nft", "-f", "-", text=rules)


def ask(hosts: Sequence[Host], asked: Round) -> list[Answer]:
    """Put the questions of a round, of all hosts and by several clients at each at once."""
    clients = []
    for number, host in enumerate(hosts):
        own = [question for question in asked.questions if question.host == host.name]
        shares = [share for share in (own[first::CLIENTS] for first in range(CLIENTS)) if share]
        clients += [(_ask(f"h{number}", share, asked.patience, asked.tries), share) for share in shares]
    return [answer for client, share in clients for answer in _answers(client, share)]


def _ask(namespace: str, questions: Sequence[Question], patience: int, tries: int = 1) -> "subprocess.Popen[str]":
    transports = {"udp": "+notcp", "tcp": "+tcp"}
    lines = [f"@{CLIENTS_ASK[q.transport]} {q.name} {q.type} {transports[q.transport]}" for q in questions]
    command = ["ip", "netns", "exec", namespace, "dig", f"+tries={tries}", f"+time={patience}", "-f", "-"]
    client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - fixed words
    assert client.stdin
    client.stdin.write("\n".join(lines) + "\n")
    client.stdin.close()
    return client


def _answers(client: "subprocess.Popen[str]", questions: Sequence[Question]) -> list[Answer]:
    assert client.stdout
    told = re.split(r"^; <<>> DiG .*$", client.stdout.read(), flags=re.MULTILINE)[1:]
    client.wait()
    return [_answer(question, text) for question, text in zip(questions, told, strict=True)]


def _answer(question: Question, text: str) -> Answer:
    """Read what dig printed of one question."""
    status = re.search(r"^;; ->>HEADER<<-.* status: (\w+),", text, flags=re.MULTILINE)
    if not status:
        return Answer(question, "TIMEOUT")
    record = rf"^{re.escape(question.name)}\.\s+\d+\s+IN\s+{question.type}\s+(\S+)$"
    values = re.findall(record, text, flags=re.MULTILINE)
    return Answer(question, status[1], sorted(value.rstrip(".") for value in values))


def play(hosts: Sequence[Host], rounds: Mapping[str, Round]) -> dict[str, list[Answer]]:
    """Build a lab and put the questions of all rounds: where others fall silent, to servers that remember nothing."""
    build(hosts)
    heard = {}
    for silent, several in groupby(rounds.items(), key=lambda each: each[1].silent):
        silence(hosts, silent)
        with servers(hosts):
            heard |= {name: ask(hosts, asked) for name, asked in several}
    return heard


def main() -> None:
    """Play the lab on standard input."""
    told = json.load(sys.stdin)
    heard = play([Host(**host) for host in told["hosts"]], {n: Round.of(each) for n, each in told["rounds"].items()})
    json.dump({name: [asdict(answer) for answer in answers] for name, answers in heard.items()}, sys.stdout)


if __name__ == "__main__":
    main()
