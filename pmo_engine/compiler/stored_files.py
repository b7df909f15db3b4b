"""A policy loaded again from the files that an earlier loading kept, its packs' included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pmo_engine.compiler.loading import bind, uncollected
from pmo_engine.compiler.policy_files import IN_PACK
from pmo_engine.compiler.reading import Files, Part, part_of, read_folder
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.source.yaml_source import compose_bytes

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
