"""What can be wrong with private services, and who finds one that is out of reach."""

from collections.abc import Iterator

from planning.estate import Estate
from planning.links.saying import some
from planning.names.layout import reaching_segments
from planning.names.owners import offered
from planning.names.private_services import SERVICES, Service, service
from planning.problems import Problem
from planning.reading import suggestion
from planning.regions import REGIONS
from planning.settings import Cloud
from planning.settings.names import Dns, PrivateService


def problems(dns: Dns) -> Iterator[Problem]:
    """Yield what the settings of services tell."""
    first: dict[str, str] = {}
    for name, settings in dns.private_services.items():
        path = f"dns.privateServices.{name}"
        found = service(settings)
        if found is None:
            rule = f"is no service of {settings.cloud} whose private names are known here"
            yield Problem(f"{path}.service", settings.service, rule, _known(settings))
            continue
        yield from _region(path, settings, found)
        yield from _addresses(path, settings)
        if found.zone in first:
            rule = f"has the zone {found.zone}, as dns.privateServices.{first[found.zone]} has"
            yield Problem(path, "", rule, "keep one of them")
        first.setdefault(found.zone, name)


def address_problems(estate: Estate, dns: Dns) -> Iterator[Problem]:
    """Yield addresses that lie in no network."""
    for name, settings in dns.private_services.items():
        ranges = [prefix for network in estate.networks_in(settings.cloud) for prefix in network.routed]
        for address in settings.addresses:
            if not any(address in prefix for prefix in ranges):
                rule = f"lies in no network of {settings.cloud}, so that nobody is led there"
                remedy = "put the endpoint into a network: who reaches its segment reaches the service"
                yield Problem(f"dns.privateServices.{name}.addresses", str(address), rule, remedy)


def warnings(estate: Estate, dns: Dns) -> Iterator[str]:
    """Yield the services that some find and do not reach."""
    for cloud in Cloud:
        for each in offered(dns, cloud):
            without = sorted(set(estate.connected) - reaching_segments(estate, cloud, each.settings.addresses))
            if without:
                yield (
                    f"dns.privateServices.{each.key}: segments that do not reach its addresses ({some(without)}) find "
                    f"them in the other clouds nevertheless: forwards hold for all networks of a cloud"
                )


def _known(settings: PrivateService) -> str:
    return suggestion(settings.service, SERVICES[settings.cloud])


def _region(path: str, settings: PrivateService, found: Service) -> Iterator[Problem]:
    if settings.region is None:
        if found.regional:
            yield Problem(f"{path}.region", "", "is missing, and the names of this service hold one", "give the region")
    elif settings.region not in REGIONS[settings.cloud]:
        hint = suggestion(settings.region, REGIONS[settings.cloud])
        yield Problem(f"{path}.region", settings.region, f"is no region of {settings.cloud}", hint)


def _addresses(path: str, settings: PrivateService) -> Iterator[Problem]:
    if settings.cloud is Cloud.AZURE and settings.addresses:
        rule = "are given, but private endpoints of Azure's write their own into the zone"
        yield Problem(f"{path}.addresses", some([str(each) for each in settings.addresses]), rule, "leave them out")
    elif settings.cloud is not Cloud.AZURE and not settings.addresses:
        rule = "are missing, and a zone without them would hide the public names"
        yield Problem(f"{path}.addresses", "", rule, "give the private addresses of the endpoint")
