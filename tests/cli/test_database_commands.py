"""``pmo database backup`` and ``restore``: nothing replaced by mistake, no password said."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.cli.conftest import Pmo

PROJECT = ("project", "add", "P-2", "Tunnel", "--stage", "delivery", "--by", "petra")


def test_a_backup_is_put_back(office: Pmo, tmp_path: Path) -> None:
    made = office("database", "backup", "office.backup")
    assert (made.status, "office.backup: " in made.out) == (0, True), made.err
    assert office(*PROJECT).status == 0
    again = office("database", "backup", "office.backup")
    assert (again.status, "office.backup is there already" in again.err) == (2, True)
    refused = office("database", "restore", "office.backup")
    assert (refused.status, "the database is not empty" in refused.err) == (2, True)
    assert "P-2" in office("project", "list").out

    restored = office("database", "restore", "office.backup", "--force")
    assert restored.status == 0, restored.err
    assert restored.out.endswith("the journal is intact\n")
    assert "P-2" not in office("project", "list").out

    elsewhere = ("--database", f"sqlite:///{tmp_path / 'elsewhere.db'}")
    assert office("database", "restore", "office.backup", *elsewhere).status == 0
    assert "P-1" in office("project", "list", *elsewhere).out
    assert office(*PROJECT).status == 0
    assert office("database", "backup", "office.backup", "--force").status == 0


def test_a_broken_backup_is_one_line(office: Pmo, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("kind: policy\n", encoding="utf-8")
    wrong = office("database", "restore", "text", "--force")
    assert (wrong.status, wrong.err) == (2, "text is not a backup, or not a whole one\n")
    assert "P-1" in office("project", "list").out


def test_a_password_is_not_said(pmo: Pmo, postgresql_url: str) -> None:
    _, _, there = postgresql_url.partition("@")
    url = f"postgresql://postgres:hush@{there}"
    for command in (("migrate",), ("status",), ("backup", "b"), ("restore", "b", "--force")):
        said = pmo("database", *command, "--database", url)
        assert said.status == 0, said.err
        assert "hush" not in said.out + said.err


def test_a_journal_that_does_not_hold_is_told(office: Pmo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert office("database", "backup", "b").status == 0
    monkeypatch.setattr("pmo_engine.queries.audit.line_hash", lambda _line: "0" * 64)
    broken = office("database", "restore", "b", "--force")
    assert (broken.status, "the journal is broken: pmo audit verify" in broken.out) == (1, True)


def test_a_clock_that_is_no_time_keeps_nobody_from_a_backup(office: Pmo) -> None:
    with sqlite3.connect("pmo.db") as connection:
        connection.execute("INSERT INTO settings (key, value) VALUES ('clock', '\"soon\"')")
    connection.close()
    made = office("database", "backup", "b")
    said = "the store's clock was set to 'soon', which is no time with its zone\n"
    assert (made.status, made.err) == (0, said)
    restored = office("database", "restore", "b", "--force")
    assert (restored.status, restored.err) == (0, said)
    assert office("project", "list").status == 2
