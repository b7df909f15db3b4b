"""People, roles and projects."""
