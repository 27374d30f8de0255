"""Clouds' own services at private addresses: which zone holds them, and what others forward to reach it.

Source: the table in `dns-addresses-cost.md` D of the project's reference. Others forward the public suffix: clients ask
for that, and only the owner's resolver knows that it leads to the private zone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planning.settings import Cloud
from planning.settings.names import PrivateService


@dataclass(frozen=True, slots=True)
class Service:
    """The names of one service; `{region}` stands for the region that the settings give."""

    zone: str
    forwarded: Sequence[str]

    @property
    def regional(self) -> bool:
        """Tell whether the settings have to give a region."""
        return "{region}" in self.zone


def _azure(zone: str, *forwarded: str) -> Service:
    return Service(f"privatelink.{zone}", forwarded or (zone,))


SERVICES: Mapping[Cloud, Mapping[str, Service]] = {
    Cloud.AZURE: {
        "blob": _azure("blob.core.windows.net"),
        "file": _azure("file.core.windows.net"),
        "dfs": _azure("dfs.core.windows.net"),
        "sql": _azure("database.windows.net"),
        "key-vault": _azure("vaultcore.azure.net", "vault.azure.net", "vaultcore.azure.net"),
        "service-bus": _azure("servicebus.windows.net"),
        "container-registry": _azure("azurecr.io"),
        "aks": _azure("{region}.azmk8s.io"),
    },
    Cloud.GCP: {
        "apis": Service("googleapis.com", ("googleapis.com",)),
        "container-registry": Service("gcr.io", ("gcr.io",)),
        "artifact-registry": Service("pkg.dev", ("pkg.dev",)),
        "run": Service("run.app", ("run.app",)),
    },
}
"""By cloud and by what the settings call it; Event Hubs have the names of Service Bus. AWS's follow one pattern."""
AWS_PATTERN = "{service}.{region}.amazonaws.com"


def service(settings: PrivateService) -> Service | None:
    """Find the names of a service; None where the cloud has no service so called."""
    if settings.cloud is Cloud.AWS:
        name = AWS_PATTERN.replace("{service}", settings.service)
        found: Service | None = Service(name, (name,))
    else:
        found = SERVICES[settings.cloud].get(settings.service)
    if found is None or settings.region is None:
        return found
    region = settings.region
    return Service(
        found.zone.replace("{region}", region), [name.replace("{region}", region) for name in found.forwarded]
    )
