"""Who may act on what was asked: gathers what the answer rests on, and asks the pure question.

The same answer is used when asking, in the inbox, at the vote, by escalation and when people ask.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.delegable import handed_on, kept
from pmo_engine.authority.eligibility import Decider, Matter, Standing, who_may_decide
from pmo_engine.authority.interests import KINDS, Interest, barred
from pmo_engine.authority.titles import held_in_words, role_in_words, roles_in_words
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.names import alike
from pmo_engine.model.people import RoleHolding
from pmo_engine.model.vocabulary import A_GATE, A_RECORD, LEADS, MANAGER, MANDATE, MOTION
from pmo_engine.policy.tolerances import is_of_team
from pmo_engine.queries.obligations import ANSWERS, RAISED_BY
from pmo_engine.work.approvals.bodies import bodies_of, has_ballot, risen_to, seat_holdings
from pmo_engine.work.approvals.counting import signatures_of
from pmo_engine.work.approvals.reach import Reach, line_above
from pmo_engine.work.approvals.signing import asked_now, is_held, is_turn_of, not_its_turn
from pmo_engine.work.people.gathered import known_people
from pmo_engine.work.people.places import stood_since
from pmo_engine.work.subjects import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pmo_engine.authority.interests import Kind
    from pmo_engine.authority.people import People
    from pmo_engine.authority.units import Units
    from pmo_engine.store.tables import Addressee, DeclaredInterest, Obligation, Vote
    from pmo_engine.work.approvals.bodies import Body
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import SubjectKind

MOVES_ON = frozenset({"go", "conditional_go"})
"""Outcomes of a gate after which the next stage is under way."""


@dataclass(frozen=True)
class About:
    """What an obligation is about: its kind, its row, and who has declared an interest in it."""

    kind: SubjectKind
    name: str  # of the kind
    row: Any
    since: datetime  # when it came to be
    interests: tuple[Interest, ...] = ()
    signed: tuple[tuple[Obligation, Vote], ...] = ()


@dataclass(frozen=True)
class Case:
    """An obligation with everything that says who may act on it; see ``cases``."""

    c: Context  # under the version of the policy that governs it
    row: Obligation
    about: About
    people: People
    waits: tuple[Addressee, ...] = ()

    @property
    def is_decision(self) -> bool:
        """Tell whether it is decided by votes; the rest is answered, by whoever is asked."""
        return self.row.kind == "approval"

    @cached_property
    def reach(self) -> Reach:
        """Say how far the terms let roles decide it."""
        act = self.row.act or self.about.kind.act(self.c, self.about.row)
        return Reach(self.c, act, self.about.row if self.about.name == A_RECORD else None)

    def above(self, role: str) -> Iterator[str]:
        """Name the roles to which it goes up from one: by the terms, then by the offices."""
        return line_above(self.c, self.reach, role, self.row.project)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Name the roles of which it was asked, before it went up to anybody."""
        if self.row.details["role"] is None and "signatures" not in self.row.details:
            return ()
        return tuple(each.role for each in signatures_of(self.row).of)

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """Name the roles for which it waits: those asked, and those to which it went up."""
        roles = (each.role for each in self.waits if not each.informed)
        return tuple(dict.fromkeys(r for r in roles if r and is_turn_of(self.row, r)))

    @property
    def turn(self) -> tuple[str, ...]:
        """Name those that were asked and whose turn it is; others come later, or have acted."""
        return asked_now(self.row)

    def bodies(self, roles: Iterable[str]) -> dict[str, Body]:
        """Give the bodies that vote on it, and those among roles to which it would go up now."""
        return {**bodies_of(self.row), **risen_to(self.c, self.row, roles, self.asked)}

    def decider(self, role: str, bodies: Mapping[str, Body]) -> Decider:
        """Say what the terms say of a role that would decide it, and who votes for it."""
        policy, terms = self.c.policy, self.c.policy.terms.get(role)
        own = role in self.asked
        given = None if terms is None else terms.delegation
        body = bodies.get(role)
        return Decider(
            role,
            capacity="own role" if own else "escalation",
            clause=self.row.clause if own else self._clause_of(role),
            deputies=terms.deputies if terms and body is None else (),  # nobody votes for a body
            members=None if body is None else frozenset(body.voting),
            seatless=self._seatless(body),
            barred=barred(policy, role, gate=self._is_on_project)
            if self.is_decision
            else self._apart(role),
            chains=handed_on(policy, role),
            kept=kept(policy, role, self.reach.act),
            delegates=() if given is None else given.to,
            why_not=self._beyond(role, own=own),
        )

    def _seatless(self, body: Body | None) -> Mapping[str, str]:
        """Say of those without a seat in a body, whose role they hold, who has the seats."""
        if body is None or not body.seatless:
            return {}
        called = self.c.uow.people.names_of(body.voting)
        whose = ", ".join(called[each] for each in body.voting) or "nobody"
        where = role_in_words(body.role, self.c.policy)
        why = f"has no seat with a vote in {where}: the seats are of {whose}"
        return dict.fromkeys(body.seatless, why)

    @property
    def _is_on_project(self) -> bool:
        """Tell whether it is decided whether a project goes on, or what becomes of it."""
        own = self.row.details.keys() & {MOTION, ANSWERS}
        return self.about.name == A_GATE or bool(own) or self._changed is not None

    def _apart(self, role: str) -> frozenset[Kind]:
        """Name what keeps somebody from assessing at a gate, and from answering an exception.

        What a body is to answer, anybody of it puts to its vote, which is where it keeps them. That
        they lead the project keeps nobody from answering its teams.
        """
        if self._is_of_tolerance and not has_ballot(self.c.policy, role):
            return KINDS["own"] | (
                frozenset() if is_of_team(self.row.rule) else KINDS["own project"]
            )
        if not self._is_at_gate:
            return frozenset()
        return KINDS["own project"] | (KINDS["own"] if self._is_of_proposal else frozenset())

    @property
    def _is_at_gate(self) -> bool:
        """Tell whether it is an assessment, or a judgement, for a gate."""
        return is_at_gate(self.row, self.about)

    @property
    def _is_of_proposal(self) -> bool:
        """Tell whether the gate was opened for whoever proposed the project."""
        return MANDATE in self.about.row.details

    @cached_property
    def _changed(self) -> str | None:
        """Name the project of which it is decided what becomes, where a record says which."""
        if self.about.name != A_RECORD:
            return None
        register = self.c.policy.registers.get(self.about.row.register_name)
        if register is None or register.changes is None:
            return None
        named = self.about.row.document.get(register.changes.project)
        return None if named is None else str(named)

    def _is_own(self, held: RoleHolding, asked: set[str], project: str) -> bool:
        """Tell whether a role makes a project somebody's own.

        Of those who assess it that is its manager, or whoever has a role in it where they are to be
        independent of it.
        """
        here = held.project == project
        if self.row.details.get("independent"):
            return here or held.role in LEADS
        if not self.is_decision:
            nobody_manages = MANAGER not in self.c.policy.roles
            return held.role == MANAGER or (nobody_manages and here and held.role not in asked)
        return (here and held.role not in asked) or held.role in LEADS

    def _clause_of(self, role: str) -> str:
        clause = self.reach.covered(role).clause if self.is_decision else ""
        return clause or f"it went up to {role_in_words(role, self.c.policy)}"

    def _beyond(self, role: str, *, own: bool) -> str:
        """Say why it may not have gone up to a role; limits of those asked are held at the vote."""
        return "" if own or not self.is_decision else self.reach.without_authority(role)

    def standings(
        self, roles: Iterable[str] | None = None, *, voted: bool = True, asker: str | None = None
    ) -> tuple[Standing, ...]:
        """Judge everybody near it, for the roles for which it waits or for others.

        ``voted``: whoever has voted has done so; without, any vote may still be changed, and the
        vote of the ``asker`` may in any case.
        """
        chosen = self.deciding if roles is None else tuple(roles)
        bodies = self.bodies(chosen)
        deciders = tuple(self.decider(role, bodies) for role in chosen)
        matter = self.matter(deciders, voted=voted, asker=asker)
        people = self.people
        if seats := seat_holdings(self.c, self.row, people, bodies.values()):
            people = replace(people, holdings=(*people.holdings, *seats))
        found = who_may_decide(matter, people, self.c.today)
        waits = (each for each in self.waits if not (each.informed or each.until))
        named = [each.person for each in waits if each.person]
        return (*(Standing(each, may=True) for each in named), *found)

    def everybody(self) -> tuple[Standing, ...]:
        """Judge, beside those of whom it is asked, whoever has a role with authority for such."""
        asked = self.deciding or self.asked
        found = self.with_turns(self.standings(asked))
        near = {each.person for each in found}
        others = [role for role, _ in self.reach.holders if role not in asked]
        wanted = roles_in_words(asked, self.c.policy) or "nobody in particular"
        for role in others if self.is_decision else ():
            why = self.reach.without_authority(role) or f"is not asked: it is for {wanted}"
            for person in self.people.holders(role, self.row.project, self.c.today):
                if person not in near:
                    near.add(person)
                    found = (*found, Standing(person, may=False, role=role, why_not=why))
        return found

    def with_turns(self, found: tuple[Standing, ...]) -> tuple[Standing, ...]:
        """Add those of whom it was asked and whose turn it is not, with why."""
        if not self.is_decision or is_held(self.row):
            return found
        others = [role for role in self.asked if role not in self.deciding]
        later = [
            replace(each, may=False, why_not=not_its_turn(self.c, self.row, each.role))
            if each.may
            else each
            for each in (self.standings(others) if others and self.deciding else ())
            if each.role
        ]
        known = {each.person for each in found if each.role}
        added = {each.person: each for each in later if each.person not in known}
        return (*(e for e in found if e.person not in added), *added.values())

    def matter(
        self, deciders: tuple[Decider, ...], *, voted: bool = True, asker: str | None = None
    ) -> Matter:
        """Give it as the pure question takes it."""
        if not self.is_decision:
            near = (*self._written_by, *self._of_project(deciders))
            matter = Matter(self.reach.act, self.row.project, self._since, deciders, near)
            return replace(matter, called=self.c.uow.people.name_of, titled=self._titled)
        given = [each for each in self.given if voted and (each.person != asker or is_aside(each))]
        return Matter(
            self.reach.act,
            self.row.project,
            self._since,
            deciders,
            (*self.about.interests, *self._raised_by, *self._of_project(deciders)),
            self.reach.amount if self.people.delegations else None,
            signed=dict(self._signed()),
            voted={each.person: how_voted(each) for each in given},
            voted_for=dict(_answered(self.c, given)),
            changeable=frozenset(each.person for each in given if not is_aside(each)),
            called=self.c.uow.people.name_of,
            titled=self._titled,
        )

    @property
    def _written_by(self) -> tuple[Interest, ...]:
        """Name who asked for, or wrote, what is answered, and who raised it by that."""
        if self._is_at_gate and self._is_of_proposal:
            return self.about.interests
        return (*self.about.interests, *self._raised_by) if self._is_of_tolerance else ()

    @property
    def _is_of_tolerance(self) -> bool:
        """Tell whether it is an exception that a tolerance raised, and no rule's own."""
        return self.row.kind == "exception" and "report" in self.row.details

    @property
    def _raised_by(self) -> tuple[Interest, ...]:
        person = self.row.details.get(RAISED_BY)
        return () if person is None else (Interest(person, "author", "wrote what raised it"),)

    def _titled(self, role: str) -> str:
        return role_in_words(role, self.c.policy)

    @property
    def _since(self) -> date:
        """Give the day from which interests count: that on which it was asked for at all."""
        return self.about.since.astimezone(self.c.zone).date()

    def _signed(self) -> Iterator[tuple[str, str]]:
        """Say who signed another approval of the same, where everybody signs once."""
        if not signatures_of(self.row).distinct:
            return
        for other, vote in self.about.signed:
            apart = other.id != self.row.id and other.subject_version >= self._counts_from
            if apart and vote.choice == "approve" and signatures_of(other).distinct:
                role = self._titled(vote.role) if vote.role else other.target
                said = f"has signed for {role} already"
                yield vote.person, said
                if vote.on_behalf_of is not None:
                    yield (
                        vote.on_behalf_of,
                        f"{said}, through {self.c.uow.people.name_of(vote.person)}",
                    )

    @property
    def _counts_from(self) -> int:
        version: int = getattr(self.about.row, "matter_version", 0)
        return version

    @property
    def given(self) -> list[Vote]:
        """Give the votes on it that count."""
        return [vote for other, vote in self.about.signed if other.id == self.row.id]

    def _of_project(self, deciders: tuple[Decider, ...]) -> Iterator[Interest]:
        """Name those whose own project it is, where that keeps somebody from deciding."""
        project = self._changed or self.row.project
        if project is None or not any("own project" in each.barred for each in deciders):
            return
        asked = {each.role for each in deciders}
        today = self.c.today
        for held in self._posts(project):
            role = self.c.policy.roles.get(held.role)
            body = role is not None and role.body
            if not body and self._is_own(held, asked, project):
                is_or_was = "is" if held.holds(today) else "was"
                why = f"{is_or_was} {held.role.replace('_', ' ')} of {project}"
                yield Interest(held.person, "own project", why)

    def _posts(self, project: str) -> list[RoleHolding]:
        """Give the roles held there while what is decided was under way: since the last gate.

        Who held one then has the project for their own, however lately they stepped down.
        """
        reviews = self.c.uow.gate_reviews.of_project(project)
        moved = (each.closed_at for each in reviews if each.outcome in MOVES_ON)
        since = max((moment for moment in moved if moment is not None), default=None)
        day = date.min if since is None else since.astimezone(self.c.zone).date()
        held = self.c.uow.people.held_between(project, day, self.c.today)
        spans = [RoleHolding(*each) for each in held]
        units = self._units_since(project, day) if any(e.unit is not None for e in spans) else ()
        found = [each for each in spans if self._is_near(each, units, project)]
        found.sort(key=lambda each: (not each.holds(self.c.today), each.since, each.role))
        return found

    def _units_since(self, project: str, day: date) -> tuple[Units, ...]:
        """Give where the project stood since a day: that it was moved makes it nobody's less."""
        units = self.people.units
        return tuple(
            replace(
                units,
                projects={**units.projects, project: at},
                programmes={**units.programmes, **above},
            )
            for at, above in stood_since(self.c, project, day)
        )

    def _is_near(self, held: RoleHolding, then: tuple[Units, ...], project: str) -> bool:
        if held.unit is None:
            return True
        known = (self.people.units, *then)
        return any(held.unit in each.near(held.role, project) for each in known)


def cases(
    c: Context, rows: Sequence[Obligation], known: Mapping[str, About] | None = None
) -> list[Case]:
    """Gather what says who may act on some obligations: a fixed number of statements for all.

    ``known``: by its id, what a subject is that was read already.
    """
    if not rows:
        return []
    about = {**(known or {}), **_read(c, {row.subject_id for row in rows} - (known or {}).keys())}
    since = min(each.since for each in about.values()).astimezone(c.zone).date()
    there = known_people(c)
    about = _interested(c, rows, about, there.declared_between(since, c.today))
    waits = c.uow.addressees.of_all([row.id for row in rows])
    made = []
    for row in rows:
        of = about[row.subject_id]
        waiting = tuple(waits.get(row.id, ()))
        then = there.since(of.since.astimezone(c.zone).date())
        made.append(Case(of.kind.governing(c, of.row), row, of, then, waiting))
    return made


def _interested(
    c: Context,
    rows: Sequence[Obligation],
    about: Mapping[str, About],
    had: Iterable[DeclaredInterest],
    *,
    voted_on: bool = True,
) -> dict[str, About]:
    """Give what the obligations are about, with interests and votes where any is a decision."""
    found = dict(about)
    decided = {row.subject_id for row in rows if _has_interests(row, found[row.subject_id])}
    if not decided:
        return found
    declared = tuple(had)
    signed: dict[str, list[tuple[Obligation, Vote]]] = {}
    for obligation, vote in c.uow.votes.about(decided) if voted_on else ():
        signed.setdefault(obligation.subject_id, []).append((obligation, vote))
    own = _interests(c, [(id, found[id]) for id in sorted(decided)])
    projects = {row.subject_id: row.project for row in rows}
    for id in decided:
        told = _declared(declared, id, projects[id], own[id], c.uow.people.name_of)
        interests = (*own[id], *told)
        found[id] = replace(found[id], interests=interests, signed=tuple(signed.get(id, ())))
    return found


def _has_interests(row: Obligation, about: About) -> bool:
    return row.kind in {"approval", "exception"} or is_at_gate(row, about)


def is_at_gate(row: Obligation, about: About) -> bool:
    """Tell whether something is an assessment, or a judgement, for a gate."""
    return row.kind == "assessment" and about.name == A_GATE


def _read(c: Context, ids: set[str]) -> dict[str, About]:
    by_kind: dict[str, dict[str, datetime]] = {}
    for id, (kind, created_at) in c.governance.subjects.of(c, ids).items():
        by_kind.setdefault(kind, {})[id] = created_at
    return {
        row.id: About(kind_of(name), name, row, since[row.id])
        for name, since in by_kind.items()
        for row in kind_of(name).many(c.uow, since)
    }


def _interests(
    c: Context, subjects: Sequence[tuple[str, About]]
) -> dict[str, tuple[Interest, ...]]:
    by_kind: dict[str, list[Any]] = {}
    for _, about in subjects:
        by_kind.setdefault(about.name, []).append(about.row)
    found: dict[str, tuple[Interest, ...]] = {}
    for name, those in by_kind.items():
        found |= kind_of(name).interests(c, those)
    return found


def _declared(
    declared: Iterable[DeclaredInterest],
    subject: str,
    project: str | None,
    interests: Iterable[Interest],
    called: Callable[[str], str],
) -> Iterator[Interest]:
    parties = {as_compared(each.person) for each in interests if each.kind == "party"}
    for each in declared:
        in_project = each.project is not None and each.project == project
        a_party = each.party is not None and as_compared(each.party) in parties
        if in_project or each.subject_id == subject or a_party:
            yield Interest(each.person, "declared", _in_words(each, called))


def _in_words(declared: DeclaredInterest, called: Callable[[str], str]) -> str:
    if declared.declared_by == declared.person:
        return f"has declared an interest in {declared.called}"
    return f"has an interest in {declared.called}, as {called(declared.declared_by)} declared"


def as_compared(name: str) -> str:
    """Give the name of a party as it is compared: ``ACME`` and ``acme `` are one."""
    return alike(name)


def case_of(c: Context, row: Obligation, about: About | None = None) -> Case:
    """Gather what says who may act on one obligation."""
    (found,) = cases(c, [row], None if about is None else {row.subject_id: about})
    return found


def new_case(c: Context, row: Obligation, about: About, waits: Sequence[Addressee] = ()) -> Case:
    """Gather it for an obligation that is about to be asked under the version of ``c``.

    Of a subject that has just come to be nobody has voted on anything.
    """
    since = about.since.astimezone(c.zone).date()
    there, own = known_people(c), {row.subject_id: about}
    had = there.declared_between(since, c.today)
    found = _interested(c, [row], own, had, voted_on=getattr(about.row, "version", 1) > 1)
    return Case(c, row, found[row.subject_id], there.since(since), tuple(waits))


def standings(c: Context, row: Obligation) -> tuple[Standing, ...]:
    """Give everybody near what was asked, those who may act on it first."""
    return case_of(c, row).standings()


def standing_of(c: Context, row: Obligation, person: str, about: About | None = None) -> Standing:
    """Say whether somebody may act on what was asked; a vote of theirs may still be changed."""
    case = case_of(c, row, about)
    found = case.standings(asker=person)
    here = next((each for each in found if each.person == person), None)
    if here is None or not here.role:
        turns = (e for e in case.with_turns(found) if e.person == person and e.role)
        here = next(turns, here)
    return here or Standing(person, may=False, why_not=no_role(case, person))


def _answered(c: Context, given: Iterable[Vote]) -> Iterator[tuple[str, str]]:
    """Say of whom somebody else has answered for; who steps aside does so for themself."""
    for each in given:
        if each.on_behalf_of is not None and not is_aside(each):
            yield each.on_behalf_of, f"{c.uow.people.name_of(each.person)} {how_voted(each)}"


def is_aside(vote: Vote) -> bool:
    """Tell whether somebody stepped aside, which is for good: any other vote may be changed."""
    return vote.choice == "recuse"


def how_voted(vote: Vote) -> str:
    """Say how somebody voted; the words go on after their name."""
    return "has stepped aside" if is_aside(vote) else f"has voted {vote.choice}"


def no_role(case: Case, person: str) -> str:
    """Say of somebody who is not near it for whom it is, and which roles they hold there."""
    held = case.people.roles_of(person, case.row.project, case.c.today)
    policy, who = case.c.policy, case.c.uow.people.name_of(person)
    wanted = roles_in_words(case.deciding, policy) or "nobody in particular"
    return f"it is for {wanted}, and {who} holds {held_in_words(held, policy)} in {case.row.chain}"
