"""Headings of other organisations: which column is which field, proposed, saved and read again.

A mapping is a policy document that extends a register with an import. It lies in a folder beside
pmo.toml, for it decides nothing: how a table of somebody else is called changes without a vote.
"""

from __future__ import annotations

import re
from dataclasses import field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Findings
from pmo_engine.compiler.reading import read_data
from pmo_engine.compiler.registers.imports import import_layout
from pmo_engine.exchange.cell_values import alike_in_words
from pmo_engine.exchange.errors import MappingError
from pmo_engine.exchange.headings import alike
from pmo_engine.exchange.sheets import read_table
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.registers import IMPORTED, STATUS
from pmo_engine.source.diagnostics import nearest
from pmo_engine.source.yaml_writing import in_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pmo_engine.policy import ImportLayout, Register

FOLDER = "mappings"
KEY, PROJECT = "key", "project"
CALLED: Mapping[str, tuple[str, ...]] = {
    KEY: ("id", "no", "no.", "number", "ref", "reference", "identifier"),
    PROJECT: ("project id", "project no", "project ref", "project code"),
    STATUS: ("state",),
    "owner": ("owned by", "responsible", "assigned to", "assignee", "action owner"),
    "due": ("due date", "due by", "target date", "deadline", "action by date"),
    "title": ("name", "summary", "headline", "short description"),
    "description": ("details", "detail", "full description"),
    "probability": ("likelihood",),
    "impact": ("consequence",),
    "response": ("mitigation", "treatment", "action"),
    "type": ("category", "kind"),
}
"""What others call the fields that many registers have."""
_UNIT = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
ALIKE = 0.84
"""From this part of their letters on, two names are taken for one, which people look at again."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which column of a table is which field, and what its first row has there.

    ``left_out`` are columns that no field is for, ``lacking`` required fields without a column.
    """

    columns: Mapping[str, str]  # column by field, key and project among them
    left_out: tuple[str, ...]
    lacking: tuple[str, ...]
    first: Mapping[str, str] = field(default_factory=dict)


def propose(register: Register, path: Path, said: Mapping[str, str]) -> Proposal:
    """Say which column is which field; ``said``: what is known, column by column.

    A column that is said to be nothing is left out. Raises MappingError, HistoryError.
    """
    names = {alike(each): each for each in _names(register)}
    for column, name in said.items():
        if name and alike(name) not in names:
            hint = nearest(name, names.values()) or f"fields: {', '.join(names.values())}"
            raise MappingError(f"'{column}' cannot be '{name}', which is no field ({hint})")
    rows = read_table(path, _needed(register, said), [])
    first = next((fields for _, fields in rows), None)
    if first is None:
        raise MappingError(f"{path}: there are no rows below the heading, so nothing to map")
    return _proposed(register, first, {alike(c): name for c, name in said.items()})


def _names(register: Register) -> list[str]:
    return [KEY, PROJECT, STATUS, *sorted(IMPORTED), *register.fields]


def _needed(register: Register, said: Mapping[str, str]) -> list[frozenset[str]]:
    """Give what a heading is known by: the columns that were named, or else any that is known."""
    if said:
        return [frozenset(map(alike, said))]
    return [
        frozenset({alike(each)})
        for name in _names(register)
        for each in (name, name.replace("_", " "), *CALLED.get(name, ()))
    ]


def _proposed(register: Register, first: Mapping[str, str], said: Mapping[str, str]) -> Proposal:
    unknown = [column for column in said if column not in map(alike, first)]
    if unknown:
        raise MappingError(f"the table has no column '{unknown[0]}'; it has {', '.join(first)}")
    found: dict[str, str] = {}
    for column in first:
        if name := said.get(alike(column)):
            if name in found:
                raise MappingError(f"'{found[name]}' and '{column}' cannot both be '{name}'")
            found[name] = column
    for score in (1.0, ALIKE):
        for column in (each for each in first if alike(each) not in said):
            best = _best(register, column, score)
            if best and best not in found and column not in found.values():
                found[best] = column
    named = {column: name for name, column in found.items()}
    ordered = {named[column]: column for column in first if column in named}
    required = (each.name for each in register.fields.values() if each.required)
    return Proposal(
        columns=ordered,
        left_out=tuple(column for column in first if column not in found.values()),
        lacking=tuple(name for name in required if name not in found),
        first=first,
    )


def _best(register: Register, column: str, least: float) -> str | None:
    """Name the field that a column is called like, by at least a part of their letters."""
    scores = {name: _likeness(register, column, name) for name in _names(register)}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= least else None


def _likeness(register: Register, column: str, name: str) -> float:
    """Tell how alike a column and a field are called: without its unit, and the record's noun."""
    plain = alike_in_words(_UNIT.sub("", column))
    bare = plain.removeprefix(f"{alike_in_words(register.noun)} ")
    forms = {alike_in_words(each) for each in (name, *CALLED.get(name, ()))}
    return max(SequenceMatcher(None, one, form).ratio() for one in (plain, bare) for form in forms)


def written(register: Register, name: str, found: Proposal, dates: str | None = None) -> str:
    """Write a mapping as the document that is read again."""
    own = {each: found.columns[each] for each in (KEY, PROJECT) if each in found.columns}
    columns = {each: column for each, column in found.columns.items() if each not in own}
    lines = [
        f"# How another organisation calls the fields of {register.id}; it may be changed by hand.",
        "kind: registers",
        "registers:",
        f"  - extends: {register.id}",
        "    imports:",
        f"      - id: {in_yaml(name)}",
        *(f"        {each}: {in_yaml(column)}" for each, column in own.items()),
        *([f"        dates: {in_yaml(dates)}"] if dates else []),
        "        columns:",
        *(f"          {each}: {in_yaml(column)}" for each, column in columns.items()),
    ]
    return "\n".join(lines) + "\n"


def saved(register: Register, name: str, folder: Path) -> ImportLayout | None:
    """Read a mapping by its name; None where there is none. Raises MappingError."""
    path = folder / f"{name}.yaml"
    if not path.is_file():
        return None
    reading, findings = read_data(path.read_bytes(), str(path)), Findings()
    found = None
    for entry in _imports(reading.of(s.Registers), register):
        if entry.id == name:
            found = import_layout(findings, entry, register.fields)
    wrong = [*reading.diagnostics, *findings.items]
    if wrong:
        raise MappingError("; ".join(map(str, wrong)))
    if found is None:
        raise MappingError(f"{path} has no import '{name}' of {register.id}")
    return found


def _imports(documents: Iterable[s.Registers], register: Register) -> Iterator[s.ImportEntry]:
    for document in documents:
        for each in document.extensions:
            if each.extends == register.id:
                yield from each.imports
