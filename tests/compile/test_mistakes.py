"""Usual mistakes, and what was meant by each: the editor's quick fixes are applied, and compared.

A file of ``mistakes/`` has a frame and what stands in it at «»: as written, and as it was meant
(several where it may mean several things, each a fix of its own; none where nobody can know). The
older cases beside this file say what becomes of their files under ``fixed``.
"""

import difflib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pmo_engine.compiler.loading import check_policy
from pmo_engine.editor.fixes import fixes_of
from pmo_engine.source.diagnostics import Diagnostic, Edit
from tests.compile.test_compile_cases import lay_out, regenerate

HERE = Path(__file__).parent
FRAMES = sorted((HERE / "mistakes").glob("*.yaml"))
CASES = sorted(HERE.glob("mistake_*.yaml"))
STEPS = 8


def _mistakes() -> Iterator[Any]:
    for path in FRAMES:
        frame = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts alone
        for number, (written, meant) in enumerate(frame["mistakes"], 1):
            files = {**frame.get("files", {}), "case.yaml": frame["frame"].replace("«»", written)}
            wanted = [meant] if isinstance(meant, str) else meant
            texts = [frame["frame"].replace("«»", each) for each in wanted]
            yield pytest.param(files, texts, id=f"{path.stem}-{number}-{written}")


MISTAKES = list(_mistakes())


def errors_in(folder: Path) -> list[Diagnostic]:
    found = check_policy(folder).diagnostics
    return [item for item in found if item.severity == "error"]


def first_fixes(folder: Path) -> tuple[Edit, ...]:
    """Give the fixes of the first finding that has any."""
    for item in errors_in(folder):
        lines = (folder / Path(item.file).name).read_text(encoding="utf-8").split("\n")
        if fixes := fixes_of(item, lines[item.line - 1]):
            return fixes
    return ()


def mend(folder: Path, choice: int = 0) -> None:
    """Apply quick fixes, as long as there are any."""
    for _ in range(STEPS):
        fixes = first_fixes(folder)
        if not fixes:
            return
        fix = fixes[min(choice, len(fixes) - 1)]
        path = folder / Path(fix.start.file).name
        lines = path.read_text(encoding="utf-8").split("\n")
        path.write_text("\n".join(fix.applied(lines)), encoding="utf-8")


@pytest.mark.parametrize(("files", "wanted"), MISTAKES)
def test_the_fix_writes_what_was_meant(
    files: dict[str, str], wanted: list[str], tmp_path: Path
) -> None:
    assert errors_in(lay_out(tmp_path, files))
    assert len(first_fixes(tmp_path)) == len(wanted)
    for choice, text in enumerate(wanted):
        mend(lay_out(tmp_path, files), choice)
        assert (tmp_path / "case.yaml").read_text(encoding="utf-8") == text
        assert errors_in(tmp_path) == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_fixes_of_whole_files(path: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    mend(lay_out(tmp_path, case["files"]))
    fixed = [line for name in sorted(case["files"]) for line in _changes(case, tmp_path / name)]
    if os.environ.get("PMO_REGENERATE"):
        regenerate(path, {**case, "fixed": fixed})
    else:
        assert fixed == case["fixed"]
    unmended = case.get("unmended", False)
    assert bool(errors_in(tmp_path)) == unmended


def _changes(case: dict[str, Any], path: Path) -> list[str]:
    """Give the lines that the fixes changed."""
    before = case["files"][path.name].split("\n")
    after = path.read_text(encoding="utf-8").split("\n")
    return [each for each in difflib.ndiff(before, after) if each[0] in "+-"]


def test_there_are_two_hundred_of_them() -> None:
    whole = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in CASES]
    framed = [param for param in MISTAKES if param.values[1]]
    assert len(framed) + sum(bool(case["fixed"]) for case in whole) >= 200
