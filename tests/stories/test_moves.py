"""Which move it is, what it needs, and where a record that was closed goes on."""

from collections.abc import Callable

import pytest

from pmo_engine.queries.records import RecordStory
from pmo_engine.store.tables import Choice
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import Refusal
from pmo_engine.work.records import endings, moves
from tests.stories.conftest import CITY, DATABASES

pytestmark = DATABASES

DEFECTS = """
---
kind: registers
registers:
  - register: defects
    noun: defect
    root: defect
    plural: defects
    key_prefix: D
    fields:
      title: {type: text}
      measure: {type: text}
      cost: {type: money}
    life_cycle:
      states: [open, approved, rejected, fixing, parked, done, dropped]
      closed: [done, dropped]
      moves:
        - {from: open, to: fixing, needs: [measure, due]}
        - {from: [open, fixing], to: done}
        - {from: [open, fixing], to: dropped}
        - {from: done, to: dropped}
        - {from: approved, to: done}
        - {from: rejected, to: fixing}
        - {from: rejected, to: dropped}
        - {from: done, to: open}
        - {from: done, to: fixing}
        - {from: dropped, to: fixing}
        - {from: open, to: parked, needs: approval of pmo_head}
        - {from: done, to: parked, needs: approval of pmo_head}
---
kind: rules
rules:
  - id: costly-defect
    title: The head approves what a defect costs
    on: defect.submitted
    binding: shall
    when: defect.cost > @"0 GBP"
    then: [{require_approval: {from: pmo_head, within: 2 working days}}]
  - id: measure-afterwards
    title: What is approved has a measure
    on: defect.approved
    binding: shall
    when: not(is_known(defect.measure))
    then: [{require_information: {facts: [defect.measure], from: project_manager}}]
  - id: no-defect-without-a-title
    title: What has no title waits
    on: defect.submitted
    binding: shall
    when: not(is_known(defect.title))
    then: [{block: it has no title}]
  - id: picture
    title: A picture should be there
    on: defect.submitted
    binding: should
    when: defect.measure = "photograph"
    then: [{require_evidence: {evidence: picture, from: project_manager, within: 9 days}}]
"""
HERE = {"project": "P-1", "register": "defects", "key": "D-1"}


@pytest.fixture
def site(make_world: Callable[..., World]) -> World:
    """The city, with defects, of which Sam enters the first."""
    world = make_world(policy_from(CITY.read_text("utf-8") + DEFECTS))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("sam")
    said = {"title": "Crack", "measure": "weld", "cost": "0 GBP", "due": "2026-05-01"}
    world.submit("P-1", "defects", "sam", **said)
    return world


def story(world: World) -> RecordStory:
    return story_of(world.governance, **HERE)


def last_move(world: World) -> str:
    return [line.kind for line in world.journal("P-1") if line.kind.startswith("defect.")][-1]


def test_from_one_closed_state_into_another_is_a_move_and_it_stays_closed(site: World) -> None:
    moves.move(site.governance, **HERE, to="done", by="sam")
    assert last_move(site) == "defect.closed"
    moves.move(site.governance, **HERE, to="dropped", by="sam")
    assert last_move(site) == "defect.moved"
    with pytest.raises(Refusal, match="D-1 is dropped, and is not changed; open it again first"):
        site.update("P-1", "defects", "D-1", "ana", title="Split")
    moves.move(site.governance, **HERE, to="fixing", by="sam")
    assert last_move(site) == "defect.reopened"
    assert site.update("P-1", "defects", "D-1", "ana", title="Split").status == "fixing"


def test_it_is_opened_in_the_state_in_which_it_was_last(site: World) -> None:
    moves.move(site.governance, **HERE, to="fixing", by="sam")
    moves.close(site.governance, **HERE, to="done", by="sam")
    assert moves.reopen(site.governance, **HERE, by="sam").status == "fixing"


def test_where_no_move_leads_back_it_is_opened_in_the_only_state_that_one_leads_to(
    site: World,
) -> None:
    moves.close(site.governance, **HERE, to="dropped", by="sam")
    assert moves.reopen(site.governance, **HERE, by="sam").status == "fixing"


@pytest.mark.parametrize(("field", "value"), [("due", None), ("measure", None), ("measure", "")])
def test_what_a_move_needs_is_given(site: World, field: str, value: str | None) -> None:
    site.update("P-1", "defects", "D-1", "ana", **{field: value})
    with pytest.raises(Refusal, match=rf"cannot become fixing before defect\.{field} is given"):
        moves.move(site.governance, **HERE, to="fixing", by="sam")


def test_a_change_may_name_the_state_that_it_is_in(site: World) -> None:
    assert site.update("P-1", "defects", "D-1", "ana", title="Split", status="open").version == 2
    assert story(site).fields_["title"] == "Split"


def test_what_was_refused_is_closed_and_nothing_else(site: World) -> None:
    site.update("P-1", "defects", "D-1", "ana", cost="5 GBP")
    site.vote("petra", "reject")
    assert (story(site).status, story(site).standing) == ("rejected", "rejected")
    with pytest.raises(Refusal, match="D-1 is rejected, and it can become dropped"):
        moves.move(site.governance, **HERE, to="fixing", by="sam")
    assert moves.close(site.governance, **HERE, to="dropped", by="sam").status == "dropped"


def test_what_nobody_approved_is_not_opened_as_approved(world: World) -> None:
    world.person("sam")
    key = world.submit("P-1", "change_requests", "sam", cost="40000 GBP").key
    here = {"project": "P-1", "register": "change_requests", "key": key}
    moves.close(world.governance, **here, by="sam")
    with pytest.raises(Refusal, match="is closed, and it can become submitted"):
        moves.reopen(world.governance, **here, by="sam", to="approved")


def test_what_is_asked_after_the_decision_is_not_ended_by_closing(site: World) -> None:
    site.update("P-1", "defects", "D-1", "ana", cost="5 GBP", measure=None)
    site.vote("petra")
    with pytest.raises(Refusal, match=r"while information .* is open about it; see to it first"):
        moves.close(site.governance, **HERE, to="done", by="sam")


def test_whoever_is_still_asked_something_hears_that_it_is_rescinded(site: World) -> None:
    site.update("P-1", "defects", "D-1", "sam", cost="5 GBP", measure=None)
    site.vote("petra")
    ended = endings.rescind(site.governance, **HERE, reason="late", by="petra")
    assert ended.told == ("ana", "sam")


def waiting(world: World) -> list[tuple[str, str]]:
    return [(each.kind, each.act) for each in story(world).obligations if each.status == "open"]


def test_what_is_blocked_or_should_be_given_keeps_nothing_open(site: World) -> None:
    site.update("P-1", "defects", "D-1", "ana", title=None, measure="photograph")
    assert sorted(kind for kind, _ in waiting(site)) == ["block", "evidence"]
    assert moves.close(site.governance, **HERE, to="done", by="sam").status == "done"
    assert waiting(site) == []


def test_a_move_that_waits_for_its_approval_is_seen_to_before_a_record_is_closed(
    site: World,
) -> None:
    assert moves.move(site.governance, **HERE, to="parked", by="sam").asked == ("petra",)
    assert waiting(site) == [("approval", "move defect")]
    with pytest.raises(Refusal, match="while approval pmo_head is open about it"):
        moves.close(site.governance, **HERE, to="done", by="sam")


def test_an_approval_to_reopen_is_one_of_that_act(site: World) -> None:
    moves.close(site.governance, **HERE, to="done", by="sam")
    moves.reopen(site.governance, **HERE, to="parked", by="sam")
    assert waiting(site) == [("approval", "reopen defect")]
    site.vote("petra")
    assert story(site).status == "parked"


def test_who_is_asked_about_a_record_is_not_told_that_it_moves(site: World) -> None:
    site.update("P-1", "defects", "D-1", "ana", cost="5 GBP", owner="ana")
    assert moves.move(site.governance, **HERE, to="fixing", by="sam").told == ("ana",)
    assert waiting(site) == [("approval", "")]
    assert moves.close(site.governance, **HERE, to="done", by="sam").told == ("ana", "petra")


def test_what_is_blocked_is_decided_about_anew_in_its_new_state(site: World) -> None:
    site.update("P-1", "defects", "D-1", "ana", title=None)
    assert story(site).standing == "blocked"
    moves.move(site.governance, **HERE, to="fixing", by="sam")
    assert [each.event for each in story(site).decisions][-2:] == ["defect.updated"] * 2


def test_what_a_move_asks_has_the_time_and_the_ladder_of_the_policy(make_world):
    text = CITY.read_text("utf-8")
    head = "default_within: 3 working days\ndefault_ladder: patience\ncalendar: town-hall\n"
    world = make_world(policy_from(text.replace("calendar: town-hall\n", head, 1) + DEFECTS))
    world.project("P-1")
    world.person("sam", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.submit("P-1", "defects", "sam", title="Rust")
    moves.move(world.governance, **HERE, to="parked", by="sam")
    [asked] = world.waiting_for("petra")
    assert asked.due == "2026-03-05T09:00:00+00:00"
    world.forward(working_days=2)
    assert world.inbox("petra").subjects[-1].startswith("Reminder: ")


def costly(site: World) -> None:
    """Let Sam's defect cost something, of which the head is asked, and then to park it."""
    site.update("P-1", "defects", "D-1", "ana", cost="5 GBP")
    moves.move(site.governance, **HERE, to="parked", by="sam", reason="It rains")
    assert sorted(waiting(site)) == [("approval", ""), ("approval", "move defect")]


def test_a_move_that_is_asked_for_keeps_no_outcome_back(site: World) -> None:
    costly(site)
    decide = next(row for row in site.waiting_for("petra") if not row.act)
    votes.vote(site.governance, decide.id, by="petra", choice="approve")
    assert (story(site).status, story(site).standing) == ("approved", "approved")
    assert waiting(site) == []  # from approved no move leads to parked
    told = [each.subject for each in site.inbox("sam").messages]
    assert "Defect D-1 of P-1 is not to become parked any more" in told


def test_what_is_approved_on_its_way_is_said_to_be(site: World) -> None:
    costly(site)
    park, decide = sorted(site.waiting_for("petra"), key=lambda row: not row.act)
    votes.vote(site.governance, park.id, by="petra", choice="approve")
    votes.vote(site.governance, decide.id, by="petra", choice="approve")
    last = story(site).versions[-1]
    assert (last.status, last.became, last.name) == ("parked", "approved", "Petra")
    told = next(
        e for e in site.inbox("sam").messages if e.subject == "Defect D-1 of P-1 is approved"
    )
    assert told.body.count("voted approve") == 1  # of the two votes that on the defect


def test_a_move_is_asked_anew_of_what_a_record_says_now(site: World) -> None:
    costly(site)
    before = next(row for row in site.waiting_for("petra") if row.act)
    site.update("P-1", "defects", "D-1", "ana", cost="9 GBP")
    assert sorted(waiting(site)) == [("approval", ""), ("approval", "move defect")]
    with pytest.raises(Refusal, match="has changed since this was asked"):
        votes.vote(site.governance, before.id, by="petra", choice="approve")
    park = next(row for row in site.waiting_for("petra") if row.act)
    assert park.reasons == ["Sam asks that it become parked: It rains"]
    votes.vote(site.governance, park.id, by="petra", choice="approve")
    assert story(site).status == "parked"


def test_what_a_move_was_approved_on_is_changed_no_more_where_it_led(site: World) -> None:
    costly(site)
    park = next(row for row in site.waiting_for("petra") if row.act)
    votes.vote(site.governance, park.id, by="petra", choice="approve")
    with pytest.raises(Refusal, match="D-1 is parked by the approval of the PMO head, on cost"):
        site.update("P-1", "defects", "D-1", "ana", cost="9000 GBP")
    site.update("P-1", "defects", "D-1", "ana", due="2026-05-04")
    assert story(site).status == "parked"


def test_where_a_move_led_that_nobody_had_to_approve_it_is_changed(site: World) -> None:
    site.update("P-1", "defects", "D-1", "ana", cost="5 GBP")
    moves.move(site.governance, **HERE, to="fixing", by="ana")
    assert site.update("P-1", "defects", "D-1", "ana", cost="9 GBP").status == "fixing"


def test_a_move_that_another_overtook_is_not_asked_any_more(site: World) -> None:
    moves.move(site.governance, **HERE, to="parked", by="sam")
    moves.move(site.governance, **HERE, to="fixing", by="ana")
    assert waiting(site) == []
    assert "Defect D-1 of P-1 is not to become parked any more" in site.inbox("sam").subjects


def test_who_overtakes_their_own_move_needs_not_be_told(site: World) -> None:
    moves.move(site.governance, **HERE, to="parked", by="sam")
    moves.move(site.governance, **HERE, to="fixing", by="sam")
    assert waiting(site) == []
    assert not any("any more" in each for each in site.inbox("sam").subjects)
    said = [(each.subject, each.body) for each in site.inbox("petra").messages]
    assert ("Defect D-1 of P-1 no longer waits for you", "It is fixing by Sam.") in said


def parking(make_world: Callable[..., World], text: str) -> World:
    """Sam's defect costs something, and what is done about it is asked of the head."""
    world = make_world(policy_from(CITY.read_text("utf-8") + text))
    world.project("P-1")
    world.person("petra", "pmo_head")
    world.person("sam")
    said = {"title": "Crack", "measure": "weld", "cost": "5 GBP", "due": "2026-05-01"}
    world.submit("P-1", "defects", "sam", **said)
    return world


def decide(world: World, choice: Choice) -> None:
    asked = next(row for row in world.waiting_for("petra") if not row.act)
    votes.vote(world.governance, asked.id, by="petra", choice=choice)


def test_a_move_that_goes_with_no_refusal_is_not_asked_any_more(
    make_world: Callable[..., World],
) -> None:
    rejected = "        - {from: rejected, to: parked, needs: approval of pmo_head}\n"
    dropped = "        - {from: rejected, to: dropped}\n"
    world = parking(make_world, DEFECTS.replace(dropped, dropped + rejected))
    moves.move(world.governance, **HERE, to="parked", by="sam")
    asked = next(row for row in world.waiting_for("petra") if row.act)
    assert sorted(waiting(world)) == [("approval", ""), ("approval", "move defect")]
    decide(world, "reject")
    assert (story(world).status, waiting(world)) == ("rejected", [])
    assert "Defect D-1 of P-1 is not to become parked any more" in world.inbox("sam").subjects
    with pytest.raises(Refusal, match="is withdrawn"):
        votes.vote(world.governance, asked.id, by="petra", choice="approve")


def test_what_is_approved_is_not_asked_to_become_submitted_again(
    make_world: Callable[..., World],
) -> None:
    again = "        - {from: [fixing, approved], to: submitted, needs: approval of pmo_head}\n"
    first = "        - {from: done, to: dropped}\n"
    text = DEFECTS.replace("open", "submitted").replace(first, first + again)
    world = parking(make_world, text)
    moves.move(world.governance, **HERE, to="fixing", by="sam")
    moves.move(world.governance, **HERE, to="submitted", by="sam")
    assert sorted(waiting(world)) == [("approval", ""), ("approval", "move defect")]
    decide(world, "approve")
    assert (story(world).standing, waiting(world)) == ("approved", [])
    [told] = [e for e in world.inbox("sam").messages if e.subject.endswith("any more")]
    assert told.subject == "Defect D-1 of P-1 is not to become submitted any more"
    assert told.body.startswith("It is approved by Petra.")


def test_a_move_that_another_overtook_leaves_the_decision_asked(site: World) -> None:
    costly(site)
    moves.move(site.governance, **HERE, to="fixing", by="ana")
    assert waiting(site) == [("approval", "")]
    [told] = [each for each in site.inbox("sam").messages if each.subject.endswith("any more")]
    assert (told.subject, told.body.splitlines()[0]) == (
        "Defect D-1 of P-1 is not to become parked any more",
        "It is fixing by Ana.",
    )


def test_a_move_that_is_approved_hides_no_approval_that_lapsed(
    make_world: Callable[..., World],
) -> None:
    asked = "{require_approval: {from: pmo_head, within: 2 working days}}"
    lapsing = asked.replace("days}", "days, when_time_is_up: lapses}")
    text = DEFECTS.replace(asked, f"{lapsing}, {{require_approval: {{from: project_manager}}}}")
    assert text != DEFECTS
    world = make_world(policy_from(CITY.read_text("utf-8") + text))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("sam")
    world.submit("P-1", "defects", "sam", title="Crack", measure="weld", cost="5 GBP")
    world.forward(working_days=3)
    moves.move(world.governance, **HERE, to="parked", by="sam")
    world.vote("petra")
    world.vote("ana")
    assert (story(world).status, story(world).standing) == ("parked", "waiting")
