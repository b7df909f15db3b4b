"""Votes and answers on what was asked."""
