"""Functional roles that fail, each in its own way."""
