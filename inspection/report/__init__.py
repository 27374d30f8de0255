"""Says what was found, to people."""
