"""Quality assurance: products can deliver the expected benefits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pmo_engine.policy.registers import APPROVED
from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, Entry, FunctionalRole, Review, absent
from pmo_engine.roles.figures import gaps, has_come, stands


class Quality(FunctionalRole):
    """Reviews planned by now took place, and what failed passed since, or has a concession.

    A product is accepted by the last attempt at each method; its first pass is that of the first.
    """

    id = "quality"
    title = "Quality assurance"
    pack = rules_dir() / "quality"

    def assess(self, review: Review) -> Assessment:
        reviews = review.register("quality")
        due = [each for each in reviews if has_come(each, "planned", review.today)]
        if missing := gaps("quality", reviews, "planned") + absent(due, "result", "attempt"):
            return Assessment.cannot_tell(missing)
        tried = _attempts(due)
        last = [attempts[-1] for attempts in tried]
        failed = [each for each in last if each["result"] == "fail"]
        accepted = _conceded(review)
        if unaccepted := [each for each in failed if each["key"] not in accepted]:
            return Assessment.not_met("failed without a concession", unaccepted)
        return Assessment.met()


def _conceded(review: Review) -> set[object]:
    """Name the reviews that an approved concession names which has not ended."""
    granted = (each for each in review.register("concessions") if stands(each) == APPROVED)
    return {each.get("review_key") for each in granted if not _has_ended(each, review.today)}


def _has_ended(concession: Entry, today: date) -> bool:
    until = concession.get("until")
    return until is not None and until < today


def _attempts(reviews: Sequence[Entry]) -> list[list[Entry]]:
    """Put the attempts at a product by one method together, in their order."""
    found: dict[object, list[Entry]] = {}
    for number, each in enumerate(reviews):
        product = each.get("product")
        of = number if product is None else (product, each.get("method"))
        found.setdefault(of, []).append(each)
    return [sorted(each, key=lambda review: review["attempt"]) for each in found.values()]
