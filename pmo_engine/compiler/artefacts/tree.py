"""A bound policy as groups of values in JSON, and such groups as a bound policy.

The first group is of text, whole numbers, booleans and null. Every other is the name of a class
and a column for each part of its values, with the numbers of the values that are these parts:
counted from 0 through all groups, each in a group above. A group without columns is one value. The
last value is the policy. Values that are alike are one, as are most types. Places are written by
the file's name in ``Policy.contents``, so that the same groups serve a policy wherever it lies.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from pmo_engine.compiler.artefacts.shapes import CHANGEABLE, CLASSES, Parts, one_by_one
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.policy import Policy
from pmo_engine.source.diagnostics import Mark
from pmo_engine.source.marked import FileLines, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Group = list[Any]
CONTENTS = "contents"
ATOMS = frozenset({str, int, bool, type(None)})


class Unknown(TypeError):
    """A value of a class that no artefact holds."""


def groups_of(policy: Policy, files: Mapping[str, str]) -> list[Group]:
    """Take a policy apart; ``files`` gives what marks call each file of its contents.

    Raises Unknown.
    """
    writer = _Writer(policy, {name: kept for kept, name in files.items()})
    writer.number_of(policy)
    return writer.groups()


def policy_of(
    groups: list[Group], contents: Mapping[str, bytes], files: Mapping[str, str]
) -> Policy:
    """Put a policy together from groups, with these contents; ``files`` as for ``groups_of``.

    Groups that none such wrote may fail in any way, but run no code beyond making values.
    """
    atoms, *rest = groups
    if not ATOMS.issuperset(map(type, atoms)):
        raise Unknown("the first group holds what has parts")
    made = [*atoms]
    together = _makers(contents, files)
    for name, *columns in rest:
        parts = [[made[number] for number in column] for column in columns]
        if len({*map(len, parts)}) > 1:
            raise Unknown(f"the columns of {name} are not of one length")
        made += together[name](parts)
    found = made[-1]
    if not isinstance(found, Policy):
        raise Unknown(f"the last value is a {type(found).__name__}, no policy")
    return found


@dataclass(frozen=True, slots=True)
class _Value:
    """A value as it is written: the name of its class, and the numbers of its parts."""

    name: str
    parts: tuple[int, ...]
    depth: int  # above those of its parts


class _Writer:
    """Numbers values, the parts of one before it; then brings those of a kind together."""

    def __init__(self, policy: Policy, kept: Mapping[str, str]) -> None:
        self._contents = policy.contents
        self._kept = kept
        self._values: list[_Value | tuple[Any]] = []  # an atom as a tuple of one
        self._by_identity: dict[int, tuple[Any, int]] = {}  # the value too, so that it lives on
        self._by_looks: dict[Any, int] = {}

    def number_of(self, value: Any) -> int:
        """Give the number of a value, which has one afterwards."""
        if type(value) in ATOMS:
            return self._numbered((type(value), value), (value,))
        found = self._by_identity.get(id(value))
        if found is None:
            name, *parts = self._apart(value)
            numbers = tuple(map(self.number_of, parts))
            looks = object() if type(value) in CHANGEABLE else (name, *numbers)
            depth = 1 + max(map(self._depth, numbers), default=0)
            number = self._numbered(looks, _Value(name, numbers, depth))
            found = self._by_identity[id(value)] = value, number
        return found[1]

    def groups(self) -> list[Group]:
        """Give all that was numbered, with the numbers that follow from the groups."""
        atoms = [n for n, each in enumerate(self._values) if not isinstance(each, _Value)]
        kinds: defaultdict[tuple[int, str, int, int], list[int]] = defaultdict(list)
        for n, each in enumerate(self._values):
            if isinstance(each, _Value):
                alone = 0 if each.parts else n
                kinds[each.depth, each.name, len(each.parts), alone].append(n)
        together = [kinds[kind] for kind in sorted(kinds)]
        places = {n: place for place, n in enumerate(chain(atoms, *together))}
        return [
            [cast("tuple[Any]", self._values[n])[0] for n in atoms],
            *(self._group(numbers, places) for numbers in together),
        ]

    def _group(self, numbers: list[int], places: dict[int, int]) -> Group:
        values = [cast("_Value", self._values[n]) for n in numbers]
        rows = [[places[part] for part in each.parts] for each in values]
        return [values[0].name, *map(list, zip(*rows, strict=True))]

    def _numbered(self, looks: Any, value: _Value | tuple[Any]) -> int:
        number = self._by_looks.setdefault(looks, len(self._values))
        if number == len(self._values):
            self._values.append(value)
        return number

    def _depth(self, number: int) -> int:
        value = self._values[number]
        return value.depth if isinstance(value, _Value) else 0

    def _apart(self, value: Any) -> list[Any]:
        if value is self._contents:
            return [CONTENTS]
        if isinstance(value, Mark):
            return ["Mark", self._kept.get(value.file, value.file), value.line, value.column]
        if isinstance(value, Text):
            return ["Text", str(value), value.mark, value.style, value.knows_its_file]
        shape = CLASSES.get(type(value))
        if shape is None:
            raise Unknown(f"a {type(value).__name__} has no place in an artefact")
        return [type(value).__name__, *shape.apart(value)]


def _makers(
    contents: Mapping[str, bytes], files: Mapping[str, str]
) -> dict[str, Callable[[Parts], list[Any]]]:
    lines = {name: FileLines(contents[kept]) for kept, name in files.items()}

    def mark(file: str, line: int, column: int) -> Mark:
        return Mark(files.get(file, file), line, column)

    def text(value: str, mark: Mark, style: str, knows_its_file: bool) -> Text:  # noqa: FBT001
        return Text(value, mark, style, lines[mark.file] if knows_its_file else None)

    return {
        CONTENTS: one_by_one(lambda: contents),
        "Mark": one_by_one(mark),
        "Text": one_by_one(text),
        **{cls.__name__: shape.together for cls, shape in CLASSES.items()},
    }
