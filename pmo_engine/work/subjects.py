"""What work is about: the kinds of subjects, each in one module, and how a command locks one."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.people import unit_of
from pmo_engine.model.vocabulary import A_GATE, A_PLACE, A_RECORD, A_RETURN, A_VERSION
from pmo_engine.store.errors import NotFound
from pmo_engine.store.tables import OFFICE
from pmo_engine.work.errors import the_one

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pmo_engine.authority.interests import Interest
    from pmo_engine.queries.asked.matters import About
    from pmo_engine.store.tables import Choice, Obligation, Outcome
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.versions.open_work import Judged

MODULES = {
    A_RECORD: "pmo_engine.work.records.subject",
    A_GATE: "pmo_engine.work.gates.subject",
    A_PLACE: "pmo_engine.work.people.subject",
    A_VERSION: "pmo_engine.work.versions.subject",
    A_RETURN: "pmo_engine.work.rounds.subject",
}
"""The module of each kind, whose ``KIND`` it is."""


class Subject(Protocol):
    """What a command is about; nobody else changes it until the command ends."""

    def lock(self, uow: UnitOfWork) -> Locked:
        """Lock it; raises NotFound, CommandError."""


@dataclass(frozen=True, slots=True)
class Locked:
    """What was locked, as it is now, and the chain of the journal that tells of it."""

    row: Any = None
    chain: str = OFFICE
    obligation: Obligation | None = None  # where the command is about what was asked of somebody
    place: str | None = None  # the project whose roles give a right to it, besides the office's
    unit: str | None = None  # or the office or programme, as holdings have it
    subject: str | None = None  # its id among the subjects, where it is one
    people: tuple[str, ...] = ()  # everybody who has a part in it, where it is about several


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote that was cast: on which approval, what was chosen, why; for a gate, the outcome."""

    approval: Obligation
    choice: Choice
    reason: str
    outcome: Outcome | None = None


class SubjectKind(Protocol):
    """What commands ask of a kind of subject; ``row`` is what ``lock`` and ``get`` give."""

    def get(self, uow: UnitOfWork, id: str) -> Any:
        """Give the subject's own row; raises NotFound."""

    def lock(self, uow: UnitOfWork, id: str) -> Any:
        """Give the row as it is now, which nobody else changes."""

    def many(self, uow: UnitOfWork, ids: Collection[str]) -> Sequence[Any]:
        """Give the rows of several."""

    def interests(self, c: Context, rows: Sequence[Any]) -> Mapping[str, tuple[Interest, ...]]:
        """Name, by the id of each row, who has an interest in it that it knows of itself."""

    def act(self, c: Context, row: Any) -> str:
        """Name the act of deciding about it, as terms do."""

    def governing(self, c: Context, row: Any) -> Context:
        """Give the context under the version of the policy that says who decides about it."""

    def says_since(self, row: Any) -> int:
        """Give the version since which it says what it says now."""

    def changes(self, c: Context, row: Any, version: int) -> list[str]:
        """Say in words what it says otherwise than in an earlier version."""

    def status(self, row: Any) -> str:
        """Say where it stands, in a word."""

    def settle(self, c: Command, row: Any, ballot: Ballot) -> str:
        """Act on a vote that decides, and give where the subject stands then."""

    def advised(self, c: Command, row: Any) -> str:
        """Go on after somebody answered who is asked before others decide."""

    def lapsed(self, c: Command, row: Any, approval: Obligation) -> None:
        """Act on an approval that lapsed: no decision was taken in its time."""

    def allows(self, c: Command, row: Any, ballot: Ballot) -> None:
        """Refuse a vote for what the subject cannot be decided to be; raises CommandError."""

    def against(self, c: Command, row: Any, approval: Obligation) -> str:
        """Say what keeps an approval from being given now; votes for it do not count then."""

    def answered(self, c: Command, row: Any) -> str:
        """Go on after something that was asked for is there; gives where the subject stands."""

    def open(self, c: Context) -> list[Any]:
        """List what of this kind is open and is under a version of the policy."""

    def called(self, row: Any) -> str:
        """Say in short how people call it."""

    def judge(self, c: Context, row: Any) -> Judged | str:
        """See it with the eyes of the version that ``c`` is under; a text says why it cannot."""

    def go_on_under(self, c: Command, judged: Judged) -> None:
        """Put it under the version that ``c`` is under, and go on."""


@cache
def kind_of(name: str) -> SubjectKind:
    """Give a kind of subject by its name."""
    kind: SubjectKind = import_module(MODULES[name]).KIND
    return kind


def wrote(c: Context, kind: str, row: Any) -> set[str]:
    """Name those whose own request something is: whoever asked for it, or wrote what it says."""
    found = kind_of(kind).interests(c, [row])[row.id]
    return {each.person for each in found if each.kind in {"requester", "author"}}


def kind_about(uow: UnitOfWork, obligation: Obligation) -> SubjectKind:
    """Give the kind of what an obligation is about."""
    return kind_of(uow.subjects.get(obligation.subject_id).kind)


def about_of(uow: UnitOfWork, row: Obligation) -> About:
    """Give the kind of what an obligation is about, and its row."""
    kind = uow.subjects.get(row.subject_id).kind
    return kind, kind_of(kind).get(uow, row.subject_id)


@dataclass(frozen=True, slots=True)
class Office:
    """A command about nothing that exists yet, or about the office as a whole."""

    def lock(self, _uow: UnitOfWork) -> Locked:
        return Locked()


@dataclass(frozen=True, slots=True)
class OfProject:
    """A command about a project, or about a record that it is to have."""

    project: str

    def lock(self, uow: UnitOfWork) -> Locked:
        on = OfPlace(self.project).lock(uow)
        if on.row.is_office:
            raise NotFound("project", self.project)
        return on


@dataclass(frozen=True, slots=True)
class OfPlace:
    """A command about what has records: a project, or the place of an office."""

    place: str

    def lock(self, uow: UnitOfWork) -> Locked:
        return Locked(uow.projects.lock(self.place), self.place, place=self.place)


@dataclass(frozen=True, slots=True)
class OfProjectAndWork:
    """A command about a project and all that waits in it: the subjects are locked first."""

    project: str

    def lock(self, uow: UnitOfWork) -> Locked:
        waiting = {row.subject_id for row in uow.obligations.open_in(self.project)}
        uow.subjects.lock_all(waiting | set(uow.entries.undecided_in(self.project)))
        return OfProject(self.project).lock(uow)


@dataclass(frozen=True, slots=True)
class OfProgramme:
    """A command about a portfolio or programme; the tree is nobody else's to change meanwhile."""

    programme: str

    def lock(self, uow: UnitOfWork) -> Locked:
        rows = {each.id: uow.programmes.lock(each.id) for each in uow.programmes.all()}
        row = rows.get(self.programme) or uow.programmes.get(self.programme)
        return Locked(row, unit=unit_of(programme=self.programme))


@dataclass(frozen=True, slots=True)
class OfPerson:
    """A command about somebody; where it is about one project or unit alone, also that one."""

    person: str
    project: str | None = None
    unit: str | None = None

    def lock(self, uow: UnitOfWork) -> Locked:
        row = uow.people.lock(self.person)
        if self.project is not None:
            uow.projects.get(self.project)
        return Locked(row, place=self.project, unit=self.unit)


@dataclass(frozen=True, slots=True)
class OfPeople:
    """A command about somebody that others have a part in; nobody changes one of them meanwhile."""

    person: str
    others: tuple[str, ...]

    def lock(self, uow: UnitOfWork) -> Locked:
        rows = {each: uow.people.lock(each) for each in sorted({self.person, *self.others})}
        return Locked(rows[self.person], people=tuple(rows))


@dataclass(frozen=True, slots=True)
class OfSubject:
    """A command about a subject whose id is known."""

    id: str

    def lock(self, uow: UnitOfWork) -> Locked:
        subject = uow.subjects.lock(self.id)
        row = kind_of(subject.kind).lock(uow, self.id)
        return Locked(row, subject.chain, subject=subject.id)


@dataclass(frozen=True, slots=True)
class OfObligation:
    """A command about what was asked of somebody: its subject is locked, then itself.

    ``beginning`` is its id, or as much of it as tells it apart.
    """

    beginning: str

    def lock(self, uow: UnitOfWork) -> Locked:
        found = uow.obligations.subjects_of(self.beginning)
        id = the_one(list(found), self.beginning, "obligation")
        on = OfSubject(found[id]).lock(uow)
        return replace(on, obligation=uow.obligations.lock(id))
