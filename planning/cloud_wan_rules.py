"""Rules of a core network of Cloud WAN, where AWS's networks meet in one."""

from collections.abc import Iterator

from planning import limits
from planning.problems import Problem
from planning.settings import AwsHub, Cloud, Nat, Settings


def problems(settings: Settings) -> Iterator[Problem]:
    """Yield what a core network cannot do, if the settings want one."""
    if settings.hubs.aws is not AwsHub.CLOUD_WAN or not any(n.cloud is Cloud.AWS for n in settings.networks.values()):
        return
    own = (*(["transit"] if settings.dns else ()), "links")
    count = len(settings.segments) + len(own)
    if count > limits.CORE_NETWORK_SEGMENTS:
        rule = f"needs {count} segments with {' and '.join(own)}; a core network has {limits.CORE_NETWORK_SEGMENTS}"
        yield Problem("segments", str(len(settings.segments)), rule, "join segments that reach the same")
    for name in settings.segments:
        if not name.isalnum():
            rule = "has a hyphen, and hubs.aws is cloud-wan, whose segments are named by letters and digits"
            yield Problem(f"segments.{name}", "", rule, f"call it {name.replace('-', '')}")
    for name, network in settings.networks.items():
        if network.cloud is Cloud.AWS and network.nat is Nat.CENTRAL:
            rule = (
                "needs a default route to an attachment, which the policy of hubs.aws: cloud-wan would have to name "
                "before the attachment can be made"
            )
            yield Problem(f"networks.{name}.nat", network.nat, rule, "use one or per-zone: NAT of the network's own")
