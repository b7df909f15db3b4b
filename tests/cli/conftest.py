"""The command line in process: arguments in; exit status, output and errors out."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.cli.main import run

CITY = Path(__file__).parents[1] / "stories" / "city.yaml"


@dataclass(frozen=True)
class Result:
    """What a user sees of one command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Pmo = Callable[..., Result]


@pytest.fixture
def pmo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pmo:
    """Call ``pmo`` in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("PMO_DATABASE", "PMO_POLICY", "PMO_ENGINE", "PMO_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str | Path) -> Result:
        capsys.readouterr()
        status = run([str(item) for item in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        assert "internal error" not in said.err, said.err
        return Result(status, said.out, said.err)

    return call


SET_UP = (
    ("database", "migrate"),
    ("person", "add", "petra", "Petra Lang", "--by", "petra"),
    ("person", "add", "ana", "Ana Sousa", "--by", "petra"),
    ("person", "add", "sam", "Sam Reed", "--by", "petra"),
    ("person", "add", "bo", "Bo Chen", "--by", "petra"),
    ("project", "add", "P-1", "River bridge", "--stage", "delivery", "--by", "petra"),
    ("person", "hold", "ana", "project_manager", "--project", "P-1", "--by", "petra"),
    ("person", "hold", "petra", "pmo_head", "--by", "petra"),
    ("person", "hold", "bo", "portfolio_board", "--by", "petra"),
)


def city(monkeypatch: pytest.MonkeyPatch) -> None:
    """The city's policy, decided by the engine that is quick to load."""
    monkeypatch.setenv("PMO_POLICY", str(CITY))
    monkeypatch.setenv("PMO_ENGINE", "compiled")


@pytest.fixture(scope="session")
def office_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of an office, set up once by the commands that a user types."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("PMO_DATABASE", raising=False)
        city(patch)
        assert [run(list(step)) for step in SET_UP] == [0] * len(SET_UP)
    path = folder / "pmo.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def office(pmo: Pmo, monkeypatch: pytest.MonkeyPatch, office_file: Path, tmp_path: Path) -> Pmo:
    """An office with the city's policy, a project P-1 and its people."""
    city(monkeypatch)
    shutil.copy(office_file, tmp_path / "pmo.db")
    return pmo


def done(office: Pmo) -> list[str]:
    """Give what the journal tells that was done, without the attempts that were refused."""
    chains = ("office", "P-1")
    lines = [line for chain in chains for line in office("audit", "log", chain, "--json").json]
    return [line["kind"] for line in lines if line["kind"] != "refused"]
