"""What whoever runs an office reads: whole records, lists that fit, answers, hints."""

from pathlib import Path
from typing import Any

import pytest

from pmo_engine.cli.registers.lists import fitting
from tests.cli.conftest import Pmo

MODEL = Path(__file__).parents[2] / "policies" / "pmo-single"
PEOPLE = """person,name,role,project
ana,Ana Sousa,project_manager,P-1
sia,Sia Nord,sponsor,P-1
bo,Bo Lind,portfolio_board,
bea,Bea Holm,portfolio_board,
cem,Cem Tan,portfolio_board,
"""


@pytest.fixture
def model(pmo: Pmo, tmp_path: Path) -> Pmo:
    """An office of the model that is set up: a head, a project with its manager and sponsor."""
    (tmp_path / "pmo.toml").write_text(f'database = "sqlite:///pmo.db"\npolicy = "{MODEL}"\n')
    (tmp_path / "people.csv").write_text(PEOPLE)
    for command in (
        ("database", "migrate"),
        ("person", "add", "petra", "Petra Lang", "--by", "petra"),
        ("person", "hold", "petra", "pmo_head", "--by", "petra"),
        ("project", "add", "P-1", "Bridge", "--stage", "strategy", "--by", "petra"),
        ("person", "import", "people.csv", "--by", "petra"),
    ):
        assert pmo(*command).status == 0, command
    return pmo


def milestone(pmo: Pmo, forecast: str) -> str:
    given = ("baseline=2099-07-01", f"forecast={forecast}", "owner=ana", "due=2099-08-01")
    made = pmo("submit", "P-1", "milestones", "title=Deck", *given, "--by", "ana", "--json")
    return str(made.json["key"])


def test_a_record_is_shown_with_whose_it_is_and_what_was_answered(model: Pmo) -> None:
    given = ("type=threat", "probability=4", "impact=5", "owner=ana", "due=2099-08-01")
    model("submit", "P-1", "risks", *given, "--by", "ana")
    [asked] = model("inbox", "petra", "--json").json
    assert model("answer", asked["id"], "--note", "the steel is late", "--by", "petra").status == 0
    shown = model("show", "P-1", "risks", "R-1").out.splitlines()
    assert shown[1] == "  owner Ana Sousa, due 2099-08-01, impact 5, probability 4, type threat"
    assert "    answered by Petra Lang: the steel is late" in shown
    [told] = model("show", "P-1", "risks", "R-1", "--json").json["obligations"]
    assert told["answer"] == "Petra Lang: the steel is late"


def test_a_milestone_about_which_nobody_is_asked_is_not_stuck(model: Pmo) -> None:
    milestone(model, "2099-07-01")
    key = milestone(model, "2099-09-30")
    for person in ("sia", "bo"):
        [asked] = model("inbox", person, "--json").json
        way = ("--as", "concession", "--reason", "the steel is late")
        assert model("exception", "answer", asked["id"], *way, "--by", person).status == 0
    for person in ("bea", "cem"):  # the answer of a body is put to its vote
        [vote] = [e for e in model("inbox", person, "--json").json if e["kind"] == "approval"]
        assert model("approve", vote["id"], "--by", person).status == 0
    assert model("show", "P-1", "milestones", key, "--json").json["standing"] == "waiting"
    assert model("stuck").out.strip() == "nothing is stuck"
    assert model("inbox", "petra").out.strip() == "nothing waits for Petra Lang"


def test_a_list_shows_the_columns_that_are_filled_and_fit(
    model: Pmo, monkeypatch: pytest.MonkeyPatch
) -> None:
    milestone(model, "2099-07-01")
    monkeypatch.setenv("COLUMNS", "80")
    listed = model("records", "list", "milestones").out
    assert "2099-08-01" in listed
    assert "rebaselined" in listed.partition("not shown: ")[2]
    assert "not shown" not in model("records", "list", "milestones", "--show", "key,title").out


@pytest.mark.parametrize(
    ("width", "shown"), [(80, ("a", "c", "d")), (24, ("a", "c")), (23, ("a",)), (3, ("a",))]
)
def test_columns_that_no_row_fills_or_that_do_not_fit_are_left_out(
    width: int, shown: tuple[str, ...]
) -> None:
    rows: list[dict[str, Any]] = [{"a": 0, "b": None, "c": ""}, {"a": 1, "b": "", "c": "x", "d": 1}]
    assert fitting(("a", "b", "c", "d"), rows, width) == shown


@pytest.mark.parametrize(
    ("field", "hint"),
    [("planned", "did you mean 'planned_value'?"), ("ownr", "did you mean 'owner'?")],
)
def test_a_field_that_is_not_there_is_told_with_the_one_that_is_meant(
    model: Pmo, field: str, hint: str
) -> None:
    told = model("submit", "P-1", "benefits", f"{field}=1", "--by", "ana")
    assert (told.status, hint in told.err) == (2, True)


def test_headings_of_others_are_told_the_way_to_a_mapping(model: Pmo, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("Ref,Concern\n1,Steel\n")
    told = model("import", "issues", "log.csv", "--project", "P-1", "--by", "ana")
    assert "'pmo records mapping issues FILE --save NAME' takes a table as it is" in told.err


def test_a_criterion_that_is_answered_is_told_how_it_is_judged(model: Pmo) -> None:
    model("gate", "open", "P-1", "G0", "--by", "petra")
    [review] = model("gate", "list", "--json").json
    model("gate", "assess", review["id"], "--by", "petra")
    asked = [e for e in model("inbox", "petra", "--json").json if e["for"].startswith("criterion")]
    told = model("answer", asked[0]["id"], "--by", "petra")
    assert "use 'pmo gate judge'" in told.err


def test_the_quality_of_the_data_of_a_project_or_an_office_that_is_named(model: Pmo) -> None:
    """Each register is asked where it is kept; an office's own is in no project."""
    milestone(model, "2099-07-01")
    model("submit", "office", "courses", "title=Estimating", "--by", "petra")

    def looked_at(*named: str) -> list[str]:
        asked = [each for name in named for each in ("--project", name)]
        found = model("records", "quality", *asked, "--by", "petra", "--json").json
        return sorted(found["by_register"])

    assert looked_at("P-1") == ["milestones"]
    assert looked_at("office") == ["courses"]
    assert looked_at("P-1", "office") == ["courses", "milestones"]
    typo = model("records", "quality", "--project", "P-9", "--by", "petra")
    assert (typo.status, typo.err) == (2, "no project 'P-9'\n")
    nowhere = model("records", "quality", "--project", "P-1", "--register", "courses")
    assert (nowhere.status, "no office is called 'P-1'" in nowhere.err) == (2, True)
