"""Finding packs: beside the policy, among those that come with the engine, or in a plug-in."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import TypeAlias

from pmo_engine.resources import rules_dir

PackFinder: TypeAlias = Callable[[str, Path], Path | None]
ENTRY_POINTS = "pmo_engine.roles"


class PackError(ValueError):
    """A pack whose plug-in fails, with the plug-in's reason."""


def find_pack(name: str, policy: Path) -> Path | None:
    """Find a pack's folder by name; ``policy`` is the folder (or file) that uses it."""
    home = policy if policy.is_dir() else policy.parent
    for folder in (home.parent / "packs" / name, rules_dir() / name):
        if name.isidentifier() and folder.is_dir():
            return folder
    return _from_plug_in(name)


def _from_plug_in(name: str) -> Path | None:
    """Look for the pack that a role of another distribution carries; loads only that role."""
    for entry in entry_points(group=ENTRY_POINTS, name=name):
        try:
            folder = getattr(entry.load(), "pack", None)
        except (Exception, SystemExit) as error:  # whatever a plug-in raises
            raise PackError(f"its plug-in failed: {type(error).__name__}: {error}") from error
        if isinstance(folder, Path) and folder.is_dir():
            return folder
    return None


def packs_for(policy: Path) -> list[str]:
    """Name the packs that a policy can use: those beside it, too."""
    beside = (policy if policy.is_dir() else policy.parent).parent / "packs"
    near = (
        (folder.name for folder in beside.iterdir() if folder.is_dir()) if beside.is_dir() else ()
    )
    return sorted({*known_packs(), *filter(str.isidentifier, near)})


def known_packs() -> list[str]:
    """Name the packs that come with the engine or a plug-in."""
    own = {folder.name for folder in rules_dir().iterdir() if folder.is_dir()}
    return sorted(own | {entry.name for entry in entry_points(group=ENTRY_POINTS)})
