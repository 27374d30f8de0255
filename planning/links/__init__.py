"""How clouds and sites are joined: which pairs, over what, with which addresses, sessions and preferences."""
