"""From which day on rules may have another answer, where nothing changes but the day.

Sound, not sharp: a day before the answer changes may be given, never one after it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pmo_engine.engines.backend import scope_of
from pmo_engine.engines.tracing import evaluate_in_rule
from pmo_engine.feel import nodes as n
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.walk import walk
from pmo_engine.model.working_time.calendar import YEARS
from pmo_engine.policy import RequireApproval
from pmo_engine.policy.events import PLACES
from pmo_engine.policy.registers import record_type
from pmo_engine.policy.rounds import RETURNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.policy import Effect
    from pmo_engine.policy.selection import Selection

TODAY = "today"
STEADY = frozenset(
    {TODAY, "project", "stage", "office", "tolerance", "tolerated", "working_days_between"}
)
"""What the day changes, or a write that is told of; what hangs on all else is looked at daily."""
CHANGING = frozenset({"now", "vacancies", RETURNS, "history", "actor"})
"""What may be otherwise without a write, even where a field of a record is called so."""
FURTHEST = timedelta(days=366 * 20)
"""How far ahead is looked; on that day it is asked again."""
_DAY = timedelta(days=1)


class _Unsteady(Exception):
    """An answer that may be another one each day."""


def next_change(selection: Selection, facts: Mapping[str, Any], day: date) -> date:
    """Give the first day after ``day`` on which the rules may say something else of these facts.

    Dated values and other records aside, which whoever asks has to look after.
    """
    following = day + _DAY
    atoms = _atoms(selection, _lists(selection))
    if atoms is None or following.year not in YEARS:
        return following
    scope = scope_of(selection, facts)
    furthest = min(day + FURTHEST, date(YEARS[-1], 12, 31))
    return min((_flip(atom, scope, day, furthest) for atom in atoms), default=furthest)


def _lists(selection: Selection) -> frozenset[str]:
    """Name the lists of records whose writes the place hears of that has them, and fields."""
    nouns = {event.noun for rule in selection.rules for event in rule.on if event.rhythm}
    if selection.register is not None or len(nouns & set(PLACES)) != 1:
        return frozenset()
    of_offices = "office" in nouns
    registers = selection.policy.registers.values()
    own = [each for each in registers if each.of_offices == of_offices]
    fields = {name for each in own for name, _ in record_type(each).entries}
    return frozenset((fields | {each.plural for each in own}) - CHANGING)


def _flip(atom: n.Node, scope: Mapping[str, Any], day: date, furthest: date) -> date:
    """Find the first day on which a comparison comes to something else; it does once at most."""
    first = _on(atom, scope, day)
    if _on(atom, scope, furthest) == first:
        return furthest
    same, other = day, furthest
    while other - same > _DAY:
        between = same + (other - same) // 2
        if _on(atom, scope, between) == first:
            same = between
        else:
            other = between
    return other


def _on(atom: n.Node, scope: Mapping[str, Any], day: date) -> Any:
    return evaluate_in_rule(atom, {**scope, TODAY: day})


@lru_cache(maxsize=256)
def _atoms(selection: Selection, lists: frozenset[str]) -> tuple[n.Node, ...] | None:
    """Give the comparisons by which alone the day decides; None where it may decide otherwise."""
    derived = {each.fact for rule in selection.policy.rules for each in rule.derivations}
    root = {selection.register.root} if selection.register is not None else set()
    if any(_seeks(effect) for rule in selection.rules for effect in rule.then):
        return None
    known = (STEADY | lists | root | BUILTINS.keys()) - {"now"}
    try:
        nodes = [each.node for rule in selection.rules for each in rule.expressions]
        return tuple(atom for node in nodes for atom in _of(node, known, frozenset(derived)))
    except _Unsteady:
        return None


def _seeks(effect: Effect) -> bool:
    """Tell whether who is asked hangs on what was approved before."""
    return isinstance(effect, RequireApproval) and effect.seeks


def _of(node: n.Node, known: frozenset[str], derived: frozenset[str]) -> Iterator[n.Node]:
    """Give the comparisons with today in a node; what is derived is not known in them."""
    names = {each.name for each in walk(node) if isinstance(each, n.Name)}
    if not names <= known | derived:
        raise _Unsteady
    if TODAY not in names:
        return
    match node:
        case n.Conjunction(operands) | n.Disjunction(operands):
            parts = operands
        case n.Not(operand):
            parts = (operand,)
        case n.Conditional(condition, consequence, alternative):
            parts = (condition, consequence, alternative)
        case n.Between(value, low, high):
            parts = (n.Comparison(">=", value, low), n.Comparison("<=", value, high))
        case n.Comparison("<" | "<=" | ">" | ">=", left, right) if _way(left) * _way(right) == 0:
            if names & derived:
                raise _Unsteady
            yield node
            return
        case _:
            raise _Unsteady
    for part in parts:
        yield from _of(part, known, derived)


def _way(node: n.Node) -> int:
    """Say whether a value goes up (1) or down (-1) as days go by, or stays (0)."""
    if not any(isinstance(each, n.Name) and each.name == TODAY for each in walk(node)):
        return 0
    match node:
        case n.Name():
            return 1
        case n.Path(base, "days" | "year"):
            return _way(base)
        case n.Arithmetic("-", left, right) if _way(left) * _way(right) == 0:
            return _way(left) - _way(right)
        case n.Arithmetic("+", left, right) if _way(left) * _way(right) == 0:
            return _way(left) + _way(right)
        case n.Call(n.Name("working_days_between"), (left, right), ()) if (
            _way(left) * _way(right) == 0
        ):
            return _way(right) - _way(left)
        case _:
            raise _Unsteady
