"""Suites: cases, what they expect, and what they thereby say of a rule."""
