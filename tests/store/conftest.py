"""An empty database for each test, of both kinds: a SQLite file, and a PostgreSQL server's."""

import itertools
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from pmo_engine.decisions.published import PublishedDecision, PublishedPolicy
from pmo_engine.store.database import Database
from pmo_engine.store.tables import Decision, Entry, Obligation, Person, Project, Subject

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SAID = PublishedDecision(
    status="waiting",
    obligations=[],
    fired=["change-approval"],
    not_fired=[],
    unknown={},
    faults={},
    derived={},
    policy=PublishedPolicy(name="city", version="1", digest="d" * 64, on="2026-03-02"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """A database without any tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty")
        yield server.replace("/postgres?", "/empty?")
        connection.execute("DROP DATABASE empty WITH (FORCE)")


@pytest.fixture
def open_database(url):
    """Opens the test's database once more with each call; closes them all at the end."""
    opened = []

    def open_(**options):
        opened.append(Database(url, **options))
        return opened[-1]

    yield open_
    for db in opened:
        db.close()


@pytest.fixture
def db(open_database):
    return open_database(ids=map("id-{:04}".format, itertools.count(1)).__next__)


@pytest.fixture
def at():
    """A Monday morning."""
    return AT


@pytest.fixture
def work(db, at):
    """Makes units of work by Ana, some hours after that morning."""
    return lambda hours=0: db.unit_of_work(actor="ana", at=at + timedelta(hours=hours))


@pytest.fixture
def undone(work):
    """Makes units of work that fail at their end, when all was written."""

    @contextmanager
    def undone_():
        with suppress(ZeroDivisionError), work() as uow:
            yield uow
            uow.flush()
            raise ZeroDivisionError

    return undone_


@pytest.fixture
def portfolio(work):
    """Two projects, two people, and what obligations can be about in the first project."""
    with work() as uow:
        for id in ("P-1", "P-2"):
            uow.projects.add(
                Project(id=id, name=f"Bridge {id}", stage="design", office="city", status="active")
            )
        for id in ("ana", "bo"):
            uow.people.add(Person(id=id, name=id.title(), address=f"mailto://{id}@example.org"))
        for id in ("e-1", "e-2", "e-3"):
            uow.subjects.add(
                Subject(
                    id=id,
                    kind="entry",
                    project="P-1",
                    title=f"Change request {id}",
                    requester="ana",
                    created_at=AT,
                )
            )


@pytest.fixture
def change(portfolio):
    """Makes a change request of P-1, not yet added."""

    def make(key="CR-1", **values):
        given = {"project": "P-1", "register_name": "change_requests", "status": "submitted"}
        given |= {"owner": "ana", "document": {"cost": "80000 GBP"}}
        return Entry(key=key, **given | values)

    return make


@pytest.fixture
def decision(portfolio, at):
    """Makes a decision about an entry, not yet added."""

    def make(**values):
        given = {"project": "P-1", "subject_id": "e-1"}
        given |= {"subject_version": 1, "event": "change_request.submitted", "at": at}
        given |= {"policy_name": "city", "policy_version": "1", "policy_digest": "d" * 64}
        given |= {"facts": {"change": {"cost": "80000 GBP"}}, "result": SAID}
        return Decision(**given | values)

    return make


@pytest.fixture
def approval(work, decision, at):
    """Makes an approval of a recorded decision about an entry, not yet added."""
    with work() as uow:
        decided = uow.decisions.add(decision(id="d-1"))

    def make(**values):
        given = {"project": "P-1", "subject_id": "e-1"}
        given |= {"decision_id": decided.id, "rule": "change-approval", "kind": "approval"}
        given |= {"target": "pmo_head", "binding": "shall", "opened_at": at}
        return Obligation(**given | values)

    return make
