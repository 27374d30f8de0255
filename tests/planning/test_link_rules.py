"""What links ask of a configuration: each mistake, and the one message that its reader gets."""

import re
from collections.abc import Mapping
from typing import Any
from unittest import mock

import pytest

from planning import limits
from planning.ledger import Ledger
from planning.links import metros
from planning.links.circuits import preference
from planning.links.exchange_rules import LONGEST_NAME, MOST_METROS
from planning.links.rules import KEY
from planning.plan import Plan, make_plan
from planning.problems import ConfigurationError
from planning.reading import SECRETS, read_settings
from planning.settings import Settings
from project.config import SECRET_PLACEHOLDER
from tests.planning.configurations import LEFT_OUT, SMALL, STACK, Config, as_text, changed

PORT = "aaaaaaaa-1111-2222-3333-00000000000{}".format
EQUINIX = {"projectId": PORT(9), "accountNumber": 270001, "notify": ["noc@acme.example"]}
JOINED: Config = changed(
    {
        "protect": True,
        "accounts.equinix": EQUINIX,
        "sites.hq.devices": {"edge-1": {"address": "203.0.113.10"}, "edge-2": {"address": "203.0.113.11"}},
        "sites.hq.ports": {"DC": {"id": PORT(1), "vlan": 101}, "NY": {"id": PORT(2), "vlan": 101}},
        "sites.plant.devices": {"edge": {"address": "198.51.100.7"}},
        "links": {
            "primary": "exchange",
            "backup": "vpn",
            "pairs": {"plant": {"primary": "vpn", "backup": "none"}},
            "exchange": {"metros": ["DC", "NY"], "bandwidth": 1000},
        },
        "linkSecret": "a-secret-of-the-test",
    }
)
"""Everything over the exchange with tunnels behind it, but for the plant, which has no port."""
WITHOUT_SECRET = {"linkSecret": LEFT_OUT}
OVER_VPN = {"links": {"primary": "vpn"}}
AWS_ALONE = {"networks": {"shop": SMALL["networks"]["shop"]}}
DEVICES = {f"edge-{number}": {"address": f"203.0.113.{number}"} for number in range(1, 6)}


def settings_of(change: Mapping[str, Any]) -> Settings:
    return read_settings(as_text(changed(change, JOINED)), SECRETS)


def planned(change: Mapping[str, Any], ledger: Ledger | None = None) -> tuple[Plan, Ledger]:
    plan, allocation = make_plan(settings_of(change), ledger or Ledger(), STACK, {})
    return plan, allocation.ledger


def told(change: Mapping[str, Any], ledger: Ledger | None = None) -> list[str]:
    try:
        planned(change, ledger)
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems]
    return []


def warned(change: Mapping[str, Any]) -> list[str]:
    return list(planned(change)[0].warnings)


def bad(id: str, message: str, change: Mapping[str, Any]) -> Any:  # noqa: A002, ANN401 - pytest's own word, and what it returns
    return pytest.param(message, change, id=id)


PAIRS = [
    bad(
        "unknown party",
        "links.pairs.aws/plnt: names plnt, no cloud in use nor site; did you mean plant?",
        {"links.pairs.aws/plnt": {"primary": "vpn"}},
    ),
    bad("unknown party alone", "links.pairs.hqq: names hqq, ...; did you mean hq?", {"links.pairs.hqq": {}}),
    bad(
        "cloud without networks",
        "links.pairs.aws/gcp: names gcp, which has no network; known: aws, azure, hq, plant",
        {"networks.analytics": LEFT_OUT, "links.pairs.aws/gcp": {"primary": "vpn", "backup": "none"}},
    ),
    bad(
        "party with itself",
        "links.pairs.aws/aws: joins a party with itself; name two, ...",
        {"links.pairs.aws/aws": {}},
    ),
    bad(
        "three parties",
        "links.pairs.aws/azure/gcp: names more than a pair; name two, for example aws/gcp",
        {"links.pairs.aws/azure/gcp": {}},
    ),
    bad(
        "two sites",
        "links.pairs.hq/plant: joins two sites, which only a network of your own does; join each of them with clouds",
        {"links.pairs.hq/plant": {}},
    ),
    bad(
        "one pair in both orders",
        "links.pairs.gcp/aws: is the same pair as links.pairs.aws/gcp; keep one of them",
        {"links.pairs.aws/gcp": {}, "links.pairs.gcp/aws": {}},
    ),
    bad(
        "two parties that want different things",
        "links.pairs.plant: contradicts links.pairs.aws on aws/plant; say what holds...: links.pairs.aws/plant",
        {"links.pairs.aws": {"backup": "none"}},
    ),
    bad(
        "backup as the primary, of all",
        "links.backup: vpn: is the primary as well, and fails with it; choose another, or none",
        {"links.primary": "vpn"},
    ),
    bad(
        "backup as the primary, of a pair",
        "links.pairs.gcp/aws.backup: vpn: is the primary as well, ...; choose another, or none",
        {"links.pairs.gcp/aws": {"primary": "vpn", "backup": "vpn"}},
    ),
    bad(
        "backup of nothing",
        "links.pairs.aws/gcp.backup: vpn: backs up nothing, for primary is none; make it the primary, or leave it out",
        {"links.pairs.aws/gcp": {"primary": "none", "backup": "vpn"}},
    ),
    bad(
        "site with a cloud's name",
        "sites.azure: has the name of a cloud, or of a circuit of it at the exchange; call it otherwise",
        {"sites.azure": {"prefixes": ["10.50.0.0/16"], "asn": 64583}, "links.pairs": {"plant": {"primary": "none"}}}
        | {"links.primary": "none", "links.backup": "none"},
    ),
    *(
        bad(
            f"site with the name of the circuit {name}",
            f"sites.{name}: has the name of a cloud, or of a circuit of it at the exchange; call it otherwise",
            {f"sites.{name}": {"prefixes": ["10.50.0.0/16"], "asn": 64583}, f"links.pairs.{name}": {"primary": "none"}},
        )
        for name in ("azure-1", "azure-2", "gcp-1", "gcp-2")
    ),
]

TRANSPORTS = [
    *(
        bad(
            f"{way} as the backup of tunnels",
            f"links.backup: {way}: runs over circuits, which every cloud prefers to tunnels, so it would not stand by;"
            f" use vpn or none; {way} can be the primary",
            {"links.primary": "vpn", "links.backup": way},
        )
        for way in ("exchange", "external", "dedicated", "native")
    ),
    *(
        bad(
            f"{way} as the backup of the exchange, for one pair",
            f"links.pairs.gcp/aws.backup: {way}: runs over circuits, ...; use vpn or none; ...",
            {"links.pairs.gcp/aws": {"backup": way}},
        )
        for way in ("exchange", "external", "dedicated", "native")
    ),
    bad(
        "circuits behind tunnels, for a site without a port",
        "links.pairs.plant.backup: exchange: runs over circuits, ...; use vpn or none; exchange can be the primary",
        {"links.pairs.plant": {"primary": "vpn", "backup": "exchange"}},
    ),
    bad(
        "circuits behind tunnels, where the rest of the exchange is missing",
        "links.backup: exchange: runs over circuits, ...; use vpn or none; exchange can be the primary",
        {"links": {"backup": "exchange"}, "accounts.equinix": LEFT_OUT},
    ),
    bad(
        "circuits behind nothing",
        "links.pairs.aws/gcp.backup: exchange: runs over circuits, ...; use vpn or none; exchange can be the primary",
        {"links.pairs.aws/gcp": {"primary": "none", "backup": "exchange"}},
    ),
    bad(
        "native between other clouds",
        "links.pairs.aws/azure.primary: native: is made of AWS's half and Google's, which meet only each other;"
        " azure has no half of it; use another way for aws/azure",
        {"links.pairs.aws/azure": {"primary": "native"}},
    ),
    bad(
        "native with a site",
        "links.pairs.hq.primary: native: is made of ...; azure, hq has no half of it; use ... aws/hq, azure/hq, gcp/hq",
        {"links.pairs.hq": {"primary": "native"}},
    ),
    bad(
        "native for all",
        "links.primary: native: ...; azure, hq has no half of it; use ... aws/azure, azure/gcp, aws/hq and 2 more",
        {"links": {"primary": "native", "pairs": {"plant": {"primary": "vpn"}}}},
    ),
    bad(
        "circuits of somebody else",
        "links.primary: external: needs a middle that reaches both of aws/azure, aws/gcp, azure/gcp and 3 more, and"
        " none of links.external does; describe it, as in links.external.carrier-dc: {metro: DC, ...}",
        {"links.primary": "external"},
    ),
]

TUNNELS = [
    bad(
        "site without devices",
        "sites.plant.devices: is missing, and links.pairs.plant.primary joins plant by vpn; give its router, as in"
        " edge: {address: 203.0.113.10}, or say links.pairs.plant: {primary: none}",
        {"sites.plant.devices": {}},
    ),
    bad(
        "backup to a site without devices",
        "sites.hq.devices: is missing, and links.backup joins hq by vpn; ..., or say links.pairs.hq: {backup: none}",
        {"sites.hq.devices": {}},
    ),
    bad(
        "device with a private address",
        "sites.plant.devices.edge.address: 10.49.0.1: is private, and tunnels to it run over the internet; give the"
        " public address that the device is reached at",
        {"sites.plant.devices.edge.address": "10.49.0.1"},
    ),
    bad(
        "device behind a provider's NAT",
        "sites.plant.devices.edge.address: 100.64.3.1: is shared by customers of an internet provider, and...; give...",
        {"sites.plant.devices.edge.address": "100.64.3.1"},
    ),
    bad(
        "device with a link-local address",
        "sites.plant.devices.edge.address: 169.254.21.2: is link-local...; give...",
        {"sites.plant.devices.edge.address": "169.254.21.2"},
    ),
    bad(
        "two devices with one address",
        "sites.plant.devices.edge.address: 203.0.113.10: is the address of sites.hq.devices.edge-1 as well; give...",
        {"sites.plant.devices.edge.address": "203.0.113.10"},
    ),
    bad(
        "three devices toward Google",
        "sites.hq.devices: 3: are devices that Google's external VPN gateway has no shape for: ...; use 1, 2 or 4",
        {"sites.hq.devices": {name: DEVICES[name] for name in sorted(DEVICES)[:3]}},
    ),
    bad(
        "five devices toward Azure",
        "sites.hq.devices: 5: are more than the 4 links of a VPN site in Azure; use 4 or fewer",
        {"sites.hq.devices": DEVICES},
    ),
]

KEYS = [
    bad(
        "no secret between Azure and Google",
        "linkSecret: is missing, and no cloud makes the keys of the VPN azure/gcp; make it: pulumi config set --secret"
        ' linkSecret "$(openssl rand -hex 32)"',
        {**OVER_VPN, **WITHOUT_SECRET, "sites": {}},
    ),
    bad(
        "no secret to a site",
        "linkSecret: is missing, and no cloud makes the keys of the VPN azure/plant, the VPN gcp/plant; make it: ...",
        {**WITHOUT_SECRET, "links": {"primary": "none", "pairs": {"plant": {"primary": "vpn"}}}},
    ),
    bad(
        "no secret on the exchange",
        "linkSecret: is missing, and no cloud makes the keys of circuits of azure, circuits of hq; make it: ...",
        {**WITHOUT_SECRET, "links.backup": "none", "links.pairs.plant": {"primary": "none"}},
    ),
    bad(
        "no secret anywhere",
        "linkSecret: is missing, ... the VPN azure/gcp, the VPN azure/hq, the VPN azure/plant and 4 more; make it: ...",
        WITHOUT_SECRET,
    ),
    bad(
        "key of a pair that is not there",
        "linkKeys.aws/hqq: is the key of no VPN; did you mean aws/hq?",
        {"linkKeys": {"aws/hqq": "given_by_hq"}},
    ),
    bad(
        "key of a pair without tunnels",
        "linkKeys.aws/hq: is the key of no VPN; known: aws/plant, azure/plant, gcp/plant",
        {"links.backup": "none", "linkKeys": {"aws/hq": "given_by_hq"}},
    ),
    bad(
        "key of a pair the other way round",
        "linkKeys.hq/aws: is the key of no VPN; write it as aws/hq",
        {"linkKeys": {"hq/aws": "given_by_hq"}},
    ),
    bad(
        "key where nothing is joined",
        "linkKeys.aws/hq: is the key of no VPN; known: none",
        {"links": {}, "linkKeys": {"aws/hq": "given_by_hq"}},
    ),
    *(
        bad(
            f"key that is {wrong}",
            "linkKeys.aws/hq: is refused by AWS, the strictest side: it takes 8 to 64 letters, digits, dots and"
            " underscores, not starting with 0; agree on another key with the other side",
            {"linkKeys": {"aws/hq": key}},
        )
        for wrong, key in {
            "too short": "short_1",
            "too long": "x" * 65,
            "led by a zero": "0given_by_hq",
            "with a hyphen": "given-by-hq",
            "with an umlaut": "gegeben_für_hq",
            "with a line break": "given_by_hq\n",
            "empty": "",
        }.items()
    ),
]

METROS = [
    bad(
        "more than there are preferences",
        "links.exchange.metros: 4: are more metros than the 3 that can be told apart by preference; use 3 or fewer",
        {
            "links.exchange.metros": ["DC", "NY", "AT", "CH"],
            "sites.hq.ports": {metro: {"id": PORT(n), "vlan": 7} for n, metro in enumerate(("DC", "NY", "AT", "CH"))},
        },
    ),
    bad(
        "unknown, where a port is meant",
        "links.exchange.metros: NJ: is no metro; known: ...",
        {"links.exchange.metros": ["DC", "NJ"]},
    ),
    bad(
        "unknown, and of a port as well",
        "links.exchange.metros: nyc: is no metro; ...",
        {"links.exchange.metros": ["DC", "nyc"], "sites.hq.ports.nyc": {"id": PORT(2), "vlan": 101}}
        | {"sites.hq.ports.NY": LEFT_OUT},
    ),
    bad(
        "city in place of the first, where names are long",
        "links.exchange.metros: Silicon Valley: is no metro; did you mean SV (Silicon Valley)? (...)",
        {"environment": "staging", "links.exchange.metros": ["Silicon Valley", "DC", "NY"]},
    ),
    bad(
        "port at an unknown one in place of one that is used",
        "sites.hq.ports.dc: is no metro; did you mean DC (Washington)? (...)",
        {"sites.hq.ports.dc": {"id": PORT(3), "vlan": 1}, "sites.hq.ports.DC": LEFT_OUT},
    ),
    bad(
        "one twice",
        "links.exchange.metros: DC: stands there twice, and would fail twice at once; name each metro once",
        {"links.exchange.metros": ["DC", "DC", "NY"]},
    ),
    bad(
        "one twice among three",
        "links.exchange.metros: DC: stands there twice, ...; name each metro once",
        {"links.exchange.metros": ["DC", "DC", "NY", "AT"], "sites.hq.ports.AT": {"id": PORT(3), "vlan": 1}},
    ),
    bad(
        "unknown",
        "links.exchange.metros: XX: is no metro; known: AM, AT, ... (one newer than this program is added in...)",
        {"links.exchange.metros": ["DC", "NY", "XX"]},
    ),
    bad(
        "in small letters",
        "links.exchange.metros: ch: is no metro; did you mean CH (Chicago)? (...)",
        {"links.exchange.metros": ["DC", "NY", "ch"]},
    ),
    bad(
        "city in place of a code",
        "links.exchange.metros: Chicgo: is no metro; did you mean CH (Chicago)? (...)",
        {"links.exchange.metros": ["DC", "NY", "Chicgo"]},
    ),
    bad(
        "far from all",
        "links.exchange.metros: SY: is 13,818 km from us-east-1 of aws and 15,710 km from eastus of azure and"
        " 15,710 km from us-east4 of gcp, where circuits end; use a metro near it, such as DC, NY, AT",
        {"links.exchange.metros": ["DC", "NY", "SY"], "sites.hq.ports.SY": {"id": PORT(3), "vlan": 5}},
    ),
    bad(
        "far from where one cloud's circuits end",
        "links.exchange.metros: DB: is 5,890 km from us-east-2 of aws, where circuits end; use a metro near it, such as"
        " CH, TR, AT",
        {"networks": {"shop": {**SMALL["networks"]["shop"], "region": "us-east-2"}}, "sites.plant": LEFT_OUT}
        | {"links.pairs": {}, "links.exchange.metros": ["CH", "DB"], "links.backup": "none"}
        | {"sites.hq.ports": {"CH": {"id": PORT(1), "vlan": 1}, "DB": {"id": PORT(2), "vlan": 1}}},
    ),
    bad(
        "one alone in production",
        "links.exchange.metros: NY: is one metro alone, whose failure cuts every circuit of what protect: true says is"
        " production; add a second one, such as DC, TR, CH",
        {"links.exchange.metros": ["NY"], "sites.hq.ports.DC": LEFT_OUT},
    ),
    bad(
        "unknown, alone in production",
        "links.exchange.metros: ny: is no metro; did you mean NY (New York)? (...)",
        {"links.exchange.metros": ["ny"], "sites": {}, "links.pairs": {}},
    ),
    bad(
        "port at an unknown one",
        "sites.hq.ports.dc: is no metro; did you mean DC (Washington)? (...)",
        {"sites.hq.ports.dc": {"id": PORT(3), "vlan": 1}},
    ),
    bad(
        "port at one that is not used",
        "sites.hq.ports.CH: is in none of links.exchange.metros; add CH there, or take the port out",
        {"sites.hq.ports.CH": {"id": PORT(3), "vlan": 1}},
    ),
    bad(
        "port missing at one",
        "sites.hq.ports: has no port in NY, and protect: true says that losing one metro cuts nobody; add one there",
        {"sites.hq.ports.NY": LEFT_OUT},
    ),
]

EXCHANGE = [
    bad(
        "no account",
        "accounts.equinix: is missing, and aws/azure runs over the exchange; say who orders and who pays: projectId,"
        " accountNumber and notify",
        {"accounts.equinix": LEFT_OUT},
    ),
    bad(
        "nothing said of it",
        "links.exchange: is missing, and aws/azure runs over the exchange; say where and how much: {metros: [DC, NY],"
        " bandwidth: 1000}",
        {"links.exchange": LEFT_OUT},
    ),
    bad(
        "nothing said of it, where one pair runs over it",
        "links.exchange: is missing, and azure/gcp runs over the exchange; say...",
        {"links": {"primary": "none", "pairs": {"azure/gcp": {"primary": "exchange", "backup": "none"}}}},
    ),
    bad(
        "bandwidth that neither offers",
        "links.exchange.bandwidth: 700: is not offered by aws and azure; use one of 50, 100, 200, 500, 1000, 2000,"
        " 5000, 10000",
        {"links.exchange.bandwidth": 700},
    ),
    bad(
        "bandwidth that Azure does not offer",
        "links.exchange.bandwidth: 300: is not offered by azure; use one of 50, 100, 200, 500, ...",
        {"links.exchange.bandwidth": 300},
    ),
    bad(
        "bandwidth that AWS does not offer",
        "links.exchange.bandwidth: 50000: is not offered by aws; use one of 50, 100, 200, 300, ...",
        {"links.exchange.bandwidth": 50_000, "networks.identity": LEFT_OUT},
    ),
    bad(
        "bandwidth that no circuit has",
        "links.exchange.bandwidth: 60000: is more than a virtual circuit has; use 50000 or less",
        {"links.exchange.bandwidth": 60_000},
    ),
    bad(
        "a trial in production",
        "links.exchange.package: LAB: is a trial, and protect: true says that this is production; use STANDARD...",
        {"links.exchange.package": "LAB"},
    ),
    bad(
        "site without ports",
        "sites.hq.ports: is missing, and hq is to be joined over the exchange; give its ports in DC and NY, or say"
        " links.pairs.hq: {primary: vpn}",
        {"sites.hq.ports": {}},
    ),
    bad(
        "one VLAN for two sites on one port",
        "sites.plant.ports.DC.vlan: 101: is taken on this port by sites.hq; use another VLAN",
        {"sites.plant.ports": {"DC": {"id": PORT(1), "vlan": 101}}},
    ),
    bad(
        "one port in two metros",
        "sites.hq.ports.NY.id: aaaaaaaa-1111-2222-3333-000000000001: is a port in DC already; name the port here",
        {"sites.hq.ports.NY.id": PORT(1)},
    ),
    bad(
        "name too long at the exchange",
        "sites.a-plant-in-the-north: a-plant-in-the-north: makes names such as dev-dc-a-plant-in-the-north, longer than"
        " the 22 characters of the exchange's connections; shorten it by 5",
        {
            "sites.hq": LEFT_OUT,
            "sites.a-plant-in-the-north": {**JOINED["sites"]["hq"]},
        },
    ),
    bad(
        "name too long by one",
        "sites.nine-long: nine-long: makes names such as production-dc-nine-long, ...; shorten it by 1",
        {"environment": "production", "sites.hq": LEFT_OUT, "sites.nine-long": JOINED["sites"]["hq"]},
    ),
    *(
        bad(
            f"ASN {asn}, which is not private, toward Google's tunnels",
            f"sites.plant.asn: {asn}: is no private ASN, which Google asks of peers with ...; use one of 64580-64599",
            {"sites.plant.asn": asn},
        )
        for asn in (7224, 64495, 65552, 133_937, 4_199_999_999)
    ),
    *(
        bad(f"ASN {asn}", f"sites.hq.asn: {asn}: {reason}...; use one of 64580-64599", {"sites.hq.asn": asn})
        for asn, reason in (
            (112, "is the AS112 project's, refused by Equinix"),
            (64600, "is refused by Equinix"),
            (64500, "is for documentation"),
            (65540, "is for documentation"),
            (4_200_000_001, "is refused by Equinix"),
            (4_294_967_295, "is reserved"),
        )
    ),
]


@pytest.mark.parametrize(("message", "change"), [*PAIRS, *TRANSPORTS, *TUNNELS, *KEYS, *METROS, *EXCHANGE])
def test_a_mistake_is_told_once_where_it_is_and_with_a_remedy(message: str, change: Mapping[str, Any]) -> None:
    found = told(change)
    assert len(found) == 1, "\n".join(found)
    assert re.fullmatch(".*".join(map(re.escape, message.split("..."))), found[0], re.DOTALL), found[0]


GOOD = {
    "everything over the exchange, tunnels behind it": {},
    "tunnels alone": OVER_VPN,
    "tunnels of AWS alone, without a secret": {
        **WITHOUT_SECRET,
        **OVER_VPN,
        "networks.identity": LEFT_OUT,
        "sites": {},
    },
    "AWS and Google over the exchange, without a secret": {
        **WITHOUT_SECRET,
        **AWS_ALONE,
        "networks.analytics": SMALL["networks"]["analytics"],
        "sites": {},
        "links.pairs": {},
    },
    "keys that all sites gave, without a secret": {
        **WITHOUT_SECRET,
        "networks.analytics": LEFT_OUT,
        "links": {"pairs": {"hq": {"primary": "none"}}},
        "linkKeys": {"azure/plant": "given_by_the_plant"},
    },
    "nothing joined but one pair": {"links": {"primary": "none", "pairs": {"gcp/aws": {"primary": "vpn"}}}},
    "a pair that is not joined, said twice over": {"links.pairs.aws/gcp": {"primary": "none", "backup": "none"}},
    "backup for chosen pairs": {"links.backup": "none", "links.pairs.aws/gcp": {"backup": "vpn"}},
    "one pair by tunnels, whose backup for all is none of its own": {"links.pairs.aws/gcp": {"primary": "vpn"}},
    "two parties that want the same": {"links.pairs.aws": {"primary": "vpn", "backup": "none"}},
    "two parties that want different things, and a pair that decides": {
        "links.pairs.aws": {"backup": "none"},
        "links.pairs.plant/aws": {"primary": "vpn"},
    },
    "one metro, one port in development": {
        "protect": False,
        "links.exchange.metros": ["DC"],
        "sites.hq.ports.NY": LEFT_OUT,
    },
    "a trial in development": {"protect": False, "links.exchange.package": "LAB", "links.exchange.bandwidth": 10}
    | {"networks": {"analytics": SMALL["networks"]["analytics"]}},
    "a bandwidth of AWS alone": {"links.exchange.bandwidth": 300, "networks.identity": LEFT_OUT},
    "25 Gbps to AWS": {"links.exchange.bandwidth": 25_000, "networks.identity": LEFT_OUT},
    "four devices": {"sites.hq.devices": {name: DEVICES[name] for name in sorted(DEVICES)[:4]}},
    "three devices, away from Google": {
        "sites.hq.devices": {name: DEVICES[name] for name in sorted(DEVICES)[:3]},
        "networks.analytics": LEFT_OUT,
    },
    "VLANs of two sites on one port": {"sites.plant.ports": {"DC": {"id": PORT(1), "vlan": 102}}},
    "a port that waits for an exchange": {**OVER_VPN, "sites.hq.ports": {"CH": {"id": PORT(1), "vlan": 1}}},
    "the longest names": {
        "environment": "production",
        "sites.hq": LEFT_OUT,
        "sites.eight-ch": JOINED["sites"]["hq"],
    },
    "three metros": {
        "links.exchange.metros": ["DC", "NY", "AT"],
        "sites.hq.ports.AT": {"id": PORT(3), "vlan": 1},
    },
    "the first and last private ASNs": {"sites.hq.asn": 64513, "sites.plant.asn": 65534},
    "private ASNs of 32 bits": {"sites.hq.asn": 4_200_000_003, "sites.plant.asn": 4_294_967_294},
    "an ASN of one's own, away from Google's tunnels": {
        "sites.plant.asn": 133_937,
        "links.pairs.gcp/plant": {"primary": "none", "backup": "none"},
    },
    "an ASN of one's own at the exchange": {"sites.hq.asn": 133_937, "links.pairs.gcp/hq": {"backup": "none"}},
    "metros at the edge of reach": {"links.exchange.metros": ["DC", "CH"], "sites.hq.ports.NY": LEFT_OUT}
    | {"sites.hq.ports.CH": {"id": PORT(3), "vlan": 7}},
    "a region of unknown place": {"networks.identity.region": "centralus"},
    "the stand-in for secrets of an offline preview": {
        "linkSecret": SECRET_PLACEHOLDER,
        "linkKeys": {"aws/hq": SECRET_PLACEHOLDER},
    },
    "the stand-in for secrets of an engine without a service": {"linkSecret": "engine-secret"},
}


@pytest.mark.parametrize("change", GOOD.values(), ids=GOOD)
def test_what_can_be_joined_is_accepted(change: Mapping[str, Any]) -> None:
    assert told(change) == []


@pytest.mark.parametrize(
    ("networks", "offered"),
    [
        (["shop"], [50, 100, 200, 300, 400, 500, 1000, 2000, 5000, 10_000, 25_000]),
        (["identity"], [50, 100, 200, 500, 1000, 2000, 5000, 10_000]),
        (["shop", "identity"], [50, 100, 200, 500, 1000, 2000, 5000, 10_000]),
        (["analytics"], [10, 50, 60, 100, 200, 300, 400, 500, 1000, 2000, 5000, 10_000, 20_000, 25_000, 50_000]),
    ],
)
def test_a_bandwidth_is_taken_where_every_cloud_on_the_exchange_offers_it(
    networks: list[str], offered: list[int]
) -> None:
    """What Google offers is not documented in one place: anything that a virtual circuit has."""
    candidates = [10, 50, 60, 100, 200, 300, 400, 500, 1000, 2000, 5000, 10_000, 20_000, 25_000, 50_000]
    change = {"networks": {name: SMALL["networks"][name] for name in networks}}
    taken = [mbps for mbps in candidates if not told({**change, "links.exchange.bandwidth": mbps})]
    assert taken == offered


@pytest.mark.parametrize("tier", [10, 50, 200, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000])
def test_a_bandwidth_that_has_a_price_is_no_surprise(tier: int) -> None:
    google_alone = {"networks": {"analytics": SMALL["networks"]["analytics"]}}
    assert not any("tier" in warning for warning in warned({**google_alone, "links.exchange.bandwidth": tier}))


@pytest.mark.parametrize(
    ("package", "bandwidth", "fits"),
    [
        ("LAB", 50, False),
        ("STANDARD", 1000, True),
        ("STANDARD", 2000, False),
        ("ADVANCED", 5000, True),
        ("ADVANCED", 10_000, False),
        ("PREMIUM", 5000, True),
        ("PREMIUM", 10_000, False),
    ],
)
def test_a_package_carries_what_the_exchange_says(package: str, bandwidth: int, fits: bool) -> None:  # noqa: FBT001 - a column of a table
    """Six circuits in each metro."""
    change = {"protect": False, "links.exchange.package": package, "links.exchange.bandwidth": bandwidth}
    assert (warned(change) == []) == fits


def test_no_message_shows_a_key() -> None:
    for key in ("hush", "0hush_hush_hush", "hush-hush-hush", "hush_hush_hush"):
        change = {"linkKeys": {"aws/hq": key, "aws/nobody": key}}
        assert "hush" not in "\n".join(told(change))
        assert "hush" not in repr(settings_of(change))


def test_every_derived_or_generated_key_would_be_accepted_from_somebody_else() -> None:
    assert KEY.fullmatch(SECRET_PLACEHOLDER)
    assert KEY.fullmatch("x" * 8)
    assert KEY.fullmatch("x" * 64)


def test_where_nothing_can_be_joined_is_told() -> None:
    (warning,) = warned({**AWS_ALONE, "sites": {}, "links": {"primary": "vpn"}})
    assert warning == "links: there is nothing to join, for there is one cloud and no site"


def test_an_exchange_that_nothing_runs_over_is_told() -> None:
    change = {"links": {"primary": "vpn", "exchange": {"metros": ["DC"], "bandwidth": 1000}}}
    assert warned(change) == ["links.exchange: nothing runs over it, so it is not built"]


def test_a_bandwidth_between_two_prices_is_told() -> None:
    (warning,) = warned({"links.exchange.bandwidth": 100})
    assert warning == "links.exchange.bandwidth: 100 is no tier of Equinix's price list; the next is 200"


def test_more_than_a_routers_package_carries_is_told_metro_by_metro() -> None:
    """AWS once, Azure and Google twice each, the headquarters once: six circuits."""
    assert warned({"links.exchange.bandwidth": 2000}) == [
        "links.exchange.package: STANDARD is said to carry 10000 Mbps; DC has 12000 in all",
        "links.exchange.package: STANDARD is said to carry 10000 Mbps; NY has 12000 in all",
    ]
    assert warned({"links.exchange.bandwidth": 2000, "links.exchange.package": "ADVANCED"}) == []
    assert warned({"links.exchange.bandwidth": 2000, "links.exchange.package": "BASIC"}) == []


def test_more_circuits_than_a_routers_package_holds_are_told() -> None:
    sites = {
        f"sites.s{number}": {
            "prefixes": [f"10.5{number}.0.0/16"],
            "asn": 64590 + number,
            "devices": {"edge": {"address": f"203.0.113.10{number}"}},
            "ports": {"DC": {"id": PORT(1), "vlan": 200 + number}, "NY": {"id": PORT(2), "vlan": 200 + number}},
        }
        for number in range(5)
    }
    assert warned({**sites, "links.exchange.bandwidth": 500}) == [
        "links.exchange.package: STANDARD is said to hold 10 circuits; DC has 11",
        "links.exchange.package: STANDARD is said to hold 10 circuits; NY has 11",
    ]


def test_a_metro_that_google_is_not_known_to_sell_in_is_told() -> None:
    change = {
        "protect": False,
        "networks.analytics.region": "europe-west2",
        "networks.shop.region": "eu-west-1",
        "networks.identity.region": "northeurope",
        "links.exchange.metros": ["DB"],
        "sites.hq.ports": {"DB": {"id": PORT(1), "vlan": 1}},
    }
    (warning,) = warned(change)
    assert warning == "links.exchange.metros: DB is not known to sell Partner Interconnect; ask Equinix"


def test_a_region_of_unknown_place_is_told() -> None:
    (warning,) = warned({"networks.identity.region": "centralus"})
    assert warning.startswith("links.exchange.metros: how far azure centralus is from any metro is not known here")


def test_a_number_of_32_bits_toward_azures_vpn_is_told() -> None:
    (warning,) = warned({"sites.plant.asn": 4_200_000_100})
    assert warning.startswith("sites.plant.asn: 4200000100 has 32 bits, which Azure's VPN gateways were documented")
    assert warned({"sites.plant.asn": 4_200_000_100, "networks.identity": LEFT_OUT}) == []


@pytest.mark.parametrize("asn", [7224, 9059, 10124, 17943])
def test_an_old_number_of_amazons_is_told_where_a_site_meets_aws(asn: int) -> None:
    beside_google = {"sites.plant.asn": asn, "networks.analytics": LEFT_OUT}
    assert warned(beside_google) == [f"sites.plant.asn: {asn} is known as Amazon's own, and AWS may refuse it"]
    assert warned({**beside_google, "links.pairs.aws/plant": {"primary": "none", "backup": "none"}}) == []


@pytest.mark.parametrize(("mbps", "known"), [(10, False), (50, True), (60, False), (20_000, True), (25_000, False)])
def test_a_bandwidth_that_google_is_not_known_to_offer_is_told(mbps: int, known: bool) -> None:  # noqa: FBT001 - a column of a table
    change = {"networks": {"analytics": SMALL["networks"]["analytics"]}, "links.exchange.bandwidth": mbps}
    found = [warning for warning in warned(change) if "Google" in warning]
    assert len(found) == (not known)
    assert all(warning.startswith(f"links.exchange.bandwidth: {mbps} is not known to be offered") for warning in found)


def test_a_bandwidth_that_google_does_not_offer_is_no_surprise_where_google_has_no_circuits() -> None:
    change = {"links.exchange.bandwidth": 25_000, "networks.identity": LEFT_OUT}
    assert any("Google" in warning for warning in warned(change))
    by_tunnels = {**change, "links.pairs.gcp": {"primary": "vpn", "backup": "none"}}
    assert not any("Google" in warning for warning in warned(by_tunnels))


def test_sites_that_no_segment_reaches_are_told_to_cost_and_carry_nothing() -> None:
    change = {"segments.shared": {"reaches": []}}
    (warning,) = warned(change)
    assert warning == (
        "links: no segment reaches sites, so what joins hq, plant is billed and carries nothing; add sites to what a"
        " segment reaches, or say links.pairs.hq: {primary: none}"
    )
    apart = {name: {"primary": "none", "backup": "none"} for name in ("hq", "plant")}
    assert warned({**change, "links.pairs": apart}) == []


def test_there_are_as_many_preferences_as_metros() -> None:
    assert len({preference(place) for place in range(MOST_METROS)}) == MOST_METROS
    assert preference(MOST_METROS) == preference(MOST_METROS - 1)


def test_names_at_the_exchange_leave_room_for_those_of_filters() -> None:
    """A filter adds two characters to the name of its connection, and Equinix takes 24."""
    plan, _ = planned({"environment": "production", "sites.hq": LEFT_OUT, "sites.eight-ch": JOINED["sites"]["hq"]})
    assert plan.links
    assert plan.links.exchange
    names = [
        leg.connection_name
        for router in plan.links.exchange.routers
        if router.aws and router.azure and router.gcp
        for leg in (
            router.aws.leg,
            *router.azure.legs,
            *(of_google.leg for of_google in router.gcp.legs),
            *(site.leg for site in router.sites),
        )
    ]
    assert len(names) == 12
    assert max(map(len, names)) == LONGEST_NAME == 22


def test_a_valid_configuration_has_no_warnings() -> None:
    assert warned({}) == []
    assert warned(OVER_VPN) == []


def test_how_far_is_too_far_is_one_number() -> None:
    """Chicago is 954 km from the nearest metro that lists us-east4."""
    change = {"links.exchange.metros": ["DC", "CH"], "sites.hq.ports.NY": LEFT_OUT}
    change |= {"sites.hq.ports.CH": {"id": PORT(3), "vlan": 7}}
    assert metros.FAR_KM == 2000
    with mock.patch("planning.links.landing_rules.FAR_KM", 950):
        (problem,) = told(change)
    assert problem.startswith(
        "links.exchange.metros: CH: is 955 km from eastus of azure and 955 km from us-east4 of gcp"
    )


EAST_AND_WEST = {"networks.shop-west": {**SMALL["networks"]["shop"], "region": "us-west-2"}}
"""Networks of AWS on both coasts."""


def landed_in(region: str, cloud: str = "aws", change: Mapping[str, Any] = EAST_AND_WEST) -> Ledger:
    """Plan with tunnels alone, and record where the links of a cloud landed."""
    _, ledger = planned({**change, **OVER_VPN})
    ledger.environments["dev"].fixed[f"{cloud}/gateway-region"] = region
    return ledger


def test_metros_are_judged_by_the_region_where_links_landed_before() -> None:
    metros_in_the_west = {
        "links.exchange.metros": ["SE", "LA"],
        "sites.hq.ports": {"SE": {"id": PORT(1), "vlan": 1}, "LA": {"id": PORT(2), "vlan": 1}},
        "networks.identity.region": "westus2",
        "networks.analytics.region": "us-west2",
    }
    west = {name: value for name, value in metros_in_the_west.items() if name.startswith("networks.")} | EAST_AND_WEST
    assert told({**EAST_AND_WEST, **metros_in_the_west}) == []
    assert told({**EAST_AND_WEST, **metros_in_the_west}, landed_in("us-west-2", change=west)) == []

    (problem,) = told({**EAST_AND_WEST, **metros_in_the_west}, landed_in("us-east-1", change=west))
    assert problem == (
        "links.exchange.metros: SE: is 2,703 km from us-east-1 of aws, where circuits end; use a metro near it, such as"
        " DC, NY, AT, or destroy the links there, then run python -m planning release aws/gateway-region --stack dev to"
        " let them land nearer"
    )


def test_to_let_links_land_anew_is_no_remedy_where_they_would_land_in_the_same_region() -> None:
    change = {"links.exchange.metros": ["DC", "NY", "SY"], "sites.hq.ports.SY": {"id": PORT(3), "vlan": 5}}
    (problem,) = told({**EAST_AND_WEST, **change}, landed_in("us-east-1"))
    assert "SY: is" in problem
    assert "release" not in problem


def test_a_region_of_unknown_place_where_links_landed_is_told() -> None:
    nearby = {"networks.mail": {**SMALL["networks"]["identity"], "region": "centralus"}}
    plan, _ = planned(nearby, landed_in("centralus", "azure", nearby))
    assert any(warning.startswith("links.exchange.metros: how far azure centralus") for warning in plan.warnings)
    assert not any("how far" in warning for warning in warned(nearby))


ORDERS = [
    (["CH", "DC"], "put DC first: [DC, CH]"),
    (["DC", "CH", "NY"], "put DC and NY first: [DC, NY, CH]"),
    (["TR", "CH", "DC"], "put DC first: [DC, TR, CH]"),
    (["DC", "CH"], None),
    (["DC", "NY"], None),
    (["DC", "NY", "CH"], None),
    (["CH", "TR"], None),
    (["CH"], None),
]


def ordered(metros: list[str]) -> Config:
    ports = {metro: {"id": PORT(number), "vlan": 7} for number, metro in enumerate(metros, 1)}
    return {"protect": False, "links.exchange.metros": metros, "sites.hq.ports": ports}


@pytest.mark.parametrize(("chosen", "remedy"), ORDERS)
def test_metros_that_belong_to_the_region_where_links_of_aws_land_stand_first(
    chosen: list[str], remedy: str | None
) -> None:
    """AWS takes locations of that region first, whatever path the exchange announces."""
    found = told(ordered(chosen))
    assert len(found) == (remedy is not None)
    assert not remedy or found[0].endswith(f"the two directions would differ; {remedy}")


def test_which_metros_stand_first_depends_on_where_links_landed_before() -> None:
    ohio = {"networks.shop-ohio": {**SMALL["networks"]["shop"], "region": "us-east-2"}}
    there = landed_in("us-east-2", change=ohio)
    assert told({**ohio, **ordered(["CH", "DC"])}, there) == []
    (problem,) = told({**ohio, **ordered(["DC", "CH"])}, there)
    assert problem == (
        "links.exchange.metros: DC: stands before CH, whose Direct Connect locations belong to us-east-2, where AWS's"
        " links land: AWS prefers those, whatever path is announced, and the two directions would differ; put CH"
        " first: [CH, DC]"
    )


def test_without_aws_on_the_exchange_metros_stand_in_any_order() -> None:
    assert told({**ordered(["CH", "DC"]), "networks.shop": LEFT_OUT}) == []
    assert told({**ordered(["CH", "DC"]), "links.pairs.aws": {"primary": "vpn", "backup": "none"}}) == []


def test_what_examples_use_for_public_addresses_is_taken_for_one() -> None:
    for address in ("192.0.2.1", "198.51.100.1", "203.0.113.1", "8.8.8.8"):
        assert told({"sites.plant.devices.edge.address": address}) == []
    for prefix in limits.PRIVATE:
        assert len(told({"sites.plant.devices.edge.address": str(prefix[1])})) == 1
