"""The criteria of a gate under review: judged by the engine or by whoever is asked, once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.titles import role_in_words, titled
from pmo_engine.decisions import gate_standing as standings
from pmo_engine.decisions.gate_rules import HIGHEST, answers, judged_at
from pmo_engine.decisions.gate_standing import CriterionStanding, GateStanding
from pmo_engine.feel.values import Record
from pmo_engine.model.names import words
from pmo_engine.model.vocabulary import CRITERION
from pmo_engine.policy.decision import Obligation
from pmo_engine.policy.events import make_event
from pmo_engine.policy.selection import head_of
from pmo_engine.prose.expressions import in_words
from pmo_engine.prose.figures import why_in_words
from pmo_engine.store import tables
from pmo_engine.work.acts import JUDGE
from pmo_engine.work.approvals.eligible import standing_of
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.facts import project_facts
from pmo_engine.work.gates.by_rules import held_by_rules
from pmo_engine.work.gates.evidence import evidence_of
from pmo_engine.work.gates.naming import gate_named, require_open, subject_of
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.obligations import Asked, close_all, open_obligation
from pmo_engine.work.subjects import OfSubject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.decisions.gate_rules import Answer
    from pmo_engine.policy import Criterion, Gate
    from pmo_engine.policy.decision import Outcomes
    from pmo_engine.work.governance import Context, Governance


def standing_at(c: Context, review: tables.GateReview) -> GateStanding:
    """Say how the project stands before a gate now; of one that is decided, how it stood then.

    ``c`` is under the review's version.
    """
    declared = gate_named(c, review.gate)
    rows = {row.criterion: row for row in c.uow.judgements.of_review(review.id, review.revision)}
    c.uow.people.names_of(row.by for row in rows.values())
    is_open = review.status != "closed"
    by_engine = _by_engine(c, review, declared) if is_open else {}
    criteria = [
        _stands(c, declared, each, rows.get(each.id), by_engine) for each in declared.criteria
    ]
    besides = held_by_rules(c, review) if is_open else ()
    return standings.standing(declared, criteria, evidence_of(c, review, declared), besides)


def standing_of_review(c: Context, review_id: str) -> GateStanding:
    """Say how the project stands before the gate of a review."""
    review = c.uow.gate_reviews.get(review_id)
    return standing_at(c.under(review), review)


def _by_engine(c: Context, review: tables.GateReview, declared: Gate) -> Mapping[str, Answer]:
    """Let the engine judge what expressions say, by what is known of the project now."""
    if not any(each.by_expression for each in declared.criteria):
        return {}
    return answers(declared, outcomes_at(c, review))


def outcomes_at(c: Context, review: tables.GateReview) -> Outcomes:
    """Give what the engine finds of the expressions of a gate, by what is known now."""
    name, project = judged_at(review.gate), c.uow.projects.get(review.project)
    facts: dict[str, Any] = project_facts(c, project, c.rules.asked_at_gate(name, c.now))
    facts["gate"] = Record("gate", {"id": review.gate})
    facts["actor"] = Record("actor", {"id": review.opened_by})
    event = make_event(c.rules.judge.policy, name, c.now, facts, project.id)
    return c.rules.judge.decide(event).outcomes


def _stands(
    c: Context,
    declared: Gate,
    criterion: Criterion,
    row: tables.Judgement | None,
    by_engine: Mapping[str, Answer],
) -> CriterionStanding:
    found = by_engine.get(criterion.id)
    said: dict[str, Any]
    if found is not None:
        why = (why_in_words(each, c.policy) for each in found.why)
        no = [f"it is not so that {_condition(c, criterion)}"] if found.answer == "no" else []
        score = None if found.score is None else str(found.score)
        said = {"answer": found.answer, "score": score, "findings": (*why, *no)}
        said |= {"by": SYSTEM, "at": None}
    elif row is not None:
        asked = row.answer == "asked"
        said = {"answer": row.answer, "score": row.score, "findings": tuple(row.findings)}
        said |= {"by": row.asked_of if asked else row.by, "at": None if asked else _iso(row)}
    else:
        said = {"answer": "asked", "score": None, "findings": (), "at": None}
        said["by"] = judge_of(c, declared, criterion)
    said["name"] = _name_of(c, said["by"], is_role=said["answer"] == "asked")
    kept = ("id", "text", "level", "hurdle", "weight", "evidence")
    return CriterionStanding(**{name: getattr(criterion, name) for name in kept}, **said)


def _name_of(c: Context, by: str, *, is_role: bool) -> str:
    """Name who judges: a role by its title, a functional role as such, a person."""
    if by in c.policy.roles:
        return titled(by, c.policy)
    return f"{words(by)} role" if is_role else c.uow.people.name_of(by)


def _condition(c: Context, criterion: Criterion) -> str:
    if criterion.when is not None:
        return in_words(criterion.when, c.policy)
    return f"the score reaches {criterion.hurdle}"


def _iso(row: tables.Judgement) -> str:
    return row.at.isoformat()


def judge_of(c: Context, declared: Gate, criterion: Criterion) -> str:
    """Name the role that judges a criterion: its own, else the head of the office, or the body."""
    return criterion.judge or head_of(c.policy) or declared.decided_by


def ask_judges(c: Command, review: tables.GateReview, decision: str) -> None:
    """Ask for the judgements and the evidence that a gate wants and nobody is asked for yet."""
    declared = gate_named(c, review.gate)
    known = {row.criterion for row in c.uow.judgements.of_review(review.id, review.revision)}
    new = [each for each in declared.criteria if not each.by_expression and each.id not in known]
    c.uow.judgements.add_new([_asked_of(c, review, declared, each) for each in new])
    for each in new:
        item = Obligation(
            "assessment",
            declared.id,
            target_of(each.id),
            "shall",
            role=judge_of(c, declared, each),
            within=declared.within,
            ladder=declared.ladder,
        )
        open_obligation(c, subject_of(review), Asked(item, (_question(each),), decision))


def _asked_of(
    c: Command, review: tables.GateReview, declared: Gate, criterion: Criterion
) -> tables.Judgement:
    return tables.Judgement(
        review_id=review.id,
        revision=review.revision,
        criterion=criterion.id,
        answer="asked",
        asked_of=judge_of(c, declared, criterion),
        at=c.now,
        by=c.actor,
    )


def target_of(criterion: str) -> str:
    """Give what an obligation to judge a criterion is about."""
    return f"{CRITERION} {criterion}"


def _question(criterion: Criterion) -> str:
    if criterion.level == "must":
        return f"Is it so, yes or no: {criterion.text}"
    hurdle = f"; {criterion.hurdle} is asked for" if criterion.hurdle else ""
    return f"Score it from 0 to 10{hurdle}: {criterion.text}"


def unjudged(c: Context, review: tables.GateReview, declared: Gate) -> list[str]:
    """Name the criteria that somebody is asked to judge and has not."""
    asked = {each.id for each in declared.criteria if not each.by_expression}
    rows = c.uow.judgements.of_review(review.id, review.revision)
    return [row.criterion for row in rows if row.answer == "asked" and row.criterion in asked]


def judge(
    governance: Governance,
    *,
    review_id: str,
    criterion: str,
    by: str,
    met: bool | None = None,
    score: int | None = None,
    finding: str = "",
    request: str | None = None,
) -> GateStanding:
    """Judge a criterion: ``met`` of a must, ``score`` of a should, from 0 to 10; once.

    Raises Refusal for whoever is not asked, or is kept from it; CommandError for what is no answer
    to it.
    """
    order = Order(by, JUDGE, OfSubject(review_id), GateStanding, request)
    do = partial(_judge, criterion=criterion, met=met, score=score, finding=finding)
    return carry_out(governance, order, do)


def _judge(
    c: Command, *, criterion: str, met: bool | None, score: int | None, finding: str
) -> GateStanding:
    from pmo_engine.work.gates.course import move_on  # noqa: PLC0415 - which asks the judges

    review: tables.GateReview = c.on.row
    under = c.under(review)
    declared = gate_named(under, review.gate)
    require_open(review, f"a judgement of '{criterion}'")
    said = _criterion_named(declared, criterion)
    answer = _as_answer(said, met=met, score=score)
    rows = c.uow.judgements.of_review(review.id, review.revision)
    asked = next((row for row in rows if row.criterion == criterion), None)
    if asked is None or asked.answer != "asked":
        raise Refusal(f"'{criterion}' is judged already; a gate that is opened again asks anew")
    waits = [r for r in c.uow.obligations.open_for(review.id) if r.target == target_of(criterion)]
    require_asked(under, waits, str(asked.asked_of))
    number, found = None if score is None else str(score), [finding] if finding else []
    c.uow.judgements.answer(asked, answer=answer, score=number, findings=found)
    close_all(c, waits, "met")
    body = {"review": review.id, "criterion": criterion, "answer": answer, "score": number}
    c.journal("gate.judged", {**body, "finding": finding})
    move_on(under, review)
    return standing_at(under, review)


def _criterion_named(declared: Gate, name: str) -> Criterion:
    found = declared.criterion(name)
    if found is None:
        known = ", ".join(each.id for each in declared.criteria) or "none"
        raise CommandError(f"gate {declared.id} has no criterion '{name}'; it has {known}")
    if found.by_expression:
        raise CommandError(f"'{name}' is judged by what the registers say, and by nobody else")
    return found


def _as_answer(criterion: Criterion, *, met: bool | None, score: int | None) -> str:
    if criterion.level == "must":
        if met is None or score is not None:
            raise CommandError(f"'{criterion.id}' is a must: say --yes or --no")
        return "yes" if met else "no"
    if score is None or met is not None or not 0 <= score <= HIGHEST:
        raise CommandError(f"'{criterion.id}' is a should: give --score, from 0 to 10")
    return "yes" if score >= (criterion.hurdle or 0) else "no"


def require_asked(c: Command, waits: list[tables.Obligation], asked_of: str) -> None:
    """Refuse whoever is not asked for an assessment, or is kept from giving it."""
    for row in waits:
        found = standing_of(c, row, c.actor)
        if found.may:
            return
        if asked_of in c.roles_in(row.project):
            raise Refusal(f"{c.actor_name} may not assess {row.details['title']}: {found.why_not}")
    asked = role_in_words(asked_of, c.policy)
    raise Refusal(f"{c.actor_name} does not hold the role that was asked: {asked}")


def keep_judgements(c: Command, review: tables.GateReview, found: GateStanding) -> None:
    """Keep how the engine judged what expressions say, as the gate is decided on it."""
    c.uow.judgements.add_new(list(_judged_by_engine(c, review, found)))


def _judged_by_engine(
    c: Command, review: tables.GateReview, found: GateStanding
) -> Iterator[tables.Judgement]:
    declared = gate_named(c, review.gate)
    for each in found.criteria:
        criterion = declared.criterion(each.id)
        if criterion is not None and criterion.by_expression:
            yield tables.Judgement(
                review_id=review.id,
                revision=review.revision,
                criterion=each.id,
                answer=each.answer,
                score=each.score,
                findings=list(each.findings),
                at=c.now,
                by=SYSTEM,
            )


def require_passes(c: Command, review: tables.GateReview) -> None:
    """Refuse to let a project pass while something stands against it; say what is left."""
    why = why_not(c, review)
    if why:
        raise Refusal(f"gate {review.gate} of {review.project} may not be passed: {why}")


def why_not(c: Context, review: tables.GateReview) -> str:
    """Say why a gate may not be passed now, and which outcomes are left; empty where it may."""
    under = c.under(review)
    found = standing_at(under, review)
    if not found.against:
        return ""
    left = ", ".join(each.replace("_", " ") for each in found.left) or "none"
    return f"{'; '.join(found.against)}. The outcomes left are: {left}"
