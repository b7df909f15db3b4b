"""Tolerances in the documents: each a clause, its values marked as of the day."""

from datetime import date

from pmo_engine.documents import build, clauses, written
from pmo_engine.policy import Policy


def test_each_tolerance_is_a_clause_with_all_its_values(demo: Policy) -> None:
    said = {clause.id: clause for clause in clauses(demo)}
    assert said["tolerance/stage/cost"].text.splitlines() == [
        "Up to 5 %, from 1 January 2026 (Board minutes of November 2025, item 10).",
        "Up to 7.5 %, from 1 July 2026 (Portfolio board 2026-03-11, item 5).",
        "Of the budget at completion of the stage.",
    ]
    declared = {f"tolerance/{level}/{of}" for level, of in demo.tolerances}
    assert {name for name in said if name.startswith("tolerance/")} == declared


def test_values_are_marked_as_of_the_day(demo: Policy) -> None:
    page = (
        written(build(demo, on=date(2026, 8, 1)), "md")
        .decode()
        .replace("\N{NO-BREAK SPACE}", " ")
        .splitlines()
    )
    (past,) = [line for line in page if "| 5 % | 1 January 2026 |" in line and "stage" in line]
    (present,) = [line for line in page if "| 7.5 % |" in line]
    assert past.endswith("| past |")
    assert present.endswith("| 1 July 2026 | Portfolio board 2026-03-11, item 5 | in force |")
    (criterion,) = [line for line in page if "has passed its review" in line]
    assert "| 1 January 2026 | Board minutes of November 2025, item 10 | in force |" in criterion


def test_a_criterion_is_said_with_the_days_on_which_it_holds(make_policy) -> None:
    text = (
        "kind: tolerances\ntolerances:\n  - {level: stage, of: scope, criteria:"
        " [{text: Nothing is left out, from: 2026-02-01, to: 2026-04-01, source: minute 1}]}\n"
    )
    page = written(build(make_policy(text), on=date(2026, 3, 1)), "md").decode()
    assert (
        "| Nothing is left out | 1 February 2026, until 1 April 2026 | minute 1 | in force |"
        in page
    )


def test_a_policy_without_tolerances_has_no_such_section(make_policy) -> None:
    titles = [section.title for section in build(make_policy("")).sections]
    assert "Tolerances" not in titles
