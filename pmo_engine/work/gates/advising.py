"""What the body of a gate is advised: said when it is asked, and again when that changes."""

from __future__ import annotations

from contextlib import suppress
from types import NoneType
from typing import TYPE_CHECKING

from pmo_engine.decisions.gate_recommendation import Recommendation
from pmo_engine.engines.tracing import EvaluationLimit
from pmo_engine.store.errors import StoreError
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.approvals.reopening import reopen
from pmo_engine.work.approvals.rising import counted
from pmo_engine.work.command import Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.gates.evidence import ask_for_evidence, expired
from pmo_engine.work.gates.judging import why_not
from pmo_engine.work.gates.naming import PACK, decides, gate_named, title_of
from pmo_engine.work.gates.packs import freeze, put_in_words, recommended
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.notices.asking import tell_to
from pmo_engine.work.notices.papers import PAPERS, enclosed
from pmo_engine.work.subjects import OfSubject

if TYPE_CHECKING:
    from pmo_engine.store import tables
    from pmo_engine.store.tables import ReviewStatus, Vote
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context, Governance

ADVICE, AGAINST, PUT = "Recommended: ", "It may not be passed: ", "Put with it: "
NOT_LEFT = "What you voted for is not left"
UNDER_REVIEW: tuple[ReviewStatus, ...] = ("assessing", "awaiting_assessments", "awaiting_decision")


def advice(c: Context, review: tables.GateReview, found: Recommendation | None) -> tuple[str, ...]:
    """Say to the body what is recommended, what keeps it from passing, and what is put with it."""
    why = why_not(c, review)
    said = () if found is None else (f"{ADVICE}{_in_words(found)}",)
    against = (f"{AGAINST}{why}.",) if why else ()
    return (*said, *against, *(f"{PUT}{each}" for each in put_in_words(c, review)))


def _in_words(found: Recommendation) -> str:
    return f"{found.outcome.replace('_', ' ')}: {'; '.join(found.reasons)}."


def advise_again(c: Command, review: tables.GateReview) -> None:
    """Bring what the body knows up to date; it is told where another outcome is recommended.

    The pack is made anew; the digest of each that there was stays in the journal. Votes for what
    is not left count no more.
    """
    if review.status != "awaiting_decision":
        return
    _advise(c, review)
    let_vote_on_what_is_left(c, review)


def _advise(c: Command, review: tables.GateReview) -> None:
    before, now = _known(review), recommended(c, review)
    if now == before:
        return
    said = _say_anew(c, review, now)
    was = "nothing" if before is None else _in_words(before)
    for row in _asked(c, review):
        if before is not None and now is not None and before.outcome == now.outcome:
            continue
        key, papers = f"{row.id}/{review.version}/advised", row.details.get(PAPERS, [])
        subject = f"{title_of(review)}: something else is recommended"
        body = "\n".join([*said, f"It was: {was}", *enclosed(papers)])
        told = (subject, body, review.project, papers)
        notices.send(c, [notices.notice(c, key, e, *told) for e in notices.waited_for(c, row)])


def let_vote_anew(c: Command, review: tables.GateReview, why: str) -> None:
    """Let the votes of a body not count that were given on other evidence; it is asked anew."""
    for row in _asked(c, review):
        _let_not_count(c, review, row, c.uow.votes.current(row.id), why, why)


def let_vote_on_what_is_left(c: Command, review: tables.GateReview) -> str:
    """Let votes to pass not count while it may not be passed; the body is asked anew.

    Gives why it may not, where the body decides that: empty where it may, or nobody is asked.
    """
    if review.status != "awaiting_decision":
        return ""
    given = _passing(c, review)
    why = why_not(c, review)
    for row, votes in given if why else ():
        _let_not_count(c, review, row, votes, NOT_LEFT, f"it may not be passed: {why}")
    return why


def _passing(c: Context, review: tables.GateReview) -> list[tuple[tables.Obligation, list[Vote]]]:
    """Give the votes of the body that count for letting it pass, by what it was asked."""
    declared = gate_named(c, review.gate)
    rows = (row for row in c.uow.obligations.of_subject(review.id) if decides(row, declared))
    asked = [row for row in rows if row.status in {"open", "met"}]
    found = [(row, c.uow.votes.current(row.id)) for row in asked]
    given = [(row, [each for each in votes if each.choice == "approve"]) for row, votes in found]
    return [(row, votes) for row, votes in given if votes]


def _let_not_count(
    c: Command,
    review: tables.GateReview,
    row: tables.Obligation,
    given: list[Vote],
    said: str,
    why: str,
) -> None:
    if not given:
        return
    for vote in given:
        c.uow.votes.make_void(vote)
    people = [vote.person for vote in given]
    body = {"obligation": row.id, "subject": row.details["title"], "why": why, "told": people}
    c.journal("votes.void", body, row.chain, row.subject_id)
    _say_anew(c, review, recommended(c, review), row)
    key, said = f"{given[-1].id}/anew", f"{said}: your vote is asked for anew."
    if row.status == "met":
        reopen(c, row, key, said)
    else:
        counted(c, row)
        tell_to(c, row, people, key, said)


def put_again(c: Command, review: tables.GateReview) -> None:
    """Bring the pack, and what the body is asked, up to what is put to it, until somebody votes."""
    rows = _asked(c, review)
    if rows and not any(c.uow.votes.current(row.id) for row in rows):
        _say_anew(c, review, recommended(c, review))


def _say_anew(
    c: Command, review: tables.GateReview, found: Recommendation | None, *also: tables.Obligation
) -> tuple[str, ...]:
    """Make the pack anew, and say in what the body is asked, or was, what is so now."""
    freeze(c, review)
    said = advice(c, review, found)
    for row in {each.id: each for each in (*_asked(c, review), *also)}.values():
        kept = [each for each in row.reasons if not each.startswith((ADVICE, AGAINST, PUT))]
        c.uow.obligations.change(row, reasons=[*kept, *said])
    return said


def _asked(c: Context, review: tables.GateReview) -> list[tables.Obligation]:
    declared = gate_named(c, review.gate)
    return [row for row in c.uow.obligations.open_for(review.id) if decides(row, declared)]


def _known(review: tables.GateReview) -> Recommendation | None:
    kept = review.details.get(PACK, {}).get("recommendation")
    return None if kept is None else Recommendation.model_validate(kept)


def recommendation_of_review(c: Context, review_id: str) -> Recommendation | None:
    """Give what is recommended at the gate of a review now; of one decided, what was then."""
    review = c.uow.gate_reviews.get(review_id)
    return _known(review) if review.status == "closed" else recommended(c.under(review), review)


def look_at_advice(governance: Governance, by: str) -> None:
    """Advise bodies again of whose gates more, or something else, is known by now.

    Where evidence that was shown counts no more, newer one is asked for.
    """
    with governance.reading() as c:
        waiting = c.uow.gate_reviews.with_status(*UNDER_REVIEW)
        changed = [each.id for each in waiting if _has_changed(c.under(each), each)]
    for each in changed:
        order = Order(by, SWEEP, OfSubject(each), NoneType)
        with suppress(StoreError, CommandError, EvaluationLimit):
            carry_out(governance, order, _look)


def _has_changed(c: Context, review: tables.GateReview) -> bool:
    with suppress(CommandError, EvaluationLimit):
        advised = review.status == "awaiting_decision"
        return expired(c, review) or (advised and _is_ill_advised(c, review))
    return False


def _is_ill_advised(c: Context, review: tables.GateReview) -> bool:
    known = recommended(c, review) == _known(review)
    return not known or bool(_passing(c, review) and why_not(c, review))


def _look(c: Command) -> None:
    review: tables.GateReview = c.on.row
    under = c.under(review)
    if expired(under, review):
        ask_for_evidence(under, review, c.uow.decisions.of_subject(review.id)[-1].id)
    advise_again(under, review)
