"""What has to happen: obligations, the votes on them, the rungs of their ladders."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, tuple_, union, update
from sqlmodel import col

from pmo_engine.store.repository import IdRepository, Repository, VersionRepository
from pmo_engine.store.tables import (
    Addressee,
    Choice,
    Obligation,
    ObligationStatus,
    Rung,
    RungAction,
    Vote,
)


class Obligations(VersionRepository[Obligation]):
    """What is open, and what became of the rest."""

    model = Obligation
    noun = "obligation"

    def close(
        self,
        obligation: Obligation,
        status: ObligationStatus,
        expected: int | None = None,
        *,
        cancel_rungs: bool = True,
    ) -> Obligation:
        """Met, waived, lapsed or withdrawn, now; its waiting rungs are cancelled."""
        at = self._transaction.stamp.at
        self.change(obligation, expected, status=status, closed_at=at)
        if cancel_rungs:
            self._transaction.update(
                update(Rung)
                .where(col(Rung.obligation_id) == obligation.id, col(Rung.state) == "waiting")
                .values(state="cancelled")
            )
        self._transaction.update(
            update(Addressee)
            .where(col(Addressee.obligation_id) == obligation.id, col(Addressee.until).is_(None))
            .values(until=at)
        )
        return obligation

    def add(self, row: Obligation) -> Obligation:
        row.subject_kind = self._transaction.kind_of(row.subject_id)
        return super().add(row)

    def of_subject(self, id: str) -> list[Obligation]:
        """All obligations about a subject, closed ones included."""
        return self._where(col(Obligation.subject_id) == id)

    def open_for(self, id: str) -> list[Obligation]:
        """The open obligations about a subject."""
        return self._where(col(Obligation.subject_id) == id, col(Obligation.status) == "open")

    def open_for_role(self, roles: Collection[str], project: str | None = None) -> list[Obligation]:
        """What is open and addressed to one of these roles, in one project or in all."""
        wanted = [col(Obligation.status) == "open", col(Obligation.target).in_(roles)]
        if project is not None:
            wanted.append(col(Obligation.project) == project)
        return self._where(*wanted)

    def waiting_for(
        self,
        roles_by_project: Mapping[str, Collection[str]],
        office_roles: Collection[str],
        person: str,
        limit: int | None = None,
        after: Place | None = None,
    ) -> list[Obligation]:
        """What is open and waits for one of these roles, or for this person; first what is due.

        `roles_by_project`: the roles that count in one project each; `office_roles` count in every
        project and at the office. `after`: where an earlier answer ended.
        """
        mine = _addressed(roles_by_project, office_roles, person)
        due_at, id = col(Obligation.due_at), col(Obligation.id)
        chosen = select(Obligation).where(id.in_(mine), col(Obligation.status) == "open")
        if after is not None:
            chosen = chosen.where(_after(after))
        return self._all(chosen.order_by(due_at.is_(None), due_at, id).limit(limit))

    def open_for_anyone(self) -> list[Obligation]:
        """What is open in all projects."""
        return self._where(col(Obligation.status) == "open")

    def of_project(self, project: str) -> list[Obligation]:
        """All obligations in a project, closed ones included."""
        return self._where(col(Obligation.project) == project)

    def _where(self, *conditions: Any) -> list[Obligation]:
        order = (
            Obligation.opened_at,
            Obligation.subject_id,
            Obligation.rule,
            Obligation.kind,
            Obligation.target,
            Obligation.id,
        )
        chosen = select(Obligation).where(*conditions)
        return self._all(chosen.order_by(*(col(column) for column in order)))


Place = tuple[datetime | None, str]
"""When an obligation is due, and its id: where it stands among those that wait."""


def _after(place: Place) -> Any:
    when, id = place
    due_at, later = col(Obligation.due_at), col(Obligation.id) > id
    if when is None:
        return and_(due_at.is_(None), later)
    return or_(due_at > when, due_at.is_(None), and_(due_at == when, later))


def _addressed(
    roles_by_project: Mapping[str, Collection[str]], office_roles: Collection[str], person: str
) -> Select[Any]:
    """The obligations that wait for one of these; each part is a look into one index."""
    role, project = col(Addressee.role), col(Addressee.project)
    pairs = [(each, role) for each, roles in roles_by_project.items() for role in sorted(roles)]
    parts = [col(Addressee.person) == person]
    if office_roles:
        parts.append(role.in_(sorted(office_roles)))
    if pairs:
        parts.append(tuple_(project, role).in_(pairs))
    ids = (
        select(col(Addressee.obligation_id)).where(part, col(Addressee.until).is_(None))
        for part in parts
    )
    found = union(*ids).subquery()
    return select(found.c.obligation_id)


class Addressees(Repository[Addressee]):
    """For whom something waits."""

    model = Addressee
    noun = "addressee"

    def add(
        self,
        obligation_id: str,
        *,
        role: str | None = None,
        person: str | None = None,
        project: str | None = None,
        since: datetime | None = None,
        by_rung: int | None = None,
    ) -> Addressee | None:
        """It waits for a role, or a person, from now on; None if it does already."""
        addressee = Addressee(
            id=self._transaction.ids(),
            obligation_id=obligation_id,
            role=role,
            person=person,
            project=project,
            since=since or self._transaction.stamp.at,
            by_rung=by_rung,
        )
        added = self._transaction.insert_unless_there([addressee], "id")
        return addressee if added else None

    def add_new(self, addressees: Iterable[Addressee]) -> None:
        """Those for whom new obligations wait; written with the rest of the transaction."""
        for addressee in addressees:
            addressee.id = addressee.id or self._transaction.ids()
            self._session.add(addressee)

    def of(self, obligation_id: str) -> list[Addressee]:
        """For whom it waits, or waited until it was closed, in the order in which they came."""
        mine = select(Addressee).where(col(Addressee.obligation_id) == obligation_id)
        order = (col(Addressee.since), col(Addressee.by_rung).is_not(None), col(Addressee.by_rung))
        return self._all(mine.order_by(*order, col(Addressee.role), col(Addressee.person)))


class Votes(IdRepository[Vote]):
    """Who answered an approval, and how."""

    model = Vote
    noun = "vote"

    def cast(
        self,
        obligation_id: str,
        person: str,
        choice: Choice,
        reason: str = "",
        subject_version: int = 1,
    ) -> Vote:
        """The person's vote from now on; an earlier one is superseded and kept."""
        at = self._transaction.stamp.at
        self._transaction.update(
            update(Vote)
            .where(
                col(Vote.obligation_id) == obligation_id,
                col(Vote.person) == person,
                col(Vote.superseded_at).is_(None),
            )
            .values(superseded_at=at)
        )
        return self.add(
            Vote(
                obligation_id=obligation_id,
                person=person,
                choice=choice,
                reason=reason,
                subject_version=subject_version,
                at=at,
            )
        )

    def current(self, obligation_id: str) -> list[Vote]:
        """One vote per person, in the order in which they were given."""
        return [vote for vote in self.all_of(obligation_id) if vote.superseded_at is None]

    def all_of(self, obligation_id: str) -> list[Vote]:
        """Every vote, superseded ones included, in the order in which they were given."""
        mine = select(Vote).where(col(Vote.obligation_id) == obligation_id)
        return self._all(mine.order_by(col(Vote.at), col(Vote.person), col(Vote.id)))


class Rungs(Repository[Rung]):
    """The timers: reminders and escalations that wait for their time."""

    model = Rung
    noun = "rung"

    def add_all(self, rungs: Iterable[Rung]) -> None:
        self._session.add_all(rungs)

    def of_obligation(self, obligation_id: str) -> list[Rung]:
        mine = select(Rung).where(col(Rung.obligation_id) == obligation_id)
        return self._all(mine.order_by(col(Rung.rung)))

    def pass_on(self, before: str, after: str) -> None:
        """What still waits of one obligation's timers is another's from now on."""
        self._session.flush()
        self._transaction.update(
            update(Rung)
            .where(col(Rung.obligation_id) == before, col(Rung.state) == "waiting")
            .values(obligation_id=after)
        )

    def due_subjects(
        self, now: datetime, limit: int, actions: Collection[RungAction] | None = None
    ) -> list[str]:
        """The subjects that something is due about, the longest due first."""
        due = (
            select(col(Obligation.subject_id))
            .join(Rung, col(Rung.obligation_id) == col(Obligation.id))
            .where(*_due(now, actions))
            .group_by(col(Obligation.subject_id))
            .order_by(func.min(col(Rung.due_at)), col(Obligation.subject_id))
            .limit(limit)
        )
        return list(self._session.scalars(due))

    def claim_due_of(
        self, subject: str, now: datetime, actions: Collection[RungAction] | None = None
    ) -> list[Rung]:
        """Fires the rungs of a subject, which is locked, that are due; the earliest first."""
        mine = select(col(Obligation.id)).where(col(Obligation.subject_id) == subject)
        fire = (
            update(Rung)
            .where(col(Rung.obligation_id).in_(mine), *_due(now, actions))
            .values(state="fired", fired_at=now)
            .returning(Rung)
        )
        fired = self._transaction.rows(fire, fresh=True)
        return sorted(fired, key=lambda rung: (rung.due_at, rung.obligation_id, rung.rung))


def _due(now: datetime, actions: Collection[RungAction] | None) -> list[Any]:
    due = [col(Rung.state) == "waiting", col(Rung.due_at) <= now]
    return due if actions is None else [*due, col(Rung.action).in_(actions)]
