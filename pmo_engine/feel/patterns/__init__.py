"""Regular expressions of the standard, matched within a budget."""
