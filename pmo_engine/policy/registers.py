"""What is recorded: registers, how tables of others fill them, how records are listed."""

from __future__ import annotations

from dataclasses import field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, get_args

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import bounds_of, unbounded
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.vocabulary import WHEN_ASKED, Standing
from pmo_engine.policy.expressions import Expression
from pmo_engine.source.diagnostics import NOWHERE, Mark

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pmo_engine.model.event_names import EventName
    from pmo_engine.model.vocabulary import Deciding, Home


SUBMITTED, APPROVED, CLOSED = "submitted", "approved", "closed"
DECIDED = (APPROVED, "rejected", "withdrawn", "rescinded")
"""The states that a decision brings a record into; no move does."""
REFUSED = frozenset(DECIDED[1:])
"""The states of what came to nothing; it is asked for again with a new record."""
OWNER, REQUESTER = "owner", "requester"
"""Who may make a move, beside roles: whom the record names, by whichever account."""
REASON = "reason"


@dataclass(frozen=True, slots=True)
class Move:
    """From some states to one; who may make it, and what it needs.

    ``by`` names roles, OWNER or REQUESTER; whom the terms name, or else may change the record,
    where it names nobody. ``fields`` of the record have to be given, ``approval`` is the role or
    body that has to approve it first.
    """

    start: tuple[str, ...]
    to: str
    by: tuple[str, ...] = ()
    reason: bool = False
    fields: tuple[str, ...] = ()
    approval: str | None = None
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RecordLife:
    """The states of a register's records, the one they are entered in first, and the moves.

    ``states`` are those that are declared; a decision's own are beside them. ``closed`` are those
    in which a record is over. ``declared``: by the policy, and not as every register has it.
    """

    states: tuple[str, ...]
    closed: tuple[str, ...]
    moves: tuple[Move, ...]
    declared: bool = True
    mark: Mark = field(default=NOWHERE, compare=False)

    @property
    def first(self) -> str:
        """The state in which a record is entered."""
        return self.states[0]

    @property
    def every(self) -> tuple[str, ...]:
        """Every state that a record may be in, a decision's own behind the first."""
        return tuple(dict.fromkeys((self.first, *DECIDED, *self.states)))

    @property
    def open(self) -> tuple[str, ...]:
        """The states of a record that is not over."""
        over = {*self.closed, *REFUSED}
        return tuple(state for state in self.every if state not in over)

    def from_(self, state: str) -> Iterator[Move]:
        """Go through the moves that leave a state."""
        return (move for move in self.moves if state in move.start)

    def between(self, state: str, to: str) -> list[Move]:
        """Give the moves from one state to another; several differ in who makes them."""
        return [move for move in self.from_(state) if move.to == to]

    def way(self, state: str, to: str) -> tuple[str, ...] | None:
        """Give the states of the shortest way from one to another.

        It passes no state that is closed, and takes no move that needs an approval.
        """
        ways: dict[str, tuple[str, ...]] = {state: ()}
        for place in (waiting := [state]):
            for move in self.from_(place) if place == state or place not in self.closed else ():
                if move.to not in ways and move.approval is None and move.to not in DECIDED:
                    ways[move.to] = (*ways[place], move.to)
                    waiting.append(move.to)
        return ways.get(to)

    def targets(self, state: str, among: Collection[str]) -> tuple[str, ...]:
        """Name the states among some that a move leads to from one."""
        return tuple(dict.fromkeys(m.to for m in self.from_(state) if m.to in among))


USUAL = RecordLife(
    (SUBMITTED, CLOSED),
    (CLOSED,),
    (
        Move((SUBMITTED, APPROVED), CLOSED),
        Move((CLOSED,), SUBMITTED),
        Move((CLOSED,), APPROVED),
    ),
    declared=False,
)
"""The life of records whose register declares none: decided, closed, opened again."""


EVENTS = (
    *("submitted", "updated", "approved", "rejected", "withdrawn", "rescinded"),
    *("moved", "closed", "reopened"),
)
"""What happens to the records of every register."""
IMPLICIT: tuple[tuple[str, t.Type], ...] = (
    ("key", t.STRING),
    ("status", t.EnumType(USUAL.every)),
    ("standing", t.EnumType(get_args(Standing))),
    ("owner", t.STRING),
    ("due", t.DATE),
    ("submitted_by", t.STRING),
    ("submitted_at", t.MOMENT),
    ("decided_at", t.MOMENT),
    ("closed_at", t.MOMENT),
)
IMPORTED = frozenset({"owner", "due"})  # what every record has and a table may fill
STATUS = "status"
"""The state of a record, which a table may say as well: the record is brought there."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a register's record."""

    name: str
    type: t.Type
    required: bool
    about: str
    set_by: str | None = None  # the role whose holders alone may set it
    names: str | None = None  # as whom it names somebody: owner, producer, reviewer, party
    asks_anew: bool = True  # whether its change asks anew whoever was asked
    baseline_of: str | None = None  # the field whose baseline it is, which only a change moves
    moved_by: tuple[tuple[str, str], ...] = ()  # registers and their fields, where it says so
    first_of: str | None = None  # the baseline whose first value it is, which the engine keeps
    mark: Mark | None = field(default=None, compare=False)


OF_DAYS = ("not before", "not after", "before", "after")
OF_AMOUNTS = ("at least", "at most", "more than", "less than")
IN_TIME = ("not in the future", "not in the past")
OF_PEOPLE = ("a person of the project", "a person")
OF_RECORDS, IN_NO_CIRCLE = "a record of", "in no circle"
A_BODY = "a body"
ANOTHER_PROJECT = "another project"
OF_PROJECTS = ("a project", ANOTHER_PROJECT)
"""What a field must be beside its type; the first two are said of it and another one."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a field of every record must be: ``how`` it stands to another field, or by itself.

    Of OF_RECORDS ``other`` is the register whose records it names by their keys.
    """

    name: str
    how: str
    other: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)

    @property
    def words(self) -> str:
        """Say it as the register's file does: ``not before start``."""
        return f"{self.how} {self.other}".rstrip()


@dataclass(frozen=True, slots=True)
class ImportLayout:
    """How the columns of a table become records of a register.

    ``columns`` are taken from every table, ``first`` from the one that made the record. ``dates``
    is a format of ``strptime``; ``sign``, ``thousands`` and ``decimal`` are what amounts and
    numbers carry.
    """

    id: str
    key: str | None  # columns that name the record, its project, and the project in words
    project: str | None
    project_name: str | None
    columns: tuple[tuple[str, str], ...]  # field of the record, column of the table
    first: tuple[tuple[str, str], ...]
    dates: str | None
    sign: str
    thousands: str
    decimal: str = "."


@dataclass(frozen=True, slots=True)
class Becoming:
    """By which of its fields an approved record becomes a project; it ``carries`` attributes."""

    id: str
    name: str
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changing:
    """Which fields of an approved record say what becomes of which project."""

    project: str
    change: str
    priority: str | None = None


@dataclass(frozen=True)
class Register:
    """A register: how its records are spoken of, and what they hold."""

    id: str
    noun: str
    root: str
    plural: str
    key_prefix: str
    fields: Mapping[str, Field]
    value: str | None  # the money field that authority is measured against
    events: tuple[EventName, ...]  # "<noun>.<what happened>"
    imports: tuple[ImportLayout, ...]
    mark: Mark = field(compare=False)
    life: RecordLife = USUAL
    relations: tuple[Relation, ...] = ()
    of: Home = "project"  # whose records it holds
    decided: Deciding = "always"  # whether one about which nobody is asked waits for a decision
    becomes: Becoming | None = None  # the project that an approved record becomes
    changes: Changing | None = None  # what an approved record does to a project

    @property
    def given(self) -> dict[str, Field]:
        """Give the fields that people fill in: all but those that the engine keeps itself."""
        return {name: each for name, each in self.fields.items() if each.first_of is None}

    @cached_property
    def called_by(self) -> str | None:
        """Name the field that says what a record is called.

        It is the one that its project would be called by, or else the first in which people write
        what they like: that names nobody, and no record, project or body.
        """
        if self.becomes is not None:
            return self.becomes.name
        related = {each.name for each in self.relations}
        written = (each for each in self.given.values() if unbounded(each.type) == t.STRING)
        free = (each.name for each in written if each.names is None and each.set_by is None)
        return next((name for name in free if name not in related), None)

    @cached_property
    def set_by_roles(self) -> frozenset[str]:
        """Name the fields that are each one role's to set."""
        return frozenset(name for name, each in self.fields.items() if each.set_by is not None)

    @cached_property
    def record(self) -> t.ContextType:
        """Give the type of one record: its own fields and those that every record has."""
        own = tuple((field.name, _as_given(field.type)) for field in self.fields.values())
        every = {**dict(IMPLICIT), "status": t.EnumType(self.life.every)}
        return t.ContextType((*own, *every.items()), self.root)

    @cached_property
    def kept(self) -> dict[str, t.Type]:
        """Give the types of a record's fields as they are read back, whatever their ranges are."""
        return {name: unbounded(kind) for name, kind in self.record.entries}

    @property
    def stands_unasked(self) -> bool:
        """Tell whether a record about which nobody is asked stands as it was entered."""
        return self.decided == WHEN_ASKED

    @property
    def of_offices(self) -> bool:
        """Tell whether its records are an office's and no project's."""
        return self.of == "office"


@dataclass(frozen=True, slots=True)
class View:
    """A list of the records of the register ``of``.

    ``sort``: names of fields or figures, each with whether the highest comes first. ``show``: the
    columns; none named are all.
    """

    id: str
    of: str
    title: str = ""
    where: Expression | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    show: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot be so of a record: the condition, and what is wrong where it holds."""

    when: Expression
    says: str


@dataclass(frozen=True, slots=True)
class Quality:
    """What the open records of a register have to be.

    ``complete``: fields that have to be there; ``stale_days``: how many days old what they say may
    be, counted from the day in ``since``, or else from their last change.
    """

    of: str
    complete: tuple[str, ...] = ()
    stale_days: int | None = None
    since: str | None = None
    contradictions: tuple[Contradiction, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


CHANGES = frozenset({"change", "change_request"})
"""The nouns of records that move baselines where these do not say which do."""


QUORUM, LAST_DAY = "quorum", "last_day"
"""What fields that are worked out may ask of the office."""
OFFICE_FUNCTIONS: Mapping[str, t.FunctionType] = MappingProxyType(
    {
        QUORUM: t.FunctionType((t.STRING, t.DATE), t.NUMBER, ("body", "on")),
        LAST_DAY: t.FunctionType((t.STRING,), t.DATE, ("person",)),
    }
)


def last_days_of(derived: Mapping[str, Expression]) -> tuple[str, ...]:
    """Name the fields that keep somebody's last day, of those that are worked out."""
    return tuple(name for name, each in derived.items() if asks_last_day(each))


def asks_last_day(expression: Expression) -> bool:
    """Tell whether a field is worked out from somebody's last day."""
    nodes = walk(expression.node)
    return any(isinstance(each, n.Name) and each.name == LAST_DAY for each in nodes)


def others_of(register: Register) -> str:
    """Name the records of all projects beside the one in hand, as rules on it call them."""
    return f"other_{register.plural}"


def movers_of(field: Field, registers: Mapping[str, Register]) -> dict[str, frozenset[str]]:
    """Give the registers whose approved records move a baseline, and the fields that name whose."""
    found: dict[str, set[str]] = {}
    for register, name in field.moved_by:
        found.setdefault(register, set()).add(name)
    for each in registers.values() if not found else ():
        if each.noun in CHANGES:
            found[each.id] = {name for name, one in each.fields.items() if is_text(one.type)}
    return {register: frozenset(names) for register, names in found.items()}


def is_text(kind: t.Type) -> bool:
    """Tell whether values of a type are texts, or lists of texts."""
    return (kind.item if isinstance(kind, t.ListType) else kind) == t.STRING


def record_type(register: Register) -> t.ContextType:
    """Give the type of one record of a register."""
    return register.record


def _as_given(type_: t.Type) -> t.Type:
    """Give the type that a fact has: what is given as a moment is read with its zone."""
    if isinstance(type_, t.ListType):
        return t.ListType(_as_given(type_.item))
    return replace(t.MOMENT, bounds=bounds_of(type_)) if type_ == t.DATE_TIME else type_
