"""Claims about planning."""
