"""Decides what is wanted: settings and ledger in, one immutable plan out. Never imports pulumi."""
