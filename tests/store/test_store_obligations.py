"""Obligations, votes and rungs, as the commands use them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from pmo_engine.store.errors import DatabaseLocked, NotFound, Refused, StaleVersion, StoreError
from pmo_engine.store.tables import Message, Rung, Subject


@pytest.fixture
def obligation(work, approval):
    with work() as uow:
        return uow.obligations.add(approval(id="o-1", details={"cost": "80000 GBP"}))


def rungs(at, *hours, obligation="o-1"):
    return [
        Rung(
            obligation_id=obligation,
            rung=number,
            due_at=at + timedelta(hours=hour),
            action="remind",
            role="pmo_head",
        )
        for number, hour in enumerate(hours, 1)
    ]


def test_an_obligation_comes_back(db, obligation, at):
    with db.read() as uow:
        found = uow.obligations.get("o-1")
    assert (found.status, found.version, found.also_rules) == ("open", 1, [])
    assert (found.opened_at, found.due_at, found.details) == (at, None, {"cost": "80000 GBP"})


def test_open_obligations_are_found_by_subject_role_and_project(db, work, approval, obligation):
    with work(hours=1) as uow:
        uow.obligations.add(approval(id="o-2", rule="b", target="board"))
        uow.obligations.add(approval(id="o-3", subject_id="e-2"))
        uow.obligations.add(approval(id="o-4", subject_id="e-3", project="P-2"))
        uow.obligations.close(uow.obligations.get("o-3"), "met")

    def ids(found):
        return [obligation.id for obligation in found]

    with db.read() as uow:
        open_ = uow.obligations
        assert ids(open_.open_for("e-1")) == ["o-2", "o-1"]
        assert ids(open_.open_for("e-2")) == []
        assert ids(open_.of_subject("e-2")) == ["o-3"]
        assert ids(open_.of_project("P-1")) == ["o-2", "o-1", "o-3"]


def test_closing_cancels_the_rungs_that_wait(db, work, obligation, at):
    with work() as uow:
        uow.rungs.add_all(rungs(at, 1, 9))
    with work(hours=2) as uow:
        assert [r.rung for r in uow.rungs.claim_due_of("e-1", at + timedelta(hours=2))] == [1]
        closed = uow.obligations.close(uow.obligations.get("o-1"), "met")
        assert (closed.status, closed.version) == ("met", 2)
    with db.read() as uow:
        assert uow.obligations.get("o-1").closed_at == at + timedelta(hours=2)
        assert [rung.state for rung in uow.rungs.of_obligation("o-1")] == ["fired", "cancelled"]


@pytest.fixture
def read_too_early(url, work, obligation):
    """Closes an obligation that somebody else changed after it was read."""

    def read_too_early_(uow):
        mine = uow.obligations.get("o-1")
        if url.startswith("sqlite"):  # there is one writer at a time
            uow.obligations.change(mine, target="board")
            set_committed_value(mine, "version", 1)
        else:
            with work() as other:
                other.obligations.close(other.obligations.get("o-1"), "met")
        uow.obligations.close(mine, "withdrawn")

    return read_too_early_


def test_closing_unsays_what_was_to_be_said_later(db, work, obligation, approval, at):
    """What is due by then, what was tried, and what is of another, is said."""
    keys = {"o-1/later": 9, "o-1/due": 2, "o-1/tried": 1, "o-2/later": 9, "n/later": 9}
    with work() as uow:
        uow.obligations.add(approval(id="o-2", target="board"))
        uow.outbox.add_all(
            [
                Message(key=key, kind="notice", due_at=at + timedelta(hours=hours))
                for key, hours in keys.items()
            ]
        )
    with work(hours=1) as uow:
        (tried,) = uow.outbox.claim_due(at + timedelta(hours=1), 1, timedelta(minutes=5))
        uow.outbox.failed(tried, "no", at + timedelta(hours=9))
    with work(hours=2) as uow:
        uow.obligations.close(uow.obligations.get("o-1"), "met")
    with db.read() as uow:
        assert {row.key for row in uow.outbox.with_state("waiting")} == {*keys} - {"o-1/later"}


def test_closing_lets_those_go_for_whom_it_waited(db, work, obligation, approval, at):
    with work() as uow:
        uow.obligations.add(approval(id="o-2", target="board"))
        for id, role in (("o-1", "pmo_head"), ("o-2", "pmo_head"), ("o-1", "board")):
            uow.addressees.add(id, role=role, project="P-1")
    with work(hours=2) as uow:
        uow.obligations.close(uow.obligations.get("o-1"), "met")
    with db.read() as uow:
        until = {each.until for each in uow.addressees.of("o-1")}
        assert until == {at + timedelta(hours=2)}
        assert [each.until for each in uow.addressees.of("o-2")] == [None]


def test_what_is_overdue_with_nothing_more_to_come_is_exhausted(db, work, approval, at):
    due = {"due_at": at + timedelta(hours=1)}
    with work() as uow:
        for id, said in {
            "o-1": due,
            "o-2": {"due_at": at + timedelta(hours=1, seconds=1)},
            "o-3": {},
            "o-4": {**due, "kind": "notice"},
            "o-5": {**due, "kind": "block"},
            "o-6": due,
            "o-7": due,
            "o-8": {**due, "project": "P-2"},
            "o-9": {**due, "project": "P-2", "subject_id": "g-1"},
        }.items():
            uow.obligations.add(approval(id=id, target=id, **said))
        gate = {"project": "P-2", "title": "Gate G1", "requester": "ana", "created_at": at}
        uow.subjects.add(Subject(id="g-1", kind="gate_review", **gate))
        uow.obligations.close(uow.obligations.get("o-6"), "met")
        uow.rungs.add_all(rungs(at, 5, obligation="o-7"))
        uow.projects.change(uow.projects.get("P-2"), status="on_hold")
    with db.read() as uow:
        found = uow.obligations.exhausted(at + timedelta(hours=1))
    assert [row.id for row in found] == ["o-1", "o-9"]  # a gate's decision is waited for on hold


def test_closing_what_others_closed_is_stale(work, read_too_early):
    with pytest.raises(StaleVersion, match="'o-1' was changed by somebody else"), work() as uow:
        read_too_early(uow)


def test_nothing_is_kept_of_what_goes_on_after_a_stale_version(db, work, read_too_early):
    def go_on(uow):
        with pytest.raises(StaleVersion):
            read_too_early(uow)
        uow.settings.put("noted", 1)

    with pytest.raises(StoreError, match="nothing of it is kept"), work() as uow:
        go_on(uow)
    with db.read() as uow:
        assert uow.settings.get("noted") is None


def test_what_is_assigned_to_is_a_change_like_any_other(db, work, obligation):
    with work() as uow:
        uow.obligations.get("o-1").target = "board"
    with db.read() as uow:
        changed = uow.obligations.get("o-1")
    assert (changed.target, changed.version) == ("board", 2)
    with pytest.raises(DatabaseLocked, match="changed it meanwhile"), work() as uow:
        assign_too_late(uow)


def assign_too_late(uow):
    mine = uow.obligations.get("o-1")
    set_committed_value(mine, "version", 1)
    mine.target = "sponsor"


def test_a_locked_row_is_as_it_is_now(work, obligation):
    with work() as uow:
        uow.obligations.change(uow.obligations.get("o-1"), target="board")
        assert uow.obligations.lock("o-1").target == "board"
        with pytest.raises(NotFound, match="no obligation 'o-0'"):
            uow.obligations.lock("o-0")


def test_a_later_vote_supersedes_and_the_earlier_is_kept(db, work, obligation, at):
    with work() as uow:
        uow.votes.cast("o-1", "ana", "approve")
        uow.votes.cast("o-1", "bo", "abstain", "an interest")
    with work(hours=1) as uow:
        uow.votes.cast("o-1", "ana", "reject", "the figures changed")
    with db.read() as uow:
        current = [(vote.person, vote.choice) for vote in uow.votes.current("o-1")]
        everything = [(vote.choice, vote.superseded_at) for vote in uow.votes.all_of("o-1")]
    assert current == [("bo", "abstain"), ("ana", "reject")]
    later = at + timedelta(hours=1)
    assert everything == [("approve", later), ("abstain", None), ("reject", None)]


def test_votes_are_known_in_the_transaction_that_casts_them(work, obligation, at):
    with work() as uow:
        assert uow.votes.current("o-1") == []
        for person in ("bo", "ana"):  # of one moment, and told by the person
            uow.votes.cast("o-1", person, "approve")
        assert [vote.person for vote in uow.votes.current("o-1")] == ["ana", "bo"]
        uow.votes.cast("o-1", "bo", "reject")
        said = [(vote.person, vote.choice) for vote in uow.votes.current("o-1")]
        assert said == [("ana", "approve"), ("bo", "reject")]
        assert len(uow.votes.all_of("o-1")) == 3
    with work(hours=1) as uow:
        uow.votes.cast("o-1", "ana", "reject")
        assert [vote.choice for vote in uow.votes.current("o-1")] == ["reject", "reject"]


def test_what_begins_so_is_told_with_what_it_is_about(work, obligation, approval):
    with work() as uow:
        uow.obligations.add(approval(id="o-2", subject_id="e-2"))
        assert uow.obligations.subjects_of("o-") == {"o-1": "e-1", "o-2": "e-2"}
        assert uow.obligations.subjects_of("o-2") == {"o-2": "e-2"}
        assert uow.obligations.subjects_of("x") == uow.obligations.subjects_of("o-%") == {}


def test_due_rungs_are_fired_once_the_earliest_first(db, work, obligation, approval, at):
    now = at + timedelta(hours=4)
    with work() as uow:
        uow.rungs.add_all(rungs(at, 3, 1, 4, 8))
        uow.obligations.add(approval(id="o-2", subject_id="e-2"))
        uow.rungs.add_all(rungs(at, 0, 7, obligation="o-2"))
    with work(hours=4) as uow:
        assert uow.rungs.due_subjects(now, 2) == ["e-2", "e-1"]
        assert uow.rungs.due_subjects(now, 1) == ["e-2"]
        assert uow.rungs.due_subjects(now, 2, {"escalate"}) == []
        assert uow.rungs.claim_due_of("e-1", now, {"escalate"}) == []
        fired = uow.rungs.claim_due_of("e-1", now)
        assert uow.rungs.claim_due_of("e-1", now) == []
        assert uow.rungs.due_subjects(now, 2) == ["e-2"]
    assert [rung.rung for rung in fired] == [2, 1, 3]
    assert {(rung.state, rung.fired_at) for rung in fired} == {("fired", now)}
    with db.read() as uow:
        waiting = [rung.rung for rung in uow.rungs.of_obligation("o-1") if not rung.fired_at]
    assert waiting == [4]


def test_a_rung_whose_transaction_failed_is_fired_later(work, undone, obligation, at):
    with work() as uow:
        uow.rungs.add_all(rungs(at, 0))
    with undone() as uow:
        assert len(uow.rungs.claim_due_of("e-1", at)) == 1
    with work() as uow:
        assert len(uow.rungs.claim_due_of("e-1", at)) == 1


def test_timers_that_wait_go_on_for_another_obligation(db, work, obligation, approval, at):
    with work() as uow:
        uow.rungs.add_all(rungs(at, 0, 1))
        uow.rungs.claim_due_of("e-1", at)
    with work() as uow:
        uow.obligations.close(uow.obligations.get("o-1"), "withdrawn", cancel_rungs=False)
        uow.obligations.add(approval(id="o-2"))
        uow.rungs.pass_on("o-1", "o-2")
    with db.read() as uow:
        assert [(r.rung, r.state) for r in uow.rungs.of_obligation("o-1")] == [(1, "fired")]
        assert [(r.rung, r.state) for r in uow.rungs.of_obligation("o-2")] == [(2, "waiting")]


def test_a_step_that_its_life_does_not_have_is_refused(work, db, obligation):
    with work() as uow:
        uow.obligations.close(uow.obligations.get("o-1"), "met")
    said = "obligation: what is met cannot become withdrawn; open follows it"
    with pytest.raises(Refused, match=said), work() as uow:
        uow.obligations.close(uow.obligations.get("o-1"), "withdrawn")
    with db.read() as uow:
        assert uow.obligations.get("o-1").status == "met"
