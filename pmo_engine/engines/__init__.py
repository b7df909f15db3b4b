"""Back-ends of the one typed policy: each gives the outcome of every rule for an event."""
