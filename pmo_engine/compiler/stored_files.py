"""A policy loaded again from the files that an earlier loading kept, its packs' included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pmo_engine.compiler.loading import bind, uncollected
from pmo_engine.compiler.pack_folders import PackError, PackFinder, find_pack
from pmo_engine.compiler.reading import DISK, IN_PACK, Files, Part, part_of, read_folder
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.source.yaml_source import MAX_BYTES, compose_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import Policy


class KeptFiles(Files):
    """Files in memory: the policy's own below ``home``, a pack's below a place of its own."""

    def __init__(self, contents: Mapping[str, bytes], home: Path) -> None:
        self._files = {_place(kept, home): data for kept, data in contents.items()}

    def below(self, path: Path) -> list[Path]:
        """List the files that were kept of the policy or of a pack."""
        return [file for file in self._files if file.is_relative_to(path)]

    def read(self, file: Path, name: str) -> Part:
        """Read a file as it was."""
        return part_of(*compose_bytes(self._files[file], name))


def _place(kept: str, home: Path) -> Path:
    pack, sign, inside = kept.partition(IN_PACK)
    return _place_of(pack) / inside if sign else home / kept


def _place_of(pack: str) -> Path:
    return Path(f"{pack}{IN_PACK}")


def is_held_by(path: Path, contents: Mapping[str, bytes], packs: PackFinder = find_pack) -> bool:
    """Say whether a folder, with the packs that it finds, holds exactly these files."""
    own, used = apart(contents)
    try:
        return _bytes_of(path) == own and all(
            (place := packs(name, path)) is not None and _bytes_of(place) == files
            for name, files in used.items()
        )
    except (OSError, PackError):
        return False


def apart(contents: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, dict[str, bytes]]]:
    """Tell a policy's own files from those of each pack, as they are called there."""
    own: dict[str, bytes] = {}
    packs: dict[str, dict[str, bytes]] = {}
    for kept, data in contents.items():
        pack, sign, inside = kept.partition(IN_PACK)
        if sign:
            packs.setdefault(pack, {})[inside] = data
        else:
            own[kept] = data
    return own, packs


def _bytes_of(path: Path) -> dict[str, bytes]:
    found = {}
    for file in DISK.below(path):
        inside = file.name if file == path else file.relative_to(path).as_posix()
        with file.open("rb") as stream:
            found[inside] = stream.read(MAX_BYTES + 1).replace(b"\r\n", b"\n")
    return found


def load_kept(contents: Mapping[str, bytes], name: str) -> Policy:
    """Load a policy from ``Policy.contents`` of an earlier one; raises PolicyError.

    ``name`` stands for the folder where a file is named.
    """
    home = Path(name)
    files = KeptFiles(contents, home)
    with uncollected():
        reading = read_folder(home, files=files)
        checked = bind(reading, home, lambda pack, _: _place_of(pack), files)
    if checked.policy is None:
        raise PolicyError(checked.diagnostics)
    return checked.policy
