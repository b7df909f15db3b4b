"""How an exception is answered: a plan, a concession, more tolerance, or a stop."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from pmo_engine.authority.titles import roles_in_words
from pmo_engine.compiler.binding.tolerances import allowance_like
from pmo_engine.feel.wire import to_json
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import STOPPED
from pmo_engine.policy.decision import Obligation
from pmo_engine.policy.tolerances import is_of_team
from pmo_engine.queries.obligations import ANSWERED_BY, ANSWERS
from pmo_engine.store import tables
from pmo_engine.work.acts import ANSWER as ANSWERING
from pmo_engine.work.acts import STOP_PROJECT
from pmo_engine.work.approvals.bodies import has_ballot
from pmo_engine.work.approvals.taking_back import answers_put, take_back
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.obligations import Asked, open_obligation
from pmo_engine.work.people.project_states import come_into
from pmo_engine.work.permissions import asked, reserved_to
from pmo_engine.work.records.moves import set_state
from pmo_engine.work.subjects import OfObligation, kind_about
from pmo_engine.work.timed import watching
from pmo_engine.work.timed.things import Place, Record
from pmo_engine.work.tolerances import put_to_vote
from pmo_engine.work.tolerances.granted import ANSWER, PLAN, kept_tolerances, name_of
from pmo_engine.work.tolerances.measuring import is_worse, limit_of, standing_of
from pmo_engine.work.tolerances.report import parent_of

if TYPE_CHECKING:
    from pmo_engine.policy import Tolerance
    from pmo_engine.policy.tolerances import Allowance
    from pmo_engine.work.governance import Governance
    from pmo_engine.work.subjects import Ballot

Way: TypeAlias = Literal["plan", "concession", "tolerance", "stop"]
"""A new plan is asked for; it is let be as it is forecast; it may go further; it ends."""
WAYS: tuple[Way, ...] = get_args(Way)


class Answered(Shape):
    """An exception, how it was answered, and up to where each forecast may go from then on."""

    obligation: str
    title: str
    way: str
    granted: dict[str, str]
    status: str
    put: str = ""  # the id of what its body votes on first, where it is not given yet
    tally: str = ""  # how these votes stand


def answer_exception(
    governance: Governance,
    obligation: str,
    *,
    way: Way,
    by: str,
    reason: str,
    to: str | None = None,
    request: str | None = None,
) -> Answered:
    """Answer an exception of a tolerance; ``to`` is how much more tolerance there is: ``12 %``.

    Whom it was raised to may; a body that votes is asked to, and what is granted then is what was
    put. Raises Refusal where it is more than the level above has, or no
    more than there is; CommandError where no reason is given, or ``to`` is no such amount.
    """
    order = Order(by, ANSWERING, OfObligation(obligation), Answered, request)
    return carry_out(governance, order, partial(_answer, way=way, reason=reason, to=to))


def _answer(c: Command, *, way: Way, reason: str, to: str | None) -> Answered:
    row, about = asked(c), c.on.row
    title = row.details["title"]
    kept = kept_tolerances(c, row)
    if row.kind != "exception" or not kept:
        raise CommandError(f"{title}: this is no exception of a tolerance; use 'pmo answer'")
    if row.status != "open":
        raise Refusal(f"{title}: this exception is {row.status} already")
    if not reason.strip():
        raise CommandError("an exception is answered for a reason; give it with --reason")
    if (to is None) == (way == "tolerance"):
        raise CommandError("more tolerance says how much, with --to; the other answers do not")
    if way == "stop" and not _ends_a_record(row, about):
        _require_not_reserved(c, about)
    granted = {
        name_of(tolerance, since_first=first): found
        for tolerance, first in (() if way == "stop" else kept)
        if (found := _granted(c, tolerance, about, to, since_first=first)) is not None
    }
    said = {"as": way, "by": str(c.actor), "reason": reason, "granted": granted}
    put, tally = "", ""
    if has_ballot(c.policy, c.standing.role):
        ballot = put_to_vote.put(c, row, {**said, "body": c.standing.role})
        put = ballot.id if ballot.status == "open" else ""
        tally = put_to_vote.tally_of(ballot)
    else:
        _give(c, row, said)
    return Answered(
        obligation=row.id,
        title=title,
        way=way,
        granted={name: str(each["up_to"]) for name, each in granted.items()},
        status=kind_about(c.uow, row).status(about),
        put=put,
        tally=tally,
    )


def _ends_a_record(row: tables.Obligation, about: tables.Entry | tables.Project) -> bool:
    """Tell whether to stop means the record alone: a team's tolerance is no project's."""
    return isinstance(about, tables.Entry) and is_of_team(row.rule)


def _require_not_reserved(c: Command, about: tables.Entry | tables.Project) -> None:
    """Refuse to stop a project by an answer where that is reserved to others."""
    project = about.project if isinstance(about, tables.Entry) else about.id
    roles = reserved_to(c.policy, str(STOP_PROJECT))
    if roles and c.standing.role not in roles:
        raise Refusal(
            f"to stop {project} is reserved to {roles_in_words(roles, c.policy)}; give another"
            f" answer, and let them stop it with 'pmo project stop {project}'"
        )


def on_ballot(c: Command, ballot: Ballot) -> str:
    """Give what a body voted for as its answer; of what it refused, tell who put it."""
    kept = dict(ballot.approval.details[ANSWERS])
    exception = c.uow.obligations.lock(kept.pop("to"))
    if ballot.choice != "approve":
        put_to_vote.on_refusal(c, ballot)
        return kind_about(c.uow, exception).status(c.on.row)
    _give(c, exception, kept)
    return kind_about(c.uow, exception).status(c.on.row)


def _give(c: Command, row: tables.Obligation, said: dict[str, Any]) -> None:
    """Close an exception with its answer, and do what that says."""
    about, way, reason = c.on.row, said["as"], said["reason"]
    others = answers_put(c, [row])
    by_note = {ANSWERED_BY: {"person": said["by"], "note": reason}}
    c.uow.obligations.close(
        row, "met", details=by_note if way == put_to_vote.NOTE else {ANSWER: said}
    )
    take_back(c, others, "The exception is answered.", ())
    place = about.project if isinstance(about, tables.Entry) else about.id
    c.uow.watches.written(about.id, place)
    watching.forget(c, about.id, {row.rule, *row.also_rules})
    body = {"obligation": row.id, "subject": row.details["title"], "kind": "exception", "way": way}
    told = {**body, "reason": reason, "granted": said["granted"]}
    c.journal("exception.answered", told, row.chain)
    _follow(c, row, way, reason)
    kind_about(c.uow, row).answered(c, about)


def _granted(
    c: Command,
    tolerance: Tolerance,
    about: tables.Entry | tables.Project,
    to: str | None,
    *,
    since_first: bool,
) -> dict[str, Any] | None:
    """Give up to where a forecast may go: what it is by now, or as much as more tolerance says."""
    stands = standing_of(c, tolerance, about, since_first=since_first)
    if stands is None:
        return None
    limit = stands.forecast
    if to is not None:
        allows = _more(c, tolerance, to)
        limit = limit_of(c, tolerance, allows, stands)
        if is_worse(tolerance, stands.forecast, limit):
            raise Refusal(f"{allows.written} does not cover what is forecast: give more, or a plan")
    return {"up_to": to_json(limit), "against": stands.basis}


def _more(c: Command, tolerance: Tolerance, to: str) -> Allowance:
    """Read more tolerance: more than there is, and no more than the level above has."""
    now = tolerance.on(c.today)
    assert now is not None  # its rule begins with its first value
    try:
        given = allowance_like(to, now, c.policy.currency)
    except ValueError as error:
        raise CommandError(f"--to: {error}") from None
    if given.value <= now.value:  # type: ignore[operator] # of one measure
        raise Refusal(f"{given.written} is no more than there is, {now.written}")
    above = parent_of(c, tolerance)
    limit = None if above is None else above.on(c.today)
    if above is None or limit is None or limit.measure != given.measure:
        return given
    if given.value > limit.value:  # type: ignore[operator] # as above
        raise Refusal(
            f"{given.written} is more than the {above.level}'s tolerance of {above.of}"
            f" ({limit.written}): that is for the level above to give"
        )
    return given


def _follow(c: Command, row: tables.Obligation, way: Way, reason: str) -> None:
    """Do what an answer says beside what it grants."""
    about = c.on.row
    if way == "plan":
        _ask_for_plan(c, row)
    elif way == "stop" and _ends_a_record(row, about):
        assert isinstance(about, tables.Entry)
        under = c.under(about)
        life = under.policy.registers[about.register_name].life
        set_state(under, about, life.closed[0], reason)
    elif way == "stop":
        id = about.project if isinstance(about, tables.Entry) else about.id
        come_into(c, c.uow.projects.lock(id), STOPPED, reason)


def _ask_for_plan(c: Command, row: tables.Obligation) -> None:
    """Ask for an exception plan: of whoever is in charge of the project, in the time allowed."""
    about = c.on.row
    thing = Record(about) if isinstance(about, tables.Entry) else Place(about)
    role = "project_manager" if "project_manager" in c.policy.roles else row.details["role"]
    rule = next(each for each in c.policy.rules if each.id == row.rule)
    within = next((getattr(each, "within", None) for each in rule.then), None)
    item = Obligation("evidence", row.rule, PLAN, row.binding, role=role, within=within)
    open_obligation(
        c, thing.subject(c), Asked(item, tuple(row.reasons), row.decision_id), beside=True
    )
