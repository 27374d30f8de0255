from collections.abc import Mapping
from ipaddress import IPv4Interface, IPv4Network, ip_address

import pulumi
import pulumi_aws as aws
import pulumi_azure_native as azure
import pulumi_equinix as equinix
import pulumi_gcp as gcp
import pytest
from pulumi import _types
from pulumi.runtime import rpc

from inspection.graph import SECRET, UNKNOWN, Graph, Json, Resource
from inspection.recording import record
from tests.support.declarations import check, problems, resource_class, result_class
from tests.support.known_outputs import LENGTH, complete

# The SDKs warn of their own deprecated resources while they are imported.
pytestmark = pytest.mark.filterwarnings("ignore:.* has been deprecated in favor of:DeprecationWarning")

VPC = "aws:ec2/vpc:Vpc"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
VNET = "azure-native:network:VirtualNetwork"
HUB = "azure-native:network:VirtualHub"
ROUTER = "gcp:compute/router:Router"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
CONNECTION = "equinix:fabric/connection:Connection"

BENCHMARKS = IPv4Network("198.18.0.0/15")

ROUTER_INPUTS = {"network": UNKNOWN, "region": "us-east4", "bgp": {"asn": 64512, "advertiseMode": "CUSTOM"}}
ALARM_INPUTS = {"comparisonOperator": "LessThanThreshold", "evaluationPeriods": 1}
VNET_INPUTS = {"resourceGroupName": "net", "addressSpace": {"addressPrefixes": ["10.16.0.0/20"]}}


def planned(token: str, inputs: Mapping[str, Json]) -> Resource:
    return Resource(urn=f"urn:pulumi:test::test::{token}::it", type=token, name="it", inputs=inputs)


def wiring() -> None:
    """Register something of every SDK, with nested inputs, unknowns, secrets, enumerations and unions."""
    provider = aws.Provider(
        "east",
        region="us-east-1",
        allowed_account_ids=["111122223333"],
        default_tags=aws.ProviderDefaultTagsArgs(tags={"team": "network"}),
        skip_metadata_api_check=True,
    )
    on_aws = pulumi.ResourceOptions(provider=provider)
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/18", tags={"Name": "vpc"}, opts=on_aws)
    aws.ec2.SecurityGroup(
        "all",
        vpc_id=vpc.id,
        ingress=[
            aws.ec2.SecurityGroupIngressArgs(protocol="-1", from_port=0, to_port=0, cidr_blocks=[vpc.cidr_block]),
        ],
        opts=on_aws,
    )
    aws.ec2.VpnConnection(
        "vpn",
        customer_gateway_id="cgw-1",
        type="ipsec.1",
        tunnel1_preshared_key=pulumi.Output.secret("not-really"),
        opts=on_aws,
    )
    vnet = azure.network.VirtualNetwork(
        "vnet",
        resource_group_name="net",
        address_space=azure.network.AddressSpaceArgs(address_prefixes=["10.16.0.0/20"]),
        private_endpoint_v_net_policies=azure.network.PrivateEndpointVNetPolicies.DISABLED,
    )
    azure.network.Subnet(
        "subnet",
        resource_group_name="net",
        virtual_network_name=vnet.name,
        address_prefix="10.16.0.0/24",
        nat_gateway=azure.network.SubResourceArgs(id=vnet.id),
    )
    azure.monitor.MetricAlert(
        "alert",
        resource_group_name="net",
        enabled=True,
        severity=2,
        evaluation_frequency="PT1M",
        window_size="PT5M",
        scopes=[vnet.id],
        criteria=azure.monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
            odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            all_of=[
                azure.monitor.MetricCriteriaArgs(
                    criterion_type="StaticThresholdCriterion",
                    metric_name="TunnelAverageBandwidth",
                    name="bandwidth",
                    operator=azure.monitor.Operator.LESS_THAN,
                    threshold=1,
                    time_aggregation="Average",
                )
            ],
        ),
    )
    gcp.compute.VPNTunnel(
        "tunnel", peer_ip="203.0.113.10", shared_secret=pulumi.Output.secret("not-really"), vpn_gateway_interface=0
    )
    equinix.fabric.Connection(
        "circuit",
        type="IP_VC",
        bandwidth=1000,
        notifications=[equinix.fabric.ConnectionNotificationArgs(type="ALL", emails=["noc@acme.example"])],
        a_side=equinix.fabric.ConnectionASideArgs(
            access_point=equinix.fabric.ConnectionASideAccessPointArgs(
                type="CLOUD_ROUTER", router=equinix.fabric.ConnectionASideAccessPointRouterArgs(uuid=vnet.id)
            )
        ),
        z_side=equinix.fabric.ConnectionZSideArgs(),
    )


@pytest.fixture(scope="module")
def preview() -> Graph:
    return record(wiring)


def test_what_the_sdks_send_for_correct_arguments_is_accepted(preview: Graph) -> None:
    assert check(preview) == []


def test_the_accepted_preview_holds_unknowns_secrets_and_json_for_the_provider(preview: Graph) -> None:
    assert preview.named(SECURITY_GROUP, "all").inputs["vpcId"] == UNKNOWN
    assert SECRET in preview.named("gcp:compute/vPNTunnel:VPNTunnel", "tunnel").inputs["sharedSecret"]
    assert preview.named("pulumi:providers:aws", "east").inputs["allowedAccountIds"] == '["111122223333"]'


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        pytest.param(ROUTER, ROUTER_INPUTS, id="an unknown for text"),
        pytest.param(ROUTER, {**ROUTER_INPUTS, "bgp": UNKNOWN}, id="an unknown for an object"),
        pytest.param(ROUTER, {**ROUTER_INPUTS, "bgp": {"asn": UNKNOWN}}, id="an unknown for a number"),
        pytest.param(ROUTER, {**ROUTER_INPUTS, "bgp": {SECRET: {"asn": 64512}}}, id="a secret object"),
        pytest.param(ROUTER, {**ROUTER_INPUTS, "description": {SECRET: UNKNOWN}}, id="a secret unknown"),
        pytest.param(ROUTER, {**ROUTER_INPUTS, "description": None}, id="null for what is left out"),
        pytest.param(VPC, {"tags": {"any": "key", "at all": UNKNOWN}}, id="any key in a map"),
        pytest.param(VNET, {**VNET_INPUTS, "subnets": [{"name": "a", "addressPrefix": "10.16.0.0/24"}]}, id="inline"),
        pytest.param(
            CONNECTION,
            {"type": "IP_VC", "bandwidth": 1, "notifications": [], "aSide": {}, "zSide": {}},
            id="text that a hand-kept list lacks",
        ),
        pytest.param(ALARM, {**ALARM_INPUTS, "threshold": 1}, id="a whole number for a float"),
    ],
)
def test_accepts(token: str, inputs: Mapping[str, Json]) -> None:
    assert problems(planned(token, inputs)) == []


@pytest.mark.parametrize(
    ("token", "inputs", "problem"),
    [
        pytest.param(VPC, {"cidrBlok": "10.0.0.0/18"}, "cidrBlok is not declared; is cidrBlock meant?", id="misspelt"),
        pytest.param(VPC, {"cidr_block": "10.0.0.0/18"}, "cidr_block is not declared; is cidrBlock meant?", id="snake"),
        pytest.param(VPC, {"arn": "arn:aws:ec2"}, "arn is not declared", id="an output as an input"),
        pytest.param(
            SECURITY_GROUP,
            {"ingress": [{"protocol": "tcp", "fromPort": 1, "toPort": 1, "cidrBlock": ["10.0.0.0/8"]}]},
            "ingress[0]: cidrBlock is not declared; is cidrBlocks meant?",
            id="misspelt in a nested object",
        ),
        pytest.param(
            VNET,
            {**VNET_INPUTS, "addressSpace": {"address_prefixes": ["10.16.0.0/20"]}},
            "addressSpace: address_prefixes is not declared; is addressPrefixes meant?",
            id="snake in a nested object",
        ),
        pytest.param(
            ROUTER,
            {**ROUTER_INPUTS, "bgp": {"asn": 64512, "advertised_groups": ["ALL_SUBNETS"]}},
            "bgp: advertised_groups is not declared; is advertisedGroups meant?",
            id="snake in a nested object of Google's",
        ),
        pytest.param(HUB, {"addressPrefix": "10.16.0.0/23"}, "resourceGroupName is required and missing", id="missing"),
        pytest.param(
            VNET,
            {**VNET_INPUTS, "resourceGroupName": None},
            "resourceGroupName is required and missing",
            id="null for what is required",
        ),
        pytest.param(
            SECURITY_GROUP,
            {"ingress": [{"protocol": "tcp", "fromPort": 1}]},
            "ingress[0]: toPort is required and missing",
            id="missing in a nested object",
        ),
        pytest.param(
            VPC,
            {"enableDnsSupport": "true"},
            "enableDnsSupport: a value of type str where bool is declared",
            id="text for a truth value",
        ),
        pytest.param(
            VPC,
            {"ipv4NetmaskLength": True},
            "ipv4NetmaskLength: a value of type bool where int is declared",
            id="a truth value for a number",
        ),
        pytest.param(
            VPC,
            {"ipv4NetmaskLength": 18.5},
            "ipv4NetmaskLength: a value of type float where int is declared",
            id="a fraction for a whole number",
        ),
        pytest.param(
            ALARM,
            {**ALARM_INPUTS, "threshold": True},
            "threshold: a value of type bool where float is declared",
            id="a truth value for a float",
        ),
        pytest.param(
            ROUTER,
            {**ROUTER_INPUTS, "bgp": {"asn": "64512"}},
            "bgp.asn: a value of type str where int is declared",
            id="text for a nested number",
        ),
        pytest.param(
            VPC,
            {"tags": [{"key": "Name", "value": "vpc"}]},
            "tags: a value of type list where dict is declared",
            id="a list for a map",
        ),
        pytest.param(
            VPC, {"tags": {"zone": 1}}, "tags[zone]: a value of type int where str is declared", id="in a map"
        ),
        pytest.param(
            VNET,
            {**VNET_INPUTS, "addressSpace": {"addressPrefixes": "10.16.0.0/20"}},
            "addressSpace.addressPrefixes: a value of type str where list is declared",
            id="text for a list",
        ),
        pytest.param(
            VNET,
            {**VNET_INPUTS, "addressSpace": {"addressPrefixes": ["10.16.0.0/20", None]}},
            "addressSpace.addressPrefixes[1]: a value of type NoneType where str is declared",
            id="null in a list",
        ),
        pytest.param(
            VNET,
            {**VNET_INPUTS, "addressSpace": ["10.16.0.0/20"]},
            "addressSpace: a value of type list where AddressSpaceArgs is declared",
            id="a list for an object",
        ),
        pytest.param(
            VNET,
            {**VNET_INPUTS, "privateEndpointVNetPolicies": "disabled"},
            "privateEndpointVNetPolicies: 'disabled' is no PrivateEndpointVNetPolicies: 'Disabled', 'Basic'",
            id="no member of an enumeration of Azure's",
        ),
        pytest.param(
            VPC,
            {"cidrBlock": {SECRET: 10}},
            "cidrBlock: a value of type int where str is declared",
            id="a wrong value within a secret",
        ),
        pytest.param(
            "pulumi:providers:aws",
            {"allowedAccountIds": '"111122223333"'},
            "allowedAccountIds: a value of type str where list is declared",
            id="a wrong value within a provider's JSON",
        ),
        pytest.param(
            "pulumi:providers:aws",
            {"defaultTags": '{"tag": {"team": "network"}}'},
            "defaultTags: tag is not declared; is tags meant?",
            id="misspelt within a provider's JSON",
        ),
        pytest.param("aws:ec2/vpc:Vcp", {}, "no installed SDK declares this type", id="no such resource"),
        pytest.param("oracle:core/vcn:Vcn", {}, "no installed SDK declares this type", id="no such SDK"),
        pytest.param("pulumi-python:dynamik/gcp:X", {}, "no installed SDK declares this type", id="nearly dynamic"),
    ],
)
def test_refuses(token: str, inputs: Mapping[str, Json], problem: str) -> None:
    assert problems(planned(token, inputs)) == [problem]


def test_of_a_strict_enumeration_only_members_are_accepted() -> None:
    inputs = {"resourceGroupName": "net", "accountName": "flows", "publicAccess": "none"}

    found = problems(planned("azure-native:storage:BlobContainer", inputs))

    assert found == ["publicAccess: 'none' is no PublicAccess: 'Container', 'Blob', 'None'"]


def test_a_resource_is_judged_by_its_own_arguments_and_not_by_those_of_the_same_name_within_another() -> None:
    """`SubnetArgs` is a subnet inside a VNet; of the resource, `SubnetInitArgs` are the arguments."""
    inputs = {"resourceGroupName": "net", "virtualNetworkName": "vnet", "addressPrefix": "10.16.0.0/24"}

    assert problems(planned("azure-native:network:Subnet", inputs)) == []
    assert problems(planned("azure-native:network:Subnet", {**inputs, "etag": "1"})) == ["etag is not declared"]


def test_all_problems_of_all_resources_are_told_with_their_places() -> None:
    graph = Graph(
        project="test",
        stack="test",
        resources=[
            planned(VPC, {"cidrBlok": "10.0.0.0/18", "enableDnsSupport": 1}),
            Resource(urn="urn:x", type="multicloud-network:index:AwsNetwork", name="shop", custom=False),
        ],
    )

    assert check(graph) == [
        f"{VPC} it: cidrBlok is not declared; is cidrBlock meant?",
        f"{VPC} it: enableDnsSupport: a value of type int where bool is declared",
    ]


def test_what_a_dynamic_provider_takes_is_declared_nowhere() -> None:
    assert problems(planned("pulumi-python:dynamic/gcp:PartnerSession", {"asn": 64520, "__provider": "gAS"})) == []


def test_of_what_is_only_read_the_type_is_judged_and_nothing_required() -> None:
    def found(token: str) -> list[str]:
        return problems(Resource(urn="urn:it", type=token, name="it", inputs={"arn": "arn:aws:ec2"}, read=True))

    assert found("azure-native:network:VirtualHub") == []
    assert found("azure-native:network:VirtualHab") == ["no installed SDK declares this type"]


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:directconnect/getConnection:getConnection", "GetConnectionResult"),
        ("aws:index/getRegion:getRegion", "GetRegionResult"),
        ("azure-native:network:getVpnGateway", "GetVpnGatewayResult"),
        ("azure-native:network:listActiveConnectivityConfigurations", "ListActiveConnectivityConfigurationsResult"),
        ("gcp:compute/getRouter:getRouter", "GetRouterResult"),
        ("equinix:fabric/getServiceProfile:getServiceProfile", "GetServiceProfileResult"),
        ("oracle:core/getVcn:getVcn", None),
        ("aws:nowhere/getVcn:getVcn", None),
        ("aws:ec2/getVcp:getVcp", None),
    ],
)
def test_the_result_of_a_function_is_found_by_its_token(token: str, name: str | None) -> None:
    declared = result_class(token)

    assert (declared and declared.__name__) == name


def test_union_of_objects_is_judged_by_the_nearest() -> None:
    criteria = {"odataType": "Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria", "componentId": "a"}
    alert = {
        "resourceGroupName": "net",
        "enabled": True,
        "severity": 2,
        "evaluationFrequency": "PT1M",
        "windowSize": "PT5M",
        "scopes": [],
        "criteria": {**criteria, "webTestId": "b", "failedLocationCount": "2"},
    }

    found = problems(planned("azure-native:monitor:MetricAlert", alert))

    assert found == ["criteria.failedLocationCount: a value of type str where float is declared"]


# -- made-up outputs


TYPES = [
    VPC,
    VNET,
    HUB,
    ROUTER,
    CONNECTION,
    "aws:ec2/vpnConnection:VpnConnection",
    "aws:ec2transitgateway/transitGateway:TransitGateway",
    "azure-native:network:Subnet",
    "azure-native:network:VpnGateway",
    "azure-native:network:ExpressRouteCircuit",
    "azure-native:monitor:MetricAlert",
    "equinix:fabric/cloudRouter:CloudRouter",
    "gcp:compute/haVpnGateway:HaVpnGateway",
    "gcp:compute/interconnectAttachment:InterconnectAttachment",
    "gcp:dns/managedZone:ManagedZone",
]


@pytest.mark.parametrize("token", TYPES)
def test_every_declared_output_has_a_value_that_the_sdk_takes_for_its_type(token: str) -> None:
    made = complete(token, "it", {})
    declared = resource_class(token)
    assert declared is not None
    hints = _types.resource_types(declared)

    assert made.keys() == hints.keys()
    for key, hint in hints.items():  # raises for a value that is not of the declared type
        rpc.translate_output_properties(made[key], lambda name: name, hint, path=None)


def test_components_read_made_up_outputs_through_the_sdks_classes() -> None:
    def program() -> None:
        gateway = azure.network.VpnGateway("vpn", resource_group_name="net", gateway_name="vpn-eastus")
        tunnels = aws.ec2.VpnConnection("tunnels", customer_gateway_id="cgw-1", type="ipsec.1")
        interface = gcp.compute.HaVpnGateway("ha", network="n").vpn_interfaces[1]
        pulumi.export("name", gateway.name)
        pulumi.export("peering", gateway.bgp_settings.bgp_peering_addresses[1].tunnel_ip_addresses[0])
        pulumi.export("peerings", gateway.bgp_settings.bgp_peering_addresses.apply(len))
        pulumi.export("arn", tunnels.arn.apply(lambda arn: arn.split(":")[2]))
        pulumi.export("aws", tunnels.tunnel2_address)
        pulumi.export("google", interface.ip_address)

    outputs = record(program, complete=complete).outputs

    assert outputs["name"] == "vpn-eastus"
    assert outputs["peerings"] == LENGTH
    assert outputs["arn"] == "ec2"
    assert all(ip_address(outputs[key]) in BENCHMARKS for key in ("peering", "aws", "google"))


def test_both_ends_of_an_attachment_are_neighbours_on_a_link_of_their_own() -> None:
    links = set()
    for name in ("dc-1", "dc-2", "ny-1", "ny-2"):
        made = complete("gcp:compute/interconnectAttachment:InterconnectAttachment", name, {})
        google, partner = (IPv4Interface(made[f"{end}RouterIpAddress"]) for end in ("cloud", "customer"))
        assert google.network == partner.network
        assert google.network.prefixlen == 29
        assert google.network.subnet_of(IPv4Network("169.254.0.0/16"))
        assert (google.ip, partner.ip) == (google.network[1], google.network[2])
        links.add(google.network)

    assert len(links) == 4


def test_what_is_found_by_its_id_is_found() -> None:
    """Components look up the public address of an instance or interface by its id, never by its position."""
    azures = complete("azure-native:network:VpnGateway", "hub", {})
    googles = complete("gcp:compute/haVpnGateway:HaVpnGateway", "hub", {})

    assert [each["id"] for each in azures["ipConfigurations"]] == ["Instance0", "Instance1"]
    peerings = azures["bgpSettings"]["bgpPeeringAddresses"]
    assert [each["ipconfigurationId"] for each in peerings] == ["Instance0", "Instance1"]
    assert [each["id"] for each in googles["vpnInterfaces"]] == [0, 1]


def test_a_function_answers_what_its_result_declares_and_otherwise_for_other_arguments() -> None:
    def program() -> None:
        for name in ("dc", "ch"):
            found = aws.directconnect.get_connection_output(name=name, region="us-east-1")
            pulumi.export(name, [found.name, found.id, found.vlan_id])

    outputs = record(program, complete=complete).outputs

    assert (outputs["dc"][0], outputs["ch"][0]) == ("dc", "ch")
    assert outputs["dc"][1] != outputs["ch"][1]
    assert all(1 <= outputs[name][2] <= 4094 for name in ("dc", "ch"))


def test_the_same_resources_are_asked_for_when_everything_is_known(preview: Graph) -> None:
    update = record(wiring, complete=complete)

    assert [resource.urn for resource in update.resources] == [resource.urn for resource in preview.resources]
    assert check(update) == []


def test_an_update_knows_every_input(preview: Graph) -> None:
    update = record(wiring, complete=complete)

    assert any(UNKNOWN in str(resource.inputs) for resource in preview.resources)
    assert not any(UNKNOWN in str(resource.inputs) for resource in update.resources)


def test_made_up_outputs_depend_on_the_name_alone() -> None:
    assert complete(HUB, "east", {}) == complete(HUB, "east", {})
    assert complete(HUB, "east", {})["virtualRouterIps"] != complete(HUB, "west", {})["virtualRouterIps"]


def test_given_inputs_stay_and_what_their_objects_lack_is_added() -> None:
    given = {"resourceGroupName": "net", "bgpSettings": {"asn": 65515, "peerWeight": 5}, "location": "eastus"}

    made = complete("azure-native:network:VpnGateway", "it", given)

    assert "location" not in made
    assert made["bgpSettings"]["asn"] == 65515
    assert made["bgpSettings"]["peerWeight"] == 5
    assert len(made["bgpSettings"]["bgpPeeringAddresses"]) == LENGTH


def test_a_secret_input_stays_secret_where_its_object_is_completed() -> None:
    def program() -> None:
        connection = azure.network.VpnConnection(
            "site",
            resource_group_name="net",
            gateway_name="vpn",
            vpn_link_connections=[
                azure.network.VpnSiteLinkConnectionArgs(name="a", shared_key=pulumi.Output.secret("not-really"))
            ],
        )
        pulumi.export("key", connection.vpn_link_connections[0].shared_key)
        pulumi.export("state", connection.vpn_link_connections[0].provisioning_state)

    outputs = record(program, complete=complete).outputs

    assert outputs["key"] == {SECRET: "not-really"}
    assert SECRET in outputs["state"]
    assert outputs["state"][SECRET].startswith("site-")


def test_a_provider_and_an_unknown_type_get_no_outputs() -> None:
    assert complete("pulumi:providers:aws", "east", {"region": "us-east-1"}) == {}
    assert complete("oracle:core/vcn:Vcn", "it", {}) == {}
