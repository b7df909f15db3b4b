"""What every unit of work asks first, in one statement: what binds, and who is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, literal, select

from pmo_engine.model.frozen import dataclass
from pmo_engine.store.people.roles import CHANGED, Person
from pmo_engine.store.policies.versions import PolicyVersion, Term
from pmo_engine.store.settings import RESTORED, Counter, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.store.repository import Transaction


@dataclass(frozen=True, slots=True)
class Opening:
    """`terms`: when each version that was ever adopted binds or bound, in the order they come.

    `setting`: the value of the setting that was asked for; None if it was never put. `known`:
    whether the person who was asked for is somebody here. `people`: how often what is known of
    people had changed. `restored`: how often a backup was put in the place of all there was.
    """

    terms: list[Term]
    setting: Any
    known: bool
    people: int
    restored: int


_ONCE = select(literal(1)).subquery("once")


_SETTINGS = Setting.metadata.tables["settings"]
_PEOPLE = Person.metadata.tables["people"]
_VERSIONS = PolicyVersion.metadata.tables["policy_versions"]
_COUNTERS = Counter.metadata.tables["counters"]
_TERM = ("binds_from", "decided_at", "status", "id", "digest", "took_force_at")


def _counted(scope: str) -> Any:
    return select(_COUNTERS.c.value).where(_COUNTERS.c.scope == scope).scalar_subquery()


_OPENING = (
    select(
        _SETTINGS.c.value,
        *(_counted(scope) for scope in (CHANGED, RESTORED)),
        exists().where(_PEOPLE.c.id == bindparam("person")),
        *(_VERSIONS.c[name] for name in _TERM),
    )
    .select_from(_ONCE)
    .outerjoin(_SETTINGS, _SETTINGS.c.key == bindparam("setting"))
    .outerjoin(_VERSIONS, _VERSIONS.c.binds_from.is_not(None))
)


def opening(transaction: Transaction, setting: str, person: str | None) -> Opening:
    """What the store says of a setting, a person and all versions that were ever adopted."""
    rows = transaction.session.ask(_OPENING, setting=setting, person=person)
    value, people, restored, known, *_ = rows[0]
    return Opening(sorted(_terms(rows)), value, bool(known), people or 0, restored or 0)


def _terms(rows: Iterable[Any]) -> Iterator[Term]:
    for _, _, _, _, binds_from, decided_at, status, id, digest, took_force_at in rows:
        if binds_from is not None:
            stands, took_force = status == "adopted", took_force_at is not None
            yield Term(binds_from, decided_at, stands, id, digest, took_force)
