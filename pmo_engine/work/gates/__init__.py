"""Gate reviews: opened, assessed, decided, closed."""
