"""What each project's records come to; a process reads again those of projects that changed."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from pmo_engine.compiler.loading import uncollected
from pmo_engine.engines.bulk.prepared import Plan
from pmo_engine.engines.bulk.projects import Parts, Projects
from pmo_engine.feel.values import Record
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.figures import Dashboard, looked_at
from pmo_engine.queries.dashboard.cells import Shower, Shown
from pmo_engine.queries.dashboard.planning import Need, by_month
from pmo_engine.queries.dashboard.records import Reader, states
from pmo_engine.queries.projects import OVER, project_record
from pmo_engine.store.tables import Project

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from sqlalchemy import Row

    from pmo_engine.policy import Policy
    from pmo_engine.policy.figures import Drawn, Over
    from pmo_engine.queries.view import View

PORTION = 50
"""So many projects are read at once."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What a project waits for of another, and until when it needs it."""

    key: str
    on: str
    needed: date | None
    promised: date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the records of one project come to.

    ``stated``: the colour that somebody stated last, and when. ``wanted`` and ``had`` are demand
    and capacity by skill and month.
    """

    parts: Parts
    shown: Shown
    stated: tuple[str, date] | None = None
    demand: tuple[Need, ...] = ()
    capacity: tuple[Need, ...] = ()
    waits: tuple[Wait, ...] = ()
    wanted: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    had: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)


@dataclass
class KnownSheets:
    """The sheets that a process read, under one version of the policy on one day.

    Each is known by how many records its project has and how often these were written, which only
    grows. ``plan`` says how figures are worked out.
    """

    key: Any = None
    plan: Plan | None = None
    sheets: dict[str, tuple[Any, Sheet]] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget them."""
        self.key = None
        self.sheets.clear()

    def under(self, view: View) -> Plan:
        """Give the plan of what binds today; what is known under another is forgotten."""
        policy, day = view.policy, view.today
        key = policy.digest, day
        if self.plan is None or self.key != key:
            shown = policy.dashboard or Dashboard()
            wanted = dict.fromkeys((*shown.figures, *policy.thresholds))
            self.plan = Plan(policy, wanted, day, {"now": view.now})
            self.sheets.clear()
            self.key = key
        return self.plan


@dataclass(frozen=True, slots=True)
class Sheets:
    """Those of all projects under way, by id, and what works figures out of several."""

    projects: Projects
    shower: Shower
    by_project: Mapping[str, Sheet]


def sheets(view: View, known: KnownSheets) -> Sheets:
    """Read what is not known yet, or is otherwise since."""
    plan = known.under(view)
    rows = {row.id: row for row in view.uow.select(_UNDER_WAY)}
    written = states(view)
    now = {id: (written.get(id), row.version) for id, row in rows.items()}
    every = Projects(plan, lambda plural: _everywhere(view, plan, plural, rows))
    shower = Shower(view.policy, view.today)
    found = {
        id: each
        for id, each in known.sheets.items()
        if not plan.volatile and each[0] == now.get(id)
    }
    changed = {id: row for id, row in rows.items() if id not in found}
    with uncollected():  # records make no circles, and it would go over all of them
        found |= {id: (now[id], sheet) for id, sheet in _read(view, every, shower, changed)}
    known.sheets = found
    return Sheets(every, shower, {id: found[id][1] for id in now})


_UNDER_WAY = (
    select(*(col(getattr(Project, n)) for n in ("id", "name", "stage", "office", "version")))
    .add_columns(col(Project.attributes))
    .where(col(Project.is_office).is_(False), col(Project.status).not_in(OVER))
    .order_by(col(Project.id))
)


def _read(
    view: View, projects: Projects, shower: Shower, rows: Mapping[str, Row[Any]]
) -> Iterator[tuple[str, Sheet]]:
    """Read projects by the portion: none of their records stays longer than its sheet takes."""
    plan, policy = projects.plan, view.policy
    drawn = _drawn(policy)
    wanted = {plan.registers[plural].id: plan.fields(plural) for plural in plan.plurals}
    for each in drawn.values():
        wanted[each.register] = wanted.get(each.register, frozenset()) | {*each.fields.values()}
    plurals = {each.id: each.plural for each in policy.registers.values()}
    reader = Reader(policy, view.today, wanted)
    for ids in _portions(list(rows)):
        found: dict[str, dict[str, list[Record]]] = {id: {} for id in ids}
        for place, register, records in reader.together(view, ids):
            found[place][plurals[register]] = records
        for id in ids:
            facts, mine = facts_of(rows[id], policy), found.pop(id)
            parts = projects.parts(mine, facts)
            shown = shower.of(projects.figures(parts, facts))
            drawn_of = _shown(policy, view.today, drawn, mine)
            yield id, Sheet(parts, shown, **drawn_of)


def _portions(ids: list[str]) -> Iterator[list[str]]:
    return (ids[at : at + PORTION] for at in range(0, len(ids), PORTION))


def facts_of(row: Any, policy: Policy) -> dict[str, Any]:
    """Give what formulas see of a project beside its records."""
    return {
        "project": project_record(row, policy),
        "stage": Record("stage", {"id": row.stage}),
        "office": Record("office", {"id": row.office}),
    }


def _everywhere(view: View, plan: Plan, plural: str, rows: Iterable[str]) -> list[Record]:
    register = plan.registers[plural]
    reader = Reader(view.policy, view.today, {register.id: plan.fields(plural)})
    portions = _portions(list(rows))
    return [record for ids in portions for _, _, record in reader.read(view, ids)]


def _drawn(policy: Policy) -> dict[str, Drawn]:
    shown = policy.dashboard
    names = ("stated", "demand", "capacity", "dependencies")
    parts = {} if shown is None else {name: getattr(shown, name) for name in names}
    return {name: part for name, part in parts.items() if part is not None}


def _shown(
    policy: Policy,
    day: date,
    drawn: Mapping[str, Drawn],
    records: Mapping[str, list[Record]],
) -> dict[str, Any]:
    """Give what is drawn of a project's records that are open, and the colour stated last."""
    open_: dict[str, list[Record]] = {}
    for name, each in drawn.items():
        register = policy.registers[each.register]
        over: Over = "counted" if name == "stated" else "open"
        open_[name] = looked_at(records.get(register.plural, ()), register, over)

    def of(name: str, *wanted: str) -> Iterator[list[Any]]:
        at = drawn[name].fields if name in drawn else {}
        fields = [at.get(each, "") for each in wanted]  # which no record has
        return ([record.get(field) for field in fields] for record in open_.get(name, ()))

    latest = max((each for each in of("stated", "on", "colour") if all(each)), default=None)
    needed = "skill", "amount", "first", "last"
    demand, capacity = (tuple(_needs(of(name, *needed))) for name in ("demand", "capacity"))
    waits = of("dependencies", "on", "needed", "promised", "received")
    return {
        "stated": latest and (latest[1], latest[0]),
        "demand": demand,
        "capacity": capacity,
        "wanted": by_month(demand, day),
        "had": by_month(capacity, day),
        "waits": tuple(_waits(open_.get("dependencies", ()), waits)),
    }


def _needs(found: Iterable[list[Any]]) -> Iterator[Need]:
    return (Need(*each) for each in found if None not in each)


def _waits(records: Iterable[Record], found: Iterable[list[Any]]) -> Iterator[Wait]:
    for record, (on, needed, promised, received) in zip(records, found, strict=True):
        if on and received is None:
            yield Wait(record["key"], on, needed, promised)
