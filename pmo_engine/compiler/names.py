"""What documents declare under a name, as far as they can be read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from typing import Literal, Protocol, TypeAlias

from pmo_engine.model.frozen import dataclass
from pmo_engine.source.diagnostics import NOWHERE, Mark
from pmo_engine.source.yaml_source import Text

What: TypeAlias = Literal[
    "role",
    "functional",
    "ladder",
    "office",
    "rule",
    "gate",
    "stage",
    "event",
    "act",
    "verb",
    "calendar",
    "pack",
    "table",
    "register",
    "type",
    "fact",
    "figure",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a name: what it is in a few words, what there is to say, and its place."""

    name: str
    detail: str = ""
    about: str = ""
    mark: Mark = NOWHERE
    choices: tuple[str, ...] = ()  # the values that a field may have


@dataclass(slots=True)
class Index:
    """Everything that can be named, by what it is; records have fields, packs parameters."""

    named: defaultdict[What, dict[str, Entry]] = field(default_factory=lambda: defaultdict(dict))
    records: dict[str, dict[str, Entry]] = field(default_factory=dict)  # by the record's root
    plurals: dict[str, str] = field(default_factory=dict)  # a plural and the root of its records
    nouns: dict[str, str] = field(default_factory=dict)  # a noun and the root of its records
    parameters: defaultdict[str, dict[str, Entry]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def add(self, what: What, entry: Entry) -> None:
        """Enter something; the first of a name stays."""
        self.named[what].setdefault(entry.name, entry)


class Declared(Protocol):
    """A field of a register, or a parameter of a pack."""

    @property
    def type(self) -> Text | list[Text]:
        """Give its type by name, or the words that it may be."""

    @property
    def about(self) -> Text | None:
        """Give what it holds, in words."""

    @property
    def mark(self) -> Mark:
        """Give its place in the file."""


def declared_field(name: str, entry: Declared) -> Entry:
    """Make an entry of a field, with the values that it may have."""
    choices = tuple(map(str, entry.type)) if isinstance(entry.type, list) else ()
    detail = f"one of {', '.join(choices)}" if choices else f"{entry.type}{_range(entry)}"
    return Entry(name, detail, str(entry.about or ""), entry.mark, choices)


def _range(entry: Declared) -> str:
    """Say the range of a field that has one, as it is written."""
    if among := getattr(entry, "one_of", ()):
        return f" among {', '.join(map(str, among))}"
    low, high = getattr(entry, "from_", None), getattr(entry, "to", None)
    return ("" if low is None else f" from {low}") + ("" if high is None else f" to {high}")
