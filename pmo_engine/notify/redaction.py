"""Keeps passwords and tokens of an Apprise URL out of what is said about it."""

from __future__ import annotations

import re
from urllib.parse import unquote

# Options that say who and how, not by what right.
_OPEN_OPTIONS = frozenset(
    {"bcc", "cc", "cto", "format", "from", "mode", "name", "reply", "rto", "smtp", "to", "verify"}
)
_HIDDEN = "***"
_SHORT = 5


def redact(text: str, url: str) -> str:
    """Hide in ``text`` every piece of ``url`` that could be a secret."""
    pieces = sorted(_secrets(url), key=lambda piece: (-len(piece), piece))
    if not pieces:
        return text
    return re.sub("|".join(map(_pattern, pieces)), _HIDDEN, text)


def _pattern(piece: str) -> str:
    """Match a short piece as a word only: a password '1' must not wear holes into the rest."""
    word = re.escape(piece)
    return rf"(?<!\w){word}(?!\w)" if len(piece) < _SHORT else word


def _secrets(url: str) -> set[str]:
    scheme, _, rest = url.partition("://")
    place, _, query = rest.partition("?")
    found = _mail_passwords(place) if scheme.lower().startswith("mailto") else _tokens(place)
    for option in re.split("[&;]", query):
        name, _, value = option.partition("=")
        if unquote(name).strip().lower() not in _OPEN_OPTIONS:
            found.add(value)
    return {form for piece in found for form in (piece, unquote(piece)) if form.strip()}


def _mail_passwords(place: str) -> set[str]:
    """Take what stands before each at-sign after the first colon: passwords hold at-signs too."""
    _, _, rest = place.partition(":")
    parts = rest.split("@")[:-1]
    return {*parts, *("@".join(parts[:end]) for end in range(1, len(parts) + 1))}


def _tokens(place: str) -> set[str]:
    """Take all but the host: services put their tokens into user, path and even the host's place.

    A host is told from a token by its dot.
    """
    authority, _, path = place.partition("/")
    user, _, host = authority.rpartition("@")
    name, _, _ = host.partition(":")
    pieces = {user, *user.split(":"), *path.split("/"), path}
    return pieces if "." in name or name == "localhost" else {*pieces, host, *host.split(":")}
