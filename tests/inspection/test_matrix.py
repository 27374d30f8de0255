"""Claims about who gets through to whom for names: whatever shuts the way or port 53 is told of those it hits."""

import io
import re
from collections.abc import Callable, Mapping

import pytest

from inspection.graph import Graph, Json, Resource
from inspection.matrix import Cell, matrix
from inspection.network.filters import endpoints
from inspection.network.model import AFTER_DEPLOY
from inspection.report.terminal import print_report
from inspection.resolve import resolvers
from tests.inspection.seeded import Seed, added, all_of, output, site, told, without
from tests.program.stacks import CONFIG_FILES, preview_of, settings_of, update_of

STACKS = tuple(stack for stack in CONFIG_FILES if "dns" in settings_of(stack))
TRANSIT = "aws-us-east-1-transit"
FORWARDERS = "35.199.192.0/19"
both = pytest.mark.parametrize("run", [preview_of, update_of], ids=["preview", "update"])


def but(drop: Callable[[Json], bool]) -> Callable[[Json], Json]:
    """Take entries out of a list."""
    return lambda entries: [entry for entry in entries if not drop(entry)]


def broken(cells: list[Cell], kind: str) -> Mapping[str, tuple[str, ...]]:
    return {f"{cell.source}>{cell.owner}": (*getattr(cell, kind),) for cell in cells if getattr(cell, kind)}


# -- whole stacks


@both
@pytest.mark.parametrize("stack", STACKS)
def test_all_ordered_pairs_that_links_join_get_through(stack: str, run: Callable[[str], Graph]) -> None:
    graph = run(stack)
    cells = matrix(graph)
    rows = {tuple(link["name"].split("/")) for link in graph.outputs["links"] if link["kind"] != "backbone"}
    named = {*graph.outputs["names"]["sites"], "aws", "azure", "gcp"}
    expected = {pair for one, other in rows if {one, other} <= named for pair in ((one, other), (other, one))}
    assert {(cell.source, cell.owner) for cell in cells} == expected
    for cell in cells:
        assert (cell.route, cell.filters, cell.hops) == ((), (), 1), cell
        assert cell.domains
        assert cell.targets


def test_dev_has_twelve_pairs() -> None:
    assert len(matrix(preview_of("dev"))) == 12


def test_only_googles_addresses_are_known_after_deployment() -> None:
    for cell in matrix(preview_of("prod")):
        assert (AFTER_DEPLOY in cell.targets) == (cell.owner == "gcp"), cell
    assert not [cell for cell in matrix(update_of("prod")) if AFTER_DEPLOY in cell.targets]


def test_a_pair_without_a_rule_has_a_line_that_says_whether_links_join_it() -> None:
    mute = without("aws-us-east-1-resolver-azure", "aws-us-east-1-resolver-reverse-10-16", of="Rule")
    [cell] = [cell for cell in matrix(mute(preview_of("dev"))) if not cell.domains]
    assert (cell.source, cell.owner) == ("aws", "azure")
    assert cell.joined
    apart = all_of(mute, output("links", but(lambda link: link["name"] == "aws/azure")))
    cells = {(cell.source, cell.owner): cell for cell in matrix(apart(preview_of("dev")))}
    assert not cells["aws", "azure"].joined
    assert "aws    azure  none, not joined" in printed(apart(preview_of("dev")))


def test_what_nobody_can_judge_is_said_of_sites_only() -> None:
    for run, later in ((preview_of, True), (update_of, False)):
        for cell in matrix(run("dev")):
            expected = {"filters of lab"} if "lab" in (cell.source, cell.owner) else set()
            if expected and later:
                expected.add("what lab takes, before its routers' files are written")
            assert {*cell.not_judged} == expected


# -- mistakes in filters

ACL = Resource(
    "acl",
    "aws:ec2/networkAcl:NetworkAcl",
    "acl",
    inputs={
        key: [
            {"ruleNo": 100, "action": "deny", "protocol": "-1", "cidrBlock": refused, "fromPort": 0, "toPort": 0},
            {"ruleNo": 200, "action": "allow", "protocol": "-1", "cidrBlock": "0.0.0.0/0", "fromPort": 0, "toPort": 0},
        ]
        for key, refused in (("ingress", "10.62.0.0/16"), ("egress", "192.0.2.0/24"))
    },
)
FILTERS: Mapping[str, tuple[Seed, set[str], str]] = {
    "AWS answers nobody over udp": (
        told("aws-us-east-1-resolver-inbound", "SecurityGroup", ingress=but(lambda rule: rule["protocol"] == "udp")),
        {"azure>aws", "gcp>aws", "lab>aws"},
        "no ingress rule of aws-us-east-1-resolver-inbound for udp 53 and",
    ),
    "AWS answers Google not": (
        told(
            "aws-us-east-1-resolver-inbound",
            "SecurityGroup",
            ingress=but(lambda rule: FORWARDERS in rule["cidrBlocks"]),
        ),
        {"gcp>aws"},
        f"no ingress rule of aws-us-east-1-resolver-inbound for tcp 53 and {FORWARDERS}",
    ),
    "AWS asks nobody over tcp": (
        told("aws-us-east-1-resolver-outbound", "SecurityGroup", egress=but(lambda rule: rule["protocol"] == "tcp")),
        {"aws>azure", "aws>gcp", "aws>lab"},
        "no egress rule of aws-us-east-1-resolver-outbound for tcp 53 and",
    ),
    "AWS opens another port": (
        told(
            "aws-us-east-1-resolver-outbound",
            "SecurityGroup",
            egress=lambda rules: [{**rule, "fromPort": 54, "toPort": 54} for rule in rules],
        ),
        {"aws>azure", "aws>gcp", "aws>lab"},
        "no egress rule of aws-us-east-1-resolver-outbound for udp 53 and",
    ),
    "a network ACL of AWS keeps a site's queries and its answers out": (
        added(ACL, {"subnetIds": f"Subnet::{TRANSIT}-resolver-az1"}),
        {"lab>aws", "aws>lab"},
        f"network ACL acl keeps {TRANSIT}-resolver-az1 from 10.62.0.53/32",
    ),
    "Azure lets no tcp in": (
        told(
            "azure-eastus-transit-nsg",
            "NetworkSecurityGroup",
            securityRules=but(lambda rule: rule["direction"] == "Inbound" and rule["protocol"] == "Tcp"),
        ),
        {"aws>azure", "gcp>azure", "lab>azure"},
        "azure-eastus-transit-nsg lets no tcp 53 inbound for azure-eastus-transit-resolver-inbound and",
    ),
    "Azure lets no udp out": (
        told(
            "azure-eastus-transit-nsg",
            "NetworkSecurityGroup",
            securityRules=but(lambda rule: rule["direction"] == "Outbound" and rule["protocol"] == "Udp"),
        ),
        {"azure>aws", "azure>gcp", "azure>lab"},
        "azure-eastus-transit-nsg lets no udp 53 outbound for azure-eastus-transit-resolver-outbound and",
    ),
    "Azure's drops stand first": (
        told(
            "azure-eastus-transit-nsg",
            "NetworkSecurityGroup",
            securityRules=lambda rules: [
                {**rule, "priority": 100 if rule["access"] == "Deny" else rule["priority"]} for rule in rules
            ],
        ),
        {"azure>aws", "azure>gcp", "azure>lab", "aws>azure", "gcp>azure", "lab>azure"},
        "azure-eastus-transit-nsg lets no",
    ),
    "Azure has no rules of its own, and its last ones know nothing of Google's public range": (
        told("azure-eastus-transit-nsg", "NetworkSecurityGroup", securityRules=[]),
        {"gcp>azure"},
        f"for azure-eastus-transit-resolver-inbound and {FORWARDERS}",
    ),
    "Google's firewall drops queries that come in": (
        without("gcp-transit-firewall-names-ingress"),
        {"aws>gcp", "azure>gcp", "lab>gcp"},
        "gcp-transit-firewall lets no udp 53 ingress for",
    ),
    "Google's firewall drops queries that go out": (
        without("gcp-transit-firewall-names-egress"),
        {"gcp>aws", "gcp>azure", "gcp>lab"},
        "gcp-transit-firewall lets no tcp 53 egress for",
    ),
}


@both
@pytest.mark.parametrize("seed", FILTERS)
def test_whatever_shuts_port_53_is_told_of_those_it_hits(seed: str, run: Callable[[str], Graph]) -> None:
    make, hit, text = FILTERS[seed]
    cells = matrix(make(run("dev")))
    found = broken([*cells], "filters")
    assert found.keys() == hit
    assert all(any(text in said for said in texts) for texts in found.values()), found
    assert broken([*cells], "route") == {}


def refused(**more: Json) -> Callable[[Json], Json]:
    """Put a rule of Azure's first that refuses something else."""
    rule = {"access": "Deny", "direction": "Inbound", "priority": 100, "protocol": "*", "destinationPortRange": "*"}
    return lambda rules: [{**rule, "sourceAddressPrefix": "*", "destinationAddressPrefix": "*", **more}, *rules]


def azure_first(**more: Json) -> Seed:
    return told("azure-eastus-transit-nsg", "NetworkSecurityGroup", securityRules=refused(**more))


HARMLESS: Mapping[str, Seed] = {
    "a firewall rule of Google's for others": told(
        "gcp-transit-firewall-private-ingress",
        "NetworkFirewallPolicyRule",
        priority=10,
        match=lambda match: {**match, "srcIpRanges": ["192.0.2.0/24"]},
    ),
    "a firewall rule of Google's for another port": told(
        "gcp-transit-firewall-private-ingress",
        "NetworkFirewallPolicyRule",
        priority=10,
        match=lambda match: {**match, "layer4Configs": [{"ipProtocol": "udp", "ports": ["54"]}]},
    ),
    "a rule of Azure's for others": azure_first(sourceAddressPrefix="192.0.2.0/24"),
    "a rule of Azure's for other ports": azure_first(destinationPortRange="54-60"),
    "a rule of Azure's for another protocol": azure_first(protocol="Icmp"),
    "a rule of Azure's for a subnet without endpoints": azure_first(destinationAddressPrefix="10.16.255.0/28"),
    "a network ACL of another subnet": added(ACL, {"subnetIds": "Subnet::web-private-az1"}),
}


@pytest.mark.parametrize("seed", HARMLESS)
def test_what_refuses_others_shuts_out_nobody(seed: str) -> None:
    assert broken([*matrix(HARMLESS[seed](preview_of("dev")))], "filters") == {}


@pytest.mark.parametrize("ports", ["53", "50-60", "*"])
def test_what_refuses_port_53_in_azure_shuts_out_all(ports: str) -> None:
    found = broken([*matrix(azure_first(destinationPortRange=ports)(preview_of("dev")))], "filters")
    assert found.keys() == {"aws>azure", "gcp>azure", "lab>azure"}


def test_what_azure_lets_in_to_a_part_of_an_endpoints_subnet_is_not_enough() -> None:
    """Azure answers for an endpoint from other addresses of its subnet too."""
    narrow = told(
        "azure-eastus-transit-nsg",
        "NetworkSecurityGroup",
        securityRules=lambda rules: [
            {**rule, "destinationAddressPrefix": "10.16.248.4"}
            if (rule["direction"], rule["access"]) == ("Inbound", "Allow")
            else rule
            for rule in rules
        ],
    )
    found = broken([*matrix(narrow(preview_of("dev")))], "filters")
    assert found.keys() == {"aws>azure", "gcp>azure", "lab>azure"}


def test_a_resolver_of_aws_has_the_endpoints_of_its_own_region() -> None:
    graph = preview_of("prod")
    found = {
        each.name: [endpoint.name for endpoint in endpoints(graph, each, "OUTBOUND")]
        for each in resolvers(graph)
        if each.party == "aws"
    }
    assert found == {f"aws/{region}": [f"aws-{region}-resolver-outbound"] for region in ("us-east-1", "us-west-2")}


# -- mistakes in routes


def routes_of(stack: str) -> Mapping[str, tuple[Seed, set[str], str]]:
    return DEV if stack == "dev" else PROD


def no_rule(prefix: str) -> Callable[[Json], Json]:
    """Take what names a prefix out of a route map's rules or an import policy's terms."""
    return but(lambda each: prefix in str(each))


def advertised(drop: str) -> Callable[[Json], Json]:
    return lambda bgp: {
        **bgp,
        "advertisedIpRanges": [each for each in bgp["advertisedIpRanges"] if each["range"] != drop],
    }


DEV: Mapping[str, tuple[Seed, set[str], str]] = {
    "AWS's inbound endpoint has no way back to Google": (
        without(f"{TRANSIT}-resolver-az1-{FORWARDERS}", of="Route"),
        {"gcp>aws"},
        f"{TRANSIT}-resolver-az1 has no route to {FORWARDERS}",
    ),
    "AWS's endpoints have no routes to the hub": (
        without(f"{TRANSIT}-resolver-az2-10.0.0.0/8", of="Route"),
        {"aws>azure", "aws>gcp", "aws>lab", "azure>aws", "lab>aws"},
        f"{TRANSIT}-resolver-az2 has no route to",
    ),
    "AWS's transit VPC is associated with no table": (
        without(f"{TRANSIT}-hub", of="ec2transitgateway/routeTableAssociation:RouteTableAssociation"),
        {"aws>azure", "aws>gcp", "aws>lab", "azure>aws", "gcp>aws", "lab>aws"},
        f"{TRANSIT} is associated with no table of a Transit Gateway",
    ),
    "AWS's table does not learn from a site": (
        without("aws-lab-vpn-aws-edge-transit", of="RouteTablePropagation"),
        {"aws>lab", "lab>aws"},
        "aws-us-east-1-transit knows no way to 10.62.",
    ),
    "AWS's table for links does not know the endpoints' VPC": (
        without(f"{TRANSIT}-hub-links", "us-east-1-links-10.1.0.0/16"),
        {"aws>azure", "aws>gcp", "aws>lab", "azure>aws", "gcp>aws", "lab>aws"},
        f"does not get to {TRANSIT} (aws-us-east-1-links)",
    ),
    "Azure's transit VNet is not connected": (
        without("azure-eastus-azure-eastus-transit", of="HubVirtualNetworkConnection"),
        {"aws>azure", "gcp>azure", "lab>azure", "azure>aws", "azure>gcp", "azure>lab"},
        "azure-eastus-transit is connected to no virtual hub",
    ),
    "Azure makes its transit VNet known to no branch": (
        told(
            "azure-eastus-azure-eastus-transit",
            "HubVirtualNetworkConnection",
            routingConfiguration=lambda told: {**told, "propagatedRouteTables": {"labels": ["apps"]}},
        ),
        {"aws>azure", "gcp>azure", "lab>azure", "azure>aws", "azure>gcp", "azure>lab"},
        "azure-eastus-transit is not propagated to branches",
    ),
    "Azure's branch to Google is made known to workloads only": (
        told(
            "azure-gcp-vpn-azure",
            "VpnConnection",
            routingConfiguration=lambda told: {**told, "propagatedRouteTables": {"labels": ["apps"]}},
        ),
        {"gcp>azure", "azure>gcp"},
        "azure-eastus-transit learns no route to",
    ),
    "Azure takes no route to where Google's queries come from": (
        told("azure-gcp-vpn-azure-routes-inbound", "RouteMap", rules=no_rule(FORWARDERS)),
        {"gcp>azure"},
        f"azure-eastus-transit learns no route to {FORWARDERS} from any branch",
    ),
    "Azure sends no route to its endpoints": (
        all_of(
            *(
                told(f"{link}-vpn-azure-routes-outbound", "RouteMap", rules=no_rule("10.16.0.0/16"))
                for link in ("aws-azure", "azure-gcp", "azure-lab")
            )
        ),
        {"aws>azure", "gcp>azure", "lab>azure", "azure>aws", "azure>gcp", "azure>lab"},
        "no branch of Azure sends a route to 10.16.248.",
    ),
    "Azure drops what the outbound endpoint sends": (
        added(
            Resource(
                "drop",
                "azure-native:network:Route",
                "drop",
                inputs={"addressPrefix": "10.62.0.0/20", "nextHopType": "None"},
            ),
            {"routeTableName": "RouteTable::azure-eastus-transit-routes"},
        ),
        {"azure>lab", "lab>azure"},
        "drop drops what azure-eastus-transit-resolver-",
    ),
    "Google does not tell where its queries come from": (
        told("gcp-transit-router-us-east4", "router:Router", bgp=advertised(FORWARDERS)),
        {"gcp>aws", "gcp>azure", "gcp>lab"},
        f"gcp-transit-router-us-east4 sends no route to {FORWARDERS}",
    ),
    "one peer of Google's lists ranges of its own": (
        told(
            "gcp-lab-vpn-gcp-edge-1",
            "RouterPeer",
            advertiseMode="CUSTOM",
            advertisedIpRanges=[{"range": "10.32.0.0/16"}],
        ),
        {"gcp>aws", "gcp>azure", "gcp>lab"},
        f"gcp-lab-vpn-gcp-edge-1 sends no route to {FORWARDERS}",
    ),
    "Google takes no route to AWS": (
        told("aws-gcp-vpn-gcp", "RouterRoutePolicy", terms=no_rule("10.1.0.0/16")),
        {"gcp>aws", "aws>gcp"},
        "no Cloud Router of gcp-transit takes a route to 10.1.252.",
    ),
    "Google drops the route to AWS by name": (
        told(
            "aws-gcp-vpn-gcp",
            "RouterRoutePolicy",
            terms=lambda terms: [
                {**each, "actions": [{"expression": "drop()"}] if "10.1.0.0/16" in str(each) else each["actions"]}
                for each in terms
            ],
        ),
        {"gcp>aws", "aws>gcp"},
        "no Cloud Router of gcp-transit takes a route to 10.1.252.",
    ),
    "Google may ask over the internet": (
        told(
            "gcp-dns-forward-onprem",
            "ManagedZone",
            forwardingConfig=lambda told: {
                "targetNameServers": [{**each, "forwardingPath": "default"} for each in told["targetNameServers"]]
            },
        ),
        {"gcp>lab"},
        "gcp-dns-forward-onprem does not keep queries to the VPC's own ways",
    ),
    "a site's servers are in no prefix of it": (
        output("addressing", lambda told: {**told, "sites": {"lab": {**told["sites"]["lab"], "prefixes": []}}}),
        {"aws>lab", "azure>lab", "gcp>lab", "lab>aws", "lab>azure", "lab>gcp"},
        "is in no prefix that lab brings",
    ),
    "a site has no servers to ask from": (
        site("lab", servers=[]),
        {"lab>aws", "lab>azure", "lab>gcp"},
        "lab has nothing to ask from",
    ),
}
PROD: Mapping[str, tuple[Seed, set[str], str]] = {
    "AWS does not allow the endpoints' prefix on its circuits": (
        told("aws-us-east-1-circuit-gateway", "GatewayAssociation", allowedPrefixes=but(lambda p: p == "10.2.0.0/16")),
        {pair for party in ("azure", "gcp", "hq") for pair in (f"{party}>aws", f"aws>{party}")},
        "aws-us-east-1-circuit-gateway sends no route to 10.2.252.",
    ),
    "the exchange drops Google's range towards Azure": (
        without(f"exchange-dc-azure-primary-outbound-{FORWARDERS}"),
        {"gcp>azure"},
        f"exchange-dc-azure-primary lets no route to {FORWARDERS} through (outbound)",
    ),
    "the exchange drops Google's range from Google": (
        without(f"exchange-ny-gcp-domain-1-inbound-{FORWARDERS}"),
        {"gcp>aws", "gcp>azure", "gcp>hq"},
        f"exchange-ny-gcp-domain-1 lets no route to {FORWARDERS} through (inbound)",
    ),
    "the second region of AWS is not known to links": (
        without("aws-us-east-1-us-west-2-us-east-1-links"),
        {f"aws>{party}" for party in ("azure", "gcp", "hq", "plant")},
        "does not get to aws-us-west-2-transit",
    ),
    "the second region's resolver asks nobody": (
        told("aws-us-west-2-resolver-outbound", "SecurityGroup", egress=[]),
        set(),
        "",
    ),
}


@both
@pytest.mark.parametrize(("stack", "seed"), [("dev", each) for each in DEV] + [("prod", each) for each in PROD])
def test_whatever_shuts_the_way_is_told_of_those_it_hits(stack: str, seed: str, run: Callable[[str], Graph]) -> None:
    make, hit, text = routes_of(stack)[seed]
    cells = matrix(make(run(stack)))
    found = broken([*cells], "route")
    assert found.keys() == hit, found
    assert all(any(text in said for said in texts) for texts in found.values()), found


def test_every_region_is_judged_on_its_own() -> None:
    make = PROD["the second region's resolver asks nobody"][0]
    found = broken([*matrix(make(preview_of("prod")))], "filters")
    assert found.keys() == {f"aws>{party}" for party in ("azure", "gcp", "hq", "plant")}
    assert all("aws-us-west-2-resolver-outbound" in text for texts in found.values() for text in texts)


def test_a_sites_routers_have_to_take_the_way_once_their_files_are_written() -> None:
    def forget(files: Json) -> Json:
        return {
            "lab": {
                "edge": {
                    "frr.conf": files["lab"]["edge"]["frr.conf"].replace(f"permit {FORWARDERS}", "permit 192.0.2.0/24")
                }
            }
        }

    found = broken([*matrix(output("siteFiles", forget)(update_of("dev")))], "route")
    assert found == {"gcp>lab": (f"no router of lab takes a route to {FORWARDERS}",)}


def test_a_sites_routers_have_to_send_the_way_to_its_servers() -> None:
    def forget(files: Json) -> Json:
        text = files["lab"]["edge"]["frr.conf"]
        assert "permit 10.62.0.0/20" in text
        return {"lab": {"edge": {"frr.conf": text.replace("permit 10.62.0.0/20", "permit 192.0.2.0/24")}}}

    found = broken([*matrix(output("siteFiles", forget)(update_of("dev")))], "route")
    assert found.keys() == {
        *(f"{c}>lab" for c in ("aws", "azure", "gcp")),
        *(f"lab>{c}" for c in ("aws", "azure", "gcp")),
    }


# -- what people read


def printed(graph: Graph) -> str:
    file = io.StringIO()
    print_report(graph, 1.25, file)
    return file.getvalue()


def test_a_preview_has_a_line_for_each_pair_and_nothing_to_worry_about() -> None:
    text = printed(preview_of("dev")).partition("\nNames\n")[2]
    lines = [line.split("  ") for line in text.splitlines()]
    rows = {tuple(cell.strip() for cell in line if cell.strip()) for line in lines}
    expected = (
        "aws",
        "azure",
        "azure.dev.acme.internal, 1 reverse zone",
        "10.16.248.4, 10.16.248.36",
        "1",
        "planned",
        "planned",
    )
    assert expected in rows
    assert (
        "azure",
        "gcp",
        "gcp.dev.acme.internal, 1 reverse zone",
        "known after deploy",
        "1",
        *2 * ["planned"],
    ) in rows
    assert sum(row[-2:] == ("planned", "planned") for row in rows) == 6
    assert sum(row[-2:] == ("planned *", "planned *") for row in rows) == 6, "a site's own filters nobody here knows"
    assert "missing" not in text
    assert "* Not judged: filters of lab" in text


def test_a_preview_tells_what_is_missing_below_the_table() -> None:
    text = printed(FILTERS["Azure lets no tcp in"][0](preview_of("dev"))).partition("\nNames\n")[2]
    assert text.count("missing, see below") == 3
    assert (
        "- aws asking azure, filters: azure-eastus-transit-nsg lets no tcp 53 inbound for "
        "azure-eastus-transit-resolver-inbound and 10.1.252.53/32\n" in text
    )


def test_a_preview_tells_mistakes_in_names_below_the_table() -> None:
    text = printed(without("aws-us-east-1-resolver-azure", of="Rule")(preview_of("dev"))).partition("\nNames\n")[2]
    assert "- any.azure.dev.acme.internal: aws/us-east-1 has no rule for it; azure/eastus has the zone" in text


def test_no_table_of_names_is_wider_than_a_page() -> None:
    for stack in STACKS:
        table = printed(preview_of(stack)).partition("\nNames\n")[2]
        table = re.split(r"\n(?:Records|Notes|Warnings|Resources:)", table)[0]
        assert "planned" in table
        assert max(len(line) for line in table.splitlines()) <= 120
