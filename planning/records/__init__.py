"""Names that run in several places: who answers for them, how health is told, and how fast."""
