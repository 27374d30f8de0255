"""Claims about what a network engineer reads."""

import io
import re
from dataclasses import replace

from inspection.graph import Graph, Json, Message, Resource
from inspection.report.terminal import print_report

ADDRESSING = {
    "supernets": {"aws": ["10.0.0.0/12"], "onprem": ["10.48.0.0/12"]},
    "regions": {
        "aws/us-east-1": {
            "cloud": "aws",
            "region": "us-east-1",
            "aggregates": ["10.0.0.0/16"],
            "hub": {"asn": 64512, "prefix": None},
            "free": ["10.0.128.0/17"],
            "networks": {
                "shop": {
                    "built": True,
                    "cidr": "10.0.64.0/18",
                    "segment": "prod",
                    "pods": None,
                    "clusterServices": "100.64.0.0/20",
                    "subnets": {"private-az2": "10.0.80.0/20", "private-az1": "10.0.64.0/20"},
                },
                "adopted": {
                    "built": True,
                    "cidr": "172.20.0.0/16",
                    "segment": "prod",
                    "pods": None,
                    "clusterServices": None,
                    "subnets": {},
                },
                "tools": {
                    "built": True,
                    "cidr": "10.0.0.0/18",
                    "segment": "shared",
                    "pods": None,
                    "clusterServices": None,
                    "subnets": {},
                },
            },
        }
    },
    "sites": {"hq": {"prefixes": ["10.48.0.0/16"], "asn": 64580}},
}


def link(name: str, role: str, kind: str, **more: Json) -> dict[str, Json]:
    given = {
        "ends": ["aws us-east-1", "gcp us-east4"],
        "redundancy": "4 tunnels, 2 gateways at each end",
        "bandwidthMbps": 5000,
        "mtu": 1390,
        "asns": ["64521", "64551"],
        "addresses": [],
        "preference": "after circuits",
        "leadTime": "10 min",
        "byHand": [],
    }
    return {"name": name, "role": role, "kind": kind, **given, **more}


LINKS = [
    link(
        "aws/gcp",
        "primary",
        "exchange",
        redundancy="2 metros, in each 1 to aws and 2 to gcp",
        bandwidthMbps=1000,
        asns=["64540", "exchange DC", "exchange NY", "16550"],
        addresses=["prod-dc-aws 169.254.1.9/30", "prod-dc-gcp-1 by Google"],
        preference="DC, then NY",
        byHand=["order the port", "configure VLAN 101"],
    ),
    link("aws/gcp", "backup", "VPN", addresses=[f"169.254.{number}.0/30" for number in range(6, 18)]),
    link(
        "aws/manufacturing-plant",
        "primary",
        "VPN",
        ends=["aws us-east-1", "manufacturing-plant"],
        bandwidthMbps=None,
        byHand=["put the rendered configuration on [edge]", "order the port"],
    ),
]


def resource(token: str, name: str, parent: str = "", *, custom: bool = True) -> Resource:
    return Resource(f"{parent}/{name}", token, name, parent, custom=custom)


def printed(resources: list[Resource], outputs: dict[str, Json], messages: tuple[Message, ...] = ()) -> str:
    file = io.StringIO()
    root = resource("pulumi:pulumi:Stack", "stack", custom=False)
    print_report(Graph("net", "dev", (root, *resources), outputs, messages=messages), 1.25, file)
    return file.getvalue()


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_prefixes_stand_in_address_order_inside_what_contains_them() -> None:
    table = printed([], {"addressing": ADDRESSING})

    assert [(len(indent), prefix) for indent, prefix in re.findall(r"^( *)(\d+\.\S+/\d+)", table, re.MULTILINE)] == [
        (0, "10.0.0.0/12"),
        (2, "10.0.0.0/16"),
        (4, "10.0.0.0/18"),
        (4, "10.0.64.0/18"),
        (6, "10.0.64.0/20"),
        (6, "10.0.80.0/20"),
        (4, "10.0.128.0/17"),
        (0, "10.48.0.0/12"),
        (2, "10.48.0.0/16"),
        (0, "100.64.0.0/20"),
        (0, "172.20.0.0/16"),
    ]


def test_each_prefix_says_what_it_is_for() -> None:
    table = lines(printed([], {"addressing": ADDRESSING}))

    assert "10.0.0.0/16 65,536 announced by AS 64512 aws/us-east-1" in table
    assert "10.0.64.0/18 16,384 network shop prod" in table
    assert "10.0.64.0/20 4,096 private-az1" in table
    assert "10.0.128.0/17 32,768 free" in table
    assert "10.48.0.0/16 65,536 site hq, AS 64580" in table
    assert "100.64.0.0/20 4,096 cluster services of shop prod aws/us-east-1" in table


def test_a_network_outside_its_regions_space_still_says_where_it_is() -> None:
    assert "172.20.0.0/16 65,536 network adopted prod aws/us-east-1" in lines(printed([], {"addressing": ADDRESSING}))


def test_a_stack_without_an_address_plan_prints_none() -> None:
    assert "Prefix" not in printed([], {})


def test_a_link_says_what_it_joins_how_it_fails_what_it_carries_and_how_it_ranks() -> None:
    plain = {"redundancy": "4 tunnels", "preference": "after", "leadTime": "10 min"}
    table = lines(printed([], {"links": [link("aws/gcp", "backup", "VPN", **plain)]}))

    start = table.index("aws/gcp backup VPN 4 tunnels 5,000 1390 64521 after 10 min")
    assert table[start - 1] == "Link Role Kind Redundancy Mbps MTU AS Preference Lead time"
    assert table[start + 1 : start + 3] == ["aws us-east-1 64551", "gcp us-east4"]


def test_a_link_of_no_set_bandwidth_shows_none() -> None:
    plain = {"redundancy": "the cloud's own", "preference": "mesh", "leadTime": "5 min"}
    table = lines(printed([], {"links": [link("aws/gcp", "primary", "backbone", bandwidthMbps=None, **plain)]}))

    assert "aws/gcp primary backbone the cloud's own 1390 64521 mesh 5 min" in table


def test_a_primary_and_its_backup_stand_below_one_name_apart_from_the_next_pair() -> None:
    rows = printed([], {"links": LINKS}).partition("Lead time")[2].partition("Addresses")[0].splitlines()
    starts = [number for number, row in enumerate(rows) if " primary " in row or " backup " in row]

    assert [rows[number].partition(" ")[0] for number in starts] == ["aws/gcp", "", "aws/manufacturing-plant"]
    assert [not rows[number - 1].strip() for number in starts[1:]] == [False, True]


def test_nobody_adds_up_what_pairs_share() -> None:
    table = lines(printed([], {"links": LINKS}))
    shared = table.index("Pairs that end at the same circuit or gateway share its Mbps.")

    assert table.index("manufacturing-plant") < shared < table.index("Link Kind Addresses")


def test_links_that_have_addresses_of_their_own_list_all_of_them() -> None:
    text = " ".join(printed([], {"links": LINKS}).partition("Addresses")[2].partition("by hand")[0].split())

    listed = ", ".join(LINKS[1]["addresses"])
    assert text.startswith(f"aws/gcp exchange prod-dc-aws 169.254.1.9/30, prod-dc-gcp-1 by Google aws/gcp VPN {listed}")
    assert "plant" not in text


def test_what_is_done_by_hand_is_numbered_and_said_once() -> None:
    text = printed([], {"links": LINKS}).partition("To be done by hand")[2]

    assert lines(text)[1:5] == [
        "1. order the port",
        "2. configure VLAN 101",
        "3. put the rendered configuration on [edge]",
        "",
    ]


def test_nothing_is_said_of_what_there_is_not() -> None:
    assert "Links" not in printed([], {"links": []})
    assert "Links" not in printed([], {})
    bare = printed([], {"links": [link("aws/gcp", "primary", "VPN")]})
    assert "Links" in bare
    assert "Addresses" not in bare
    assert "by hand" not in bare


def test_no_word_of_a_long_link_is_lost_and_no_line_is_wider_than_a_page() -> None:
    long = link(
        "azure/manufacturing-plant",
        "primary",
        "external",
        ends=["azure northamerica-northeast1", "manufacturing-plant"],
        redundancy="4 tunnels over 2 gateways and 2 devices, each with every other",
        asns=["4200000000", "exchange DC", "4210000001"],
        addresses=[f"prod-dc-manufacturing-{number} 169.254.6.{number}/30" for number in range(8)],
        preference="after circuits (in Google: path +10, MED 1000)",
        leadTime="30 min (gateway of the virtual hub)",
        byHand=["put the rendered configuration and its keys on edge-1 of the plant " * 3],
    )
    text = printed([], {"links": [long]})

    assert max(len(line) for line in text.splitlines()) <= 120
    assert "\N{HORIZONTAL ELLIPSIS}" not in text
    said = [word for key in ("name", "redundancy", "preference", "leadTime") for word in long[key].split()]
    said += [word for key in ("ends", "asns", "addresses", "byHand") for item in long[key] for word in item.split()]
    assert [word for word in said if word not in text] == []


RECORD = {
    "name": "www.acme.example",
    "owner": "Route 53",
    "policy": "active-passive",
    "places": ["shop: 198.51.100.10, active", "erp: 203.0.113.30, standby 1"],
    "check": "https:443/healthz every 10 s, out after 3 in a row",
    "worstCase": "3 x (10 + 4) + 30 = 72 s",
    "seconds": 72,
    "budget": 100,
}


def test_a_record_says_who_answers_by_which_policy_and_how_long_it_takes_at_most() -> None:
    text = printed([], {"names": {"records": [RECORD]}}).partition("\nRecords\n")[2].partition("Resources:")[0]
    columns = [text.splitlines()[0].index(title) for title in ("Name", "Answered by", "Worst case", "How")]
    cells = [
        " ".join(" ".join(line[start:end].strip() for line in text.splitlines()[1:]).split())
        for start, end in zip(columns, [*columns[1:], None], strict=True)
    ]

    assert cells == [
        "www.acme.example",
        "Route 53",
        "3 x (10 + 4) + 30 = 72 s <= 100 s",
        (
            "active-passive, https:443/healthz every 10 s, out after 3 in a row shop: 198.51.100.10, active "
            "erp: 203.0.113.30, standby 1"
        ),
    ]


def test_a_stack_without_names_or_records_prints_none() -> None:
    for outputs in ({}, {"names": {}}, {"names": {"records": []}}):
        assert "Names" not in printed([], outputs)
        assert "Records" not in printed([], outputs)


def test_what_is_only_read_is_no_part_of_what_is_built() -> None:
    shop = resource("multicloud-network:index:AwsNetwork", "shop", "/stack", custom=False)
    found = replace(resource("aws:ec2/vpc:Vpc", "found", shop.urn), read=True)
    table = lines(printed([shop, found, resource("aws:ec2/subnet:Subnet", "a", shop.urn)], {}))

    assert "shop AwsNetwork 1 Subnet" in table
    assert "stack 1" in table
    assert "Resources: 1, components: 1. Previewed in 1.2 s without any cloud." in table


def test_a_component_counts_its_own_resources_and_all_below_it() -> None:
    shop = resource("multicloud-network:index:AwsNetwork", "shop", "/stack", custom=False)
    hub = resource("multicloud-network:index:AwsAttachment", "shop-hub", shop.urn, custom=False)
    table = lines(
        printed(
            [
                resource("pulumi:providers:aws", "aws", "/stack"),
                shop,
                resource("aws:ec2/vpc:Vpc", "shop", shop.urn),
                *(resource("aws:ec2/subnet:Subnet", zone, shop.urn) for zone in "abc"),
                hub,
                resource("aws:ec2/route:Route", "r", hub.urn),
            ],
            {},
        )
    )

    times = "\N{MULTIPLICATION SIGN}"
    assert "stack 6 aws provider" in table
    assert f"shop AwsNetwork 5 3{times}Subnet, Vpc" in table
    assert "shop-hub AwsAttachment 1 Route" in table
    assert "Resources: 6, components: 2. Previewed in 1.2 s without any cloud." in table


def test_long_messages_keep_their_lines_and_their_brackets() -> None:
    long = "networks[shop]: " + "word " * 60
    text = printed([], {}, (Message("info", f"{long}\n  - second"),))

    assert f"- {long}\n    - second\n" in text


def test_a_report_to_a_file_is_no_wider_than_a_page() -> None:
    shop = resource("multicloud-network:index:AwsNetwork", "shop", "/stack", custom=False)
    many = [resource(f"aws:ec2/kind:Kind{number}", f"r{number}", shop.urn) for number in range(40)]

    assert max(len(line) for line in printed([shop, *many], {"addressing": ADDRESSING}).splitlines()) <= 120
