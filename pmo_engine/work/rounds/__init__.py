"""Collection rounds: opened by time, answered by projects, closed."""
