"""Limits of authority at the vote: sums in a window, what waits before, what goes up and down."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import Refusal
from pmo_engine.work.facts import event_of
from pmo_engine.work.imports.importing import Sheet, bring_in
from pmo_engine.work.records import endings

WHOLE = (Path(__file__).parent / "city.yaml").read_text(encoding="utf-8")
CITY = WHOLE.partition("  - id: head-sees-large-changes")[0]
SUM = "cumulative: {by: project, over: 90 days}"


def submit(world: World, cost: str, project: str = "P-1", **fields: str) -> str:
    return world.submit(project, "change_requests", "sam", cost=cost, **fields).key


def asked(world: World, key: str, project: str = "P-1") -> list[str]:
    """Name the roles that a record waits for."""
    story = story_of(world.governance, project=project, register="change_requests", key=key)
    return [each.target for each in story.obligations if each.status == "open"]


def vote(world: World, person: str, key: str, choice: Any = "approve", project: str = "P-1") -> str:
    title = f"Change request {key} of {project}"
    [row] = [each for each in world.waiting_for(person) if each.title == title]
    return votes.vote(world.governance, row.id, by=person, choice=choice).status


@pytest.fixture
def office(make_world: Callable[..., World]) -> Callable[..., World]:
    def make(text: str = CITY) -> World:
        world = make_world(policy_from(text))
        for project in ("P-1", "P-2"):
            world.project(project)
            world.person(f"ana-{project[-1]}", "project_manager", project=project)
        world.person("petra", "pmo_head")
        world.person("bo", "portfolio_board")
        world.person("sam")
        return world

    return make


def test_of_five_submitted_together_the_head_may_approve_three(
    office: Callable[..., World],
) -> None:
    world = office()
    keys = [submit(world, "199000 GBP") for _ in range(5)]
    assert [asked(world, key) for key in keys] == [["pmo_head"]] * 3 + [["portfolio_board"]] * 2
    for key in keys[:3]:
        assert vote(world, "petra", key) == "approved"
    assert asked(world, keys[3]) == ["portfolio_board"]


def test_when_an_earlier_one_is_rejected_the_head_may_again(
    office: Callable[..., World],
) -> None:
    world = office()
    keys = [submit(world, "199000 GBP") for _ in range(5)]
    assert vote(world, "petra", keys[1], "reject") == "rejected"
    assert [asked(world, key) for key in keys[2:]] == [
        ["pmo_head"],
        ["pmo_head"],
        ["portfolio_board"],
    ]
    for key in (keys[0], keys[2], keys[3]):
        assert vote(world, "petra", key) == "approved"


def test_what_an_import_changes_frees_what_waits_behind_it(
    office: Callable[..., World], tmp_path: Path
) -> None:
    world = office()
    keys = [submit(world, "199000 GBP") for _ in range(5)]
    (tmp_path / "rows.csv").write_text("key,cost\nCR-2,60000 GBP\nCR-1,1000 GBP\n", "utf-8")
    sheet = Sheet(tmp_path / "rows.csv", "change_requests", "P-1")
    assert bring_in(world.governance, sheet, by="sam").changed == 2
    assert [asked(world, key) for key in keys] == [["project_manager"]] + [["pmo_head"]] * 3 + [
        ["portfolio_board"]
    ]


def test_when_the_time_of_an_earlier_one_is_up_the_head_may_again(
    office: Callable[..., World],
) -> None:
    ladder = "          ladder: patience\n"
    text = CITY.replace(ladder, f"{ladder}          when_time_is_up: counts as refused\n")
    world = office(text)
    first = submit(world, "199000 GBP")
    world.forward(working_days=2)
    later = [submit(world, "199000 GBP") for _ in range(3)]
    assert asked(world, later[-1]) == ["portfolio_board"]
    world.forward(working_days=1)
    assert world.status("P-1", "change_requests", first) == "rejected"
    assert [asked(world, key) for key in later] == [["pmo_head"]] * 3


def test_what_was_used_up_between_asking_and_vote_is_refused_and_goes_up(
    office: Callable[..., World],
) -> None:
    """The board approves a later one first; then the head's earlier ones are beyond her sum."""
    world = office()
    first = submit(world, "199000 GBP")
    second = submit(world, "201000 GBP")
    late = submit(world, "249000 GBP")
    assert asked(world, late) == ["portfolio_board"]
    [head] = [each for each in world.waiting_for("petra") if first in each.title]
    [other] = [each for each in world.waiting_for("petra") if second in each.title]
    assert vote(world, "bo", late) == "approved"
    assert asked(world, first) == ["pmo_head"]  # 249,000 and 199,000
    assert asked(world, second) == ["portfolio_board"]  # and 201,000 make 649,000
    with pytest.raises(Refusal):
        votes.vote(world.governance, other.id, by="petra", choice="approve")
    assert votes.vote(world.governance, head.id, by="petra", choice="approve").status == "approved"
    assert vote(world, "bo", second) == "approved"


def test_a_limit_that_fell_since_it_was_asked_is_refused_in_words_and_goes_up(
    office: Callable[..., World],
) -> None:
    lower = ', item 7"}\n      - {from: 2026-05-01, value: 100000 GBP, source: minute 9}\n  - id'
    text = CITY.replace(', item 7"}\n  - id', lower)
    world = office(text)
    key = submit(world, "199000 GBP")
    world.clock.set(world.clock.now() + timedelta(days=70))  # nobody sweeps before the vote
    with pytest.raises(Refusal) as refused:
        vote(world, "petra", key)
    said = str(refused.value)
    assert "the PMO head may not approve it by now: head-changes (minute 9) goes" in said
    assert "goes up to 100,000 GBP, and this is 199,000 GBP" in said
    assert asked(world, key) == ["portfolio_board"]
    assert vote(world, "bo", key) == "approved"


OFFICE_WIDE = CITY.replace(SUM, "cumulative: {over: financial year, across: office}").replace(
    "currency: GBP\n", "currency: GBP\nfinancial_year_from: 1 April\n", 1
)


def test_another_project_is_no_way_around_a_sum_of_the_office(
    office: Callable[..., World],
) -> None:
    world = office(OFFICE_WIDE)
    for project in ("P-1", "P-2", "P-1"):
        assert vote(world, "petra", submit(world, "200000 GBP", project), project=project)
    key = submit(world, "50000.01 GBP", "P-2")
    assert asked(world, key, "P-2") == ["portfolio_board"]


BY_SUPPLIER = CITY.replace(SUM, "cumulative: {by: supplier, over: ever, across: office}").replace(
    "      cost: {type: money}\n", "      cost: {type: money}\n      supplier: {type: text}\n", 1
)


def test_another_spelling_is_no_other_supplier(office: Callable[..., World]) -> None:
    world = office(BY_SUPPLIER)
    for supplier in ("ACME Ltd", "acme  ltd ", "ＡＣＭＥ\u00a0Ltd"):
        assert vote(world, "petra", submit(world, "200000 GBP", supplier=supplier)) == "approved"
    assert asked(world, submit(world, "60000 GBP", supplier="Acme\u200b LTD")) == [
        "portfolio_board"
    ]
    assert asked(world, submit(world, "60000 GBP", supplier="Acme Lt")) == ["pmo_head"]


SHARE = CITY
for old, new in (
    ("    plural: changes\n", "    plural: changes\n    value: cost\n"),
    ("      cost: {type: money}\n", "      cost: {type: money}\n      price: {type: money}\n"),
    ("value: 250000 GBP", "value: greater of 60000 GBP and 10 % of change.price"),
):
    SHARE = SHARE.replace(old, new, 1)


def test_a_share_of_a_field_that_is_changed_after_asking_is_another_limit(
    office: Callable[..., World],
) -> None:
    world = office(SHARE)
    key = submit(world, "80000 GBP", price="900000 GBP")
    assert asked(world, key) == ["pmo_head"]
    [before] = world.waiting_for("petra")
    world.update("P-1", "change_requests", key, "sam", price="700000 GBP")
    assert asked(world, key) == ["portfolio_board"]
    with pytest.raises(Refusal):
        votes.vote(world.governance, before.id, by="petra", choice="approve")


VACANT = CITY.replace(
    "  - id: head-changes\n",
    "  - id: head-changes\n    while_vacant: project_manager\n",
    1,
).replace("value: 250000 GBP", "value: 100000 GBP", 1)


def test_authority_while_a_post_is_vacant_is_there_only_then(
    make_world: Callable[..., World],
) -> None:
    alone = re.sub(r"  - id: head-changes-in-sum\n(    .*\n)+", "", VACANT)
    world = make_world(policy_from(alone))
    world.project("P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("sam")
    assert asked(world, submit(world, "100000.01 GBP")) == ["portfolio_board"]
    assert asked(world, submit(world, "90000 GBP")) == ["pmo_head"]
    world.person("ana", "project_manager", project="P-1")
    assert asked(world, submit(world, "90000 GBP")) == ["portfolio_board"]


def test_what_is_withdrawn_or_made_less_lets_those_behind_it_go_down_again(
    office: Callable[..., World],
) -> None:
    world = office()
    first, second, third = (submit(world, "249000 GBP") for _ in range(3))
    assert asked(world, third) == ["portfolio_board"]
    world.update("P-1", "change_requests", second, "sam", cost="100000 GBP")
    assert asked(world, third) == ["pmo_head"]
    fourth = submit(world, "100000 GBP")
    assert asked(world, fourth) == ["portfolio_board"]
    endings.withdraw(
        world.governance, project="P-1", register="change_requests", key=first, by="sam"
    )
    assert asked(world, fourth) == ["pmo_head"]


def test_what_was_given_already_stays_given_when_it_goes_up(
    office: Callable[..., World],
) -> None:
    """The head signs large changes besides, by name: her signature is not asked for twice."""
    world = office(WHOLE)
    first, second = submit(world, "249000 GBP"), submit(world, "249000 GBP")
    late = submit(world, "249000 GBP")
    assert asked(world, late) == ["portfolio_board", "pmo_head"]
    assert vote(world, "petra", late) == "submitted"
    assert vote(world, "bo", late) == "approved"
    assert asked(world, first) == ["pmo_head"]
    assert sorted(asked(world, second)) == ["pmo_head", "portfolio_board"]
    assert vote(world, "petra", second) == "submitted"
    assert vote(world, "petra", first) == "approved"
    assert asked(world, second) == ["portfolio_board"]
    assert vote(world, "bo", second) == "approved"


def test_a_decision_by_a_sum_of_the_office_is_decided_the_same_again(
    office: Callable[..., World],
) -> None:
    """What is kept of it is the sum, and none of the records of other projects."""
    world = office(OFFICE_WIDE)
    for number in range(4):
        world.forward(hours=1)  # so that the decisions have an order
        submit(world, "200000 GBP", f"P-{number % 2 + 1}")
    with world.governance.reading() as c:
        made = c.uow.decisions.of_project("P-2")
        sums = [each.facts["standing"]["sums"]["head-changes-in-sum"] for each in made]
        assert sums == ["200000 GBP", "600000 GBP"]
        assert not any(each.listings for each in made)
        for each in made:
            again = c.rules.engine.decide(event_of(c, each))
            assert again.published() == each.result
