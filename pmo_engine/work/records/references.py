"""Fields that name other records by their keys: those are there, and lead in no circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.model.graphs import circle_through, circles
from pmo_engine.policy.registers import ANOTHER_PROJECT, IN_NO_CIRCLE, REFUSED
from pmo_engine.work.people.places import home_of_listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.policy import Register, Relation
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context

    Coming = Mapping[str, Mapping[str, Any]]
    """Records by their keys that are entered or changed together with one: what they say then."""

NONE: Coming = {}


def broken_reference(
    c: Context,
    register: Register,
    project: str,
    values: Mapping[str, Any],
    relation: Relation,
    coming: Coming = NONE,
) -> str | None:
    """Say why what a field names is no record, or leads back to its own; None where it is well."""
    if relation.how == IN_NO_CIRCLE:
        return _around(c, register, project, values, relation.name, coming)
    other = c.policy.registers[relation.other]
    home = home_of_listed(c, c.uow.projects.get(project), other)
    own = coming if other.id == register.id else NONE
    for key in keys_in(values[relation.name]):
        if key in own:
            continue
        if not c.uow.entries.has_key(home, other.id, key):
            return f"{home} has no {other.noun.replace('_', ' ')} {key[:60]}; name one by its key"
        if (standing := c.uow.entries.by_key(home, other.id, key).standing) in REFUSED:
            return f"{key} is {standing}"
    return None


def keys_in(value: Any) -> list[str]:
    """Give the keys that a field names: one, a list of them, or none."""
    return [] if value is None else list(value) if isinstance(value, list) else [str(value)]


def _around(
    c: Context,
    register: Register,
    project: str,
    values: Mapping[str, Any],
    name: str,
    coming: Coming,
) -> str | None:
    """Say how a record leads back to itself; what has no key yet is named by none."""
    own = values.get("key")
    if own is None:
        return None
    edges: dict[str, list[str]] = {}
    ahead = [own]
    for key in ahead:
        if key not in edges:
            said = values if key == own else coming.get(key)
            edges[key] = keys_in(_kept(c, register, project, key, name, said))
            ahead += edges[key]
    found = next((each for each in circles(edges) if own in each), None)
    return None if found is None else f"this goes round in a circle: {', '.join(found)}"


def told_of_circles(c: Context, register: Register, entry: Entry) -> Iterator[str]:
    """Say which projects name one another in a circle by what a record says of another one.

    It may be well so, as where each waits for something else of the other.
    """
    names = [each.name for each in register.relations if each.how == ANOTHER_PROJECT]
    for name in names:
        others = keys_in(entry.document.get(name))
        if not others or entry.closed_at is not None:
            continue
        edges = {**_between_projects(c, register, name), entry.project: set(others)}
        if found := circle_through(entry.project, edges):
            yield f"these wait for one another in a circle by it: {', '.join(found[:-1])}"


def _between_projects(c: Context, register: Register, name: str) -> dict[str, set[str]]:
    """Give which projects the open records of each project name."""
    edges: dict[str, set[str]] = {}
    for project, document in c.uow.entries.documents_of_open(register.id, sorted(REFUSED)):
        edges.setdefault(project, set()).update(keys_in(document.get(name)))
    return edges


def _kept(
    c: Context,
    register: Register,
    project: str,
    key: str,
    name: str,
    said: Mapping[str, Any] | None,
) -> Any:
    """Give what a record's field says: what comes, or else what is there."""
    if said is not None and name in said:
        return said[name]
    if not c.uow.entries.has_key(project, register.id, key):
        return None
    return c.uow.entries.by_key(project, register.id, key).document.get(name)
