"""Tolerances: what is forecast beyond them goes one level up; baselines; the four answers."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.model.vocabulary import PARTS
from pmo_engine.queries.exceptions import ExceptionShown, exception_named, exceptions
from pmo_engine.queries.records import score_of_risk
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.store.errors import NotFound
from pmo_engine.store.tables import Entry
from pmo_engine.testing import World, at_once, policy_from
from pmo_engine.testing.at_once import Failed
from pmo_engine.work import acts
from pmo_engine.work.approvals.votes import answer
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.imports.importing import Sheet, bring_in
from pmo_engine.work.people.project_states import set_state
from pmo_engine.work.records import endings, rebaselining
from pmo_engine.work.tolerances.answers import answer_exception
from pmo_engine.work.versions import adoption
from pmo_engine.work.versions.effects import effect_on
from tests.policies import kept

TOLERANCES = Path(__file__).parent / "tolerances.yaml"
BOTH = ["project cost to portfolio_board", "stage cost to sponsor"]
LINE = {"baseline": "100000 GBP", "forecast": "100000 GBP"}


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    made = make_world(kept(TOLERANCES), start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    made.person("sue", "sponsor", project="P-1")
    made.person("bo", "portfolio_board")
    return made


def at(world: World, *when: int) -> None:
    world.clock.set(datetime(2026, *when, tzinfo=UTC))


def raised(world: World) -> list[str]:
    """Say of each open exception which tolerance is exceeded, and to whom it went."""
    with world.governance.reading() as c:
        found = exceptions(c, "P-1", answered=False).items
    return [f"{each.tolerance} to {each.to}" for each in found]


def the_exception(world: World, tolerance: str) -> ExceptionShown:
    with world.governance.reading() as c:
        found = exceptions(c, "P-1", answered=False).items
        return next(each for each in found if each.tolerance == tolerance)


def line(world: World, key: str = "BL-1", **changes: str) -> None:
    world.update("P-1", "budget_lines", key, "ana", **changes)


def answered(world: World, tolerance: str, way: Any, by: str, **more: Any) -> Any:
    id = the_exception(world, tolerance).id
    return answer_exception(world.governance, id, way=way, by=by, reason="because", **more)


# What is compared, and when


def test_a_sum_is_compared_as_soon_as_a_record_is_written_a_penny_apart(world: World) -> None:
    for _ in range(2):
        world.submit("P-1", "budget_lines", "ana", **LINE)
    line(world, forecast="110000 GBP")  # 5 % of both together
    assert raised(world) == []
    line(world, forecast="110000.01 GBP")
    assert raised(world) == ["stage cost to sponsor"]
    line(world, "BL-2", forecast="110000 GBP")
    assert raised(world) == BOTH
    line(world, "BL-2", forecast="100000 GBP")
    assert raised(world) == ["stage cost to sponsor"]


def test_what_is_exceeded_is_raised_again_where_a_stopped_project_goes_on(world: World) -> None:
    world.submit("P-1", "budget_lines", "ana", **{**LINE, "forecast": "150000 GBP"})
    assert raised(world) == BOTH
    state = partial(set_state, world.governance, project="P-1", by="bo", reason="no money")
    state(act=acts.STOP_PROJECT)
    assert raised(world) == []
    state(act=acts.START_PROJECT)
    at(world, 3, 3, 12)
    world.sweep()
    assert raised(world) == BOTH


def test_a_line_that_is_withdrawn_is_in_no_sum(world: World) -> None:
    world.submit("P-1", "budget_lines", "ana", **LINE)
    world.submit("P-1", "budget_lines", "ana", baseline="1000 GBP", forecast="90000 GBP")
    assert raised(world) == BOTH
    endings.withdraw(world.governance, project="P-1", register="budget_lines", key="BL-2", by="ana")
    at(world, 3, 3, 12)
    world.sweep()
    assert raised(world) == []


def test_a_day_that_is_past_counts_as_today_until_it_is_met(world: World) -> None:
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-04")
    at(world, 3, 16, 12)
    world.sweep()
    assert raised(world) == []
    at(world, 3, 17, 12)  # fifteen days after the baseline
    world.sweep()
    assert raised(world) == ["project time to sponsor"]
    world.update("P-1", "milestones", "M-1", "ana", actual="2026-03-16")
    assert raised(world) == []


def test_less_is_worse_of_benefits_and_a_score_stands_for_itself(world: World) -> None:
    world.submit("P-1", "benefits", "ana", planned="1000 GBP", forecast="850 GBP")
    world.submit("P-1", "risks", "ana", score="12")
    assert raised(world) == []
    world.update("P-1", "benefits", "B-1", "ana", forecast="849.99 GBP")
    world.update("P-1", "risks", "R-1", "ana", score="12.1")
    assert sorted(raised(world)) == ["project benefits to sponsor", "project risk to sponsor"]


def test_a_table_is_compared_once_it_is_in(world: World, tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    file.write_text("key,baseline,forecast\nA,100 GBP,100 GBP\nB,100 GBP,130 GBP\n")
    bring_in(world.governance, Sheet(file, "budget_lines", "P-1"), by="ana")
    assert raised(world) == BOTH


# Baselines


def test_the_manager_cannot_raise_the_baseline_and_have_the_exception_vanish(world: World) -> None:
    world.submit("P-1", "budget_lines", "ana", **LINE)
    line(world, forecast="130000 GBP")
    assert raised(world)
    with pytest.raises(Refusal, match="baseline is a baseline, and BL-1 has it"):
        line(world, baseline="130000 GBP")
    with pytest.raises(Refusal, match="is a baseline"):
        world.update("P-1", "budget_lines", "BL-1", "ana", baseline=None)
    assert len(raised(world)) == 2


def test_nor_can_a_table(world: World, tmp_path: Path) -> None:
    world.submit("P-1", "budget_lines", "ana", **LINE)
    file = tmp_path / "lines.csv"
    file.write_text("key,baseline\nBL-1,130000 GBP\n")
    with pytest.raises(CommandError, match="is a baseline"):
        bring_in(world.governance, Sheet(file, "budget_lines", "P-1"), by="ana")


def moved(world: World, by: str = "sue", key: str = "M-1", **more: Any) -> Any:
    more = {"values": {"baseline": "2026-03-12"}, "change": "C-1", **more}
    return rebaselining.rebaseline(
        world.governance, project="P-1", register="milestones", key=key, by=by, **more
    )


def test_an_approved_change_that_names_it_moves_a_baseline_once(world: World) -> None:
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-02")
    world.submit("P-1", "changes", "ana", moves=["M-1"])
    with pytest.raises(Refusal, match="C-1 is waiting: an approved change moves a baseline"):
        moved(world)
    world.vote("sue")
    with pytest.raises(Refusal, match="Ana may not rebaseline milestone"):
        moved(world, by="ana")
    assert moved(world).version == 2
    with world.database.read() as uow:
        entry = uow.entries.by_key("P-1", "milestones", "M-1")
        said = {name: entry.document[name] for name in ("baseline", "first_baseline")}
    assert said == {"baseline": "2026-03-12", "first_baseline": "2026-03-02"}
    assert [each.kind for each in world.journal("P-1")][-2] == "milestone.rebaselined"
    with pytest.raises(Refusal, match="C-1 moved a baseline of M-1 already"):
        moved(world, values={"baseline": "2026-05-12"})


def test_two_who_move_a_baseline_by_one_change_at_once(world: World) -> None:
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-02")
    world.submit("P-1", "changes", "ana", moves=["M-1"])
    world.vote("sue")
    move = partial(
        rebaselining.rebaseline,
        project="P-1",
        register="milestones",
        key="M-1",
        by="sue",
        change="C-1",
    )
    found = at_once(
        world, *(partial(move, values={"baseline": day}) for day in ("2026-03-12", "2026-04-12"))
    )
    (lost,) = (each for each in found if isinstance(each, Failed))
    assert "C-1 moved a baseline of M-1 already" in lost.message


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"key": "M-2"}, "C-1 does not name M-2"),
        ({"change": "C-9"}, "P-1 has no record C-9 beside this one"),
        ({"values": {"forecast": "2026-03-12"}}, "'forecast' is no baseline of milestones; it has"),
        ({"values": {}}, "say which baseline is moved to what: baseline"),
        ({"values": {"baseline": None}}, "a baseline is moved, and not taken away"),
        ({"change": None}, "say what moves the baseline"),
        ({"change": None, "exception": "0"}, "no exception has an id that begins with '0'"),
        ({"key": "M-3"}, "M-3 has no baseline yet"),
    ],
)
def test_what_moves_no_baseline(world: World, more: dict[str, Any], said: str) -> None:
    for _ in range(2):
        world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-02")
    world.submit("P-1", "milestones", "ana")
    world.submit("P-1", "changes", "ana", moves=["M-1"])
    world.vote("sue")
    with pytest.raises(CommandError, match=said):
        moved(world, **more)


def test_small_steps_are_seen_against_the_first_baseline(world: World) -> None:
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-02")
    for number, day in enumerate(("2026-03-12", "2026-03-22"), 1):
        world.submit("P-1", "changes", "ana", moves=["M-1"])
        world.vote("sue")
        moved(world, values={"baseline": day}, change=f"C-{number}")
        world.update("P-1", "milestones", "M-1", "ana", forecast=day)
    assert raised(world) == ["project time since first to sponsor"]


def test_the_first_value_is_nobodys_to_give(world: World) -> None:
    with pytest.raises(CommandError, match="first_baseline: is not a field to give"):
        world.submit("P-1", "milestones", "ana", first_baseline="2026-03-02")


# The report, and its answers


def test_where_no_level_is_above_none_is_named(world: World) -> None:
    world.submit("P-1", "budget_lines", "ana", baseline="50000 GBP", forecast="90000 GBP")
    found = the_exception(world, "project cost")
    assert found.report["options"].endswith("and no more; more tolerance; a stop")
    assert found.due is not None


def test_the_report_has_five_parts_from_the_registers(world: World) -> None:
    world.submit("P-1", "risks", "ana", title="Steel is dear", score="3")
    world.submit("P-1", "budget_lines", "ana", **LINE)
    world.submit("P-1", "budget_lines", "ana", baseline="50000 GBP", forecast="60000 GBP")
    found = the_exception(world, "stage cost")
    assert tuple(found.report) == PARTS
    assert found.report == {
        "cause": "cost: forecast 160,000 GBP, planned 150,000 GBP, tolerance of the stage 5 %, most"
        " of it BL-2 by 10,000 GBP",
        "consequences": "the project's tolerance of cost is kept; open risk R-1, Steel is dear",
        "options": "an exception plan that moves the plan from 150,000 GBP; a concession, which"
        " lets it be 160,000 GBP and no more; more tolerance, up to what the level above has"
        " (10 %); a stop",
        "recommendation": "more tolerance: it is within the project's, 10 %",
        "lessons": "nothing is recorded; say it when you answer",
    }
    [mail] = [each for each in world.inbox("sue").messages if "exception report" in each.subject]
    assert "Recommendation: more tolerance" in mail.body


def test_the_report_names_the_highest_threats_and_what_drives_the_whole(world: World) -> None:
    for title, score in (("Rain", "1"), ("Wind", "9"), ("Frost", "4"), ("Snow", "10"), ("Fog", "")):
        given = {"score": score} if score else {}
        world.submit("P-1", "risks", "ana", title=title, **given)
    world.submit("P-1", "risks", "ana", title="Sun", score="20", type="opportunity")
    world.submit("P-1", "budget_lines", "ana", baseline="50000 GBP", forecast="30000 GBP")
    world.submit("P-1", "budget_lines", "ana", baseline="50000 GBP", forecast="90000 GBP")
    report = the_exception(world, "project cost").report
    assert report["cause"].endswith("most of it BL-2 by 40,000 GBP")
    assert report["consequences"].endswith(
        "open risk R-4, Snow; open risk R-2, Wind; open risk R-3, Frost"
    )


def test_risks_are_ranked_by_their_scales_where_no_score_is_given() -> None:
    def risk(**said: Any) -> Entry:
        return Entry(project="P-1", register_name="risks", key="R-1", document=said)

    assert score_of_risk(risk(probability="3", impact="4", score=None)) == 12
    assert score_of_risk(risk(probability="3")) == 0
    assert score_of_risk(risk(probability="high", impact="4")) == 0
    assert score_of_risk(risk(probability="3", impact="4", score="5")) == 5


def test_a_concession_lets_it_be_as_it_is_and_no_worse(world: World) -> None:
    world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast="106 GBP")
    done = answered(world, "stage cost", "concession", "sue")
    assert done.granted["stage_cost"] == "106 GBP"
    at(world, 3, 3, 12)
    world.sweep()
    line(world, title="Steel")
    assert raised(world) == []
    line(world, forecast="106.01 GBP")
    assert raised(world) == ["stage cost to sponsor"]
    assert (
        "exceeded before: concession by sue" in the_exception(world, "stage cost").report["lessons"]
    )


def test_what_gets_worse_right_after_it_was_conceded_is_raised_again(world: World) -> None:
    world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast="106 GBP")
    answered(world, "stage cost", "concession", "sue")
    line(world, forecast="107 GBP")
    assert raised(world) == ["stage cost to sponsor"]


def test_what_was_granted_lapses_with_its_baseline(world: World) -> None:
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-31")
    answered(world, "project time", "concession", "sue")
    world.submit("P-1", "changes", "ana", moves=["M-1"])
    world.vote("sue")
    moved(world, values={"baseline": "2026-03-05"})
    assert raised(world) == ["project time to sponsor"]


def test_a_day_that_is_past_is_granted_up_to_today_and_no_longer(world: World) -> None:
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-04")
    at(world, 3, 17, 12)
    world.sweep()
    done = answered(world, "project time", "concession", "sue")
    assert done.granted["project_time"] == "2026-03-17"
    world.sweep()
    assert raised(world) == []
    at(world, 3, 18, 12)
    world.sweep()
    assert raised(world) == ["project time to sponsor"]


def test_more_tolerance_goes_as_far_as_it_says_and_no_further_than_the_level_above(
    world: World,
) -> None:
    world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast="106 GBP")
    for to, said in (
        ("5 %", "5 % is no more than there is, 5 %"),
        ("12 %", "12 % is more than the project's tolerance of cost .10 %."),
        ("5.5 %", "5.5 % does not cover what is forecast"),
        ("6 GBP", "'6 GBP' is not measured like '5 %'"),
        ("plenty", "--to"),
        (None, "more tolerance says how much, with --to"),
    ):
        with pytest.raises(CommandError, match=said):
            answered(world, "stage cost", "tolerance", "sue", to=to)
    answered(world, "stage cost", "tolerance", "sue", to="10 %")  # as much as the project has
    line(world, forecast="110 GBP")
    assert raised(world) == []
    line(world, forecast="110.01 GBP")
    assert raised(world) == BOTH


def test_a_plan_is_asked_for_and_moves_the_baseline(world: World) -> None:
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-31")
    id = the_exception(world, "project time").id
    with pytest.raises(Refusal, match="was not answered with an exception plan"):
        moved(world, change=None, exception=id[:8], values={"baseline": "2026-03-31"})
    answered(world, "project time", "plan", "sue")
    [waiting] = world.waiting_for("ana")
    assert (waiting.kind, waiting.title) == ("evidence", "Milestone M-1 of P-1")
    world.update("P-1", "milestones", "M-1", "ana", actual=None, forecast="2026-03-31")
    assert raised(world) == []
    with pytest.raises(Refusal, match=f"is not there yet: {waiting.id[:8]} waits for it"):
        moved(world, change=None, exception=id[:8], values={"baseline": "2026-03-31"})
    answer(world.governance, waiting.id, by="ana", note="plan 7")
    assert world.waiting_for("ana") == []
    moved(world, change=None, exception=id[:8], values={"baseline": "2026-03-31"})


def test_a_plan_moves_what_its_tolerance_measures_and_nothing_else(world: World) -> None:
    world.submit("P-1", "milestones", "ana", baseline="2026-03-02", forecast="2026-03-02")
    world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast="106 GBP")
    id = the_exception(world, "stage cost").id
    answered(world, "stage cost", "plan", "sue")
    with pytest.raises(Refusal, match="moves none of milestones, and not baseline: its plan moves"):
        moved(world, change=None, exception=id[:8], values={"baseline": "2026-03-31"})
    [waiting] = world.waiting_for("ana")
    answer(world.governance, waiting.id, by="ana", note="plan 7")
    about = {"project": "P-1", "register": "budget_lines", "key": "BL-1", "by": "sue"}
    values = {"baseline": "106 GBP"}
    rebaselining.rebaseline(world.governance, **about, exception=id[:8], values=values)


def test_a_stop_stops_the_project(world: World) -> None:
    world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast="130 GBP")
    assert answered(world, "project cost", "stop", "bo").status == "stopped"
    assert raised(world) == []
    with pytest.raises(Refusal, match="P-1 is stopped"):
        world.submit("P-1", "risks", "ana", score="1")


def test_a_stop_lets_nothing_be_that_is_exceeded(world: World) -> None:
    world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast="130 GBP")
    assert answered(world, "project cost", "stop", "bo").granted == {}
    set_state(world.governance, act=acts.START_PROJECT, project="P-1", by="bo")
    at(world, 3, 3, 12)
    world.sweep()
    assert raised(world) == BOTH


def test_a_stop_that_is_reserved_to_others_is_no_answer(make_world: Callable[..., World]) -> None:
    text = TOLERANCES.read_text(encoding="utf-8")
    reserved = text.replace("for: sponsor\n", "for: sponsor\nreserved: [{act: stop project}]\n")
    assert reserved != text
    world = make_world(policy_from(reserved), start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("bo", "portfolio_board")
    world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast="130 GBP")
    with pytest.raises(Refusal, match="to stop P-1 is reserved to the sponsor; give"):
        answered(world, "project cost", "stop", "bo")


def test_a_team_s_work_is_stopped_though_to_stop_its_project_is_reserved(
    make_world: Callable[..., World],
) -> None:
    text = TOLERANCES.read_text(encoding="utf-8")
    text = text.replace("for: sponsor\n", "for: sponsor\nreserved: [{act: stop project}]\n")
    team = """tolerances:
  - level: team
    of: time
    up_to: [{from: 2026-01-01, value: 1 week, source: Board minutes 1}]
    measured: {each: milestones, forecast: forecast, against: baseline, met: actual}
    raise_to: project_manager
    within: 3 working days
"""
    policy = policy_from(text.replace("tolerances:\n", team, 1))
    world = make_world(policy, start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sue", "sponsor")
    days = {"baseline": "2026-03-20", "forecast": "2026-03-30"}
    world.submit("P-1", "milestones", "sue", **days)
    assert answered(world, "team time", "stop", "ana").way == "stop"
    with world.governance.reading() as c:
        assert c.uow.projects.get("P-1").status == "active"
        [stopped] = c.uow.entries.of_project("P-1")
    assert stopped.closed_at is not None
    assert raised(world) == []


def test_who_wrote_what_is_exceeded_does_not_let_it_be(world: World) -> None:
    world.submit("P-1", "budget_lines", "sue", baseline="100 GBP", forecast="106 GBP")
    with pytest.raises(Refusal, match="Sue wrote what raised it"):
        answered(world, "stage cost", "concession", "sue")
    assert answered(world, "stage cost", "concession", "bo").granted


def test_what_is_exceeded_by_now_is_what_is_let_be_and_whoever_answers_hears_of_it(
    world: World,
) -> None:
    world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast="106 GBP")
    line(world, forecast="108 GBP")
    told = world.inbox("sue").messages[-1]
    assert "What is exceeded has changed since you were told." in told.body
    assert "Cause: cost: forecast 108 GBP" in told.body
    assert "forecast 108 GBP" in "".join(the_exception(world, "stage cost").report.values())
    before = len(world.inbox("sue").messages)
    line(world, forecast="108 GBP")
    assert len(world.inbox("sue").messages) == before


def test_whom_it_was_raised_to_answers_and_for_a_reason(world: World) -> None:
    world.submit("P-1", "budget_lines", "ana", baseline="100 GBP", forecast="106 GBP")
    with pytest.raises(Refusal, match="Ana may not decide this"):
        answered(world, "stage cost", "concession", "ana")
    id = the_exception(world, "stage cost").id
    with pytest.raises(CommandError, match="has four answers"):
        answer(world.governance, id, by="sue", note="done")
    with pytest.raises(CommandError, match="for a reason"):
        answer_exception(world.governance, id, way="plan", by="sue", reason=" ")
    with pytest.raises(CommandError, match="the other answers do not"):
        answered(world, "stage cost", "plan", "sue", to="8 %")
    answered(world, "stage cost", "concession", "sue")
    with pytest.raises(Refusal, match="is met already"):
        answer_exception(world.governance, id, way="plan", by="sue", reason="late")
    with world.governance.reading() as c, pytest.raises(NotFound):
        exception_named(c, "zz")


# What a policy says


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("sum_of: budget_lines", "sum_of: budget_line", "unknown register 'budget_line'"),
        ("forecast, against: planned", "fore, against: planned", "unknown field 'fore'"),
        ("raise_to: portfolio_board", "raise_to: board", "unknown role 'board'"),
        ("{each: milestones", "{sum_of: milestones", "days have no sum"),
        ("forecast: score}", "forecast: title}", "without 'against' a number alone"),
        ("value: 2 weeks", "value: 10 %", "is no measure of 'forecast'"),
        ("date, baseline_of: forecast", "date, baseline_of: fore", "unknown field 'fore'"),
        ("date, baseline_of: forecast", "date, baseline_of: baseline", "baseline of itself"),
        ("date, baseline_of", "date, moved_by: [chang.moves], baseline_of", "register 'chang'"),
        (
            "date, baseline_of",
            "date, moved_by: [changes.move], baseline_of",
            "unknown field 'move'",
        ),
        ("date, baseline_of", "date, moved_by: [changes], baseline_of", "says no field"),
        ("date, baseline_of", "date, moved_by: [risks.score], baseline_of", "it is no text"),
        ("planned: {type: money", "planned: {moved_by: [changes.moves], type: money", "is none"),
        ("money, baseline_of: forecast", "text, baseline_of: forecast", "is of another type"),
        ("each: risks, ", "", "what is measured are records 'each' by itself"),
        ("    raise_to: portfolio_board\n", "", "a role to 'raise_to'"),
        ("may: rebaseline,", "may: rebaseline budget,", "rebaseline"),
    ],
)
def test_what_cannot_be_measured_is_told(before: str, after: str, said: str) -> None:
    text = TOLERANCES.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(PolicyError) as error:
        policy_from(text.replace(before, after, 1))
    assert any(said in each.message for each in error.value.diagnostics)


# What is known later


def test_what_is_compared_may_be_given_later(world: World) -> None:
    world.submit("P-1", "budget_lines", "ana", title="Roof", baseline="100000 GBP")
    world.submit("P-1", "milestones", "ana", forecast="2026-04-30")
    world.submit("P-1", "benefits", "ana", planned="1000 GBP")
    world.submit("P-1", "risks", "ana", title="Mud")
    world.sweep()
    assert raised(world) == []
    line(world, forecast="110000.01 GBP")
    assert raised(world) == BOTH
    world.update("P-1", "milestones", "M-1", "ana", baseline="2026-03-02")
    world.update("P-1", "benefits", "B-1", "ana", forecast="1 GBP")
    world.update("P-1", "risks", "R-1", "ana", score="13")
    cost, benefits = "stage cost", "project benefits"
    assert sorted(raised(world)) == [
        "project cost to portfolio_board",
        "project risk to sponsor",
        "project time to sponsor",
        f"{cost} and {benefits} to sponsor",
    ]
    mails = [each for each in world.inbox("sue").messages if "More is raised" in each.body]
    assert [each.subject for each in mails] == ["Project P-1: exception report"]
    assert "the forecast of all benefits together is 1 GBP" in mails[0].body
    cause = the_exception(world, f"{cost} and {benefits}").report["cause"]
    assert "cost: forecast" in cause
    assert "benefits: forecast 1 GBP" in cause
    assert cause.split("; ")[-1] in mails[0].body
    world.update("P-1", "benefits", "B-1", "ana", forecast="2 GBP")
    line(world, forecast="100000 GBP")
    world.update("P-1", "risks", "R-1", "ana", score="12")
    world.sweep()
    assert "project risk to sponsor" not in raised(world)
    assert len([e for e in world.inbox("sue").messages if "More is raised" in e.body]) == 1


ADOPTED = """
---
kind: terms_of_reference
for: portfolio_board
authority: [{id: board-policy, may: adopt policy, up_to: unlimited}]
"""


def test_an_exception_of_a_tolerance_that_is_no_more_is_taken_back(
    make_world: Callable[..., World],
) -> None:
    text = TOLERANCES.read_text("utf-8") + ADOPTED
    first = policy_from(text)
    world = make_world(first, start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sue", "sponsor", project="P-1")
    world.person("bo", "portfolio_board")
    adoption.adopt(world.governance, first, by="ana")
    world.vote("bo")
    world.submit("P-1", "budget_lines", "ana", **{**LINE, "forecast": "150000 GBP"})
    assert raised(world) == BOTH

    start = text.index("  - level: stage\n    of: cost")
    end = text.index("  - level: ", start + 10)
    second = policy_from((text[:start] + text[end:]).replace('version: "1"', 'version: "2"'))
    touched = effect_on(world.governance, second).open_work or ()
    assert [(e.project, e.title, len(e.gone)) for e in touched] == [("P-1", "Project P-1", 1)]
    assert effect_on(world.governance, first).open_work == ()
    adoption.adopt(world.governance, second, by="ana")
    world.vote("bo", number=1)
    assert raised(world) == BOTH
    for _ in range(2):
        world.sweep()
        assert raised(world) == ["project cost to portfolio_board"]
    mail = [each.body for each in world.inbox("sue").messages if "no longer waits" in each.subject]
    assert mail == ["No rule asks for it any more."]
