"""Projects, people, entries and decisions come back as they went in."""

from datetime import date, datetime, timedelta, timezone

import pytest

from pmo_engine.store.errors import Duplicate, NotFound, StaleVersion, Unstorable
from pmo_engine.store.tables import PolicyText, Project, RoleHolding
from tests.store.conftest import SAID


def test_a_project_comes_back(db, work):
    with work() as uow:
        uow.projects.add(
            Project(
                id="P-9",
                name="Tunnel",
                stage="build",
                office="city",
                status="active",
                attributes={"budget": "1200000.50 GBP", "seats": 3, "parts": ["é", None, True]},
            )
        )
    with db.read() as uow:
        project = uow.projects.get("P-9")
    assert project.attributes["budget"] == "1200000.50 GBP"
    assert project.attributes["parts"] == ["é", None, True]
    assert project.version == 1


def test_what_is_not_there_is_named(db):
    with db.read() as uow:
        with pytest.raises(NotFound, match="no project 'P-0'"):
            uow.projects.get("P-0")
        with pytest.raises(NotFound, match="no entry 'P-1/risks/R-1'"):
            uow.entries.by_key("P-1", "risks", "R-1")
        with pytest.raises(NotFound, match="no person 'zed'"):
            uow.people.get("zed")


def test_what_was_added_is_found_before_the_end(work, change):
    with work() as uow:
        added = uow.entries.add(change())
        assert uow.entries.get(added.id) is added
        assert uow.entries.by_key("P-1", "change_requests", "CR-1") is added


def test_times_come_back_in_utc_whatever_zone_they_had(db, work, decision):
    paris = datetime(2026, 7, 1, 12, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with work() as uow:
        uow.decisions.add(decision(id="d-1", at=paris))
    with db.read() as uow:
        at = uow.decisions.get("d-1").at
    assert at == paris
    assert at.utcoffset() == timedelta(0)


def test_a_naive_time_is_refused(db, work, decision):
    naive = datetime(2026, 7, 1, 12, 30)
    with pytest.raises(Unstorable, match="2026-07-01T12:30:00 has no time zone"), work() as uow:
        uow.decisions.add(decision(at=naive))
    with pytest.raises(Unstorable, match="no time zone"), db.unit_of_work("ana", naive):
        pass


@pytest.mark.parametrize(
    ("value", "says"),
    [(0.1, "a float"), ({"a": [1, 0.5]}, "a float"), ({1: "a"}, "key 1"), (date.min, "a date")],
)
def test_what_is_not_exact_json_is_refused(work, change, value, says):
    with pytest.raises(Unstorable, match=says), work() as uow:
        uow.entries.add(change(document={"value": value}))


def test_every_version_of_an_entry_is_kept(db, work, change):
    with work() as uow:
        entry = uow.entries.add(change())
    with db.unit_of_work("bo", datetime.fromisoformat("2026-03-03T10:00:00+00:00")) as uow:
        entry = uow.entries.get(entry.id)
        uow.entries.revise(
            entry, expected=1, status="approved", due=date(2026, 4, 1), document={"cost": "1 GBP"}
        )
        assert (entry.version, entry.status) == (2, "approved")
    with db.read() as uow:
        now = uow.entries.by_key("P-1", "change_requests", "CR-1")
        first, second = uow.entries.versions(entry.id)
    assert (now.version, now.document, now.due) == (2, {"cost": "1 GBP"}, date(2026, 4, 1))
    assert (first.version, first.status, first.by) == (1, "submitted", "ana")
    assert first.document == {"cost": "80000 GBP"}
    assert (second.version, second.status, second.by) == (2, "approved", "bo")
    assert second.at == datetime.fromisoformat("2026-03-03T10:00:00+00:00")


def test_a_version_keeps_owner_due_policy_and_outcome(db, work, change, at):
    with work() as uow:
        uow.policy_texts.keep(PolicyText(digest="d", name="city", policy_version="1", files={}))
        entry = uow.entries.add(change(submitted_by="ana", submitted_at=at))
        uow.entries.revise(entry, owner="bo", due=date(2026, 4, 1), policy_digest="d")
        uow.entries.revise(entry, status="approved", decided_at=at)
    with db.read() as uow:
        kept = [
            (v.owner, v.due, v.policy_digest, v.decided_at) for v in uow.entries.versions(entry.id)
        ]
        now = uow.entries.get(entry.id)
    due = date(2026, 4, 1)
    assert kept == [("ana", None, None, None), ("bo", due, "d", None), ("bo", due, "d", at)]
    assert (now.submitted_by, now.submitted_at, now.decided_at) == ("ana", at, at)


@pytest.mark.parametrize(
    ("values", "matter_version"),
    [
        ({"status": "approved"}, 1),
        ({"policy_digest": None, "decided_at": None}, 1),
        ({"document": {"cost": "80000 GBP"}, "owner": "ana", "due": None}, 1),
        ({"document": {"cost": "80001 GBP"}}, 2),
        ({"owner": "bo", "status": "approved"}, 2),
        ({"due": date(2026, 4, 1)}, 2),
    ],
)
def test_the_version_of_what_it_says_is_known(db, work, change, values, matter_version):
    with work() as uow:
        entry = uow.entries.add(change())
        assert entry.matter_version == 1
    with work() as uow:
        uow.entries.revise(uow.entries.get(entry.id), expected=1, **values)
        assert uow.entries.get(entry.id).matter_version == matter_version


def test_a_stale_version_is_refused_and_changes_nothing(db, work, change):
    with work() as uow:
        entry = uow.entries.add(change())
    with work() as uow:
        uow.entries.revise(uow.entries.get(entry.id), expected=1, status="approved")
    with pytest.raises(StaleVersion) as raised, work() as uow:
        uow.entries.revise(uow.entries.get(entry.id), expected=1, status="rejected")
    error = raised.value
    assert (error.kind, error.id, error.expected, error.found) == ("entry", entry.id, 1, 2)
    with db.read() as uow:
        assert uow.entries.get(entry.id).status == "approved"
        assert len(uow.entries.versions(entry.id)) == 2


def test_a_change_of_what_was_removed_is_not_found(work, change):
    with pytest.raises(NotFound), work() as uow:
        uow.entries.change(change(id="gone"), status="approved")


def test_a_change_that_says_the_same_is_a_version(db, work, change):
    with work() as uow:
        entry = uow.entries.add(change())
        uow.entries.revise(entry, status="submitted")
        uow.entries.revise(entry, status="submitted")
    with db.read() as uow:
        assert uow.entries.get(entry.id).version == 3
        assert [kept.version for kept in uow.entries.versions(entry.id)] == [1, 2, 3]


def test_entries_are_listed_by_project_and_register_in_order(db, work, change):
    with work() as uow:
        for key in ("CR-2", "CR-1"):
            uow.entries.add(change(key))
        uow.entries.add(change("R-1", register_name="risks"))
        uow.entries.add(change("CR-1", project="P-2"))
    with db.read() as uow:
        changes = uow.entries.of_project("P-1", "change_requests")
        everything = uow.entries.of_project("P-1")
    assert [entry.key for entry in changes] == ["CR-1", "CR-2"]
    assert [entry.key for entry in everything] == ["CR-1", "CR-2", "R-1"]


def test_what_counts_comes_in_the_order_in_which_it_was_entered(db, work, change):
    """Not in that of keys or clocks.

    What is refused or blocked does not count, other registers neither.
    """
    with work() as uow:
        made = [uow.entries.add(change(key)) for key in ("CR-9", "CR-1", "CR-5")]
    with work() as uow:
        made.append(uow.entries.add(change("CR-0", project="P-2")))
        uow.entries.add(change("R-1", register_name="risks"))
        key = uow.entries.next_key("P-1", "change_requests", "CR")
        made.append(uow.entries.add(change(key)))
        for entry, standing in zip(made, ["approved", "rejected", "waiting"], strict=False):
            uow.entries.revise(uow.entries.get(entry.id), standing=standing)
        blocked = uow.entries.add(change("CR-3"))
        uow.entries.set_blocked(blocked, blocked=True)
    places = [entry.entered for entry in made]
    assert places == sorted(set(places))
    with db.read() as uow:
        own = uow.entries.all_standing("P-1", "change_requests")
        every = uow.entries.counted("change_requests")
        versions = uow.entries.standing("change_requests")
        waiting = uow.entries.waiting(None, "change_requests")
    assert {id for id, _, _ in own} == {
        each.id for each in (*made, blocked) if each.project == "P-1"
    }
    assert [id for id, _, _ in versions] == [each.id for each in every]
    assert [each.key for each in every] == ["CR-9", "CR-5", "CR-0", key]
    assert [id for id, _ in waiting] == [*(each.id for each in every[1:]), blocked.id]


def test_roles_are_held_between_their_dates_in_a_project_or_everywhere(db, work, portfolio):
    def held(person, role, project, first, last=None):
        return RoleHolding(person=person, role=role, project=project, from_date=first, to_date=last)

    with work() as uow:
        uow.people.hold(held("ana", "sponsor", None, date(2026, 1, 1), date(2026, 6, 30)))
        uow.people.hold(held("bo", "sponsor", "P-1", date(2026, 6, 1)))
        uow.people.hold(held("bo", "pmo_head", None, date(2026, 1, 1)))
    with db.read() as uow:

        def holders(project, month, day):
            on = date(2026, month, day)
            return [who for who, unit in uow.people.holders("sponsor", project, on) if unit is None]

        assert holders("P-1", 5, 31) == ["ana"]
        assert holders("P-1", 6, 30) == ["ana", "bo"]
        assert holders("P-2", 6, 30) == ["ana"]
        assert holders(None, 6, 30) == ["ana"]
        assert holders("P-1", 7, 1) == ["bo"]
        roles = [held.role for held in uow.people.holdings("bo", date(2026, 6, 1))]
        assert roles == ["pmo_head", "sponsor"]
        assert [person.id for person in uow.people.all()] == ["ana", "bo"]


def test_settings_are_put_again(db, work):
    with work() as uow:
        assert uow.settings.get("clock") is None
        uow.settings.put("clock", {"kind": "simulated"})
        uow.settings.put("clock", {"kind": "simulated", "now": "2026-03-02T09:00:00Z"})
    with db.read() as uow:
        assert uow.settings.get("clock") == {"kind": "simulated", "now": "2026-03-02T09:00:00Z"}


def test_decisions_are_in_the_order_in_which_they_were_taken(db, work, decision, at):
    with work() as uow:
        first = uow.decisions.add(decision(id="first", event="change_request.updated"))
        assert [first.number, uow.decisions.add(decision(subject_id="e-2")).number] == [1, 1]
        assert uow.decisions.add(decision(id="b", event="change_request.b")).number == 2
    with work() as uow:  # on a machine whose clock is behind
        before = at - timedelta(seconds=2)
        made = decision(id="a", event="change_request.a", at=before, project="P-2")
        assert uow.decisions.add(made).number == 3
    with db.read() as uow:
        assert [row.id for row in uow.decisions.of_subject("e-1")] == ["first", "b", "a"]
        assert [row.id for row in uow.decisions.of_project("P-1")][:2] == ["first", "b"]


def test_what_decisions_came_to_is_read_without_those_of_a_clock(work, decision):
    with work() as uow:
        for number, event in enumerate(("updated", "daily", "submitted")):
            said = SAID.model_copy(update={"fired": [f"rule-{number}"]})
            uow.decisions.add(decision(id=event, event=f"change_request.{event}", result=said))
        assert [each.fired for each in uow.decisions.results("e-1")] == [["rule-0"], ["rule-2"]]
        assert [row.id for row in uow.decisions.untimed("e-1")] == ["updated", "submitted"]


def test_a_number_of_a_decision_is_given_once(work, decision):
    with work() as uow:
        uow.decisions.add(decision())
    with pytest.raises(Duplicate), work() as uow:
        uow.decisions._session.put(decision(id="other", number=1))
