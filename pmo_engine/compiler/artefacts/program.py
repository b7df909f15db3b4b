"""Which program an artefact was written by: one that could bind otherwise ignores it."""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import sha256
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
    """Give the SHA-256 of the version and of every source file that has to do with binding."""
    return fingerprint(PACKAGE)


def fingerprint(package: Path) -> str:
    """Give it for a package that lies anywhere."""
    total = sha256(f"{__version__} {sys.version_info[:2]}".encode())
    for layer in LAYERS:
        for file in _sources(package / layer):
            data = file.read_bytes()
            total.update(f"{file.relative_to(package).as_posix()}\0{len(data)}\0".encode())
            total.update(data)
    return total.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (Path(place, name) for name in sorted(files))
