"""Binds suites: cases with their facts and expectations, and ballots."""
