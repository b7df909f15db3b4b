"""Reminders, escalations and deliveries, called in this process on a simulated clock."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pmo_engine.model.clock import SimulatedClock
from pmo_engine.notify.inbox import InboxServer
from pmo_engine.store.tables import Person
from pmo_engine.testing import waiting_for
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.governance import Context
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.records.submission import submit


@pytest.fixture
def governance(office):
    governance = office.governance()
    yield replace(governance, clock=SimulatedClock(governance.clock.now()))
    governance.database.close()


@pytest.fixture
def run(api, governance):
    from flows.common import using

    def called(flow):
        with using(governance):
            return asyncio.run(flow(return_state=True))

    return called


@pytest.fixture
def waiting(governance):
    """Something that waits for the PMO head, five working days."""
    review = gates.open_gate(governance, project="P-1", gate="G2", by="ana")
    for role in review.awaited:
        gates.assess(governance, review_id=review.id, role=role)
    (asked,) = waiting_for(governance, "bo")
    return asked


def due(item):
    return datetime.fromisoformat(item.due)


def test_reminders_are_sent_once(run, governance, waiting):
    from flows.reminders import reminders

    assert run(reminders).name == "Nothing due"
    governance.clock.set(due(waiting))
    state = run(reminders)
    assert (state.name, state.message) == ("Swept", "3 reminded")
    assert run(reminders).name == "Nothing due"


def test_escalations_leave_reminders_alone(run, governance, waiting):
    from flows.escalations import escalations

    governance.clock.set(due(waiting) + timedelta(days=30))
    state = run(escalations)
    assert state.name == "Swept"
    assert state.message.endswith("escalated")
    assert run(escalations).name == "Nothing due"
    with governance.reading() as c:
        states = {(rung.action, rung.state) for rung in c.uow.rungs.of_obligation(waiting.id)}
    assert states == {("remind", "waiting"), ("escalate", "fired")}


def test_deliveries_empty_the_outbox(run, governance):
    from flows.deliveries import deliveries

    with InboxServer() as mail:
        address = mail.address("eve@office.example")
        now = governance.clock.now()
        with governance.database.unit_of_work("ana", now) as uow:
            uow.people.add(Person(id="eve", name="Eve", address=address))
            said = Context(governance, governance.rules, uow, now)
            uow.outbox.add(notices.notice(said, "n", "eve", "Gate G2", "It waits.", "P-1"))
        state = run(deliveries)
        assert (state.name, [one.subject for one in mail.messages()]) == ("Delivered", ["Gate G2"])
        assert state.message.startswith("notices: 1 sent, 0 retried, 0 failed;")
        assert run(deliveries).name == "Nothing due"


def test_time_passes_and_what_it_says_is_said_once(run, governance):
    from flows.time_passes import time_passes

    risk = {"probability": 2, "impact": 2, "owner": "ana", "reviewed_on": "2026-03-01"}
    submit(governance, project="P-1", register="risks", fields=risk, by="ana")
    assert run(time_passes).name == "Passed"  # the exposure of the project is judged every day
    assert run(time_passes).name == "Nothing due"
    governance.clock.set(governance.clock.now() + timedelta(days=40))
    state = run(time_passes)
    assert (state.name, state.message) == ("Passed", "206 looked at, 7 said")
    assert run(time_passes).name == "Nothing due"


def test_reports_that_are_not_due_are_not_made(run):
    from flows.reports import reports

    assert run(reports).name == "Nothing due"
