"""What rules on trial would have done: added up over the decisions that were recorded."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.shape import Shape, iso

if TYPE_CHECKING:
    from datetime import datetime

    from pmo_engine.store import tables
    from pmo_engine.work.governance import Governance


class Trial(Shape):
    """A rule on trial: how often it was judged, what came of it, what it would have asked for."""

    rule: str
    title: str
    judged: int
    fired: int
    unknown: int
    faults: int
    asked: dict[str, int]  # the most frequent first
    first: str | None
    last: str | None


@dataclass(slots=True)
class _Tally:
    """What adds up for a rule while decisions are gone through."""

    rule: str
    title: str
    judged: int = 0
    fired: int = 0
    unknown: int = 0
    faults: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None

    def trial(self) -> Trial:
        """Give what was added up."""
        return Trial(
            rule=self.rule,
            title=self.title,
            judged=self.judged,
            fired=self.fired,
            unknown=self.unknown,
            faults=self.faults,
            asked=dict(self.asked.most_common()),
            first=iso(self.first),
            last=iso(self.last),
        )

    def add(self, row: tables.Decision) -> None:
        """Count a decision, if this rule was judged in it."""
        found = row.result.judgement(self.rule)
        asked = row.result.trial.get(self.rule)
        if found is None or (found == "fired" and asked is None):  # it bound people then
            return
        self.judged += 1
        self.unknown += found == "unknown"
        self.faults += found == "fault"
        self.first = row.at if self.first is None else min(self.first, row.at)
        self.last = row.at if self.last is None else max(self.last, row.at)
        if found == "fired":
            self.fired += 1
            self.asked.update(asked or ())


def trials(governance: Governance) -> list[Trial]:
    """Add up every recorded decision for each rule that the policy has on trial."""
    with governance.reading() as c:
        titles = {rule.id: rule.title for rule in c.policy.rules if rule.binding == "trial"}
        found = [_Tally(rule, title) for rule, title in titles.items()]
        for project in c.uow.projects.places():
            for row in c.uow.decisions.of_project(project):
                for each in found:
                    each.add(row)
    return [each.trial() for each in found]
