"""The demo's office, without Prefect; and the whole demo, played once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from pmo_engine.demo.__main__ import START
from pmo_engine.demo.folder import prepared
from pmo_engine.demo.loading import load
from pmo_engine.demo.office import Office, create
from pmo_engine.demo.story import Story
from pmo_engine.notify.inbox import InboxServer
from pmo_engine.resources import policies_dir

DEMO = policies_dir() / "pmo-single"


@pytest.fixture
def make_story(tmp_path: Path) -> Iterator[Callable[..., Story]]:
    """Loads the portfolio under a policy, and gives what the story's people do."""
    with ExitStack() as running:

        def make(policy: Path = DEMO) -> Story:
            folder = running.enter_context(prepared(tmp_path / "out"))
            inbox = running.enter_context(InboxServer())
            governance = create(folder, policy, START)
            running.callback(governance.database.close)
            running.callback(governance.rules.engine.close)
            office = Office(governance, governance.clock, inbox, folder.mail)
            for _ in load(office):
                pass
            office.deliver()
            office.until(office.local("2026-04-01 10:00"))
            return Story(office)

        yield make


@pytest.fixture
def raised(tmp_path: Path) -> Path:
    """The model's policy with one figure changed: the project manager's limit is 90,000."""
    folder = tmp_path / "raised"
    shutil.copytree(DEMO, folder)
    terms = folder / "terms-of-reference.yaml"
    text = terms.read_text(encoding="utf-8")
    assert text.count("value: 50000 GBP") == 1
    changed = text.replace("value: 50000 GBP", "value: 90000 GBP")
    terms.write_text(changed, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Played:
    """What the demo printed, and its folder."""

    folder: Path
    output: str
    errors: str
    status: int

    def mails(self) -> list[EmailMessage]:
        files = sorted((self.folder / "mail").iterdir())
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def start(folder: Path) -> subprocess.Popen[str]:
    """Begins the demo as a user does."""
    return subprocess.Popen(
        [sys.executable, "-m", "pmo_engine.demo", "--folder", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder.parent,
        env={**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(Path(__file__).parents[2])},
    )


@pytest.fixture(scope="session")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo, interrupted while the change requests wait."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    running = start(folder)
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("3. "):
            break
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=120)
    return Played(folder, output, errors, running.returncode)


@pytest.fixture(scope="session")
def played(stopped: Played) -> Played:
    """The demo, played to its end where it was interrupted before."""
    running = start(stopped.folder)
    output, errors = running.communicate(timeout=280)
    return Played(stopped.folder, output, errors, running.returncode)
