"""Pages about projects and offices, and the reports that a policy declares."""
