"""What the store keeps of time as an event."""
