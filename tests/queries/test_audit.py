"""What a check of the journal cannot find: as the page on trust says it, and no more than that."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pmo_engine.queries.audit import verify
from pmo_engine.store.database import Database
from pmo_engine.store.journal import START, line_hash
from pmo_engine.testing import World
from tests.policies import kept

CITY = Path(__file__).parents[1] / "stories/city.yaml"
Change = Callable[[sqlite3.Connection], None]


@pytest.fixture
def store(sqlite_url: str) -> Path:
    """A store with an approved change; whoever can write its file may use another program."""
    world = World(kept(CITY), sqlite_url)
    world.project("P-1")
    world.person("petra", "pmo_head")
    world.person("sam")
    world.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    world.vote("petra")
    world.close()
    return Path(sqlite_url.removeprefix("sqlite:///"))


def found(path: Path, change: Change) -> bool:
    """Whether a check of the journal finds what another program changed."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.row_factory = sqlite3.Row
        for verb in ("UPDATE", "DELETE"):
            connection.execute(f"DROP TRIGGER journal_no_{verb}")
        change(connection)
    with closing(Database(f"sqlite:///{path}")) as db:
        return not verify(db).intact


def run(*statements: str) -> Change:
    def change(connection: sqlite3.Connection) -> None:
        for statement in statements:
            assert connection.execute(statement).rowcount > 0

    return change


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'bo' WHERE seq = 2",
        "UPDATE journal SET body = '{}' WHERE seq = 2",
        "UPDATE journal SET at = '2020-01-01 00:00:00.000000' WHERE seq = 2",
        "UPDATE journal SET subject_id = NULL WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 2",
        "DELETE FROM journal WHERE seq > 2",
    ],
)
def test_who_does_not_compute_the_chain_anew_is_found(store: Path, statement: str) -> None:
    assert found(store, run(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE votes SET choice = 'reject', person = 'sam'",
        "DELETE FROM votes",
        "UPDATE entries SET status = 'rejected'",
        """UPDATE entries SET document = '{"cost": "1 GBP"}'""",
        "UPDATE projects SET stage = 'closed'",
        "UPDATE obligations SET target = 'portfolio_board'",
        "UPDATE role_holdings SET person = 'sam'",
        "UPDATE policy_texts SET files = '{}'",
        "DELETE FROM decisions",
        "DELETE FROM entry_versions",
    ],
)
def test_what_lies_outside_the_chain_is_not_watched(store: Path, statement: str) -> None:
    assert not found(store, run(statement))


def test_a_chain_that_is_computed_anew_from_an_altered_line_is_not_found(store: Path) -> None:
    assert not found(store, written_anew)


def test_what_a_line_of_before_is_about_is_not_watched(store: Path) -> None:
    def change(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE journal SET form = 2")
        written_anew(connection)
        run("UPDATE journal SET subject_id = 'x' WHERE seq = 2")(connection)

    assert not found(store, change)


def written_anew(connection: sqlite3.Connection) -> None:
    """The cost was another all along."""
    previous = START
    for row in connection.execute("SELECT * FROM journal WHERE chain = 'P-1' ORDER BY seq"):
        line = {**row, "body": json.loads(row["body"].replace("80000", "90000"))}
        line |= {"at": datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)}
        line |= {"previous_hash": previous}
        values = (json.dumps(line["body"]), previous, line_hash(line), row["seq"])
        connection.execute(
            "UPDATE journal SET body = ?, previous_hash = ?, hash = ? WHERE seq = ?"
            " AND chain = 'P-1'",
            values,
        )
        previous = values[2]
    connection.execute("UPDATE journal_heads SET hash = ? WHERE chain = 'P-1'", (previous,))


def test_an_end_that_is_cut_off_with_its_head_is_not_found(store: Path) -> None:
    cut = run(
        "DELETE FROM journal WHERE seq > 2 AND chain = 'P-1'",
        "UPDATE journal_heads SET seq = 2, hash = ("
        "SELECT hash FROM journal WHERE seq = 2 AND chain = 'P-1') WHERE chain = 'P-1'",
    )
    assert not found(store, cut)


def test_a_journal_that_was_emptied_is_not_found(store: Path) -> None:
    assert not found(store, run("DELETE FROM journal", "DELETE FROM journal_heads"))
