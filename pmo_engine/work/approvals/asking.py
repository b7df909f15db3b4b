"""For whom something waits: whoever may act on it is told; where nobody may, it goes up.

Where nobody above may either, it is stuck: the head of the office is told, and it is looked at
again whenever it may have become otherwise.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import titled
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.selection import superior
from pmo_engine.store import tables
from pmo_engine.work.approvals.bodies import outcome_of
from pmo_engine.work.approvals.counting import kept_signatures, would_pass
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.people.held import holders
from pmo_engine.work.people.places import heads_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_engine.authority.eligibility import Standing
    from pmo_engine.authority.interests import Kind
    from pmo_engine.store.tables import Addressee, Message, Obligation
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


@dataclass(frozen=True, slots=True)
class Put:
    """For whom something waits and who is told; why nobody may act, where that is so.

    ``kept_out``: holders of roles that are asked whom somebody else made a party to it, and how.
    """

    waits: list[Addressee]
    people: list[str]
    why_nobody: list[str] = field(default_factory=list)
    kept_out: dict[str, str] = field(default_factory=dict)


STUCK = " is stuck: nobody may act on it"

_BY_OTHERS: frozenset[Kind] = frozenset({"owner", "producer", "reviewer"})
_BY_THEMSELVES: frozenset[Kind] = frozenset({"requester", "author"})


def put_to(case: Case, roles: Sequence[str], before: Iterable[Addressee] = ()) -> Put:
    """Name for whom an obligation waits: roles that are asked, and whom it goes up to at once.

    ``before``: for whom the one waited that it is asked anew of, and still does.
    """
    waits = {each.role: _again(each) for each in before if each.role is not None}
    people: list[str] = []
    found: list[Standing] = []
    for role in roles:
        standings = case.standings([role])
        found += standings
        waits[role] = _waiting(case, role)
        people += able(standings)
        stays = able(standings) or is_within_reach(case)
        if not stays and (upward := _next_with_people(case, role)) is not None:
            waits[upward[0]] = _waiting(case, upward[0])
            people += upward[1]
    why = [] if people or not roles else why_stuck(case, found, roles)
    return Put(list(waits.values()), list(dict.fromkeys(people)), why, kept_out(case, found))


def is_within_reach(case: Case) -> bool:
    """Tell whether those who are asked can give all that several have to, without anybody above.

    Of signatures in turns each role's own is needed.
    """
    wanted = kept_signatures(case.row) if case.is_decision else None
    if wanted is None or len(wanted.of) == 1 or wanted.in_sequence:
        return False
    may: dict[str, list[str]] = {}
    for role in case.asked:
        for person in able(case.standings([role])):
            may.setdefault(case.people.one(person), []).append(role)
    return would_pass(case.c, case.row, may)


def why_stuck(case: Case, found: Sequence[Standing], roles: Sequence[str]) -> list[str]:
    """Say why nobody may act, of those who were asked and of those above them."""
    return [*why_nobody(case.c, found, roles), *why_none_above(case, roles)]


def kept_out(case: Case, found: Iterable[Standing]) -> dict[str, str]:
    """Say of holders of roles that are asked what keeps them out, where it is no doing of theirs.

    Whoever names an approver as a record's owner chooses who decides it: these hear of it.
    """
    kinds: dict[str, set[Kind]] = {}
    for each in case.about.interests:
        kinds.setdefault(case.people.one(each.person), set()).add(each.kind)
    near = ((each, kinds.get(case.people.one(each.person), set())) for each in found)
    return {
        each.person: each.why_not
        for each, had in near
        if not each.may and each.role and had & _BY_OTHERS and not had & _BY_THEMSELVES
    }


def _waiting(case: Case, role: str) -> Addressee:
    return tables.Addressee(role=role, project=case.row.project)


def _again(each: Addressee) -> Addressee:
    return tables.Addressee(
        role=each.role, project=each.project, by_rung=each.by_rung, informed=each.informed
    )


def next_able(case: Case, role: str) -> str | None:
    """Find the next role above one whose holders may act on it; None where there is none."""
    found = _next_with_people(case, role)
    return None if found is None else found[0]


def _next_with_people(case: Case, role: str) -> tuple[str, list[str]] | None:
    """Find the next role above one whose holders may act on it, and these."""
    for each in case.above(role):
        people = able(case.standings([each]))
        if people and not why_no_vote(case, each):
            return each, people
    return None


def may_decide(case: Case, role: str) -> bool:
    """Tell whether a role to which it goes up can act on it: of a body, whether enough may."""
    return bool(able(case.standings([role]))) and not why_no_vote(case, role)


def why_no_vote(case: Case, role: str) -> str:
    """Say why the votes that may come cannot decide it, of a body that would vote on it."""
    body = case.bodies([role]).get(role)
    if body is None:
        return ""
    votes = [each for each in case.c.uow.votes.current(case.row.id) if each.role == role]
    result = outcome_of(case.c, case.row, body, votes, case)
    too_few = f"too few of the {titled(role, case.c.policy)} may vote: {result.why}"
    return too_few if result.state == "lapsed" else ""


def why_none_above(case: Case, roles: Iterable[str]) -> list[str]:
    """Say of bodies above, of which some may act, why it is too few."""
    above = dict.fromkeys(each for role in roles for each in case.above(role))
    whose = (role for role in above if able(case.standings([role])))
    return list(filter(None, (why_no_vote(case, role) for role in whose)))


def able(found: Iterable[Standing]) -> list[str]:
    """Name those who may act, in the order of the roles for which they do."""
    return [each.person for each in found if each.may]


def have_heard(c: Context, row: Obligation, people: Iterable[str]) -> None:
    """Keep with it who was asked, so that nobody is asked again when it is looked at."""
    before = row.details.get("told", [])
    if more := [each for each in dict.fromkeys(people) if each not in before]:
        c.uow.obligations.change(row, details={**row.details, "told": [*before, *more]})


def why_nobody(c: Context, found: Sequence[Standing], asked: Sequence[str]) -> list[str]:
    """Say why nobody may act: of which roles there is nobody, and of each who is near, why not.

    Who has no role for it is left out where anything else says why.
    """
    empty = [role for role in asked if all(each.role != role for each in found)]
    nobody = [f"nobody holds {' or '.join(empty)}"] if empty else []
    called = c.uow.people.names_of(each.person for each in found)
    why = [(each.role, f"{called[each.person]} {each.why_not}") for each in found if not each.may]
    near = [said for role, said in why if role]
    others = [said for role, said in why if not role]
    return [*nobody, *near] or others or ["nobody holds a role for it"]


def concerned(case: Case) -> set[str]:
    """Name the persons who have an interest in a matter."""
    return {case.people.one(each.person) for each in case.about.interests}


def overseers(c: Command, case: Case, role: str, but: Iterable[str]) -> list[str]:
    """Name who sees to it that a role decides rightly: the office's heads, and whoever is above.

    Where there is nobody else it is the others who may decide.
    """
    project, left_out = case.row.project, {case.people.one(each) for each in but}
    above = superior(c.policy, role)
    roles = [*heads_of(c, project), *([] if above is None else [above])]
    held = {who for each in roles for who in holders(c, each, project)}
    for people in (held, set(able(case.standings()))):
        if others := sorted(each for each in people if case.people.one(each) not in left_out):
            return others
    return []


def get_stuck(c: Command, row: Obligation, why: Sequence[str]) -> None:
    """Put it on the list of what is stuck, and tell the head of the office; once."""
    if row.stuck_since is not None:
        return
    c.uow.obligations.change(row, stuck_since=c.now)
    tell_stuck(c, row, why)


def tell_stuck(c: Command, row: Obligation, why: Sequence[str], *, new: bool = False) -> None:
    """Tell the head of the office, and the journal, that nobody may act on something, and why.

    Of what is ``new`` nobody has been told anything.
    """
    key = f"{row.id}/stuck/{c.now.isoformat()}"
    told, messages = to_head(c, key, row.details["title"], why, row.project)
    if new:
        c.uow.outbox.add_new(messages)
    else:
        notices.send(c, messages)
    body = {"obligation": row.id, "subject": row.details["title"], "why": [*why], "told": told}
    c.journal("obligation.stuck", body, row.chain, row.subject_id)


def tell_head(
    c: Context,
    key: str,
    title: str,
    why: Sequence[str],
    project: str | None,
    what: str = STUCK,
) -> list[str]:
    """Tell whoever heads the office that nobody can go on with something, and why.

    ``what``: that it is something else, as the end of a sentence that begins with the title.
    """
    people, messages = to_head(c, key, title, why, project, what)
    notices.send(c, messages)
    return people


def to_head(
    c: Context, key: str, title: str, why: Sequence[str], project: str | None, what: str = STUCK
) -> tuple[list[str], list[Message]]:
    """Name who heads the office, and make what they are to be told, as ``tell_head``."""
    heads = (holders(c, head, project) for head in heads_of(c, project))
    people = next(filter(None, heads), [])
    subject, body = f"{title}{what}", "\n".join(f"{each}." for each in why)
    return people, [notices.notice(c, key, each, subject, body, project) for each in people]


def come_free(c: Command, row: Obligation) -> None:
    """Take it off the list of what is stuck."""
    if row.stuck_since is not None:
        c.uow.obligations.change(row, stuck_since=None)
        body = {"obligation": row.id, "subject": row.details["title"]}
        c.journal("obligation.freed", body, row.chain, row.subject_id)
