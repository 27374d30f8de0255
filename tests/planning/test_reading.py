from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from planning.reading import FORMS, SECRETS, read_settings, suggestion
from planning.settings import Cloud, Nat, Topology
from planning.settings.types import AwsAccountId, EnvironmentName, GcpProject, Name
from tests.planning.configurations import SMALL, as_text, changed, planned, settings_of


def test_text_stays_text_and_everything_else_is_read_as_json() -> None:
    found = read_settings({**as_text(SMALL), "protect": "true", "flowLogDays": "7", "ledger": "5.yaml"})
    assert found.protect is True
    assert found.flow_log_days == 7
    assert found.ledger == "5.yaml"
    assert found.environment == "dev"


def test_words_of_the_configuration_become_kinds_of_the_program() -> None:
    found = settings_of(changed({"networks.shop.nat": "per-zone"}))
    shop = found.networks["shop"]
    assert (shop.cloud, shop.nat, shop.public) == (Cloud.AWS, Nat.PER_ZONE, False)
    assert found.sites["hq"].prefixes == (IPv4Network("10.48.0.0/16"),)
    assert found.sites["hq"].dns == (IPv4Address("10.48.0.53"),)
    assert found.hubs.gcp.topology is Topology.MESH
    assert found.networks["analytics"].kubernetes is not None


def test_a_supernet_may_be_one_prefix_or_a_list() -> None:
    one = settings_of(changed({"addressing.supernets.aws": "10.0.0.0/12"}))
    several = settings_of(changed({"addressing.supernets.aws": ["10.0.0.0/12", "10.128.0.0/12"]}))
    assert one.addressing.supernets.aws == several.addressing.supernets.aws[:1]


@pytest.mark.parametrize("empty", [{}, []])
def test_a_section_that_the_project_file_gives_as_empty_is_left_at_its_default(empty: Any) -> None:  # noqa: ANN401 - any JSON
    left_out = dict.fromkeys(["segments", "addressing", "hubs", "links", "dns", "services", "flows"], empty)
    networks = {name: {**network, "segment": "main"} for name, network in SMALL["networks"].items()}
    found = settings_of(changed({**left_out, "networks": networks}))
    assert list(found.segments) == ["main"]
    assert found.links is None
    assert found.flows == ()


def test_settings_never_change_after_reading() -> None:
    for name in ("environment", "networks"):
        with pytest.raises(ValueError, match="frozen"):
            setattr(settings_of(SMALL), name, "prod")


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("sise", "did you mean size?"),
        ("zzz", "known: cidr, size"),
        ("", "known: cidr, size"),
    ],
)
def test_the_nearest_word_is_suggested_or_all_of_them(given: str, hint: str) -> None:
    assert suggestion(given, ["size", "cidr"]) == hint


def test_nothing_known_is_said_so() -> None:
    assert suggestion("shop", []) == "known: none"


def test_the_form_of_every_named_kind_of_text_is_said_in_words() -> None:
    for kind in (Name, EnvironmentName, AwsAccountId, GcpProject):
        (constraints,) = kind.__metadata__
        assert constraints.pattern in FORMS


def test_long_values_are_cut_in_messages_and_odd_ones_quoted() -> None:
    with pytest.raises(Exception, match="…: is not a prefix") as caught:
        settings_of(changed({"networks.shop.size": None, "networks.shop.cidr": "x" * 500}))
    assert len(str(caught.value)) < 250
    with pytest.raises(Exception, match=r'cidr: "a\\nb": is not a prefix'):
        settings_of(changed({"networks.shop.size": None, "networks.shop.cidr": "a\nb"}))


def test_json_that_is_too_deep_is_refused() -> None:
    with pytest.raises(Exception, match=r"networks: \[+…: is plain text"):
        read_settings({**as_text(SMALL), "networks": "[" * 100_000})


@pytest.mark.parametrize("key", ["flowLogDays", "environment", "links"])
def test_what_is_secret_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(Exception, match=f"{key}: is secret") as caught:
        read_settings({**as_text(SMALL), key: "hush"}, [key])
    assert "hush" not in str(caught.value)
    assert str(caught.value).startswith("1 problem ")


def test_what_has_to_be_secret_is_read_and_never_printed() -> None:
    config = {**as_text(SMALL), "linkSecret": "hush-hush-hush", "linkKeys": '{"aws/hq": "hush_hush_hush"}'}
    found = read_settings(config, SECRETS)
    assert found.link_secret is not None
    assert found.link_secret.get_secret_value() == "hush-hush-hush"
    assert found.link_keys["aws/hq"].get_secret_value() == "hush_hush_hush"
    assert "hush" not in f"{found} {found!r} {found.model_dump()} {found.model_dump_json()}"


def test_no_secret_is_ever_read_as_json() -> None:
    found = read_settings({**as_text(SMALL), "linkSecret": "123456789012"}, SECRETS)
    assert found.link_secret is not None
    assert found.link_secret.get_secret_value() == "123456789012"


def test_what_has_to_be_secret_may_be_left_at_the_defaults_of_the_project_file() -> None:
    found = read_settings({**as_text(SMALL), "linkSecret": "", "linkKeys": "{}"})
    assert found.link_secret is None
    assert found.link_keys == {}


@pytest.mark.parametrize("text", ["null", None, "hush"])
def test_what_has_to_be_secret_is_not_taken_in_clear(text: str | None) -> None:
    for key in SECRETS:
        with pytest.raises(Exception, match=f"1 problem .*\n.*{key}: is (empty|in clear)") as caught:
            read_settings({**as_text(SMALL), key: text})
        assert "hush" not in str(caught.value)


def test_an_empty_secret_is_too_short_and_an_empty_mapping_of_keys_is_none() -> None:
    with pytest.raises(Exception, match="linkSecret: is not 12 or more"):
        read_settings({**as_text(SMALL), "linkSecret": ""}, SECRETS)
    assert read_settings({**as_text(SMALL), "linkKeys": "{}"}, SECRETS).link_keys == {}


@pytest.mark.parametrize(("secret", "fits"), [("x" * 12, True), ("x" * 11, False), ("x y z ~ !#%&", True)])
def test_a_secret_is_printable_and_long_enough(secret: str, fits: bool) -> None:  # noqa: FBT001 - a column of a table
    if fits:
        assert read_settings({**as_text(SMALL), "linkSecret": secret}, SECRETS).link_secret
        return
    with pytest.raises(Exception, match="linkSecret: is not 12 or more printable ASCII characters"):
        read_settings({**as_text(SMALL), "linkSecret": secret}, SECRETS)


@pytest.mark.parametrize("text", ["", "null", None])
def test_a_section_without_content_is_said_to_be_empty(text: str | None) -> None:
    with pytest.raises(Exception, match=r"1 problem .*\n.*segments: is empty"):
        read_settings({**as_text(SMALL), "segments": text})


def test_a_value_that_would_break_the_line_is_quoted() -> None:
    with pytest.raises(Exception, match="region") as caught:
        planned(changed({"networks.shop.region": "us-east-1\n"}))
    assert 'networks.shop.region: "us-east-1\\n": ' in str(caught.value)
