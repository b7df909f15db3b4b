"""What the clock watches is looked at again once a record, or one of its place, says otherwise."""

from datetime import timedelta

import pytest

from pmo_engine.store.tables import Subject, Watch
from pmo_engine.store.timed import watches


@pytest.fixture
def watched(work, change, at):
    """A place, and a record of it, that nothing is due for."""
    with work() as uow:
        uow.subjects.add(
            Subject(
                id="P-1", kind="project", project="P-1", title="P-1", requester="ana", created_at=at
            )
        )
        entry = uow.entries.add(change())
        uow.write()
        rows = [
            Watch(subject_id=id, event=event, rhythm="day", project="P-1", looked_at=at)
            for id, event in (("P-1", "project.daily"), (entry.id, "change_request.daily"))
        ]
        uow.watches.add_new(rows)
    return entry.id


def due(work, ids, at):
    with work() as uow:
        found = {each.subject_id: each.due_at for each in uow.watches.of(ids)}
    return {id: None if when is None else when - at for id, when in found.items()}


def test_a_record_that_changes_makes_itself_and_its_place_due(work, watched, at):
    with work(1) as uow:
        uow.entries.change(uow.entries.get(watched), owner="bo")
    assert due(work, ["P-1", watched], at) == dict.fromkeys(["P-1", watched], timedelta(hours=1))


def test_a_record_that_is_new_makes_its_place_due_alone(work, change, watched, at):
    with work(2) as uow:
        uow.entries.add(change("CR-2"))
    assert due(work, ["P-1", watched], at) == {"P-1": timedelta(hours=2), watched: None}


def test_it_is_due_within_the_transaction_too_and_a_later_answer_stands(work, watched, at):
    later = at + timedelta(days=9)
    with work(1) as uow:
        uow.entries.change(uow.entries.get(watched), owner="bo")
        (row,) = uow.watches.of([watched])
        assert row.due_at == at + timedelta(hours=1)
        uow.entries.change(uow.entries.get(watched), owner="ana")
        uow.watches.set(row, due_at=later)
    assert due(work, [watched], at) == {watched: timedelta(days=9)}


def test_however_many_were_written_all_are_due(work, watched, at, monkeypatch):
    monkeypatch.setattr(watches, "AT_ONCE", 1)
    with work(3) as uow:
        uow.watches.written("P-1", watched, "e-1")
    assert due(work, ["P-1", watched], at) == dict.fromkeys(["P-1", watched], timedelta(hours=3))
