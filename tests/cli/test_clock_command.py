"""``pmo database clock``: time that is set by hand, to rehearse."""

from pathlib import Path

import pytest

from pmo_engine.app import account
from tests.cli.conftest import Pmo, city


@pytest.fixture
def empty(pmo: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pmo:
    monkeypatch.setenv("PMO_DATABASE", f"sqlite:///{tmp_path / 'rehearsal.db'}")
    assert pmo("database", "migrate").status == 0
    return pmo


def test_a_clock_that_is_set_stands_still_and_goes_forward_alone(empty: Pmo) -> None:
    assert empty("database", "clock", "2026-03-02").out == "2026-03-02 00:00 UTC\n"
    assert empty("database", "clock", "2026-03-02T10:00+01:00").out == "2026-03-02 09:00 UTC\n"
    assert empty("database", "clock").out == "2026-03-02 09:00 UTC\n"
    back = empty("database", "clock", "2026-03-02T08:59")
    assert (back.status, "never goes back: it is 2026-03-02 09:00 UTC" in back.err) == (2, True)
    assert empty("database", "clock").out == "2026-03-02 09:00 UTC\n"


def test_what_is_no_time_is_said(empty: Pmo) -> None:
    told = empty("database", "clock", "noon")
    assert (told.status, "'noon' is no day or time" in told.err) == (2, True)


@pytest.mark.parametrize("day", ["20260302", "2026-W10-1", "20260302T090000"])
def test_a_day_is_written_with_its_dashes(empty: Pmo, day: str) -> None:
    told = empty("database", "clock", day)
    assert (told.status, f"'{day}' is no day or time" in told.err) == (2, True)


def test_who_set_it_is_in_the_journal(empty: Pmo, monkeypatch: pytest.MonkeyPatch) -> None:
    city(monkeypatch)
    empty("database", "clock", "2026-03-02T10:00+01:00")
    empty("database", "clock", "2026-03-03")
    shown = [line["body"] for line in empty("audit", "log", "office", "--json").json]
    assert [each["to"] for each in shown] == ["2026-03-02 09:00 UTC", "2026-03-03 00:00 UTC"]
    assert {each["account"] for each in shown} == {account()}


def test_where_somebody_worked_the_clock_of_the_machine_stays(office: Pmo) -> None:
    told = office("database", "clock", "2026-03-02")
    assert (told.status, "work has begun here by the clock of the machine" in told.err) == (2, True)


def test_where_work_began_by_such_a_clock_it_goes_on(
    empty: Pmo, monkeypatch: pytest.MonkeyPatch
) -> None:
    city(monkeypatch)
    empty("database", "clock", "2026-03-02")
    added = empty("person", "add", "petra", "Petra Lang", "--by", "petra")
    assert "set by hand: it is 2026-03-02 00:00 UTC there" in added.err
    assert empty("database", "clock", "2026-03-03").out == "2026-03-03 00:00 UTC\n"
