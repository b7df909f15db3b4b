"""Every known way around an approval is tried at the command line, on both databases.

One file for each way, beside this one:

    way: Somebody approves what they asked for themselves
    policy: town                # a file of policies/; a folder, as examples/steering; or after a |
                                # the documents themselves
    people: {ana: project_manager in P-1, petra: pmo_head}    # several roles: [a, b in P-1]
    files: {rows.csv: "cost"}   # that commands read, if any
    steps:
      - pmo submit P-1 change_requests "cost=60000 GBP" --by petra
      - try: pmo approve {CR-1} --by petra
        refused: asked for this
      - wait: 3 working days    # then the sweep
      - clock: 2026-02-01T09:00:00+00:00    # set by hand
      - try: pmo show P-1 change_requests CR-1
        says: submitted
    told: {bo: needs your decision}   # by notices, at the end: a part of subject or text
    not_told: {petra: needs your decision}
    ends: {CR-1: submitted}           # what became of each record of P-1

``{CR-1}`` stands for the id of what is open about that record, ``{CR-1 role}`` for that which
is asked of a role or body, ``{CR-1 role 2}`` for that which was opened second, ``{P-1}`` for what
is asked about the project, ``{policy}`` for what is asked about a version of the policy,
``{gate board}`` for what is asked of a role about the
gate under review, whose own id is ``{review}``. A step that is
only text has to succeed. Projects are made of those that people hold roles in, and P-1.
"""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pmo_engine.cli.main import run
from pmo_engine.model.clock import SimulatedClock
from pmo_engine.model.durations import Span
from pmo_engine.store.database import Database
from pmo_engine.testing import World, policy_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.store.unit_of_work import UnitOfWork

HERE = Path(__file__).parent
POLICIES = HERE.parents[1] / "policies"
WAYS = sorted(path for path in HERE.glob("*.yaml"))
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
REFUSED = 2
LEAST = 147
"""So many ways there are at the least; none goes."""


class Way:
    """A file, played on one database."""

    def __init__(self, path: Path, url: str, folder: Path) -> None:
        self.said = yaml.safe_load(path.read_text("utf-8"))
        self.url = url
        self.folder = folder / "policy.yaml"
        self.folder.write_text(_policy(self.said["policy"]), "utf-8")
        self.world = World(policy_from(self.folder.read_text("utf-8")), url, start=START)
        for name, text in self.said.get("files", {}).items():
            (folder / name).write_text(text, "utf-8")
        self._people()
        self._set_clock()

    def _people(self) -> None:
        held = {who: _roles(roles) for who, roles in self.said["people"].items()}
        places = {place for roles in held.values() for _, place in roles if place}
        for project in sorted({"P-1", *places}):
            self.world.project(project)
        for who, roles in held.items():
            self.world.person(who)
            for role, place in roles:
                self.world.appoint(who, role, project=place)

    def _set_clock(self) -> None:
        with self.world.database.unit_of_work("test", self.world.clock.now()) as uow:
            uow.settings.put("clock", self.world.clock.now().isoformat())

    def wait(self, span: str) -> None:
        """Let time pass, then sweep."""
        calendar = self.world.governance.rules.policy.calendar
        self.world.clock.set(calendar.deadline(self.world.clock.now(), Span.parse(span)))
        self._set_clock()
        self.world.sweep()

    def set_clock(self, moment: datetime) -> None:
        """Set the store's clock by hand, forward or back."""
        self.world.clock = SimulatedClock(moment.astimezone(UTC))
        self._set_clock()

    def arguments(self, line: str) -> list[str]:
        """Give the words of a command, with ids in place of what stands for them."""
        filled = re.sub(r"\{([^}]+)\}", lambda found: self._id(*found[1].split()), line)
        name, *words = shlex.split(filled)
        assert name == "pmo"
        return words

    def _id(self, key: str, target: str | None = None, number: str = "1") -> str:
        with Database(self.url).read() as uow:
            if key == "review":
                return _subject(uow, key)
            rows = uow.obligations.of_subject(_subject(uow, key))
            asked = [row for row in rows if row.kind not in {"notice", "block"}]
            if target is None:
                asked = [row for row in asked if row.status == "open"] or asked
            fitting = [row for row in asked if target in {None, row.target}]
            assert fitting, f"nothing is asked of {target}: {[row.target for row in rows]}"
            return fitting[int(number) - 1].id

    def status(self, key: str) -> str:
        """Say what became of a record."""
        with self.world.database.read() as uow:
            return next(each.status for each in uow.entries.of_project("P-1") if each.key == key)

    def ids_in(self, text: str, typed: str = "") -> set[str]:
        """Give the ids of roles in a text, where a title is meant; not those that were typed."""
        ids = {role for role in self.world.governance.rules.policy.roles if "_" in role}
        return {role for role in ids if re.search(rf"\b{role}\b", text) and role not in typed}

    def told(self, person: str) -> list[str]:
        """Give what somebody was sent, subject and text together."""
        heard = self.world.inbox(person).messages
        return [f"{each.subject}\n{each.body}" for each in heard]


def _subject(uow: UnitOfWork, key: str) -> str:
    """Find what is meant: a record of P-1 by its key, its gate, or the version that is put up."""
    if key in {"gate", "review"}:
        return uow.gate_reviews.of_project("P-1")[-1].id
    if key == "policy":
        return next(each.id for each in uow.policy_versions.all() if each.status == "submitted")
    found = (each.id for each in uow.entries.of_project("P-1") if each.key == key)
    return next(found, key)  # the project itself, where no record has its key


def _policy(said: str) -> str:
    if "\n" in said:
        return said
    if "/" in said:
        found = sorted((POLICIES / said).glob("*.yaml"), key=lambda each: each.stem != "policy")
        return "\n---\n".join(each.read_text("utf-8") for each in found if each.stem != "suite")
    return (HERE / "policies" / f"{said}.yaml").read_text("utf-8")


def _roles(said: str | list[str] | None) -> list[tuple[str, str | None]]:
    listed = [said] if isinstance(said, str) else said or []
    parts = [each.partition(" in ") for each in listed]
    return [(role.strip(), place.strip() or None) for role, _, place in parts]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    found: str = request.getfixturevalue(f"{request.param}_url")
    monkeypatch.setenv("PMO_DATABASE", found)
    monkeypatch.setenv("PMO_ENGINE", "compiled")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    return found


@pytest.mark.parametrize("path", WAYS, ids=lambda path: path.stem)
def test_a_way_around_an_approval_is_refused_or_told(
    path: Path,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    way = Way(path, url, tmp_path)
    monkeypatch.setenv("PMO_POLICY", str(way.folder))
    monkeypatch.chdir(tmp_path)
    try:
        for step in way.said["steps"]:
            _play(way, step, capsys)
        _check_the_end(way)
    finally:
        way.world.close()


def _play(way: Way, step: str | dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    if isinstance(step, dict) and "wait" in step:
        way.wait(step["wait"])
        return
    if isinstance(step, dict) and "clock" in step:
        way.set_clock(step["clock"])
        return
    line = step if isinstance(step, str) else step["try"]
    capsys.readouterr()
    status = run(way.arguments(line))
    said = capsys.readouterr()
    expected = step if isinstance(step, dict) else {}
    if "refused" in expected:
        assert status == REFUSED, f"{line}\nwas done: {said.out}"
        assert expected["refused"] in _flat(said.err), line
        assert not way.ids_in(said.err, typed=line), f"{line}\n{said.err}"
    else:
        assert status == 0, f"{line}\n{said.err}"
    if "says" in expected:
        assert expected["says"] in _flat(said.out), line
    if "warns" in expected:
        assert expected["warns"] in _flat(said.err), line


def _flat(text: str) -> str:
    return " ".join(text.split())


def _check_the_end(way: Way) -> None:
    said = way.said
    for key, status in said.get("ends", {}).items():
        assert way.status(key) == status, key
    for person, part in said.get("told", {}).items():
        heard = way.told(person)
        assert any(part in each for each in heard), f"{person} was told {heard}"
    for person, part in said.get("not_told", {}).items():
        heard = way.told(person)
        assert not any(part in each for each in heard), f"{person} was told {heard}"

    for person in said["people"]:
        assert not [each for each in way.told(person) if way.ids_in(each)], person


def test_each_way_says_what_it_is_and_comes_to_a_refusal_or_a_word() -> None:
    for path in WAYS:
        said = yaml.safe_load(path.read_text("utf-8"))
        steps = [step for step in said["steps"] if isinstance(step, dict)]
        ends = any("refused" in step or "says" in step or "warns" in step for step in steps)
        assert said["way"], path
        assert ends or said.get("told") or said.get("not_told"), path


def test_the_catalogue_is_as_long_as_it_was() -> None:
    assert len(WAYS) >= LEAST
