"""Cases run against expectations: a policy's own suites, and the cases of the FEEL standard."""
