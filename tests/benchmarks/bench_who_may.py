"""Who may decide one record, among 500 people with 50 delegations, beside hand-written SQL.

The SQL says the same of one approval in one statement: of each holder of the roles that are asked,
and of each delegate of theirs, whether an interest in the record, an absence or a vote keeps them
from deciding. It knows one policy only; the engine's answer reads terms, limits and clauses, too.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import text

from pmo_engine.compiler.loading import load_policy
from pmo_engine.store import tables
from pmo_engine.testing import START, World
from pmo_engine.work.approvals.eligible import standings
from tests.benchmarks.bench_recording import databases

POLICY = Path(__file__).parents[1] / "stories" / "city.yaml"
PEOPLE, DELEGATIONS, TIMES = 500, 50, 200

WHO = """
WITH asked AS (
  SELECT o.id, o.project, s.requester, e.owner, e.id AS entry_id FROM obligations o
  JOIN subjects s ON s.id = o.subject_id JOIN entries e ON e.id = s.id WHERE o.id = :obligation
), holder AS (
  SELECT h.person, h.role FROM role_holdings h, asked a
  JOIN obligation_addressees w ON w.obligation_id = a.id AND NOT w.informed
  WHERE h.role = w.role AND (h.project IS NULL OR h.project = a.project)
    AND h.from_date <= :today AND (h.to_date IS NULL OR h.to_date >= :today)
), interested AS (
  SELECT requester AS person FROM asked UNION SELECT owner FROM asked WHERE owner IS NOT NULL
  UNION SELECT v."by" FROM entry_versions v, asked a
    WHERE v.entry_id = a.entry_id AND v.status = 'submitted'
  UNION SELECT d.person FROM declared_interests d, asked a
    WHERE d.project = a.project OR d.subject_id = a.entry_id
), given AS (
  SELECT owner, delegate FROM delegations
  WHERE from_date <= :today AND (to_date IS NULL OR to_date >= :today) AND ended_on IS NULL
), tied AS (
  SELECT person FROM interested
  UNION SELECT g.delegate FROM given g JOIN interested i ON i.person = g.owner
  UNION SELECT g.owner FROM given g JOIN interested i ON i.person = g.delegate
), candidate AS (
  SELECT person, role, NULL AS behalf FROM holder
  UNION SELECT g.delegate, h.role, g.owner FROM given g JOIN holder h ON h.person = g.owner
)
SELECT c.person, c.role, c.behalf,
  EXISTS (SELECT 1 FROM tied t WHERE t.person IN (c.person, c.behalf)) AS interest,
  EXISTS (SELECT 1 FROM absences b WHERE b.person = c.person AND b.from_date <= :today
    AND (b.to_date IS NULL OR b.to_date >= :today) AND b.ended_on IS NULL) AS away,
  EXISTS (SELECT 1 FROM votes v WHERE v.obligation_id = :obligation
    AND v.person = c.person AND v.superseded_at IS NULL) AS voted
FROM candidate c ORDER BY c.person
"""


def office(url: str) -> World:
    """Make an office with many people, some of whom decide for others."""
    world = World(load_policy(POLICY), url)
    world.project("P-1")
    day = START.date()
    with world.database.unit_of_work("bench", START) as uow:
        for number in range(PEOPLE):
            who = f"p{number:03}"
            role = "pmo_head" if number % 50 == 0 else "project_manager"
            uow.people.add(tables.Person(id=who, name=who))
            uow.people.hold(tables.RoleHolding(person=who, role=role, from_date=day))
        for number in range(DELEGATIONS):
            uow.standing_in.add(
                tables.Delegation(
                    owner=f"p{number * 10:03}",
                    delegate=f"p{number * 10 + 1:03}",
                    from_date=day,
                    to_date=day + timedelta(days=90),
                    made_by="p000",
                    made_at=START,
                )
            )
    world.submit("P-1", "change_requests", "p007", cost="80000 GBP")
    return world


def compare(name: str, url: str) -> None:
    """Print one database's ratio; the two take turns."""
    world = office(url)
    ours, theirs = [], []
    with world.governance.reading() as c:
        [row] = c.uow.obligations.open_for_roles()
        session = c.uow._transaction.session
        values = {"obligation": row.id, "today": START.date()}
        for _ in range(TIMES):
            began = time.perf_counter()
            found = standings(c, row)
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            rows = session.execute(text(WHO), values).all()
            theirs.append(time.perf_counter() - began)
        free = {each.person for each in rows if not (each.interest or each.away or each.voted)}
        assert {each.person for each in found if each.may} == free
    mine, sql = median(ours[10:]) * 1e3, median(theirs[10:]) * 1e3
    print(
        f"{name}: who may decide, {PEOPLE} people, {DELEGATIONS} delegations: {mine:.2f} ms,"
        f" hand-written SQL {sql:.2f} ms: {mine / sql:.2f}x (wanted: at most 2x)"
    )
    world.close()


def main() -> None:
    """Compare on both databases."""
    with databases() as urls:
        for name, url in urls.items():
            compare(name, url)


if __name__ == "__main__":
    main()
