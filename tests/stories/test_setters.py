"""A field that is a role's to set is set by whoever is asked for it, who may decide, too."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals.stuck import stuck
from pmo_engine.work.approvals.votes import vote
from pmo_engine.work.errors import Refusal
from pmo_engine.work.imports.importing import ImportRefused, Sheet, bring_in
from pmo_engine.work.people.absences import absent
from pmo_engine.work.people.appointments import end, hold
from pmo_engine.work.people.delegations import Bounds, delegate
from pmo_engine.work.records.attachments import attach
from pmo_engine.work.records.happenings import happened
from pmo_engine.work.records.resubmission import resubmit
from tests.stories.conftest import CITY, DATABASES

pytestmark = DATABASES

ASSESSED = """
---
kind: registers
registers:
  - extends: change_requests
    fields:
      assessed: {{type: boolean, set_by: {setter}}}
---
kind: rules
rules:
  - id: assessed-first
    title: What is not assessed goes to the board as well
    on: change_request.submitted
    binding: shall
    when: not(change.assessed)
    then: [{{require_approval: {{from: portfolio_board}}}}]
"""


@pytest.fixture
def office(make_world: Callable[..., World]) -> Callable[..., World]:
    def made(setter: str, delegation: str = "{}") -> World:
        terms = "for: project_manager\n"
        city = CITY.read_text("utf-8")
        if delegation != "{}":
            city = city.replace(terms, f"{terms}delegation: {delegation}\n", 1)
        text = city + ASSESSED.format(setter=setter)
        world = make_world(policy_from(text))
        world.project("P-1")
        world.person("ana", "project_manager", project="P-1")
        world.person("petra", "pmo_head")
        world.person("bo", "portfolio_board")
        for person in ("sam", "dee", "cy"):
            world.person(person)
        return world

    return made


def asked(world: World) -> dict[str, bool]:
    """Say who is asked for the fact, and whether it is told them in words."""
    people = ("ana", "petra", "bo", "sam", "dee")
    rows = {who: [row.asked_of for row in world.waiting_for(who)] for who in people}
    return {
        who: any(
            "waits for whether the change is marked as assessed" in each
            for each in world.inbox(who).subjects
        )
        for who, targets in rows.items()
        if "change.assessed" in targets
    }


def let_dee(world: World, project: str) -> None:
    bounds = Bounds(projects=(project,))
    delegate(world.governance, owner="ana", delegate="dee", bounds=bounds, by="ana")


def set_it(world: World, by: str) -> None:
    world.update("P-1", "change_requests", "CR-1", by, assessed="true")


def test_a_functional_role_that_nobody_performs_leaves_it_to_the_head(
    office: Callable[..., World],
) -> None:
    world = office("risk")
    world.submit("P-1", "change_requests", "sam", cost="5 GBP")
    assert asked(world) == {"petra": True}
    with pytest.raises(Refusal, match="assessed is set by the PMO head, and Ana holds the role"):
        set_it(world, "ana")
    set_it(world, "petra")
    assert asked(world) == {}


def test_who_stands_in_for_who_sets_it_sets_it(office: Callable[..., World]) -> None:
    world = office("project_manager")
    world.submit("P-1", "change_requests", "sam", cost="5 GBP")
    absent(world.governance, person="ana", deputy="dee", by="ana")
    assert asked(world) == {"dee": True}
    for person, why in (("ana", "Ana is away"), ("petra", "Petra holds the role of PMO head")):
        with pytest.raises(Refusal, match=f"assessed is set by the project manager, and {why}"):
            set_it(world, person)
    set_it(world, "dee")
    assert asked(world) == {}


def test_a_deputy_by_the_terms_sets_it_while_nobody_of_the_role_is_there(
    make_world: Callable[..., World],
) -> None:
    above = "reports_to: portfolio_board\n"
    city = CITY.read_text("utf-8").replace(above, f"{above}deputies: [project_manager]\n", 1)
    world = make_world(policy_from(city + ASSESSED.format(setter="pmo_head")))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.submit("P-1", "change_requests", "petra", cost="5 GBP")
    with pytest.raises(Refusal, match="only while nobody of it is there"):
        set_it(world, "ana")
    absent(world.governance, person="petra", by="petra")
    with pytest.raises(Refusal, match="assessed is set by the PMO head"):
        set_it(world, "bo")
    set_it(world, "ana")


def test_where_who_sets_it_is_away_it_goes_up(office: Callable[..., World]) -> None:
    world = office("project_manager")
    world.submit("P-1", "change_requests", "sam", cost="5 GBP")
    absent(world.governance, person="ana", upward=True, by="ana")
    assert asked(world) == {"petra": True}
    set_it(world, "petra")


def test_a_delegate_of_who_sets_it_sets_it_as_far_as_the_delegation_goes(
    office: Callable[..., World],
) -> None:
    world = office("project_manager")
    world.project("P-2")
    hold(world.governance, person="ana", role="project_manager", project="P-2", by="bo")
    world.submit("P-1", "change_requests", "sam", cost="5 GBP")
    let_dee(world, "P-2")
    with pytest.raises(Refusal, match="Dee holds no role in P-1"):
        set_it(world, "dee")
    let_dee(world, "P-1")
    set_it(world, "dee")


def test_a_delegate_s_delegate_sets_it_where_the_terms_let_it_go_on(
    office: Callable[..., World],
) -> None:
    world = office("project_manager", "{chains: yes}")
    world.submit("P-1", "change_requests", "sam", cost="5 GBP")
    let_dee(world, "P-1")
    further = Bounds(("approve change_request",), ("P-1",))
    delegate(world.governance, owner="dee", delegate="cy", bounds=further, by="dee")
    set_it(world, "cy")


def test_what_the_terms_do_not_let_delegate_no_delegate_sets(office: Callable[..., World]) -> None:
    world = office("project_manager", "{acts: [rescind]}")
    let_dee(world, "P-1")
    with pytest.raises(Refusal, match="change.assessed is set by the project manager, and Dee"):
        world.submit("P-1", "change_requests", "dee", cost="5 GBP", assessed="true")


def test_a_delegate_who_has_no_more_the_role_that_the_terms_want_sets_nothing(
    office: Callable[..., World],
) -> None:
    world = office("project_manager", "{to: [portfolio_board]}")
    hold(world.governance, person="dee", role="portfolio_board", by="bo")
    let_dee(world, "P-1")
    world.submit("P-1", "change_requests", "dee", cost="5 GBP", assessed="true")
    end(world.governance, person="dee", role="portfolio_board", by="bo")
    with pytest.raises(Refusal, match="change.assessed is set by the project manager, and Dee"):
        world.submit("P-1", "change_requests", "dee", cost="5 GBP", assessed="true")


def test_who_holds_the_role_elsewhere_sets_nothing_here(office: Callable[..., World]) -> None:
    world = office("project_manager")
    world.project("P-2")
    world.person("al", "project_manager", project="P-2")
    with pytest.raises(Refusal, match="set by the project manager, and Ana holds no role in P-2"):
        world.submit("P-2", "change_requests", "ana", cost="5 GBP", assessed="true")
    world.submit("P-2", "change_requests", "ana", cost="5 GBP")
    world.update("P-2", "change_requests", "CR-1", "al", assessed="true")


def test_who_sets_what_is_theirs_to_set_asks_for_nothing_by_it(
    office: Callable[..., World],
) -> None:
    world = office("pmo_head")
    world.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    set_it(world, "petra")
    world.vote("petra")
    assert world.status("P-1", "change_requests", "CR-1") == "approved"


def test_who_changes_anything_else_beside_it_has_asked_for_that(
    office: Callable[..., World],
) -> None:
    world = office("pmo_head")
    world.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    world.update("P-1", "change_requests", "CR-1", "petra", assessed="true", cost="70000 GBP")
    world.person("paul", "pmo_head")
    [asked_of_paul] = world.waiting_for("paul")
    with pytest.raises(Refusal, match="Petra wrote version 2 of this"):
        vote(world.governance, asked_of_paul.id, by="petra", choice="approve")


def test_what_nobody_may_set_is_stuck_and_is_asked_of_who_comes(
    office: Callable[..., World],
) -> None:
    world = office("risk")
    for person, role in (("bo", "portfolio_board"), ("petra", "pmo_head")):
        end(world.governance, person=person, role=role, by=person)
    world.submit("P-1", "change_requests", "sam", cost="5 GBP")
    with world.governance.reading() as c:
        assert "change.assessed" in [each.asked_of for each in stuck(c)]
    world.person("paul", "pmo_head")
    world.sweep()
    assert "change.assessed" in [row.asked_of for row in world.waiting_for("paul")]
    set_it(world, "paul")


def test_what_is_asked_for_again_is_set_anew_by_who_sets_it(office: Callable[..., World]) -> None:
    world = office("pmo_head")
    world.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    set_it(world, "petra")
    world.vote("petra", "reject")
    again = {"project": "P-1", "register": "change_requests", "key": "CR-1", "by": "sam"}
    with pytest.raises(
        Refusal, match="assessed is set by the PMO head, and Sam holds no role in P-1"
    ):
        resubmit(world.governance, **again, changes={"assessed": "true"})
    made = resubmit(world.governance, **again, changes={"cost": "70000 GBP"})
    with world.database.read() as uow:
        said = uow.entries.by_key("P-1", "change_requests", made.key).document
    assert said == {"cost": "70000 GBP"}, "nobody assessed what is asked for now"
    assert asked(world) == {"petra": True}


def test_a_table_sets_it_for_who_sets_it_alone(
    office: Callable[..., World], tmp_path: Path
) -> None:
    world = office("project_manager")
    world.submit("P-1", "change_requests", "sam", cost="5 GBP")
    table = tmp_path / "rows.csv"
    for key in ("CR-1", "CR-7"):
        table.write_text(f"key,cost,assessed\n{key},5 GBP,true\n", "utf-8")
        sheet = Sheet(table, "change_requests", "P-1")
        for person in ("petra", "bo"):
            with pytest.raises(ImportRefused, match="assessed is set by the project manager"):
                bring_in(world.governance, sheet, by=person)
        brought = bring_in(world.governance, sheet, by="ana")
        assert (brought.added, brought.changed) == ((0, 1) if key == "CR-1" else (1, 0))
        again = bring_in(world.governance, sheet, by="petra")
        assert (again.unchanged, again.left) == (1, {})


def test_nobody_but_who_sets_it_takes_it_back(office: Callable[..., World]) -> None:
    world = office("pmo_head")
    world.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    set_it(world, "petra")
    with pytest.raises(Refusal, match="assessed is set by the PMO head"):
        world.update("P-1", "change_requests", "CR-1", "sam", assessed=None)


def test_who_is_asked_for_one_fact_without_a_role_sets_that_and_nothing_else(
    office: Callable[..., World], tmp_path: Path
) -> None:
    world = office("project_manager")
    world.submit("P-1", "change_requests", "sam", cost="5 GBP")
    absent(world.governance, person="ana", deputy="dee", by="ana")
    why = "Dee holds no role in P-1 and is asked for change.assessed alone, not for change."
    for more in ({"cost": "6 GBP"}, {"owner": "dee"}, {"due": "2026-05-01", "assessed": "true"}):
        with pytest.raises(Refusal, match=why + next(iter(more))):
            world.update("P-1", "change_requests", "CR-1", "dee", **more)
    table = tmp_path / "rows.csv"
    table.write_text("key,cost\nCR-1,6 GBP\n", "utf-8")
    with pytest.raises(ImportRefused, match="Dee holds no role in P-1, and did not enter CR-1"):
        bring_in(world.governance, Sheet(table, "change_requests", "P-1"), by="dee")
    where = {"project": "P-1", "register": "change_requests", "key": "CR-1"}
    with pytest.raises(Refusal, match="Dee holds no role in P-1$"):
        happened(world.governance, **where, what="reviewed", by="dee")
    with pytest.raises(Refusal, match="Dee holds no role in P-1$"):
        attach(world.governance, **where, file=table, home=tmp_path, by="dee")
    set_it(world, "dee")
    with pytest.raises(Refusal, match="Dee holds no role in P-1$"):
        world.update("P-1", "change_requests", "CR-1", "dee", cost="6 GBP")
