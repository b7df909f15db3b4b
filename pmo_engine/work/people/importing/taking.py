"""Rows of a table are taken one after the other: all of them or none, or all only tried."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.store.errors import Duplicate, NotFound
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, IdTaken
from pmo_engine.work.people.importing.people import RowsRefused
from pmo_engine.work.people.importing.rows import Problem
from pmo_engine.work.subjects import Office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pmo_engine.model.acts import Act
    from pmo_engine.work.governance import Governance

ADDED = "added"


class Row(Protocol):
    """A row of a table: where it stands, and what it is about."""

    @property
    def place(self) -> str: ...

    @property
    def id(self) -> str: ...


class Done(Shape):
    """What a row did: ``added`` what it is about, or changed what is named, or nothing."""

    place: str
    id: str
    did: tuple[str, ...]


class Taken(Shape):
    """What an import did, row by row."""

    added: int
    changed: int
    unchanged: int
    rows: tuple[Done, ...]


class _Rehearsed(Exception):
    """Everything was tried, and nothing of it is to be kept."""

    def __init__(self, done: Taken) -> None:
        self.done = done


def take_all(
    governance: Governance,
    path: Path,
    rows: Iterable[Row],
    take: Callable[[Command, Row], tuple[str, ...]],
    order: tuple[str, Act, str | None],
    *,
    dry_run: bool,
) -> Taken:
    """Take every row under the right of its single command; with ``dry_run`` nothing is kept.

    ``order``: by whom, the act, and under which request. Raises RowsRefused with what is wrong of
    every row.
    """
    by, act, request = order
    do = partial(_take_all, path=path, rows=list(rows), take=take, dry_run=dry_run)
    try:
        given = None if dry_run else request
        return carry_out(governance, Order(by, act, Office(), Taken, given), do)
    except _Rehearsed as rehearsed:
        return rehearsed.done


def _take_all(
    c: Command,
    *,
    path: Path,
    rows: list[Row],
    take: Callable[[Command, Row], tuple[str, ...]],
    dry_run: bool,
) -> Taken:
    done, problems = [], []
    for row in rows:
        try:
            done.append(Done(place=row.place, id=row.id, did=take(c, row)))
        except IdTaken as error:  # by somebody else, since the row was held against what is there
            raise Duplicate(c.act.noun, str(error)) from error
        except (CommandError, NotFound) as error:
            problems.append(Problem(row.place, str(error)))
        c.uow.write()
    if problems:
        raise RowsRefused(path, tuple(problems))
    made = Taken(
        added=sum(ADDED in each.did for each in done),
        changed=sum(bool(each.did) and ADDED not in each.did for each in done),
        unchanged=sum(not each.did for each in done),
        rows=tuple(done),
    )
    if dry_run:
        raise _Rehearsed(made)
    if made.unchanged < len(done):
        counts = made.model_dump(mode="json", exclude={"rows"})
        c.journal(f"{c.act.noun}.imported", {"file": path.name, **counts}, tables.OFFICE)
    return made
