"""Lists of records over projects, filtered and sorted by their fields and figures."""

from __future__ import annotations

from contextlib import suppress
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from pydantic import Field

from pmo_engine.compiler.binding.context import Findings
from pmo_engine.compiler.registers.lists import Lists
from pmo_engine.compiler.schema import ViewEntry
from pmo_engine.engines import figures as engine
from pmo_engine.engines.tracing import EvaluationLimit, evaluate_in_rule
from pmo_engine.feel.quantities import alike, as_number, is_quantity
from pmo_engine.feel.values import Missing, Record
from pmo_engine.feel.wire import to_json
from pmo_engine.model.shape import Shape
from pmo_engine.policy.events import by_the_clocks_of
from pmo_engine.queries.record_facts import record_of
from pmo_engine.source.diagnostics import NOWHERE
from pmo_engine.source.yaml_source import Text
from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import project_facts
from pmo_engine.work.figures import everywhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_engine.policy import Expression, Register, View
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context

COLUMNS = ("project", "key", "status", "owner", "due")
"""What a list shows first where nobody says what it shows."""


class RecordList(Shape):
    """A list: its columns, and each record's values by column, as JSON; ``unjudged`` says why not.

    Of what is unjudged it is not known whether it belongs to the list.
    """

    title: str
    register_name: str = Field(alias="register")
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    unjudged: tuple[str, ...] = ()


def view_named(c: Context, register: Register, name: str) -> View:
    """Give a list of the policy by its name. Raises CommandError."""
    view = c.policy.views.get(name)
    if view is None or view.of != register.id:
        known = ", ".join(e.id for e in c.policy.views.values() if e.of == register.id) or "none"
        raise CommandError(f"the policy has no list '{name}' of {register.id}; it has {known}")
    return view


def view_of(
    c: Context,
    register: Register,
    where: str | None = None,
    sort: Sequence[str] = (),
    show: Sequence[str] = (),
) -> View:
    """Make a list of what somebody asks for. Raises CommandError that says what is wrong."""
    findings = Findings(currency=c.policy.currency)
    entry = ViewEntry(
        id=Text("list"),
        of=Text(register.id),
        where=None if where is None else Text(where, NOWHERE),
        sort=[Text(each) for each in sort],
        show=[Text(each) for each in show],
    )
    made = Lists(findings, c.policy.registers, c.policy.figures).view(entry)
    wrong = [each for each in findings.items if each.severity == "error"]
    if wrong or made is None:
        said = (f"{e.message}{f' ({e.hint})' if e.hint else ''}" for e in wrong)
        raise CommandError("; ".join(said))
    return made


def listed(c: Context, view: View, projects: Iterable[str]) -> RecordList:
    """List the records of projects that a view shows."""
    register = c.policy.registers[view.of]
    chosen: list[Record] = []
    unjudged: list[str] = []
    for _, record in records_with_figures(c, register, projects):
        belongs = True if view.where is None else holds(c, register, view.where, record)
        if belongs is True:
            chosen.append(record)
        elif isinstance(belongs, Missing):
            place = f"{record['project']} {record['key']}"
            lacking = f"not known: {', '.join(belongs.paths)}" if belongs.paths else ""
            unjudged.append(f"{place}: {lacking or '; '.join(belongs.faults)}")
    ordered = _sorted(chosen, view.sort)
    columns = view.show or _columns(c, register)
    return RecordList(
        title=view.title,
        register_name=register.id,
        columns=columns,
        rows=tuple({name: to_json(each.get(name)) for name in columns} for each in ordered),
        unjudged=tuple(unjudged),
    )


def records_with_figures(
    c: Context, register: Register, projects: Iterable[str]
) -> Iterator[tuple[Entry, Record]]:
    """Give each record of projects with its figures, its project and its version."""
    mine = [each for each in c.policy.figures if each.of == register.id]
    named = frozenset().union(*(each.names for each in mine))
    for id in projects:
        entries = c.uow.entries.listed(id, register.id)
        if not entries:
            continue
        known = {**project_facts(c, c.uow.projects.get(id), named), "now": c.now}
        clocks = c.policy.calendar.clocks
        facts = {name: by_the_clocks_of(clocks, value) for name, value in known.items()}
        for entry in entries:
            record = record_of(c.policy, register, entry, register.root, c.today)
            read = by_the_clocks_of(clocks, record)
            worked = engine.of_record(c.policy, register, read, facts, c.today, everywhere(c))
            figures = {name: each.value for name, each in worked.items() if each.available}
            own = {"project": id, "version": entry.version}
            fields = {*record.fields, *worked, *own}
            yield entry, Record(record.path, {**record, **figures, **own}, fields)


def holds(c: Context, register: Register, condition: Expression, record: Record) -> Any:
    """Say whether a condition holds of a record: true, false, or what it lacks to be either."""
    given = {register.root: record, "today": c.today, "now": c.now}
    clocks = c.policy.calendar.clocks
    scope = {name: by_the_clocks_of(clocks, value) for name, value in given.items()}
    try:
        found = evaluate_in_rule(condition.node, scope, str(condition.text))
    except EvaluationLimit as limit:
        return Missing.fault(str(limit))
    said = "nothing" if found is None else found
    is_answer = isinstance(found, bool | Missing)
    return found if is_answer else Missing.fault(f"'{condition.text}' comes to {said}")


def _columns(c: Context, register: Register) -> tuple[str, ...]:
    figures = (each.id for each in c.policy.figures if each.of == register.id)
    return tuple(dict.fromkeys((*COLUMNS, *register.fields, *figures)))


def _sorted(records: list[Record], by: Sequence[tuple[str, bool]]) -> list[Record]:
    """Sort records by several fields; what is not given comes last, whichever way."""
    for name, highest in reversed(by):
        given = [each for each in records if each.get(name) is not None]
        rest = [each for each in records if each.get(name) is None]
        key = cmp_to_key(lambda one, other, name=name: _compared(one[name], other[name]))  # type: ignore[misc]
        records = [*sorted(given, key=key, reverse=highest), *rest]
    return records


def _compared(one: Any, other: Any) -> int:
    if is_quantity(one) and is_quantity(other) and alike(one, other):
        far = as_number(one) - as_number(other)
        return (far > 0) - (far < 0)
    with suppress(TypeError):
        return int(one > other) - int(one < other)
    return (str(one) > str(other)) - (str(one) < str(other))
