"""A small office with one gate, and a Prefect server of its own."""

from __future__ import annotations

import gc
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flows.server import Server
from pmo_engine.app import open_governance
from pmo_engine.settings import Settings
from pmo_engine.store import tables
from pmo_engine.store.database import Database
from pmo_engine.work.governance import Governance

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

# Prefect leaves the sockets of its events to the garbage collector.
LEFT_OPEN = ("ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
PEOPLE = {"ana": "project_manager", "bo": "pmo_head", "cy": "sponsor"}
FIFTEEN = (
    *("benefits", "change_control", "commercial", "finance", "information", "issues"),
    *("performance", "planning", "quality", "reporting", "resources", "risk", "secretariat"),
    *("stakeholders", "tools"),
)

POLICY = """\
kind: policy
name: harbour
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: always
packs:
{packs}
---
kind: calendar
id: always
zone: Europe/London
hours: {{mon-sun: "00:00-24:00"}}
---
kind: gates
stages: [definition, delivery]
gates:
  - id: G2
    title: Ready to deliver
    from_stage: definition
    to_stage: delivery
    assessments: [{roles}]
    decided_by: pmo_head
    within: 5 working days
    ladder: standard
    outcomes: [go, hold, stop]
"""


@dataclass(frozen=True)
class Office:
    """A folder with a policy and a store, and how a process is told of it."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(
            database=f"sqlite:///{self.folder}/pmo.db",
            policy=self.folder / "policy",
            engine="compiled",
        )

    @property
    def environment(self) -> dict[str, str]:
        settings = self.settings
        policy = str(settings.policy)
        return {"PMO_DATABASE": settings.database, "PMO_POLICY": policy, "PMO_ENGINE": "compiled"}

    def governance(self) -> Governance:
        return open_governance(self.settings)

    def found(self, *plugged_in: str) -> None:
        """Write the policy and fill the store; the gate is also assessed by roles plugged in."""
        (self.folder / "policy").mkdir(parents=True)
        packs = "\n".join(f"  - {{use: {role}}}" for role in ["office", *FIFTEEN])
        policy = POLICY.format(packs=packs, roles=", ".join([*FIFTEEN, *plugged_in]))
        (self.folder / "policy" / "policy.yaml").write_text(policy)
        database = Database(self.settings.database)
        database.migrate()
        with database.unit_of_work("ana", START) as uow:
            for id in ("P-1", "P-2", "P-3", "P-4"):
                uow.projects.add(
                    tables.Project(
                        id=id, name="Quay", office="harbour", stage="definition", status="active"
                    )
                )
            for person in PEOPLE:
                uow.people.add(tables.Person(id=person, name=person.title()))
            uow.flush()
            for person, role in PEOPLE.items():
                uow.people.hold(
                    tables.RoleHolding(person=person, role=role, from_date=date(2026, 1, 1))
                )
        database.close()


@pytest.fixture(scope="session")
def make_office() -> Callable[..., Office]:
    """Make an office in a folder, whose gate the roles named assess beside the fifteen."""

    def made(folder: Path, *plugged_in: str) -> Office:
        office = Office(folder)
        office.found(*plugged_in)
        return office

    return made


@pytest.fixture
def office(make_office: Callable[..., Office], tmp_path: Path) -> Office:
    """An office whose gate all fifteen functional roles assess."""
    return make_office(tmp_path / "office")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Prefect server of these tests' own."""
    server = Server(tmp_path_factory.mktemp("prefect"), a_free_port())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        server.start()
        server.wait()
        yield server
        server.stop()


@pytest.fixture
def api(server: Server) -> Iterator[SyncPrefectClient]:
    """A client of that server, to which flows that are called here report as well."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    url = server.environment["PREFECT_API_URL"]
    with temporary_settings({PREFECT_API_URL: url}), get_client(sync_client=True) as client:
        yield client
    gc.collect()  # while LEFT_OPEN holds


@pytest.fixture(scope="session")
def eventually() -> Callable[..., Any]:
    """Wait until something is true, and give it: Prefect hears of most things a little later."""
    return wait_for


def wait_for(look: Callable[[], Any], within: float = 60) -> Any:
    end = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < end, f"still {found!r} after {within} s"
        time.sleep(0.2)
    return found


@pytest.fixture
def free_port() -> int:
    return a_free_port()


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what Prefect leaves open be no error."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(*LEFT_OPEN))
