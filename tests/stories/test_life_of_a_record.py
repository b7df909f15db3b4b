"""The life of a record: its states, who moves it, what a move needs, what ends and begins anew."""

from collections.abc import Callable
from functools import partial

import pytest

from pmo_engine.queries import audit
from pmo_engine.queries.records import RecordStory
from pmo_engine.store.errors import Refused
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people.second_accounts import same_as
from pmo_engine.work.records import endings, moves, resubmission
from tests.stories.conftest import CITY

HAZARDS = """
---
kind: roles
roles:
  - {id: safety_officer}
---
kind: registers
registers:
  - register: hazards
    noun: hazard
    root: hazard
    plural: hazards
    key_prefix: H
    fields:
      title: {type: text}
      cost: {type: money}
      measure: {type: text}
      audited: {type: boolean}
    life_cycle:
      states: [open, treating, treated, closed, dropped]
      closed: [closed, dropped]
      moves:
        - {from: open, to: treating, by: [owner, project_manager], needs: measure}
        - {from: treating, to: treated}
        - {from: [open, treating, treated], to: closed, by: [owner, pmo_head], needs: [reason]}
        - {from: open, to: dropped, by: requester, needs: reason}
        - {from: closed, to: treated, by: pmo_head, needs: approval of portfolio_board}
        - {from: closed, to: open, by: safety_officer}
---
kind: rules
rules:
  - id: costly-hazard
    title: The head hears of a costly hazard
    on: hazard.submitted
    binding: shall
    when: hazard.cost > @"1000 GBP"
    then: [{raise_exception: {to: pmo_head, reason: costly, within: 2 working days}}]
  - id: hazard-named
    title: A hazard has a title
    on: hazard.submitted
    binding: shall
    when: not(is_known(hazard.title))
    then: [{require_information: {facts: [hazard.title], from: project_manager}}]
  - id: moved-hazard
    title: Whoever sees to safety is told of what moves
    on: [hazard.moved, hazard.closed, hazard.reopened]
    binding: shall
    when: hazard.status != "dropped"
    then: [{notify: {to: safety_officer, message: A hazard moved}}]
"""
HERE = {"project": "P-1", "register": "hazards", "key": "H-1"}
CR_1 = {"project": "P-1", "register": "change_requests", "key": "CR-1"}


@pytest.fixture
def site(make_world: Callable[..., World]) -> World:
    """The city, with hazards: Sam enters one of which Olga is the owner."""
    world = make_world(policy_from(CITY.read_text("utf-8") + HAZARDS))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("sia", "safety_officer")
    world.person("sam")
    world.person("olga")
    world.submit("P-1", "hazards", "sam", title="Ice", owner="olga")
    return world


def story(world: World) -> RecordStory:
    return story_of(world.governance, **HERE)


def kinds(world: World) -> list[str]:
    return [line.kind for line in world.journal("P-1")]


def test_a_record_begins_in_the_first_state_and_moves_as_its_life_cycle_says(site: World) -> None:
    assert site.status("P-1", "hazards", "H-1") == "open"
    with pytest.raises(Refusal, match=r"cannot become treating before hazard\.measure is given"):
        moves.move(site.governance, **HERE, to="treating", by="olga")
    site.update("P-1", "hazards", "H-1", "ana", measure="salt")
    moved = moves.move(site.governance, **HERE, to="treating", by="olga")
    assert (moved.status, moved.told) == ("treating", ("sam",))
    with pytest.raises(Refusal, match="H-1 is treating already"):
        moves.move(site.governance, **HERE, to="treating", by="olga")
    with pytest.raises(CommandError, match="did you mean 'treated'"):
        moves.move(site.governance, **HERE, to="treeted", by="olga")
    with pytest.raises(Refusal, match="H-1 is treating, and it can become treated or closed"):
        moves.move(site.governance, **HERE, to="dropped", by="sam")
    with pytest.raises(Refusal, match="that is decided by a vote, and is no move"):
        moves.move(site.governance, **HERE, to="approved", by="petra")
    [line] = [line for line in site.journal("P-1") if line.kind == "hazard.moved"]
    assert line.body == {"key": "H-1", "version": 3, "from": "open", "to": "treating"}
    assert audit.verify(site.database).intact


def test_who_makes_a_move_is_said_by_the_move(site: World) -> None:
    with pytest.raises(Refusal, match="Sam may not close H-1: .* for its owner or the PMO head"):
        moves.close(site.governance, **HERE, by="sam", to="closed", reason="gone")
    with pytest.raises(Refusal, match="Ana may not close H-1: that is for whoever asked for it"):
        moves.close(site.governance, **HERE, by="ana", to="dropped", reason="gone")
    assert kinds(site).count("refused") == 2
    closed = moves.close(site.governance, **HERE, by="petra", to="closed", reason="no frost")
    assert (closed.status, closed.told) == ("closed", ("olga", "sam"))
    assert story(site).versions[-1].reason == "no frost"
    assert story(site).versions[-1].by == "petra"


def test_another_account_of_the_owner_makes_the_owner_s_move(site: World) -> None:
    site.person("olga2")
    close = partial(moves.close, site.governance, **HERE, by="olga2", to="closed", reason="thaw")
    with pytest.raises(Refusal, match="Olga2 may not close H-1"):
        close()
    same_as(site.governance, person="olga", other="olga2", by="bo")
    assert close().status == "closed"


def test_whoever_may_change_a_record_moves_it_where_the_move_names_nobody(site: World) -> None:
    site.update("P-1", "hazards", "H-1", "ana", measure="salt")
    moves.move(site.governance, **HERE, to="treating", by="ana")
    with pytest.raises(Refusal, match="Olga may not move H-1: that is for whoever entered it"):
        moves.move(site.governance, **HERE, to="treated", by="olga")
    assert moves.move(site.governance, **HERE, to="treated", by="sam").status == "treated"


def test_the_terms_say_who_moves_where_the_life_cycle_does_not(
    make_world: Callable[..., World],
) -> None:
    terms = """
---
kind: terms_of_reference
for: safety_officer
authority:
  - {id: treats, may: move hazard, up_to: unlimited}
"""
    world = make_world(policy_from(CITY.read_text("utf-8") + HAZARDS + terms))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sia", "safety_officer")
    world.submit("P-1", "hazards", "ana", title="Ice", measure="salt")
    moves.move(world.governance, **HERE, to="treating", by="ana")
    with pytest.raises(Refusal, match="Ana may not move H-1: that is for the safety officer"):
        moves.move(world.governance, **HERE, to="treated", by="ana")
    assert moves.move(world.governance, **HERE, to="treated", by="sia").status == "treated"


def test_a_move_needs_its_reason(site: World) -> None:
    with pytest.raises(CommandError, match="H-1 becomes closed for a reason; give it with --rea"):
        moves.close(site.governance, **HERE, by="petra", to="closed", reason=" ")
    with pytest.raises(CommandError, match="H-1 can be closed as closed or dropped; say which"):
        moves.close(site.governance, **HERE, by="petra", reason="gone")
    with pytest.raises(CommandError, match="'treated' is no state that is closed"):
        moves.close(site.governance, **HERE, by="petra", to="treated")
    assert site.status("P-1", "hazards", "H-1") == "open"


def test_what_is_closed_is_not_changed_and_can_be_opened_again(site: World) -> None:
    moves.close(site.governance, **HERE, by="olga", to="closed", reason="no frost")
    with pytest.raises(Refusal, match="H-1 is closed, and is not changed; open it again first"):
        site.update("P-1", "hazards", "H-1", "ana", title="Snow")
    with pytest.raises(Refusal, match="H-1 is closed already"):
        moves.close(site.governance, **HERE, by="olga", reason="again")
    with pytest.raises(Refusal, match="Petra may not reopen H-1: that is for the safety officer"):
        moves.reopen(site.governance, **HERE, by="petra")
    assert moves.reopen(site.governance, **HERE, by="sia").status == "open"
    with pytest.raises(Refusal, match="H-1 is open; what is closed is opened again"):
        moves.reopen(site.governance, **HERE, by="sia")
    assert [kind for kind in kinds(site) if kind.startswith("hazard.")] == [
        "hazard.submitted",
        "hazard.closed",
        "hazard.reopened",
    ]
    assert site.inbox("sia").subjects.count("Hazard H-1 of P-1: Ice") == 2


def test_a_move_may_need_an_approval(site: World) -> None:
    moves.close(site.governance, **HERE, by="olga", to="closed", reason="no frost")
    asked = moves.reopen(site.governance, **HERE, by="petra", to="treated", reason="frost")
    assert (asked.status, asked.asked) == ("closed", ("bo",))
    with pytest.raises(Refusal, match="an approval to move H-1 is waited for already"):
        moves.reopen(site.governance, **HERE, by="petra", to="treated")
    [waiting] = site.waiting_for("bo")
    assert waiting.reasons == ["Petra asks that it become treated: frost"]
    site.vote("bo")
    assert site.status("P-1", "hazards", "H-1") == "treated"
    assert story(site).versions[-1].by == "bo"
    assert "Hazard H-1 of P-1: that it become treated is approved" in site.inbox("petra").subjects


def test_a_move_that_is_refused_is_not_made(site: World) -> None:
    moves.close(site.governance, **HERE, by="olga", to="closed", reason="no frost")
    moves.reopen(site.governance, **HERE, by="petra", to="treated")
    site.vote("bo", "reject")
    assert site.status("P-1", "hazards", "H-1") == "closed"
    assert "Hazard H-1 of P-1: that it become treated is refused" in site.inbox("petra").subjects


def test_nobody_votes_on_a_move_that_they_asked_for(site: World) -> None:
    site.appoint("petra", "portfolio_board")
    moves.close(site.governance, **HERE, by="olga", to="closed", reason="no frost")
    moves.reopen(site.governance, **HERE, by="petra", to="treated")
    with pytest.raises(CommandError, match="Petra asked that H-1 be moved, and has no vote on it"):
        site.vote("petra")


def test_what_binds_is_seen_to_before_a_record_is_closed(site: World) -> None:
    site.update("P-1", "hazards", "H-1", "ana", cost="2000 GBP", title=None)
    with pytest.raises(Refusal, match="while exception pmo_head is open about it; see to it first"):
        moves.close(site.governance, **HERE, by="olga", to="closed", reason="hush")
    site.update("P-1", "hazards", "H-1", "ana", cost="2 GBP")
    assert [o.kind for o in story(site).obligations if o.status == "open"] == ["information"]
    moves.close(site.governance, **HERE, by="olga", to="closed", reason="gone")
    assert [o.kind for o in story(site).obligations if o.status == "open"] == []
    assert site.waiting_for("ana") == []


def test_what_is_opened_again_is_asked_about_again(site: World) -> None:
    site.update("P-1", "hazards", "H-1", "ana", title=None)
    asked = sorted(o.target for o in story(site).obligations if o.status == "open")
    moves.close(site.governance, **HERE, by="olga", to="closed", reason="gone")
    moves.reopen(site.governance, **HERE, by="sia")
    again = sorted(o.target for o in story(site).obligations if o.status == "open")
    assert again == asked == ["hazard.cost", "hazard.title"]


def test_a_status_in_a_change_is_a_move(site: World) -> None:
    updated = site.update("P-1", "hazards", "H-1", "ana", measure="salt", status="treating")
    assert (updated.status, updated.version) == ("treating", 3)
    with pytest.raises(Refusal, match="and it can become treated or closed"):
        site.update("P-1", "hazards", "H-1", "ana", measure="sand", status="dropped")
    assert story(site).fields_["measure"] == "salt"


# Registers that declare no life cycle


@pytest.fixture
def _sam(world: World) -> None:
    world.person("sam")


@pytest.mark.usefixtures("_sam")
def test_a_request_is_closed_without_a_decision_and_waits_again_once_it_is_opened(
    world: World,
) -> None:
    world.submit("P-1", "change_requests", "sam", cost="40000 GBP")
    closed = moves.close(world.governance, **CR_1, by="sam", reason="a mistake")
    assert (closed.status, closed.told) == ("closed", ("ana",))
    assert world.waiting_for("ana") == []
    with pytest.raises(Refusal, match="CR-1 is closed already, and can be withdrawn no more"):
        endings.withdraw(world.governance, **CR_1, by="sam")
    with pytest.raises(Refusal, match="CR-1 is closed: open it again with 'pmo reopen'"):
        resubmission.resubmit(world.governance, **CR_1, changes={}, by="sam")
    assert moves.reopen(world.governance, **CR_1, by="sam").status == "submitted"
    world.vote("ana")
    assert world.status("P-1", "change_requests", "CR-1") == "approved"


@pytest.mark.usefixtures("_sam")
def test_what_is_approved_stays_so_when_it_is_closed_and_opened_again(world: World) -> None:
    world.submit("P-1", "change_requests", "sam", cost="40000 GBP")
    world.vote("ana")
    moves.close(world.governance, **CR_1, by="sam")
    assert story_of(world.governance, **CR_1).standing == "approved"
    with pytest.raises(Refusal, match="CR-1 is closed, and it can become approved"):
        moves.reopen(world.governance, **CR_1, by="sam", to="submitted")
    assert moves.reopen(world.governance, **CR_1, by="sam").status == "approved"


@pytest.mark.usefixtures("_sam")
def test_what_is_refused_has_its_end(world: World) -> None:
    world.submit("P-1", "change_requests", "sam", cost="40000 GBP")
    world.vote("ana", "reject")
    with pytest.raises(Refusal, match="CR-1 is rejected, and no move leads on from there"):
        moves.close(world.governance, **CR_1, by="sam")


@pytest.mark.usefixtures("_sam")
def test_what_was_approved_counts_in_limits_once_it_is_closed_and_what_ended_does_not(
    world: World,
) -> None:
    for number in range(3):
        world.submit("P-1", "change_requests", "sam", cost="200000 GBP")
        if number < 2:
            world.vote("petra")
            moves.close(world.governance, **{**CR_1, "key": f"CR-{number + 1}"}, by="sam")
    moves.close(world.governance, **{**CR_1, "key": "CR-3"}, by="sam")
    world.submit("P-1", "change_requests", "sam", cost="199000 GBP")
    assert world.waiting_for("petra")[0].title.startswith("Change request CR-4")
    world.submit("P-1", "change_requests", "sam", cost="199000 GBP")
    assert world.waiting_for("bo")[0].title.startswith("Change request CR-5")


def test_a_command_that_is_repeated_gives_its_first_answer(site: World) -> None:
    first = moves.close(
        site.governance, **HERE, by="olga", to="closed", reason="gone", request="close-1"
    )
    again = moves.close(
        site.governance, **HERE, by="olga", to="closed", reason="gone", request="close-1"
    )
    assert again == first
    assert kinds(site).count("hazard.closed") == 1


def test_a_store_refuses_a_standing_that_cannot_follow(site: World) -> None:
    moves.close(site.governance, **HERE, by="olga", to="closed", reason="gone")
    with site.database.unit_of_work("ana", site.clock.now()) as uow:
        entry = uow.entries.by_key("P-1", "hazards", "H-1")
        with pytest.raises(Refused, match="what is ended cannot become approved"):
            uow.entries.revise(entry, standing="approved")
