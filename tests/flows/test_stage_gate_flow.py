"""The gate's flows, called in this process on a simulated clock."""

import asyncio
import threading
import time
from dataclasses import replace

import pytest

from pmo_engine.model.clock import SimulatedClock
from pmo_engine.roles.base import Assessment, FunctionalRole
from pmo_engine.store.database import Database
from pmo_engine.testing import waiting_for
from pmo_engine.work.approvals.votes import vote
from pmo_engine.work.errors import CommandError
from pmo_engine.work.gates import reviews as gates


class Asks(FunctionalRole):
    """Leaves it to a person."""

    id = "risk"
    title = "Risk"

    def assess(self, review):  # noqa: ARG002 - whatever the review
        return Assessment.asked("sponsor", "2 working days")


@pytest.fixture
def governance(office):
    governance = office.governance()
    yield replace(governance, clock=SimulatedClock(governance.clock.now()))
    governance.database.close()


@pytest.fixture
def run(api, governance):
    """Call a flow at the governance, and give the state in which it ends."""
    from flows.common import using

    def called(flow, *given, at=governance):
        with using(at):
            return asyncio.run(flow(*given, return_state=True))

    return called


def task_runs(api, state):
    from prefect.client.schemas.filters import FlowRunFilter

    chosen = FlowRunFilter.model_validate({"id": {"any_": [state.state_details.flow_run_id]}})
    return api.read_task_runs(flow_run_filter=chosen)


def artifact(api, review):
    from prefect.client.schemas.filters import ArtifactFilter

    key = f"gate-review-{review.id[:12]}"
    chosen = ArtifactFilter.model_validate({"key": {"any_": [key]}})
    return max(api.read_artifacts(artifact_filter=chosen), key=lambda one: one.created).data


def test_fifteen_roles_assess_a_gate_as_tasks(run, governance, api, eventually):
    from flows.stage_gate import stage_gate

    review = gates.open_gate(governance, project="P-1", gate="G2", by="ana")
    state = run(stage_gate, review.id)

    assert state.is_completed()
    assert state.name == "Awaiting decision"
    after = gates.state(governance, review.id)
    assert (after.status, len(after.assessments), after.awaited) == ("awaiting_decision", 15, ())
    assert [item.title for item in waiting_for(governance, "bo")] == ["Gate G2 of P-1"]

    names = {"met": "Met", "not_met": "Not met", "cannot_tell": "Cannot tell", "asked": "Asked"}
    recorded = {f"assess {made.role} of P-1 G2": names[made.result] for made in after.assessments}
    eventually(lambda: recorded == {task.name: task.state_name for task in task_runs(api, state)})

    flow_run = api.read_flow_run(state.state_details.flow_run_id)
    assert flow_run.name == "Gate G2 of P-1"
    assert {"gate:G2", "project:P-1"} <= set(flow_run.tags)
    page = artifact(api, review)
    assert page.startswith("# Gate G2 of P-1\n")
    assert all(f"| {made.role.replace('_', ' ')} |" in page for made in after.assessments)


def test_a_second_run_assesses_nothing_again(run, governance, api):
    from flows.stage_gate import stage_gate

    review = gates.open_gate(governance, project="P-1", gate="G2", by="ana")
    run(stage_gate, review.id)
    before = gates.state(governance, review.id)
    state = run(stage_gate, review.id)

    assert state.name == "Awaiting decision"
    assert gates.state(governance, review.id) == before
    assert task_runs(api, state) == []


def test_a_person_who_was_asked_is_awaited(run, governance, api):
    from flows.stage_gate import stage_gate

    governance = replace(governance, roles={**governance.roles, "risk": Asks()})
    review = gates.open_gate(governance, project="P-1", gate="G2", by="ana")

    assert run(stage_gate, review.id, at=governance).name == "Awaiting assessments"
    assert "| risk | asked | sponsor is asked |" in artifact(api, review)
    gates.answer(governance, review_id=review.id, role="risk", by="cy", met=True)
    assert run(stage_gate, review.id, at=governance).name == "Awaiting decision"


def test_the_pack_of_a_closed_gate_shows_the_votes(run, governance, api):
    from flows.stage_gate import gate_pack, stage_gate

    review = gates.open_gate(governance, project="P-1", gate="G2", by="ana")
    run(stage_gate, review.id)
    (asked,) = waiting_for(governance, "bo")
    vote(governance, asked.id, by="bo", choice="approve", reason="ready | steady")

    assert run(gate_pack, review.id).name == "Closed"
    page = artifact(api, review)
    assert "Status: **go**\n" in page
    assert r"| Bo | approve |  | ready \| steady |" in page
    assert run(stage_gate, review.id).name == "Closed"


def test_a_role_that_is_not_there_fails_the_run_and_no_other_assessment(run, governance):
    from flows.stage_gate import stage_gate

    roles = {name: role for name, role in governance.roles.items() if name != "tools"}
    review = gates.open_gate(governance, project="P-1", gate="G2", by="ana")
    state = run(stage_gate, review.id, at=replace(governance, roles=roles))

    assert state.is_failed()
    with pytest.raises(CommandError, match="no functional role is called 'tools'"):
        state.result()
    assert gates.state(governance, review.id).awaited == ("tools",)


def test_a_locked_store_is_waited_for(run, governance, office):
    from flows.stage_gate import stage_gate

    review = gates.open_gate(governance, project="P-1", gate="G2", by="ana")
    impatient = replace(governance, database=Database(office.settings.database, lock_timeout=0.1))
    held = threading.Event()

    def hold():
        with governance.database.unit_of_work("cy", governance.clock.now()):
            held.set()
            time.sleep(2)

    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    state = run(stage_gate, review.id, at=impatient)
    other.join()
    impatient.database.close()

    assert state.name == "Awaiting decision"
    assert len(gates.state(governance, review.id).assessments) == 15
