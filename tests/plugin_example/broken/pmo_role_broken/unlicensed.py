"""A functional role whose module cannot be imported."""

raise RuntimeError("no licence for this machine")
