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

    Compatible characters (NFKC) and cases are folded, dashes and quotation marks are one of each,
    what cannot be seen is left out, and blanks are squeezed.
    """
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    return " ".join("".join(map(_plain, folded)).split())


def _plain(character: str) -> str:
    if character in _DASHES:
        return "-"
    match category(character):
        case "Cf":
            return ""
        case "Pd":
            return "-"
        case "Pi" | "Pf":
            return "'"
    return "'" if character in _QUOTES else character


_DASHES, _QUOTES = "\u2212\u02d7", '"`\u00b4\u02bc'
"""A minus is no punctuation, nor are accents that stand alone; people write them all the same."""


def asked_for(kind: str, act: str | None) -> str:
    """Name what an obligation asks for: an act that is not to approve the record, else its kind."""
    return words(act) if kind == "approval" and act else kind
