"""Figures of records and projects as they stand: the facts gathered, the formulas worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.engines import figures as engine
from pmo_engine.feel.values import Record
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.policy.events import by_the_clocks_of
from pmo_engine.queries.figures import FigureRow
from pmo_engine.queries.projects import OVER
from pmo_engine.queries.record_facts import record_of
from pmo_engine.work.facts import project_facts, records_of
from pmo_engine.work.people.places import home_of_listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pmo_engine.engines.figures import Worked
    from pmo_engine.policy import Figure, Policy
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context


def figures_of_record(c: Context, entry: Entry) -> list[FigureRow]:
    """Show the figures of a record, in the order in which they are declared."""
    register = c.policy.registers.get(entry.register_name)
    mine = [each for each in c.policy.figures if register and each.of == register.id]
    if register is None or not mine:
        return []
    project = c.uow.projects.get(entry.project)
    named = frozenset().union(*(each.names for each in mine))
    record = record_of(c.policy, register, entry, register.root, c.today)
    known = {**project_facts(c, project, named), "now": c.now}
    clocks = c.policy.calendar.clocks
    facts = {name: by_the_clocks_of(clocks, value) for name, value in known.items()}
    read = by_the_clocks_of(clocks, record)
    return [FigureRow.of(each) for each in _in_order(c, register.id, read, facts)]


def _in_order(
    c: Context, register: str, record: Record, facts: Mapping[str, Any]
) -> Iterable[Worked]:
    declared = c.policy.registers[register]
    return engine.of_record(c.policy, declared, record, facts, c.today, everywhere(c)).values()


def figures_of_projects(
    c: Context, projects: Sequence[str], pack: str | None = None
) -> list[FigureRow]:
    """Show the figures of projects, each worked out over the records of all of them together."""
    return [FigureRow.of(each) for each in worked_figures(c, projects, pack).values()]


def worked_figures(
    c: Context, projects: Sequence[str], pack: str | None = None
) -> dict[str, Worked]:
    """Work out the figures of projects, of one pack or all, over all their records together."""
    wanted = [each for each in c.policy.figures if each.of is None and pack in {None, each.pack}]
    if not wanted:
        return {}
    facts = _facts(c, projects, plurals_of(c.policy, wanted))
    ids = {each.id for each in wanted}
    return engine.of_project(c.policy, facts, c.today, ids, everywhere(c))


def everywhere(c: Context) -> Callable[[str], list[Record]]:
    """Give what reads the records of all projects under way, of a register by its plural."""

    def read(plural: str) -> list[Record]:
        key = ("everywhere", plural, c.policy.digest, c.today)
        return c.uow.entries.remembered(key, lambda: _of_all(c, plural))

    return read


def _of_all(c: Context, plural: str) -> list[Record]:
    found: list[Record] = _facts(c, projects_of(c), {plural})[plural]
    return found


def plurals_of(policy: Policy, figures: Iterable[Figure]) -> set[str]:
    """Name what figures look at, and what the figures that they name look at, by its plural."""
    declared = {each.id: each for each in policy.figures}
    waiting = list(figures)
    names: set[str] = set()
    for figure in waiting:
        new = figure.names - names
        names |= new
        waiting += [declared[name] for name in new if name in declared]
    by_register = {r.id: r.plural for r in policy.registers.values()}
    plurals = names & set(by_register.values())
    of_records = [e for e in policy.figures if e.of is not None and by_register[e.of] in plurals]
    return plurals | {p for e in of_records for p in e.names & set(by_register.values())}


def _facts(c: Context, projects: Sequence[str], plurals: set[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {"now": c.now}
    if len(projects) == 1:
        project = c.uow.projects.get(projects[0])
        facts |= project_facts(c, project, frozenset())
    for register in c.policy.registers.values():
        if register.plural in plurals:
            rows = map(c.uow.projects.get, projects)
            places = dict.fromkeys(home_of_listed(c, row, register) for row in rows)
            facts[register.plural] = [
                _of(place, record, several=len(places) > 1)
                for place in places
                for record in records_of(c, place, register)
            ]
    clocks = c.policy.calendar.clocks
    return {name: by_the_clocks_of(clocks, value) for name, value in facts.items()}


def _of(project: str, record: Record, *, several: bool) -> Record:
    """Give a record of one of several projects, whose path says of which."""
    if not several:
        return record
    plural, key = FactPath(record.path).steps
    return Record(FactPath(str(plural)).record(f"{project}/{key}"), record, record.fields)


def projects_of(
    c: Context, *, office: str | None = None, programme: str | None = None
) -> list[str]:
    """Name the projects that are under way, of an office or a programme and all below, by id."""
    within = {each.id: each.within for each in c.uow.programmes.all()}
    under = {each.id: each.under for each in c.policy.offices.values()}
    programmes = _with_all_below(programme, within)
    offices = _with_all_below(office, under)
    return [
        each.id
        for each in c.uow.projects.all()
        if each.status not in OVER
        and (office is None or each.office in offices)
        and (programme is None or each.programme in programmes)
    ]


def _with_all_below(one: str | None, above: Mapping[str, str | None]) -> set[str | None]:
    """Give one of a tree with all that is below it, from what is above each."""
    found, size = {one}, 0
    while len(found) > size:
        size = len(found)
        found |= {each for each, upper in above.items() if upper is not None and upper in found}
    return found
