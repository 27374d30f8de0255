"""Which region of a cloud is nearest to a region of any cloud.

Source: regions are called after where they are; degrees of those cities, from general knowledge ([K] in the
reference). Good enough to tell the nearest: regions of one city count as one place.
"""

import math
from collections.abc import Iterable, Mapping

from planning.regions import REGIONS

_DEGREES: Mapping[str, tuple[float, float]] = {
    region: (float(latitude), float(longitude))
    for latitude, longitude, *regions in (
        line.split()
        for line in """
    39 -77.5 us-east-1 us-east4 eastus eastus2
    40 -83 us-east-2 us-east5
    33.2 -80 us-east1
    37.4 -121.9 us-west-1 westus
    45.7 -120.8 us-west-2 us-west1
    47.2 -119.9 westus2
    34.1 -118.2 us-west2
    40.8 -111.9 us-west3
    36.2 -115.1 us-west4
    33.4 -112.1 westus3
    41.1 -104.8 westcentralus
    41.3 -95.9 us-central1
    41.6 -93.6 centralus
    41.9 -87.6 northcentralus
    29.4 -98.5 southcentralus
    32.8 -96.8 us-south1
    45.5 -73.6 ca-central-1 northamerica-northeast1
    43.7 -79.4 canadacentral northamerica-northeast2
    46.8 -71.2 canadaeast
    51 -114.1 ca-west-1
    20.6 -100.4 mx-central-1 mexicocentral northamerica-south1
    -23.5 -46.6 sa-east-1 brazilsouth southamerica-east1
    -33.4 -70.7 chilecentral southamerica-west1
    53.3 -6.3 eu-west-1 northeurope
    51.5 -0.1 eu-west-2 uksouth europe-west2
    51.5 -3.2 ukwest
    48.9 2.4 eu-west-3 francecentral europe-west9
    50.4 3.8 europe-west1
    50.8 4.4 belgiumcentral
    52.4 4.9 westeurope
    53.4 6.8 europe-west4
    50.1 8.7 eu-central-1 germanywestcentral europe-west3
    52.5 13.4 europe-west10
    47.4 8.5 eu-central-2 switzerlandnorth europe-west6
    48.2 16.4 austriaeast
    52.2 21 polandcentral europe-central2
    59.3 18.1 eu-north-1 europe-north2
    60.7 17.1 swedencentral
    59.9 10.8 norwayeast
    60.6 27.2 europe-north1
    45.5 9.2 eu-south-1 italynorth europe-west8
    45.1 7.7 europe-west12
    41.6 -0.9 eu-south-2
    40.4 -3.7 spaincentral europe-southwest1
    -33.9 18.4 af-south-1
    -26.2 28 southafricanorth africa-south1
    32.1 34.8 il-central-1 israelcentral me-west1
    26.1 50.6 me-south-1
    26.4 50.1 me-central2
    25.3 51.5 qatarcentral me-central1
    25.2 55.3 me-central-1 uaenorth
    19.1 72.9 ap-south-1 westindia asia-south1
    18.5 73.9 centralindia
    17.4 78.5 ap-south-2
    13.1 80.3 southindia
    28.6 77.2 asia-south2
    1.3 103.8 ap-southeast-1 southeastasia asia-southeast1
    3.1 101.7 malaysiawest
    -6.2 106.8 ap-southeast-3 indonesiacentral asia-southeast2
    22.3 114.2 ap-east-1 eastasia asia-east2
    24.1 120.5 asia-east1
    35.7 139.7 ap-northeast-1 japaneast asia-northeast1
    34.7 135.5 ap-northeast-3 japanwest asia-northeast2
    37.6 127 ap-northeast-2 koreacentral asia-northeast3
    35.2 129.1 koreasouth
    -33.9 151.2 ap-southeast-2 australiaeast australia-southeast1
    -37.8 145 ap-southeast-4 australiasoutheast australia-southeast2
    -35.3 149.1 australiacentral
    -36.8 174.8 newzealandnorth
    """.splitlines()
        if line.strip()
    )
    for region in regions
}
"""Region of any cloud -> degrees north and east."""


def nearest(cloud: str, region: str) -> str:
    """Choose the region of a cloud that is nearest to a region of any cloud; of equals the first by name."""
    return next(iter(by_distance(REGIONS[cloud], region)))


def by_distance(regions: Iterable[str], region: str) -> list[str]:
    """Sort regions of any clouds by how far they are from one, equals by name."""
    return sorted(regions, key=lambda other: (other != region, round(_angle(region, other), 6), other))


def _angle(one: str, other: str) -> float:
    """Measure between two regions, in radians along the great circle."""
    latitude, longitude = map(math.radians, _DEGREES[one])
    other_latitude, other_longitude = map(math.radians, _DEGREES[other])
    cosine = math.sin(latitude) * math.sin(other_latitude)
    cosine += math.cos(latitude) * math.cos(other_latitude) * math.cos(longitude - other_longitude)
    return math.acos(max(-1.0, min(1.0, cosine)))
