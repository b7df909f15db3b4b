"""What a register's file says beside its fields' names: the life of its records."""
