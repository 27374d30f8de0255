import pytest
import yaml

from tests.program.inventory import REFRESH, identities_file, identities_of, inventory_file, inventory_of
from tests.program.stacks import STACKS, preview_of


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_builds_what_its_inventory_says(stack: str) -> None:
    expected = yaml.safe_load(inventory_file(stack).read_text(encoding="utf-8"))

    assert inventory_of(preview_of(stack)) == expected, REFRESH


@pytest.mark.parametrize("stack", STACKS)
def test_names_and_parents_stay_since_a_rename_without_alias_replaces_a_network(stack: str) -> None:
    expected = identities_file(stack).read_text(encoding="utf-8").splitlines()

    assert identities_of(preview_of(stack)) == expected, REFRESH
