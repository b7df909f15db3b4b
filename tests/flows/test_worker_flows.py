"""The deployments of prefect.yaml, run by a worker that gets killed, and by a server that is gone.

The tests share one office, whose projects they take in turn, and build on one another's server.
"""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.server import Process, ServerError
from pmo_engine.model.clock import SimulatedClock
from pmo_engine.testing import waiting_for
from pmo_engine.work.approvals.votes import vote
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.notices.delivery import deliver

HOME = Path(__file__).parents[2]
DEPLOYED = {
    "stage-gate/stage-gate": [],
    "gate-pack/gate-pack": [],
    "escalations/escalations": ["*/5 * * * *"],
    "time/time": ["*/5 * * * *"],
    "reminders/reminders": ["*/5 * * * *"],
    "deliveries/deliveries": ["* * * * *"],
    "reports/reports": ["15 * * * *"],
}

SLOW_ROLE = '''\
from pathlib import Path
from time import sleep

from pmo_engine.roles.base import Assessment, FunctionalRole

HERE = Path(__file__).parent


class Slow(FunctionalRole):
    """Takes until it may."""

    id = "slow"
    title = "Slow"
    pack = HERE

    def assess(self, review):
        (HERE / f"began-{review.project}").touch()
        while not (HERE / "go").exists():
            sleep(0.1)
        return Assessment.met()
'''


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    """A distribution with a functional role that waits for the file ``go``."""
    folder = tmp_path_factory.mktemp("slow")
    (folder / "slow_role.py").write_text(SLOW_ROLE)
    meta = folder / "slow_role-1.0.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-role\nVersion: 1.0\n")
    (meta / "entry_points.txt").write_text("[pmo_engine.roles]\nslow = slow_role:Slow\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield folder


@pytest.fixture(scope="module")
def site(make_office, tmp_path_factory, slow):
    return make_office(tmp_path_factory.mktemp("site") / "office", "slow")


@pytest.fixture
def governance(site):
    """A governance at the office, two minutes later than it is there."""
    governance = site.governance()
    yield replace(governance, clock=SimulatedClock(governance.clock.now() + timedelta(minutes=2)))
    governance.database.close()


@pytest.fixture(scope="module")
def deployed(server):
    for command in ("work-pool create pmo --type process", "--no-prompt deploy --all"):
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *command.split()],
            cwd=HOME,
            env={**os.environ, **server.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def worker(server, site, slow, deployed):
    environment = {
        **server.environment,
        **site.environment,
        "PMO_HOME": str(HOME),
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PYTHONPATH": f"{slow}{os.pathsep}{server.environment['PYTHONPATH']}",
    }
    command = "prefect worker start --pool pmo --name one --limit 3"
    log = site.folder / "worker.log"
    worker = Process("worker", [sys.executable, "-m", *command.split()], environment, log)
    worker.start()
    yield worker
    worker.stop()


def kill(worker):
    """End a worker and the runs that it started, as when the machine fails."""
    family = [worker.pid, *descendants(worker.pid)]
    assert len(family) > 1
    for pid in family:
        os.kill(pid, signal.SIGKILL)
    worker.stop()


def descendants(pid):
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            yield child
            yield from descendants(child)


def supervised(worker):
    """Start a worker again that ended by itself, as whoever runs one does.

    It ends where the server goes in the moment in which it submits a run, or is gone for long.
    """
    try:
        worker.check()
    except ServerError:
        worker.start()


def hand_over(governance):
    from flows.starter import FlowStarter

    return deliver(governance, FlowStarter(), kind="flow").model_dump()


def status(governance, review):
    return gates.state(governance, review.id).status


def scheduled(api):
    """The flows of which runs are planned by a schedule."""
    planned = [run for run in api.read_flow_runs() if "auto-scheduled" in run.tags]
    return {api.read_flow(flow).name for flow in {run.flow_id for run in planned}}


def runs_of(api, review):
    """The runs of a review, the oldest first."""
    return sorted(
        (run for run in api.read_flow_runs() if run.parameters.get("review_id") == review.id),
        key=lambda run: run.created,
    )


def assessed(api, review):
    """The roles whose task is completed, with how often."""
    from prefect.client.schemas.filters import FlowRunFilter

    ids = [run.id for run in runs_of(api, review)]
    chosen = FlowRunFilter.model_validate({"id": {"any_": ids}})
    tasks = api.read_task_runs(flow_run_filter=chosen) if ids else []
    return sorted(task.name.split()[1] for task in tasks if task.state_type == "COMPLETED")


def journalled(governance, review):
    """The roles whose assessment the journal tells of, with how often."""
    with governance.reading() as c:
        lines = c.uow.journal.read(review.project)
    return sorted(line.body["role"] for line in lines if line.kind == "gate.assessed")


def test_prefect_yaml_is_deployed_with_its_schedules(api, deployed, eventually):
    found = {
        f"{api.read_flow(one.flow_id).name}/{one.name}": [
            each.schedule.cron for each in one.schedules if each.active
        ]
        for one in api.read_deployments()
    }
    assert found == DEPLOYED
    eventually(lambda: {"deliveries", "escalations", "reminders"} <= scheduled(api))


def test_a_worker_runs_what_an_opened_gate_asks_for(api, governance, worker, slow, eventually):
    (slow / "go").touch()
    review = gates.open_gate(governance, project="P-1", gate="G2", by="ana")
    assert hand_over(governance) == {"sent": 1, "retried": 0, "failed": 0}
    eventually(lambda: status(governance, review) == "awaiting_decision", 120)

    (run,) = runs_of(api, review)
    run = eventually(lambda: (now := api.read_flow_run(run.id)).state.is_final() and now)
    assert run.state.name == "Awaiting decision"
    assert {"governance", "gate:G2", "project:P-1"} <= set(run.tags)


def test_a_worker_killed_in_the_middle_of_a_review(
    api, governance, worker, slow, eventually, monkeypatch
):
    from flows import common, deliveries, starter

    (slow / "go").unlink(missing_ok=True)
    review = gates.open_gate(governance, project="P-2", gate="G2", by="ana")
    hand_over(governance)
    eventually((slow / "began-P-2").exists, 120)
    before = eventually(lambda: len(found := assessed(api, review)) == 15 and found, 120)
    kill(worker)
    assert status(governance, review) == "assessing"

    with common.using(governance):
        assert deliveries.again() == 0  # for all that Prefect knows, the run is alive
        monkeypatch.setattr(starter, "LONGEST_RUN", timedelta(0))
        governance.clock.forward(timedelta(minutes=5))
        assert deliveries.again() == 1
    (slow / "go").touch()
    worker.start()
    hand_over(governance)
    eventually(lambda: status(governance, review) == "awaiting_decision", 120)

    roles = sorted(governance.rules.policy.gates["G2"].assessments)
    assert journalled(governance, review) == roles
    assert [made.role for made in gates.state(governance, review.id).assessments] == roles
    eventually(lambda: assessed(api, review) == roles)
    assert before == [role for role in roles if role != "slow"]
    lost, last = runs_of(api, review)
    assert lost.state.name == "Running"
    eventually(lambda: api.read_flow_run(last.id).state.name == "Awaiting decision")


def test_the_server_is_down_and_returns(api, governance, worker, server, slow, eventually):
    from flows.common import using
    from flows.deliveries import deliveries

    (slow / "go").touch()
    governance = replace(
        governance, roles={**governance.roles, "slow": governance.roles["change_control"]}
    )
    decided = gates.open_gate(governance, project="P-3", gate="G2", by="ana")
    for role in decided.awaited:
        gates.assess(governance, review_id=decided.id, role=role)
    server.stop()
    (asked,) = [item for item in waiting_for(governance, "bo") if item.project == "P-3"]
    assert vote(governance, asked.id, by="bo", choice="approve").status == "go"
    review = gates.open_gate(governance, project="P-4", gate="G2", by="ana")
    assert hand_over(governance) == {"sent": 0, "retried": 3, "failed": 0}

    server.start()
    server.wait()
    governance.clock.forward(timedelta(minutes=2))
    with using(governance):
        state = asyncio.run(deliveries(return_state=True))
    assert "flow runs: 3 sent, 0 retried, 0 failed" in state.message

    def decided_upon():
        supervised(worker)
        return status(governance, review) == "awaiting_decision"

    eventually(decided_upon, 120)
    eventually(lambda: "Closed" in {run.state.name for run in runs_of(api, decided)})
