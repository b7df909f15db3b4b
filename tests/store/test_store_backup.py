"""Backups are whole and of one moment, and either database takes them."""

import gzip
import json
import lzma
import os
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pmo_engine.queries.audit import breaks_in
from pmo_engine.store import backup as backups
from pmo_engine.store.backup import BackupError, backup, check, restore
from pmo_engine.store.columns import as_kept, in_utc
from pmo_engine.store.database import Database
from pmo_engine.store.errors import DatabaseReadOnly, NotMigrated, Refused
from pmo_engine.store.migrations import schema
from pmo_engine.store.people.roles import CHANGED
from pmo_engine.store.settings import RESTORED
from pmo_engine.store.tables import Request, whole

A_FILE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # whichever it is made from
TO_A_FILE = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def other(empty_url):
    """A database of the other kind, or the same, without any tables."""
    with closing(Database(empty_url)) as db:
        yield db


@pytest.fixture
def used(db, work, change, approval):
    with work() as uow:
        entry = uow.entries.add(change(document={"a": [1, None, True, "é\u2028", {"b": "0.10"}]}))
        uow.entries.revise(entry, status="approved", decided_at=AT + timedelta(microseconds=1))
        uow.obligations.add(approval(id="o-1"))
        uow.journal.add("P-1", "submitted", {"key": "CR-1"})
        uow.requests.add(Request(id="r-1", act="submit", actor="ana", at=AT, answer=None))
    return db


def _as_kept(table):
    return select(*map(as_kept, table.columns)).order_by(*table.primary_key)


def contents(db):
    """All but how often something changed: putting it back is a change, too."""
    with db.snapshot() as connection:
        return {
            table.name: [
                tuple(in_utc(value) if isinstance(value, datetime) else value for value in row)
                for row in connection.execute(_as_kept(table))
                if table.name != "counters" or row.scope not in {CHANGED, RESTORED}
            ]
            for table in whole().sorted_tables
        }


def test_a_backup_is_put_back_whole(used, other, tmp_path):
    file = tmp_path / "office.backup"
    saved = backup(used, file, AT)
    assert (saved.at, saved.tables) == (AT, len(whole().tables))
    assert saved.rows == sum(map(len, contents(used).values())) + 1  # the count of changes
    assert restore(other, file) == saved == check(file)
    assert contents(other) == contents(used)
    assert other.schema_is_current()
    with other.unit_of_work("ana", AT) as uow:
        uow.journal.add("P-1", "noted", {})
    with other.read() as uow:
        assert breaks_in(uow) == []
        assert uow.journal.chains()[0].seq == 2


@A_FILE
def test_what_watches_over_the_tables_is_put_back_too(used, other, tmp_path):
    backup(used, tmp_path / "office.backup", AT)
    restore(other, tmp_path / "office.backup")
    restore(other, tmp_path / "office.backup", force=True)
    with pytest.raises(Refused, match="only ever"), other._writing.begin() as connection:
        connection.exec_driver_sql("DELETE FROM journal")


def test_the_same_rows_give_the_same_file(used, tmp_path):
    for name in ("a", "b"):
        backup(used, tmp_path / name, AT)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@A_FILE
def test_a_backup_is_for_its_owner_alone(used, tmp_path):
    before = os.umask(0)
    try:
        backup(used, tmp_path / "office.backup", AT)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "office.backup").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("*backup*")] == ["office.backup"]


@A_FILE
def test_nothing_is_replaced_by_mistake(used, other, tmp_path):
    file = tmp_path / "office.backup"
    backup(used, file, AT)
    first = file.read_bytes()
    with pytest.raises(BackupError, match="is there already.*--force"):
        backup(used, file, AT + timedelta(days=1))
    assert file.read_bytes() == first
    assert backup(used, file, AT + timedelta(days=1), force=True).at == AT + timedelta(days=1)
    assert file.read_bytes() != first
    restore(other, file)
    with other.unit_of_work("ana", AT) as uow:
        uow.settings.put("noted", 1)
    with pytest.raises(BackupError, match="not empty.*--force"):
        restore(other, file)
    with other.read() as uow:
        assert uow.settings.get("noted") == 1
    restore(other, file, force=True)
    with other.read() as uow:
        assert uow.settings.get("noted") is None


@A_FILE
def test_an_empty_store_may_be_filled(used, other, tmp_path):
    other.migrate()
    backup(used, tmp_path / "office.backup", AT)
    restore(other, tmp_path / "office.backup")
    assert contents(other) == contents(used)


def test_a_backup_of_an_earlier_schema_is_brought_to_this_one(other, tmp_path, monkeypatch):
    data = Path(__file__).parent / "data" / "demo-0002.db.xz"
    (tmp_path / "old.db").write_bytes(lzma.decompress(data.read_bytes()))
    with closing(Database(f"sqlite:///{tmp_path / 'old.db'}")) as old:
        with pytest.raises(NotMigrated, match="migrate it first"):
            backup(old, tmp_path / "old.backup", AT)
        assert not (tmp_path / "old.backup").exists()
        with old.snapshot() as connection:
            tables = schema.reflected(connection)
            monkeypatch.setattr(whole().__class__, "sorted_tables", tables)
            monkeypatch.setattr(schema, "HEAD", "0002")
            backup(old, tmp_path / "old.backup", AT)
            monkeypatch.undo()
    restore(other, tmp_path / "old.backup")
    assert other.schema_is_current()
    with other.read() as uow:
        assert breaks_in(uow) == []
        assert uow.subjects.get(uow.entries.by_key("TRAM", "change_requests", "CR-1").id)


def lines_of(file):
    return gzip.decompress(file.read_bytes()).splitlines(keepends=True)


@A_FILE
@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda lines: lines[:0], "end is missing"),
        (lambda lines: lines[:-1], "end is missing"),
        (lambda lines: lines[:-2] + lines[-1:], "was changed"),
        (lambda lines: [line.replace(b"CR-1", b"CR-2") for line in lines], "was changed"),
        (lambda lines: [*lines, lines[1]], "was changed"),
        (lambda lines: [b"hello\n", *lines], "not a backup of pmo-engine"),
        (lambda lines: [b"[1]\n", *lines[1:]], "not a backup of pmo-engine"),
        (lambda lines: [b"[" * 100_000 + b"\n", *lines], "not a backup of pmo-engine"),
        (lambda lines: [lines[0].replace(b'"0', b'"9'), *lines[1:]], "later version"),
        (lambda lines: [lines[0].replace(b":1,", b":2,"), *lines[1:]], "later version"),
    ],
)
def test_what_is_not_whole_changes_nothing(used, tmp_path, harm, says):
    file = tmp_path / "office.backup"
    with used.unit_of_work("ana", AT) as uow:
        uow.settings.put("zzz", "CR-1")  # among the last rows
    backup(used, file, AT)
    file.write_bytes(gzip.compress(b"".join(harm(lines_of(file)))))
    before = contents(used)
    with pytest.raises(BackupError, match=says):
        restore(used, file, force=True)
    assert contents(used) == before


@A_FILE
@pytest.mark.parametrize("cut", [0, 5, 300])
def test_a_file_that_was_cut_off_is_not_read(used, tmp_path, cut):
    file = tmp_path / "office.backup"
    backup(used, file, AT)
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(BackupError, match="not a whole one|end is missing"):
        check(file)


@A_FILE
def test_a_file_that_is_not_there_or_no_backup_is_named(used, tmp_path):
    with pytest.raises(BackupError, match="cannot read .*none: No such file"):
        check(tmp_path / "none")
    (tmp_path / "text").write_text("kind: policy")
    with pytest.raises(BackupError, match="text is not a backup"):
        check(tmp_path / "text")
    with pytest.raises(BackupError, match="cannot write .*: No such file"):
        backup(used, tmp_path / "none" / "office.backup", AT)


def test_a_line_without_an_end_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "LONGEST", 1000)
    (tmp_path / "long").write_bytes(gzip.compress(b'"' + b"a" * 5000))
    with pytest.raises(BackupError, match="not a backup of pmo-engine"):
        check(tmp_path / "long")


@TO_A_FILE
def test_it_is_of_one_moment_while_others_work(db, open_database, portfolio, other, tmp_path, at):
    stop = threading.Event()
    made = []

    def enter():
        writer = open_database(lock_timeout=30)
        while not stop.is_set():
            with writer.unit_of_work("ana", at) as uow:
                key = uow.entries.next_key("P-1", "risks", "R")
                uow.journal.add("P-1", "counted", {"key": key})
            made.append(key)

    thread = threading.Thread(target=enter)
    thread.start()
    try:
        while len(made) < 5:
            pass
        files = [tmp_path / f"{number}.backup" for number in range(2)]
        counts = []
        for file in files:
            counts.append(len(made))
            backup(db, file, AT)
    finally:
        stop.set()
        thread.join()
    assert len(made) > counts[-1]
    for file, least in zip(files, counts, strict=True):
        restore(other, file, force=True)
        with other.read() as uow:
            assert breaks_in(uow) == []
            *_, last = uow.journal.read("P-1")
        with other.unit_of_work("ana", at) as uow:
            number = int(last.body["key"].removeprefix("R-"))
            assert uow.entries.next_key("P-1", "risks", "R") == f"R-{number + 1}"
        assert last.seq >= least


def test_a_snapshot_is_for_reading(db):
    with pytest.raises(DatabaseReadOnly), db.snapshot() as connection:
        connection.exec_driver_sql("DELETE FROM settings")


def test_the_file_of_a_new_store_is_for_its_owner_alone(tmp_path):
    before = os.umask(0)
    try:
        with closing(Database(f"sqlite:///{tmp_path / 'new.db'}")) as db:
            db.migrate()
            assert json.dumps(db.place)
            for path in tmp_path.glob("new.db*"):
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(before)
