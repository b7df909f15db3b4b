"""Fields that are worked out from others of the record, whenever it is entered or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.engines.tracing import EvaluationLimit, evaluate_in_rule
from pmo_engine.feel.values import Missing, Record
from pmo_engine.model.money import Money
from pmo_engine.policy.events import by_the_clocks_of
from pmo_engine.policy.registers import asks_last_day
from pmo_engine.work.errors import CommandError
from pmo_engine.work.records.office_functions import office_functions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.feel.values import Function
    from pmo_engine.policy import Expression, Register, Table
    from pmo_engine.work.governance import Context


def worked_out(
    c: Context,
    register: Register,
    values: Mapping[str, Any],
    given: Mapping[str, Any],
    place: str,
) -> dict[str, Any]:
    """Give the fields of a record that are worked out from its ``values``, by the office's clocks.

    A decision table that it calls is that of the day; ``place`` is the project or office of the
    record. One whose parts are not all known is left as it is. Raises CommandError where somebody
    has ``given`` another value than it comes to, or one that cannot be worked out.
    """
    found: dict[str, Any] = {}
    derived = c.policy.derived.get(register.id, {})
    clocks = c.policy.calendar.clocks
    tables = {id: table.on(c.today) for id, table in c.policy.tables.items()} if derived else {}
    scope: dict[str, Table | Function] = {**tables}
    scope |= office_functions(c, place) if derived else {}
    for name, expression in derived.items():
        value = _value(register, name, expression, by_the_clocks_of(clocks, values), scope)
        if isinstance(value, Missing) and not value.faults and given.get(name) is None:
            continue
        if value is None and given.get(name) is None and asks_last_day(expression):
            found[name] = None  # whom it names has no last day
            continue
        if value is None or isinstance(value, Missing):
            raise CommandError(f"{register.root}.{name}: {_why(value, expression)}")
        if given.get(name) not in {None, value}:
            said = f"is {value} ({expression.text}), and not {given[name]}"
            raise CommandError(f"{register.root}.{name}: {said}; leave it out")
        found[name] = value
    return found


def _value(
    register: Register,
    name: str,
    expression: Expression,
    values: Mapping[str, Any],
    seen: Mapping[str, Table | Function],
) -> Any:
    own = {key: value for key, value in values.items() if key != name and value is not None}
    record = Record(register.root, own, register.fields)
    try:
        scope = {**seen, register.root: record}
        value = evaluate_in_rule(expression.node, scope, str(expression.text))
    except EvaluationLimit as limit:
        return Missing.fault(str(limit))
    return value.quantized() if isinstance(value, Money) else value


def _why(value: Any, expression: Expression) -> str:
    if isinstance(value, Missing) and value.paths:
        return f"is worked out ({expression.text}); give {', '.join(value.paths)} instead"
    reasons = "; ".join(value.faults) if isinstance(value, Missing) else "it comes to nothing"
    return f"cannot be worked out ({expression.text}): {reasons}"
