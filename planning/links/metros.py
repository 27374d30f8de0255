"""Metros of the cloud exchange: where they are, and which regions are near.

Source: the metro map in `interconnect.md` D of the project's reference. Metro codes [S] and Azure's names [D21] are
documented; the regions of AWS and Google are general knowledge [K], to be checked against the exchange's service
profiles. Coordinates are those of the cities.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0
FAR_KM = 2000
"""Light needs some 20 ms there and back; further away, a circuit is of little use to a region."""


@dataclass(frozen=True, slots=True)
class Metro:
    """A city with data centres of the exchange."""

    code: str
    name: str
    latitude: float
    """Degrees, north positive."""
    longitude: float
    """Degrees, east positive."""
    aws_region: str | None
    """Region that the metro's Direct Connect locations belong to."""
    azure_location: str | None
    """ExpressRoute peering location as Azure names it."""
    azure_regions: tuple[str, ...]
    """Regions that are local to the peering location."""
    gcp_regions: tuple[str, ...]
    """Regions that Partner Interconnect is offered to from here."""

    def regions(self, cloud: str) -> tuple[str, ...]:
        """List the regions of a cloud that are here."""
        in_aws = (self.aws_region,) if self.aws_region else ()
        return {"aws": in_aws, "azure": self.azure_regions, "gcp": self.gcp_regions}[cloud]


METROS: Mapping[str, Metro] = {
    code: Metro(code, name, latitude, longitude, aws, azure, tuple(in_azure.split()), tuple(in_gcp.split()))
    for code, name, latitude, longitude, aws, azure, in_azure, in_gcp in (
        ("AM", "Amsterdam", 52.37, 4.90, "eu-central-1", "Amsterdam", "westeurope", "europe-west4"),
        ("AT", "Atlanta", 33.75, -84.39, "us-east-1", "Atlanta", "", "us-east1"),
        ("CH", "Chicago", 41.88, -87.63, "us-east-2", "Chicago", "northcentralus", "us-central1"),
        ("DA", "Dallas", 32.78, -96.80, "us-east-1", "Dallas", "", "us-south1"),
        ("DB", "Dublin", 53.35, -6.26, "eu-west-1", "Dublin", "northeurope", ""),
        ("DC", "Washington", 38.91, -77.04, "us-east-1", "Washington DC", "eastus eastus2", "us-east4"),
        ("FR", "Frankfurt", 50.11, 8.68, "eu-central-1", "Frankfurt", "germanywestcentral", "europe-west3"),
        ("HK", "Hong Kong", 22.32, 114.17, "ap-east-1", "Hong Kong", "eastasia", "asia-east2"),
        ("LA", "Los Angeles", 34.05, -118.24, "us-west-1", "Los Angeles2", "", "us-west2"),
        ("LD", "London", 51.51, -0.13, "eu-west-2", "London", "uksouth", "europe-west2"),
        ("MB", "Mumbai", 19.08, 72.88, "ap-south-1", "Mumbai", "", "asia-south1"),
        ("NY", "New York", 40.71, -74.01, "us-east-1", "New York", "", "us-east4"),
        ("OS", "Osaka", 34.69, 135.50, "ap-northeast-3", "Osaka", "", "asia-northeast2"),
        ("PA", "Paris", 48.86, 2.35, "eu-west-3", "Paris", "", "europe-west9"),
        ("SE", "Seattle", 47.61, -122.33, "us-west-2", "Seattle", "westus2", "us-west1"),
        ("SG", "Singapore", 1.35, 103.82, "ap-southeast-1", "Singapore", "southeastasia", "asia-southeast1"),
        ("SK", "Stockholm", 59.33, 18.07, "eu-north-1", "Stockholm", "swedencentral", "europe-north2"),
        ("SL", "Seoul", 37.57, 126.98, "ap-northeast-2", "Seoul", "", "asia-northeast3"),
        ("SP", "Sao Paulo", -23.55, -46.63, "sa-east-1", "Sao Paulo", "brazilsouth", "southamerica-east1"),
        ("SV", "Silicon Valley", 37.37, -121.97, "us-west-1", "Silicon Valley", "westus", "us-west1 us-west2"),
        ("SY", "Sydney", -33.87, 151.21, "ap-southeast-2", "Sydney", "australiaeast", "australia-southeast1"),
        ("TR", "Toronto", 43.65, -79.38, "ca-central-1", "Toronto", "canadacentral", "northamerica-northeast2"),
        ("TY", "Tokyo", 35.68, 139.69, "ap-northeast-1", "Tokyo", "japaneast", "asia-northeast1"),
        ("ZH", "Zurich", 47.37, 8.54, "eu-central-2", "Zurich2", "switzerlandnorth", "europe-west6"),
    )
}
"""Code -> metro."""

_STANDS_NEAR: Mapping[str, str] = {
    "us-east-1": "DC",
    "us-east4": "DC",
    "us-west-1": "SV",
    "us-west1": "SE",
    "us-west2": "LA",
    "eu-central-1": "FR",
}
"""Region that several metros list -> the one that its own buildings are nearest to."""


def distance(metro: str, cloud: str, region: str) -> float | None:
    """Measure from a metro to a region, in km: 0 where the metro lists it, None where no metro does."""
    here = METROS[metro]
    return min((_kilometres(here, there) for there in _listing(cloud, region)), default=None)


def nearest(cloud: str, region: str) -> Sequence[str]:
    """List all metros, those nearest to a region first; none where its place is not known."""
    home = _home(cloud, region)
    if home is None:
        return ()
    return sorted(METROS, key=lambda metro: (distance(metro, cloud, region), _kilometres(METROS[metro], home)))


def neighbours(metro: str) -> Sequence[str]:
    """List the other metros, the nearest first."""
    others = [code for code in METROS if code != metro]
    return sorted(others, key=lambda other: _kilometres(METROS[metro], METROS[other]))


def between(cloud: str, region: str, other_cloud: str, other_region: str) -> float:
    """Measure between two regions by the metros that they stand near, in km; infinite where one is not known."""
    one, other = _home(cloud, region), _home(other_cloud, other_region)
    return _kilometres(one, other) if one and other else math.inf


def landing(cloud: str, regions: Collection[str], metros: Collection[str], home: str) -> str:
    """Choose the region where a cloud's circuits end: nearest to all metros, then `home`, then first by name."""

    def rank(region: str) -> tuple[float, bool, str]:
        there = (distance(metro, cloud, region) for metro in metros)
        return sum(math.inf if one is None else one for one in there), region != home, region

    return min(regions, key=rank)


def _listing(cloud: str, region: str) -> Iterator[Metro]:
    return (metro for metro in METROS.values() if region in metro.regions(cloud))


def _home(cloud: str, region: str) -> Metro | None:
    near = _STANDS_NEAR.get(region)
    return METROS[near] if near else next(_listing(cloud, region), None)


def _kilometres(one: Metro, other: Metro) -> float:
    """Measure along the great circle (haversine formula)."""
    latitude, other_latitude = math.radians(one.latitude), math.radians(other.latitude)
    by_latitude = math.sin((other_latitude - latitude) / 2) ** 2
    by_longitude = math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    chord = by_latitude + math.cos(latitude) * math.cos(other_latitude) * by_longitude
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))
