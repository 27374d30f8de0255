"""The example with a core network of Cloud WAN, as the whole program builds it."""

from tests.program.stacks import preview_of, update_of
from tests.support.recorded import comes_after

EXAMPLE = "cloud-wan"


def test_other_stacks_are_told_of_one_hub_for_all_regions_and_of_its_segments() -> None:
    hubs = update_of(EXAMPLE).outputs["hubs"]

    assert hubs.keys() == {"aws", "gcp"}
    assert hubs["aws"]["id"].startswith("aws-core-network-")
    assert hubs["aws"]["segments"] == ["prod", "shared", "transit", "links"]


def test_google_calls_amazons_addresses_once_the_tunnels_are_attached() -> None:
    graph = preview_of(EXAMPLE)
    attachments = [
        attachment
        for attachment in graph.of_type("aws:networkmanager/siteToSiteVpnAttachment:SiteToSiteVpnAttachment")
        if attachment.name.startswith("aws-gcp-vpn")
    ]

    assert len(attachments) == 2
    amazon = graph.named("gcp:compute/externalVpnGateway:ExternalVpnGateway", "aws-gcp-vpn-gcp")
    assert all(comes_after(graph, amazon, attachment) for attachment in attachments)
