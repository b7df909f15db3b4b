"""The command line: a thin face of the commands in ``work``."""
