"""Claims about what a recorded run holds and what it refuses."""

from collections.abc import Callable
from ipaddress import ip_address

import pulumi
import pulumi.dynamic
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
GET_VPC = "aws:ec2/getVpc:getVpc"
SESSION = "pulumi-python:dynamic/net:Session"
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


class Handler(pulumi.dynamic.ResourceProvider):
    pass


class Session(pulumi.dynamic.Resource, module="net", name="Session"):
    asn: pulumi.Output[int]
    state: pulumi.Output[str]

    def __init__(self, name: str, asn: int) -> None:
        super().__init__(Handler(), name, {"asn": asn, "state": None})


def reread() -> None:
    """Read a resource once more after another is made, as where the far side fills in what was empty before."""
    first = aws.ec2.Vpc("first", cidr_block="10.0.0.0/16", tags={"Name": "first"})
    later = aws.ec2.Vpc("later")
    found = aws.ec2.Vpc.get(
        "again",
        pulumi.Output.all(first.id, later.id).apply(lambda ids: ids[0]),
        opts=pulumi.ResourceOptions(depends_on=[later], additional_secret_outputs=["dhcp_options_id"]),
    )
    tags = {"vpc": found.id, "arn": found.arn, "options": found.dhcp_options_id}
    aws.ec2.Subnet("private", vpc_id=first.id, cidr_block=found.cidr_block, tags=tags)


def call_after() -> None:
    vpc = aws.ec2.Vpc("shop")
    opts = pulumi.InvokeOutputOptions(depends_on=[vpc])
    pulumi.export("found", aws.ec2.get_vpc_output(cidr_block="10.0.0.0/16", opts=opts).arn)


def made_up(token: str, name: str, inputs: dict) -> dict:
    outputs = {
        VPC: {"arn": f"arn:{name}:{inputs.get('cidrBlock')}", "dhcpOptionsId": f"dopt-{name}"},
        GET_VPC: {"arn": f"arn:{name}:{inputs.get('cidrBlock')}"},
    }
    return outputs.get(token, {})


def test_what_is_read_once_its_id_is_known_is_wholly_unknown_in_a_preview() -> None:
    graph = preview_of(reread)
    again, later = graph.named(VPC, "again"), graph.named(VPC, "later")
    subnet = graph.named(SUBNET, "private")

    assert [vpc.name for vpc in graph.of_type(VPC) if vpc.read] == ["again"]
    assert (again.id, again.custom) == ("", True)
    assert again.dependencies == (later.urn,)
    assert unknown(subnet.inputs["cidrBlock"])
    assert all(unknown(value) for value in subnet.inputs["tags"].values())
    assert subnet.property_dependencies["cidrBlock"] == (again.urn,)


def test_a_resource_of_the_run_is_read_as_it_is_in_an_update() -> None:
    graph = record(reread, complete=made_up)
    subnet = graph.named(SUBNET, "private")

    assert graph.named(VPC, "again").id == graph.named(VPC, "first").id == subnet.inputs["tags"]["vpc"]
    assert subnet.inputs["cidrBlock"] == "10.0.0.0/16"
    assert subnet.inputs["tags"]["arn"] == "arn:first:10.0.0.0/16"


def test_an_output_that_is_read_as_a_secret_is_one() -> None:
    subnet = record(reread, complete=made_up).named(SUBNET, "private")

    assert subnet.inputs["tags"]["options"] == {"$secret": "dopt-first"}


def test_any_other_resource_is_read_in_an_update_as_one_is_told() -> None:
    def program() -> None:
        found = aws.ec2.Vpc.get("old", "vpc-1", cidr_block="10.9.0.0/16")
        pulumi.export("found", [found.id, found.arn, found.cidr_block])

    graph = record(program, complete=made_up)

    assert graph.outputs["found"] == ["vpc-1", "arn:old:10.9.0.0/16", "10.9.0.0/16"]
    assert graph.named(VPC, "old").inputs == {"cidrBlock": "10.9.0.0/16"}


def test_a_read_obeys_the_rules_of_registrations() -> None:
    def twice_read() -> None:
        vpc = aws.ec2.Vpc("shop")
        aws.ec2.Vpc.get("shop", vpc.id)

    def without_provider() -> None:
        vpc = aws.ec2.Vpc("shop", opts=pulumi.ResourceOptions(provider=aws.Provider("main")))
        aws.ec2.Vpc.get("again", vpc.id)

    with pytest.raises(RefusedError, match="duplicate resource URN"):
        preview_of(twice_read)
    with pytest.raises(RefusedError, match="Vpc::again' must use an explicit provider"):
        record(without_provider, config=NO_DEFAULTS)


def test_a_read_is_served_by_its_parents_provider_and_stands_below_it() -> None:
    def program() -> None:
        network = Network("shop", pulumi.ResourceOptions(providers=[aws.Provider("main", region="us-east-1")]))
        aws.ec2.Vpc.get("again", network.vpc.id, opts=pulumi.ResourceOptions(parent=network))

    graph = record(program, config=NO_DEFAULTS)
    again, original = graph.named(VPC, "again"), graph.named(VPC, "shop-vpc")

    assert again.parent == original.parent
    assert again.provider == original.provider
    assert again.urn == original.urn.replace("shop-vpc", "again")


def test_a_function_that_waits_for_what_is_still_to_be_made_is_not_called_in_a_preview() -> None:
    graph = preview_of(call_after)

    assert unknown(graph.outputs["found"])
    assert graph.invokes == ()


def test_a_function_is_answered_in_an_update_with_its_arguments_and_what_one_is_told() -> None:
    graph = record(call_after, complete=made_up)

    assert graph.outputs["found"] == "arn::10.0.0.0/16"
    assert graph.invokes == (GET_VPC,)


def test_a_function_answers_with_its_arguments() -> None:
    def program() -> None:
        pulumi.export("range", aws.ec2.get_vpc_output(cidr_block="10.0.0.0/16").cidr_block)

    assert record(program, complete=made_up).outputs == {"range": "10.0.0.0/16"}


def test_a_function_needs_an_explicit_provider_where_default_ones_are_disabled() -> None:
    def served() -> None:
        aws.ec2.get_vpc_output(opts=pulumi.InvokeOptions(provider=aws.Provider("main")))

    with pytest.raises(RefusedError, match=f"'aws' disabled. '{GET_VPC}' must use an explicit provider"):
        record(aws.ec2.get_vpc_output, config=NO_DEFAULTS, complete=made_up)
    assert record(served, config=NO_DEFAULTS, complete=made_up).invokes == (GET_VPC,)


def test_a_resource_with_a_provider_of_the_program_is_recorded_and_its_code_stays_out_of_files() -> None:
    def program() -> None:
        session = Session("google", 64520)
        pulumi.export("asn", session.asn)
        pulumi.export("state", session.state)

    graph = preview_of(program)
    session = graph.named(SESSION, "google")

    assert session.inputs["asn"] == graph.outputs["asn"] == 64520
    assert unknown(graph.outputs["state"])
    assert secret(session.inputs["__provider"])
    assert "__provider" not in graph.to_json()


def test_a_provider_of_the_program_is_refused_where_all_default_ones_are_disabled() -> None:
    """The engine holds the package `pulumi-python` for one more with a default provider."""
    with pytest.raises(RefusedError, match="Default provider for 'pulumi-python' disabled"):
        record(lambda: Session("google", 64520), config=NO_DEFAULTS)


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
