"""What the files of a site's DNS servers say, read as the three makes of server read them."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from ipaddress import IPv4Address, IPv4Network

import pytest

from planning.names.forwarders import FILES, looked_up, render
from planning.names.types import Forward, Server, SiteNames

AWS = (Server("resolver-az1", "10.0.240.4"), Server("resolver-az2", "10.0.240.20"))
AZURE = (Server("resolver-inbound", "10.16.240.4"), Server("resolver-inbound-2", "10.16.240.20"))
GCP = (Server("transit-us-east4", None), Server("resolver-us-east4", None))
ADDRESSES = {"transit-us-east4": "10.32.240.2", "resolver-us-east4": "10.32.241.2"}
ASKED_BY = {"10.0.240.5/32": "aws", "10.0.240.21/32": "aws", "10.16.240.32/28": "azure", "35.199.192.0/19": "gcp"}
HQ = SiteNames(
    site="hq",
    servers=["10.48.0.53", "10.48.1.53"],
    own=["onprem.acme.internal", "48.10.in-addr.arpa"],
    forwards=[
        Forward("aws", "aws.acme.internal", "aws", AWS),
        Forward("reverse-10-0", "0.10.in-addr.arpa", "aws", AWS),
        Forward("azure", "azure.acme.internal", "azure", AZURE),
        Forward("reverse-172-17", "17.172.in-addr.arpa", "azure", AZURE),
        Forward("blob-core-windows-net", "blob.core.windows.net", "azure", AZURE),
        Forward("gcp", "gcp.acme.internal", "gcp", GCP),
        Forward("reverse-10-32", "32.10.in-addr.arpa", "gcp", GCP),
    ],
    asked_by=ASKED_BY,
)
WANTED: Mapping[str, Sequence[str]] = {
    "aws.acme.internal": ["10.0.240.4", "10.0.240.20"],
    "0.10.in-addr.arpa": ["10.0.240.4", "10.0.240.20"],
    "azure.acme.internal": ["10.16.240.4", "10.16.240.20"],
    "17.172.in-addr.arpa": ["10.16.240.4", "10.16.240.20"],
    "blob.core.windows.net": ["10.16.240.4", "10.16.240.20"],
    "gcp.acme.internal": ["10.32.240.2", "10.32.241.2"],
    "32.10.in-addr.arpa": ["10.32.240.2", "10.32.241.2"],
}
NAMES = [domain for domain in WANTED if not domain.endswith(".in-addr.arpa")]
REVERSE = [domain for domain in WANTED if domain.endswith(".in-addr.arpa")]


@cache
def files() -> Mapping[str, str]:
    return render(HQ, ADDRESSES)


def said(name: str) -> list[str]:
    """List the lines of a file that are no comment, without those that are empty."""
    lines = [line.partition("# ")[0].rstrip() for line in files()[name].splitlines()]
    return [line for line in lines if line.strip()]


def unbound() -> list[tuple[str, list[tuple[str, str]]]]:
    """Read Unbound's file: clause -> options, each with its value; of the values, what is between the quotes."""
    clauses: list[tuple[str, list[tuple[str, str]]]] = []
    for line in said("unbound.conf"):
        if clause := re.fullmatch(r"([a-z-]+):", line):
            clauses.append((clause[1], []))
        else:
            option = re.fullmatch(r"    ([a-z-]+): (\S+(?: [a-z]+)?)", line)
            assert option, line
            clauses[-1][1].append((option[1], option[2].replace('"', "")))
    return clauses


def unbound_server(option: str) -> list[str]:
    return [value for clause, options in unbound() for key, value in options if (clause, key) == ("server", option)]


def bind(name: str) -> list[tuple[str, list[str]]]:
    """Read one of BIND's files: what is before a brace or a semicolon -> the words within, semicolons left out."""
    text = " ".join(said(name))
    statement = re.compile(r"\s*([^{};]+?)\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\})?;")
    found, at = [], 0
    while text[at:].strip():
        match = statement.match(text, at)
        assert match, text[at:]
        found.append((match[1].replace('"', ""), re.findall(r'[^\s;"]+', match[2] or "")))
        at = match.end()
    return found


def windows() -> Mapping[str, Sequence[str]]:
    """Read what the script forwards: domain -> servers."""
    calls = [line for line in said("forwarders.ps1") if line.startswith("Set-Forwarder")]
    found: dict[str, Sequence[str]] = {}
    for call in calls:
        match = re.fullmatch(r"Set-Forwarder '([a-z0-9.-]+)' ((?:'[0-9.]+'(?:, |$))+)", call)
        assert match, call
        assert match[1] not in found
        found[match[1]] = re.findall(r"'([0-9.]+)'", match[2])
    return found


def test_all_three_makes_send_every_domain_to_all_servers_of_its_owner() -> None:
    zones = [options for clause, options in unbound() if clause == "forward-zone"]
    in_unbound = {dict(zone)["name"]: [value for key, value in zone if key == "forward-addr"] for zone in zones}
    in_bind = {head.removeprefix("zone "): words for head, words in bind("named.conf") if head.startswith("zone ")}

    assert in_unbound == WANTED
    assert windows() == WANTED
    assert in_bind == {
        domain: ["type", "forward", "forward", "only", "forwarders", "{", *servers, "}"]
        for domain, servers in WANTED.items()
    }


def test_nobody_else_is_asked_when_a_clouds_servers_are_silent() -> None:
    script = files()["forwarders.ps1"]

    assert "forward-first" not in files()["unbound.conf"]
    assert "forward first" not in files()["named.conf"]
    assert script.count("-UseRecursion $false") == script.count("Set-DnsServerConditionalForwarderZone") == 1


def test_servers_that_validate_take_unsigned_answers_for_what_is_forwarded_and_nothing_else() -> None:
    (validated,) = [words for head, words in bind("named-options.conf") if head == "validate-except"]

    assert unbound_server("domain-insecure") == list(WANTED)
    assert validated == list(WANTED)


def test_private_addresses_pass_the_guard_against_rebinding_in_forwarded_names_alone() -> None:
    assert unbound_server("private-domain") == NAMES


def test_no_server_says_by_itself_that_private_addresses_have_no_names() -> None:
    empty = [head.split()[1] for head, _ in bind("named-options.conf") if head.startswith("disable-empty-zone")]

    assert unbound_server("local-zone") == [f"{domain} transparent" for domain in ("48.10.in-addr.arpa", *REVERSE)], (
        "the site's own too"
    )
    assert empty == ["10.in-addr.arpa", "17.172.in-addr.arpa"], "BIND's own zones are of 10/8 and of two octets"


def test_who_asks_for_the_clouds_is_let_in_and_nobody_else() -> None:
    assert unbound_server("access-control") == [f"{cidr} allow" for cidr in ASKED_BY]
    assert ("acl askers-of-onprem.acme.internal", list(ASKED_BY)) in bind("named.conf")


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_what_to_open_and_what_the_servers_answer_themselves(name: str) -> None:
    comments = [line.removeprefix("# ").strip() for line in files()[name].splitlines() if line.startswith("#")]
    about = "\n".join(comments)

    assert "Port 53, udp and tcp" in about
    assert all(f"{cidr} ({party})" in about for cidr, party in ASKED_BY.items())
    assert all(domain in about for domain in HQ.own)
    assert all(server in about for server in HQ.servers)


def test_the_windows_script_may_run_again_and_leaves_zones_of_the_servers_own_alone() -> None:
    lines = [line.strip() for line in said("forwarders.ps1")]
    missing, other = lines.index("if (-not $zone) {"), lines.index("} elseif ($zone.ZoneType -ne 'Forwarder') {")

    assert lines[missing + 1].startswith("Add-DnsServerConditionalForwarderZone -Name $Name -MasterServers $Servers")
    assert lines[other + 1].startswith("throw ")
    assert lines[other + 2 :][:2] == [
        "}",
        "Set-DnsServerConditionalForwarderZone -Name $Name -MasterServers $Servers -UseRecursion $false",
    ]


def test_only_what_google_picks_itself_has_to_be_looked_up() -> None:
    own = [forward for forward in HQ.forwards if forward.owner != "gcp"]

    assert looked_up(HQ) == sorted(ADDRESSES)
    assert looked_up(SiteNames("hq", HQ.servers, HQ.own, own, ASKED_BY)) == []


def test_a_server_without_an_address_is_no_forwarder() -> None:
    with pytest.raises(KeyError, match="resolver-us-east4"):
        render(HQ, {"transit-us-east4": "10.32.240.2"})


def test_addresses_are_written_as_addresses() -> None:
    for servers in windows().values():
        assert all(IPv4Address(server) for server in servers)
    assert all(IPv4Network(value.split()[0]) for value in unbound_server("access-control"))
