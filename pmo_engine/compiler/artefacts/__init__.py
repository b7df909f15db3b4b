"""The bound tree of a policy as a file, so that a fresh process need not bind it again."""
