"""Plans a given number of networks, with nothing recorded and with everything recorded; prints seconds as JSON."""

import json
import sys
import time

from planning.ledger import Ledger
from planning.plan import make_plan
from planning.settings import Settings


def settings_for(count: int) -> Settings:
    """Make a configuration with `count` VPCs on one Transit Gateway, in three segments: 5,000 is what it takes."""
    return Settings.model_validate(
        {
            "environment": "bench",
            "accounts": {"aws": {"accountId": "111122223333"}},
            "addressing": {  # AWS alone takes all of 10.0.0.0/8 here, so the others are put beside it
                "regionSize": 13,
                "supernets": {
                    "aws": "10.0.0.0/8",
                    "azure": "11.0.0.0/12",
                    "gcp": "11.16.0.0/12",
                    "onprem": "11.32.0.0/12",
                },
                "pods": {"aws": "11.64.0.0/12", "azure": "11.80.0.0/12", "gcp": "11.112.0.0/12"},
            },
            "segments": {"prod": {}, "staging": {}, "shared": {}},
            "networks": {
                f"net-{number}": {
                    "cloud": "aws",
                    "region": "us-east-1",
                    "size": 23,
                    "segment": ("prod", "staging", "shared")[number % 3],
                }
                for number in range(count)
            },
        }
    )


def main() -> None:
    """Time both cases for the count named on the command line."""
    settings = settings_for(int(sys.argv[1]))
    start = time.perf_counter()
    _, allocation = make_plan(settings, Ledger(), "bench/bench", {})
    new = time.perf_counter() - start
    start = time.perf_counter()
    make_plan(settings, allocation.ledger, "bench/bench", {})
    recorded = time.perf_counter() - start
    json.dump({"new": new, "recorded": recorded}, sys.stdout)


if __name__ == "__main__":
    main()
