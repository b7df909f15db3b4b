"""What reports are made of: what waits, what happened, how long it took, how it was considered."""
