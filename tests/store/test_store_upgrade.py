"""The store of a demonstration, made before subjects had a table, comes over whole."""

import json
import lzma
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import MetaData, insert, select

from pmo_engine.queries.audit import breaks_in
from pmo_engine.store.database import Database
from pmo_engine.store.migrations import schema
from pmo_engine.store.tables import Decision

MADE_BEFORE = Path(__file__).parent / "data" / "demo-0002.db.xz"


@pytest.fixture(scope="module")
def made_before(tmp_path_factory):
    path = tmp_path_factory.mktemp("before") / "before.db"
    path.write_bytes(lzma.decompress(MADE_BEFORE.read_bytes()))
    return path


def read_rows(path, table):
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608


def typed(column, value):
    if value is None:
        return None
    match column.type.python_type.__name__:
        case "dict" | "object":
            return json.loads(value)
        case "datetime":
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        case "date":
            return date.fromisoformat(value)
        case "bool":
            return bool(value)
        case _:
            return value


@contextmanager
def brought_over(url, path):
    """The database as it was, on either server, and then brought to the schema of today."""
    with closing(Database(url)) as db:
        if url.startswith("sqlite"):
            db._make_file()
        with db._migrating.begin() as connection:
            schema.upgrade(connection, "0002")
        with db._writing.begin() as connection:
            for table in reflected(connection).values():
                rows = typed_rows(table, path)
                if rows:
                    connection.execute(insert(table), rows)
        db.migrate()
        yield db


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def migrated(request, made_before, tmp_path_factory):
    """One for all tests that only read it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('after') / 'after.db'}"
        with brought_over(url, made_before) as db:
            yield db
        return
    server = request.getfixturevalue("server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE upgraded")
        with brought_over(server.replace("/postgres?", "/upgraded?"), made_before) as db:
            yield db
        connection.execute("DROP DATABASE upgraded WITH (FORCE)")


@pytest.fixture
def in_use(empty_url, made_before):
    """One for each test that writes."""
    with brought_over(empty_url, made_before) as db:
        yield db


def reflected(connection):
    tables = MetaData()
    tables.reflect(connection, only=lambda name, _: name != "alembic_version")
    return tables.tables


def typed_rows(table, path):
    return [
        {name: typed(table.c[name], value) for name, value in row.items()}
        for row in read_rows(path, table.name)
    ]


def test_it_comes_over_whole_and_the_old_lines_hold(migrated, made_before):
    assert migrated.schema_is_current()
    with migrated.read() as uow:
        assert breaks_in(uow) == []
        lines = sum(head.seq for head in uow.journal.chains())
    assert lines == len(read_rows(made_before, "journal"))


def test_work_goes_on_where_it_was(in_use):
    with in_use.unit_of_work("ana", datetime(2026, 4, 16, tzinfo=UTC)) as uow:
        changes = len(uow.entries.of_project("TRAM", "change_requests"))
        assert uow.entries.next_key("TRAM", "change_requests", "CR") == f"CR-{changes + 1}"
        assert uow.entries.next_key("TRAM", "unheard_of", "U") == "U-1"
        uow.journal.add("TRAM", "noted", {})
    with in_use.read() as uow:
        assert breaks_in(uow) == []
        assert {line.form for line in uow.journal.read("TRAM")} == {1, 3}


def test_every_entry_review_and_version_is_a_subject(migrated, made_before):
    with migrated.read() as uow:
        for table, kind in (
            ("entries", "entry"),
            ("gate_reviews", "gate_review"),
            ("policy_versions", "policy_version"),
        ):
            ids = {row["id"] for row in read_rows(made_before, table)}
            assert ids
            assert {uow.subjects.get(id).kind for id in ids} == {kind}
        change = uow.entries.by_key("TRAM", "change_requests", "CR-3")
        subject = uow.subjects.get(change.id)
        [review] = uow.gate_reviews.of_project("TRAM")
        gate = uow.subjects.get(review.id)
        unasked = uow.subjects.get(uow.entries.by_key("TRAM", "risks", "R-2").id)
    assert (subject.title, subject.requester) == (
        "Change request CR-3 of TRAM",
        change.submitted_by,
    )
    assert subject.created_at == change.submitted_at
    assert (gate.title, gate.requester, gate.project) == ("Gate G2 of TRAM", "ana", "TRAM")
    assert unasked.title == "risks R-2 of TRAM"


def test_old_lines_say_what_they_are_about(migrated):
    with migrated.read() as uow:
        change = uow.entries.by_key("TRAM", "change_requests", "CR-3").id
        [review] = uow.gate_reviews.of_project("TRAM")
        kinds = {}
        for line in (*uow.journal.read("TRAM"), *uow.journal.read("office")):
            kinds.setdefault(line.subject_id, set()).add(line.kind)
        of = {id: uow.subjects.get(id).kind for id in kinds if id is not None}
    assert {"change_request.submitted", "decided", "obligation.opened", "reminded", "escalated",
            "voted", "change_request.approved"} == kinds[change]  # fmt: skip
    assert {"gate.opened", "gate.assessed", "voted", "gate.closed"} < kinds[review.id]
    assert kinds[None] == {"project.added", "person.added", "role.held"}
    [*drafts] = (found for id, found in kinds.items() if of.get(id) == "policy_version")
    versions = set().union(*drafts)
    assert {"policy.drafted", "policy.submitted", "obligation.opened", "voted"} < versions


def test_records_are_listed_by_the_number_of_their_keys(migrated):
    with migrated.read() as uow:
        for register in ("change_requests", "risks"):
            every = [row.key for row in uow.entries.of_project("TRAM", register)]
            in_order = sorted(every, key=lambda key: (len(key), key))
            assert [row.key for row in uow.entries.listed("TRAM", register)] == in_order
            assert all(row.key_length == len(row.key) for row in uow.entries.of_project("TRAM"))


def test_documents_hold_what_people_gave_and_nothing_else(migrated, made_before):
    old = {row["id"]: json.loads(row["document"]) for row in read_rows(made_before, "entries")}
    own = {"submitted_by", "submitted_at", "decided_at"}
    with migrated.read() as uow:
        for id, document in old.items():
            entry = uow.entries.get(id)
            given = {name: value for name, value in document.items() if name not in own}
            assert entry.document == given
            assert entry.submitted_by == document["submitted_by"]
            assert entry.submitted_at == datetime.fromisoformat(document["submitted_at"])
            decided = document.get("decided_at")
            assert entry.decided_at == (decided and datetime.fromisoformat(decided))
            *_, last = uow.entries.versions(id)
            assert (last.document, last.decided_at) == (given, entry.decided_at)


def test_versions_have_the_owner_and_the_day_of_their_time(migrated):
    with migrated.read() as uow:
        risk = uow.entries.by_key("FERRY", "risks", "R-1")
        versions = uow.entries.versions(risk.id)
    assert [version.due for version in versions] == [None, date(2026, 5, 1), date(2026, 6, 1)]
    assert [version.owner for version in versions] == [versions[0].owner, "mei", "mei"]
    assert versions[-1].owner == risk.owner
    assert len({version.policy_digest for version in versions}) == 1
    assert risk.matter_version == risk.version == 3


def test_what_waits_waits_for_the_same_people(migrated, made_before):
    asked = read_rows(made_before, "obligations")
    with migrated.read() as uow:
        for row in asked:
            details, addressees = json.loads(row["details"]), uow.addressees.of(row["id"])
            up = [each.role for each in addressees if each.by_rung is not None]
            assert sorted(up) == sorted(details.get("escalated_to", []))
            first = [each for each in addressees if each.by_rung is None]
            if details["role"] is None:
                subject = uow.subjects.get(row["subject_id"])
                assert [each.person for each in first] == [subject.requester]
            else:
                assert [each.role for each in first] == [details["role"]]
            assert {each.project for each in addressees} == {row["project"]}
            assert {each.until is None for each in addressees} == {row["status"] == "open"}
        for_petra = uow.obligations.waiting_for({}, ["pmo_head"], "petra")
    waiting = {
        row["id"]
        for row in asked
        if row["status"] == "open" and json.loads(row["details"])["role"] == "pmo_head"
    }
    assert {row.id for row in for_petra} == waiting
    assert len(waiting) == 3


def test_the_versions_that_were_asked_about_are_known(migrated, made_before):
    decided = {row["id"]: row for row in read_rows(made_before, "decisions")}
    votes = read_rows(made_before, "votes")
    with migrated.read() as uow:
        for row in read_rows(made_before, "obligations"):
            asked = uow.obligations.get(row["id"])
            assert asked.subject_version == decided[row["decision_id"]]["subject_version"]
            mine = {vote["id"] for vote in votes if vote["obligation_id"] == row["id"]}
            given = uow.votes.all_of(row["id"])
            assert {vote.id for vote in given} == mine
            assert {vote.subject_version for vote in given} <= {asked.subject_version}


def test_decisions_are_numbered_as_they_were_taken_whatever_the_clocks_said(migrated):
    with migrated.read() as uow:
        rows = uow._transaction.rows(select(Decision))
    of: dict[str, list[Decision]] = {}
    for row in rows:
        of.setdefault(row.subject_id, []).append(row)
    assert max(map(len, of.values())) > 1
    for taken in of.values():
        in_order = sorted(taken, key=lambda each: each.number)
        assert [each.number for each in in_order] == list(range(1, len(taken) + 1))
        assert in_order == sorted(taken, key=lambda each: (each.subject_version, each.at))


def test_roles_that_were_held_twice_are_held_once(migrated):
    with migrated.read() as uow:
        spans = {
            (each.role, each.project): (each.from_date, each.to_date)
            for person in ("omar", "sofia")
            for each in uow.people.all_holdings(person)
        }
        assert len(uow.people.all_holdings("sofia")) == 2
    assert spans == {
        ("team_manager", "TRAM"): (date(2026, 1, 5), None),
        ("sponsor", "TRAM"): (date(2026, 1, 5), None),
        ("sponsor", "FERRY"): (date(2026, 1, 5), None),
    }


def test_it_can_be_taken_back(in_use, made_before):
    with in_use._migrating.begin() as connection:
        schema.downgrade(connection, "0002")
        tables = reflected(connection)
        for name in ("entries", "entry_versions", "decisions", "obligations", "votes", "journal"):
            found = connection.execute(tables[name].select()).mappings()
            expected = typed_rows(tables[name], made_before)
            assert sorted(map(as_text, found)) == sorted(map(as_text, expected))


def as_text(row):
    """SQLite has no zone of its own."""
    return json.dumps(
        {
            name: str(value.replace(tzinfo=UTC)) if isinstance(value, datetime) else value
            for name, value in row.items()
        },
        sort_keys=True,
        default=str,
    )
