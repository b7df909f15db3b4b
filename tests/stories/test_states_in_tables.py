"""A state that is given where a record is entered, changed or imported: its moves lead there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.errors import CommandError
from pmo_engine.work.imports.importing import Imported, ImportRefused, Sheet, bring_in
from pmo_engine.work.records import moves, submission
from tests.stories.conftest import CITY
from tests.stories.test_life_of_a_record import HAZARDS


@pytest.fixture
def site(make_world: Callable[..., World]) -> World:
    text = HAZARDS.replace("{from: open, to: treating,", "{from: [open, closed], to: treating,")
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + text))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    return world


@pytest.fixture
def brought_in(site: World, tmp_path: Path) -> Callable[..., Imported]:
    def bring(*rows: str, by: str = "petra") -> Imported:
        path = tmp_path / "hazards.csv"
        path.write_text("\n".join(("key,title,measure,status", *rows)), encoding="utf-8")
        return bring_in(site.governance, Sheet(path, "hazards", project="P-1"), by=by)

    return bring


def states(site: World) -> dict[str, str]:
    with site.governance.reading() as c:
        return {e.key: e.status for e in c.uow.entries.of_project("P-1", "hazards")}


def test_a_record_is_entered_in_the_first_state_and_no_other(site: World) -> None:
    with pytest.raises(CommandError, match="hazard.status: a record is entered as 'open', not 'cl"):
        site.submit("P-1", "hazards", by="ana", status="closed")
    assert site.submit("P-1", "hazards", by="ana", status="open").status == "open"


def test_what_an_update_tells_is_the_decision_after_its_move(site: World) -> None:
    site.submit("P-1", "hazards", by="ana", title="Ice", measure="salt", cost="2000 GBP")
    ruled = {"project": "P-1", "register": "hazards", "key": "H-1", "by": "petra"}
    with pytest.raises(CommandError, match="becomes closed for a reason; give it with --reason"):
        submission.update(site.governance, **ruled, changes={"status": "closed"})
    site.update("P-1", "hazards", "H-1", by="ana", cost="1 GBP")
    made = submission.update(
        site.governance, **ruled, changes={"status": "closed", "cost": "3 GBP"}, reason="thawed"
    )
    assert (made.status, made.version) == ("closed", 4)
    now = story_of(site.governance, project="P-1", register="hazards", key="H-1")
    assert now.status == "closed"
    (told,) = [line for line in site.journal("P-1") if line.kind == "hazard.closed"]
    assert told.body["reason"] == "thawed"


def test_rows_are_brought_into_the_state_that_they_say_by_the_moves_that_lead_there(
    site: World, brought_in: Callable[..., Imported]
) -> None:
    rows = ["H-1,Ice,salt,Treating", "H-2,Fire,,closed", "H-3,Sun,hat,treated", "H-4,Rain,,"]
    site.appoint("petra", "project_manager", project="P-1")
    assert brought_in(*rows).added == 4
    assert states(site) == {"H-1": "treating", "H-2": "closed", "H-3": "treated", "H-4": "open"}
    told = [line for line in site.journal("P-1") if line.kind == "hazard.closed"]
    assert told[0].body["reason"] == "as imported from hazards.csv"
    again = brought_in(*rows)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 4)
    assert brought_in("H-1,Ice,salt,closed", "H-4,Rain,,").changed == 1
    assert states(site)["H-1"] == "closed"


def test_a_row_says_no_state_that_no_move_leads_to(
    site: World, brought_in: Callable[..., Imported]
) -> None:
    with pytest.raises(ImportRefused) as refused:
        brought_in("H-1,Ice,,approved", "H-2,Ice,,oben", "H-3,Ice,salt,treating")
    assert [each.line for each in refused.value.problems] == [2, 3]
    assert "is decided, and not imported" in refused.value.problems[0].message
    assert "did you mean 'open'?" in refused.value.problems[1].message
    assert states(site) == {}
    moved = {"project": "P-1", "register": "hazards", "key": "H-1", "by": "petra"}
    brought_in("H-1,Ice,,")
    moves.close(site.governance, **moved, to="dropped", reason="over")
    with pytest.raises(ImportRefused, match="no move leads from 'dropped' to 'open', or only"):
        brought_in("H-1,Ice,,open")


def test_who_may_not_make_a_move_imports_none(
    site: World, brought_in: Callable[..., Imported]
) -> None:
    done = brought_in("H-1,Ice,salt,treating", "H-2,Fire,,closed", by="petra")
    assert (done.added, list(done.left)) == (1, ["2"])
    assert "Petra may not move H-1: that is for its owner or the project manager" in done.left["2"]
    assert states(site) == {"H-2": "closed"}
