"""The page about a project."""
