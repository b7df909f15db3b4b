"""The organisation as a tree: offices with who heads them and holds roles, programmes, projects."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pydantic import Field
from sqlalchemy import or_, select
from sqlmodel import col

from pmo_engine.authority.titles import titled
from pmo_engine.model.names import words
from pmo_engine.model.people import unit_of
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import LEADS, OFFICE
from pmo_engine.policy.organisation import in_charge, top
from pmo_engine.policy.selection import head_of
from pmo_engine.store.columns import by_code
from pmo_engine.store.tables import Programme, Project, RoleHolding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.policy import Office
    from pmo_engine.queries.view import View

Sort: TypeAlias = Literal["office", "programme", "project"]


class Node(Shape):
    """An office, a programme or portfolio, or a project, with what is under it.

    ``kind``: of the office or programme, or the stage of a project. ``state``: of a project; of an
    office "ended", "to come", or nothing. ``head`` and ``held``: who heads it, and who holds which
    role for it. ``vacant``: roles that it has and nobody holds. ``serves``: what an office serves.
    """

    sort: Sort
    id: str
    title: str
    kind: str
    state: str = ""
    form: str = ""
    zone: str = ""
    since: date | None = None
    until: date | None = None
    head: str | None = None
    held: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    vacant: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    office: str | None = None
    under: tuple[Node, ...] = ()


class Organisation(Shape):
    """The tree of offices, with their projects, and that of programmes, with theirs.

    ``findings``: what is not as it should be, each in a line. ``called``: the names of the people
    in it, by account; ``titles``: those of their roles.
    """

    day: date
    called: dict[str, str] = Field(default_factory=dict)
    titles: dict[str, str] = Field(default_factory=dict)
    offices: tuple[Node, ...]
    programmes: tuple[Node, ...]
    findings: tuple[str, ...]


def organisation(view: View) -> Organisation:
    """Give the organisation as it is today; where no office is declared there is one."""
    read = _Read(view)
    return Organisation(
        day=view.today,
        called=read.called,
        titles=read.titles,
        offices=read.offices(),
        programmes=read.programmes(None),
        findings=tuple(read.findings()),
    )


class _Read:
    """What the store and the policy say of it, read once."""

    def __init__(self, view: View) -> None:
        self._view, self._today = view, view.today
        self._declared: Mapping[str, Office] = view.policy.offices
        self._held, self._in_project = _held(view), _held_in_projects(view)
        all_held = [*self._held.values(), *self._in_project.values()]
        accounts = sorted({who for held in all_held for who in held})
        names = view.uow.people.names_of(accounts)
        self.called = {who: names[who] for who in accounts}
        posts = {each for of in self._declared.values() for each in (of.head, *of.roles) if each}
        roles = {role for role, _ in (*self._held, *self._in_project)} | posts
        roles |= {head} if (head := head_of(view.policy)) else set()
        self.titles = {role: titled(role, view.policy) for role in sorted(roles)}
        self._projects = view.uow.select(_PROJECTS)
        self._programmes = view.uow.select(_PROGRAMMES)

    def offices(self) -> tuple[Node, ...]:
        """Give the tree of offices from the one at the top."""
        highest = top(self._declared)
        if highest is None:
            return (self._only(),)
        return (self._office(highest),)

    def _only(self) -> Node:
        head = head_of(self._view.policy)
        held = {role: people for (role, unit), people in self._held.items() if unit is None}
        return Node(
            sort="office",
            id="office",
            title="the office",
            kind="",
            head=head,
            held=held,
            vacant=() if head is None or head in held else (head,),
            under=tuple(map(self._project, self._projects)),
        )

    def _office(self, office: Office) -> Node:
        unit = unit_of(office=office.id)
        held = {role: people for (role, of), people in self._held.items() if of == unit}
        everywhere = self._held.get((office.head or "", None), ())
        held |= {office.head: everywhere} if office.head and everywhere else {}
        here = office.is_open(self._today) or office.under is None
        below = (each for each in self._declared.values() if each.under == office.id)
        calendar = office.calendar or (self._view.policy.calendar if not office.under else None)
        return Node(
            sort="office",
            id=office.id,
            title=office.title,
            kind=office.kind,
            state=_state(office, self._today),
            form=office.form or "",
            zone="" if calendar is None else calendar.zone,
            since=office.since,
            until=office.until,
            head=office.head,
            held=held,
            vacant=tuple(self._vacant(office, held)) if here else (),
            serves=office.serves,
            under=(*map(self._office, below), *map(self._project, self._served(office))),
        )

    def _vacant(self, office: Office, held: Mapping[str, object]) -> Iterator[str]:
        """Name the roles of an office that nobody holds for it, nor everywhere."""
        posts = ([] if office.head is None else [office.head]) + [*office.roles]
        for role in dict.fromkeys(posts):
            if role not in held and (role, None) not in self._held:
                yield role

    def _served(self, office: Office) -> list[Any]:
        return self._by_office.get(office.id, [])

    @cached_property
    def _by_office(self) -> dict[str, list[Any]]:
        """Give the projects by the offices that serve them; what names none is the top's."""
        highest = top(self._declared)
        found: dict[str, list[Any]] = {}
        for row in self._projects:
            own = self._office_of(row) or ("" if highest is None else highest.id)
            found.setdefault(own, []).append(row)
        return found

    @cached_property
    def _above(self) -> dict[str, Any]:
        return {each.id: each for each in self._programmes}

    def _office_of(self, row: Any) -> str | None:
        """Name the office of a project, or that of the next programme that has one."""
        own, within = row.office, row.programme
        above = self._above
        while own not in self._declared and within is not None:
            own, within = above[within].office, above[within].within
        return own if own in self._declared else None

    def programmes(self, within: str | None) -> tuple[Node, ...]:
        """Give the portfolios and programmes that are within one, or at the top."""
        return tuple(self._programme(each) for each in self._programmes if each.within == within)

    def _programme(self, row: Any) -> Node:
        id: str = row.id
        unit = unit_of(programme=id)
        mine = (each for each in self._projects if each.programme == id)
        return Node(
            sort="programme",
            id=id,
            title=row.name,
            kind=row.kind,
            office=row.office,
            held={role: people for (role, of), people in self._held.items() if of == unit},
            under=(*self.programmes(id), *map(self._project, mine)),
        )

    def _project(self, row: Any) -> Node:
        mine = {role: who for (role, of), who in self._in_project.items() if of == row.id}
        return Node(
            sort="project",
            id=row.id,
            title=row.name,
            kind=row.stage,
            state=row.status,
            since=row.starts_on,
            until=row.ends_on,
            office=row.office,
            held=mine,
        )

    def findings(self) -> Iterator[str]:
        """Say what is not as it should be: posts without holders, ends that are past, two heads."""
        for office in self._declared.values():
            yield from self._past(office)
            yield from self._heads(office)
        for node in _all(self.offices()):
            for role in node.vacant:
                where = "the office" if node.id == OFFICE else node.id
                whose = f"the role of {self.titles[role]} for {where}"
                yield f"nobody holds {whose}{self._goes_up(node.id)}"
        if self._declared:
            yield from self._unplaced()

    def _goes_up(self, office: str) -> str:
        if office not in self._declared:
            return ""
        _, *above = in_charge(self._declared, office, self._today)
        return f": it goes up to {above[0].id}" if above else ": nobody is above it"

    def _past(self, office: Office) -> Iterator[str]:
        if office.until is not None and office.until < self._today:
            unit = unit_of(office=office.id)
            projects = [each.id for each in self._projects if each.office == office.id]
            people = {name for (_, of), held in self._held.items() if of == unit for name in held}
            if left := ", ".join((*projects, *(self.called[who] for who in sorted(people)))):
                above = in_charge(self._declared, office.id, self._today)[0].id
                yield f"{office.id} ended on {office.until}; {above} does its work: {left}"

    def _heads(self, office: Office) -> Iterator[str]:
        heads = self._held.get((office.head or "", unit_of(office=office.id)), ())
        if len(heads) > 1:
            named = ", ".join(self.called[who] for who in heads)
            yield f"{office.id} has {len(heads)} heads: {named}"

    def _unplaced(self) -> Iterator[str]:
        for row in self._projects:
            if row.office not in self._declared and row.office != OFFICE:
                served = self._office_of(row) or str(getattr(top(self._declared), "id", ""))
                why = f"which is not declared: {served} serves it"
                yield f"{row.id} names the office {row.office}, {why}"


def said(node: Node, of: Organisation) -> str:
    """Say in a line what there is to say of a node; people and roles by what they are called.

    Of a project it is who leads it, or whoever has a role in it where nobody does by name.
    """
    about = [
        node.title if node.title != node.id else "",
        *map(words, (node.form, node.kind, node.state)),
    ]
    days = f"{node.since or ''}..{node.until or ''}" if node.since or node.until else ""
    leads = [role for role in LEADS if role in node.held] if node.sort == "project" else []
    held = {role: [of.called[who] for who in node.held[role]] for role in leads or node.held}
    people = [f"{of.titles[role]}: {', '.join(names)}" for role, names in held.items()]
    vacant = [f"{of.titles[role]}: nobody" for role in node.vacant]
    serves = f"serves {', '.join(node.serves)}" if node.serves else ""
    parts = [", ".join(filter(None, about)), days, serves, *people, *vacant]
    return "; ".join(filter(None, (node.id, *parts)))


def _all(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for each in nodes:
        yield each
        yield from _all(each.under)


def _state(office: Office, today: date) -> str:
    if office.until is not None and office.until < today:
        return "ended"
    return "to come" if office.since is not None and today < office.since else ""


def _held(view: View) -> dict[tuple[str, str | None], tuple[str, ...]]:
    """Give who holds each role for each unit, or everywhere (None), today."""
    return _holding(view, col(RoleHolding.unit), col(RoleHolding.project).is_(None))


def _held_in_projects(view: View) -> dict[tuple[str, str | None], tuple[str, ...]]:
    """Give who holds each role in each project today."""
    return _holding(view, col(RoleHolding.project), col(RoleHolding.project).is_not(None))


def _holding(view: View, of: Any, mine: Any) -> dict[tuple[str, str | None], tuple[str, ...]]:
    ends = col(RoleHolding.to_date)
    today = col(RoleHolding.from_date) <= view.today, or_(ends.is_(None), ends >= view.today)
    role, person = col(RoleHolding.role), col(RoleHolding.person)
    wanted = select(role, of, person).where(mine, *today)
    found: dict[tuple[str, str | None], tuple[str, ...]] = {}
    for held, place, who in view.uow.select(wanted.order_by(by_code(role), by_code(person))):
        found[held, place] = (*found.get((held, place), ()), who)
    return found
    return found


_PROJECTS = (
    select(
        *(
            col(getattr(Project, name))
            for name in (
                *("id", "name", "stage", "status", "office", "programme"),
                *("starts_on", "ends_on"),
            )
        )
    )
    .where(col(Project.is_office).is_(False))
    .order_by(by_code(col(Project.id)))
)
_PROGRAMMES = select(
    *(col(getattr(Programme, name)) for name in ("id", "name", "kind", "within", "office"))
).order_by(by_code(col(Programme.id)))
