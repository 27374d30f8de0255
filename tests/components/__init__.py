"""Claims about what the components build."""
