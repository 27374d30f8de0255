"""What the records part of a plan says: names that run in several places and follow health.

Domains are written without a trailing dot and in full; components add the dot where a provider wants it. Times are in
seconds. Keys are parts of resource names and never change; their dots keep records apart, whose names have none. One
service answers for each name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PUBLIC_ZONE = "public"
"""Key of the zone for the internet; private records lie in their cloud's zone `names`."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of the public zone that Traffic Manager answers for: a CNAME that never changes, so without health."""

    key: str
    """The record: `www`."""
    name: str
    target: str
    """`<relative name>.trafficmanager.net`."""
    ttl: int


@dataclass(frozen=True, slots=True)
class PublicZone:
    """The zone for the internet."""

    domain: str
    host: str
    """`aws` (Route 53), `azure` (Azure DNS) or `gcp` (Cloud DNS)."""
    physical_name: str
    """In Google Cloud: `prod-public`, or the existing zone's."""
    existing: str | None
    """The zone that is there: AWS's zone id, Azure's resource id, Google's zone name. None: it is made."""
    resource_group: str
    """Azure: where the zone is, `prod-public`, or the existing zone's."""
    location: str
    """Azure: of the resource group, where it is made; empty elsewhere."""
    aliases: Sequence[Alias]


@dataclass(frozen=True, slots=True)
class Probe:
    """A health check of Route 53's from the internet."""

    key: str
    """Record and place: `www.shop`."""
    type: str
    """`HTTPS`, `HTTP` or `TCP`."""
    address: str | None
    """IPv4; None where `fqdn` is resolved."""
    fqdn: str | None
    """Name that is asked for, in the Host header and in TLS. None for TCP at an address."""
    port: int
    path: str | None
    interval: int
    failures: int
    sni: bool | None
    """Of HTTPS; None for the others."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A CloudWatch alarm, and a health check of Route 53's (`CLOUDWATCH_METRIC`) that follows it."""

    key: str
    """Record and place: `api.shop`."""
    physical_name: str
    """Of the alarm: `prod-api.shop`."""
    region: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    statistic: str
    """`Minimum`: the worst of a period counts."""
    period: int
    datapoints: int
    """Periods in a row that have to be bad (`evaluation_periods`)."""
    threshold: float
    """The alarm goes off below it (`LessThanThreshold`); missing data is bad (`breaching`), and so is an unknown state
    of the alarm to the health check (`Unhealthy`)."""


@dataclass(frozen=True, slots=True)
class Route53Set:
    """A record set of Route 53. Exactly one of `failover`, `weight`, `latency_region`, `geography` is given."""

    key: str
    """`www.shop`, `www.2-primary`, `www.us-east-1`, `www.us-east-1.shop`, `www.eu`, `www.default`."""
    zone: str
    """`public`, or `names`: the zone of AWS's names."""
    name: str
    type: str
    """`A` or `CNAME`."""
    set_identifier: str
    """Unique within name and type; what the key has behind the name: `primary`, `us-east-1`, `shop`."""
    values: Sequence[str]
    """Empty for an alias."""
    ttl: int | None
    """None for an alias."""
    alias: str | None
    """Name in the same zone, whose health is evaluated."""
    health: str | None
    """Key of a probe or an alarm; None for an alias."""
    failover: str | None = None
    """`PRIMARY` or `SECONDARY`."""
    weight: int | None = None
    latency_region: str | None = None
    """AWS region."""
    geography: Mapping[str, str] | None = None
    """`continent` -> `EU`, or `country` -> `DE`, or `country` -> `*`."""


@dataclass(frozen=True, slots=True)
class Route53:
    """What Route 53 answers for."""

    probes: Sequence[Probe]
    alarms: Sequence[Alarm]
    sets: Sequence[Route53Set]


@dataclass(frozen=True, slots=True)
class Monitor:
    """How Traffic Manager tells health."""

    protocol: str
    """`HTTPS`, `HTTP` or `TCP`."""
    port: int
    path: str | None
    """None for TCP."""
    host: str | None
    """Custom header `Host`, where endpoints are addresses and HTTP is spoken; else None."""
    interval: int
    timeout: int
    tolerated: int
    """Failures that are tolerated; one more puts an endpoint out."""
    expected: tuple[int, int] | None
    """First and last status that is good; None for TCP."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint of Traffic Manager's: `ExternalEndpoints` with a target, `NestedEndpoints` with a child."""

    key: str
    """The place: `shop`."""
    target: str | None
    """Address or name."""
    child: str | None
    """Key of the profile that is asked in turn; at least one of its endpoints has to be healthy."""
    enabled: bool
    priority: int | None
    weight: int | None
    location: str | None
    """Azure region nearest to the place: Performance needs it."""
    geography: Sequence[str]
    """`GEO-EU`, `DE`, `WORLD`; empty but for Geographic."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of Traffic Manager's."""

    key: str
    """`www`; one that another asks: `www.shop`."""
    physical_name: str
    """In Azure: `prod-www`, `prod-www.shop`."""
    relative_name: str
    """Unique in all of Azure."""
    method: str
    """`Priority`, `Weighted`, `Performance` or `Geographic`."""
    ttl: int
    monitor: Monitor
    endpoints: Sequence[Endpoint]


@dataclass(frozen=True, slots=True)
class TrafficManager:
    """What Traffic Manager answers for."""

    resource_group: str
    """`prod-traffic`."""
    location: str
    """Of the resource group; profiles are `global`."""
    profiles: Sequence[Profile]
    """Those that others ask come first."""


@dataclass(frozen=True, slots=True)
class InternalBalancer:
    """An internal load balancer of Google's, whose health Cloud DNS knows by itself."""

    address: str
    port: int
    """On the wire it is text."""
    protocol: str
    """`tcp` or `udp`."""
    type: str
    """`regionalL4ilb`, `regionalL7ilb` or `globalL7ilb`."""
    network: str
    """Name of the network that it is in."""
    region: str | None
    """None for a global one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that Cloud DNS chooses from: either addresses or internal load balancers."""

    key: str
    """The place, or the region where there are several: `shop`, `us-east4`."""
    addresses: Sequence[str]
    """On the internet; the record's check tells their health."""
    internal: Sequence[InternalBalancer]
    weight: int | None = None
    location: str | None = None
    """Google region."""


@dataclass(frozen=True, slots=True)
class GoogleCheck:
    """A health check that Cloud DNS has made from three regions."""

    key: str
    """The record: `www`."""
    physical_name: str
    """`prod-www-dns-https`: with another protocol it is another check, made before the old one goes."""
    protocol: str
    """`https`, `http` or `tcp`."""
    port: int
    path: str | None
    host: str | None
    """Name that is asked for; None for tcp."""
    interval: int
    timeout: int
    failures: int
    source_regions: Sequence[str]
    """Exactly three."""


@dataclass(frozen=True, slots=True)
class CloudDnsSet:
    """A record set of Cloud DNS, of type `A`. Exactly one of `weighted`, `nearest`, `primary` is given."""

    key: str
    """The record: `www`."""
    zone: str
    """`public`, or `names`: the zone of Google's names."""
    name: str
    ttl: int
    check: str | None
    """Key of the check; None for internal load balancers."""
    weighted: Sequence[Choice] = ()
    nearest: Sequence[Choice] = ()
    """Chosen by distance (`geos`), without fences: the next nearest takes over."""
    primary: Choice | None = None
    standbys: Sequence[Choice] = ()
    """With `primary`: chosen by distance among those that are healthy (`backup_geos`)."""


@dataclass(frozen=True, slots=True)
class CloudDns:
    """What Cloud DNS answers for."""

    checks: Sequence[GoogleCheck]
    sets: Sequence[CloudDnsSet]


@dataclass(frozen=True, slots=True)
class WorstCase:
    """How long it takes at most until nobody is sent to a place that is out."""

    seconds: int
    formula: str
    """`3 x (10 + 4) + 30 = 72 s`."""
    parts: str
    """What the numbers of the formula are: `failures x (interval + probe) + ttl`."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A record in the words of the preview."""

    name: str
    owner: str
    """The one service that answers: `Route 53`, `Traffic Manager` or `Cloud DNS`."""
    private: bool
    policy: str
    places: Mapping[str, str]
    """Place -> address or target, and why it is chosen: `203.0.113.10, weight 70 (70 %)`."""
    check: str
    """`https:443/healthz every 10 s, out after 3 failures`."""
    worst_case: WorstCase
    budget: int


@dataclass(frozen=True, slots=True)
class Records:
    """All names of the stack that follow health."""

    public: PublicZone | None
    route53: Route53 | None
    traffic_manager: TrafficManager | None
    cloud_dns: CloudDns | None
    summaries: Sequence[Summary]
