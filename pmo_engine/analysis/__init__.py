"""Questions about a policy: limits, what-if, why, coverage."""
