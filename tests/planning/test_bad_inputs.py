import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from planning.problems import ConfigurationError
from planning.reading import SECRETS
from planning.workspace import load_plan
from tests.planning.configurations import LEFT_OUT, SMALL, STACK, Config, as_text, changed


@dataclass(frozen=True)
class Bad:
    """One mistake, and the one message that its reader gets."""

    message: str = ""
    """Where: what was given: the rule; the remedy. `...` stands for words left out here."""
    change: Mapping[str, Any] = field(default_factory=dict)
    """Made in the small configuration."""
    recorded: Config | None = None
    """What the stack was planned from before; None for a stack without a ledger."""
    ledger: str | None = None
    """The ledger, where it is the mistake."""
    file: str | None = None
    """Content of another team's file, which the change names."""
    stack: str = STACK
    record: bool = True
    secret: Collection[str] = frozenset(SECRETS)
    """Settings that the engine hands over as secret."""


def bad(id: str, message: str, change: Mapping[str, Any] | None = None, **rest: Any) -> Any:  # noqa: A002, ANN401 - pytest's own word, and what it returns
    return pytest.param(Bad(message, change or {}, **rest), id=id)


SHOP = SMALL["networks"]["shop"]
ADOPTED = {"cloud": "aws", "region": "us-east-1", "cidr": "10.8.0.0/18", "segment": "apps"}
WEST = {"cloud": "aws", "region": "us-west-2", "size": 18, "segment": "apps"}
REPORTS = {"cloud": "gcp", "region": "us-east4", "size": 20, "segment": "apps"}
OTHER_TEAM = {"addressing.reservedFiles": ["other.yaml"]}
LEDGER = """\
version: 1
environments:
  dev:
    stack: acme/dev
    regions:
      aws/us-east-1: 10.1.0.0/16
      azure/eastus: 10.16.0.0/16
    networks:
      aws/us-east-1/shop: 10.1.128.0/18
    subnets:
      aws/us-east-1/shop/private-az1: 10.1.128.0/21
    hubs:
      azure/eastus: 10.16.254.0/23
    asns:
      transit-gateway/us-east-1: 64650
complete: true
"""

SHAPE = [
    bad("empty section", "networks: is empty; give at least one entry", {"networks": {}}),
    bad("section as text", "networks: shop: is plain text; write a mapping of names to settings", {"networks": "shop"}),
    bad("section as a list", 'networks: ["shop"]: must be a mapping; write keys and values...', {"networks": ["shop"]}),
    bad("section null", "networks: is empty; give it a value, or leave it out if it has a default", {"networks": None}),
    bad("section with a number", "segments: 5: must be a mapping; write keys and values below it", {"segments": 5}),
    bad("list as text", "flows: shop to hq: is plain text; write a list", {"flows": "shop to hq"}),
    bad("switch as text", "protect: yes please: is plain text; write true or false", {"protect": "yes please"}),
    bad("number as text", "flowLogDays: a month: is plain text; write a number", {"flowLogDays": "a month"}),
    bad("entry null", "networks.shop: null: must be a mapping; write...", {"networks.shop": None}),
    bad("entry as text", "networks.shop: small: must be a mapping; write...", {"networks.shop": "small"}),
    bad(
        "one prefix in place of a list",
        "sites.hq.prefixes: 10.48.0.0/16: must be a list; write it as [a, b]",
        {"sites.hq.prefixes": "10.48.0.0/16"},
    ),
    bad("empty list", "sites.hq.prefixes: is empty; give at least one entry", {"sites.hq.prefixes": []}),
    bad("bad entry of a list", "sites.hq.prefixes.0: x: is not a prefix; write it as...", {"sites.hq.prefixes": ["x"]}),
    bad(
        "number with a fraction", "networks.shop.size: 18.5: must be a whole number; ...", {"networks.shop.size": 18.5}
    ),
    bad(
        "switch with a number", "networks.shop.public: 7: must be true or false; write...", {"networks.shop.public": 7}
    ),
    bad("required setting left out", "environment: is missing; add it", {"environment": LEFT_OUT}),
    bad("environment in capitals", "environment: DEV: ...; use up to 10 lower-case letters...", {"environment": "DEV"}),
    bad("name in capitals", "networks.Shop: Shop: ...; use up to 20 lower-case letters...", {"networks.Shop": SHOP}),
    bad(
        "misspelt section",
        "netwroks: netwroks is not a setting here; did you mean networks?",
        {"netwroks": SMALL["networks"], "networks": LEFT_OUT},
    ),
    bad(
        "misspelt key",
        "networks.shop.sise: sise is not a setting here; did you mean size?",
        {"networks.shop.sise": 18, "networks.shop.size": LEFT_OUT},
    ),
    bad(
        "misspelt required key",
        "networks.shop.clod: clod is not a setting here; did you mean cloud?",
        {"networks.shop.clod": "aws", "networks.shop.cloud": LEFT_OUT},
    ),
    bad(
        "misspelt key of an account",
        "accounts.aws.acountId: acountId is not a setting here; did you mean accountId?",
        {"accounts.aws": {"acountId": "111122223333"}},
    ),
    bad(
        "key that resembles none",
        "addressing.supernets.datacentre: datacentre is not a setting here; known: aws, azure, gcp, onprem",
        {"addressing.supernets.datacentre": "10.0.0.0/12"},
    ),
    bad(
        "misspelt key in a list",
        "flows.0.form: form is not a setting here; did you mean from?",
        {"flows": [{"form": "shop", "to": "hq", "gbPerMonth": 1}]},
    ),
    bad(
        "misspelt key of an optional section",
        "services.checkout.public.wieghts: wieghts is not a setting here; did you mean weights?",
        {"services.checkout": {"port": 443, "runsIn": ["shop"], "public": {"wieghts": {}}}},
    ),
]

NETWORKS = [
    bad(
        "unknown cloud",
        "networks.shop.cloud: amazon: is not one of the choices; known: aws, azure, gcp",
        {"networks.shop.cloud": "amazon"},
    ),
    bad(
        "unknown region",
        "networks.shop.region: us-east-9: is no region of aws; did you mean us-east-2? (one newer than...)",
        {"networks.shop.region": "us-east-9"},
    ),
    bad(
        "region of another cloud",
        "networks.shop.region: eastus: is no region of aws; it is a region of azure: change cloud or region",
        {"networks.shop.region": "eastus"},
    ),
    bad(
        "unknown segment",
        "networks.shop.segment: app: is no segment; did you mean apps?",
        {"networks.shop.segment": "app"},
    ),
    bad(
        "no segment where there are two",
        "networks.shop.segment: is missing; choose one: apps, shared",
        {"networks.shop.segment": LEFT_OUT},
    ),
    bad("too large", "networks.shop.size: 15: is out of range; use 16 or more", {"networks.shop.size": 15}),
    bad("too small", "networks.shop.size: 25: is out of range; use 24 or less", {"networks.shop.size": 25}),
    bad(
        "size and cidr", "networks.shop: needs either a size or a cidr; give...", {"networks.shop.cidr": "10.8.0.0/18"}
    ),
    bad(
        "neither size nor cidr",
        "networks.shop: needs either a size or a cidr; give size (the ledger finds the range) or cidr (...)",
        {"networks.shop.size": LEFT_OUT},
    ),
    bad(
        "larger than its region",
        "networks.shop.size: 16: is larger than a region's block (/18); ...larger blocks by addressing.regionSize: 16",
        {"networks.shop.size": 16, "addressing.regionSize": 18},
    ),
    bad(
        "prefix with host bits",
        "networks.shop.cidr: 10.8.0.1/18: has address bits beyond its length; write 10.8.0.0/18, or...",
        {"networks.shop": {**ADOPTED, "cidr": "10.8.0.1/18"}},
    ),
    bad(
        "IPv6 prefix",
        "networks.shop.cidr: 2001:db8::/48: is IPv6, which a virtual hub ... do not carry; write an IPv4 prefix...",
        {"networks.shop": {**ADOPTED, "cidr": "2001:db8::/48"}},
    ),
    bad(
        "prefix without length",
        "networks.shop.cidr: 10.8.0.0: is not a prefix; write it as address and length, for example 10.0.0.0/16",
        {"networks.shop": {**ADOPTED, "cidr": "10.8.0.0"}},
    ),
    bad(
        "adopted outside its supernet",
        "networks.shop.cidr: 172.20.0.0/18: lies outside addressing.supernets.aws (10.0.0.0/12); add a supernet...",
        {"networks.shop": {**ADOPTED, "cidr": "172.20.0.0/18"}},
    ),
    bad(
        "adopted in another cloud's supernet",
        "networks.shop.cidr: 10.16.0.0/18: lies outside addressing.supernets.aws (10.0.0.0/12); add a supernet...",
        {"networks.shop": {**ADOPTED, "cidr": "10.16.0.0/18"}},
    ),
    bad(
        "adopted too small",
        "networks.shop.cidr: 10.8.0.0/26: is not between /16 and /24; split it...or join some",
        {"networks.shop": {**ADOPTED, "cidr": "10.8.0.0/26"}},
    ),
    bad(
        "adopted is a whole private range, so that hubs would drop it",
        "addressing.supernets.aws: 192.168.0.0/16: is all of what hubs drop...; give out only part of it",
        {
            "networks.shop": {**ADOPTED, "cidr": "192.168.0.0/16"},
            "addressing": {"supernets": {"aws": ["192.168.0.0/16", "10.0.0.0/13"]}, "regionSize": 18},
        },
    ),
    bad("name of a site", "networks.hq: has the name of sites.hq; call it otherwise", {"networks.hq": SHOP}),
    bad("name of a hub's network", "networks.gcp-transit: has the name...hubs...", {"networks.gcp-transit": REPORTS}),
    bad("name of a hub", "networks.hub: has the name...hubs...; call it otherwise", {"networks.hub": SHOP}),
    bad(
        "name that another's pods are registered under",
        "networks.analytics-pods: has the name under which the pods of networks.analytics are registered; call...",
        {"networks.analytics-pods": REPORTS},
    ),
    bad(
        "name too long for Google",
        "networks.a-name-of-20-letters: a-name-of-20-letters: makes names such as production-a-name-of-20-letters-...,"
        " longer than Google's 63 characters; shorten it by 9",
        {
            "environment": "production",
            "networks.analytics": LEFT_OUT,
            "networks.a-name-of-20-letters": {**REPORTS, "region": "northamerica-northeast1"},
        },
    ),
    bad(
        "more zones than the region has",
        "networks.shop.zones: 3: is more than the 2 zones of us-west-1; use 2 or fewer",
        {"networks.shop.region": "us-west-1", "networks.shop.zones": 3},
    ),
    bad("no zones", "networks.shop.zones: 0: is out of range; use 1 or more", {"networks.shop.zones": 0}),
    bad(
        "zones in Azure",
        "networks.identity.zones: 2: means nothing in azure, whose subnets span all zones; leave it out",
        {"networks.identity.zones": 2},
    ),
    bad(
        "public in Google Cloud",
        "networks.analytics.public: true: means nothing in gcp, where no subnet is public: ...; leave it out",
        {"networks.analytics.public": True},
    ),
    bad(
        "no room for five zones of all tiers",
        "networks.shop: 10.8.0.0/24: has no room for the subnets attachment-az2 (/28), attachment-az4 (/28),"
        " attachment-az5 (/28), attachment-az6 (/28); use fewer zones or tiers, or a larger range",
        {"networks.shop": {**ADOPTED, "cidr": "10.8.0.0/24", "zones": 5, "public": True}},
    ),
    bad(
        "unknown NAT",
        "networks.shop.nat: gateway: is not one of the choices; known: central, none, one, per-zone",
        {"networks.shop.nat": "gateway"},
    ),
    bad(
        "NAT null",
        "networks.shop.nat: null: is not one of the choices; known: central, none, one, per-zone",
        {"networks.shop.nat": None},
    ),
    bad(
        "NAT per zone in Azure",
        "networks.identity.nat: per-zone: is more than azure needs: its NAT serves the whole subnet; use one",
        {"networks.identity.nat": "per-zone"},
    ),
    bad(
        "NAT per zone in Google Cloud",
        "networks.analytics.nat: per-zone: is more than gcp needs: its NAT serves the whole subnet; use one",
        {"networks.analytics.nat": "per-zone"},
    ),
    bad(
        "central NAT in Azure",
        "networks.identity.nat: central: needs a firewall in the hub by routing intent, which excludes...; use one...",
        {"networks.identity.nat": "central"},
    ),
    bad(
        "central NAT in Google Cloud",
        "networks.analytics.nat: central: cannot be done: ... does not exchange default routes...; use one...",
        {"networks.analytics.nat": "central"},
    ),
    bad(
        "pod range too large",
        "networks.analytics.kubernetes.pods: 15: is out of range; use 16 or more",
        {"networks.analytics.kubernetes": {"pods": 15}},
    ),
]

OVERLAPS = [
    bad(
        "two adopted networks",
        "networks.shop: 10.8.0.0/18: overlaps networks.old (10.8.0.0/20); give each a range of its own",
        {"networks.shop": ADOPTED, "networks.old": {**ADOPTED, "cidr": "10.8.0.0/20"}},
    ),
    bad(
        "an adopted network and a reserved range",
        "networks.shop: 10.8.0.0/18: overlaps addressing.reserved.lab (10.8.0.0/16); give each a range of its own",
        {"networks.shop": ADOPTED, "addressing.reserved.lab": "10.8.0.0/16"},
    ),
    bad(
        "an adopted network and another team's range",
        "networks.shop: 10.8.0.0/18: overlaps other.yaml lab (10.8.32.0/20); give each a range of its own",
        {"networks.shop": ADOPTED, **OTHER_TEAM},
        file="lab: 10.8.32.0/20\n",
    ),
    bad(
        "an adopted network and the block of another region",
        "networks.old: 10.1.0.0/18: overlaps ledger.yaml dev/aws/us-east-1 (10.1.0.0/16); give each...",
        {"networks.old": {**ADOPTED, "region": "us-west-2", "cidr": "10.1.0.0/18"}},
        recorded=SMALL,
    ),
    bad(
        "an adopted network and one that the ledger placed",
        "networks.shop: 10.1.128.0/18: overlaps networks.old (10.1.128.0/20); give each a range of its own",
        {"networks.old": {**ADOPTED, "cidr": "10.1.128.0/20"}},
        recorded=SMALL,
    ),
    bad(
        "an adopted network and itself under its old name",
        "networks.store: 10.8.0.0/18: overlaps ledger.yaml dev/aws/us-east-1/shop (10.8.0.0/18); give each...;"
        " what is no longer configured keeps its range until python -m planning release",
        {"networks.shop": LEFT_OUT, "networks.store": ADOPTED},
        recorded=changed({"networks.shop": ADOPTED}),
    ),
    bad(
        "a range reserved after it was given out",
        "addressing.reserved.lab: 10.1.0.0/16: overlaps networks.shop (10.1.128.0/18),"
        " ledger.yaml dev/aws/us-east-1/transit (10.1.252.0/22); give each a range of its own...",
        {"addressing.reserved.lab": "10.1.0.0/16"},
        recorded=SMALL,
    ),
    bad(
        "two sites",
        "sites.hq: 10.48.0.0/16: overlaps sites.plant (10.48.128.0/17); give each a range of its own",
        {"sites.plant.prefixes": ["10.48.128.0/17"]},
    ),
    bad(
        "a site and the block of another environment, where nothing stands yet",
        "sites.hq: 10.16.0.0/20: overlaps ledger.yaml dev/azure/eastus (10.16.0.0/16); give each a range...",
        {
            "environment": "prod",
            "networks.identity": LEFT_OUT,
            "sites.hq": {"prefixes": ["10.16.0.0/20"], "asn": 64580},
            "sites.plant": LEFT_OUT,
            "addressing.supernets": {"onprem": "10.16.0.0/12", "azure": "10.48.0.0/12"},
        },
        ledger=LEDGER,
        stack="acme/prod",
    ),
    bad(
        "two owners' supernets",
        "addressing.supernets.azure: 10.8.0.0/13: overlaps addressing.supernets.aws (10.0.0.0/12); give each owner...",
        {"addressing.supernets.azure": "10.8.0.0/13"},
    ),
    bad(
        "a supernet and another's pods",
        "addressing.supernets.aws: 10.64.0.0/12: overlaps addressing.pods.aws (10.64.0.0/12); give each owner...",
        {"addressing.supernets.aws": "10.64.0.0/12"},
    ),
]

WHAT_IS_GIVEN_OUT_NEVER_CHANGES = [
    bad(
        "resized",
        "networks.shop.size: 19: contradicts the ledger, where shop has 10.1.128.0/18; what is given out never changes;"
        " keep 18, or run python -m planning release --replace shop and accept that the network is replaced",
        {"networks.shop.size": 19},
        recorded=SMALL,
    ),
    bad(
        "moved",
        "networks.shop: aws/us-west-2: is not where the ledger has it (aws/us-east-1/shop), and a network cannot move;"
        " give it a new name, or run python -m planning release shop once the old one is destroyed",
        {"networks.shop.region": "us-west-2"},
        recorded=SMALL,
    ),
    bad(
        "adopted at another range",
        "networks.shop.cidr: 10.8.0.0/18: contradicts the ledger, where shop has 10.1.128.0/18; ...keep 10.1...",
        {"networks.shop": ADOPTED},
        recorded=SMALL,
    ),
    bad(
        "pods resized",
        "networks.analytics.kubernetes.pods: 20: contradicts the ledger, where...has 10.112.0.0/18; ...keep 18...",
        {"networks.analytics.kubernetes": {"pods": 20}},
        recorded=SMALL,
    ),
    bad(
        "cluster services resized",
        "networks.analytics.kubernetes.services: 18: contradicts the ledger, where...has 100.64.0.0/20; ...keep 20...",
        {"networks.analytics.kubernetes": {"services": 18}},
        recorded=SMALL,
    ),
    bad(
        "topology changed",
        "hubs.gcp.topology: star: contradicts the ledger, where gcp/topology is mesh; ...never changes; put it back",
        {"hubs": {"gcp": {"topology": "star"}}},
        recorded=SMALL,
    ),
    bad(
        "Google's register left after the fact",
        "addressing.registerIn: no: contradicts the ledger, where gcp/registered is yes; ...replaced; put it back",
        {"addressing.registerIn": ["aws", "azure"]},
        recorded=SMALL,
    ),
    bad(
        "supernet taken away",
        "addressing.supernets.aws: leaves out what the ledger has given out: 10.1.0.0/16 of aws/us-east-1; put back...",
        {"addressing.supernets.aws": "10.8.0.0/13"},
        recorded=SMALL,
    ),
    bad(
        "pod supernet taken away",
        "addressing.pods.gcp: leaves out what the ledger has given out: 10.112.0.0/15 of gcp/us-east4; put back...",
        {"addressing.pods.gcp": "10.208.0.0/12"},
        recorded=SMALL,
    ),
    bad(
        "cluster services taken away",
        "addressing.clusterServices: leaves out...: 100.64.0.0/20 of gcp/us-east4/analytics; put back...",
        {"addressing.clusterServices": "100.96.0.0/11"},
        recorded=SMALL,
    ),
    bad(
        "two stacks with one environment",
        "environment: dev: belongs to the stack acme/dev in ledger.yaml; two stacks cannot share an environment;"
        " give the stack acme/test an environment of its own",
        recorded=SMALL,
        stack="acme/test",
    ),
    bad(
        "environment renamed to that of another stack",
        "environment: prod: belongs to the stack acme/prod in ledger.yaml; two stacks cannot...; keep dev",
        {"environment": "prod"},
        ledger=LEDGER.replace("complete: true", "  prod:\n    stack: acme/prod\ncomplete: true"),
    ),
    bad(
        "environment renamed",
        "environment: test: is another name than dev, under which ledger.yaml holds this stack's allocations; keep...",
        {"environment": "test"},
        recorded=SMALL,
    ),
    bad(
        "nothing recorded, in CI",
        "ledger.yaml: does not hold ... and ... more;"
        " run python -m planning allocate --stack dev and commit ledger.yaml",
        record=False,
    ),
    bad(
        "one network not recorded, in CI",
        "ledger.yaml: does not hold networks aws/us-east-1/web: ... more; run python -m planning allocate...",
        {"networks.web": SHOP},
        recorded=SMALL,
        record=False,
    ),
]

SPACE = [
    bad(
        "supernet used up by regions",
        "addressing.supernets.aws: 10.0.0.0/15: has no /16 left for aws/us-west-2; add a supernet to the list; ...",
        {
            "addressing.supernets.aws": "10.0.0.0/15",
            "networks.west": WEST,
            "networks.middle": {**WEST, "region": "us-east-2"},
        },
    ),
    bad(
        "more networks than the regions' blocks hold",
        "addressing.supernets.aws: 10.0.0.0/15: has no /16 left for aws/us-east-1; add a supernet to the list; ...",
        {
            "addressing.supernets.aws": "10.0.0.0/15",
            "networks": {f"n{number}": {**SHOP, "size": 17} for number in range(8)},
        },
    ),
    bad(
        "pods used up",
        "addressing.pods.gcp: 10.112.0.0/14: has no /15 left for gcp/us-east4/3; add a range to the list; ...",
        {
            "addressing.pods.gcp": "10.112.0.0/14",
            "networks": {f"n{number}": {**REPORTS, "kubernetes": {"pods": 16}} for number in range(5)},
        },
    ),
    bad(
        "cluster services used up",
        "addressing.clusterServices: 100.64.0.0/16: has no /16 left for gcp/us-east4/n1; use a larger range",
        {
            "addressing.clusterServices": "100.64.0.0/16",
            "networks": {f"n{number}": {**REPORTS, "kubernetes": {"services": 16}} for number in range(2)},
        },
    ),
    bad(
        "supernet no larger than a region",
        "addressing.supernets.aws: 10.0.0.0/16: is too small: a region's block is a /16, ...; use a larger supernet...",
        {"addressing.supernets.aws": "10.0.0.0/16"},
    ),
    bad(
        "pod supernet too small",
        "addressing.pods.aws: 10.64.0.0/16: is too small: a region's block is a /15, ...; use a larger supernet, or...",
        {"addressing.pods.aws": "10.64.0.0/16"},
    ),
    bad(
        "supernet of link-local addresses",
        "addressing.supernets.aws: 169.254.0.0/15: touches 169.254.0.0/16, which is link-local: ...; use other space",
        {"addressing.supernets.aws": "169.254.0.0/15"},
    ),
    bad(
        "supernet of everything",
        "addressing.supernets.aws: 0.0.0.0/0: touches 0.0.0.0/8, which...; use other space",
        {"addressing.supernets.aws": "0.0.0.0/0"},
    ),
    bad(
        "everything reserved",
        "addressing.reserved.all: 0.0.0.0/0: reserves every address; name the range that is taken",
        {"addressing.reserved.all": "0.0.0.0/0"},
    ),
    bad(
        "other team's file missing",
        "addressing.reservedFiles: other.yaml: cannot be read (No such file or directory); name a YAML or JSON file...",
        OTHER_TEAM,
    ),
    bad(
        "two teams' files of one name",
        "addressing.reservedFiles: ./other.yaml: has the name of other.yaml, under which...; give each file a name...",
        {"addressing.reservedFiles": ["other.yaml", "./other.yaml"]},
        file="lab: 10.3.0.0/16\n",
    ),
    bad(
        "other team's file is no YAML",
        "addressing.reservedFiles: other.yaml: cannot be read (...line 1...); name a YAML or JSON file...",
        OTHER_TEAM,
        file="lab: [",
    ),
    bad(
        "other team's file is a list",
        'other.yaml: ["10.3.0.0/16"]: must be a mapping; ...',
        OTHER_TEAM,
        file="[10.3.0.0/16]",
    ),
    bad("other team's file is empty", "other.yaml: null: must be a mapping; ...", OTHER_TEAM, file=""),
    bad(
        "other team's file with host bits",
        "other.yaml lab: 10.3.0.1/16: has address bits beyond its length; write 10.3.0.0/16, ...",
        OTHER_TEAM,
        file="lab: 10.3.0.1/16\n",
    ),
]

SITES = [
    bad(
        "one ASN at two sites",
        "sites.plant.asn: 64580: is the ASN of sites.hq as well, and BGP drops...; use another of 64580-64599",
        {"sites.plant.asn": 64580},
    ),
    *(
        bad(f"ASN {asn}", f"sites.hq.asn: {asn}: {reason}...; use one of 64580-64599", {"sites.hq.asn": asn})
        for asn, reason in (
            (64512, "is the default of every AWS gateway"),
            (65515, "is Azure's own"),
            (65520, "is Azure's own"),
            (12076, "is Microsoft's own"),
            (23456, "stands for every 32-bit number"),
            (64496, "is for documentation"),
            (65551, "is for documentation"),
            (65535, "is reserved"),
            (64520, "belongs to the ledger's pool for each transit gateway"),
            (64579, "belongs to the ledger's pool for each cloud router"),
        )
    ),
    bad("ASN zero", "sites.hq.asn: 0: is out of range; use 1 or more", {"sites.hq.asn": 0}),
    bad(
        "ASN that a hub has from the spare numbers",
        "sites.hq.asn: 64650: is the ASN of dev/transit-gateway/us-east-1 in the ledger; use another of 64580-64599",
        {"sites.hq.asn": 64650},
        ledger=LEDGER,
    ),
    bad(
        "prefix outside the sites' supernet",
        "sites.plant.prefixes: 192.168.0.0/24: lies outside addressing.supernets.onprem (10.48.0.0/12); add...",
        {"sites.plant.prefixes": ["192.168.0.0/24"]},
    ),
    bad(
        "DNS server outside its site",
        "sites.hq.dns: 10.49.0.53: lies outside the site's prefixes; add its prefix",
        {"sites.hq.dns": ["10.49.0.53"]},
    ),
    bad("DNS server as a number", "sites.hq.dns.0: 53: is not an IPv4 address; write it as...", {"sites.hq.dns": [53]}),
]

SEGMENTS = [
    bad(
        "reaches an unknown segment",
        "segments.apps.reaches: shred: is no segment; did you mean shared?",
        {"segments.apps.reaches": ["shred"]},
    ),
    bad("reserved word", "segments.transit: is a word with a meaning of its own; ...", {"segments.transit": {}}),
    bad(
        "more than a Transit Gateway has tables for",
        "segments: 21: needs 23 route tables with peering and transit; a Transit Gateway has 20; join segments...",
        {f"segments.s{number}": {} for number in range(19)},
    ),
    bad(
        "star that would keep one segment's networks apart",
        "hubs.gcp.topology: star: keeps apart analytics and reports of segment apps...; use mesh...",
        {
            "hubs": {"gcp": {"topology": "star"}},
            "segments.alone": {},
            "networks.reports": REPORTS,
            "networks.models": {**REPORTS, "segment": "alone"},
        },
    ),
    bad(
        "unknown topology",
        "hubs.gcp.topology: ring: is not one of the choices; known: mesh, star",
        {"hubs": {"gcp": {"topology": "ring"}}},
    ),
]

ACCOUNTS = [
    bad(
        "no account for a cloud with two networks",
        "accounts.aws: is missing, and networks.shop is there; say which account owns it",
        {"accounts.aws": LEFT_OUT, "networks.west": WEST},
    ),
    bad(
        "account id as a number",
        "accounts.aws.accountId: 111122223333: must be text; put it in quotes",
        {"accounts.aws.accountId": 111122223333},
    ),
    bad(
        "account id too short",
        "accounts.aws.accountId: 1111: is not of the right form; write the twelve digits in quotes",
        {"accounts.aws.accountId": "1111"},
    ),
    bad(
        "subscription that is no UUID",
        "accounts.azure.subscriptionId: prod: is not a UUID; write it as 00000000-...",
        {"accounts.azure.subscriptionId": "prod"},
    ),
    bad(
        "project in capitals",
        "accounts.gcp.project: Acme: is not of the right form; write the project id: 6 to 30 lower-case letters...",
        {"accounts.gcp.project": "Acme"},
    ),
    bad(
        "service in an unknown network",
        "services.checkout.runsIn: shp: is no network; did you mean shop?",
        {"services.checkout": {"port": 443, "runsIn": ["shp"]}},
    ),
    bad(
        "service used by an unknown place",
        "services.checkout.usedBy: analitics: is neither network nor site; did you mean analytics?",
        {"services.checkout": {"port": 443, "runsIn": ["shop"], "usedBy": ["analitics", "hq", "identity"]}},
    ),
    bad(
        "flow to an unknown place",
        "flows: hqq: is neither network nor site; did you mean hq?",
        {"flows": [{"from": "shop", "to": "hqq", "gbPerMonth": 1}]},
    ),
    bad(
        "flow of nothing",
        "flows.0.gbPerMonth: 0: is out of range; use more than 0",
        {"flows": [{"from": "shop", "to": "hq", "gbPerMonth": 0}]},
    ),
]

EXCHANGE = {"metros": ["DC"], "bandwidth": 1000}
LINKS = [
    bad("null", "links: is empty; give it a value, or leave it out if it has a default", {"links": None}),
    bad("one word", "links: vpn: is plain text; write a mapping of names to settings", {"links": "vpn"}),
    bad(
        "unknown transport",
        "links.primary: vnp: is not one of the choices; did you mean vpn?",
        {"links": {"primary": "vnp"}},
    ),
    bad(
        "backup null",
        "links.backup: null: is not one of the choices; known: dedicated, exchange, external, native, none, vpn",
        {"links": {"backup": None}},
    ),
    bad(
        "unknown transport of a pair",
        "links.pairs.aws/gcp.primary: leased: is not one of the choices; known: dedicated, exchange, ...",
        {"links": {"pairs": {"aws/gcp": {"primary": "leased"}}}},
    ),
    bad(
        "pair with one word",
        "links.pairs.aws/gcp: vpn: must be a mapping; write keys and values below it",
        {"links": {"pairs": {"aws/gcp": "vpn"}}},
    ),
    bad(
        "misspelt key",
        "links.exchange.metro: metro is not a setting here; did you mean metros?",
        {"links": {"exchange": {"metro": ["DC"], "bandwidth": 1000}}},
    ),
    bad(
        "one metro in place of a list",
        "links.exchange.metros: DC: must be a list; write it as [a, b]",
        {"links": {"exchange": {**EXCHANGE, "metros": "DC"}}},
    ),
    bad(
        "no metros",
        "links.exchange.metros: is empty; give at least one entry",
        {"links": {"exchange": {**EXCHANGE, "metros": []}}},
    ),
    bad(
        "no bandwidth",
        "links.exchange.bandwidth: is missing; add it",
        {"links": {"exchange": {"metros": ["DC", "NY"]}}},
    ),
    bad(
        "bandwidth with a unit",
        "links.exchange.bandwidth: 1G: must be a whole number; write digits, without quotes",
        {"links": {"exchange": {**EXCHANGE, "bandwidth": "1G"}}},
    ),
    bad(
        "bandwidth in Gbps",
        "links.exchange.bandwidth: 1: is out of range; use 10 or more",
        {"links": {"exchange": {**EXCHANGE, "bandwidth": 1}}},
    ),
    bad(
        "unknown package",
        "links.exchange.package: STANDRAD: is not one of the choices; did you mean STANDARD?",
        {"links": {"exchange": {**EXCHANGE, "package": "STANDRAD"}}},
    ),
    bad(
        "term that is not sold",
        "links.exchange.termMonths: 6: is not one of the choices; known: 1, 12, 24, 36",
        {"links": {"exchange": {**EXCHANGE, "termMonths": 6}}},
    ),
    bad(
        "gateway of no size",
        "links.vpn.azureScaleUnits: 0: is out of range; use 1 or more",
        {"links": {"vpn": {"azureScaleUnits": 0}}},
    ),
    bad(
        "gateway larger than Azure's",
        "links.vpn.azureScaleUnits: 41: is out of range; use 40 or less",
        {"links": {"vpn": {"azureScaleUnits": 41}}},
    ),
    bad(
        "account number missing",
        "accounts.equinix.accountNumber: is missing; add the number of the billing account that Equinix charges",
        {"accounts.equinix": {"projectId": "11111111-2222-3333-4444-555555555555", "notify": ["noc@acme.example"]}},
    ),
    bad(
        "nobody to write to",
        "accounts.equinix.notify: is empty; give at least one entry",
        {"accounts.equinix": {"projectId": "11111111-2222-3333-4444-555555555555", "accountNumber": 1, "notify": []}},
    ),
    bad(
        "port without a VLAN",
        "sites.hq.ports.DC.vlan: is missing; add it",
        {"sites.hq.ports": {"DC": {"id": "11111111-2222-3333-4444-555555555555"}}},
    ),
    bad(
        "port with a VLAN that there is not",
        "sites.hq.ports.DC.vlan: 4095: is out of range; use 4094 or less",
        {"sites.hq.ports": {"DC": {"id": "11111111-2222-3333-4444-555555555555", "vlan": 4095}}},
    ),
    bad(
        "port by its name",
        "sites.hq.ports.DC.id: acme-dc-1: is not a UUID; write it as 00000000-...",
        {"sites.hq.ports": {"DC": {"id": "acme-dc-1", "vlan": 101}}},
    ),
    bad(
        "secret in clear",
        "linkSecret: is in clear, and whoever reads it could join the network; take it out and set a new one: pulumi"
        ' config set --secret linkSecret "$(openssl rand -hex 32)"',
        {"linkSecret": "hush-hush-hush"},
        secret=(),
    ),
    bad(
        "keys in clear",
        "linkKeys: is in clear, ...; take it out and set a new one: pulumi config set --path --secret linkKeys.aws/hq",
        {"linkKeys": {"aws/hq": "hush_hush_hush"}},
        secret=(),
    ),
    *(
        bad(
            f"secret that is {wrong}",
            "linkSecret: is not 12 or more printable ASCII characters; make it anew: pulumi config set --secret...",
            {"linkSecret": secret},
        )
        for wrong, secret in {
            "too short": "hush-hush-h",
            "of two lines": "hush-hush-\nhush",
            "no ASCII": "hush-hüsh-hush",
        }.items()
    ),
    bad(
        "keys as one text",
        "linkKeys: is plain text; set each by itself: pulumi config set --path --secret linkKeys.aws/hq",
        {"linkKeys": "hush_hush_hush"},
    ),
    bad("keys as a list", "linkKeys: must be a mapping; write keys...", {"linkKeys": ["hush_hush_hush"]}),
    bad("key as a number", "linkKeys.aws/hq: must be text; put it in quotes", {"linkKeys": {"aws/hq": 12345678}}),
    bad(
        "something else secret",
        "links: is secret, and nothing but linkSecret and linkKeys needs to be; write it in clear",
        {"links": {"primary": "hush"}},
        secret=("links",),
    ),
]

CUT = LEDGER.splitlines(keepends=True)
LEDGERS = [
    bad("a folder", "ledger: .: cannot be used as a file (Is a directory); name a file...", {"ledger": "."}),
    bad(
        "a name that cannot be seen",
        'ledger: "ledger\\u0000.yaml": cannot be used as a file (its name has characters that cannot be seen); ...',
        {"ledger": "ledger\0.yaml"},
    ),
    bad(
        "of a newer version",
        "ledger.yaml line 1: version 2: is newer than this program reads (1); update the program",
        ledger=LEDGER.replace("version: 1", "version: 2"),
    ),
    bad("without version", "ledger.yaml line 1: has no version; restore...", ledger=LEDGER.replace("version: 1\n", "")),
    bad(
        "with an odd version",
        "ledger.yaml line 1: version: is not a number; restore...",
        ledger=LEDGER.replace("version: 1", "version: ²"),
    ),
    bad(
        "truncated between lines",
        "ledger.yaml line 9: is the last line, but complete should follow: the file is truncated; restore the file...",
        ledger="".join(CUT[:9]),
    ),
    bad(
        "truncated within a line",
        "ledger.yaml line 9: is the last line, but complete should...; restore...",
        ledger="".join(CUT[:9])[:-20],
    ),
    bad("emptied", "ledger.yaml line 1: is empty; restore the file from git history...", ledger=""),
    bad("no YAML", "ledger.yaml line 6: is not YAML (...); restore...", ledger=LEDGER.replace("acme/dev", "[")),
    bad("a control character", "ledger.yaml line 1: is not YAML (...); ...", ledger=LEDGER.replace("acme", "ac\0me")),
    bad("a list", "ledger.yaml line 1: must be a mapping of names to values; restore...", ledger="- 1\n"),
    bad(
        "with a merge conflict",
        "ledger.yaml line 6: <<<<<<< HEAD: is a merge conflict that nobody resolved; keep the whole file of the branch"
        " that is deployed, and run python -m planning allocate for what the other added",
        ledger="".join([*CUT[:5], "<<<<<<< HEAD\n", CUT[5], "=======\n", CUT[6], ">>>>>>> theirs\n", *CUT[7:]]),
    ),
    bad(
        "with one name twice",
        "ledger.yaml line 7: aws/us-east-1: stands in line 6 already; if two branches allocated at once, keep...",
        ledger="".join([*CUT[:6], "      aws/us-east-1: 10.2.0.0/16\n", *CUT[6:]]),
    ),
    bad(
        "with one environment twice",
        "ledger.yaml line 16: dev: stands in line 3 already; if two branches allocated at once, keep...",
        ledger="".join([*CUT[:15], "  dev:\n    stack: acme/dev\n", CUT[15]]),
    ),
    bad(
        "with blocks that overlap",
        "ledger.yaml line 7: dev/regions/aws/us-west-2 10.1.0.0/16: overlaps dev/regions/aws/us-east-1 10.1.0.0/16"
        " (ledger.yaml line 6); if two branches allocated at once, keep...",
        ledger="".join([*CUT[:6], "      aws/us-west-2: 10.1.0.0/16\n", *CUT[6:]]),
    ),
    bad(
        "with networks that overlap",
        "ledger.yaml line 10: dev/networks/aws/us-east-1/store 10.1.160.0/19: overlaps dev/networks/aws/us-east-1/shop"
        " 10.1.128.0/18 (ledger.yaml line 9); if two branches allocated at once, keep...",
        ledger="".join([*CUT[:9], "      aws/us-east-1/store: 10.1.160.0/19\n", *CUT[9:]]),
    ),
    bad(
        "with one ASN twice",
        "ledger.yaml line 16: dev/transit-gateway/us-west-2 64650: is the ASN of dev/transit-gateway/us-east-1 as well;"
        " if two branches allocated at once, keep...",
        ledger="".join([*CUT[:15], "      transit-gateway/us-west-2: 64650\n", CUT[15]]),
    ),
    bad(
        "with a range that is none",
        "ledger.yaml line 6: aws/us-east-1 10.1.0.0/33: cannot be read (...); restore...",
        ledger=LEDGER.replace("10.1.0.0/16", "10.1.0.0/33"),
    ),
    bad(
        "with an unknown section",
        "ledger.yaml line 6: regoins: is no section of an environment; restore...",
        ledger=LEDGER.replace("regions", "regoins"),
    ),
    bad(
        "with an unknown cloud",
        "ledger.yaml line 7: azur/eastus: is no name that regions could have; restore...",
        ledger=LEDGER.replace("azure/eastus: 10.16.0.0/16", "azur/eastus: 10.16.0.0/16"),
    ),
    bad(
        "with a subnet outside its network",
        "ledger.yaml line 11: aws/us-east-1/shop/private-az1 10.9.0.0/21: lies outside its network aws/us-east-1/shop"
        " (10.1.128.0/18); restore the line...",
        ledger=LEDGER.replace("10.1.128.0/21", "10.9.0.0/21"),
    ),
    bad(
        "with a hub outside its region",
        "ledger.yaml line 13: azure/eastus 10.17.254.0/23: lies outside its region; restore the line...",
        ledger=LEDGER.replace("10.16.254.0/23", "10.17.254.0/23"),
    ),
    bad(
        "with an environment of nobody",
        "ledger.yaml line 4: dev: does not say which stack it belongs to; restore...",
        ledger=LEDGER.replace("    stack: acme/dev\n", ""),
    ),
    bad(
        "with an empty environment",
        "ledger.yaml line 3: dev: must be a mapping of sections; restore...",
        ledger="version: 1\nenvironments:\n  dev:\ncomplete: true\n",
    ),
    bad(
        "with a list for a key",
        "ledger.yaml line 6: must start with one name; restore...",
        ledger=LEDGER.replace("aws/us-east-1: 10.1.0.0/16", "[aws/us-east-1]: 10.1.0.0/16"),
    ),
]


def refused(case: Bad, folder: Path) -> ConfigurationError:
    """Load what is bad and return the error; nothing on disk may have changed."""
    if case.recorded is not None:
        load_plan(as_text(case.recorded), folder, STACK, record=True)
    if case.ledger is not None:
        (folder / "ledger.yaml").write_text(case.ledger)
    if case.file is not None:
        (folder / "other.yaml").write_text(case.file)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    config = as_text(changed(case.change, case.recorded or SMALL))
    with pytest.raises(ConfigurationError) as caught:
        load_plan(config, folder, case.stack, record=case.record, secret_keys=case.secret)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before, "something was written all the same"
    return caught.value


@pytest.mark.parametrize(
    "case",
    [
        *SHAPE,
        *NETWORKS,
        *OVERLAPS,
        *WHAT_IS_GIVEN_OUT_NEVER_CHANGES,
        *SPACE,
        *SITES,
        *SEGMENTS,
        *ACCOUNTS,
        *LINKS,
        *LEDGERS,
    ],
)
def test_a_mistake_is_told_once_where_it_is_and_with_a_remedy(case: Bad, tmp_path: Path) -> None:
    error = refused(case, tmp_path)
    assert len(error.problems) == 1, str(error)
    (problem,) = error.problems
    assert re.fullmatch(".*".join(map(re.escape, case.message.split("..."))), str(problem)), str(problem)
    assert problem.rule
    assert problem.remedy
    assert "hush" not in str(error), "a secret is shown"
    assert str(error) == f"1 problem in the configuration:\n  - {problem}"


def test_all_mistakes_are_told_at_once_in_the_order_of_their_places(tmp_path: Path) -> None:
    change = {"networks.shop.region": "us-east-9", "sites.plant.asn": 64512, "segments.apps.reaches": ["nobody"]}
    error = refused(Bad(change=change), tmp_path)
    assert [problem.where for problem in error.problems] == [
        "networks.shop.region",
        "segments.apps.reaches",
        "sites.plant.asn",
    ]
    assert str(error).startswith("3 problems in the configuration:\n  - networks.shop.region: us-east-9: is no region")


def test_two_mistakes_of_shape_are_told_at_once(tmp_path: Path) -> None:
    error = refused(Bad(change={"protect": "sometimes", "networks.shop.size": "large"}), tmp_path)
    assert [problem.where for problem in error.problems] == ["networks.shop.size", "protect"]
