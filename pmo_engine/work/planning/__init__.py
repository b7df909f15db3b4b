"""Plans of projects: by which strategy, from which day, entered, and kept as stages go by."""
