"""What a document is made of: sections, clauses, tables, pictures. Plain values, no markup."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.source.diagnostics import Mark

Style: TypeAlias = Literal["", "strong", "emphasis", "code", "green", "amber", "red"]
Part: TypeAlias = Literal["terms", "framework", "pack", "mandate", "report"]
Time: TypeAlias = Literal["", "past", "in force", "announced"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style, or on the ground of a colour.

    ``to`` is the id of what it links to here, ``href`` a link elsewhere.
    """

    text: str
    style: Style = ""
    to: str = ""
    href: str = ""


Words: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered statement of the policy.

    ``id`` says what it is about (``rule/change-approval``) and stays the same while that does;
    ``number`` is its place in the document; ``text`` is what it says, lines apart.
    """

    id: str
    number: str
    heading: str
    text: str
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that is no clause; one that ``heads`` what comes next stands on its page."""

    words: Words
    heads: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, which links can point to if it is a clause of its own or has an ``id``.

    ``time`` says whether a dated value is past, in force or announced on the document's day.
    """

    cells: tuple[Words, ...]
    clause: Clause | None = None
    id: str = ""
    time: Time = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading for each column; ``numbers``: the places of those of numbers."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Passage:
    """A gate as a picture shows it: between which stages, and who decides."""

    gate: str
    title: str
    from_stage: str
    to_stage: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A picture of stages with the gates between them."""

    stages: tuple[str, ...]
    passages: tuple[Passage, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Step:
    """A rung as a picture shows it: when and what, and whether that is after the due time."""

    when: str
    what: str
    late: bool


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A picture of a ladder: from the asking past the due time."""

    steps: tuple[Step, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Leg:
    """A move as a picture shows it: between which states, and under which number it is said."""

    start: str
    to: str
    number: str


@dataclass(frozen=True, slots=True)
class Life:
    """A picture of the states of a record, those in which it is over, and the moves between."""

    states: tuple[str, ...]
    closed: tuple[str, ...]
    legs: tuple[Leg, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is drawn already, as SVG; ``about`` says it in words; sizes in pixels."""

    svg: str
    title: str
    about: str
    width: int
    height: int


Content: TypeAlias = "Paragraph | Table | Flow | TimeLine | Life | Picture"


@dataclass(frozen=True, slots=True)
class Provision:
    """A clause as it is set: its text, what belongs to it, and notes on where it comes from.

    The lines of its text are ``listed`` as items, or are a statement with what is said about it.
    ``shown`` is false where the body says the same in another form.
    """

    clause: Clause
    body: tuple[Content, ...] = ()
    notes: tuple[Words, ...] = ()
    listed: bool = False
    shown: bool = True


Block: TypeAlias = "Provision | Content"


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section; ``part`` is the document it belongs to."""

    id: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    part: Part

    def clauses(self) -> Iterator[Clause]:
        """Go through the section's clauses in order."""
        for block in self.blocks:
            if isinstance(block, Provision):
                yield block.clause
            tables = block.body if isinstance(block, Provision) else (block,)
            for table in tables:
                if isinstance(table, Table):
                    yield from (row.clause for row in table.rows if row.clause is not None)


@dataclass(frozen=True, slots=True)
class Document:
    """The whole, with what its front page says: of a policy, or else the ``facts``, by name.

    One without a ``digest`` does not say what it was made from.
    ``matrix`` says on one page who may do what; ``signatures`` is the block for those who sign.
    """

    title: str
    name: str
    version: str
    digest: str
    in_force_from: date | None
    on: date
    check: str  # the command that checks the policy it was made from
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...] = ()
    matrix: Table | None = None
    signatures: Table | None = None
    contents: bool = True  # whether a table of contents stands in it

    def clauses(self) -> Iterator[Clause]:
        """Go through all clauses in order."""
        for section in self.sections:
            yield from section.clauses()
