"""A small office with one gate, and a Prefect server of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pmo_engine.app import Settings, open_desk
from pmo_engine.store import tables
from pmo_engine.store.database import Database
from pmo_engine.work.desk import Desk

FIFTEEN = (
    "benefits change_control commercial finance information issues performance planning quality "
    "reporting resources risk secretariat stakeholders tools"
).split()

POLICY = """\
kind: policy
name: harbour
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: always
packs:
{packs}
---
kind: calendar
id: always
zone: Europe/London
hours: {{mon-sun: "00:00-24:00"}}
---
kind: gates
stages: [definition, delivery]
gates:
  - id: G2
    title: Ready to deliver
    from_stage: definition
    to_stage: delivery
    assessments: [{roles}]
    decided_by: portfolio_board
    within: 5 working days
    ladder: standard
    outcomes: [go, hold, stop]
"""


@dataclass(frozen=True)
class Office:
    """A folder with a policy and a store, and how a process is told of it."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(f"sqlite:///{self.folder}/pmo.db", self.folder / "policy", "compiled")

    @property
    def environment(self) -> dict[str, str]:
        settings = self.settings
        policy = str(settings.policy)
        return {"PMO_DATABASE": settings.database, "PMO_POLICY": policy, "PMO_ENGINE": "compiled"}

    def desk(self) -> Desk:
        return open_desk(self.settings)

    def found(self, roles: list[str]) -> None:
        (self.folder / "policy").mkdir(parents=True)
        packs = "\n".join(f"  - {{use: {role}}}" for role in ["office", *roles])
        policy = POLICY.format(packs=packs, roles=", ".join(roles))
        (self.folder / "policy" / "policy.yaml").write_text(policy)
        database = Database(self.settings.database)
        database.migrate()
        with database.unit_of_work("ana", datetime(2026, 3, 2, tzinfo=UTC)) as uow:
            uow.projects.add(
                tables.Project(
                    id="P-1", name="Quay", office="harbour", stage="definition", status="active"
                )
            )
            for person, role in {"ana": "project_manager", "bo": "portfolio_board"}.items():
                uow.people.add(tables.Person(id=person, name=person.title()))
                uow.flush()
                uow.people.hold(
                    tables.RoleHolding(person=person, role=role, from_date=date(2026, 1, 1))
                )
        database.close()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office whose gate all fifteen functional roles assess."""
    made = Office(tmp_path / "office")
    made.found(FIFTEEN)
    return made
