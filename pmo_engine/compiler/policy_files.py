"""The files of a policy: which they are, what they are called, and the digest of them all."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pmo_engine.source.marked import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

IN_PACK = ":"  # between the name of a pack and that of a file in it
SUFFIXES = {".yaml", ".yml"}
OF_OTHERS = frozenset(
    {
        "prefect.yaml",
        *("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"),
        *("mkdocs.yml", "mkdocs.yaml", "codecov.yml", "codecov.yaml", "environment.yml"),
    }
)
"""Names of files that other programs look for: they are no part of a policy beside them."""
MAX_FILES = 2_000
MAX_TOTAL = 8 * 1024 * 1024


def files_below(path: Path) -> list[Path]:
    """List the policy files of a folder, or the one file; those of other programs are left out."""
    if path.is_file():
        return [path]
    return [
        file
        for file in path.rglob("*")
        if file.suffix in SUFFIXES
        and file.name not in OF_OTHERS
        and file.is_file()
        and not is_hidden(file, path)
    ]


def is_hidden(file: Path, root: Path) -> bool:
    """Say whether a file below a folder is to be passed over."""
    return any(part.startswith(".") for part in file.relative_to(root).parts)


def inside(file: Path, path: Path) -> str:
    """Give the name by which a file is kept that lies below ``path``, or is it."""
    return file.name if file == path else file.relative_to(path).as_posix()


def digest_of(contents: Mapping[str, bytes]) -> str:
    """Give the SHA-256 of files, by name and content."""
    total = hashlib.sha256()
    for name in sorted(contents):
        total.update(f"{name}\0{len(contents[name])}\0".encode())
        total.update(contents[name])
    return total.hexdigest()


def apart(contents: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, dict[str, bytes]]]:
    """Tell a policy's own files from those of each pack, as they are called there."""
    own: dict[str, bytes] = {}
    packs: dict[str, dict[str, bytes]] = {}
    for kept, data in contents.items():
        pack, sign, name = kept.partition(IN_PACK)
        if sign:
            packs.setdefault(pack, {})[name] = data
        else:
            own[kept] = data
    return own, packs


def joined(own: Mapping[str, bytes], packs: Mapping[str, Mapping[str, bytes]]) -> dict[str, bytes]:
    """Call the files of a policy and of its packs as ``Policy.contents`` does."""
    found = dict(own)
    for pack, files in packs.items():
        found |= {f"{pack}{IN_PACK}{name}": data for name, data in files.items()}
    return found


def names_of(kept: Iterable[str], home: Path, *, alone: bool = False) -> dict[str, str]:
    """Say what marks call each file of ``Policy.contents`` that is read from ``home``.

    With ``alone`` that is the policy's only file.
    """
    return {each: _name(each, home, alone=alone) for each in kept}


def _name(kept: str, home: Path, *, alone: bool) -> str:
    pack, sign, name = kept.partition(IN_PACK)
    if sign:
        return f"{pack}/{name}"
    return str(home if alone else home / kept)


def bytes_below(path: Path) -> dict[str, bytes]:
    """Read the files of a folder, or the one file, as ``Policy.contents`` holds them.

    Raises OSError, and OverflowError where there is more than a policy may hold.
    """
    found: dict[str, bytes] = {}
    left = MAX_TOTAL
    for file in sorted(files_below(path)):
        with file.open("rb") as stream:
            data = stream.read(min(left, MAX_BYTES) + 1)
        left -= len(data)
        if left < 0 or len(data) > MAX_BYTES or len(found) == MAX_FILES:
            raise OverflowError(f"{path} holds more than a policy may")
        found[inside(file, path)] = data.replace(b"\r\n", b"\n")
    return found
