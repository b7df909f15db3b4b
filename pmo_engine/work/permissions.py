"""Who may do what: one table of acts, each judged on what is read under the lock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.authority.seniority import above
from pmo_engine.authority.titles import role_in_words, roles_in_words, titled
from pmo_engine.model.acts import Act
from pmo_engine.model.vocabulary import A_RECORD, A_VERSION
from pmo_engine.policy.registers import OWNER, REQUESTER
from pmo_engine.policy.selection import holders_of, seniority_depth
from pmo_engine.store.tables import OFFICE
from pmo_engine.work import acts
from pmo_engine.work.approvals.departing import may_depart
from pmo_engine.work.approvals.signing import require_turn
from pmo_engine.work.errors import Refusal
from pmo_engine.work.governance import SYSTEM, System
from pmo_engine.work.people.acting import acts_for_another, are_one
from pmo_engine.work.people.held import holders, roles_at
from pmo_engine.work.records.setters import facts_asked
from pmo_engine.work.rounds.naming import closes
from pmo_engine.work.subjects import kind_about, wrote
from pmo_engine.work.unjudged import left_unjudged

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import date

    from pmo_engine.policy import Move, Policy
    from pmo_engine.store.tables import Entry, Obligation, Return
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command

FOUNDER = "founder"
"""The setting that names who set an empty store up."""


def require_known(uow: UnitOfWork, actor: str, act: Act, *, known: bool) -> None:
    """Refuse an actor whom the store does not know, but for whoever adds the first person."""
    if known or isinstance(actor, System):
        return
    if act != acts.ADD_PERSON or not uow.people.is_empty():
        raise Refusal(f"nobody here is called '{actor}'; add them with 'pmo person add'")


def require(c: Command) -> None:
    """Refuse, saying why, what the actor may not do to what the command is about."""
    if not isinstance(c.actor, System):
        RIGHTS.get(c.act, RIGHTS.get(Act(c.act.verb), anybody))(c)
    elif c.act not in OF_THE_ENGINE:
        raise Refusal(f"{SYSTEM} itself may not {c.act}")


def is_being_set_up(c: Command) -> bool:
    """Tell whether the actor founds, or founded, this store and no work has begun in it."""
    return _is_founder(c) and c.uow.subjects.is_empty()


def _is_founder(c: Command) -> bool:
    founder = c.uow.settings.get(FOUNDER)
    return c.uow.people.is_empty() if founder is None else bool(founder == c.actor)


def stands_in(c: Command) -> bool:
    """Tell whether the actor does, as the founder, what nobody at all has the right to do."""
    return _is_founder(c) and not any(
        holders(c, role, c.on.place) for role in who_may(c.policy, acts_that_let(c.act), c.today)
    )


def by_founder(c: Command) -> str | None:
    """Say by which exception the founder does something, for the journal and the answer."""
    if is_being_set_up(c):
        return "set-up"
    return "nobody else" if stands_in(c) else None


def who_may(policy: Policy, wanted: Iterable[Act], on: date) -> list[str]:
    """Name the roles that the terms let do one of the acts, of which the narrowest comes first.

    One that is reserved is left to those who reserve it; where the terms name nobody, the most
    senior may.
    """
    named: set[str] = set()
    for act in wanted:
        roles = {role for role, _ in holders_of(policy, str(act), on)} | _seating(policy, act)
        if any(str(act) in terms.reserved_acts for terms in policy.terms.values()):
            return sorted(named | roles)
        named |= roles
    return sorted(named) or most_senior(policy)


def reserved_to(policy: Policy, act: str) -> list[str]:
    """Name the roles whose terms reserve an act."""
    return [role for role, terms in policy.terms.items() if act in terms.reserved_acts]


def _seating(policy: Policy, act: Act) -> set[str]:
    """Name the roles that appoint to the seats of a body, as its terms say."""
    terms = policy.terms.get(act.noun) if act.verb == acts.APPOINT.verb else None
    named = {seat.appointed_by for seat in terms.membership} if terms is not None else set()
    return named & policy.roles.keys()


def most_senior(policy: Policy) -> list[str]:
    """Name the accountable role above which there is none; a body before others."""
    roles = [role for role in policy.roles.values() if role.accountable]
    if not roles:
        return []
    return [min(roles, key=lambda role: (seniority_depth(policy, role.id), not role.body)).id]


def anybody(_c: Command) -> None:
    """Refuse nobody whom the store knows."""


def _nobody(c: Command) -> None:
    raise Refusal(f"only {SYSTEM} itself may {c.act}")


def _whoever_has_a_role(c: Command) -> None:
    """Refuse somebody who holds no role where the command is carried out."""
    of_all = c.on.chain == OFFICE
    held = c.uow.people.holdings(c.actor, c.today) if of_all else c.roles_in(c.on.chain)
    if not held and not is_being_set_up(c):
        raise Refusal(f"{c.actor_name} holds no role in {c.on.chain}, and may not {c.act}")


def _whoever_decides(c: Command) -> None:
    """Refuse somebody who may not act on what was asked, and say why.

    What is not open any more is nobody's; the command itself says what became of it.
    """
    row = asked(c)
    if row.status == "open" and row.kind == "approval":
        require_turn(c, row)
    if row.status == "open" and not c.standing.may:
        why = c.standing.why_not
        said = why if why.startswith("it is for") else f"{c.actor_name} {why}"
        raise Refusal(f"{c.actor_name} may not decide this: {said}")


def _whoever_asked_for_it(c: Command) -> None:
    entry: Entry = c.on.row
    if not are_one(c, str(entry.submitted_by), c.actor):
        other = c.uow.people.name_of(entry.submitted_by or "")
        raise Refusal(f"{c.actor_name} may not {c.act.verb} {entry.key}: {other} asked for it")


def _whoever_took_it_or_is_above(c: Command) -> None:
    """Refuse somebody who holds no role that gave the approval of a record, nor one above it."""
    entry: Entry = c.on.row
    if entry.standing != "approved":
        return  # nobody can: the command says so
    if _asked_for_it(c, A_RECORD):
        raise Refusal(
            f"{c.actor_name} asked for this, and nobody rescinds what was decided for them"
        )
    roles = may_rescind(c, entry)
    if not set(roles) & set(c.roles_in(entry.project)):
        by = roles_in_words(roles, c.policy) or "nobody: no approval was given"
        raise Refusal(f"{c.actor_name} may not rescind this: it is for {by}")


def may_rescind(c: Command, entry: Entry) -> list[str]:
    """Name the roles for which the approvals of a record were given, and those above them.

    One that was given before it changed in what was decided on is void, and counts for nobody.
    """
    rows = c.uow.obligations.of_subject(entry.id)
    met = [row for row in rows if (row.kind, row.status) == ("approval", "met")]
    stand = [row for row in met if row.subject_version >= entry.matter_version] or met
    votes = (vote for row in stand for vote in c.uow.votes.current(row.id))
    given = [vote.role for vote in votes if vote.choice == "approve" and vote.role]
    return list(dict.fromkeys(role for each in given for role in (each, *above(c.policy, each))))


def _asked_for_it(c: Command, kind: str) -> bool:
    """Tell whether what a command is about is the actor's own request, by whichever account."""
    return any(are_one(c, each, c.actor) for each in wrote(c, kind, c.on.row))


NEVER_BY_DEFAULT = frozenset({"approval", "block"})
"""What is waived only where the terms say so of it by its name."""


def _whoever_may_waive(c: Command) -> None:
    """Refuse somebody whom the terms do not let waive what is asked for, or who asked for it.

    Whoever decided a matter says of what should be given, and is open, why it is not waited for.
    """
    obligation = asked(c)
    if may_depart(c, obligation):
        return
    if obligation.kind == "return" and not c.standing.may and _closes_its_round(c):
        return
    _require_waivable(c, obligation.kind)
    if _asked_for_it(c, c.uow.subjects.get(obligation.subject_id).kind):
        raise Refusal(
            f"{c.actor_name} asked for this, and nobody waives what stands in their own way"
        )
    if c.standing.may:
        raise Refusal(
            f"it is asked of {c.actor_name}, and nobody waives what they are to give themself"
        )
    _require_may_waive(c, obligation, obligation.kind)
    policy = kind_about(c.uow, obligation).governing(c, c.on.row).policy
    for rule, kind in left_unjudged(policy, obligation):
        try:
            _require_waivable(c, kind)
            _require_may_waive(c, obligation, kind)
        except Refusal as refusal:
            why = f"without {obligation.target} nobody can say whether rule '{rule}' asks for more"
            raise Refusal(f"{why}: {refusal}") from None


def _require_waivable(c: Command, kind: str) -> None:
    act = Act(acts.WAIVE.verb, kind)
    if kind in NEVER_BY_DEFAULT and not holders_of(c.policy, str(act), c.today):
        raise Refusal(f"no terms let anybody {act}: it is given, or it is not")


def _require_may_waive(c: Command, obligation: Obligation, kind: str) -> None:
    act = Act(acts.WAIVE.verb, kind)
    place = replace(c, act=act, on=replace(c.on, place=obligation.project))
    require_right(place, [act, acts.WAIVE])


def _closes_its_round(c: Command) -> bool:
    row: Return = c.on.row
    return closes(c, c.uow.rounds.get(row.round_id), row.project)


def _whoever_wrote_or_has_a_role(c: Command) -> None:
    if not _has_a_part(c, c.on.row):
        raise Refusal(f"{c.actor_name} holds no role in {c.on.row.project}")


def _has_a_part(c: Command, entry: Entry) -> bool:
    return c.actor in wrote(c, A_RECORD, entry) or bool(c.roles_in(entry.project))


def _whoever_may_update(c: Command) -> None:
    require_update(c, c.on.row)


def require_update(c: Command, entry: Entry, changed: Collection[str] = ()) -> None:
    """Refuse a change to a record by somebody who has nothing to do with its project.

    Whoever is asked for facts of it without that sets those, and none else of what is ``changed``.
    """
    if _has_a_part(c, entry):
        return
    asked = facts_asked(c, entry)
    root = c.policy.registers[entry.register_name].root
    others = sorted({f"{root}.{name}" for name in changed} - set(asked))
    if others or not asked:
        why = f" and is asked for {', '.join(asked)} alone, not for {', '.join(others)}"
        raise Refusal(f"{c.actor_name} holds no role in {entry.project}{why if asked else ''}")


def require_move(c: Command, entry: Entry, act: Act, moves: Sequence[Move]) -> Move:
    """Give the first of some moves that the actor may make; refuse where it is none, saying why.

    A move that names nobody is for whom the terms let do the act to such a record; where they name
    nobody, for whoever may change it. What is reserved is for nobody else.
    """
    by = list(dict.fromkeys(each for move in moves for each in _makers(c, entry, act, move)))
    for move in moves:
        if _may_make(c, entry, act, move):
            return move
    who = " or ".join(dict.fromkeys(_maker(c, each) for each in by)) or ANYBODY
    raise Refusal(f"{c.actor_name} may not {act.verb} {entry.key}: that is for {who}")


ANYBODY = "whoever entered it or holds a role in its project"
PARTS = {OWNER: "its owner", REQUESTER: "whoever asked for it"}
"""How who has a part in a record is named; others by the title of their role."""


def _maker(c: Command, role: str) -> str:
    return PARTS.get(role) or role_in_words(role, c.policy)


def _of_noun(c: Command, entry: Entry, act: Act) -> Act:
    return Act(act.verb, c.policy.registers[entry.register_name].noun)


def _makers(c: Command, entry: Entry, act: Act, move: Move) -> list[str]:
    """Name the roles, and parts in the record, that may make a move; none for anybody."""
    narrow = _of_noun(c, entry, act)
    if any(str(narrow) in terms.reserved_acts for terms in c.policy.terms.values()):
        return who_may(c.policy, [narrow], c.today)
    named = {role for role, _ in holders_of(c.policy, str(narrow), c.today)}
    return list(dict.fromkeys((*move.by, *sorted(named))))


def _may_make(c: Command, entry: Entry, act: Act, move: Move) -> bool:
    makers = _makers(c, entry, act, move)
    if not makers:
        return _has_a_part(c, entry)
    persons = {OWNER: entry.owner, REQUESTER: entry.submitted_by}
    if any(each in makers and who and are_one(c, who, c.actor) for each, who in persons.items()):
        return True
    roles = [each for each in makers if each not in persons]
    if set(roles) & set(c.roles_in(entry.project)):
        return True
    return acts_for_another(c, roles, [_of_noun(c, entry, act)])


def _whoever_drafted(c: Command) -> None:
    if c.actor not in wrote(c, A_VERSION, c.on.row):
        raise Refusal(f"{c.actor_name} neither drafted this version nor put it up for adoption")


def _whoever_the_terms_name(c: Command) -> None:
    require_right(c, acts_that_let(c.act))


def acts_that_let(act: Act) -> list[Act]:
    """Name the acts of which terms have to name one, the narrowest first."""
    if act.verb == acts.END.verb:
        return [Act(acts.APPOINT.verb, act.noun), acts.APPOINT]
    return [act, *WIDER.get(act, ()), Act(act.verb)]


WIDER: dict[Act, tuple[Act, ...]] = {
    acts.CHANGE_ADDRESS: (acts.CHANGE_PERSON,),
    acts.CHANGE_ABSENCE: (acts.CHANGE_PERSON,),
    acts.LINK_PERSON: (acts.CHANGE_PERSON,),
    acts.PROPOSE_PROJECT: (acts.ADD_PROJECT,),
    acts.START_PROJECT: (acts.CHANGE_PROJECT,),
    acts.HOLD_PROJECT: (acts.CHANGE_PROJECT,),
    acts.CLOSE_PROJECT: (acts.CHANGE_PROJECT,),
    acts.STOP_PROJECT: (acts.CHANGE_PROJECT,),
    acts.PLAN_PROJECT: (acts.TAILOR_PROJECT, acts.CHANGE_PROJECT),
}
"""The wider acts that let somebody do a narrow one, too."""


def require_right(c: Command, wanted: list[Act]) -> None:
    """Refuse somebody who holds no role that lets them do one of the acts."""
    roles = who_may(c.policy, wanted, c.today)
    if set(roles) & set(roles_at(c, c.actor, c.on)):
        return
    if not is_being_set_up(c) and not stands_in(c) and not acts_for_another(c, roles, wanted):
        by = roles_in_words(roles, c.policy) or "nobody: no role is accountable"
        what = _act_in_words(c)
        raise Refusal(f"{c.actor_name} may not {what}: under the terms that is for {by}")


def _act_in_words(c: Command) -> str:
    """Say an act with the role that it is about by its title: "appoint the PMO head"."""
    if not c.act.noun or c.act.verb not in {acts.APPOINT.verb, acts.END.verb}:
        return str(c.act)
    what = "an appointment to " if c.act.verb == acts.END.verb else ""
    return f"{c.act.verb} {what}{role_in_words(c.act.noun, c.policy)}"


def require_act(c: Command, act: Act) -> None:
    """Refuse a command that does another act besides its own, which the actor may not do."""
    _whoever_the_terms_name(replace(c, act=act))


def _themself_or_whoever_the_terms_name(c: Command) -> None:
    if c.on.row.id != c.actor:
        _whoever_the_terms_name(c)


def _whoever_ends_an_interest(c: Command) -> None:
    """Let nobody end an interest of their own, through whichever account: it would let them."""
    if are_one(c, c.on.row.person, c.actor):
        raise Refusal(
            f"somebody else has to end an interest of {c.uow.people.name_of(c.on.row.person)}'s"
        )
    _whoever_the_terms_name(c)


def _whoever_links(c: Command) -> None:
    """Let nobody say of their own accounts that they are one person's, or that they are not."""
    _whoever_the_terms_name(c)
    if c.actor in c.on.people and not is_being_set_up(c):
        raise Refusal(f"somebody else has to say which accounts are {c.actor_name}'s")


def _whoever_has_a_part_in_it(c: Command) -> None:
    """Let the owner of a delegation, or its delegate, end it, and who may delegate for others."""
    if c.actor not in {c.on.row.owner, c.on.row.delegate}:
        require_right(c, [acts.DELEGATE])


def _whoever_appoints(c: Command) -> None:
    _whoever_the_terms_name(c)
    acting = [c.actor, *c.behalf]
    if is_being_set_up(c) or not any(are_one(c, c.on.row.id, each) for each in acting):
        return
    whose = (
        f", nor lets a delegate do it: {c.actor_name} acts for {c.uow.people.name_of(c.behalf[-1])}"
        if c.behalf
        else ""
    )
    raise Refusal(
        f"nobody appoints themself{whose}: somebody else has to make "
        f"{c.uow.people.name_of(c.on.row.id)} {titled(c.act.noun, c.policy)}"
    )


def _whoever_appoints_to_all_they_hold(c: Command) -> None:
    """Let somebody go of themself, or be let go by who may end each role that they have."""
    if c.on.row.id == c.actor:
        return
    for held in c.uow.people.lock_holdings(c.on.row.id):
        if held.to_date is None or held.to_date >= c.today:
            there = replace(c.on, place=held.project, unit=held.unit)
            place = replace(c, act=Act(acts.END.verb, held.role), on=there)
            _whoever_the_terms_name(place)


def asked(c: Command) -> Obligation:
    """Give the obligation that a command is about."""
    assert c.on.obligation is not None  # the subject of a vote or an answer locks it
    return c.on.obligation


RIGHTS: dict[Act, Callable[[Command], None]] = {
    acts.SUBMIT: anybody,
    acts.UPDATE: _whoever_may_update,
    acts.RECORD_EVENT: _whoever_wrote_or_has_a_role,
    acts.ATTACH: _whoever_wrote_or_has_a_role,
    acts.VOTE: _whoever_decides,
    acts.ANSWER: _whoever_decides,
    acts.WITHDRAW_RECORD: _whoever_asked_for_it,
    acts.RESUBMIT: _whoever_asked_for_it,
    acts.REBASELINE: anybody,  # judged where the record is known, in the command itself
    acts.RESCIND: _whoever_took_it_or_is_above,
    acts.WAIVE: _whoever_may_waive,
    acts.CLOSE: anybody,  # each of the three is judged where the move is known: `require_move`
    acts.REOPEN: anybody,
    acts.MOVE: anybody,
    acts.ANSWER_ROUND: anybody,  # judged where what is asked is read
    acts.CLOSE_ROUND: anybody,  # judged where the round is known, in the command itself
    acts.ANSWER_ASSESSMENT: anybody,  # judged where the assessment that was asked for is read
    acts.JUDGE: anybody,  # so is a criterion
    acts.GIVE_EVIDENCE: _whoever_has_a_role,
    acts.PUT_TO_GATE: _whoever_has_a_role,
    acts.RATE_CONFIDENCE: _whoever_has_a_role,
    acts.OPEN_GATE: _whoever_has_a_role,
    acts.ASSESS: _whoever_has_a_role,
    acts.REQUEST_FLOW: _whoever_has_a_role,
    acts.MAKE_REPORT: _whoever_has_a_role,
    acts.SWEEP: _whoever_has_a_role,
    acts.DELIVER: _whoever_has_a_role,
    acts.RESEND: _whoever_has_a_role,
    acts.DRAFT: _whoever_has_a_role,
    acts.CIRCULATE: _whoever_has_a_role,
    acts.COMMENT: anybody,
    acts.PUT_UP: _whoever_has_a_role,
    acts.WITHDRAW: _whoever_drafted,
    acts.TAKE_FORCE: _nobody,
    acts.LOOK_AGAIN: _nobody,
    acts.IMPORT: anybody,  # each row that changes a record asks what an update of it asks
    acts.IMPORT_PEOPLE: anybody,  # each row asks what the single command asks
    acts.IMPORT_PROJECTS: anybody,  # so does each of these
    acts.IMPORT_PROGRAMMES: anybody,
    acts.ADD_PERSON: _whoever_the_terms_name,
    acts.CHANGE_PERSON: _whoever_the_terms_name,
    acts.CHANGE_ADDRESS: _themself_or_whoever_the_terms_name,
    acts.MAP_ACCOUNT: _whoever_the_terms_name,
    acts.APPOINT: _whoever_appoints,
    acts.END: _themself_or_whoever_the_terms_name,
    acts.LEAVE: _whoever_appoints_to_all_they_hold,
    acts.DELEGATE: _themself_or_whoever_the_terms_name,
    acts.WITHDRAW_DELEGATION: _whoever_has_a_part_in_it,
    acts.CHANGE_ABSENCE: _themself_or_whoever_the_terms_name,
    acts.LINK_PERSON: _whoever_links,
    acts.DECLARE_INTEREST: _themself_or_whoever_the_terms_name,
    acts.END_INTEREST: _whoever_ends_an_interest,
    acts.ADD_PROJECT: _whoever_the_terms_name,
    acts.CHANGE_PROJECT: _whoever_the_terms_name,
    acts.MOVE_PROJECT: _whoever_the_terms_name,
    acts.MIGRATE_PROJECT: _whoever_the_terms_name,
    acts.PROPOSE_PROJECT: _whoever_the_terms_name,
    acts.START_PROJECT: _whoever_the_terms_name,
    acts.HOLD_PROJECT: _whoever_the_terms_name,
    acts.CLOSE_PROJECT: _whoever_the_terms_name,
    acts.STOP_PROJECT: _whoever_the_terms_name,
    acts.PLAN_PROJECT: _whoever_the_terms_name,
    acts.TAILOR_PROJECT: _whoever_the_terms_name,
    acts.ADD_PROGRAMME: _whoever_the_terms_name,
    acts.CHANGE_PROGRAMME: _whoever_the_terms_name,
    acts.OVERRIDE_COLOUR: _whoever_the_terms_name,
    acts.CLOSE_CYCLE: _whoever_the_terms_name,
}
"""Who may do each act; an act with a noun of its own falls back on that of its verb."""

OF_THE_ENGINE = frozenset(
    {
        acts.ASSESS,
        acts.MAKE_REPORT,
        acts.OPEN_GATE,
        acts.REQUEST_FLOW,
        acts.SWEEP,
        acts.DELIVER,
        acts.TAKE_FORCE,
        acts.LOOK_AGAIN,
    }
)
"""What is done when nobody asks for it: by the clock, or by a flow."""
