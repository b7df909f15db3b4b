"""What names stand for: those that are taken already, and the labels that people read."""
