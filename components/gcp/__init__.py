"""Google Cloud: VPC networks, their filters and reserved ranges, and the connectivity hub."""
