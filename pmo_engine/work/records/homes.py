"""Where the records of a register are: in a project, or in the place that an office has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.people import place_of
from pmo_engine.model.vocabulary import ACTIVE
from pmo_engine.store import tables
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people.posts import office_named
from pmo_engine.work.records.naming import home_of, register_named
from pmo_engine.work.subjects import OfPlace

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.policy import Office, Policy, Register
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Context, Governance
    from pmo_engine.work.subjects import Locked


@dataclass(frozen=True, slots=True)
class OfHome:
    """A command about a record that a project, or an office, is to have."""

    governance: Governance
    register: str
    name: str

    def lock(self, uow: UnitOfWork) -> Locked:
        rules = self.governance.rules
        declared = register_named(rules.policy, self.register)
        if declared.of_offices:
            today = rules.day_of(self.governance.clock.now())
            home = home_of(rules.policy, declared, self.name)
            return OfPlace(place_for(uow, rules.policy, home, self.name, today)).lock(uow)
        _refuse_office(uow, rules.policy, declared, self.name)
        return OfPlace(self.name).lock(uow)


@dataclass(frozen=True, slots=True)
class OfOffice:
    """A command about an office, whose place is made where there is none."""

    governance: Governance
    office: str

    def lock(self, uow: UnitOfWork) -> Locked:
        rules = self.governance.rules
        today = rules.day_of(self.governance.clock.now())
        home = place_for(uow, rules.policy, place_of(self.office), self.office, today)
        return OfPlace(home).lock(uow)


def home_named(c: Context, register: Register, name: str) -> str:
    """Give the id of a project, or of the place of an office; raises NotFound, CommandError."""
    home = home_of(c.policy, register, name)
    if not register.of_offices:
        _refuse_office(c.uow, c.policy, register, home)
        c.uow.projects.get(home)
    elif not c.uow.projects.is_there(home):
        _declared(c.policy, home, name)
    return home


def _refuse_office(uow: UnitOfWork, policy: Policy, register: Register, name: str) -> None:
    """Say of an office that is named for a register of projects what it is named for."""
    if name in policy.offices and not uow.projects.is_there(name):
        raise CommandError(f"{register.id} is a register of projects, and {name} is an office")


def is_home(c: Context, register: Register, home: str) -> bool:
    """Tell whether records may be entered under an id, which an office makes its own at need."""
    if c.uow.projects.is_there(home) or not register.of_offices:
        return c.uow.projects.is_there(home)
    return home in map(place_of, c.policy.offices or [tables.OFFICE])


def place_for(uow: UnitOfWork, policy: Policy, home: str, name: str, today: date) -> str:
    """Make the place where an office has its own records, unless it is there; gives its id.

    Raises CommandError for an office that there is not, Refusal for one that is over.
    """
    if not uow.projects.is_there(home):
        uow.projects.add(_place(_declared(policy, home, name), home))
    office = next((each for each in policy.offices.values() if place_of(each.id) == home), None)
    if office is not None and office.under is not None and not office.is_open(today):
        ends = f"ended on {office.until}" if office.until and office.until < today else "is to come"
        raise Refusal(f"the office '{office.id}' {ends}; '{office.under}' is above it")
    return home


def _declared(policy: Policy, home: str, name: str) -> Office | None:
    """Give the office whose place it is; None is the one that there is where none is declared."""
    if not policy.offices:
        if home != place_of(tables.OFFICE):
            raise CommandError(
                f"no office is called '{name}': the policy declares none under 'kind: offices', so"
                f" there is one, '{tables.OFFICE}'"
            )
        return None
    by_place = {place_of(each.id): each for each in policy.offices.values()}
    return by_place.get(home) or office_named(policy, name)


def _place(office: Office | None, home: str) -> tables.Project:
    return tables.Project(
        id=home,
        name=home if office is None else office.title,
        stage="",
        office=tables.OFFICE if office is None else office.id,
        status=ACTIVE,
        is_office=True,
    )


def require_home(register: Register, place: tables.Project) -> None:
    """Refuse a record of projects in an office, and the other way round."""
    if register.of_offices != place.is_office:
        wanted = "an office" if register.of_offices else "a project"
        raise Refusal(f"{register.id} is a register of {wanted}, and {place.id} is none")
