"""Configurations of links whose middle is not ours."""

from copy import deepcopy

from tests.planning.configurations import Config, changed
from tests.planning.test_links import EXCHANGE

DC = {"metro": "DC", "asn": 133937, "provider": "Megaport", "bandwidth": 1000, "sites": ["hq"]}
NY = {**DC, "metro": "NY", "asn": 133938, "rank": 2}
ENDS: Config = {"aws": {}, "azure": {}, "gcp": {}}
FACTS: Config = {
    "aws": {"connectionId": "dxcon-ffabc123", "vlan": 101},
    "azure": {"provisioned": True},
    "gcp": {"provisioned": True},
}
EXTERNAL: Config = changed(
    {
        "links": {
            "primary": "external",
            "backup": "vpn",
            "external": {"carrier-dc": {**DC, **ENDS}, "carrier-ny": {**NY, **deepcopy(ENDS)}},
            "pairs": {"plant": {"primary": "vpn", "backup": "none"}},
        }
    },
    EXCHANGE,
)
"""Two middles of a carrier's with tunnels behind them; nothing of them is there yet."""
CONNECTED: Config = changed({"links.external.carrier-dc": {**DC, **FACTS}}, EXTERNAL)
"""The first of them is."""

AWS_PORTS = {
    "east": {"connectionId": "dxcon-ffabc124", "bandwidth": 10_000, "vlan": 101},
    "west": {"order": {"location": "EqSV5"}, "bandwidth": 10_000, "vlan": 101, "region": "us-west-1"},
}
PORT_ID = "/subscriptions/1/resourceGroups/net/providers/Microsoft.Network/expressRoutePorts/hq-east"
AZURE_PORTS = {
    "east": {"portId": PORT_ID, "bandwidth": 2_000, "vlan": 102},
    "west": {"order": {"location": "Equinix-Seattle-SE2", "bandwidth": 10_000}, "bandwidth": 5_000, "vlan": 102},
}
GOOGLE_ORDER = {
    "location": "iad-zone2-1",
    "bandwidth": 10_000,
    "links": 2,
    "customerName": "Acme",
    "contact": "noc@acme.example",
}
GCP_PORTS = {
    "east": {"interconnect": "hq-east", "bandwidth": 500, "vlan": 103},
    "west": {"order": GOOGLE_ORDER, "bandwidth": 20_000, "vlan": 103},
}
DEDICATED: Config = changed(
    {
        "links": {"primary": "vpn", "pairs": {"hq": {"primary": "dedicated", "backup": "vpn"}}},
        "sites.hq.dedicated": {"aws": AWS_PORTS, "azure": AZURE_PORTS, "gcp": GCP_PORTS},
    },
    EXCHANGE,
)
"""A site with two ports at each cloud, one there and one ordered, and tunnels behind them."""
NATIVE: Config = changed(
    {"links": {"primary": "vpn", "pairs": {"aws/gcp": {"primary": "native", "backup": "vpn"}}}}, EXCHANGE
)
"""The one pair of clouds that can be joined by themselves."""
