"""Private names: what metrics and internal load balancers have to be."""

from ipaddress import IPv4Network

import pytest

from planning.problems import ConfigurationError
from tests.planning.configurations import changed, estate_of, planned
from tests.planning.records import PRIVATE_IN_AWS, PRIVATE_IN_GOOGLE, order, read, told, with_record

WWW = "dns.records.www"
SHOP = f"{WWW}.places.shop"
MODELS = f"{WWW}.places.models"


@pytest.mark.parametrize("text", ["", "  ", "Gesünd", "a\nb"])
@pytest.mark.parametrize("setting", ["namespace", "name", "dimensions.LoadBalancer"])
def test_a_metric_is_called_in_printable_ascii(setting: str, text: str) -> None:
    (problem,) = read({f"{SHOP}.metric.{setting}": text}, PRIVATE_IN_AWS)
    assert problem.startswith(f"{SHOP}.metric.{setting}: ")
    assert "is nothing that CloudWatch calls by" in problem


def test_a_dimension_has_a_name() -> None:
    (problem,) = read({f"{SHOP}.metric.dimensions": {"": "net/a"}}, PRIVATE_IN_AWS)
    assert "is nothing that CloudWatch calls by" in problem


def test_two_places_do_not_follow_one_metric() -> None:
    metric = PRIVATE_IN_AWS["places"]["shop"]["metric"]
    same = {**metric, "region": "us-east-1"}
    (problem,) = told({f"{WWW}.places.identity.metric": same}, PRIVATE_IN_AWS)
    assert problem.startswith(
        f"{WWW}.places.identity.metric: AWS/NetworkELB HealthyHostCount: is what {SHOP} has as well"
    )
    for setting, value in (
        ("region", "us-west-2"),
        ("dimensions", {"LoadBalancer": "net/b"}),
        ("name", "Other"),
        ("namespace", "Other"),
    ):
        assert told({f"{WWW}.places.identity.metric": {**same, setting: value}}, PRIVATE_IN_AWS) == []


@pytest.mark.parametrize("kind", ["regionalL7ilb", "globalL7ilb"])
def test_load_balancers_of_layer_7_speak_tcp(kind: str) -> None:
    given = {"port": 53, "protocol": "udp", "type": kind}
    assert told({f"{MODELS}.loadBalancer": given}, PRIVATE_IN_GOOGLE) == [
        f"{MODELS}.loadBalancer.protocol: udp: is nothing that {kind} speaks; use tcp, or regionalL4ilb"
    ]
    assert told({f"{MODELS}.loadBalancer": {**given, "protocol": "tcp"}}, PRIVATE_IN_GOOGLE) == []
    assert told({f"{MODELS}.loadBalancer": {**given, "type": "regionalL4ilb"}}, PRIVATE_IN_GOOGLE) == []


def subnet_and_pods() -> tuple[IPv4Network, IPv4Network]:
    network = next(n for n in estate_of(with_record(PRIVATE_IN_GOOGLE)).networks if n.name == "analytics")
    assert network.pods is not None
    return network.subnets["private"], network.pods


def test_an_internal_load_balancers_address_is_one_that_google_gives_out() -> None:
    subnet, pods = subnet_and_pods()
    first, last = int(subnet.network_address), int(subnet.broadcast_address)
    at = f"{WWW}.places.analytics.address"
    for number in (first + 2, last - 2):
        planned(changed({at: str(subnet[number - first])}, with_record(PRIVATE_IN_GOOGLE)))
    for address in (subnet[0], subnet[1], subnet[-2], subnet[-1], subnet[-1] + 1, pods[9]):
        with pytest.raises(ConfigurationError) as caught:
            planned(changed({at: str(address)}, with_record(PRIVATE_IN_GOOGLE)))
        (problem,) = caught.value.problems
        assert (problem.where, problem.value) == (at, str(address))
        assert problem.rule == "is no address that Google gives to a load balancer in networks.analytics"
        assert problem.remedy == f"give one of {subnet[2]} to {subnet[-3]}"


def test_where_the_default_of_private_names_decides_the_other_is_named() -> None:
    metric = PRIVATE_IN_AWS["places"]["shop"]["metric"]
    both = {f"{MODELS}.metric": metric}
    unused = f"{MODELS}.metric: is for an alarm, and only private names in Route 53 have one; leave it out"
    assert told(both, PRIVATE_IN_GOOGLE) == [f"{unused}, or set by: aws"]
    assert told({**both, f"{WWW}.by": "gcp"}, PRIVATE_IN_GOOGLE) == [unused]
    missing = {f"{MODELS}.loadBalancer": {}}
    missing_at = changed(missing, with_record(PRIVATE_IN_GOOGLE))["dns"]["records"]["www"]
    del missing_at["places"]["models"]["loadBalancer"]
    (problem,) = told({}, missing_at)
    assert problem.endswith("and type where it is not L4, or set by: aws")
    public = {f"{SHOP}.loadBalancer": {"port": 1}}
    assert told(public, order(2)) == [f"{SHOP}.loadBalancer: is for Cloud DNS, for private names only; leave it out"]
