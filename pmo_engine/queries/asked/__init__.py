"""What is asked of people: what it is about, and what waits for somebody."""
