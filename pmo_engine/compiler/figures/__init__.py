"""Binding of figures, and of the examples that work them out."""
