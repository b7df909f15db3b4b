"""Rooms stay so small that a stranger finds the way."""

from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "pmo_engine"
MOST_MODULES = 25
LARGEST_PART = 0.2  # of all lines
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py"]
HISTORY = PACKAGE / "store" / "migrations" / "versions"  # is read by its numbers, and only grows
FOLDERS = sorted({path.parent for path in MODULES} - {HISTORY})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: str(each.relative_to(PACKAGE.parent)))
def test_a_folder_has_no_more_modules_than_one_can_look_through(folder: Path) -> None:
    own = [path.name for path in MODULES if path.parent == folder]
    assert len(own) <= MOST_MODULES


def test_no_folder_holds_more_than_a_fifth_of_the_lines() -> None:
    lines: Counter[str] = Counter()
    for path in MODULES:
        lines[path.relative_to(PACKAGE).parts[0]] += path.read_text(encoding="utf-8").count("\n")
    room, largest = lines.most_common(1)[0]
    assert largest <= LARGEST_PART * lines.total(), room
