"""Entries of registers: submitted, changed, settled."""
