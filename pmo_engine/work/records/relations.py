"""What fields of a record must be beside their types, held against the record as it would be."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.format import to_text
from pmo_engine.feel.quantities import Quantity, alike, as_number, is_quantity
from pmo_engine.feel.wire import to_json
from pmo_engine.model.money import Money
from pmo_engine.policy.rates import in_own_currency
from pmo_engine.policy.registers import (
    A_BODY,
    ANOTHER_PROJECT,
    IN_NO_CIRCLE,
    OF_PEOPLE,
    OF_PROJECTS,
    OF_RECORDS,
)
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.errors import CommandError
from pmo_engine.work.people.held import roles_of
from pmo_engine.work.records.references import NONE, broken_reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pmo_engine.policy import Register, Relation
    from pmo_engine.work.governance import Context
    from pmo_engine.work.records.references import Coming


def require_relations(
    c: Context,
    register: Register,
    project: str,
    values: Mapping[str, Any],
    changed: Collection[str] | None = None,
) -> None:
    """Raise CommandError that names each field which is not what it must be beside its type.

    ``values`` are the record's typed fields as they would be. Of a record that is there, only what
    looks at a field that is ``changed`` is asked: the rest was judged when it was written.
    """
    problems = list(broken(c, register, project, values, changed))
    if problems:
        raise CommandError("; ".join(problems))


def broken(
    c: Context,
    register: Register,
    project: str,
    values: Mapping[str, Any],
    changed: Collection[str] | None = None,
    coming: Coming = NONE,
) -> Iterator[str]:
    """Say of each field that is not what it must be why it is not, and where that is declared.

    ``coming``: what records say that are entered or changed together with it, by their keys.
    """
    for each in register.relations:
        if changed is not None and {each.name, each.other}.isdisjoint(changed):
            continue
        if why := broken_relation(c, register, project, values, each, coming):
            yield f"{register.root}.{each.name}: {why} ({each.mark.file}:{each.mark.line})"


def broken_relation(
    c: Context,
    register: Register,
    project: str,
    values: Mapping[str, Any],
    relation: Relation,
    coming: Coming = NONE,
) -> str | None:
    """Say why a record is not what one relation says that it must be; None where it is."""
    value = values.get(relation.name)
    if value is None:
        return None
    if relation.how in OF_PEOPLE:
        return _unknown(c, project, value, relation.how)
    if relation.how == A_BODY:
        return _no_body(c, value)
    if relation.how in OF_PROJECTS:
        return _no_project(c, project, value, relation.how)
    if relation.how in {OF_RECORDS, IN_NO_CIRCLE}:
        return broken_reference(c, register, project, values, relation, coming)
    if relation.other:
        return _against(c, register, values, relation)
    now = c.now if isinstance(value, datetime) else c.today
    far = as_number(value) - as_number(now)
    wrong = far > 0 if relation.how == "not in the future" else far < 0
    return f"{_said(value)} is {relation.how.removeprefix('not ')} on {c.today}" if wrong else None


def _no_body(c: Context, value: Any) -> str | None:
    """Say what of that a field names is no body of the policy's."""
    bodies = [id for id, role in c.policy.roles.items() if role.body]
    for each in value if isinstance(value, list) else [value]:
        if each not in bodies:
            hint = nearest(each, bodies) or f"there are {', '.join(bodies) or 'none'}"
            return f"'{each[:60]}' is no body of the policy ({hint})"
    return None


def _no_project(c: Context, own: str, value: Any, how: str) -> str | None:
    """Say what of that a field names is no project, or is the record's own."""
    for each in value if isinstance(value, list) else [value]:
        if not c.uow.projects.is_there(each) or c.uow.projects.get(each).is_office:
            known = [row.id for row in c.uow.projects.all() if not row.is_office]
            hint = nearest(each, known) or "'pmo project list' shows those that there are"
            return f"'{each[:60]}' is no project here ({hint})"
        if how == ANOTHER_PROJECT and each == own:
            return f"{each} is the record's own project; name another"
    return None


def _unknown(c: Context, project: str, value: Any, how: str) -> str | None:
    """Say who of the people that a field names is none of the project, or nobody at all."""
    for person in value if isinstance(value, list) else [value]:
        if not c.uow.people.is_there(person):
            return f"'{person}' is nobody known; add them first, or name somebody else"
        if how == "a person of the project" and not roles_of(c, person, project):
            return f"{c.uow.people.name_of(person)} holds no role in {project}"
    return None


def _against(
    c: Context, register: Register, values: Mapping[str, Any], relation: Relation
) -> str | None:
    one, other = (_own(c, register, name, values) for name in (relation.name, relation.other))
    if isinstance(one, datetime) is not isinstance(other, datetime):
        one, other = (_day_of(c, each) for each in (one, other))
    if not is_quantity(one) or not is_quantity(other) or not alike(one, other):
        return None
    if _holds(one, relation.how, other):
        return None
    said = f"{register.root}.{relation.other} ({_said(values[relation.other])})"
    return f"{_said(values[relation.name])} must be {relation.how} {said}"


def _day_of(c: Context, value: Any) -> Any:
    """Give the office's day of a moment; a day, or what is not given, stays what it is."""
    return value.astimezone(c.zone).date() if isinstance(value, datetime) else value


def _own(c: Context, register: Register, name: str, values: Mapping[str, Any]) -> Any:
    """Give a value, an amount in the policy's own currency."""
    value = values.get(name)
    field = register.fields.get(name)
    if value is None or field is None:
        return value
    own = in_own_currency(c.policy, field.type, value, name, c.today)
    return Money.parse(own) if own is not value else value


def _holds(one: Quantity, how: str, other: Quantity) -> bool:
    far = as_number(one) - as_number(other)
    match how:
        case "not before" | "at least":
            return far >= 0
        case "not after" | "at most":
            return far <= 0
        case "after" | "more than":
            return far > 0
        case _:
            return far < 0


def _said(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else to_text(to_json(value))
