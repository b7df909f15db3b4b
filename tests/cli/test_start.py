"""What a command has no use for it does not import: a fresh process is at work soon."""

import subprocess
import sys
from pathlib import Path

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.testing import World

POLICY = Path(__file__).parents[1] / "stories" / "city.yaml"
RUN = """
import sys
from pmo_engine.cli.main import run
status = run(sys.argv[1:])
print(*sys.modules, sep="\\n", file=sys.stderr)
sys.exit(status)
"""
OTHERS = {
    *("alembic", "apprise", "docx", "durable", "fastapi", "holidays", "httpx", "iso4217"),
    *("jinja2", "lark", "openpyxl", "prefect", "psycopg", "pygls", "requests", "yaml"),
    *("sqlalchemy.dialects.postgresql.base", "pmo_engine.compiler.binding"),
    *("pmo_engine.compiler.loading", "pmo_engine.compiler.schema", "pmo_engine.documents"),
    *("pmo_engine.engines.compiled", "pmo_engine.engines.durable", "pmo_engine.engines.tracing"),
    *("pmo_engine.exchange", "pmo_engine.feel.builtins", "pmo_engine.feel.checking"),
    *("pmo_engine.feel.syntax", "pmo_engine.notify", "pmo_engine.prose.rules"),
    *("pmo_engine.prose.sentences", "pmo_engine.roles.risk", "pmo_engine.store.gates.reviews"),
    *("pmo_engine.store.imports", "pmo_engine.suites"),
}
"""What neither a vote nor an inbox needs, once the policy is ready.

Who may decide hangs on who stands in for whom and on declared interests, so both read these.
"""


def started(*arguments):
    """Run a command in a fresh process: its output, and the modules that it imported."""
    run = [sys.executable, "-c", RUN, *arguments]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, {*done.stderr.splitlines()}


AFTERWARDS = """rules:
  - id: large-afterwards
    title: A very large change is reviewed afterwards
    on: change_request.approved
    binding: shall
    when: change.cost > @"500000 GBP"
    then:
      - require_evidence: {evidence: review, from: pmo_head, within: 5 working days}
"""


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A store in which a change waits for petra, opened once so that the policy is ready."""
    return waiting(tmp_path, monkeypatch, POLICY)


def waiting(tmp_path, monkeypatch, policy):
    url = f"sqlite:///{tmp_path / 'office.db'}"
    world = World(load_policy(policy), url)
    world.project("P-1")
    world.person("sam")
    world.person("petra", "pmo_head")
    world.submit("P-1", "change_requests", "sam", cost="80000 GBP", category="cost")
    (row,) = world.waiting_for("petra")
    world.close()
    monkeypatch.setenv("PMO_DATABASE", url)
    monkeypatch.setenv("PMO_POLICY", str(policy))
    started("inbox", "sam")
    return row.id


def test_help_and_version_import_no_part_of_the_engine():
    for arguments in (["--help"], ["--version"]):
        _, modules = started(*arguments)
        parts = {".".join(each.split(".")[:2]) for each in modules if each.startswith("pmo_")}
        assert parts == {"pmo_engine", "pmo_engine.cli"}
        assert modules.isdisjoint({*OTHERS, "sqlalchemy", "sqlmodel"})


def test_the_help_of_a_command_opens_neither_store_nor_policy():
    _, modules = started("approve", "--help")
    assert modules.isdisjoint(OTHERS - {"pmo_engine.notify"})


def test_an_inbox_imports_what_it_needs(office):
    out, modules = started("inbox", "petra")
    assert office[:8] in out
    assert modules.isdisjoint(OTHERS)


def test_a_vote_imports_what_it_needs(office):
    out, modules = started("approve", office, "--by", "petra")
    assert "approved" in out
    assert modules.isdisjoint({*OTHERS, "pmo_engine.queries.asked.inbox", "rich.table"})


def test_the_store_is_closed_with_the_process(office, tmp_path):
    begin = "from pmo_engine.cli.start import main; main()"
    command = [sys.executable, "-c", begin, "approve", office, "--by", "petra"]
    subprocess.run(command, capture_output=True, check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["office.db"]


def test_an_approval_that_is_judged_loads_the_walk_only_where_the_library_cannot(
    tmp_path, monkeypatch
):
    policy = tmp_path / "policy.yaml"
    text = POLICY.read_text(encoding="utf-8")
    policy.write_text(text.replace("rules:\n", AFTERWARDS, 1), encoding="utf-8")
    row = waiting(tmp_path, monkeypatch, policy)
    _, modules = started("approve", row, "--by", "petra")
    assert "durable" in modules
    assert modules & OTHERS == {"durable", "pmo_engine.engines.durable"}
