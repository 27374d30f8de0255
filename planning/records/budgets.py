"""How long it takes at most until nobody is sent to a place that is out, and what to change where it is too long.

Source: B.4 of `dns-addresses-cost.md` of the project's reference. What a resolver keeps beyond its TTL is not in it.
"""

from collections.abc import Callable, Iterator

from planning.problems import Problem
from planning.records.asked import Asked, Service
from planning.records.types import WorstCase
from planning.settings import Cloud
from planning.settings.records import Protocol, Record

PROBE = {Protocol.HTTPS: 4, Protocol.HTTP: 4, Protocol.TCP: 10}
"""What a probe of Route 53's waits for a connection; the interval starts only after it [M][D13]."""
TIMEOUT = 5
"""Of Traffic Manager's probes: the least it takes [D14]."""
EVALUATION = 60
"""CloudWatch looks at an alarm once a minute, and metrics come late [K]. Less than two minutes in all is never
promised."""
INTERVAL_CHOICES = (10, 30)


def route53(failures: int, interval: int, probe: int, ttl: int) -> WorstCase:
    """Add up for probes that find no answer at all."""
    seconds = failures * (interval + probe) + ttl
    formula = f"{failures} x ({interval} + {probe}) + {ttl} = {seconds} s"
    return WorstCase(seconds, formula, "failures x (interval + connect timeout) + ttl")


def traffic_manager(failures: int, interval: int, timeout: int, ttl: int) -> WorstCase:
    """Add up; `failures` is one more than are tolerated."""
    seconds = failures * interval + timeout + ttl
    formula = f"{failures} x {interval} + {timeout} + {ttl} = {seconds} s"
    return WorstCase(seconds, formula, "failures x interval + timeout + ttl")


def cloud_dns(failures: int, interval: int, ttl: int) -> WorstCase:
    """Add up, for a check of Cloud DNS or of a load balancer."""
    seconds = failures * interval + ttl
    return WorstCase(seconds, f"{failures} x {interval} + {ttl} = {seconds} s", "failures x interval + ttl")


def alarm(datapoints: int, period: int, ttl: int) -> WorstCase:
    """Add up for an alarm."""
    seconds = datapoints * period + EVALUATION + ttl
    formula = f"{datapoints} x {period} + {EVALUATION} + {ttl} = {seconds} s"
    return WorstCase(seconds, formula, "datapoints x period + evaluation + ttl")


def worst_case(record: Asked) -> WorstCase:
    """Add up for a record."""
    failures, interval, ttl = record.failures, record.interval, record.settings.ttl
    match record.service:
        case Service.ROUTE53:
            return route53(failures, interval, PROBE[record.protocol], ttl)
        case Service.ROUTE53_ALARMS:
            return alarm(failures, interval, ttl)
        case Service.TRAFFIC_MANAGER:
            return traffic_manager(failures, interval, TIMEOUT, ttl)
        case Service.CLOUD_DNS | Service.CLOUD_DNS_INTERNAL:
            return cloud_dns(failures, interval, ttl)


def problems(record: Asked, rebuilt: Callable[[Record], Asked | None]) -> Iterator[Problem]:
    """Yield that a record takes longer than its budget, and what would fit.

    `rebuilt` gives the record as other settings make it, or None where a rule refuses them.
    """
    worst, budget = worst_case(record), record.settings.budget
    if worst.seconds > budget:
        rule = f"is over the budget of {budget} s: {worst.formula} ({worst.parts}) with {record.service}"
        yield Problem(
            f"dns.records.{record.key}", f"{worst.seconds} s", rule, f"set {' or '.join(_fits(record, rebuilt))}"
        )


def _fits(record: Asked, rebuilt: Callable[[Record], Asked | None]) -> Iterator[str]:
    """Yield each single change that brings a record into its budget: with one, defaults may be others as well."""
    settings = record.settings
    over = worst_case(record).seconds - settings.budget

    def fits(**change: object) -> Asked | None:
        found = rebuilt(settings.model_copy(update=change))
        return found if found and worst_case(found).seconds <= settings.budget else None

    def fits_with_check(**change: int) -> bool:
        return fits(check=settings.check.model_copy(update=change)) is not None

    if settings.ttl > over:
        yield f"ttl: {settings.ttl - over}"
    failures = next((n for n in range(record.failures - 1, 0, -1) if fits_with_check(failures=n)), None)
    if failures:
        yield f"check.failures: {failures}"
    for interval in INTERVAL_CHOICES:
        if interval < record.interval and fits_with_check(interval=interval):
            yield f"check.interval: {interval}"
    other = fits(by=Cloud.AZURE) if record.service is Service.CLOUD_DNS else None
    if other:
        yield f"by: azure (Traffic Manager, which looks every {other.interval} s)"
    yield f"budget: {settings.budget + over}"
