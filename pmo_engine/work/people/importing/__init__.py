"""People, appointments, programmes and projects from files and tables: all or nothing."""
