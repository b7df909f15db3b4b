"""People: the roles that they hold, and who stands in for whom."""
