"""Exceptions of tolerances that went to a body: answered by its vote, and by no member alone."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.queries.exceptions import ExceptionShown, every_exception
from pmo_engine.testing import Failed, World, at_once, policy_from, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.approvals.votes import vote
from pmo_engine.work.errors import Refusal
from pmo_engine.work.people.appointments import end
from pmo_engine.work.records.submission import submit, update
from pmo_engine.work.tolerances.answers import Answered, answer_exception

TOLERANCES = Path(__file__).parent / "tolerances.yaml"
BODY = """\
  - {id: portfolio_board, body: true}
---
kind: terms_of_reference
for: portfolio_board
members: 3
quorum: {meet: 1/2, vote: 1/2}
voting: {count: cast, pass: more than half}
"""
BOARD = ("bo", "bea", "cy")


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    text = TOLERANCES.read_text(encoding="utf-8")
    body = text.replace("  - {id: portfolio_board}\n", BODY)
    each = body.replace(
        "each: milestones, forecast: forecast, against: baseline, met: actual}", "&"
    )
    assert each != body != text
    text = each.replace(
        "&\n    raise_to: sponsor",
        "each: milestones, forecast: forecast, against: baseline, met: actual}\n"
        "    raise_to: portfolio_board",
    )
    made = make_world(policy_from(text), start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    made.person("sue", "sponsor", project="P-1")
    for each in BOARD:
        made.person(each, "portfolio_board")
    made.submit("P-1", "budget_lines", "ana", baseline="100000 GBP", forecast="118000 GBP")
    return made


def found(world: World, tolerance: str = "project cost") -> ExceptionShown:
    with world.governance.reading() as c:
        shown = every_exception(c, "P-1", answered=True).items
    return next(each for each in reversed(shown) if each.tolerance == tolerance)


def put(world: World, by: str = "bo", way: Any = "stop", **more: Any) -> Answered:
    id = found(world, more.pop("tolerance", "project cost")).id
    return answer_exception(world.governance, id, way=way, by=by, reason="too dear", **more)


def status(world: World) -> str:
    with world.database.read() as uow:
        return uow.projects.get("P-1").status


def test_one_member_stops_no_project_a_quorum_does(world: World) -> None:
    said = put(world)
    assert (said.status, said.tally) == ("active", "1 of 2 in favour; 1 of 2 there")
    assert (status(world), found(world).status) == ("active", "open")
    vote(world.governance, said.put, by="bea", choice="approve", reason="so be it")
    shown = found(world)
    assert (status(world), shown.status, shown.way) == ("stopped", "met", "stop")
    assert (shown.by, shown.body) == ("bo", "portfolio_board")


def test_whoever_writes_what_raises_an_exception_hears_so_at_once(world: World) -> None:
    world.project("P-3")
    write = partial(submit, world.governance, project="P-3", register="budget_lines", by="sue")
    fine = write(fields={"baseline": "1000 GBP", "forecast": "1000 GBP", "owner": "ana"})
    assert fine.notes == ()
    nobody, *raised = write(
        fields={"baseline": "1000 GBP", "forecast": "9000 GBP", "owner": "anna"}
    ).notes
    assert nobody == "its owner 'anna' is nobody whom the office knows, and hears nothing"
    said = "it takes Project P-3 beyond a tolerance, which is for "
    to = sorted(each.removeprefix(said).split(" to answer")[0] for each in raised)
    assert to == ["the portfolio board", "the sponsor"]
    change = partial(update, world.governance, project="P-3", register="budget_lines", by="sue")
    assert change(key="BL-2", changes={"forecast": "9500 GBP", "owner": "ana"}).notes == ()
    back = change(key="BL-2", changes={"forecast": "1000 GBP"})
    assert back.notes == ()
    again = change(key="BL-2", changes={"forecast": "9000 GBP"}).notes
    assert len(again) == len(raised)


def test_who_put_it_has_voted_and_nobody_else_puts_another(world: World) -> None:
    said = put(world)
    with pytest.raises(Refusal, match="voted approve"):
        vote(world.governance, said.put, by="bo", choice="approve")
    with pytest.raises(Refusal, match=f"stop is put to .* 'pmo approve {said.put[:8]}'"):
        put(world, "bea", "concession")
    with pytest.raises(Refusal, match="may not"):
        vote(world.governance, said.put, by="sue", choice="approve")


def test_what_is_refused_leaves_the_exception_for_another_answer(world: World) -> None:
    said = put(world)
    for each in ("bea", "cy"):
        vote(world.governance, said.put, by=each, choice="reject", reason="it is needed")
    assert (status(world), found(world).status) == ("active", "open")
    mails = [
        each for each in world.inbox("bo").messages if "what you put is refused" in each.subject
    ]
    assert len(mails) == 1
    other = put(world, "cy", "concession")
    vote(world.governance, other.put, by="bea", choice="approve", reason="steel")
    assert (found(world).status, found(world).way) == ("met", "concession")


def test_a_concession_goes_as_far_as_it_was_put(world: World) -> None:
    said = put(world, way="concession")
    assert said.granted["project_cost"] == "118000 GBP"
    vote(world.governance, said.put, by="bea", choice="approve", reason="steel")
    assert found(world).status == "met"
    world.update("P-1", "budget_lines", "BL-1", "ana", forecast="125000 GBP")
    world.clock.set(datetime(2026, 3, 3, 10, tzinfo=UTC))
    world.sweep()
    with world.governance.reading() as c:
        waiting = every_exception(c, "P-1", answered=False).items
    assert "project cost" in {each.tolerance for each in waiting}  # worse than was conceded


def test_what_was_put_is_no_answer_to_what_is_exceeded_by_now(world: World) -> None:
    said = put(world, way="concession")
    world.update("P-1", "budget_lines", "BL-1", "ana", forecast="125000 GBP")
    with pytest.raises(Refusal, match="withdrawn"):
        vote(world.governance, said.put, by="bea", choice="approve", reason="steel")
    assert put(world, way="concession").granted["project_cost"] == "125000 GBP"


def test_what_is_put_goes_with_its_exception(world: World) -> None:
    said = put(world)
    world.update("P-1", "budget_lines", "BL-1", "ana", forecast="100000 GBP")
    assert found(world).status == "withdrawn"
    with pytest.raises(Refusal, match="withdrawn"):
        vote(world.governance, said.put, by="bea", choice="approve")
    assert status(world) == "active"


def test_of_a_record_it_is_no_approval_of_what_that_says(world: World) -> None:
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-04-02")
    said = put(world, way="concession", tolerance="project time")
    vote(world.governance, said.put, by="cy", choice="approve", reason="weather")
    assert found(world, "project time").way == "concession"
    with world.database.read() as uow:
        assert uow.entries.by_key("P-1", "milestones", "M-1").standing == "waiting"


def test_an_exception_shows_which_answer_is_voted_on_and_how_that_stands(world: World) -> None:
    assert found(world).put is None
    said = put(world, way="concession")
    shown = found(world).put
    assert shown is not None
    assert (shown.id, shown.way, shown.by, shown.name) == (said.put, "concession", "bo", "Bo")
    assert (shown.reason, shown.body) == ("too dear", "portfolio_board")
    assert shown.tally == "1 of 2 in favour; 1 of 2 there"
    vote(world.governance, said.put, by="bea", choice="approve")
    assert found(world).put is None


def test_nothing_is_put_to_a_body_that_cannot_decide_it(world: World) -> None:
    for each in ("bea", "cy"):
        end(world.governance, person=each, role="portfolio_board", by="bo")
    with pytest.raises(Refusal, match="cannot be decided as it stands: no quorum"):
        put(world)
    assert (found(world).status, found(world).put) == ("open", None)


def test_what_a_body_can_decide_no_more_makes_room_for_another_answer(world: World) -> None:
    first = put(world)
    for each in ("bea", "cy"):
        end(world.governance, person=each, role="portfolio_board", by="bo")
    for each in ("dan", "eve"):
        world.person(each, "portfolio_board")
    second = put(world, way="concession")
    with pytest.raises(Refusal, match="withdrawn"):
        vote(world.governance, first.put, by="bo", choice="reject")
    vote(world.governance, second.put, by="dan", choice="approve", reason="steel")
    assert (found(world).status, found(world).way) == ("met", "concession")


BY_CONDITION = """
---
kind: rules
rules:
  - id: dear-line
    title: The board hears of a line that is dear
    on: budget_line.submitted
    binding: shall
    when: budget_line.forecast > @"1000 GBP"
    then: [{raise_exception: {to: portfolio_board, reason: It is dear, within: 2 working days}}]
"""


@pytest.fixture
def dear(make_world: Callable[..., World]) -> World:
    """A line that Bo of the board enters, of which the board hears by a rule's own condition."""
    text = TOLERANCES.read_text(encoding="utf-8").replace("  - {id: portfolio_board}\n", BODY)
    made = make_world(policy_from(text + BY_CONDITION))
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    for each in BOARD:
        made.person(each, "portfolio_board")
    made.submit("P-1", "budget_lines", "bo", baseline="5000 GBP", forecast="5000 GBP")
    return made


def heard(world: World, person: str = "bea") -> str:
    return next(each.id for each in world.waiting_for(person) if each.kind == "exception")


def test_one_note_answers_no_exception_that_a_body_votes_on(dear: World) -> None:
    asked = heard(dear)
    said = votes.answer(dear.governance, asked, by="bea", note="It is worth it")
    assert (said.choice, said.tally) == ("answer", "1 of 2 in favour; 1 of 2 there")
    assert heard(dear, "cy") == asked
    votes.vote(dear.governance, said.obligation, by="cy", choice="approve")
    story = story_of(dear.governance, project="P-1", register="budget_lines", key="BL-1")
    answers = [each.answer for each in story.obligations if each.kind == "exception"]
    assert answers == ["Bea: It is worth it"]
    assert all(each.kind != "exception" for each in dear.waiting_for("cy"))


def test_who_asked_for_it_may_put_an_answer_and_has_no_vote_on_it(dear: World) -> None:
    said = votes.answer(dear.governance, heard(dear, "bo"), by="bo", note="Mine")
    assert said.tally == "0 of 2 in favour; 0 of 2 there"
    with pytest.raises(Refusal, match="nobody approves a request of their own"):
        votes.vote(dear.governance, said.obligation, by="bo", choice="approve")


def test_two_notes_of_members_at_once_put_one_answer_to_their_vote(dear: World) -> None:
    give = partial(votes.answer, obligation=heard(dear))
    answers = at_once(
        dear,
        partial(give, by="bea", note="It is worth it"),
        partial(give, by="cy", note="Cut it"),
    )
    [failed] = [each for each in answers if isinstance(each, Failed)]
    assert failed.kind == "Refusal"
    assert "note is put to the portfolio board already; vote on it" in failed.message
    [put_up] = [each for each in answers if not isinstance(each, Failed)]
    assert put_up.tally == "1 of 2 in favour; 1 of 2 there"
    story = story_of(dear.governance, project="P-1", register="budget_lines", key="BL-1")
    assert [each.status for each in story.obligations if each.kind == "approval"] == ["open"]
    voter = "cy" if isinstance(answers[1], Failed) else "bea"
    votes.vote(dear.governance, put_up.obligation, by=voter, choice="approve")
    assert waits(dear, "cy") == waits(dear, "bea") == []


def test_a_note_asked_for_twice_at_once_under_one_request_is_put_once(dear: World) -> None:
    give = partial(votes.answer, obligation=heard(dear), by="bea", note="So", request="n-1")
    one, other = at_once(dear, give, give)
    assert one == other == give(dear.governance)
    assert [line.kind for line in dear.journal("P-1")].count("voted") == 1


def test_a_note_and_the_vote_that_ends_another_s_at_once_answer_it_once(dear: World) -> None:
    first = votes.answer(dear.governance, heard(dear), by="bea", note="It is worth it")
    passing = partial(votes.vote, obligation=first.obligation, by="cy", choice="approve")
    second = partial(votes.answer, obligation=heard(dear, "cy"), by="cy", note="Cut it")
    answers = at_once(dear, passing, second)
    [failed] = [each for each in answers if isinstance(each, Failed)]
    assert "is put to the portfolio board already" in failed.message or "met" in failed.message
    assert [line.kind for line in dear.journal("P-1")].count("exception.answered") == 1
    assert waits(dear, "cy") == waits(dear, "bea") == []


def waits(world: World, person: str) -> list[str]:
    return [each.kind for each in world.waiting_for(person)]


def test_a_vote_on_an_answer_leaves_a_record_that_lives_on_approved(
    make_world: Callable[..., World],
) -> None:
    text = TOLERANCES.read_text(encoding="utf-8").replace("  - {id: portfolio_board}\n", BODY)
    text = text.replace("    noun: milestone\n", "    noun: milestone\n    decided: when asked\n")
    text = text.replace(
        "met: actual}\n    raise_to: sponsor", "met: actual}\n    raise_to: portfolio_board"
    )
    world = make_world(policy_from(text + PLANNED), start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sue", "sponsor", project="P-1")
    for each in BOARD:
        world.person(each, "portfolio_board")
    world.submit("P-1", "milestones", "ana", baseline="2026-03-12", forecast="2026-03-12")
    world.vote("sue")
    update = partial(world.update, "P-1", "milestones", "M-1", "ana")
    assert update(forecast="2026-06-12").status == "approved"
    put(world, way="concession", tolerance="project time")
    assert update(owner="ana").status == "approved"


PLANNED = """
---
kind: rules
rules:
  - id: planned
    title: The sponsor approves what is planned
    on: milestone.submitted
    binding: shall
    when: is_known(milestone.baseline)
    then: [{require_approval: {from: sponsor, within: 2 days}}]
"""
