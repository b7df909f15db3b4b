"""What one version of a policy says otherwise than another."""

from pathlib import Path

import pytest

from pmo_engine.documents.differences import differences, roles_concerned
from pmo_engine.policy import Policy
from pmo_engine.testing import policy_from

STORIES = (Path(__file__).parents[1] / "stories" / "city.yaml").read_text(encoding="utf-8")
CITY = STORIES.replace("voting: A show", "members: 5\nvoting: A show")


def city(*changes: tuple[str, str]) -> Policy:
    text = CITY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return policy_from(text)


def found(*changes: tuple[str, str]) -> dict[str, str]:
    return {each.id: each.kind for each in differences(city(), city(*changes))}


def test_the_same_words_are_no_difference() -> None:
    assert found() == {}
    assert found(("# The policy of the stories", "# A remark")) == {}


def test_a_changed_word_is_shown_between_those_that_stay() -> None:
    [each] = differences(city(), city(("members: 5", "members: 7")))[:1]
    assert each.id == "terms/portfolio_board/membership"
    words = [(piece.sign, piece.text) for piece in each.pieces()]
    assert words == [
        (" ", "Membership: "),
        ("-", "5"),
        ("+", "7"),
        (" ", " members with a vote."),
    ]


def test_a_clause_is_called_as_the_new_version_calls_it() -> None:
    title = "The head of the office approves every large change"
    [each] = differences(city(), city((title, "The head sees what is large")))
    assert each.heading == "The head sees what is large"
    [gone] = differences(city((title, "The head sees what is large")), city())
    assert gone.heading == title


def test_what_is_added_and_removed_stands_in_the_order_of_the_document() -> None:
    renamed = ("id: head-sees-large-changes", "id: head-sees-big-changes")
    about = ("by-authority, head-sees-large-changes", "by-authority, head-sees-big-changes")
    assert list(found(renamed, about).items()) == [
        ("rule/head-sees-large-changes", "removed"),
        ("rule/head-sees-big-changes", "added"),
        ("key/suite/change_request.submitted of by-authority/about", "changed"),
    ]


VIEWS = """
---
kind: views
views:
  - {id: dear, of: change_requests, title: Dear, where: change.cost > @"5 GBP", sort: [-cost]}
  - {id: cheap, of: change_requests, title: Cheap, where: change.cost < @"6 GBP", sort: [cost]}
"""
SUITE = """
---
kind: suite
id: more
about: [by-authority]
event: change_request.submitted
facts: {change: {cost: 5 GBP}}
cases:
"""
LINES = "".join(
    f"  - {{name: case {n}, facts: {{change: {{cost: {n} GBP}}}}, expect: {{blocked: false}}}}\n"
    for n in range(1, 8)
)
SEVEN = (
    "Suite, more: about: by-authority; event: change_request.submitted; "
    "7 cases: case 1, case 2, case 3, case 4, case 5 and 2 more"
)
CHEAP = 'Views, cheap: of: change_requests; title: Cheap; where: change.cost < @"6 GBP"; sort: cost'


UNNAMED = SUITE.replace("id: more\n", "").replace("[by-authority]", "[head-sees-large-changes]")
OF_ANOTHER = SEVEN.replace("more:", "change request.submitted of head-sees-large-changes:").replace(
    "about: by-authority", "about: head-sees-large-changes"
)


@pytest.mark.parametrize(
    ("more", "less", "line"),
    [
        (SUITE + LINES, "", SEVEN),
        (UNNAMED + LINES, "", OF_ANOTHER),
        (
            UNNAMED + LINES + UNNAMED + LINES,
            UNNAMED + LINES,
            OF_ANOTHER.replace("changes:", "changes (2):", 1),
        ),
        (VIEWS, VIEWS[: VIEWS.index("  - {id: cheap")], CHEAP),
        (SUITE + LINES, SUITE + LINES.partition("\n")[2], "Suite, more, cases, case 1:"),
    ],
)
def test_what_is_gone_or_new_as_a_whole_is_one_line(more: str, less: str, line: str) -> None:
    text = CITY
    one, other = policy_from(text + more), policy_from(text + less)
    [gone], [new] = differences(one, other), differences(other, one)
    assert (gone.kind, new.kind) == ("removed", "added")
    old, added = gone.published().old or "", new.published().new or ""
    assert old.startswith(line)
    assert added == old
    assert gone.id == new.id


def test_a_first_version_is_new_throughout() -> None:
    kinds = {each.kind for each in differences(None, city())}
    assert kinds == {"added"}


def test_a_change_of_a_rule_concerns_those_who_act_in_it() -> None:
    slower = ("from: pmo_head, within: 3 working days", "from: pmo_head, within: 5 working days")
    assert roles_concerned(city(), city(slower)) == ["pmo_head"]
    other = ('change.cost > @"0 GBP"', 'change.cost > @"10 GBP"')
    assert roles_concerned(city(), city(other)) == [
        "pmo_head",
        "portfolio_board",
        "project_manager",
    ]


def test_a_change_that_names_nobody_concerns_everybody() -> None:
    hours = ('"09:00-17:30"', '"09:00-17:00"')
    assert roles_concerned(city(), city(hours)) == [
        "pmo_head",
        "portfolio_board",
        "project_manager",
    ]


def test_another_say_about_interests_is_a_difference_of_the_terms() -> None:
    more = ("review_every: 12 months", "review_every: 12 months\nmay_not: [own project]")
    assert found(more)["terms/pmo_head/interests"] == "changed"
