"""Names of a policy as words."""

ACRONYMS = frozenset({"bac", "cpi", "cv", "eac", "ev", "hr", "id", "it", "p3o", "pmo", "spi", "sv"})


def words(name: str) -> str:
    """Turn an identifier into words: ``pmo_head`` is "PMO head"."""
    return " ".join(w.upper() if w in ACRONYMS else w for w in name.split("_") if w)
