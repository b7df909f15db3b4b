"""Recorded histories against a policy."""
