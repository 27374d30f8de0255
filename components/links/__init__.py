"""Links: each has two ends, and one component owns both."""
