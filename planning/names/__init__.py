"""Names: who owns which, who asks whom, and the records that follow health."""
