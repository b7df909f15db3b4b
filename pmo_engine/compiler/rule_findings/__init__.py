"""Rules of one event held against each other: gaps, contradictions, two roles for one case."""
