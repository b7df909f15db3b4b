"""A change request, from its submission to what people decided."""

import pytest

from pmo_engine.queries import audit
from pmo_engine.store.errors import NotFound
from pmo_engine.testing import World, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.records import submission as records


def submit(world: World, cost: str | None, by: str = "sam") -> str:
    fields = {} if cost is None else {"cost": cost}
    return world.submit("P-1", "change_requests", by, **fields).key


@pytest.fixture(autouse=True)
def _sam(world: World) -> None:
    world.person(
        "sam", "team_member"
    ) if "team_member" in world.governance.rules.policy.roles else None
    if "team_member" not in world.governance.rules.policy.roles:
        world.person("sam")


def test_up_to_the_limit_the_project_manager_decides(world: World) -> None:
    key = submit(world, "50000 GBP")
    assert world.inbox("ana").subjects == [
        "Change request CR-1 of P-1 needs your decision: 50,000 GBP"
    ]
    assert world.inbox("petra").subjects == []
    voted = world.vote("ana")
    assert voted.status == "approved"
    assert world.status("P-1", "change_requests", key) == "approved"
    assert world.inbox("sam").subjects == ["Change request CR-1 of P-1 is approved"]


def test_a_penny_above_goes_to_the_pmo_head_alone(world: World) -> None:
    submit(world, "50000.01 GBP")
    assert world.waiting_for("ana") == []
    [waiting] = world.waiting_for("petra")
    assert waiting.rule == "by-authority"
    story = story_of(world.governance, project="P-1", register="change_requests", key="CR-1")
    assert [item.target for item in story.obligations] == ["pmo_head"]


def test_above_the_heads_own_limit_both_must_approve(world: World) -> None:
    key = submit(world, "250000.01 GBP")
    world.vote("petra")
    assert world.status("P-1", "change_requests", key) == "submitted"
    world.vote("bo")
    assert world.status("P-1", "change_requests", key) == "approved"
    assert world.waiting_for("bea") == []
    story = story_of(world.governance, project="P-1", register="change_requests", key=key)
    cast = [vote for item in story.obligations for vote in item.votes]
    assert {(vote.person, vote.role, vote.capacity) for vote in cast} == {
        ("petra", "pmo_head", "own role"),
        ("bo", "portfolio_board", "own role"),
    }


def test_a_missing_cost_is_asked_of_the_submitter_and_met_by_giving_it(world: World) -> None:
    key = submit(world, None)
    assert world.inbox("sam").subjects == ["Change request CR-1 of P-1 waits for the change's cost"]
    world.update("P-1", "change_requests", key, "sam", cost="80000 GBP")
    story = story_of(world.governance, project="P-1", register="change_requests", key=key)
    status = {item.kind: item.status for item in story.obligations}
    assert status == {"information": "met", "approval": "open"}
    assert [item.asked_of for item in world.waiting_for("petra")] == ["pmo_head"]


def test_a_changed_cost_is_asked_anew_in_the_same_time(world: World) -> None:
    key = submit(world, "60000 GBP")
    [before] = world.waiting_for("petra")
    world.forward(working_days=1)
    world.update("P-1", "change_requests", key, "sam", cost="300000 GBP")
    [after] = world.waiting_for("petra")
    assert after.id != before.id
    assert (before.version, after.version) == (1, 2)
    assert (after.since, after.due) == (before.since, before.due)
    assert "300,000 GBP" in "".join(after.reasons)
    told = world.inbox("petra").messages[-1]
    assert told.body.startswith("Changed since it was asked: cost: 60000 GBP, now 300000 GBP.")
    with pytest.raises(Refusal, match=r"changed since this was asked \(cost: 60000 GBP, now 300"):
        votes.vote(world.governance, before.id, by="petra", choice="approve")
    assert [item.asked_of for item in world.waiting_for("bo")] == ["portfolio_board"]
    world.update("P-1", "change_requests", key, "sam", cost="40000 GBP")
    assert world.waiting_for("petra") == world.waiting_for("bo") == []
    assert len(world.waiting_for("ana")) == 1


def test_a_rejection_decides_and_withdraws_the_rest(world: World) -> None:
    key = submit(world, "300000 GBP")
    assert world.vote("petra", "reject").status == "rejected"
    assert world.waiting_for("bo") == []
    with pytest.raises(Refusal, match="rejected already, on cost among others; submit a new"):
        world.update("P-1", "change_requests", key, "sam", cost="1 GBP")


def test_what_no_rule_looked_at_is_recorded_after_the_decision(world: World) -> None:
    key = submit(world, "80000 GBP")
    world.vote("petra")
    recorded = world.update("P-1", "change_requests", key, "sam", category="scope")
    assert (recorded.status, recorded.version) == ("approved", 3)
    assert world.waiting_for("petra") == []


def test_nobody_approves_a_request_of_their_own(world: World) -> None:
    submit(world, "80000 GBP", by="petra")
    assert world.waiting_for("petra") == []
    story = story_of(world.governance, project="P-1", register="change_requests", key="CR-1")
    asked = story.obligations[0].id
    with pytest.raises(Refusal, match="nobody approves a request of their own"):
        votes.vote(world.governance, asked, by="petra", choice="approve")


def test_what_nobody_of_a_role_may_decide_goes_up_at_once(world: World) -> None:
    key = submit(world, "80000 GBP", by="petra")
    assert [row.title for row in world.waiting_for("bo")] == ["Change request CR-1 of P-1"]
    assert world.inbox("petra").subjects == []
    assert world.vote("bo").status == "approved"
    story = story_of(world.governance, project="P-1", register="change_requests", key=key)
    [vote] = story.obligations[0].votes
    assert (vote.role, vote.capacity) == ("portfolio_board", "escalation")


def test_only_a_holder_of_the_role_may_vote(world: World) -> None:
    submit(world, "80000 GBP")
    [row] = world.waiting_for("petra")
    from pmo_engine.work.approvals import votes as approvals

    with pytest.raises(Refusal, match="Ana may not decide this: it is for the PMO head"):
        approvals.vote(world.governance, row.id, by="ana", choice="approve")
    with pytest.raises(CommandError, match="nobody here is called 'zoe'"):
        approvals.vote(world.governance, row.id, by="zoe", choice="approve")
    approvals.vote(world.governance, row.id, by="petra", choice="approve")
    with pytest.raises(Refusal, match="decided already"):
        approvals.vote(world.governance, row.id, by="petra", choice="approve")


def test_an_abstention_is_given_once_and_can_become_a_vote(world: World) -> None:
    submit(world, "60000 GBP")
    assert world.vote("petra", "abstain").status == "submitted"
    with pytest.raises(Refusal, match=r"Petra voted abstain on .* already"):
        world.vote("petra", "abstain")
    assert world.vote("petra").status == "approved"


def test_the_ladder_reminds_and_escalates_once_each(world: World) -> None:
    submit(world, "80000 GBP")
    for _ in range(6):
        world.forward(working_days=1)
        world.sweep()
    title = "Change request CR-1 of P-1"
    assert world.inbox("petra").subjects == [
        f"{title} needs your decision: 80,000 GBP",
        f"Reminder: {title} waits for the PMO head: 80,000 GBP",
        f"{title} still waits for the PMO head: 80,000 GBP",
    ]
    assert world.inbox("bo").subjects == [
        f"For information: {title} waits for the PMO head: 80,000 GBP",
        f"{title} still waits for the PMO head: 80,000 GBP",
    ]
    assert world.vote("bo").status == "approved"


def test_to_whom_it_went_up_is_asked_anew_too(world: World) -> None:
    key = submit(world, "80000 GBP")
    for _ in range(6):
        world.forward(working_days=1)
    world.update("P-1", "change_requests", key, "sam", cost="90000 GBP")
    assert [row.version for row in world.waiting_for("bo")] == [2]
    assert world.vote("bo").status == "approved"


def test_wrong_input_leaves_nothing_behind(world: World) -> None:
    before = audit.verify(world.database).lines
    with pytest.raises(CommandError, match=r"change.cost: .*not in GBP"):
        submit(world, "5 EUR")
    with pytest.raises(CommandError, match="is not a field to give"):
        world.submit("P-1", "change_requests", "sam", price="5 GBP")
    with pytest.raises(CommandError, match="no register is called 'changez'"):
        world.submit("P-1", "changez", "sam")
    with pytest.raises(NotFound, match="no project 'P-9'"):
        world.submit("P-9", "change_requests", "sam", cost="5 GBP")
    assert audit.verify(world.database).lines == before


def test_a_refused_attempt_is_in_the_journal(world: World) -> None:
    with pytest.raises(Refusal, match="nobody here is called 'zoe'"):
        submit(world, "5 GBP", by="zoe")
    [line] = world.journal("office")
    assert (line.kind, line.actor, line.body["act"]) == ("refused", "zoe", "submit")


def test_a_stale_version_is_refused(world: World) -> None:
    key = submit(world, "80000 GBP")
    world.update("P-1", "change_requests", key, "sam", cost="70000 GBP")
    with pytest.raises(Refusal, match="at version 2, not 1: .*cost: 80000 GBP, now 70000 GBP"):
        records.update(
            world.governance,
            project="P-1",
            register="change_requests",
            key=key,
            changes={"cost": "60000 GBP"},
            by="sam",
            expected=1,
        )


def test_cumulative_limits_cannot_be_evaded_by_splitting(world: World) -> None:
    for _ in range(3):
        submit(world, "200000 GBP")
        world.vote("petra")
    submit(world, "200000 GBP")
    assert [item.asked_of for item in world.waiting_for("bo")] == ["portfolio_board"]


def test_the_journal_tells_the_story_and_is_intact(world: World) -> None:
    submit(world, "80000 GBP")
    world.vote("petra")
    kinds = [line.kind for line in world.journal("P-1")]
    assert kinds == [
        "change_request.submitted",
        "decided",
        "obligation.opened",
        "voted",
        "change_request.approved",
    ]
    assert audit.verify(world.database).intact
