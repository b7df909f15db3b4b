"""The policy's own versions: drafted, commented on, adopted, in force."""
