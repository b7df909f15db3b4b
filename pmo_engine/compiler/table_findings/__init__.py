"""What can be said of a decision table before it is used: gaps, overlaps, rows out of reach."""
