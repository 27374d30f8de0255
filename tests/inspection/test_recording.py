"""Claims about what a recorded run holds and what it refuses."""

from collections.abc import Callable
from ipaddress import ip_address

import pulumi
import pulumi_aws as aws
import pulumi_azure_native as azure
import pytest

from inspection.engine_rules import RefusedError
from inspection.graph import Message
from inspection.recording import record
from tests.support.recorded import depends_on, preview_of, secret, unknown

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
PARAMETER = "aws:ssm/parameter:Parameter"
NO_DEFAULTS = {"pulumi:disable-default-providers": '["*"]'}


class Network(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:Network", name, {}, opts)
        self.vpc = aws.ec2.Vpc(f"{name}-vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=self))
        aws.ec2.Subnet(
            f"{name}-private",
            vpc_id=self.vpc.id,
            cidr_block="10.0.0.0/24",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"vpcId": self.vpc.id})


def test_an_id_reaches_dependents_as_unknown_and_no_apply_sees_it() -> None:
    seen = []

    def program() -> None:
        network = Network("shop")
        network.vpc.id.apply(seen.append)
        network.vpc.arn.apply(seen.append)

    graph = preview_of(program)

    assert unknown(graph.named(SUBNET, "shop-private").inputs["vpcId"])
    assert seen == []


def test_what_the_program_gave_stays_known_in_a_preview() -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("shop", cidr_block="10.0.0.0/16", tags={"Name": "shop"})
        pulumi.export("cidr", vpc.cidr_block)
        pulumi.export("tags", vpc.tags)

    assert preview_of(program).outputs == {"cidr": "10.0.0.0/16", "tags": {"Name": "shop"}}


def test_what_a_cloud_adds_inside_a_given_object_is_unknown() -> None:
    seen = []

    def program() -> None:
        settings = azure.network.BgpSettingsArgs(asn=65515)
        gateway = azure.network.VpnGateway("hub", resource_group_name="net", bgp_settings=settings)
        gateway.bgp_settings.apply(seen.append)  # would find no peering addresses in it, only the ASN
        pulumi.export("peers", gateway.bgp_settings["bgp_peering_addresses"])

    assert unknown(preview_of(program).outputs["peers"])
    assert seen == []


def test_a_secret_stays_secret_in_what_is_made_from_it() -> None:
    def program() -> None:
        key = aws.ssm.Parameter("key", type="SecureString", value=pulumi.Output.secret("hush"))
        aws.ec2.Vpc("shop", tags={"key": pulumi.Output.concat("a-", key.value)})

    graph = preview_of(program)

    assert graph.named(PARAMETER, "key").inputs["value"] == {"$secret": "hush"}
    assert graph.named(VPC, "shop").inputs["tags"] == {"key": {"$secret": "a-hush"}}


def test_an_output_that_the_sdk_calls_secret_is_so_before_it_is_known() -> None:
    def program() -> None:
        tunnel = aws.ec2.VpnConnection("hq", customer_gateway_id="cgw-1", type="ipsec.1")
        aws.ec2.Subnet("private", vpc_id=tunnel.tunnel1_preshared_key)

    key = preview_of(program).named(SUBNET, "private").inputs["vpcId"]

    assert secret(key)
    assert unknown(key)


def test_urns_carry_the_types_of_all_parents() -> None:
    class Estate(pulumi.ComponentResource):
        def __init__(self, name: str) -> None:
            super().__init__("multicloud-network:index:Estate", name)
            Network("shop", pulumi.ResourceOptions(parent=self))

    graph = preview_of(lambda: Estate("all"))

    assert graph.named(VPC, "shop-vpc").urn == (
        "urn:pulumi:test::multicloud-network::"
        "multicloud-network:index:Estate$multicloud-network:index:Network$aws:ec2/vpc:Vpc::shop-vpc"
    )


def test_to_depend_on_a_component_is_to_depend_on_each_of_its_children() -> None:
    def program() -> None:
        network = Network("shop")
        aws.ec2.InternetGateway("after", opts=pulumi.ResourceOptions(depends_on=[network]))
        aws.ec2.InternetGateway("partly", opts=pulumi.ResourceOptions(depends_on=[network.vpc]))

    graph = preview_of(program)
    network = graph.named("multicloud-network:index:Network", "shop")
    after, partly = (graph.named("aws:ec2/internetGateway:InternetGateway", name) for name in ("after", "partly"))

    assert depends_on(graph, after, network)
    assert depends_on(graph, partly, graph.named(VPC, "shop-vpc"))
    assert not depends_on(graph, partly, network)


def test_options_are_recorded_as_sent() -> None:
    options = pulumi.ResourceOptions(
        protect=True,
        ignore_changes=["tags"],
        replace_on_changes=["cidr_block"],
        delete_before_replace=True,
        aliases=[pulumi.Alias(name="old")],
        import_="vpc-1",
        custom_timeouts=pulumi.CustomTimeouts(create="30m"),
    )
    vpc = preview_of(lambda: aws.ec2.Vpc("shop", cidr_block="10.0.0.0/16", opts=options)).named(VPC, "shop")

    assert vpc.protect
    assert vpc.delete_before_replace
    assert vpc.ignore_changes == ("tags",)
    assert vpc.replace_on_changes == ("cidrBlock",)
    assert vpc.aliases == ({"name": "old"},)
    assert vpc.import_id == "vpc-1"
    assert vpc.timeouts == {"create": "30m"}


def test_children_are_retained_with_their_parent_unless_they_say_otherwise() -> None:
    def program() -> None:
        network = Network("shop", pulumi.ResourceOptions(retain_on_delete=True))
        aws.ec2.Vpc("own", opts=pulumi.ResourceOptions(parent=network, retain_on_delete=False))

    graph = preview_of(program)

    assert graph.named(VPC, "shop-vpc").retain_on_delete
    assert not graph.named(VPC, "own").retain_on_delete


def test_exports_component_outputs_and_messages_are_recorded() -> None:
    def program() -> None:
        Network("shop")
        pulumi.export("plan", {"networks": ["shop"], "count": 1})
        pulumi.info("first line\nsecond line")
        pulumi.warn("mind the gap")

    graph = preview_of(program)

    assert graph.outputs == {"plan": {"networks": ["shop"], "count": 1}}
    assert list(graph.component_outputs.values()) == [{"vpcId": "$unknown"}]
    assert graph.messages == (Message("info", "first line\nsecond line"), Message("warning", "mind the gap"))


def test_an_update_knows_ids_and_what_it_is_told_about_outputs() -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("shop", cidr_block="10.0.0.0/16")
        aws.ec2.Subnet("private", vpc_id=vpc.id, tags={"vpc": vpc.arn, "range": vpc.cidr_block})

    def complete(token: str, name: str, inputs: dict) -> dict:
        return {"arn": f"arn:{name}:{inputs['cidrBlock']}"} if token == VPC else {}

    graph = record(program, complete=complete)
    subnet = graph.named(SUBNET, "private")

    assert subnet.inputs["vpcId"] == graph.named(VPC, "shop").id != ""
    assert subnet.inputs["tags"] == {"vpc": "arn:shop:10.0.0.0/16", "range": "10.0.0.0/16"}
    assert record(program, complete=complete) == graph


def test_resources_are_registered_in_the_same_order_every_time() -> None:
    def program() -> None:
        for number in range(30):
            Network(f"n{number}")

    assert preview_of(program).resources == preview_of(program).resources


def test_two_recordings_in_one_process_do_not_mix() -> None:
    def program(name: str) -> Callable[[], None]:
        def declare() -> None:
            aws.ec2.Vpc(name, cidr_block=pulumi.Config("net").require("cidr"))
            pulumi.export(name, pulumi.get_stack())

        return declare

    first = record(program("a"), stack="one", config={"net:cidr": "10.0.0.0/16"})
    second = record(program("b"), stack="two", config={"net:cidr": "10.1.0.0/16"})

    assert [vpc.inputs["cidrBlock"] for vpc in first.of_type(VPC)] == ["10.0.0.0/16"]
    assert [vpc.inputs["cidrBlock"] for vpc in second.of_type(VPC)] == ["10.1.0.0/16"]
    assert (first.outputs, second.outputs) == ({"a": "one"}, {"b": "two"})
    assert pulumi.Config("net").get("cidr") is None


def test_secret_configuration_stays_secret() -> None:
    def program() -> None:
        aws.ssm.Parameter("key", type="SecureString", value=pulumi.Config("net").require_secret("key"))

    graph = record(program, config={"net:key": "hush"}, secret_keys=["net:key"])

    assert secret(graph.named(PARAMETER, "key").inputs["value"])


def test_each_registration_is_counted_as_it_happens() -> None:
    counts = []

    record(lambda: Network("shop"), on_resource=counts.append)

    assert counts == [1, 2, 3, 4]  # the stack, the component, its two children


def twice() -> None:
    aws.ec2.Vpc("shop", cidr_block="10.0.0.0/16")
    aws.ec2.Vpc("shop", cidr_block="10.0.0.0/16")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (twice, "duplicate resource URN 'urn:pulumi:test::multicloud-network::aws:ec2/vpc:Vpc::shop'"),
        (aws.get_availability_zones, "aws:index/getAvailabilityZones:getAvailabilityZones"),
        (lambda: aws.get_region_output().name, "aws:index/getRegion:getRegion"),
        (lambda: aws.ec2.Vpc.get("shop", "vpc-1"), "aws:ec2/vpc:Vpc 'shop' (vpc-1)"),
    ],
)
def test_what_the_engine_or_an_offline_preview_refuses_is_named(program: Callable[[], object], said: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        preview_of(program)

    assert said in str(refusal.value)


def test_a_default_provider_is_refused_where_they_are_disabled() -> None:
    with pytest.raises(RefusedError) as refusal:
        record(lambda: aws.ec2.Vpc("shop"), config=NO_DEFAULTS)

    assert str(refusal.value) == (
        "Default provider for 'aws' disabled. "
        "'urn:pulumi:test::multicloud-network::aws:ec2/vpc:Vpc::shop' must use an explicit provider."
    )


def test_of_many_refusals_the_first_is_the_one_reported() -> None:
    def program() -> None:
        for number in range(5):
            Network(f"n{number}")

    with pytest.raises(RefusedError, match="n0-vpc' must use an explicit provider"):
        record(program, config=NO_DEFAULTS)


def test_an_explicit_provider_is_taken_where_default_ones_are_disabled() -> None:
    def program() -> None:
        Network("shop", pulumi.ResourceOptions(providers=[aws.Provider("main", region="us-east-1")]))

    vpc = record(program, config=NO_DEFAULTS).named(VPC, "shop-vpc")

    assert vpc.provider.startswith("urn:pulumi:test::multicloud-network::pulumi:providers:aws::main::")


def test_a_provider_of_another_package_does_not_serve_where_default_ones_are_disabled() -> None:
    def program() -> None:
        aws.ec2.Vpc("shop", opts=pulumi.ResourceOptions(provider=azure.Provider("azure")))

    with pytest.raises(RefusedError, match="must use an explicit provider"):
        record(program, config=NO_DEFAULTS)


def test_only_listed_packages_lose_their_default_provider() -> None:
    config = {"pulumi:disable-default-providers": '["gcp"]'}

    assert record(lambda: aws.ec2.Vpc("shop"), config=config).named(VPC, "shop")


def test_a_parent_of_another_run_is_unknown() -> None:
    kept = []
    record(lambda: kept.append(Network("shop")))

    with pytest.raises(RefusedError, match="unknown parent"):
        record(lambda: aws.ec2.Vpc("x", opts=pulumi.ResourceOptions(parent=kept[0])), project="other")


def test_a_dependency_of_another_run_is_unknown() -> None:
    kept = []
    record(lambda: kept.append(aws.ec2.Vpc("shop")))

    with pytest.raises(RefusedError, match="unknown dependency"):
        record(lambda: aws.ec2.Vpc("x", opts=pulumi.ResourceOptions(depends_on=kept)), project="other")


def test_a_failing_program_surfaces_its_own_error() -> None:
    def program() -> None:
        Network("shop")
        message = "networks.shop: too small"
        raise pulumi.RunError(message)

    with pytest.raises(pulumi.RunError, match="too small"):
        preview_of(program)


def test_a_failing_apply_surfaces_its_own_error() -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("shop", cidr_block="10.0.0.0/16")
        aws.ec2.Subnet("private", vpc_id=vpc.id, cidr_block=vpc.cidr_block.apply(ip_address).apply(str))

    with pytest.raises(ValueError, match="does not appear to be an IPv4 or IPv6 address"):
        preview_of(program)


def test_a_recording_after_a_failed_one_is_whole() -> None:
    with pytest.raises(RefusedError):
        preview_of(twice)

    assert len(preview_of(lambda: Network("shop")).resources) == 4
