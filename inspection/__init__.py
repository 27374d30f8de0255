"""Judges a network from its resources alone, as the clouds would see them. Never imports planning or components."""
