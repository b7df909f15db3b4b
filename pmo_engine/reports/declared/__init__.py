"""Reports that a policy declares: made by hand and after each cycle, kept as they were made."""
