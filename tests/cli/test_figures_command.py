"""``pmo figures``, and figures where records are shown."""

from pathlib import Path

import pytest

from .conftest import Pmo

POLICY = """
kind: policy
name: risky
version: "1"
currency: GBP
packs: [{use: office}, {use: finance}, {use: risk}]
"""


@pytest.fixture
def risky(pmo: Pmo, tmp_path: Path) -> Pmo:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "pmo.toml").write_text('database = "sqlite:///pmo.db"\npolicy = "policies"\n')
    steps = (
        ("database", "migrate"),
        ("person", "add", "petra", "Petra Lang", "--by", "petra"),
        ("person", "hold", "petra", "pmo_head", "--by", "petra"),
        ("project", "add", "P-1", "River bridge", "--stage", "delivery", "--by", "petra"),
        ("project", "add", "P-2", "Road", "--stage", "delivery", "--by", "petra"),
    )
    for step in steps:
        assert pmo(*step).status == 0
    fields = ("type=threat", "probability=3", "impact=4", "chance=0.5", "owner=petra")
    for project, cost in (("P-1", "1000 GBP"), ("P-2", "500 GBP")):
        found = pmo("submit", project, "risks", *fields, f"impact_cost={cost}", "--by", "petra")
        assert found.status == 0, found.err
    return pmo


def test_figures_are_printed_with_how_they_are_worked_out(risky: Pmo) -> None:
    said = risky("figures", "P-1", "--explain").out
    assert "exposure: 500 GBP" in said
    assert "exposure = sum(risks.expected_value)" in said
    assert "exposure: 750 GBP" in risky("figures").out
    assert risky("figures", "--programme", "none").out.startswith("Figures of no project")
    [exposure] = [e for e in risky("figures", "P-2", "--json").json if e["id"] == "exposure"]
    assert (exposure["value"], exposure["unit"]) == ("250 GBP", "money")


def test_what_a_role_looks_after_stands_together(risky: Pmo) -> None:
    lines = risky("figures").out.splitlines()
    assert [e.strip() for e in lines if e[2:3].isalpha()][1:] == ["finance", "office", "risk"]


def test_a_loss_of_a_risk_is_no_amount_below_nothing(risky: Pmo) -> None:
    said = risky("submit", "P-1", "risks", "impact_cost=-1 GBP", "--by=petra")
    assert "impact_cost: '-1 GBP' is not money in GBP from 0 GBP" in said.err


def test_a_role_without_figures_is_refused_with_those_there_are(risky: Pmo) -> None:
    refused = risky("figures", "--role", "rsik")
    assert refused.status == 2
    assert "there are those of finance, office, risk" in refused.err


def test_a_record_shows_its_figures_and_a_list_has_a_column_of_them(risky: Pmo) -> None:
    assert "score: 12 points" in risky("show", "P-1", "risks", "R-1").out
    assert "expected value 500 GBP" in risky("show", "P-1", "risks").out
    [row] = risky("show", "P-1", "risks", "--json").json
    shown = {each["id"]: each["words"] for each in row["figures"]}
    assert (shown["score"], shown["expected_value"]) == ("12 points", "500 GBP")


def test_a_role_says_how_it_stands_with_its_figures_and_what_waits(risky: Pmo) -> None:
    fields = ("type=threat", "probability=5", "impact=5", "owner=petra")
    assert risky("submit", "P-1", "risks", *fields, "--by", "petra").status == 0
    said = risky("role", "show", "P-1", "risk", "--by", "petra").out
    assert "cannot tell: not known: R-1.residual, R-1.reviewed_on" in said
    assert "highest score of a threat: 25 points" in said
    assert "exception by PMO head, due " in said
    assert risky("role", "show", "P-1").out == said
    [section] = risky("role", "show", "P-1", "risk", "--json").json
    assert [each["rule"] for each in section["reminders"]] == ["risk-appetite"]
    refused = risky("role", "show", "P-1", "rsik")
    assert (refused.status, "no functional role is called" in refused.err) == (2, True)
