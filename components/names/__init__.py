"""Names: what is made for those who resolve them outside of any cloud."""
