"""AWS: VPCs, Transit Gateways and how they join."""
