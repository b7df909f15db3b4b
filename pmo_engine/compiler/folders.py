"""Which folder a policy file belongs to: that of the policy, or pack, whose header is in it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_engine.compiler.kinds import MODELS
from pmo_engine.compiler.policy_files import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

POLICY = re.compile(rb"^kind: *[\"']?policy\b", re.MULTILINE)
HEADER = re.compile(rb"^(?:kind: *[\"']?policy\b|pack: *\S)", re.MULTILINE)
DOCUMENT = re.compile(rb"^kind: *[\"']?(?:%s)\b" % "|".join(MODELS).encode(), re.MULTILINE)
MOST_BYTES = 1024 * 1024  # of a file, to look for its header in
MOST_LEVELS = 8


def policy_of(path: Path, *, whole: bool = False) -> Path:
    """Give what is checked for a path: a folder itself, for a file that of its policy or pack.

    A file that belongs to no such folder is checked alone, and so is one with a header of its own:
    if the ``whole`` is asked for, only where no other file is part of the same policy.
    """
    if not path.is_file() or (not whole and _those_with(HEADER, [path])):
        return path
    file = path.absolute()
    for folder in [*file.parents][:MOST_LEVELS]:
        beside = yaml_in(folder)
        if _those_with(HEADER, beside):
            return _as_given(folder, path) if _is_one(file, beside) else path
        if (folder / ".git").exists():
            break
    return path


def _is_one(file: Path, beside: list[Path]) -> bool:
    """Tell whether a folder is one policy or pack that the file is a part of."""
    policies = _those_with(POLICY, beside)
    if policies == [file]:
        return bool(_those_with(DOCUMENT, [other for other in beside if other != file]))
    return len(policies) < 2  # noqa: PLR2004 - several are policies of their own


def _as_given(folder: Path, path: Path) -> Path:
    return folder if path.is_absolute() else Path(os.path.relpath(folder))


def is_header_in(folder: Path) -> bool:
    """Tell whether a policy, or a pack, has its header in a file that lies in a folder itself."""
    return bool(_those_with(HEADER, yaml_in(folder)))


def yaml_in(folder: Path) -> list[Path]:
    """List the YAML files that lie in a folder itself; none where it cannot be read."""
    try:
        return sorted(each for each in folder.iterdir() if each.suffix in SUFFIXES)
    except OSError:
        return []


def _those_with(pattern: re.Pattern[bytes], files: Iterable[Path]) -> list[Path]:
    return [file for file in files if pattern.search(_beginning(file))]


def _beginning(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES)
    except OSError:
        return b""
