"""``pmo person``, and who stands in for whom."""
