"""Tables into registers: all rows or none, and real lists of projects."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.resources import policies_dir, rules_dir
from pmo_engine.work.imports import importing

Pmo = Any


@pytest.fixture
def risks(pmo: Pmo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pmo:
    monkeypatch.setenv("PMO_ENGINE", "compiled")
    monkeypatch.setenv("PMO_POLICY", str(rules_dir() / "risk"))
    pmo("database", "migrate")
    pmo("person", "add", "petra", "Petra", "--by", "petra")
    pmo("project", "add", "P-1", "Bridge", "--stage", "delivery", "--by", "petra")
    return pmo


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "risks.csv"
    path.write_text("\n".join(["key,title,probability,impact", *rows]), encoding="utf-8")
    return path


def bring(pmo: Pmo, path: Path) -> Any:
    return pmo("import", "risks", path, "--project", "P-1", "--by", "petra")


def test_rows_go_in_once_and_changes_follow(risks: Pmo, tmp_path: Path) -> None:
    path = table(tmp_path, "R-1,Flood,4,5", "R-2,Strike,2,2")
    first = bring(risks, path)
    assert (first.status, first.out.splitlines()[0]) == (0, "2 added, 0 changed, 0 as they were")
    assert bring(risks, path).out == "0 added, 0 changed, 2 as they were\n"
    table(tmp_path, "R-1,Flood,4,5", "R-2,Strike,3,2")
    assert bring(risks, path).out.startswith("0 added, 1 changed, 1 as they were\n")
    assert len(risks("show", "P-1", "risks", "--json").json) == 2


def test_one_wrong_row_keeps_all_out_and_each_is_named(risks: Pmo, tmp_path: Path) -> None:
    path = table(tmp_path, "R-1,Flood,4,5", "R-2,Strike,often,2", "R-1,Again,1,1")
    result = bring(risks, path)
    assert result.status == 2
    lines = result.err.splitlines()
    assert lines[0].startswith(f"{path}: line 3: probability: ")
    assert lines[1].startswith(f"{path}: line 4: key: 'R-1' is on line 2 already")
    assert lines[2] == "nothing was imported: 2 problems"
    assert risks("show", "P-1", "risks", "--json").json == []


def test_a_project_that_is_stopped_takes_no_row_that_would_do_something(
    risks: Pmo, tmp_path: Path
) -> None:
    path = table(tmp_path, "R-1,Flood,4,5")
    bring(risks, path)
    risks("project", "stop", "P-1", "--reason", "no money", "--by", "petra")
    assert (bring(risks, path).status, bring(risks, path).err) == (0, "")
    for row in ("R-1,Flood,4,4", "R-2,Strike,2,2"):
        result = bring(risks, table(tmp_path, row))
        assert (result.status, "line 2: P-1 is stopped" in result.err) == (2, True)
        assert "nothing was imported: 1 problem" in result.err
    assert len(risks("show", "P-1", "risks", "--json").json) == 1


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_row_that_stays_out_is_in_the_summary_and_the_status(
    risks: Pmo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    def stop_first(governance: Any, id: str, **more: Any) -> Any:
        risks("project", "stop", "P-1", "--reason", "no money", "--by", "petra")
        return finish(governance, id, **more)

    finish = importing.finish
    monkeypatch.setattr(importing, "finish", stop_first)
    path = table(tmp_path, "R-1,Flood,4,5", "R-2,Strike,2,2")
    result = risks("import", "risks", path, "--project", "P-1", "--by", "petra", *form)
    assert result.status == 1
    if form:
        assert list(result.json["left"]) == ["2", "3"]
    else:
        assert result.out == "0 added, 0 changed, 0 as they were, 2 left out\n"
        assert result.err.startswith("line 2 stays out: P-1 is stopped")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("key,titel\nR-1,x\n", "the column 'titel' (did you mean 'title'?)"),
        ("key,title\nR-1\n", "risks.csv:2"),
        ("", "risks.csv"),
    ],
)
def test_a_wrong_table_is_one_clear_line(
    risks: Pmo, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "risks.csv"
    path.write_text(content, encoding="utf-8")
    result = bring(risks, path)
    assert (result.status, result.err.count("\n")) == (2, 1)
    assert said in result.err


def test_the_lists_of_a_real_portfolio(
    pmo: Pmo, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the 192 projects that are listed at least twice 132 grew their budget, 164 ended later.

    Both go to the one person there is: nobody holds the role that later ends are for.
    """
    monkeypatch.setenv("PMO_ENGINE", "compiled")
    monkeypatch.setenv("PMO_POLICY", str(policies_dir() / "it-portfolio"))
    pmo("database", "migrate")
    pmo("person", "add", "cio", "Chief", "--by", "cio")
    pmo("person", "hold", "cio", "chief_information_officer", "--by", "cio")
    for year in (2016, 2019, 2022):
        path = shared / "data" / "canada-it-projects" / f"gc-it-projects-{year}.csv"
        assert pmo("import", "listings", path, "--by", "cio").status == 0
    assert len(pmo("project", "list", "--json").json) == 1126
    waiting = pmo("inbox", "cio", "--json").json
    exceptions = Counter(row["for"] for row in waiting if row["kind"] == "exception")
    assert sorted(exceptions.values()) == [132, 164]


def test_a_template_has_no_column_for_what_is_worked_out(
    pmo: Pmo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PMO_POLICY", str(rules_dir() / "commercial"))
    pmo("database", "migrate")
    assert pmo("records", "template", "contracts", "c.csv").status == 0
    heading = (tmp_path / "c.csv").read_text("utf-8-sig").strip().split(",")
    assert "variations" in heading
    assert "value" not in heading
