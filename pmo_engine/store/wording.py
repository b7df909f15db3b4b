"""What the database refuses, in words that somebody can act on; no constraint is ever named."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Constraint, ForeignKeyConstraint, Index
from sqlalchemy import Table as AnyTable

from pmo_engine.store.base import Table

ONE_ALREADY = "there is one already, made at the same moment or before; look at what is there"
NOT_THERE = "it refers to something that is not there; add that first"

_NOUNS = {
    "assessments": "assessment",
    "decisions": "decision",
    "entries": "record",
    "gate_reviews": "gate review",
    "obligations": "obligation",
    "outbox": "message",
    "people": "person",
    "policy_texts": "policy text",
    "policy_versions": "version of the policy",
    "projects": "project",
    "subjects": "subject",
}
_WORDS = {
    "ck_obligation_addressees_one": "an obligation waits for a role or for a person, one of them",
    "ck_projects_not_the_office": "a project cannot be called as the office's own journal is; "
    "give another id",
    "ck_role_holdings_dates": "a role cannot end before it begins; give a later day",
    "pk_assessments": "this role's assessment is recorded already",
    "pk_entry_versions": "the record was changed at the same moment; look at it again",
    "pk_people": "there is somebody with this id already; give another id",
    "pk_policy_comments": "somebody commented at the same moment; comment again",
    "pk_projects": "there is a project with this id already; give another id",
    "pk_requests": "a request with this id was carried out already; give another id",
    "uq_entries_project_register_name_key": "the register has a record with this key already; "
    "give another key, or change that record",
    "uq_gate_reviews_open": "the gate is under review already",
    "uq_obligation_addressees_person": "it waits for this person already",
    "uq_obligation_addressees_role": "it waits for this role already",
    "uq_obligations_open": "this is asked already, and still open",
    "uq_obligations_open_approval": "this approval is asked for already, and still open",
    "uq_outbox_key": "this message was queued already",
    "uq_policy_versions_live": "the policy has this version already; give the draft another one",
    "uq_votes_current": "this person voted at the same moment; look at the vote, and vote again",
}


def refused(constraint: str) -> str:
    """Why the constraint of that name refuses a row."""
    known = _CONSTRAINTS.get(constraint)
    if constraint in _WORDS:
        return _WORDS[constraint]
    match known:
        case ForeignKeyConstraint():
            target = next(iter(known.elements)).column.table.name
            return f"it refers to a {_noun(target)} that is not there; add that first"
        case CheckConstraint():
            return f"{_of(known)}: '{_checked(known)}' does not fit with the rest"
        case _:
            return f"{_of(known)}: {ONE_ALREADY}"


def unique(columns: str) -> str:
    """Why a row is refused that has the same columns, as in `people.id`, as another."""
    return refused(_UNIQUE.get(tuple(columns.split(", ")), ""))


def not_given(table: str, column: str) -> str:
    """Why a row is refused that lacks a column."""
    return f"{_noun(table)}: '{column}' has to be given"


def _noun(table: str) -> str:
    return _NOUNS.get(table, table.removesuffix("s").replace("_", " "))


def _of(constraint: Constraint | Index | None) -> str:
    table = None if constraint is None else constraint.table
    return "the store" if table is None else _noun(table.name)


def _checked(constraint: CheckConstraint) -> str:
    return str(constraint.name).removeprefix(f"ck_{constraint.table.name}_").replace("_", " ")


def _named() -> dict[str, Constraint | Index]:
    tables = Table.metadata.tables.values()
    return {str(each.name): each for table in tables for each in _of_table(table)}


def _of_table(table: AnyTable) -> list[Constraint | Index]:
    return [*table.constraints, *(index for index in table.indexes if index.unique)]


_CONSTRAINTS = _named()
_UNIQUE = {
    tuple(f"{each.table.name}.{column.name}" for column in each.columns): name  # type: ignore[union-attr]
    for name, each in _CONSTRAINTS.items()
    if each.table is not None and not isinstance(each, CheckConstraint | ForeignKeyConstraint)
}
