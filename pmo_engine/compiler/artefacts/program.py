"""Which program an artefact was written by: one that could bind otherwise ignores it."""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import distribution
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_engine import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[2]
LAYERS = ("authority", "compiler", "feel", "model", "policy", "prose", "source")
"""What binding runs, and what a tree is made of: no release is needed for it to have changed."""


@cache
def program() -> str:
    """Give a digest of the versions and of every source file that has to do with binding.

    A file is the same by what Python, too, knows a compiled module to be current by: its size and
    when it was changed. What the library of holidays knows is in artefacts as well.
    """
    return fingerprint(PACKAGE)


def fingerprint(package: Path) -> str:
    """Give it for a package that lies anywhere."""
    holidays = distribution("holidays")
    release = holidays.read_text("METADATA") or holidays.version  # which takes ten times as long
    total = sha256(f"{__version__} {sys.version_info[:2]} {release}".encode())
    for layer in LAYERS:
        for name, size, changed_at in _sources(f"{package / layer}", layer):
            total.update(f"\0{name}\0{size}\0{changed_at}".encode())
    return total.hexdigest()


def _sources(folder: str, name: str) -> Iterator[tuple[str, int, int]]:
    for each in sorted(os.scandir(folder), key=attrgetter("name")):
        if each.is_dir():
            if each.name != "__pycache__":
                yield from _sources(each.path, f"{name}/{each.name}")
        else:
            found = each.stat()
            yield f"{name}/{each.name}", found.st_size, found.st_mtime_ns
