"""The three cases at and beside every limit, and which of them the suites have."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pmo_engine.analysis.limits import Boundary, boundaries_of
from pmo_engine.analysis.situation import Situation
from pmo_engine.analysis.solving import gap_between, gap_of
from pmo_engine.authority.functions import functions
from pmo_engine.engines.traces import Trace
from pmo_engine.engines.tracing import EvaluationLimit, evaluate_in_rule
from pmo_engine.feel import nodes as n
from pmo_engine.feel.bounds import takes
from pmo_engine.feel.quantities import Quantity, as_number, is_quantity, like, step_of
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.as_of import turning_days
from pmo_engine.policy.events import EventError, make_event, read_event
from pmo_engine.policy.fact_paths import fact, path_of
from pmo_engine.policy.suites.asserting import asserts_of
from pmo_engine.prose.expressions import in_words
from pmo_engine.prose.values import value_in_words
from pmo_engine.suites.running import event_of, first_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmo_engine.engines.engine import Engine
    from pmo_engine.policy import Case, Policy, Rule, Suite

Side: TypeAlias = Literal["below", "at", "above"]
SIDES: tuple[Side, ...] = ("below", "at", "above")
OFFSETS: Mapping[Side, int] = {"below": -1, "at": 0, "above": 1}
NEVER_NEGATIVE = frozenset({"count", "string length"})


@dataclass(frozen=True, slots=True)
class Tried:
    """A case of a suite, as its event is judged."""

    suite: Suite
    case: Case
    situation: Situation

    @property
    def name(self) -> str:
        """Name it for people."""
        return f"{self.suite.id}: {self.case.name}"

    @property
    def asserted(self) -> tuple[Rule, ...]:
        """Give the rules in force of which the case says anything."""
        rules = self.situation.selection.rules
        return tuple(rule for rule in rules if asserts_of(self.suite, self.case, rule))

    def judges(self, boundary: Boundary) -> bool:
        """Tell whether the case says anything of a rule of the boundary that is in force."""
        return boundary.is_written_for(self.situation.selection) and any(
            self.situation.selection.by_id.get(rule.id) is rule
            and asserts_of(self.suite, self.case, rule)
            for rule in boundary.rules
        )


@dataclass(frozen=True, slots=True)
class Point:
    """One of the three cases: the value that it needs, where that is known, and who has it."""

    side: Side
    value: Quantity | None
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Bound:
    """A boundary with one of its limits; ``since`` is the first day of a dated one.

    ``limit`` is ``None`` where it is worked out for each case.
    """

    boundary: Boundary
    limit: Quantity | None
    since: date | None
    step: Decimal | None
    points: tuple[Point, ...]
    tried: tuple[Tried, ...] = field(repr=False)

    @cached_property
    def missed(self) -> tuple[Point, ...]:
        """Give the cases that no suite has."""
        return tuple(point for point in self.points if not point.cases)


def tried_by(engine: Engine, on: date | None = None) -> tuple[Tried, ...]:
    """Give the cases of all suites; one whose event cannot be judged is left out.

    Cases without a time of their own happen ``on`` this day.
    """
    return tuple(_tried(engine, on))


def _tried(engine: Engine, on: date | None) -> Iterator[Tried]:
    for suite in engine.policy.suites:
        for case in suite.cases:
            try:
                event = read_event(engine.policy, event_of(engine.policy, case, on))
            except EventError:
                continue
            yield Tried(suite, case, Situation(engine, event))


def bounds_of(engine: Engine, tried: Iterable[Tried], rules: Iterable[Rule]) -> tuple[Bound, ...]:
    """Find every limit of some rules, and which cases stand at and beside it.

    What the columns of a table allow is no limit: beyond it there is no answer to be tested.
    """
    tried = tuple(tried)
    found = boundaries_of(engine.policy, rules)
    boundaries = [each for each in found if each.row or not each.table]
    steps = written_steps(engine, boundaries)
    return tuple(
        bound for boundary in boundaries for bound in _bounds(engine, boundary, tried, steps)
    )


def written_steps(engine: Engine, boundaries: Iterable[Boundary]) -> dict[str, Decimal]:
    """Give for each path the finest step of the constants that it is compared with."""
    steps: dict[str, Decimal] = {}
    for boundary in boundaries:
        path = path_of(boundary.left)
        if path is not None and boundary.inside is None and boundary.is_fixed:
            for limit, _ in limits_of(engine, boundary):
                steps[path] = min(step_of(limit), steps.get(path, step_of(limit)))
    return steps


def limits_of(engine: Engine, boundary: Boundary) -> list[tuple[Quantity, date | None]]:
    """Give the values of a limit that looks at no fact, each with the day from which it holds."""
    policy = engine.policy
    found: dict[Any, date] = {}
    for day in _days(policy):
        written = boundary.rules if day in boundary.in_force else ()
        holding = [rule for rule in written if day in rule.in_force]
        if not holding:
            continue
        event = make_event(policy, holding[0].on[0], first_moment(policy), {})
        value = _quietly(boundary.right, functions(engine.selection(event, day), event.facts))
        if is_quantity(value):
            found.setdefault(value, day)
    return [(value, day if len(found) > 1 else None) for value, day in found.items()]


def _days(policy: Policy) -> list[date]:
    """List the days on which a dated value may change, from the policy's first day on."""
    first = policy.in_force_from or date.min
    return [first, *sorted(day for day in turning_days(policy) if day > first)]


def _quietly(node: n.Node, scope: dict[str, Any]) -> Any:
    try:
        return evaluate_in_rule(node, scope)
    except EvaluationLimit:
        return None


def _bounds(
    engine: Engine, boundary: Boundary, tried: tuple[Tried, ...], steps: Mapping[str, Decimal]
) -> Iterator[Bound]:
    judging = tuple(each for each in tried if each.judges(boundary))
    measured = [(each, *pair) for each in judging for pair in sides_of(each.situation, boundary)]
    limits = limits_of(engine, boundary) if boundary.is_fixed else [(None, None)]
    for limit, since in limits:
        step = None if limit is None else step_at(boundary, limit, steps)
        found = [
            (each, side_of(each.situation, boundary, left, right, step))
            for each, left, right in measured
            if limit is None or right == limit
        ]
        points = tuple(_points(engine.policy, boundary, limit, step, found))
        yield Bound(boundary, limit, since, step, points, judging)


def sides_of(situation: Situation, boundary: Boundary) -> list[tuple[Any, Any]]:
    """Give what the two sides come to: once, or in a loop or filter once for each item."""
    if boundary.inside is None:
        return [(situation.value(boundary.left), situation.value(boundary.right))]
    watching = _Watching(boundary.left, boundary.right)
    situation.value(boundary.inside, watching)
    return watching.pairs


class _Watching(Trace):
    """Notes both sides of a comparison every time that the limit has been worked out."""

    def __init__(self, left: n.Node, right: n.Node) -> None:
        super().__init__()
        self.left, self.right = left, right
        self.pairs: list[tuple[Any, Any]] = []

    def keep(self, node: n.Node, value: Any) -> None:
        """Record what a node came to."""
        super().keep(node, value)
        if node is self.right and self.reached(self.left):
            self.pairs.append((self.of(self.left), value))


def side_of(
    situation: Situation, boundary: Boundary, left: Any, right: Any, step: Decimal | None
) -> Side | None:
    """Say at which point beside a limit a situation stands, if at any."""
    gap = gap_between(left, right)
    if gap is None:
        return None
    if gap == 0:
        return "at"
    near = abs(gap) <= (step or step_of(right)) or _one_step_away(situation, boundary, gap)
    return ("below" if gap < 0 else "above") if near else None


def step_at(boundary: Boundary, limit: Quantity, steps: Mapping[str, Decimal]) -> Decimal:
    """Give the smallest step beside a limit."""
    return steps.get(path_of(boundary.left) or "", step_of(limit))


def _one_step_away(situation: Situation, boundary: Boundary, gap: Decimal) -> bool:
    """Tell whether one fact, moved by its smallest step, reaches the limit or passes it.

    A fact that is held against a fixed limit by itself is as near as its difference says.
    """
    if boundary.inside is not None or (boundary.is_fixed and path_of(boundary.left) is not None):
        return False
    for path in situation.looked_at(boundary.left, boundary.right):
        value = fact(situation.event.facts, path)
        if not is_quantity(value):
            continue
        moving = gap_of(situation, boundary.left, boundary.right, path, value)
        number, step = as_number(value), step_of(value)
        for moved in (moving(number - step), moving(number + step)):
            if moved is not None and (moved == 0 or (moved < 0) != (gap < 0)):
                return True
    return False


def _points(
    policy: Policy,
    boundary: Boundary,
    limit: Quantity | None,
    step: Decimal | None,
    found: Iterable[tuple[Tried, Side | None]],
) -> Iterator[Point]:
    found = list(found)
    for side in SIDES:
        value = None
        if limit is not None and step is not None:
            value = like(limit, as_number(limit) + OFFSETS[side] * step)
            if value is None or _impossible(boundary.left, value):
                continue
            if not takes(boundary.left.static_type, value):
                continue
            if not _is_allowed(policy, boundary, value):
                continue
        names = dict.fromkeys(each.name for each, at in found if at == side)
        yield Point(side, value, tuple(names))


def _impossible(left: n.Node, value: Quantity) -> bool:
    match left:
        case n.Call(n.Name(name)):
            return name in NEVER_NEGATIVE and as_number(value) < 0
        case _:
            return False


def _is_allowed(policy: Policy, boundary: Boundary, value: Quantity) -> bool:
    """Tell whether the column of a table takes a value; beyond that there is nothing to test."""
    table = policy.tables.get(boundary.table)
    for row in table.rows if table is not None else ():
        for column, cell in zip(table.inputs, row.when, strict=True) if table is not None else ():
            if cell.mark == boundary.mark and column.allowed is not None:
                return _quietly(column.allowed.node, {"?": value}) is True
    return True


def limit_in_words(policy: Policy, bound: Bound) -> str:
    """Say what is compared with what: "the change's cost is above ... (50,000 GBP)"."""
    said = in_words(bound.boundary.inside or bound.boundary.comparison, policy)
    if bound.limit is None or isinstance(bound.boundary.right, n.Literal):
        return said
    since = f" from {value_in_words(bound.since)} on" if bound.since is not None else ""
    return f"{said} ({value_in_words(bound.limit)}{since})"
