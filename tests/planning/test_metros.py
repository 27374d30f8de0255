import math

import pytest

from planning.links.metros import FAR_KM, METROS, between, distance, landing, nearest, neighbours
from planning.regions import REGIONS

FROM_AN_ATLAS = {
    ("LD", "europe-west9"): 344,  # London to Paris
    ("FR", "europe-west4"): 364,  # Frankfurt to Amsterdam
    ("TY", "asia-northeast2"): 397,  # Tokyo to Osaka
    ("SE", "us-south1"): 2705,  # Seattle to Dallas
    ("SG", "australia-southeast1"): 6300,  # Singapore to Sydney
    ("SY", "southamerica-east1"): 13_360,  # Sydney to Sao Paulo, over the Pacific
}
"""Metro and a region that one other metro lists -> km between the cities."""


def test_every_metro_of_the_reference_is_known() -> None:
    assert " ".join(sorted(METROS)) == "AM AT CH DA DB DC FR HK LA LD MB NY OS PA SE SG SK SL SP SV SY TR TY ZH"
    assert all(metro.code == code for code, metro in METROS.items())


def test_every_region_that_a_metro_lists_is_a_region_of_its_cloud() -> None:
    for metro in METROS.values():
        for cloud, known in REGIONS.items():
            assert set(metro.regions(cloud)) <= known, metro.code


def test_what_azure_calls_a_metro_is_no_region_and_stands_once() -> None:
    names = [metro.azure_location for metro in METROS.values()]
    assert len(set(names)) == len(names)
    assert METROS["DC"].azure_location == "Washington DC"
    assert METROS["LA"].azure_location == "Los Angeles2"
    assert METROS["ZH"].azure_location == "Zurich2"


def test_a_region_that_the_metro_lists_is_no_way_off() -> None:
    for metro in METROS.values():
        for cloud in REGIONS:
            assert all(distance(metro.code, cloud, region) == 0 for region in metro.regions(cloud))


@pytest.mark.parametrize(("ends", "kilometres"), FROM_AN_ATLAS.items())
def test_cities_are_as_far_apart_as_on_a_map(ends: tuple[str, str], kilometres: int) -> None:
    metro, region = ends
    assert distance(metro, "gcp", region) == pytest.approx(kilometres, rel=0.02)


def test_a_region_is_as_far_as_the_nearest_metro_that_lists_it() -> None:
    """us-east-1 is listed in Washington, New York, Dallas and Atlanta: from Chicago, Atlanta is nearest."""
    assert distance("CH", "aws", "us-east-1") == pytest.approx(950, rel=0.02)
    assert distance("SP", "aws", "us-east-1") == pytest.approx(7490, rel=0.02)


def test_the_distance_to_a_region_that_no_metro_lists_is_not_known() -> None:
    assert distance("PA", "azure", "francecentral") is None
    assert between("azure", "francecentral", "aws", "eu-west-3") == math.inf
    assert between("aws", "eu-west-3", "azure", "francecentral") == math.inf


def test_regions_of_one_city_are_together_and_coasts_are_far_apart() -> None:
    assert between("aws", "us-east-1", "gcp", "us-east4") == 0
    assert between("aws", "us-east-1", "azure", "eastus2") == 0
    assert between("aws", "us-east-1", "azure", "westus2") == pytest.approx(3740, rel=0.02)
    assert between("aws", "us-east-1", "azure", "westus2") == between("azure", "westus2", "aws", "us-east-1") > FAR_KM


def test_a_region_with_circuits_in_several_metros_stands_near_one_of_them() -> None:
    """Direct Connect in Dallas belongs to us-east-1, which is still in Virginia."""
    assert between("aws", "us-east-1", "gcp", "us-south1") == pytest.approx(1900, rel=0.02)
    assert between("aws", "us-west-1", "gcp", "us-west2") == pytest.approx(500, rel=0.03)
    assert between("aws", "eu-central-1", "gcp", "europe-west3") == 0
    assert between("aws", "us-west-2", "gcp", "us-west1") == 0


def test_circuits_end_in_the_region_that_is_near_to_all_metros() -> None:
    assert landing("aws", ["us-west-2", "us-east-1"], ["DC", "NY"], "us-west-2") == "us-east-1"
    assert landing("aws", ["us-west-2", "us-east-1"], ["SE", "SV"], "us-east-1") == "us-west-2"
    assert landing("gcp", ["us-east4", "us-central1"], ["NY", "CH"], "us-central1") == "us-east4"


def test_of_regions_that_are_as_near_the_home_region_is_taken_and_then_the_first_by_name() -> None:
    assert landing("azure", ["eastus", "eastus2"], ["DC"], "eastus2") == "eastus2"
    assert landing("azure", ["eastus2", "eastus"], ["DC"], "westus2") == "eastus"


def test_a_region_of_unknown_place_is_taken_only_where_there_is_no_other() -> None:
    assert landing("azure", ["centralus", "westus2"], ["DC"], "centralus") == "westus2"
    assert landing("azure", ["westus3", "centralus"], ["DC"], "westus3") == "westus3"


def test_metros_near_a_region_start_with_those_that_list_it() -> None:
    assert nearest("aws", "us-east-1")[:5] == ["DC", "NY", "AT", "DA", "TR"]
    assert nearest("azure", "westeurope")[:3] == ["AM", "LD", "FR"]
    assert sorted(nearest("gcp", "us-east4")) == sorted(METROS)


def test_no_metro_is_near_a_region_of_unknown_place() -> None:
    assert list(nearest("azure", "centralus")) == []


def test_a_metros_neighbours_are_the_nearest_cities_and_not_itself() -> None:
    assert neighbours("PA")[:3] == ["LD", "AM", "FR"]
    assert len(neighbours("PA")) == len(METROS) - 1
    assert "PA" not in neighbours("PA")
