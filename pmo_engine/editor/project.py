"""A policy that is being written: checked again after each change, with what it last declared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pmo_engine.compiler.folders import policy_of
from pmo_engine.compiler.loading import check_policy
from pmo_engine.compiler.names import Index
from pmo_engine.compiler.pack_folders import PackError, find_pack
from pmo_engine.compiler.policy_files import SUFFIXES
from pmo_engine.editor.index import index_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_engine.editor.buffers import Buffers
    from pmo_engine.policy import Policy
    from pmo_engine.source.diagnostics import Diagnostic


class Project:
    """One folder (or file) with a policy or a pack, as it stands in an editor."""

    def __init__(self, root: Path, buffers: Buffers) -> None:
        self.root = root
        self.buffers = buffers
        self.policy: Policy | None = None
        self.index = Index()
        self.diagnostics: Mapping[Path, Sequence[Diagnostic]] = {}

    def check(self) -> None:
        """Read, bind and check everything; what cannot be read is remembered as it last was."""
        checked = check_policy(self.root, files=self.buffers)
        found: dict[Path, list[Diagnostic]] = {}
        for item in checked.diagnostics:
            found.setdefault(self.path_of(item.file), []).append(item)
        self.diagnostics = found
        if checked.partial is not None:
            self.policy = checked.partial
        files = self.buffers.below(self.root)
        remembered = [each for file in files for each in self.buffers.remembered(file)]
        self.index = index_of([*checked.documents, *remembered])

    def path_of(self, file: str) -> Path:
        """Find the file that a mark speaks of: those of packs are named by the pack."""
        path = Path(file)
        if path.is_absolute() or not path.parts:
            return path
        try:
            folder = find_pack(path.parts[0], self.root)
        except PackError:
            folder = None
        return path if folder is None else folder.joinpath(*path.parts[1:])


def root_of(path: Path) -> Path:
    """Give the folder of the policy that a file, which may not be saved yet, is a part of."""
    if path.is_file():
        return policy_of(path, whole=True)
    beside = [each for each in sorted(path.parent.glob("*")) if each.suffix in SUFFIXES]
    root = policy_of(beside[0], whole=True) if beside else path
    return root if root.is_dir() else path
