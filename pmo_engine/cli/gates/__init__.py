"""``pmo gate``: commands, and what they print."""
