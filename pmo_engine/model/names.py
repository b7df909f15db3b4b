"""Names: of a policy as words, and of anybody as they are compared."""

from functools import lru_cache
from unicodedata import category, normalize

ACRONYMS = frozenset({"bac", "cpi", "cv", "eac", "ev", "hr", "id", "it", "p3o", "pmo", "spi", "sv"})


def words(name: str) -> str:
    """Turn an identifier into words: ``pmo_head`` is "PMO head"."""
    return " ".join(w.upper() if w in ACRONYMS else w for w in name.split("_") if w)


@lru_cache(maxsize=4096)
def alike(text: str) -> str:
    """Give what two spellings of one name have in common: ``ACME`` and ``acme `` are one.

    Compatible characters (NFKC) and cases are folded, what cannot be seen is left out, and blanks
    are squeezed.
    """
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    return " ".join("".join(c for c in folded if category(c) != "Cf").split())
