"""A database with work in it is brought to a newer schema, and nothing of it is lost."""

import pytest
from sqlalchemy import text

from pmo_engine.model.durations import Span
from pmo_engine.store.database import Database
from pmo_engine.store.migrations import schema

ROWS = """
INSERT INTO projects (id, version, name, stage, office, status, attributes)
VALUES ('P-1', 1, 'Bridge', 'design', 'city', 'active', '{}');
INSERT INTO people (id, name, address) VALUES ('ana', 'Ana', '');
INSERT INTO entries (id, version, project, register_name, key, status, document)
VALUES ('e-1', 1, 'P-1', 'change_requests', 'CR-1', 'submitted', '{}');
INSERT INTO entry_versions (entry_id, version, status, document, at, by)
VALUES ('e-1', 1, 'submitted', '{}', '2026-03-02 09:00:00', 'ana');
INSERT INTO decisions (id, project, subject_kind, subject_id, subject_version, event, at,
policy_name, policy_version, policy_digest, facts, result) VALUES ('d-1', 'P-1', 'entry', 'e-1', 1,
'change_request.submitted', '2026-03-02 09:00:00', 'city', '1', 'd', '{}',
'{"status": "waiting", "obligations": [{"id": "r/approval/pmo_head", "kind": "approval",
"rule": "r", "binding": "shall", "from": "pmo_head", "within": "3 working days", "ladder": null,
"facts": [], "clause": "r", "reasons": []}], "fired": ["r"], "not_fired": [], "unknown": {},
"faults": {}, "derived": {},
"policy": {"name": "city", "version": "1", "digest": "d", "on": "2026-03-02"}}');
INSERT INTO obligations (id, version, project, subject_kind, subject_id, decision_id, rule, kind,
target, also_rules, binding, status, opened_at, clause, reasons, details) VALUES ('o-1', 1, 'P-1',
'entry', 'e-1', 'd-1', 'r', 'approval', 'pmo_head', '[]', 'shall', 'open', '2026-03-02 09:00:00',
'', '[]', '{}');
INSERT INTO rungs (obligation_id, rung, due_at, action, role, state)
VALUES ('o-1', 1, '2026-03-03 09:00:00', 'remind', 'pmo_head', 'waiting');
INSERT INTO votes (id, obligation_id, person, choice, reason, at)
VALUES ('v-1', 'o-1', 'ana', 'abstain', '', '2026-03-02 10:00:00')
"""


@pytest.fixture
def first(empty_url):
    """A database of the first schema, with a vote on an open approval."""
    db = Database(empty_url)
    if empty_url.startswith("sqlite"):
        db._make_file()
    with db._writing.begin() as connection:
        schema.upgrade(connection, "0001")
        for statement in ROWS.split(";"):
            connection.exec_driver_sql(statement)
    yield db
    db.close()


def test_open_work_survives_a_migration(first):
    first.migrate()
    assert first.schema_is_current()
    with first.read() as uow:
        [obligation] = uow.obligations.open_for("e-1")
        decision = uow.decisions.get(obligation.decision_id)
        assert decision.project == "P-1"
        [asked] = decision.result.obligations
        assert (asked.role, asked.within) == ("pmo_head", Span(3, "working_day"))
        assert [vote.person for vote in uow.votes.all_of("o-1")] == ["ana"]
        assert [rung.role for rung in uow.rungs.of_obligation("o-1")] == ["pmo_head"]
        assert uow.entries.get("e-1").policy_digest is None


def test_references_are_watched_again_after_a_migration(first):
    first.migrate()
    with first._writing.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.scalars(text("PRAGMA foreign_keys")).one() == 1
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
