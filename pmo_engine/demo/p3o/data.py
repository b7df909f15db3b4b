"""The organisation of the demo, read from its file; every value is text, as in any other input."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pmo_engine.demo.data import read_texts
from pmo_engine.model.frozen import dataclass

FILE = Path(__file__).with_name("organisation.yaml")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, with the roles that they hold for an office or a programme, or everywhere."""

    id: str
    name: str
    roles: tuple[str, ...]
    office: str | None = None
    programme: str | None = None


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A project: where it is, who leads it, and what its registers begin with."""

    id: str
    name: str
    programme: str
    office: str
    manager: str
    stage: str
    baseline: str
    forecast: str
    risk: tuple[str, ...]
    end: tuple[str, ...]
    benefit: tuple[str, ...]
    spent: str = ""
    more: tuple[dict[str, str], ...] = ()

    def entries(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        """Give what is entered in its registers, as (register, fields)."""
        title, probability, impact, chance, cost = self.risk
        planned, value = self.benefit
        first, last = self.end
        none = f"0 {cost.rpartition(' ')[2]}"
        budget = {"baseline": self.baseline, "forecast": self.forecast, "funds": self.forecast}
        spent = {"commitment": none, "actual": self.spent or none, "accrual": none}
        risk = {"probability": probability, "impact": impact, "chance": chance}
        scored = {"type": "threat", "impact_cost": cost, "owner": self.manager}
        whose = {"objective": self.name, "measure": "as in the business case"}
        worth = {"planned_value": planned, "forecast_value": value, "owner_side": "business"}
        return (
            ("budget_lines", {"title": "Whole project", **budget, **spent}),
            ("milestones", {"title": "Handed over", "baseline": first, "forecast": last}),
            ("benefits", {"title": "What the case rests on", **whose, **worth}),
            ("risks", {"title": title, **risk, **scored}),
            *((row["register"], _without(row)) for row in self.more),
        )


@dataclass(frozen=True, slots=True)
class County:
    """All of it; ``changes`` are those of the story, each with its project."""

    since: date
    programmes: tuple[dict[str, str], ...]
    people: tuple[Member, ...]
    projects: tuple[Undertaking, ...]
    changes: tuple[dict[str, str], ...]


def _without(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if name not in {"register", "project"}}


def read() -> County:
    """Read the file."""
    found = read_texts(FILE)
    return County(
        since=date.fromisoformat(found["since"]),
        programmes=tuple(found["programmes"]),
        people=tuple(Member(**{**row, "roles": tuple(row["roles"])}) for row in found["people"]),
        projects=tuple(_project(row, found["records"]) for row in found["projects"]),
        changes=tuple(found["changes"]),
    )


def _project(row: dict[str, Any], records: list[dict[str, str]]) -> Undertaking:
    lists = {name: tuple(row[name]) for name in ("risk", "end", "benefit")}
    more = tuple(each for each in records if each["project"] == row["id"])
    return Undertaking(**{**row, **lists, "more": more})
