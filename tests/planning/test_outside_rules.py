"""What links whose middle is not ours ask of a configuration: each mistake, and the one message that a reader gets."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from planning import rules
from planning.ledger import Ledger
from planning.plan import make_plan
from planning.problems import ConfigurationError
from planning.reading import SECRETS, read_settings
from planning.settings import Settings
from tests.planning.configurations import LEFT_OUT, STACK, Config, as_text, changed
from tests.planning.outside import (
    AWS_PORTS,
    AZURE_PORTS,
    DC,
    DEDICATED,
    ENDS,
    EXTERNAL,
    FACTS,
    GCP_PORTS,
    GOOGLE_ORDER,
    NATIVE,
    NY,
)

CARRIER = "links.external.carrier-dc"
PORTS = "sites.hq.dedicated"
CLOUDS = ("aws", "azure", "gcp")
NO_NAME = {"metro": "DC", "bandwidth": 300, "aws": {}, "gcp": {}}
"""A middle whose provider nobody needs to know, with a bandwidth that only Azure does not sell."""


def settings_of(config: Config) -> Settings:
    return read_settings(as_text(config), SECRETS)


def told(config: Config) -> list[str]:
    try:
        make_plan(settings_of(config), Ledger(), STACK, {})
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems]
    return []


def warned(config: Config) -> list[str]:
    return list(rules.warnings(settings_of(config)))


def bad(id: str, message: str, change: Mapping[str, Any], base: Config = EXTERNAL) -> Any:  # noqa: A002, ANN401 - pytest's own word, and what it returns
    return pytest.param(message, changed(change, base), id=id)


EXTERNAL_ONES = [
    bad("unknown metro", f"{CARRIER}.metro: XX: is no metro; ...", {f"{CARRIER}.metro": "XX"}),
    bad(
        "metro on another continent",
        f"{CARRIER}.metro: SG: is ... km from us-east-1 of aws and ... km from eastus of azure and ...; use a metro...",
        {f"{CARRIER}.metro": "SG"},
    ),
    bad("ASN of ours", f"{CARRIER}.asn: 64540: belongs to the ledger's pool ...", {f"{CARRIER}.asn": 64540}),
    bad("ASN of Google's", f"{CARRIER}.asn: 16550: is Google's own...", {f"{CARRIER}.asn": 16550}),
    bad("ASN of a site", f"{CARRIER}.asn: 64580: is the ASN of sites.hq as well...", {f"{CARRIER}.asn": 64580}),
    bad(
        "ASN larger than AWS takes",
        f"{CARRIER}.asn: 2147483647: is more than a virtual interface of AWS takes here (2147483646); let ...",
        {f"{CARRIER}.asn": 2147483647},
    ),
    bad(
        "bandwidth that Azure does not sell",
        f"{CARRIER}.bandwidth: 300: is not offered by azure; use one of 50, 100, 200, 500, 1000, 2000, 5000, 10000",
        {f"{CARRIER}.bandwidth": 300},
    ),
    bad(
        "no provider for Azure",
        f"{CARRIER}.provider: is missing, and a circuit of Azure's names its provider; give its name ...",
        {f"{CARRIER}.provider": LEFT_OUT},
    ),
    bad("unknown site", f"{CARRIER}.sites: hqq: is no site; did you mean hq?", {f"{CARRIER}.sites": ["hq", "hqq"]}),
    bad(
        "two of one rank",
        "links.external.carrier-ny.rank: 1: is the rank of links.external.carrier-dc as well; ...; give each a rank...",
        {"links.external.carrier-ny.rank": 1},
    ),
    bad(
        "one connection for two",
        "links.external.carrier-ny.aws.connectionId: dxcon-ffabc123: is that of links.external.carrier-dc.aws...;...",
        {f"{CARRIER}.aws": FACTS["aws"], "links.external.carrier-ny.aws": FACTS["aws"]},
    ),
    bad(
        "region that is none",
        f"{CARRIER}.aws.region: us-east-9: is no region of aws; did you mean ...",
        {f"{CARRIER}.aws.region": "us-east-9"},
    ),
    bad(
        "half of the facts",
        f"{CARRIER}.aws: has half of its facts; give connectionId and vlan together, ...",
        {f"{CARRIER}.aws": {"connectionId": "dxcon-ffabc123"}},
    ),
    bad(
        "accepted before it is there",
        f"{CARRIER}.aws: is accepted and has no connectionId; give connectionId and vlan, ...",
        {f"{CARRIER}.aws": {"accepted": True}},
    ),
    bad(
        "connection of another form",
        f"{CARRIER}.aws.connectionId: dxvif-1: is not of the right form; write the id of the connection as AWS...",
        {f"{CARRIER}.aws": {"connectionId": "dxvif-1", "vlan": 1}},
    ),
    bad(
        "nobody reaches both",
        "links.primary: external: needs a middle that reaches both of aws/azure, and none of links.external does; ...",
        {
            "links.external": {
                "carrier-dc": {**DC, "aws": {}, "gcp": {}},
                "carrier-ny": {**NY, "azure": {}, "gcp": {}},
            },
            "links.pairs": {
                "plant": {"primary": "vpn", "backup": "none"},
                "hq": {"primary": "vpn", "backup": "none"},
                "aws/gcp": {"primary": "vpn", "backup": "none"},
                "azure/gcp": {"primary": "vpn", "backup": "none"},
            },
        },
    ),
    bad(
        "site that no middle reaches",
        "links.primary: external: needs a middle that reaches both of aws/hq, azure/hq, gcp/hq, ...",
        {f"{CARRIER}.sites": [], "links.external.carrier-ny.sites": []},
    ),
    bad(
        "one middle alone in production",
        "links.primary: external: has one middle alone for aws/azure, aws/gcp, azure/gcp and 3 more, whose failure cuts"
        " what protect: true says is production; add a second one to links.external, in another metro",
        {"links.external": {"carrier-dc": {**DC, **ENDS}}},
    ),
    bad(
        "no key for Azure",
        "linkSecret: is missing, and no cloud makes the keys of Azure's circuits in links.external (carrier-dc, ...",
        {"linkSecret": LEFT_OUT, "links.backup": "none", "links.pairs.plant": {"primary": "none"}},
    ),
    bad(
        "cloud without networks",
        f"{CARRIER}.gcp: is a cloud without networks; take it out",
        {"networks.analytics": LEFT_OUT, "links.external.carrier-ny": {**NY, "aws": {}, "azure": {}}},
    ),
]

DEDICATED_ONES = [
    bad(
        "between clouds",
        "links.pairs.aws/gcp.primary: dedicated: is a port of a site's, and aws/gcp has no site; use another way...",
        {"links.pairs.aws/gcp": {"primary": "dedicated"}},
        DEDICATED,
    ),
    *(
        bad(
            f"no port at {cloud}",
            f"{PORTS}.{cloud}: is missing, and links.pairs.hq.primary joins {cloud}/hq by a port of the site's; ...",
            {f"{PORTS}.{cloud}": {}},
            DEDICATED,
        )
        for cloud in CLOUDS
    ),
    *(
        bad(
            f"one port alone at {cloud} in production",
            f"{PORTS}.{cloud}: is one port alone, whose failure cuts {cloud}/hq, and protect: true says that this is"
            " production; add a second port at another location, or a backup",
            {f"{PORTS}.{cloud}": {"east": ports["east"]}, "links.pairs.hq": {"primary": "dedicated"}},
            DEDICATED,
        )
        for cloud, ports in (("aws", AWS_PORTS), ("azure", AZURE_PORTS), ("gcp", GCP_PORTS))
    ),
    bad(
        "neither there nor ordered",
        f"{PORTS}.aws.east: needs either a port that is there or an order; give connectionId or order, not both",
        {f"{PORTS}.aws.east": {"bandwidth": 10000, "vlan": 1}},
        DEDICATED,
    ),
    bad(
        "there and ordered",
        f"{PORTS}.azure.east: needs either a port that is there or an order; give portId or order, not both",
        {f"{PORTS}.azure.east.order": AZURE_PORTS["west"]["order"]},
        DEDICATED,
    ),
    bad(
        "provisioned without an order",
        f"{PORTS}.gcp.east: is provisioned, which only an order has to be told; leave it out beside interconnect",
        {f"{PORTS}.gcp.east.provisioned": True},
        DEDICATED,
    ),
    bad(
        "port of another form",
        f"{PORTS}.azure.east.portId: hq-east: is not of the right form; write the port's resource id: ...",
        {f"{PORTS}.azure.east.portId": "hq-east"},
        DEDICATED,
    ),
    bad(
        "circuit larger than its ports",
        f"{PORTS}.azure.west.bandwidth: 20000: is more than the ports have (10000); use less, or order larger ports",
        {f"{PORTS}.azure.west.bandwidth": 20000},
        DEDICATED,
    ),
    bad(
        "attachment larger than its links",
        f"{PORTS}.gcp.west.bandwidth: 50000: is more than the links have together (20000); use less, or order more...",
        {f"{PORTS}.gcp.west.bandwidth": 50000},
        DEDICATED,
    ),
    bad(
        "VLAN that Google does not take",
        f"{PORTS}.gcp.east.vlan: 1: is none that Google takes: 2 to 4094; use another VLAN",
        {f"{PORTS}.gcp.east.vlan": 1},
        DEDICATED,
    ),
    *(
        bad(
            f"one VLAN twice on one port at {cloud}",
            f"{PORTS}.{cloud}.west.vlan: {port['vlan']}: is taken on this port by {PORTS}.{cloud}.east; use ...",
            {f"{PORTS}.{cloud}.west": port},
            DEDICATED,
        )
        for cloud, port in (("aws", AWS_PORTS["east"]), ("azure", AZURE_PORTS["east"]), ("gcp", GCP_PORTS["east"]))
    ),
    bad(
        "region that is none",
        f"{PORTS}.aws.west.region: us-west-9: is no region of aws; did you mean ...",
        {f"{PORTS}.aws.west.region": "us-west-9"},
        DEDICATED,
    ),
    bad(
        "two ports of one name",
        "sites.hq-east.dedicated.aws.a: would have the name of sites.hq.dedicated.aws.east-a in aws: hq-east-a; ...",
        {
            f"{PORTS}.aws.east-a": {**AWS_PORTS["west"], "vlan": 5},
            "sites.hq-east": {
                "prefixes": ["10.51.0.0/16"],
                "asn": 64585,
                "dedicated": {"aws": {"a": {**AWS_PORTS["west"], "vlan": 6}}},
            },
            "links.pairs.hq-east": {"primary": "none"},
        },
        DEDICATED,
    ),
    bad(
        "no key for Azure",
        "linkSecret: is missing, and no cloud makes the keys of circuits on a site's ports at Azure; make it: ...",
        {"linkSecret": LEFT_OUT, "links": {"primary": "none", "pairs": {"azure/hq": {"primary": "dedicated"}}}},
        DEDICATED,
    ),
    bad(
        "site's ASN larger than AWS takes",
        f"{PORTS}.aws: has an ASN (4200000010) beyond what a virtual interface of AWS takes here (2147483646); give...",
        {"sites.hq.asn": 4_200_000_010},
        DEDICATED,
    ),
]

NATIVE_ONES = [
    bad(
        "a cloud without a half",
        "links.pairs.azure/gcp.primary: native: is made of AWS's half and Google's, which meet only each other;"
        " azure has no half of it; use another way for azure/gcp",
        {"links.pairs.azure/gcp": {"primary": "native"}},
        NATIVE,
    ),
    bad(
        "key of a link that there is not",
        "linkKeys.native: is the activation key of a native link, and nothing runs over one; take it out, or say ...",
        {"linkKeys": {"native": "key-of-aws"}, "links.pairs": {}},
        NATIVE,
    ),
    *(
        bad(
            f"key of {length} characters",
            "linkKeys.native: is no activation key: AWS's have 1 to 2048 characters; copy it from AWS's console",
            {"linkKeys": {"native": "k" * length}},
            NATIVE,
        )
        for length in (0, 2049)
    ),
    bad(
        "bandwidth in between",
        "links.native.bandwidth: 1500: ... multiple of 1000; change it to fit",
        {"links.native": {"bandwidth": 1500}},
        NATIVE,
    ),
]


@pytest.mark.parametrize(("message", "config"), [*EXTERNAL_ONES, *DEDICATED_ONES, *NATIVE_ONES])
def test_a_mistake_is_told_once_where_it_is_and_with_a_remedy(message: str, config: Config) -> None:
    found = told(config)

    assert len(found) == 1, "\n".join(found)
    assert re.fullmatch(".*".join(map(re.escape, message.split("..."))), found[0], re.DOTALL), found[0]


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(EXTERNAL, id="circuits that are ordered"),
        pytest.param(changed({CARRIER: {**DC, **FACTS}}, EXTERNAL), id="circuits that are connected"),
        pytest.param(changed({f"{CARRIER}.provider": "Equinix"}, EXTERNAL), id="an existing connection at Equinix"),
        pytest.param(
            changed({"protect": "false", "links.external": {"carrier-dc": {**DC, **ENDS}}}, EXTERNAL),
            id="one middle where nothing is protected",
        ),
        pytest.param(
            changed(
                {
                    "links.external": {"a": {**NO_NAME, "asn": 133937}, "b": {**NO_NAME, "asn": 133938, "rank": 2}},
                    "links.pairs": {party: {"primary": "vpn", "backup": "none"} for party in ("azure", "plant", "hq")},
                },
                EXTERNAL,
            ),
            id="no provider where nobody needs its name",
        ),
        pytest.param(changed({f"{CARRIER}.asn": 2147483646}, EXTERNAL), id="the largest ASN that AWS takes"),
        pytest.param(DEDICATED, id="ports with tunnels behind them"),
        pytest.param(
            changed({f"{PORTS}.azure.west.bandwidth": 10_000, f"{PORTS}.gcp.west.bandwidth": 20_000}, DEDICATED),
            id="circuits that fill their ports",
        ),
        pytest.param(changed({"links.pairs.hq": {"primary": "dedicated"}}, DEDICATED), id="two ports at each cloud"),
        pytest.param(
            changed({f"{PORTS}.aws": {"east": AWS_PORTS["east"]}}, DEDICATED), id="one port with tunnels behind it"
        ),
        pytest.param(
            changed({f"{PORTS}.aws.west": {**AWS_PORTS["east"], "vlan": 102}}, DEDICATED), id="two VLANs on one port"
        ),
        pytest.param(NATIVE, id="the clouds' own with tunnels behind it"),
        pytest.param(changed({"linkKeys": {"native": "k"}}, NATIVE), id="the shortest key that AWS makes"),
        pytest.param(changed({"linkKeys": {"native": "k" * 2048}}, NATIVE), id="the longest key that AWS makes"),
    ],
)
def test_what_can_be_built_is_accepted(config: Config) -> None:
    assert told(config) == []


def test_middles_in_one_metro_are_warned_of_in_production() -> None:
    same = {"links.external.carrier-ny.metro": "DC"}

    assert "links.external: all are in DC, whose failure would cut every one of them" in warned(changed(same, EXTERNAL))
    assert warned(changed({**same, "protect": "false"}, EXTERNAL)) == warned(EXTERNAL) == []


def test_a_metro_that_is_not_known_to_sell_partner_interconnect_is_warned_of() -> None:
    dublin = {
        "networks": {
            "shop": {"cloud": "aws", "region": "eu-west-1", "size": 20, "segment": "prod"},
            "models": {"cloud": "gcp", "region": "europe-west2", "size": 20, "segment": "prod"},
        },
        "links.external": {
            "a": {**DC, "metro": "DB", "aws": {}, "gcp": {}},
            "b": {**NY, "metro": "LD", "aws": {}, "gcp": {}},
        },
    }

    assert warned(changed(dublin, EXTERNAL)) == [
        "links.external.a.metro: DB is not known to sell Partner Interconnect; ask the provider"
    ]


def test_ports_that_nothing_runs_over_are_warned_of_and_not_ordered() -> None:
    unused = changed({"links.pairs": {}}, DEDICATED)

    assert warned(unused) == [
        f"{PORTS}.{cloud}: nothing runs over it, so nothing is ordered or built there" for cloud in CLOUDS
    ]


def test_google_ports_in_one_maintenance_zone_are_warned_of() -> None:
    same = {f"{PORTS}.gcp.east": {"order": {**GOOGLE_ORDER, "location": "iad-zone2-7"}, "bandwidth": 500, "vlan": 9}}
    other = {f"{PORTS}.gcp.east": {"order": {**GOOGLE_ORDER, "location": "iad-zone1-7"}, "bandwidth": 500, "vlan": 9}}

    assert warned(changed(same, DEDICATED)) == [f"{PORTS}.gcp: all are in zone2, which Google maintains all at once"]
    assert warned(changed(other, DEDICATED)) == []


def test_the_native_link_warns_of_a_star() -> None:
    star = warned(changed({"hubs": {"gcp": {"topology": "star"}}}, NATIVE))

    assert any("names no group of a star" in warning for warning in star)
    assert not any("star" in warning for warning in warned(NATIVE))


def test_a_middle_at_a_location_of_the_region_where_links_of_aws_land_has_the_lowest_rank() -> None:
    """AWS takes locations of that region first, whatever path the middle announces."""
    chicago_first = changed({"links.external.carrier-dc.metro": "CH"}, EXTERNAL)
    (problem,) = told(chicago_first)
    assert problem == (
        f"{CARRIER}.rank: 1: comes before links.external.carrier-ny, whose Direct Connect location belongs to"
        " us-east-1, where AWS's links land: AWS prefers that one, whatever path is announced, and the two directions"
        " would differ; give carrier-ny a lower rank"
    )
    assert told(changed({f"{CARRIER}.rank": 3}, chicago_first)) == []
    assert told(changed({f"{CARRIER}.aws": {"region": "us-east-1"}}, chicago_first)) == []
    assert len(told(changed({f"{CARRIER}.aws": {"region": "us-east-2"}}, EXTERNAL))) == 1
    assert told(changed({"links.external.carrier-ny.metro": "TR"}, chicago_first)) == []
    only_hq = {f"{CARRIER}.gcp": LEFT_OUT, f"{CARRIER}.azure": LEFT_OUT, "links.external.carrier-ny.sites": []}
    apart = changed(
        {**only_hq, "protect": "false", "links.pairs.hq": {"primary": "vpn", "backup": "none"}}, chicago_first
    )
    assert told(changed({"links.pairs.aws/hq": {"primary": "external"}}, apart)) == []


def test_a_bandwidth_that_google_is_not_known_to_offer_is_told() -> None:
    google = {"metro": "DC", "asn": 133937, "bandwidth": 25_000, "aws": {}, "gcp": {}}
    only = {"networks.identity": LEFT_OUT, "networks.erp": LEFT_OUT, "networks.erp-tests": LEFT_OUT}
    pairs = {"aws/gcp": {"primary": "external", "backup": "vpn"}}
    links = {"primary": "vpn", "external": {"carrier-dc": google}, "pairs": pairs}
    config = changed({**only, "protect": "false", "links": links}, EXTERNAL)
    assert told(config) == []
    assert any(w.startswith(f"{CARRIER}.bandwidth: 25000 is not known to be offered by Google") for w in warned(config))
    assert not any("Google" in w for w in warned(changed({f"{CARRIER}.bandwidth": 10_000}, config)))


def test_a_metro_of_somebody_else_is_judged_by_the_region_where_links_landed_before() -> None:
    both = {"networks.shop-west.region": "us-west-2", "links.external.carrier-ny.metro": "DC"}
    _, allocation = make_plan(settings_of(changed(both, EXTERNAL)), Ledger(), STACK, {})
    allocation.environment.fixed["aws/gateway-region"] = "us-west-2"
    with pytest.raises(ConfigurationError) as error:
        make_plan(settings_of(changed(both, EXTERNAL)), allocation.ledger, STACK, {})
    assert [problem.where for problem in error.value.problems] == [
        f"{CARRIER}.metro",
        "links.external.carrier-ny.metro",
    ]
    assert all("release aws/gateway-region" in problem.remedy for problem in error.value.problems)


def test_an_activation_key_is_never_shown() -> None:
    settings = settings_of(changed({"linkKeys": {"native": "key-of-aws"}}, NATIVE))

    assert "key-of-aws" not in repr(settings)
