"""Secretariat and administration: administrative support."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.resources import rules_dir
from pmo_engine.roles.base import Assessment, FunctionalRole, Review, absent
from pmo_engine.roles.figures import gaps, has_come

if TYPE_CHECKING:
    from collections.abc import Mapping


class Secretariat(FunctionalRole):
    """Decisions are minuted and were taken with a quorum."""

    id = "secretariat"
    title = "Secretariat and administration"
    pack = rules_dir() / "secretariat"

    def assess(self, review: Review) -> Assessment:
        meetings, decisions = review.register("meetings"), review.register("decisions")
        held = [each for each in meetings if has_come(each, "held_on", review.today)]
        missing = gaps("decisions", decisions, "minuted") + absent(meetings, "held_on")
        unruled = [each for each in held if each.get("quorum") is None]
        missing += absent(held, "attended") + absent(unruled, "quorum_needed")
        if missing:
            return Assessment.cannot_tell(missing)
        unminuted = [decision for decision in decisions if not decision["minuted"]]
        if unminuted:
            return Assessment.not_met("decisions that no minutes hold", unminuted)
        thin = [meeting for meeting in held if meeting["attended"] < _quorum(meeting)]
        if thin:
            return Assessment.not_met("meetings without a quorum", thin)
        return Assessment.met()


def _quorum(meeting: Mapping[str, Any]) -> Any:
    """Give how many it takes: by the terms of the body, else as it was taken down."""
    found = meeting.get("quorum")
    return meeting["quorum_needed"] if found is None else found
