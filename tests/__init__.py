"""Claims about the program; mirrors its folders."""

RECORDED_STACKS = "RECORDED_STACKS"
"""Environment variable: folder where the processes of a test run share the stacks that they record."""
