"""Reads a Pulumi project and its stack files; serves the offline preview and the ledger's commands."""
