"""The use cases: one module for each command, each command one transaction."""
