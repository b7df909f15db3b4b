"""Tolerances: what is measured, what was granted, exception reports and their answers."""
