"""Finding packs: beside the policy, among those that come with the engine, or in a plug-in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.resources import rules_dir

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

PackFinder: TypeAlias = Callable[[str, Path], Path | None]
ENTRY_POINTS = "pmo_engine.roles"
RESOURCES = "pmo_engine.packs"
"""Folders of packs, each written ``package:folder``, as in ``pmo_role_water:pack``."""
BESIDE = "pack"  # the folder of a distribution that has one role and names no folder


class PackError(ValueError):
    """A pack whose plug-in does not carry its folder."""


def find_pack(name: str, policy: Path) -> Path | None:
    """Find a pack's folder by name; ``policy`` is the folder (or file) that uses it."""
    home = policy if policy.is_dir() else policy.parent
    for folder in (home.parent / "packs" / name, rules_dir() / name):
        if name.isidentifier() and _is_there(folder):
            return folder
    return _from_plug_in(name)


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:  # a name that no folder can have, as one of a thousand letters
        return False


def _from_plug_in(name: str) -> Path | None:
    """Look for the pack of another distribution, as files alone: none of its code is run."""
    for entry in entry_points(group=RESOURCES, name=name):
        folder = _folder_of(entry, entry.attr)
        if folder is None:
            raise PackError(f"its plug-in has no folder {entry.value}")
        return folder
    for entry in entry_points(group=ENTRY_POINTS, name=name):
        folder = _folder_of(entry, BESIDE) if _is_only_role(entry) else None
        if folder is None:
            raise PackError(f"its plug-in names no folder among its entry points '{RESOURCES}'")
        return folder
    return None


def _folder_of(entry: EntryPoint, inside: str) -> Path | None:
    """Find a folder in an entry's package; its top level is looked up, and not imported."""
    top, *below = entry.module.split(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    homes = spec.submodule_search_locations if spec is not None else None
    folders = (Path(home, *below, *inside.split(".")) for home in homes or ())
    return next((folder for folder in folders if folder.is_dir()), None)


def _is_only_role(entry: EntryPoint) -> bool:
    return entry.dist is None or len(entry.dist.entry_points.select(group=ENTRY_POINTS)) == 1


def packs_for(policy: Path) -> list[str]:
    """Name the packs that a policy can use: those beside it, too."""
    beside = (policy if policy.is_dir() else policy.parent).parent / "packs"
    near = (
        (folder.name for folder in beside.iterdir() if folder.is_dir()) if beside.is_dir() else ()
    )
    return sorted({*known_packs(), *filter(str.isidentifier, near)})


def known_packs() -> list[str]:
    """Name the packs that come with the engine or a plug-in."""
    return sorted(own_packs() | _of_plug_ins(tuple(sys.path)))


@lru_cache(maxsize=4)
def _of_plug_ins(path: tuple[str, ...]) -> frozenset[str]:  # noqa: ARG001 - they are found there
    groups = (entry_points(group=group) for group in (RESOURCES, ENTRY_POINTS))
    return frozenset(entry.name for entries in groups for entry in entries)


def own_packs() -> set[str]:
    """Name the packs that come with the engine."""
    return {folder.name for folder in rules_dir().iterdir() if folder.is_dir()}


def entry_points(*, group: str, name: str | None = None) -> EntryPoints:
    """List what is installed; to look for it takes its time, and is seldom needed."""
    from importlib import metadata  # noqa: PLC0415 - slow to import, too

    found = metadata.entry_points(group=group)
    return found if name is None else found.select(name=name)
