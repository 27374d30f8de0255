"""Files for the DNS servers of sites, when Google's addresses are known and when they are not."""

import pulumi

from components.names.site_forwarders import site_forwarders
from inspection.graph import UNKNOWN
from planning.names.types import Forward, Server, SiteNames
from tests.support.recorded import preview_of, update_of

AWS = Forward("aws", "aws.acme.internal", "aws", [Server("resolver-az1", "10.0.240.4")])
GCP = Forward("gcp", "gcp.acme.internal", "gcp", [Server("transit-us-east4", None)])
SITES = {
    "hq": SiteNames("hq", ["10.48.0.53"], ["onprem.acme.internal"], [AWS, GCP], {"35.199.192.0/19": "gcp"}),
    "plant": SiteNames("plant", ["10.49.0.53"], ["onprem.acme.internal"], [AWS], {"10.0.240.5/32": "aws"}),
}


class Late(pulumi.CustomResource):
    """Something whose address only a deployment tells."""

    address: pulumi.Output[str]

    def __init__(self) -> None:
        super().__init__("test:index:Late", "late", {"address": None})


def program() -> None:
    pulumi.export("files", site_forwarders(SITES, {"transit-us-east4": Late().address}))


def answered() -> None:
    pulumi.export("files", site_forwarders(SITES, {"transit-us-east4": pulumi.Output.from_input("10.32.240.2")}))


def test_files_wait_only_for_the_addresses_that_are_in_them() -> None:
    files = preview_of(program).outputs["files"]

    assert files["hq"] == UNKNOWN
    assert "forward-addr: 10.0.240.4\n" in files["plant"]["unbound.conf"]


def test_an_address_that_a_deployment_tells_is_filled_in() -> None:
    files = update_of(answered).outputs["files"]

    assert "forward-addr: 10.32.240.2\n" in files["hq"]["unbound.conf"]
    assert "'gcp.acme.internal' '10.32.240.2'\n" in files["hq"]["forwarders.ps1"]
    assert "forwarders { 10.32.240.2; };\n" in files["hq"]["named.conf"]
