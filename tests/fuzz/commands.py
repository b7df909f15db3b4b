"""The command line, fuzzed: any arguments, and any files that a command is told to read.

Each command runs in process, in a folder of its own: a small office with a store, a policy and the
files that its arguments may name. Nothing outside that folder is named.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import sys
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from pmo_engine.cli.main import COMMANDS, app, load, run
from tests.fuzz import changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

ROOT = Path(__file__).parents[2]
CITY = ROOT / "tests/stories/city.yaml"
NOT_RUN = {("up",), ("policy", "serve"), ("demo",)}  # they go on, or take long
STATUSES = {0, 1, 2}
LONGEST_LINE = 4_100
PEOPLE = {
    "petra": ("pmo_head",),
    "ana": ("project_manager", "--project", "P-1"),
    "bo": ("portfolio_board",),
}
EVENT = {
    "event": "change_request.submitted",
    "at": "2026-03-02T09:00:00Z",
    "project": "P-1",
    "facts": {"change": {"cost": "50000.01 GBP", "category": "scope", "critical": True}},
}
ROWS = "key,title,cost,category\nCR-7,Rail,80000 GBP,scope\nCR-8,Deck,100 GBP,time\n"
LOG = (
    "case,activity,timestamp,cost\n"
    "1,submitted,2026-03-02T09:00:00Z,5 GBP\n"
    "1,approved,2026-03-03T09:00:00Z,5 GBP\n"
)
MAPPING = """
---
kind: event_log
id: log
zone: Europe/London
activities:
  submitted: {event: change_request.submitted}
  approved: {event: change_request.approved}
attributes: {cost: cost}
closed: case.closed
---
kind: rules
rules:
  - id: dear
    title: What was dear
    on: change_request.approved
    binding: shall
    when: count(history) > 1 and change.cost > @"1 GBP" and date(now) = today
    then: [{finding: dear}]
"""
FILES = {
    "city.yaml": CITY.read_text(encoding="utf-8"),
    "log-policy.yaml": CITY.read_text(encoding="utf-8") + MAPPING,
    "event.json": json.dumps(EVENT),
    "rows.csv": ROWS,
    "log.csv": LOG,
    "cases.jsonl": '{"expression": "1 + 1", "expected": "2"}\n',
}
PLACES = (*FILES, "new", ".", "sqlite:///other.db", "postgresql://ana@127.0.0.1:1/x", "/dev/full")
WORDS = (
    *PLACES, "petra", "ana", "bo", "P-1", "change_requests", "CR-1", "delivery", "pmo_head", "G1",
    "2026-03-02", "2026-3-2", "9999-12-31", "0001-01-01", "5 working days", "1e9 years", "cost=",
    "cost=5 GBP", "=", "a=[[1", "category=scope", "key=CR-9", "-1", "0", "10**6", "compiled", "\n",
    "durable", "md", "docx", "html", "office", "-", "--", "--by=", "-o", "1" * 1_000_000, "%s{0}",
    "x" * 5_000, "\u202e", "P-1\u200f", "p\u0435tra", "\U0001f600", "\ud800", "\udcff", "\x00",
    "\x1b[2J", "mailto://ana@example.org", "json://127.0.0.1:1/x?method=DELETE", "schema.yaml",
    "PMO022", "1/0",
)  # fmt: skip


# Judging


def command(data: bytes) -> None:
    """Run ``pmo`` with arguments, a list of JSON: one of its statuses, and a word that says why."""
    arguments = _arguments(data)
    if arguments is not None:
        _run([_within(each) for each in arguments], {})


def _arguments(data: bytes) -> list[str] | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        return None
    never = any(found[: len(each)] == list(each) for each in NOT_RUN)
    return None if never or "--watch" in found else found


def _within(argument: str) -> str:
    """Give an argument that names nothing outside the folder."""
    if argument in PLACES or argument == "":
        return argument
    return argument.replace("/", "_").replace("..", "_")


def rows(data: bytes) -> None:
    """Bring a table into a register."""
    name = "rows.xlsx" if data.startswith(b"PK") else "rows.csv"
    project = ("--project", "P-1", "--by", "petra")
    _run(["import", "change_requests", name, *project], {name: data})


def event(data: bytes) -> None:
    """Decide an event, and explain it."""
    _run(["decide", "--policy", "city.yaml", "--event", "event.json"], {"event.json": data})
    _run(["policy", "explain", "city.yaml", "--event", "event.json"], {"event.json": data})


def log(data: bytes) -> None:
    """Judge a history by a policy that has an event log."""
    names = {b"<": "log.xes", b"\x1f": "log.xes.gz"}
    name = names.get(data[:1], "log.csv")
    _run(["replay", name, "--policy", "log-policy.yaml"], {name: data})


def _run(arguments: Sequence[str], files: dict[str, bytes]) -> None:
    with _folder(files):
        status, out, err = _said(arguments)
    assert status in STATUSES, (status, arguments)
    for said in (out, err):
        assert "Traceback" not in said, said
        assert "internal error" not in said, said
        assert all(len(line) < LONGEST_LINE for line in err.splitlines()), said[:LONGEST_LINE]
    is_help = "Usage: pmo" in out  # a group that is called alone says what it holds
    assert status != 2 or err.strip() or is_help, (arguments, out)


def _said(arguments: Sequence[str]) -> tuple[int, str, str]:
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.StringIO("")
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    sys.stdout, sys.stderr = out, err
    try:
        status = run(list(arguments))
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    out.flush()
    err.flush()
    return status, *(each.buffer.getvalue().decode("utf-8", "replace") for each in (out, err))


@contextmanager
def _folder(files: dict[str, bytes]) -> Iterator[None]:
    """Be in a copy of the office, with these files too."""
    with tempfile.TemporaryDirectory(prefix="pmo-fuzz-") as name:
        folder = Path(name)
        shutil.copy(Path(_office().name) / "pmo.db", folder)
        for each, text in FILES.items():
            (folder / each).write_text(text, encoding="utf-8")
        for each, data in files.items():
            (folder / each).write_bytes(data)
        with _there(folder):
            yield


@contextmanager
def _there(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    kept = dict(os.environ)
    os.environ |= {"PMO_POLICY": "city.yaml", "PMO_ENGINE": "compiled", "NO_COLOR": "1"}
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ |= kept


@cache
def _office() -> tempfile.TemporaryDirectory[str]:
    """Make the store that each command finds: people, a project, a record that waits."""
    office = tempfile.TemporaryDirectory(prefix="pmo-fuzz-")
    folder = Path(office.name)
    (folder / "city.yaml").write_text(FILES["city.yaml"], encoding="utf-8")
    by = ["--by", "petra"]
    steps = [["database", "migrate"]]
    steps += [["person", "add", who, who.title(), *by] for who in PEOPLE]
    steps += [["project", "add", "P-1", "River bridge", "--stage", "delivery", *by]]
    steps += [["person", "hold", who, *role, *by] for who, role in PEOPLE.items()]
    steps += [["submit", "P-1", "change_requests", "cost=80000 GBP", "category=scope", *by]]
    with _there(folder):
        for step in steps:
            status, _, err = _said(step)
            assert status == 0, (step, err)
    return office


# Making


@cache
def commands() -> dict[tuple[str, ...], Any]:
    """Give every command with its parameters, by its words."""
    every = _commands(typer.main.get_command(app), ())
    return {path: each for path, each in every if path not in NOT_RUN}


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = getattr(command, "commands", {}) if path else {name: load(name) for name in COMMANDS}
    for name, each in inner.items():
        yield from _commands(each, (*path, name))
    if not inner:
        yield path, command


@cache
def examples() -> tuple[bytes, ...]:
    """Give the example of each command's help, as a list of JSON."""
    here = {"policies": "city.yaml", "rules/risk": "city.yaml", "risks": "change_requests"}
    found = []
    for each in commands().values():
        for line in (each.help or "").splitlines():
            if line.startswith("Example: pmo "):
                words = shlex.split(line.removeprefix("Example: pmo "))
                found.append(_encoded([here.get(word, word) for word in words]))
    return tuple(found)


def _encoded(arguments: Sequence[str]) -> bytes:
    return json.dumps(list(arguments)).encode()


def make_arguments(rng: Random) -> bytes:
    """Write a call: a command with what it asks for, mostly; or an example, changed."""
    if rng.random() < 0.3:
        return alter_arguments(rng, rng.choice(examples()))
    path, chosen = rng.choice(list(commands().items()))
    written = list(path)
    for each in chosen.params:
        if each.name == "help" or (not each.required and rng.random() < 0.7):
            continue
        if each.param_type_name == "option":
            written.append(rng.choice(each.opts))
        if not getattr(each, "is_flag", False):
            written.append(_word(rng, each.name))
    return _encoded(written)


def _word(rng: Random, name: str) -> str:
    """Give a word for a parameter: what it asks for, mostly, or any."""
    fits = {
        "by": "petra", "person": "ana", "project": "P-1", "register": "change_requests",
        "policy": "city.yaml", "path": "city.yaml", "paths": "city.yaml", "event": "event.json",
        "file": "rows.csv", "log": "log.csv", "key": "CR-1", "stage": "delivery",
        "role": "pmo_head", "on": "2026-03-02", "context": "event.json", "cases": "cases.jsonl",
    }  # fmt: skip
    if name in fits and rng.random() < 0.7:
        return fits[name]
    return rng.choice(WORDS if rng.random() < 0.8 else changes.PIECES)


def alter_arguments(rng: Random, data: bytes) -> bytes:
    """Change some arguments: left out, repeated, moved, replaced, or joined with another."""
    found = _arguments(data) or ["person", "list"]
    for _ in range(rng.choice((1, 1, 2, 4))):
        here = rng.randint(0, len(found))
        other = rng.choice(WORDS if rng.random() < 0.8 else changes.PIECES)
        piece = found[here : here + 1]
        found[here : here + 1] = rng.choice(
            ([], piece * 2, [other], [*piece, other], ["".join(piece) + other])
        )
    return _encoded(found)


def make_file(rng: Random, seeds: Sequence[bytes]) -> bytes:
    """Write a file: a real one, changed."""
    return alter_file(rng, rng.choice(seeds))


def alter_file(rng: Random, data: bytes) -> bytes:
    """Change some bytes, or words where it is text."""
    if rng.random() < 0.5:
        return changes.octets(rng, data)
    text = data.decode("utf-8", "surrogateescape")
    changed = changes.words(rng, text, [text, *map(str, FILES.values()), " ".join(WORDS)])
    return changed.encode("utf-8", "surrogatepass" if "\ud800" in changed else "surrogateescape")


@cache
def tables() -> tuple[bytes, ...]:
    """Give tables that can be brought in: as CSV of two forms, and as a workbook."""
    from openpyxl import Workbook

    book, kept = Workbook(), io.BytesIO()
    for line in ROWS.splitlines():
        book.active.append(line.split(","))
    book.save(kept)
    return (ROWS.encode(), ROWS.replace(",", ";").encode("utf-16"), kept.getvalue())


def events() -> tuple[bytes, ...]:
    """Give events, one with facts of every kind."""
    change = {"saving": "-5 GBP", "raised": "2026-03-02T09:00:00+01:00", "due": "2026-03-02"}
    more = {**EVENT, "facts": {"change": change | {"note": "\U0001f600", "tags": ["x"], "n": 1e5}}}
    return (json.dumps(EVENT).encode(), json.dumps(more).encode())


@cache
def logs() -> tuple[bytes, ...]:
    """Give histories: CSV, and XES."""
    trace = "".join(
        f'<event><string key="concept:name" value="{name}"/>'
        f'<date key="time:timestamp" value="2026-03-0{day}T09:00:00+01:00"/></event>'
        for day, name in enumerate(("submitted", "approved"), 2)
    )
    xes = f'<log><trace><string key="concept:name" value="1"/>{trace}</trace></log>'
    return (LOG.encode(), xes.encode())
