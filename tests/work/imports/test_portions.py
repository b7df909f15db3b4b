"""An import goes in portion after portion, and is whole in the end, whatever passes between."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from pmo_engine.compiler.loading import load_policy
from pmo_engine.queries import audit
from pmo_engine.store import session
from pmo_engine.store.votes import _OF as VOTES_OF
from pmo_engine.testing import Failed, World, at_once
from pmo_engine.work.acts import STOP_PROJECT
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import Refusal
from pmo_engine.work.imports import importing
from pmo_engine.work.imports.importing import Imported, ImportRefused, Sheet, bring_in
from pmo_engine.work.people.appointments import end
from pmo_engine.work.people.project_states import set_state
from pmo_engine.work.records import submission
from tests.policies import kept

CITY = Path(__file__).parents[2] / "stories/city.yaml"
ROWS = 100


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "PORTION", 40)
    monkeypatch.setattr(importing, "FIRST", 40)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def world(url: str) -> Iterator[World]:
    made = World(kept(CITY), url)
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    made.person("petra", "pmo_head")
    made.person("sam")
    yield made
    assert audit.verify(made.database).intact
    made.close()


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    path = tmp_path / "changes.csv"
    rows = [f"CR-{number},{number} GBP" for number in range(1, ROWS + 1)]
    path.write_text("\n".join(["key,cost", *rows]) + "\n")
    return Sheet(path, "change_requests", "P-1")


def keys(world: World) -> set[str]:
    with world.governance.reading() as c:
        return {row.key for row in c.uow.entries.of_project("P-1")}


def decide(world: World, key: str) -> None:
    """Somebody else enters a record and has it approved."""
    submission.submit(
        world.governance,
        project="P-1",
        register="change_requests",
        fields={"cost": "9 GBP"},
        by="sam",
        key=key,
    )
    [row] = [w for w in world.waiting_for("ana") if f"{key} " in w.title]
    votes.vote(world.governance, row.id, by="ana", choice="approve")


def kinds(world: World) -> list[str]:
    return [line.kind for line in world.journal("office")]


def test_what_a_stopped_import_left_is_finished_by_whoever_sweeps(
    world: World, sheet: Sheet
) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(world.governance, sheet, by="ana", progress=stop)
    assert len(keys(world)) == importing.PORTION
    assert kinds(world) == ["import.staged"]
    world.sweep()
    assert len(keys(world)) == ROWS
    assert kinds(world) == ["import.staged", "imported"]
    world.sweep()
    assert kinds(world) == ["import.staged", "imported"]
    again = bring_in(world.governance, sheet, by="ana")
    assert (again.added, again.changed, again.unchanged) == (0, 0, ROWS)


def test_a_portion_looks_at_its_own_rows_alone(
    world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a hundred thousand rows it would else go through all that are in already."""
    monkeypatch.setattr(importing, "fitting", lambda size, _took: size)  # however long one takes
    changed: list[int] = []

    def note(_connection: Any, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE import_rows"):
            changed.append(cursor.rowcount)

    event.listen(world.database._engine, "after_cursor_execute", note)
    bring_in(world.governance, sheet, by="ana")
    assert changed == [40, 40, 20]


def test_no_votes_are_looked_up_on_what_goes_up_as_it_is_asked(
    world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.project("P-2")
    asked, ask = [], session.ask

    def noted(connection: Any, question: Any, given: Any) -> Any:
        asked.append(question is VOTES_OF)
        return ask(connection, question, given)

    monkeypatch.setattr(session, "ask", noted)
    elsewhere = Sheet(sheet.path, "change_requests", "P-2")
    assert bring_in(world.governance, elsewhere, by="ana").added == ROWS
    assert sum(asked) == 0 < len(asked)
    assert {each.asked_of for each in world.waiting_for("petra")} == {"project_manager"}


def test_nothing_goes_in_where_one_row_cannot(world: World, sheet: Sheet) -> None:
    made = world.submit("P-1", "change_requests", "sam", cost="7 GBP")
    world.vote("ana")
    with sheet.path.open("a") as file:
        file.write("CR-\u200b7,1 GBP\n")
    with pytest.raises(ImportRefused) as refused:
        bring_in(world.governance, sheet, by="ana")
    said = [str(each) for each in refused.value.problems]
    assert len(said) == 2
    assert f"{made.key} is approved already, on cost among others" in said[0]
    assert said[1].startswith(f"line {ROWS + 2}: ")
    assert keys(world) == {made.key}
    assert "import.staged" not in kinds(world)


def test_nothing_goes_in_where_a_key_would_be_taken_for_another(world: World, sheet: Sheet) -> None:
    submission.submit(
        world.governance,
        project="P-1",
        register="change_requests",
        fields={"cost": "9 GBP"},
        by="sam",
        key="Bridge",
    )
    with sheet.path.open("a") as file:
        file.write("bridge,1 GBP\ncr-700,1 GBP\n")
    with pytest.raises(ImportRefused) as refused:
        bring_in(world.governance, sheet, by="ana")
    assert [str(each) for each in refused.value.problems] == [
        f"line {ROWS + 2}: changes of P-1 has a Bridge already, so no bridge",
        f"line {ROWS + 3}: cr-700 would be taken for CR-700: keys here begin with 'CR-'",
    ]
    assert keys(world) == {"Bridge"}


def test_nothing_new_goes_into_a_project_that_is_stopped(world: World, sheet: Sheet) -> None:
    world.person("bo", "portfolio_board")
    set_state(world.governance, act=STOP_PROJECT, project="P-1", by="bo", reason="too dear")
    with pytest.raises(ImportRefused, match="line 2: .*stopped"):
        bring_in(world.governance, sheet, by="petra")
    assert keys(world) == set()


def test_nothing_goes_in_where_no_row_says_its_project(world: World, sheet: Sheet) -> None:
    with pytest.raises(ImportRefused, match="line 2: says no project: give --project"):
        bring_in(world.governance, Sheet(sheet.path, "change_requests"), by="ana")
    assert keys(world) == set()


def test_a_key_of_another_portion_that_differs_in_capitals_is_left_out_and_told(
    world: World, sheet: Sheet
) -> None:
    """Somebody entered it meanwhile."""

    def enter_alike(done: int, total: int) -> None:
        if done == importing.PORTION:
            submission.submit(
                world.governance,
                project="P-1",
                register="change_requests",
                fields={"cost": "9 GBP"},
                by="sam",
                key="LAST",
            )

    with sheet.path.open("a") as file:
        file.write("Last,1 GBP\n")
    done = bring_in(world.governance, sheet, by="ana", progress=enter_alike)
    assert done.left == {str(ROWS + 2): "changes of P-1 has a LAST already, so no Last"}


def test_rows_are_written_together_and_not_one_by_one(
    world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def note(_connection: Any, name: str, rows: Sequence[Any]) -> None:
        if name == "entries":
            written.append(len(rows))
        insert_rows(_connection, name, rows)

    insert_rows = session.insert_rows
    monkeypatch.setattr(session, "insert_rows", note)
    monkeypatch.setattr(importing, "fitting", lambda size, _took: size)  # however long one takes
    assert bring_in(world.governance, sheet, by="ana").added == ROWS
    assert sum(written) == ROWS
    assert len(written) <= 6


def test_a_row_that_was_overtaken_is_left_out_and_told(
    world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decide_the_last(done: int, total: int) -> None:
        if done == importing.PORTION:
            decide(world, f"CR-{ROWS}")

    done = bring_in(world.governance, sheet, by="petra", progress=decide_the_last)
    assert done.added == ROWS - 1
    assert list(done.left) == [str(ROWS + 1)]
    assert "is approved already" in done.left[str(ROWS + 1)]


def test_who_lost_their_role_meanwhile_changes_no_record_of_others(
    world: World, sheet: Sheet
) -> None:
    world.person("bo", "portfolio_board")

    def enter_the_last_and_end_the_role(done: int, total: int) -> None:
        if done == importing.PORTION:
            submission.submit(
                world.governance,
                project="P-1",
                register="change_requests",
                fields={"cost": "9 GBP"},
                by="sam",
                key=f"CR-{ROWS}",
            )
            end(world.governance, person="ana", role="project_manager", project="P-1", by="bo")

    done = bring_in(world.governance, sheet, by="ana", progress=enter_the_last_and_end_the_role)
    assert done.left[str(ROWS + 1)] == "Ana holds no role in P-1"


def test_what_was_refused_before_is_told_of_a_row_that_asks_for_it_again(
    world: World, sheet: Sheet
) -> None:
    about = {"project": "P-1", "register": "change_requests", "by": "sam", "key": "X-1"}
    submission.submit(world.governance, fields={"cost": "1 GBP"}, **about)
    world.vote("ana", "reject")
    sheet.path.write_text("key,cost\nCR-1,1 GBP\n")
    bring_in(world.governance, sheet, by="petra")
    (asked,) = world.waiting_for("ana")
    with world.governance.reading() as c:
        reasons = c.uow.obligations.get(asked.id).reasons
    assert any(each.startswith("The same was asked for by sam: X-1") for each in reasons)


def test_other_commands_pass_between_portions(world: World, sheet: Sheet) -> None:
    entered = partial(
        submission.submit,
        project="P-1",
        register="change_requests",
        fields={"cost": "5 GBP"},
        by="sam",
    )
    imported, one = at_once(world, partial(bring_in, sheet=sheet, by="ana"), entered)
    assert isinstance(imported, Imported), imported
    assert not isinstance(one, Failed), one
    assert imported.added + len(imported.left) + imported.changed + imported.unchanged == ROWS


def test_two_who_import_the_same_at_once(world: World, sheet: Sheet) -> None:
    one, other = at_once(world, *[partial(bring_in, sheet=sheet, by="ana")] * 2)
    assert isinstance(one, Imported), one
    assert isinstance(other, Imported), other
    assert sorted(keys(world)) == sorted(f"CR-{number}" for number in range(1, ROWS + 1))


def test_an_import_by_the_same_request_id_is_carried_out_once(world: World, sheet: Sheet) -> None:
    first = bring_in(world.governance, sheet, by="ana", request="r-1")
    world.update("P-1", "change_requests", "CR-1", "ana", cost="7 GBP")
    again = bring_in(world.governance, sheet, by="ana", request="r-1")
    assert again == first
    with world.governance.reading() as c:
        kept = c.uow.entries.by_key("P-1", "change_requests", "CR-1")
    assert kept.document["cost"] == "7 GBP"
    assert kinds(world).count("import.staged") == 1


@pytest.mark.parametrize(
    ("size", "took", "then"),
    [
        (25, 0.0, 100),
        (25, 0.1, 100),
        (25, 0.25, 100),
        (25, 0.5, 50),
        (25, 2.5, 10),
        (25, 60.0, 1),
        (1, 60.0, 1),
        (1, 0.01, 4),
        (100, 0.1, 250),
        (250, 1.0, 250),
        (250, 1.25, 200),
    ],
)
def test_slow_rows_go_in_by_fewer_so_that_others_wait_a_moment(
    monkeypatch: pytest.MonkeyPatch, size: int, took: float, then: int
) -> None:
    monkeypatch.setattr(importing, "PORTION", 250)
    assert importing.fitting(size, took) == then


def test_a_portion_is_followed_by_one_that_takes_a_moment(
    world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(0, 10_000, 2))  # each portion takes two seconds
    monkeypatch.setattr(importing, "monotonic", lambda: float(next(ticks)))
    seen: list[int] = []
    bring_in(world.governance, sheet, by="ana", progress=lambda done, _: seen.append(done))
    assert seen == [40, 60, 70, 75, 77, *range(78, ROWS + 1)]


def test_after_a_row_that_is_left_out_several_go_in_together_again(
    world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "monotonic", lambda: 0.0)
    seen: list[int] = []

    def progress(done: int, _total: int) -> None:
        if not seen:
            decide(world, "CR-41")
        seen.append(done)

    left = bring_in(world.governance, sheet, by="petra", progress=progress).left
    assert list(left) == ["42"]
    assert seen == [40, 41, 45, 61, 100]


NAMED_PROJECTS = """\
      category: {type: [scope, time, cost, quality]}
    imports:
      - {id: named, key: no, project: project, project_name: called, columns: {cost: cost}}
"""


def test_a_project_that_a_table_names_is_added_by_whoever_may(url: str, tmp_path: Path) -> None:
    policy = tmp_path / "city.yaml"
    own = NAMED_PROJECTS.splitlines(keepends=True)
    policy.write_text(CITY.read_text().replace(own[0], NAMED_PROJECTS))
    world = World(load_policy(policy), url)
    world.person("ana", "project_manager")
    world.person("bo", "portfolio_board")
    path = tmp_path / "changes.csv"
    path.write_text("no,project,called,cost\nCR-1,P-7,Quay,5 GBP\n")
    with pytest.raises(Refusal, match="Ana may not add project"):
        bring_in(world.governance, Sheet(path, "change_requests"), by="ana")
    assert "import.staged" not in kinds(world)
    with world.governance.reading() as c:
        assert not c.uow.projects.is_there("P-7")
    assert bring_in(world.governance, Sheet(path, "change_requests"), by="bo").projects == 1
    world.close()


def test_rows_without_keys_are_entered_each_time_but_once_for_a_request(
    world: World, sheet: Sheet
) -> None:
    assert bring_in(world.governance, sheet, by="ana").remarks == ()
    sheet.path.write_text("cost\n1 GBP\n2 GBP\n")
    enter = partial(bring_in, sheet=sheet, by="ana")
    done = enter(world.governance, request="i-1")
    assert done.remarks == (
        "no column says keys: the same table again enters its rows again, but by one --request",
    )
    one, other = at_once(world, *[partial(enter, request="i-1")] * 2)
    assert one == other == done
    assert len(keys(world)) == ROWS + 2
    assert enter(world.governance).added == 2
    assert len(keys(world)) == ROWS + 4
