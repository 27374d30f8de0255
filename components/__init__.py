"""Components: what the plan says, built as cloud resources; nothing is decided here."""
