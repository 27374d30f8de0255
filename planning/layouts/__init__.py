"""From addresses in place to what each cloud is told: the same file for each."""
