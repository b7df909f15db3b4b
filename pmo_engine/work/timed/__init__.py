"""Time as an event: what the clock raises, and what rules on time then say."""
