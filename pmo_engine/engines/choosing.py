"""Which strategy a project is to be planned by, and by which rows of which tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pmo_engine.engines.backend import scope_of
from pmo_engine.engines.traces import Trace
from pmo_engine.engines.tracing import EvaluationLimit, evaluate_in_rule
from pmo_engine.feel.values import Missing, Record
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import Strategies
    from pmo_engine.policy.selection import Selection


@dataclass(frozen=True, slots=True)
class Choice:
    """The strategy that is chosen, by which ``rows`` of which tables; or why there is none.

    ``facts`` is what tables look at of the project. ``missing`` are facts that nobody gave,
    ``faults`` what went wrong.
    """

    strategy: str | None
    facts: Mapping[str, Any]
    rows: tuple[tuple[str, int], ...] = ()
    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def choose(strategies: Strategies, selection: Selection, facts: Mapping[str, Any]) -> Choice:
    """Choose a strategy by what is known of a project, which is never guessed."""
    expression, trace = strategies.chosen_by, Trace()
    project: Record = facts["project"]
    try:
        read = _read(strategies, project)
        seen = Record(project.path, {**project, **read}, project.fields)
        scope = scope_of(selection, {**facts, "project": seen})
        value = evaluate_in_rule(expression.node, scope, str(expression.text), trace)
    except (EvaluationLimit, WireError) as error:
        return Choice(None, {}, faults=(str(error),))
    rows = {(name, n) for name, calls in trace.tables.items() for each in calls for n in each.rows}
    known = {f"project.{name}": each for name, each in read.items()}
    found = Choice(None, known, tuple(sorted(rows)))
    if isinstance(value, Missing):
        return replace(found, missing=value.paths, faults=value.faults)
    if value not in strategies.ways:
        said = "nothing" if value is None else f"'{value}'"
        why = f"{expression.mark}: it comes to {said}, which is no strategy"
        return replace(found, faults=(why,))
    return replace(found, strategy=str(value))


def _read(strategies: Strategies, project: Record) -> dict[str, Any]:
    """Read what is known of a project as the columns of tables want it; raises WireError."""
    return {
        name: from_wire(kind, value, f"project.{name}") if isinstance(value, str) else value
        for name, kind in strategies.attributes.items()
        if (value := project.get(name)) is not None
    }
