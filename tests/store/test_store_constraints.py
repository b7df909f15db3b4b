"""What must never be, the database refuses, whoever asks."""

import re
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from pmo_engine.store.errors import Duplicate, Refused
from pmo_engine.store.tables import (
    Assessment,
    DeliveryAttempt,
    Entry,
    EntryVersion,
    GateReview,
    Message,
    Person,
    Project,
    RoleHolding,
    Rung,
    Vote,
)
from pmo_engine.store.translate import constraints, refused

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def review(**values):
    given = {"project": "P-1", "gate": "G2", "opened_at": AT, "opened_by": "ana"}
    return GateReview(**given | values)


@contextmanager
def in_words():
    """What is refused is said in words: no constraint, no table, no SQL."""
    try:
        yield
    except Refused as error:
        if re.search(r"constraint|_|INSERT", str(error)):
            pytest.fail(f"these are no words: {error}")
        raise


@pytest.fixture
def add(work):
    """Adds rows in one transaction, each the way the session does."""

    def add_(*rows):
        with in_words(), work() as uow:
            for row in rows:
                if "id" in type(row).model_fields and not row.id:
                    row.id = uow.entries._transaction.ids()
                repository = {Entry: uow.entries, GateReview: uow.gate_reviews}.get(type(row))
                if repository is None:
                    uow.entries._session.enter(row)
                else:
                    repository.add(row)

    return add_


@pytest.fixture
def obligation(add, approval):
    obligation = approval()
    add(obligation)
    return obligation


def test_an_entry_key_is_taken_once_per_register(add, change):
    add(change())
    with pytest.raises(Duplicate) as raised:
        add(change())
    assert raised.value.table == "entries"
    add(change(register_name="risks"), change(project="P-2"))


def test_an_entry_has_each_version_once(work, change, add):
    with work() as uow:
        entry = uow.entries.add(change())
    with pytest.raises(Duplicate):
        add(EntryVersion(entry_id=entry.id, version=1, status="", document={}, at=AT, by="bo"))


def test_the_same_obligation_is_open_once(add, approval):
    first = approval(kind="evidence", target="plan")
    add(first, approval(kind="evidence", target="map"))
    with pytest.raises(Duplicate, match="is asked already, and still open"):
        add(approval(kind="evidence", target="plan"))
    add(approval(kind="evidence", target="plan", status="met", closed_at=AT))


def test_the_same_approval_is_asked_once_whatever_the_rule(add, approval, obligation):
    with pytest.raises(Duplicate, match="this approval is asked for already"):
        add(approval(rule="another-rule"))
    add(
        approval(rule="another-rule", target="board"),
        approval(rule="another-rule", subject_id="e-2"),
        approval(rule="another-rule", kind="notice"),
    )


def test_an_approval_can_be_asked_again_once_closed(work, approval, obligation):
    with work() as uow:
        uow.obligations.close(uow.obligations.get(obligation.id), "withdrawn")
        uow.obligations.add(approval())


def test_a_person_has_one_current_vote(add, obligation):
    def vote(**values):
        return Vote(obligation_id=obligation.id, person="ana", choice="approve", at=AT, **values)

    add(vote(), vote(superseded_at=AT), vote(superseded_at=AT))
    with pytest.raises(Duplicate, match="voted at the same moment"):
        add(vote())


def test_a_rung_is_there_once(add, obligation):
    def rung():
        return Rung(obligation_id=obligation.id, rung=1, due_at=AT, action="remind", role="x")

    add(rung())
    with pytest.raises(Duplicate, match="rung: there is one already"):
        add(rung())


def test_a_gate_has_one_open_review(add, portfolio):
    add(review(), review(gate="G3"), review(project="P-2"))
    with pytest.raises(Duplicate, match="under review already"):
        add(review(status="awaiting_decision"))
    add(review(status="closed", outcome="hold", closed_at=AT))


@pytest.mark.parametrize(
    "values",
    [
        {"status": "open", "closed_at": AT},
        {"status": "met", "closed_at": None},
        {"status": "opened"},
        {"kind": "wish"},
        {"binding": "must"},
        {"subject_id": "e-0"},
    ],
)
def test_an_obligation_is_one_of_what_there_can_be(add, approval, values):
    with pytest.raises(Refused):
        add(approval(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"status": "closed", "outcome": "go"},
        {"status": "closed", "closed_at": AT},
        {"status": "assessing", "outcome": "go"},
        {"status": "closed", "outcome": "perhaps", "closed_at": AT},
        {"status": "asleep"},
        {"project": "P-0"},
    ],
)
def test_a_review_is_one_of_what_there_can_be(add, portfolio, values):
    with pytest.raises(Refused):
        add(review(**values))


def test_choices_states_and_results_are_those_of_the_field(add, obligation, change):
    due = {"due_at": AT}
    rung = {"obligation_id": obligation.id, "rung": 1, "role": "x", **due}
    assessed = {"review_id": "r-1", "revision": 1, "role": "risk", "at": AT, "by": "ana"}
    add(review(id="r-1"))
    for wrong in (
        Vote(obligation_id=obligation.id, person="ana", choice="maybe", at=AT),
        Rung(action="shout", **rung),
        Rung(action="remind", state="lost", **rung),
        Rung(action="remind", state="fired", **rung),
        Rung(action="remind", fired_at=AT, **rung),
        Assessment(result="fine", **assessed),
        Assessment(result="asked", **assessed),
        Message(key="k", kind="letter", created_at=AT, **due),
        Message(key="k", kind="notice", created_at=AT, state="lost", **due),
        Message(key="k", kind="notice", created_at=AT, state="claimed", **due),
        RoleHolding(person="ana", role="x", from_date=date.max, to_date=date.min),
        Project(id="office", name="n", stage="s", office="o", status="active"),
    ):
        with pytest.raises(Refused) as raised:
            add(wrong)
        assert not isinstance(raised.value, Duplicate)


def test_what_is_referred_to_is_there(add, approval, obligation, change):
    for wrong in (
        change(project="P-0"),
        approval(rule="r", target="t", decision_id="d-0"),
        Vote(obligation_id="o-0", person="ana", choice="approve", at=AT),
        Vote(obligation_id=obligation.id, person="zed", choice="approve", at=AT),
        Rung(obligation_id="o-0", rung=1, due_at=AT, action="remind", role="x"),
        RoleHolding(person="zed", role="x", from_date=date.min),
        EntryVersion(entry_id="e-0", version=1, status="", document={}, at=AT, by="bo"),
        Assessment(review_id="r-0", revision=1, role="r", result="met", at=AT, by="ana"),
        DeliveryAttempt(outbox_id="m-0", number=1, at=AT, ok=True),
    ):
        with pytest.raises(Refused, match="that is not there; add that first"):
            add(wrong)


def test_rows_go_in_in_any_order(work, portfolio, approval, decision):
    with work(hours=1) as uow:
        obligation = approval(id="o-1", decision_id="d-9", rule="r")
        uow.rungs.add_all([Rung(obligation_id="o-1", rung=1, due_at=AT, action="remind", role="x")])
        uow.obligations.add(obligation)
        uow.obligations.get("o-1")
        uow.decisions.add(decision(id="d-9", at=AT + timedelta(hours=1)))


@pytest.mark.parametrize("table", ["projects", "entries", "obligations", "gate_reviews"])
def test_versions_count_from_one(db, add, obligation, change, table):
    add(change(), review())
    with pytest.raises(Refused), db._writing.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {table} SET version = 0")  # noqa: S608


@pytest.mark.parametrize("name", sorted(constraints()))
def test_every_constraint_has_words(name):
    said = refused(name)
    assert " " in said
    assert name not in said
    assert "_" not in said


def test_what_is_wrong_and_what_to_do_is_said(add, change, portfolio):
    project = {"name": "n", "stage": "s", "office": "o", "status": "active"}
    span = {"person": "ana", "role": "x", "from_date": date.max}
    add(change())
    for row, says in (
        (change(), "the register has a record with this key already; give another key"),
        (Project(id="P-1", **project), "there is a project with this id already; give another id"),
        (Person(id="ana", name="Ana"), "there is somebody with this id already"),
        (Project(id="office", **project), "cannot be called as the office's own journal is"),
        (RoleHolding(to_date=date.min, **span), "a role cannot end before it begins"),
        (Project(id="P-4", **project | {"name": None}), "project: 'name' has to be given"),
    ):
        with pytest.raises(Refused, match=says):
            add(row)
