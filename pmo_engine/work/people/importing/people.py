"""People and appointments from a file: all of it or nothing, under the rights of the commands.

Whoever is in the store and not in the file is left alone. The same file again changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.acts import Act
from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.store.errors import Duplicate, NotFound
from pmo_engine.work.acts import (
    ADD_PERSON,
    APPOINT,
    CHANGE_ADDRESS,
    CHANGE_PERSON,
    IMPORT_PEOPLE,
)
from pmo_engine.work.approvals.appointees import tell_of_way
from pmo_engine.work.approvals.looking_again import are_found_out
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, IdTaken, Refusal
from pmo_engine.work.people import people
from pmo_engine.work.people.appointments import give
from pmo_engine.work.people.importing.rows import Problem, Row, read_people
from pmo_engine.work.people.posts import Post
from pmo_engine.work.permissions import require
from pmo_engine.work.subjects import Locked, Office, OfPerson

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from pmo_engine.work.governance import Governance
    from pmo_engine.work.people.appointments import Appointed


class RowDone(Shape):
    """What a row did: ``added`` somebody, ``changed`` them, ``appointed`` them, or nothing.

    ``no_seat``: who has no seat in a body for it, though a role of its members is theirs.
    """

    place: str
    person: str
    did: tuple[str, ...]
    no_seat: tuple[str, ...] = ()


class ImportedPeople(Shape):
    """What an import did, row by row; ``left_alone`` counts people whom the file does not name."""

    added: int
    changed: int
    appointed: int
    unchanged: int
    left_alone: int
    rows: tuple[RowDone, ...]


class RowsRefused(Refusal):
    """Rows that cannot go in, so none did; ``problems`` has them all."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{path}: nothing was imported: {problems[0]}{more}")


class _Rehearsed(Exception):
    """Everything was tried, and nothing of it is to be kept."""

    def __init__(self, done: ImportedPeople) -> None:
        self.done = done


def import_people(
    governance: Governance,
    path: Path,
    *,
    by: str,
    hosts: Collection[str] = (),
    dry_run: bool = False,
    request: str | None = None,
) -> ImportedPeople:
    """Add and appoint everybody whom a file names; with ``dry_run`` nothing is kept.

    Raises RowsRefused with what is wrong of every row, CommandError, HistoryError.
    """
    read = read_people(path)
    if read.problems:
        raise RowsRefused(path, tuple(read.problems))
    do = partial(_import, path=path, rows=read.rows, hosts=hosts, dry_run=dry_run)
    order = Order(by, IMPORT_PEOPLE, Office(), ImportedPeople, None if dry_run else request)
    try:
        done = carry_out(governance, order, do)
    except _Rehearsed as rehearsed:
        return rehearsed.done
    are_found_out(governance, *sorted({each.person for each in done.rows if each.did}))
    for person in sorted({each.person for each in done.rows if "appointed" in each.did}):
        tell_of_way(governance, person, by, "by a role that {by} gave them")
    return done


def _import(
    c: Command, *, path: Path, rows: list[Row], hosts: Collection[str], dry_run: bool
) -> ImportedPeople:
    there = {each.id for each in c.uow.people.all()}
    for person in sorted({row.person for row in rows} & there):
        c.uow.people.lock(person)
    done, problems = [], []
    for row in rows:
        try:
            done.append(_take(c, row, hosts))
        except IdTaken as error:  # by somebody else, since the row was held against what is there
            raise Duplicate("people", str(error)) from error
        except (CommandError, NotFound) as error:
            problems.append(Problem(row.place, str(error)))
        c.uow.write()
    if problems:
        raise RowsRefused(path, tuple(problems))
    made = _report(done, there)
    if dry_run:
        raise _Rehearsed(made)
    counts = made.model_dump(mode="json", exclude={"rows"})
    if made.unchanged < len(rows):
        c.journal("people.imported", {"file": path.name, **counts}, tables.OFFICE)
    return made


def _report(done: list[RowDone], there: set[str]) -> ImportedPeople:
    def count(what: str) -> int:
        return sum(what in each.did for each in done)

    return ImportedPeople(
        added=count("added"),
        changed=count("changed"),
        appointed=count("appointed"),
        unchanged=sum(not each.did for each in done),
        left_alone=len(there - {each.person for each in done}),
        rows=tuple(done),
    )


def _take(c: Command, row: Row, hosts: Collection[str]) -> RowDone:
    """Do with a row what single commands would, each under its own right."""
    did = []
    if not c.uow.people.is_there(row.person):
        _add(c, row, hosts)
        did.append("added")
    elif _change(c, row, hosts):
        did.append("changed")
    made = _appoint(c, row) if row.role else None
    if made is not None and made.changed:
        did.append("appointed")
    no_seat = made.no_seat if made is not None else ()
    return RowDone(place=row.place, person=row.person, did=tuple(did), no_seat=no_seat)


def _add(c: Command, row: Row, hosts: Collection[str]) -> None:
    if not row.name:
        raise CommandError(f"name: is empty, and '{row.person}' is nobody yet")
    people.check_address(row.address or "", row.person, hosts)
    adding = replace(c, act=ADD_PERSON)
    require(adding)
    values = {"name": people.called(row.name), "address": row.address or ""}
    people.add(adding, person=row.person, **values, zone=people.check_zone(row.zone or ""))
    c.uow.write()


def _change(c: Command, row: Row, hosts: Collection[str]) -> bool:
    """Change name and address where the row says others; what it does not say stays."""
    person = c.uow.people.get(row.person)
    zone = None if row.zone is None else people.check_zone(row.zone)
    given = {"name": row.name or None, "address": row.address, "zone": zone}
    wanted = {k: v for k, v in given.items() if v is not None and v != getattr(person, k)}
    if not wanted:
        return False
    people.check_address(wanted.get("address", ""), row.person, hosts)
    act = CHANGE_PERSON if "name" in wanted else CHANGE_ADDRESS
    changing = replace(c, act=act, on=Locked(person))
    require(changing)
    return bool(people.change(changing, given=dict(wanted)).changed)


def _appoint(c: Command, row: Row) -> Appointed:
    on = OfPerson(row.person, row.project, row.unit).lock(c.uow)
    appointing = replace(c, act=Act(APPOINT.verb, row.role), on=on)
    require(appointing)
    post = Post(row.role, row.project, row.acting, row.unit)
    return give(appointing, post=post, since=row.since, until=row.until)
