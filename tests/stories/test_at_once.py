"""Two commands at the same moment, from two processes, on both databases."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.queries import audit
from pmo_engine.queries.records import RecordStory
from pmo_engine.roles.registry import roles
from pmo_engine.testing import Failed, World, at_once, policy_from, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import Refusal
from pmo_engine.work.gates import reviews
from pmo_engine.work.governance import Governance
from pmo_engine.work.notices import sweep
from pmo_engine.work.records import submission
from tests.policies import kept
from tests.stories.test_gates import FIFTEEN
from tests.stories.test_gates import POLICY as GATED
from tests.stories.test_signatures import POLICY as SIGNED

CITY = Path(__file__).parent / "city.yaml"
ROUNDS = 3


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def world(url: str) -> Iterator[World]:
    yield from peopled(World(kept(CITY), url))


@pytest.fixture
def gated(url: str) -> Iterator[World]:
    yield from peopled(World(policy_from(GATED), url, roles=roles()))


def peopled(made: World) -> Iterator[World]:
    made.project("P-1", stage="initiation")
    made.person("ana", "project_manager", project="P-1")
    made.person("petra", "pmo_head")
    made.person("bo", "portfolio_board")
    made.person("sam")
    made.person("tom")
    yield made
    assert audit.verify(made.database).intact
    made.close()


def submit(cost: str, by: str = "sam", **more: Any) -> Callable[..., Any]:
    return partial(
        submission.submit,
        project="P-1",
        register="change_requests",
        fields={"cost": cost},
        by=by,
        **more,
    )


def submitted(world: World, cost: str) -> list[str]:
    """Submit a record for each round; gives their keys."""
    entered = (world.submit("P-1", "change_requests", "sam", cost=cost) for _ in range(ROUNDS))
    return [made.key for made in entered]


def update(key: str, cost: str) -> Callable[..., Any]:
    return partial(
        submission.update,
        project="P-1",
        register="change_requests",
        key=key,
        changes={"cost": cost},
        by="sam",
    )


def vote(obligation: str, by: str, choice: Any = "approve", **more: Any) -> Callable[..., Any]:
    return partial(votes.vote, obligation=obligation, by=by, choice=choice, **more)


def story(world: World, key: str) -> RecordStory:
    return story_of(world.governance, project="P-1", register="change_requests", key=key)


def approvals(world: World, key: str) -> dict[str, str]:
    """Name the open approvals of a record, by whom they are asked of."""
    return {
        item.target: item.id
        for item in story(world, key).obligations
        if (item.status, item.kind) == ("open", "approval")
    }


def failures(answers: list[Any]) -> list[Failed]:
    flat = [
        each for answer in answers for each in (answer if isinstance(answer, list) else [answer])
    ]
    return [each for each in flat if isinstance(each, Failed)]


def test_the_last_two_approvals_settle_the_record(world: World) -> None:
    keys = [
        world.submit("P-1", "change_requests", "sam", cost="300000 GBP").key for _ in range(ROUNDS)
    ]
    asked = [approvals(world, key) for key in keys]
    done = at_once(
        world,
        [vote(each["pmo_head"], "petra") for each in asked],
        [vote(each["portfolio_board"], "bo") for each in asked],
    )
    assert failures(done) == []
    assert [world.status("P-1", "change_requests", key) for key in keys] == ["approved"] * ROUNDS


def test_a_vote_beside_a_sweep(world: World) -> None:
    keys = [
        world.submit("P-1", "change_requests", "sam", cost="80000 GBP").key for _ in range(ROUNDS)
    ]
    asked = [approvals(world, key)["pmo_head"] for key in keys]
    world.clock.set(world.clock.now().replace(month=4))
    done = at_once(
        world,
        [vote(each, "petra") for each in asked],
        [partial(sweep.sweep)] * ROUNDS,
    )
    assert failures(done) == []
    for key in keys:
        told = story(world, key)
        assert told.status == "approved"
    with world.governance.reading() as c:
        states = {rung.state for each in asked for rung in c.uow.rungs.of_obligation(each)}
    assert states <= {"fired", "cancelled"}


def test_two_sweeps_fire_each_rung_once(world: World) -> None:
    keys = [
        world.submit("P-1", "change_requests", "sam", cost="80000 GBP").key for _ in range(ROUNDS)
    ]
    asked = [approvals(world, key)["pmo_head"] for key in keys]
    world.clock.set(world.clock.now().replace(month=4))
    one, other = at_once(world, partial(sweep.sweep), partial(sweep.sweep))
    with world.governance.reading() as c:
        rungs = [rung for each in asked for rung in c.uow.rungs.of_obligation(each)]
    assert (one + other).reminded + (one + other).escalated == len(rungs)
    told = [line.kind for line in world.journal("P-1")]
    assert told.count("reminded") + told.count("escalated") == len(rungs)


def test_keys_counted_at_once_are_all_different(world: World) -> None:
    world.governance  # noqa: B018 - the policy is kept before others come
    submission.submit(
        world.governance,
        project="P-1",
        register="change_requests",
        fields={"cost": "1 GBP"},
        by="sam",
        key="CR-2",
    )
    done = at_once(world, *[[submit("1 GBP")] * ROUNDS for _ in range(3)])
    assert failures(done) == []
    keys = [made.key for each in done for made in each]
    assert len(set(keys)) == 3 * ROUNDS
    assert "CR-2" not in keys


def test_a_given_key_is_given_once(world: World) -> None:
    done = at_once(world, submit("1 GBP", key="CR-7"), submit("2 GBP", by="tom", key="CR-7"))
    assert [each.kind for each in failures(done)] == ["CommandError"]
    assert failures(done)[0].message == "changes of P-1 has a CR-7 already"


def test_a_vote_is_on_what_was_read(world: World) -> None:
    keys = [
        world.submit("P-1", "change_requests", "sam", cost="51000 GBP").key for _ in range(ROUNDS)
    ]
    asked = [approvals(world, key)["pmo_head"] for key in keys]
    voted, changed = at_once(
        world,
        [vote(each, "petra") for each in asked],
        [update(key, "60000 GBP") for key in keys],
    )
    for key, one, other in zip(keys, voted, changed, strict=True):
        told = story(world, key)
        if isinstance(one, Failed):
            assert "changed since this was asked (cost: 51000 GBP, now 60000 GBP)" in one.message
            assert (told.status, told.fields_["cost"]) == ("submitted", "60000 GBP")
        else:
            assert isinstance(other, Failed)
            assert (told.status, told.fields_["cost"]) == ("approved", "51000 GBP")


def test_the_same_request_is_carried_out_once(world: World) -> None:
    same = submit("5 GBP", request="r-1")
    one, other = at_once(world, same, same)
    assert one == other
    again = same(world.governance)
    assert again == one
    assert [row.id for row in story(world, one.key).obligations]
    with world.governance.reading() as c:
        assert len(c.uow.entries.of_project("P-1")) == 1


def test_a_request_id_is_for_one_act_of_one_person(world: World) -> None:
    submit("5 GBP", request="r-1")(world.governance)
    with pytest.raises(Exception, match="'r-1' was used by Sam to submit; give another one"):
        submit("5 GBP", by="tom", request="r-1")(world.governance)


def test_a_gate_is_opened_once_and_assessed_once(gated: World) -> None:
    opened = partial(reviews.open_gate, project="P-1", gate="G2", by="ana")
    done = at_once(gated, opened, opened)
    assert [each.message for each in failures(done)] == ["gate G2 of P-1 is under review already"]
    [review] = reviews.reviews(gated.governance)
    assessed = [partial(reviews.assess, review_id=review.id, role=role) for role in review.awaited]
    one, other = at_once(gated, assessed, assessed)
    assert one == other
    kinds = [line.kind for line in gated.journal("P-1")]
    assert kinds.count("gate.assessed") == len(assessed)
    [waiting] = gated.waiting_for("bo")
    closing = vote(waiting.id, "bo", outcome="go")
    assert len(failures(at_once(gated, closing, closing))) == 1
    with gated.governance.reading() as c:
        assert c.uow.projects.get("P-1").stage == "delivery"


@pytest.fixture
def in_person(url: str) -> Iterator[World]:
    """Quinn says in person at a gate how its quality is; a flow asks for the rest."""
    personal = "[risk, {role: quality, in_person: true, within: 2 days}]\n    decided"
    text = GATED.replace(f"[{FIFTEEN}]\n    decided", personal)
    performed = "functional: [{role: quality, performed_by: specialist}]\n"
    text += f"---\nkind: roles\nroles: []\n{performed}"
    for made in peopled(World(policy_from(text), url, roles=roles())):
        made.person("quinn", "quality")
        yield made


def open_and_assess(governance: Governance) -> tuple[str, ...]:
    """Do what whoever opens a gate does, and the flow beside them: assess all that it asks."""
    with suppress(Refusal):
        reviews.open_gate(governance, project="P-1", gate="G2", by="ana")
    [review] = reviews.reviews(governance)
    found = [
        reviews.assess(governance, review_id=review.id, role=role) for role in ("quality", "risk")
    ]
    return tuple(each.result for each in found)


def test_who_assesses_in_person_is_asked_once_where_a_gate_is_opened_beside_its_flow(
    in_person: World,
) -> None:
    done = at_once(in_person, open_and_assess, open_and_assess)
    assert done == [("asked", "cannot_tell")] * 2
    kinds = [line.kind for line in in_person.journal("P-1")]
    assert (kinds.count("gate.opened"), kinds.count("gate.assessed")) == (1, 2)
    assert [each.kind for each in in_person.waiting_for("quinn")] == ["assessment"]
    assert sum("assessment" in each for each in in_person.inbox("quinn").subjects) == 1


def test_the_last_assessments_of_a_person_and_of_a_flow_at_once_put_the_gate_to_its_body_once(
    in_person: World,
) -> None:
    review = reviews.open_gate(in_person.governance, project="P-1", gate="G2", by="ana")
    by_person = partial(
        reviews.answer, review_id=review.id, role="quality", by="quinn", met=True, finding="Fine"
    )
    by_flow = partial(reviews.assess, review_id=review.id, role="risk")
    assert failures(at_once(in_person, by_person, by_flow)) == []
    assert in_person.waiting_for("quinn") == []
    assert [each.kind for each in in_person.waiting_for("bo")] == ["approval"]
    kinds = [line.kind for line in in_person.journal("P-1")]
    assert kinds.count("gate.awaiting_decision") == 1


def test_an_assessment_in_person_beside_the_flow_that_asks_for_it_again_stands(
    in_person: World,
) -> None:
    review = reviews.open_gate(in_person.governance, project="P-1", gate="G2", by="ana")
    by_person = partial(
        reviews.answer, review_id=review.id, role="quality", by="quinn", met=True, finding="Fine"
    )
    by_flow = partial(reviews.assess, review_id=review.id, role="quality")
    assert failures(at_once(in_person, by_person, by_flow)) == []
    [quality] = [
        each
        for each in reviews.state(in_person.governance, review.id).assessments
        if each.role == "quality"
    ]
    assert (quality.result, quality.by) == ("met", "quinn")
    assert in_person.waiting_for("quinn") == []


def test_one_vote_of_one_person_counts_once(world: World) -> None:
    keys = [
        world.submit("P-1", "change_requests", "sam", cost="80000 GBP").key for _ in range(ROUNDS)
    ]
    asked = [approvals(world, key)["pmo_head"] for key in keys]
    done = at_once(world, *[[vote(each, "petra") for each in asked] for _ in range(2)])
    assert len(failures(done)) == ROUNDS
    assert all("decided already" in each.message for each in failures(done))
    for key in keys:
        [item] = [i for i in story(world, key).obligations if i.kind == "approval"]
        assert len(item.votes) == 1


def test_what_takes_several_commands_is_answered_again_too(world: World) -> None:
    submitted(world, "80000 GBP")
    world.clock.set(world.clock.now().replace(month=4))
    first = sweep.sweep(world.governance, request="s-1")
    assert first.reminded > 0
    submitted(world, "80000 GBP")
    world.clock.set(world.clock.now().replace(month=5))
    assert sweep.sweep(world.governance, request="s-1") == first
    assert sweep.sweep(world.governance).reminded > 0


@pytest.mark.parametrize("place", ["project", "office"])
def test_two_votes_of_one_window_never_pass_its_limit_together(url: str, place: str) -> None:
    """The head may approve 199,000 as long as the board's 420,000 are not approved before it."""
    text = CITY.read_text(encoding="utf-8").partition("  - id: head-sees-large-changes")[0]
    if place == "office":
        text = text.replace("by: project, over", "across: office, over")
    made = World(policy_from(text), url)
    for world in peopled(made):
        for number in range(2, 2 + ROUNDS):
            world.project(f"P-{number}")
            world.person(f"pm-{number}", "project_manager", project=f"P-{number}")
        world.person("ben", "portfolio_board")
        for number in range(2, 3 if place == "office" else 2 + ROUNDS):
            project = f"P-{number}"
            small = world.submit(project, "change_requests", "sam", cost="199000 GBP").key
            elsewhere = "P-1" if place == "office" else project
            large = world.submit(elsewhere, "change_requests", "sam", cost="420000 GBP").key
            [head] = [each for each in world.waiting_for("petra") if project in each.title]
            [board] = [each for each in world.waiting_for("bo") if elsewhere in each.title]
            by_head, by_board = at_once(world, vote(head.id, "petra"), vote(board.id, "bo"))
            assert by_board.status == "approved"
            approved = [
                (line.chain, line.body["key"])
                for chain in {project, elsewhere}
                for line in world.journal(chain)
                if line.kind == "change_request.approved"
            ]
            assert (elsewhere, large) in approved
            if isinstance(by_head, Failed):
                said = str(by_head)  # by her vote, or by the look at it that the board's led to
                assert "of it are taken" in said or "this approval is withdrawn" in said, said
            elif place == "project":
                assert approved.index((project, small)) < approved.index((project, large))


def test_two_signatures_at_once_are_both_there_and_approve_once(url: str) -> None:
    rules = SIGNED + "      - require_approval: {all: [cfo, cio], within: 2 days}\n"
    world = World(policy_from(rules), url)
    world.project("P-1")
    for person, role in (("fin", "cfo"), ("ina", "cio"), ("sam", "buyer")):
        world.person(person, role)
    keys = [world.submit("P-1", "purchases", "sam", cost="5 GBP").key for _ in range(ROUNDS)]
    for key in keys:
        (asked,) = story_of(
            world.governance, project="P-1", register="purchases", key=key
        ).obligations
        sign = partial(votes.vote, obligation=asked.id, choice="approve")
        answers = at_once(world, partial(sign, by="fin"), partial(sign, by="ina"))
        assert not any(isinstance(each, Failed) for each in answers)
        assert sorted(each.status for each in answers) == ["approved", "submitted"]
        assert world.status("P-1", "purchases", key) == "approved"
    assert audit.verify(world.database).intact
    world.close()


@pytest.fixture
def board(url: str) -> Iterator[World]:
    terms = "members: 3\nquorum: {meet: 2, vote: 2}\nvoting: {written: {within: 2 working days}}\n"
    text = CITY.read_text(encoding="utf-8").replace("voting: A show of hands.\n", terms)
    for made in peopled(World(policy_from(text), url)):
        made.person("bea", "portfolio_board")
        made.person("cem", "portfolio_board")
        yield made


def test_the_votes_that_decide_at_once_decide_once(board: World) -> None:
    keys = submitted(board, "300000 GBP")
    asked = [approvals(board, key) for key in keys]
    for each in asked:
        votes.vote(board.governance, each["pmo_head"], by="petra", choice="approve")
    done = at_once(
        board,
        [vote(each["portfolio_board"], "bo") for each in asked],
        [vote(each["portfolio_board"], "bea") for each in asked],
    )
    assert failures(done) == []
    assert [board.status("P-1", "change_requests", key) for key in keys] == ["approved"] * ROUNDS
    told = [line.kind for line in board.journal("P-1")]
    assert told.count("vote.counted") == ROUNDS


def test_a_vote_beside_the_end_of_its_time_is_counted_or_comes_too_late(board: World) -> None:
    keys = submitted(board, "300000 GBP")
    asked = [approvals(board, key) for key in keys]
    for each in asked:
        votes.vote(board.governance, each["pmo_head"], by="petra", choice="approve")
        votes.vote(board.governance, each["portfolio_board"], by="bo", choice="approve")
        votes.vote(board.governance, each["portfolio_board"], by="bea", choice="reject")
    board.clock.set(board.clock.now().replace(month=4))
    done = at_once(
        board,
        [vote(each["portfolio_board"], "cem") for each in asked],
        [partial(sweep.sweep)] * ROUNDS,
    )
    late = len(failures(done))
    states = [board.status("P-1", "change_requests", key) for key in keys]
    assert states.count("rejected") == late
    assert states.count("approved") == ROUNDS - late
