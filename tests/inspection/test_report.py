"""Claims about what a network engineer reads."""

import io
import re

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
