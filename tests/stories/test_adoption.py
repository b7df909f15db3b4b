"""A new version of the policy: drafted, commented on, adopted by the board, binding on its day."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.queries import audit
from pmo_engine.queries.versions import VersionState
from pmo_engine.queries.versions import versions as list_versions
from pmo_engine.reports.report import report
from pmo_engine.store.database import Database
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.governance import Governance
from pmo_engine.work.imports.importing import Sheet, bring_in
from pmo_engine.work.reading import require_reader
from pmo_engine.work.records import submission
from pmo_engine.work.records.naming import register_of_any_version
from pmo_engine.work.versions import adoption, commenting, drafting
from pmo_engine.work.versions import catalogue as versions
from pmo_engine.work.versions.coming_into_force import bring_into_force

CITY = (Path(__file__).parent / "city.yaml").read_text(encoding="utf-8")
BOARD_ADOPTS = """\
authority:
  - id: the-policy
    may: adopt policy
    up_to: unlimited
  - id: board-changes
"""


def all_versions(town: World) -> list[VersionState]:
    with town.governance.reading() as c:
        return list(list_versions(c).items)


def city(version: str, *changes: tuple[str, str], header: str = "") -> Policy:
    """The town's policy in another version: texts replaced, lines added to its header."""
    text = CITY.replace('version: "2026.1"', f'version: "{version}"\n{header}'.rstrip())
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return policy_from(text)


NAMED = ("authority:\n  - id: board-changes\n", BOARD_ADOPTS)
SMALLER = ("value: 50000 GBP", "value: 20000 GBP")
MARCH_9 = ("in_force_from: 2026-01-01", "in_force_from: 2026-03-09")


def second(*changes: tuple[str, str], header: str = "") -> Policy:
    """The next version: project managers approve up to 20,000 only, from 9 March."""
    return city("2026.2", NAMED, SMALLER, MARCH_9, *changes, header=header)


@pytest.fixture
def first() -> Policy:
    return city("2026.1", NAMED)


@pytest.fixture
def town(make_world: Callable[..., World], first: Policy) -> World:
    """The town has adopted its first version; Ana manages P-1, Petra heads the office."""
    world = make_world(first)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("bea", "portfolio_board")
    world.person("sam")
    adoption.adopt(world.governance, first, by="petra")
    world.vote("bo")
    return world


def submit(world: World, cost: str) -> str:
    return world.submit("P-1", "change_requests", "sam", cost=cost).key


def asked(world: World, key: str) -> dict[str, str]:
    """Who is asked about a change, and how that stands."""
    story = story_of(world.governance, project="P-1", register="change_requests", key=key)
    return {item.target: item.status for item in story.obligations}


def status(world: World, version: str) -> str:
    return str(versions.show(world.governance, version).status)


def test_a_version_goes_from_its_draft_to_its_day(town: World) -> None:
    drafted = drafting.draft(town.governance, second(), by="petra")
    assert (drafted.status, drafted.version) == ("draft", "2026.2")
    drafting.circulate(town.governance, "2026.2", by="petra", until=date(2026, 3, 3))
    assert town.inbox("ana").subjects == [
        "Version 2026.2 of town-works is out for comment until 03 March 2026"
    ]
    limit = "terms/project_manager/authority/pm-changes"
    commenting.comment(town.governance, "2026.2", "Too low for bridges", by="ana", clause=limit)
    assert town.inbox("petra").subjects[-1] == "Version 2026.2 of town-works: comment 1 by Ana"
    with pytest.raises(Refusal, match="out for comment until 2026-03-04 00:00"):
        adoption.adopt(town.governance, "2026.2", by="petra")
    town.forward(working_days=2)
    adoption.adopt(town.governance, "2026.2", by="petra")
    [waiting] = town.waiting_for("bo")
    assert (waiting.asked_of, waiting.kind, waiting.clause) == (
        "portfolio_board",
        "approval",
        "the-policy",
    )
    assert waiting.reasons == [
        "Clauses: 2 changed.",
        "Of 0 open records it leaves as they are, and would touch, 0.",
        f"Open comment 1 by Ana on {limit}: Too low for bridges",
    ]
    assert town.vote("bea").status == "adopted"
    assert town.inbox("petra").subjects[-1] == "Version 2026.2 of town-works is adopted"
    assert town.governance.rules.policy.version == "2026.1"  # its day has yet to come
    standing = [(row.version, row.status, row.in_force) for row in all_versions(town)]
    assert standing == [("2026.1", "adopted", True), ("2026.2", "adopted", False)]
    submit(town, "30000 GBP")
    assert asked(town, "CR-1") == {"project_manager": "open"}
    town.forward(working_days=3)  # from Wednesday to Monday, 9 March
    assert town.governance.rules.policy.version == "2026.2"
    submit(town, "30000 GBP")
    assert asked(town, "CR-2") == {"pmo_head": "open"}
    assert [(row.status, row.in_force) for row in all_versions(town)] == [
        ("superseded", False),
        ("adopted", True),
    ]
    assert audit.verify(town.database).intact
    told = done(town)
    assert told[told.index("policy.circulated") :] == [
        "policy.circulated",
        "policy.commented",
        "policy.submitted",
        "obligation.opened",
        "voted",
        "policy.adopted",
        "policy.took_force",
    ]


def test_open_work_keeps_the_version_that_it_began_under(town: World) -> None:
    submit(town, "30000 GBP")
    adoption.adopt(town.governance, second(), by="petra")
    town.vote("bo")
    town.forward(working_days=10)
    assert town.governance.rules.policy.version == "2026.2"
    town.update("P-1", "change_requests", "CR-1", "sam", cost="40000 GBP")
    assert asked(town, "CR-1") == {"project_manager": "open"}
    submit(town, "40000 GBP")
    assert asked(town, "CR-2") == {"pmo_head": "open"}
    [row] = [each for each in town.waiting_for("ana") if each.kind == "approval"]
    voted = approvals.vote(town.governance, row.id, by="ana", choice="approve")
    assert voted.status == "approved"
    story = story_of(town.governance, project="P-1", register="change_requests", key="CR-1")
    assert {each.result.policy.version for each in story.decisions} == {"2026.1"}


def test_an_import_changes_a_record_under_the_version_that_it_began_under(
    town: World, tmp_path: Path
) -> None:
    key = submit(town, "15000 GBP")
    adoption.adopt(town.governance, second(), by="petra")
    assert town.vote("bo").status == "adopted"
    town.forward(working_days=5)
    assert town.governance.rules.policy.version == "2026.2"
    table = tmp_path / "changes.csv"
    table.write_text(f"key,cost\n{key},30000 GBP\nCR-2,30000 GBP\n")
    sheet = Sheet(table, "change_requests", "P-1")
    assert bring_in(town.governance, sheet, by="petra").changed == 1
    assert asked(town, key)["project_manager"] == "open"
    assert asked(town, "CR-2") == {"pmo_head": "open"}


def test_work_that_began_before_the_first_adoption_keeps_its_version_too(
    make_world: Callable[..., World], first: Policy
) -> None:
    world = make_world(first)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("sam")
    submit(world, "30000 GBP")
    adoption.adopt(world.governance, second(), by="petra")
    world.vote("bo")
    world.forward(working_days=10)
    world.update("P-1", "change_requests", "CR-1", "sam", cost="40000 GBP")
    assert asked(world, "CR-1") == {"project_manager": "open"}


def test_a_version_that_applies_to_open_work_decides_it_again_once(town: World) -> None:
    submit(town, "30000 GBP")
    submit(town, "300000 GBP")
    before = {row.asked_of: (row.id, row.due) for row in town.waiting_for("petra")}
    new = second(header="applies_to_open: true")
    adoption.adopt(town.governance, new, by="petra")
    touched = versions.show(town.governance, "2026.2").changes
    assert [each.title for each in touched.open_work] == ["Change request CR-1 of P-1"]
    ladder = "(reminders and escalations by the ladder 'patience')"
    new, gone = touched.open_work[0].new, touched.open_work[0].gone
    assert new == (f"The PMO head must approve the change request within 3 working days {ladder}.",)
    assert gone == (f"The project manager must approve the change request {ladder}.",)
    approval = next(row for row in town.waiting_for("bo") if row.rule == "policy-adoption")
    approvals.vote(town.governance, approval.id, by="bo", choice="approve")
    assert asked(town, "CR-1") == {"project_manager": "open"}
    town.forward(working_days=5)
    assert asked(town, "CR-1") == {"project_manager": "withdrawn", "pmo_head": "open"}
    after = {row.asked_of: (row.id, row.due) for row in town.waiting_for("petra")[:1]}
    assert after == before  # the change that both versions ask for keeps its timer
    lines = audit.verify(town.database).lines
    town.sweep()
    assert town.governance.rules.policy.version == "2026.2"
    assert audit.verify(town.database).lines == lines
    [last] = [line for line in town.journal("office") if line.kind == "policy.took_force"][1:]
    assert last.body["open_work"] == 2


def test_what_was_approved_stays_approved_under_the_new_version(town: World) -> None:
    submit(town, "300000 GBP")
    town.vote("petra")
    higher = ("value: 250000 GBP", "value: 400000 GBP")
    new = city("2026.2", NAMED, higher, header="applies_to_open: true")
    adoption.adopt(town.governance, new, by="petra")
    approval = next(row for row in town.waiting_for("bo") if row.rule == "policy-adoption")
    approvals.vote(town.governance, approval.id, by="bo", choice="approve")
    assert asked(town, "CR-1") == {"pmo_head": "met", "portfolio_board": "withdrawn"}
    assert town.status("P-1", "change_requests", "CR-1") == "approved"


def test_a_rule_by_another_name_takes_the_place_of_the_old_one(town: World) -> None:
    submit(town, "30000 GBP")
    new = city("2026.2", NAMED, ("by-authority", "by-limits"), header="applies_to_open: true")
    adoption.adopt(town.governance, new, by="petra")
    town.vote("bo")
    [row] = town.waiting_for("ana")
    assert (row.rule, row.asked_of) == ("by-limits", "project_manager")


def test_nobody_adopts_what_they_drafted_or_put_up(town: World) -> None:
    drafting.draft(town.governance, second(), by="bea")
    adoption.adopt(town.governance, "2026.2", by="bo")
    with town.governance.reading() as c:
        [asked] = c.uow.obligations.stuck()
    for person in ("bea", "bo"):
        assert town.waiting_for(person) == []
        with pytest.raises(Refusal, match="nobody approves a request of their own"):
            approvals.vote(town.governance, asked.id, by=person, choice="approve")
    assert status(town, "2026.2") == "submitted"


def test_a_board_of_which_too_few_may_vote_is_told_of_as_it_is_put_up(
    make_world: Callable[..., World],
) -> None:
    """Three make a quorum, and the one of them who puts it up may not approve it."""
    terms = ("voting: A show of hands.\n", "members: 3\nquorum: {meet: 3}\n")
    world = make_world(city("2026.1", NAMED, terms))
    for person in ("bo", "bea", "ben"):
        world.person(person, "portfolio_board")
    world.person("petra", "pmo_head")
    put_up = adoption.adopt(world.governance, city("2026.2", NAMED, terms, MARCH_9), by="bea")
    [asked] = versions.show(world.governance, put_up.id).approvals or ()
    assert asked.hopeless == (
        "it cannot be decided as it stands: no quorum: 0 of 3 that make a quorum are there;"
        " Bea asked for this, and nobody approves a request of their own"
    )
    fourth = adoption.adopt(world.governance, city("2026.3", NAMED, terms, MARCH_9), by="petra")
    [asked] = versions.show(world.governance, fourth.id).approvals or ()
    assert asked.hopeless == ""
    for person in ("bo", "bea", "ben"):
        approvals.vote(world.governance, asked.id, by=person, choice="approve")
    [asked] = versions.show(world.governance, fourth.id).approvals or ()
    assert (asked.status, asked.hopeless) == ("met", "")


def test_whom_the_version_in_force_names_adopts_and_not_whom_the_new_one_names(
    town: World,
) -> None:
    head_adopts = BOARD_ADOPTS.replace("board-changes", "head-changes")
    taken = city("2026.2", ("authority:\n  - id: head-changes\n", head_adopts))
    adoption.adopt(town.governance, taken, by="ana")
    assert [row.asked_of for row in town.waiting_for("bo")] == ["portfolio_board"]
    assert town.waiting_for("petra") == []


def test_only_those_whom_the_terms_name_decide(town: World) -> None:
    adoption.adopt(town.governance, second(), by="ana")
    [row] = town.waiting_for("bo")
    with pytest.raises(Refusal, match="Petra may not decide this: it is for the portfolio board"):
        approvals.vote(town.governance, row.id, by="petra", choice="approve")
    assert town.waiting_for("petra") == []


def test_a_version_that_was_rejected_binds_nobody(town: World) -> None:
    adoption.adopt(town.governance, second(), by="petra")
    [row] = town.waiting_for("bo")
    voted = approvals.vote(
        town.governance, row.id, by="bo", choice="reject", reason="the limit is too low"
    )
    assert voted.status == "rejected"
    town.forward(working_days=10)
    assert town.governance.rules.policy.version == "2026.1"
    shown = versions.show(town.governance, "2026.2")
    assert (shown.status, shown.reason) == ("rejected", "the limit is too low")
    with pytest.raises(Refusal, match="is rejected; draft it anew"):
        adoption.adopt(town.governance, "2026.2", by="petra")
    again = adoption.adopt(town.governance, second(), by="petra")
    assert (again.status, again.id != shown.id) == ("submitted", True)


def test_done_twice_it_is_done_once(town: World) -> None:
    new = second()
    steps: list[Callable[[], Any]] = [
        lambda: drafting.draft(town.governance, new, by="petra"),
        lambda: drafting.circulate(town.governance, "2026.2", by="petra", until=date(2026, 3, 3)),
        lambda: commenting.comment(town.governance, "2026.2", "Why?", by="ana"),
        lambda: town.forward(working_days=2),
        lambda: adoption.adopt(town.governance, "2026.2", by="petra"),
        lambda: adoption.adopt(town.governance, new, by="petra"),
    ]
    for step in steps:
        step()
        lines = audit.verify(town.database).lines
        if step is not steps[3]:
            step()
        assert audit.verify(town.database).lines == lines
    town.vote("bo")
    lines = audit.verify(town.database).lines
    assert adoption.adopt(town.governance, "2026.2", by="petra").status == "adopted"
    assert drafting.draft(town.governance, new, by="petra").status == "adopted"
    assert audit.verify(town.database).lines == lines


def test_an_approval_waits_and_goes_up_like_any_other(town: World) -> None:
    """The ladder of the version in force reminds the board, half way and when it is due."""
    adoption.adopt(town.governance, second(), by="petra", within="4 working days")
    for _ in range(5):
        town.forward(working_days=1)
    title = "Version 2026.2 of town-works"
    assert [each for each in town.inbox("bo").subjects if "2026.2" in each] == [
        f"{title} needs your decision",
        f"Reminder: {title} waits for the portfolio board",
        f"Reminder: {title} waits for the portfolio board",
    ]


def test_every_role_that_the_terms_name_has_to_adopt(
    make_world: Callable[..., World],
) -> None:
    both = (
        "authority:\n  - id: head-changes\n",
        BOARD_ADOPTS.replace("board", "head").replace("the-policy", "policy-too"),
    )
    world = make_world(city("2026.1", NAMED, both))
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    adoption.adopt(world.governance, city("2026.1", NAMED, both), by="ana")
    assert world.vote("petra").status == "submitted"
    assert world.vote("bo").status == "adopted"


def test_whom_it_is_reserved_for_adopts_alone() -> None:
    reserved = ("voting: A show of hands.\n", "reserved: [{act: adopt policy}]\n")
    head = ("authority:\n  - id: head-changes\n", BOARD_ADOPTS.replace("board", "head"))
    found = adoption.adopters(city("2026.1", reserved), date(2026, 3, 2))
    assert [each.role for each in found] == ["portfolio_board"]
    found = adoption.adopters(city("2026.1", head), date(2026, 3, 2))
    assert [(each.role, each.clause) for each in found] == [("pmo_head", "the-policy")]


def test_where_no_terms_name_anybody_the_most_senior_body_adopts(world: World) -> None:
    adoption.adopt(world.governance, city("2026.2", SMALLER), by="petra")
    [row] = world.waiting_for("bo")
    assert (row.asked_of, row.clause) == (
        "portfolio_board",
        "the most senior role; no terms name who adopts a policy",
    )


def test_a_comment_is_answered_and_shown_no_more(town: World) -> None:
    adoption.adopt(town.governance, second(), by="petra")
    commenting.comment(town.governance, "2026.2", "Why so low?", by="ana")
    assert town.waiting_for("bo")[0].reasons[-1] == "Open comment 1 by Ana: Why so low?"
    commenting.answer(town.governance, "2026.2", 1, "Audit finding 12", by="petra")
    assert town.waiting_for("bo")[0].reasons[-1].startswith("Of 0 open records")
    with pytest.raises(Refusal, match="comment 1 on Version 2026.2 of town-works is answered"):
        commenting.answer(town.governance, "2026.2", 1, "Again", by="petra")


def test_a_version_that_is_withdrawn_is_asked_of_nobody(town: World) -> None:
    adoption.adopt(town.governance, second(), by="petra")
    with pytest.raises(Refusal, match="Sam neither drafted"):
        drafting.withdraw(town.governance, "2026.2", by="sam", reason="no")
    drafting.withdraw(town.governance, "2026.2", by="petra", reason="the audit is not done")
    assert town.waiting_for("bo") == []
    assert status(town, "2026.2") == "withdrawn"


def test_a_better_draft_replaces_the_one_before_it(town: World) -> None:
    old = drafting.draft(town.governance, second(), by="petra")
    new = drafting.draft(town.governance, second(("3 working days", "2 working days")), by="petra")
    states = {row.id: row.status for row in all_versions(town)}
    assert (states[old.id], states[new.id]) == ("superseded", "draft")
    assert versions.show(town.governance, "2026.2").id == new.id
    assert versions.show(town.governance, old.digest[:8]).id == old.id


def test_what_was_adopted_is_loaded_again_to_the_byte(town: World, first: Policy) -> None:
    with town.governance.reading() as c:
        kept = c.uow.policy_texts.get(first.digest)
    assert kept.files == {"policy.yaml": first.contents["policy.yaml"].decode()}
    assert replace(town.governance).version(first.digest).policy.digest == first.digest


def test_a_register_that_is_gone_is_decided_under_the_version_that_has_it(town: World) -> None:
    submit(town, "30000 GBP")
    renamed = [("change_requests", "variations"), ("change_request", "variation")]
    new = city("2026.2", NAMED, *renamed, header="applies_to_open: true")
    adoption.adopt(town.governance, new, by="petra")
    [touched] = versions.show(town.governance, "2026.2").changes.open_work
    assert touched.note.startswith("the new version cannot judge it (it has no change_requests)")
    town.vote("bo")
    assert town.governance.rules.policy.version == "2026.2"
    with pytest.raises(CommandError, match="no register is called 'change_requests'"):
        submit(town, "1 GBP")
    town.update("P-1", "change_requests", "CR-1", "sam", cost="35000 GBP")
    assert town.vote("ana").status == "approved"
    assert town.status("P-1", "change_requests", "CR-1") == "approved"


def test_records_of_a_register_that_is_gone_are_reported_and_listed(town: World) -> None:
    submit(town, "30000 GBP")
    submit(town, "0 GBP")
    renamed = [("change_requests", "variations"), ("change_request", "variation")]
    adoption.adopt(town.governance, city("2026.2", NAMED, *renamed), by="petra")
    town.vote("bo")
    assert town.governance.rules.policy.version == "2026.2"
    page = report(town.governance)
    assert "CR-1" in page
    assert "CR-2" in page
    assert register_of_any_version(town.governance, "change_requests").noun == "change_request"
    with pytest.raises(CommandError, match="no register is called 'variants'"):
        register_of_any_version(town.governance, "variants")


def test_a_register_that_is_gone_is_read_by_whom_its_last_version_lets(town: World) -> None:
    submit(town, "30000 GBP")
    renamed = [("change_requests", "variations"), ("change_request", "variation")]
    sees = "  - {id: sees, may: read change_requests, up_to: unlimited}\n  - id: board-changes"
    kept = (NAMED[0], BOARD_ADOPTS.replace("  - id: board-changes", sees))
    town.forward(hours=24)
    adoption.adopt(town.governance, city("2026.2", kept), by="petra")
    town.vote("bo")
    town.forward(hours=24)
    adoption.adopt(town.governance, city("2026.3", NAMED, *renamed), by="petra")
    town.vote("bo")
    assert town.governance.rules.policy.version == "2026.3"
    with town.governance.reading() as c, pytest.raises(Refusal, match="Ana may not read change_r"):
        require_reader(town.governance, c, "ana", "change_requests", "P-1")


def test_a_fact_of_another_type_is_asked_for_anew(town: World) -> None:
    submit(town, "30000 GBP")
    euros = [(" GBP", " EUR")]
    new = city("2026.2", NAMED, *euros, header="applies_to_open: true")
    adoption.adopt(town.governance, new, by="petra")
    town.vote("bo")
    assert asked(town, "CR-1") == {"project_manager": "withdrawn", "change.cost": "open"}


WRONG: list[tuple[Callable[[World], Any], str]] = [
    (
        lambda w: versions.show(w.governance, "2027.1"),
        "no version of the policy is called '2027.1'",
    ),
    (
        lambda w: commenting.comment(w.governance, "2026.1", "?", by="ana"),
        "is adopted and takes no more",
    ),
    (lambda w: commenting.comment(w.governance, "2026.2", " ", by="ana"), "a comment needs words"),
    (
        lambda w: commenting.comment(
            w.governance, "2026.2", "?", by="ana", clause="rule/by-authorty"
        ),
        "has no clause 'rule/by-authorty' (did you mean 'rule/by-authority'?)",
    ),
    (lambda w: commenting.answer(w.governance, "2026.2", 7, "so", by="ana"), "has no comment 7"),
    (lambda w: adoption.adopt(w.governance, "2026.2", by="zoe"), "nobody here is called 'zoe'"),
    (
        lambda w: adoption.adopt(w.governance, "2026.2", by="petra", within="3 moons"),
        "'3 moons' is not a length of time",
    ),
    (
        lambda w: adoption.adopt(w.governance, "2026.2", by="petra", ladder="rope"),
        "no ladder 'rope'; it has patience",
    ),
    (
        lambda w: drafting.draft(w.governance, city("2026.1", NAMED, SMALLER), by="petra"),
        "was adopted in other words; give the draft a version of its own",
    ),
    (
        lambda w: drafting.circulate(w.governance, "2026.2", by="petra", until=date(2026, 2, 27)),
        "2026-02-27 is over already",
    ),
    (lambda w: drafting.circulate(w.governance, "2026.1", by="petra"), "is adopted: only a draft"),
    (
        lambda w: drafting.withdraw(w.governance, "2026.1", by="petra", reason="x"),
        "is adopted: it cannot be withdrawn",
    ),
]


def done(town: World) -> list[str]:
    """Give what was done at the office, without the attempts that were refused."""
    lines = town.journal("office")
    return [line.kind for line in lines if line.kind != "refused"]


def test_what_cannot_be_done_is_said_and_leaves_nothing_behind(town: World) -> None:
    drafting.draft(town.governance, second(), by="petra")
    before = done(town)
    for wrong, said in WRONG:
        with pytest.raises(CommandError) as caught:
            wrong(town)
        assert said in str(caught.value)
        assert "\n" not in str(caught.value)
        assert done(town) == before


def test_a_process_that_runs_on_sees_what_another_adopts_with_its_next_command(
    town: World,
) -> None:
    """Both know the first version; one adopts the second, and the other goes by it at once."""
    with closing(Database(town.url)) as database:
        other = Governance(
            database, town.clock, {}, "compiled", lambda: city("2026.1"), bring_into_force
        )
        assert submission_of(other, "30000 GBP") == {"project_manager"}
        at_once = ("in_force_from: 2026-01-01", "in_force_from: 2026-03-02")
        adoption.adopt(town.governance, city("2026.2", NAMED, SMALLER, at_once), by="petra")
        assert submission_of(other, "30000 GBP") == {"project_manager"}  # nobody has voted yet
        town.vote("bea")
        assert submission_of(other, "30000 GBP") == {"pmo_head"}


def submission_of(governance: Governance, cost: str) -> set[str]:
    """Submit a change in a process of its own; gives who is asked about it."""
    fields = {"cost": cost}
    made = submission.submit(
        governance, project="P-1", register="change_requests", fields=fields, by="sam"
    )
    story = story_of(governance, project="P-1", register="change_requests", key=made.key)
    return {item.target for item in story.obligations}
