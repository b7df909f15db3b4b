"""A bound policy as a list of rows of JSON, and such a list as a bound policy.

A row is the name of a class and the parts of one value of it; a part is text, a whole number, a
boolean, null, or ``[n]`` for the value of row n, which stands above. The last row is the policy.
Values that are alike share a row, as do most types. Places are written by the file's name in
``Policy.contents``, so that the same rows serve a policy wherever its files lie.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.artefacts.shapes import CHANGEABLE, CLASSES
from pmo_engine.policy.policy import Policy
from pmo_engine.source.diagnostics import Mark
from pmo_engine.source.marked import FileLines, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Row = list[Any]
CONTENTS = "contents"
ATOMS = frozenset({str, int, bool, type(None)})


class Unknown(TypeError):
    """A value of a class that no artefact holds."""


def rows_of(policy: Policy, files: Mapping[str, str]) -> list[Row]:
    """Take a policy apart; ``files`` gives what marks call each file of its contents.

    Raises Unknown.
    """
    writer = _Writer(policy, {name: kept for kept, name in files.items()})
    writer.part(policy)
    return writer.rows


def policy_of(rows: list[Row], contents: Mapping[str, bytes], files: Mapping[str, str]) -> Policy:
    """Put a policy together from rows, with these contents; ``files`` as for ``rows_of``.

    Rows that none such wrote may fail in any way, but run no code beyond making values.
    """
    made: list[Any] = []
    together = _makers(contents, files)
    for name, *parts in rows:
        values = [made[part[0]] if type(part) is list else part for part in parts]
        made.append(together[name](*values))
    found = made[-1]
    if not isinstance(found, Policy):
        raise Unknown(f"the last row is a {type(found).__name__}, no policy")
    return found


class _Writer:
    """Writes rows, the parts of a value before it."""

    def __init__(self, policy: Policy, kept: Mapping[str, str]) -> None:
        self.rows: list[Row] = []
        self._contents = policy.contents
        self._kept = kept
        self._by_identity: dict[int, tuple[Any, Row]] = {}  # the value too, so that it lives on
        self._by_text: dict[str, Row] = {}

    def part(self, value: Any) -> Any:
        """Give what stands for a value in the row of another."""
        if type(value) in ATOMS:
            return value
        found = self._by_identity.get(id(value))
        if found is None:
            found = self._by_identity[id(value)] = value, self._reference(value)
        return found[1]

    def _reference(self, value: Any) -> Row:
        row = self._row(value)
        text = json.dumps(row)
        found = None if type(value) in CHANGEABLE else self._by_text.get(text)
        if found is None:
            found = self._by_text[text] = [len(self.rows)]
            self.rows.append(row)
        return found

    def _row(self, value: Any) -> Row:
        if value is self._contents:
            return [CONTENTS]
        if isinstance(value, Mark):
            return ["Mark", self._kept.get(value.file, value.file), value.line, value.column]
        if isinstance(value, Text):
            return ["Text", str(value), self.part(value.mark), value.style, value.knows_its_file]
        shape = CLASSES.get(type(value))
        if shape is None:
            raise Unknown(f"a {type(value).__name__} has no place in an artefact")
        return [type(value).__name__, *map(self.part, shape.apart(value))]


def _makers(
    contents: Mapping[str, bytes], files: Mapping[str, str]
) -> dict[str, Callable[..., Any]]:
    lines = {name: FileLines(contents[kept]) for kept, name in files.items()}

    def mark(file: str, line: int, column: int) -> Mark:
        return Mark(files.get(file, file), line, column)

    def text(value: str, mark: Mark, style: str, *knows_its_file: bool) -> Text:
        return Text(value, mark, style, lines[mark.file] if all(knows_its_file) else None)

    own: dict[str, Callable[..., Any]] = {CONTENTS: lambda: contents, "Mark": mark, "Text": text}
    return own | {cls.__name__: shape.together for cls, shape in CLASSES.items()}
