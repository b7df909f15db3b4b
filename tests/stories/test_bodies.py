"""A body decides by its ballot: who its members are, what their votes come to, when time is up."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.queries.journal import Which
from pmo_engine.queries.records import RecordStory
from pmo_engine.queries.reviews import GateDecided, review_story
from pmo_engine.queries.timeline import timeline
from pmo_engine.questions import authority
from pmo_engine.roles.registry import roles
from pmo_engine.testing import Failed, World, at_once, policy_from, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.approvals.stuck import stuck
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices.sweep import sweep
from pmo_engine.work.people import appointments
from pmo_engine.work.records.naming import entry_named
from tests.gate_conditions import draft_condition
from tests.stories.conftest import DATABASES

pytestmark = DATABASES

CITY = (Path(__file__).parent / "city.yaml").read_text(encoding="utf-8")
BEYOND = "300000 GBP"  # the head's limit: petra first, then the board
BOARD = ("bo", "bea", "cem", "dora", "eli")
FOUR_OF_FIVE = "members: 5\nquorum: {meet: 2/3, vote: 2/3}\n"

FIVE_SEATS = (
    "membership: [{seat: member, count: 5, appointed_by: pmo_head}]\n"
    "quorum: {meet: 2/3, vote: 2/3}\n"
)


@pytest.fixture
def make_board(make_world: Callable[..., World]) -> Callable[..., World]:
    def make(terms: str = FOUR_OF_FIVE, within: str = "", seats: int = 5) -> World:
        text = CITY.replace("voting: A show of hands.\n", terms)
        rule = "          ladder: patience\n"
        text = text.replace(rule, rule + within)
        world = make_world(policy_from(text))
        world.project("P-1")
        world.person("ana", "project_manager", project="P-1")
        world.person("petra", "pmo_head")
        for person in BOARD[:seats]:
            world.person(person, "portfolio_board")
        return world

    return make


def put_up(world: World) -> str:
    """Submit what the head has approved and the board has to; gives the board's approval."""
    world.submit("P-1", "change_requests", "ana", cost=BEYOND)
    world.vote("petra")
    return world.waiting_for("bo")[0].id


def cast(world: World, id: str, person: str, choice: str = "approve", **more: Any) -> votes.Voted:
    return votes.vote(world.governance, id, by=person, choice=choice, **more)


def status(world: World) -> str:
    return world.status("P-1", "change_requests", "CR-1")


def test_four_of_five_decide(make_board):
    world = make_board()
    id = put_up(world)
    for number, person in enumerate(BOARD[:3], start=1):
        voted = cast(world, id, person)
        assert (voted.status, voted.tally) == (
            "submitted",
            f"{number} of 4 in favour; {number} of 4 there",
        )
    assert cast(world, id, "dora").status == "approved"
    told = [line.body for line in world.journal("P-1") if line.kind == "vote.counted"]
    assert told[0]["outcome"] == "passed"
    assert "4 of 4 in favour; 4 of 4 there" in told[0]["why"]


def test_two_of_five_against_refuse_once_there_is_a_quorum(make_board):
    world = make_board()
    id = put_up(world)
    cast(world, id, "bo", "reject")
    assert cast(world, id, "bea", "reject").status == "submitted"
    cast(world, id, "cem")
    assert cast(world, id, "dora").status == "rejected"


def test_an_abstention_is_no_vote_in_favour(make_board):
    world = make_board()
    id = put_up(world)
    for person in BOARD[:3]:
        cast(world, id, person)
    assert cast(world, id, "dora", "abstain").status == "submitted"
    assert cast(world, id, "eli", "abstain").status == "rejected"


def test_a_vote_may_be_changed_until_the_outcome(make_board):
    world = make_board()
    id = put_up(world)
    cast(world, id, "bo", "reject")
    for person in BOARD[1:4]:
        cast(world, id, person)
    assert cast(world, id, "bo").status == "approved"
    with pytest.raises(Refusal, match="decided already"):
        cast(world, id, "eli")


def test_whoever_joins_later_has_no_vote_and_whoever_leaves_keeps_none(make_board):
    world = make_board(seats=4)
    id = put_up(world)
    world.forward(working_days=1)
    world.person("finn", "portfolio_board")
    with pytest.raises(Refusal, match="Finn was no member of the portfolio board when it was"):
        cast(world, id, "finn")


def test_a_vacant_seat_counts_for_the_quorum(make_board):
    world = make_board(seats=4)
    id = put_up(world)
    for person in BOARD[:3]:
        assert cast(world, id, person).status == "submitted"
    assert cast(world, id, "dora").status == "approved"


def test_a_member_without_a_seat_has_no_vote(make_board):
    world = make_board("members: 3\nquorum: {meet: 2/3, vote: 2/3}\n")
    id = put_up(world)
    why = "Dora has no seat with a vote in the portfolio board: the seats are of Bea, Bo, Cem"
    with pytest.raises(Refusal, match=why):
        cast(world, id, "dora")
    cast(world, id, "bo")
    assert cast(world, id, "bea").status == "approved"


def today(world: World) -> date:
    with world.governance.reading() as c:
        return c.today


def hold(world: World, person: str, since: Any = None, until: Any = None) -> Any:
    return appointments.hold(
        world.governance,
        person=person,
        role="portfolio_board",
        by="petra",
        since=since,
        until=until,
    )


def test_a_seat_is_of_who_was_appointed_first_on_a_day_whatever_their_id(make_board):
    world = make_board(FIVE_SEATS)
    world.person("aa")
    theirs = "Bea, Bo, Cem, Dora, Eli"
    why = f"Aa has no seat with a vote in the portfolio board: they are of {theirs}"
    assert hold(world, "aa").no_seat == (why,)
    with world.governance.reading() as c:
        [held] = authority.powers_of_person(c, "aa").held
        [other] = authority.powers_of_person(c, "eli").held
    assert (held.no_seat, other.no_seat) == (why, "")
    id = put_up(world)
    assert [each.id for each in world.waiting_for("aa")] == []
    with pytest.raises(Refusal, match="the seats are of Bea, Bo, Cem, Dora, Eli"):
        cast(world, id, "aa")
    for person in BOARD[1:4]:
        cast(world, id, person)
    assert cast(world, id, "eli").status == "approved"


def test_seats_of_one_role_that_have_names_of_their_own_add_up(make_board):
    seats = ("the chair", "the treasurer", "others, count: 3")
    named = ", ".join(f"{{seat: {each}, appointed_by: pmo_head}}" for each in seats)
    world = make_board(f"membership: [{named}]\nquorum: {{meet: 2/3, vote: 2/3}}\n", seats=0)
    for person in BOARD:
        world.person(person)
        assert hold(world, person).no_seat == ()
    world.person("aa")
    (why,) = hold(world, "aa").no_seat
    assert why.startswith("Aa has no seat with a vote in the portfolio board")


def test_a_seat_that_was_given_back_is_given_anew_after_the_others(make_board):
    world = make_board(FIVE_SEATS)
    for person in ("aa", "ab"):
        world.person(person)
        hold(world, person)
    appointments.end(world.governance, person="bo", role="portfolio_board", by="petra")
    why = "they are of Bea, Cem, Dora, Eli, Aa"
    assert hold(world, "bo").no_seat == (
        f"Bo has no seat with a vote in the portfolio board: {why}",
    )
    world.person("zz")
    long_past = today(world) - timedelta(days=30)
    with pytest.raises(Refusal, match="Bea, Cem, Dora, Eli, Aa have the 5 seats of the portfolio"):
        hold(world, "zz", long_past)


def test_a_role_given_for_days_before_others_begin_says_who_has_no_seat_then(make_board):
    world = make_board(FIVE_SEATS, seats=0)
    april = today(world) + timedelta(days=30)
    for person in BOARD:
        world.person(person)
        assert hold(world, person, april).no_seat == ()
    for person in ("aa", "ab", "ac"):
        world.person(person)
    why = f"no seat with a vote in the portfolio board from {april} on: they are of"
    assert hold(world, "aa", april).no_seat == (f"Aa has {why} Bo, Bea, Cem, Dora, Eli",)
    assert hold(world, "ab", None, april - timedelta(days=1)).no_seat == ()
    assert hold(world, "ac").no_seat == (f"Eli has {why} Bo, Bea, Cem, Dora, Ac",)


def test_seats_of_another_role_are_not_of_this_one(make_board):
    theirs = "{role: portfolio_board, count: 2, appointed_by: pmo_head}"
    seats = f"membership: [{theirs}, {{role: pmo_head}}]\n"
    world = make_board(f"{seats}quorum: {{meet: 2/3, vote: 2/3}}\n", seats=0)
    for person in BOARD[:2]:
        world.person(person)
        assert hold(world, person).no_seat == ()
    world.person("aa")
    (why,) = hold(world, "aa").no_seat
    assert why.startswith("Aa has no seat with a vote in the portfolio board")


def test_who_has_a_seat_everywhere_keeps_it_where_they_are_given_the_role_once_more(make_board):
    world = make_board(FIVE_SEATS)
    seat = partial(appointments.hold, world.governance, role="portfolio_board", project="P-1")
    assert seat(person="bo", by="petra").no_seat == ()
    world.person("aa")
    assert len(seat(person="aa", by="petra").no_seat) == 1


def test_a_day_that_is_over_gives_nobody_the_seat_of_another(make_board):
    theirs = "{role: portfolio_board, count: 2, appointed_by: pmo_head}"
    seats = f"membership: [{theirs}, {{role: pmo_head}}]\nquorum: {{meet: 2/3}}\n"
    world = make_board(seats, seats=1)
    long_past = today(world) - timedelta(days=30)
    for person in ("bea", "aa"):
        world.person(person)
    assert hold(world, "bea", long_past).no_seat == ()
    with pytest.raises(Refusal, match="^Bea, Bo have the 2 seats of the portfolio board, and a"):
        hold(world, "aa", long_past)


def test_a_body_without_a_number_of_seats_has_one_for_each_member(make_board):
    world = make_board("quorum: {meet: 1/2}\n")
    world.person("aa")
    give = partial(appointments.hold, world.governance, role="portfolio_board", by="bo")
    assert give(person="aa").no_seat == ()


def test_who_has_no_seat_is_said_of_the_days_on_which_the_role_is_given_alone(make_board):
    world = make_board(FIVE_SEATS, seats=4)
    april = today(world) + timedelta(days=30)
    for person in ("eli", "aa", "ab", "ac", "pia"):
        world.person(person)
    assert hold(world, "eli", None, april).no_seat == ()
    assert hold(world, "aa", april + timedelta(days=1)).no_seat == ()
    head = partial(appointments.hold, world.governance, role="pmo_head", by="bo")
    head(person="pia", since=april + timedelta(days=2))
    appointments.end(world.governance, person="eli", role="portfolio_board", by="petra")
    from_then = f"Aa has no seat with a vote in the portfolio board from {april:%Y-%m-}"
    for until in (april + timedelta(days=3), april + timedelta(days=1)):
        (why,) = hold(world, "ab", None, until).no_seat
        assert why.startswith(from_then)
        appointments.end(world.governance, person="ab", role="portfolio_board", by="petra")
    hold(world, "ab")
    (why,) = hold(world, "ac").no_seat
    assert why.startswith("Ac has no seat with a vote in the portfolio board: they are of")


def test_recusal_keeps_the_quorum_and_is_not_taken_back(make_board):
    world = make_board()
    id = put_up(world)
    assert cast(world, id, "eli", "recuse", reason="my brother's firm").status == "submitted"
    with pytest.raises(Refusal, match="Eli has stepped aside"):
        cast(world, id, "eli")
    for person in BOARD[:3]:
        assert cast(world, id, person).status == "submitted"
    assert cast(world, id, "dora").status == "approved"


def test_recusal_lowers_the_quorum_where_the_terms_say_so(make_board):
    world = make_board(FOUR_OF_FIVE + "voting: {recusal: lowers the quorum}\n")
    id = put_up(world)
    for person in ("dora", "eli"):
        cast(world, id, person, "recuse")
    cast(world, id, "bo")
    assert cast(world, id, "bea").status == "approved"  # two thirds of three


def test_where_too_many_step_aside_it_goes_up_at_once(make_board):
    world = make_board(FOUR_OF_FIVE)
    id = put_up(world)
    cast(world, id, "dora", "recuse")
    cast(world, id, "eli", "recuse")
    assert status(world) == "submitted"
    assert [line.kind for line in world.journal("P-1")].count("obligation.stuck") == 1


def test_what_a_body_cannot_decide_any_more_stays_stuck_until_somebody_above_may(make_board):
    world = make_board(FOUR_OF_FIVE)
    id = put_up(world)
    cast(world, id, "dora", "recuse")
    cast(world, id, "eli", "recuse")
    assert [each.id for each in stuck_now(world)] == [id]
    world.person("new", "project_manager", project="P-1")
    world.sweep()
    assert [each.id for each in stuck_now(world)] == [id]
    assert "lapsed" not in status(world)
    journal = [line.kind for line in world.journal("P-1")]
    assert journal.count("obligation.stuck") == 1
    assert "obligation.freed" not in journal


def test_who_leaves_takes_the_quorum_along_and_it_is_stuck_at_the_next_look(make_board):
    world = make_board(FOUR_OF_FIVE)
    id = put_up(world)
    cast(world, id, "dora", "recuse")
    assert stuck_now(world) == []
    appointments.end(world.governance, person="eli", role="portfolio_board", by="bo")
    world.sweep()
    assert [each.id for each in stuck_now(world)] == [id]
    cast(world, id, "bo")
    assert [each.id for each in stuck_now(world)] == [id]


def stuck_now(world):
    with world.governance.reading() as c:
        return stuck(c)


def test_the_chair_decides_at_a_tie(make_board):
    world = make_board("members: 4\nchair: pmo_head\nvoting: {casting_vote: chair}\n", seats=4)
    world.appoint("dora", "pmo_head")
    id = put_up(world)
    cast(world, id, "bo", "reject")
    cast(world, id, "bea", "reject")
    cast(world, id, "cem")
    assert cast(world, id, "dora").status == "approved"


def test_seats_of_roles_vote_and_others_do_not(make_board):
    seats = "[{role: project_manager}, {seat: member}, {role: pmo_head, votes: false}]"
    world = make_board(f"membership: {seats}\nquorum: {{meet: 2, vote: 2}}\n", seats=2)
    world.person("carl", "project_manager", project="P-1")
    world.submit("P-1", "change_requests", "carl", cost=BEYOND)
    world.vote("petra")
    (row,) = world.waiting_for("ana")
    with pytest.raises(Refusal, match="Bo has no seat with a vote in the portfolio board"):
        cast(world, row.id, "bo")
    cast(world, row.id, "bea")
    assert cast(world, row.id, "ana").status == "approved"


def test_in_writing_the_vote_is_over_in_time(make_board):
    terms = "quorum: {meet: 1/2}\nvoting: {written: {within: 2 working days, count: members}}\n"
    world = make_board("members: 5\n" + terms)
    id = put_up(world)
    for person in BOARD[:3]:
        cast(world, id, person, "reject" if person == "bo" else "approve")
    world.forward(working_days=2)
    assert status(world) == "rejected"  # two in favour are not more than half of five


@pytest.mark.parametrize(
    ("written", "ends"),
    [
        ("count: cast", "approved"),  # two of the three votes cast
        ("count: cast, pass: 3/4", "rejected"),
        ("count: members, pass: 2", "approved"),
    ],
)
def test_in_writing_the_share_is_that_of_the_written_vote(make_board, written, ends):
    terms = f"quorum: {{meet: 1/2}}\nvoting: {{written: {{within: 2 working days, {written}}}}}\n"
    world = make_board("members: 5\n" + terms)
    id = put_up(world)
    for person in BOARD[:3]:
        cast(world, id, person, "reject" if person == "bo" else "approve")
    world.forward(working_days=2)
    assert status(world) == ends


def test_a_quorum_that_comes_late_extends_the_vote(make_board):
    terms = (
        "quorum: {meet: 3}\nvoting:\n  written: {within: 2 working days, count: present}\n"
        "  extended: {by: 1 working day, reached_within: 1 working day}\n"
    )
    world = make_board("members: 5\n" + terms)
    id = put_up(world)
    cast(world, id, "bo", "reject")
    world.forward(working_days=1, hours=1)
    cast(world, id, "bea")
    cast(world, id, "cem")
    longer = [e for e in world.inbox("bo").messages if e.subject.endswith("is open longer")]
    assert [each.body for each in longer] == [
        "It is open until 05 March 2026 09:00; its quorum was reached late."
    ]
    assert "is open longer" not in str(world.inbox("cem").subjects)  # whose vote it was
    [mine] = [each for each in world.waiting_for("bo") if each.id == id]
    assert mine.vote_until == "2026-03-05T09:00:00+00:00"
    world.forward(working_days=1)
    assert status(world) == "submitted"
    world.forward(working_days=1)
    assert status(world) == "approved"


SILENCE = (
    "members: 5\nvoting: {silence: {means: consent, within: 2 working days, source: minute 4}}\n"
)


def test_what_nobody_objects_to_passes_in_time(make_board):
    world = make_board(SILENCE)
    put_up(world)
    world.forward(working_days=1)
    assert status(world) == "submitted"
    world.forward(working_days=1)
    assert status(world) == "approved"


def test_members_hear_what_their_silence_means_and_until_when(make_board):
    world = make_board(SILENCE)
    id = put_up(world)
    [asked] = [each for each in world.waiting_for("bea") if each.id == id]
    assert asked.tally.startswith("passes unless somebody objects; 0 of ")
    told = world.inbox("bea").messages[-1].body
    assert "It passes unless somebody objects by 04 March 2026 09:00 (minute 4)." in told
    cast(world, id, "eli", "reject")
    [asked] = [each for each in world.waiting_for("bea") if each.id == id]
    assert asked.tally.startswith("0 of ")


def test_members_hear_until_when_they_vote_in_writing(make_board):
    world = make_board("members: 5\nvoting: {written: {within: 3 working days}}\n")
    put_up(world)
    told = world.inbox("bea").messages[-1].body
    assert "The vote is open until 05 March 2026 09:00." in told
    world.forward(working_days=2)
    reminder = world.inbox("bea").messages[-1]
    assert reminder.subject.startswith("Reminder: ")
    assert "The vote is open until 05 March 2026 09:00." in reminder.body


def test_an_objection_puts_it_to_the_vote(make_board):
    world = make_board(SILENCE)
    id = put_up(world)
    assert cast(world, id, "eli", "reject").status == "submitted"
    world.forward(working_days=2)
    assert status(world) == "submitted"
    assert "is put to the vote" in str(world.inbox("bea").subjects)
    cast(world, id, "bo")
    cast(world, id, "bea")
    assert cast(world, id, "cem").status == "approved"


ABOVE = CITY.replace(
    "- {id: portfolio_board, body: true}",
    "- {id: portfolio_board, body: true, senior: council}\n  - {id: council, body: true}",
) + (
    "---\nkind: terms_of_reference\nfor: council\nCOUNCIL"
    "authority:\n  - {id: council-changes, may: approve change_request, up_to: unlimited}\n"
)


@pytest.fixture
def deserted(make_world: Callable[..., World]) -> Callable[[str], World]:
    """Make a board that nobody sits on, with somebody of the council above it."""

    def make(council: str) -> World:
        text = ABOVE.replace("voting: A show of hands.\n", SILENCE).replace("COUNCIL", council)
        world = make_world(policy_from(text))
        world.project("P-1")
        world.person("ana", "project_manager", project="P-1")
        world.person("petra", "pmo_head")
        for person in ("carl", "cora"):
            world.person(person, "council")
        world.submit("P-1", "change_requests", "ana", cost=BEYOND)
        world.vote("petra")
        return world

    return make


def boards(world: World) -> tuple[list[str], str]:
    """Give how the votes stood at last, of all that was asked, and what they came to."""
    story = story_of(world.governance, project="P-1", register="change_requests", key="CR-1")
    told = [line.body["why"] for line in world.journal("P-1") if line.kind == "vote.counted"]
    return sorted(each.tally for each in story.obligations), told[-1]


def test_what_is_decided_above_a_body_has_no_votes_of_it(deserted):
    world = deserted("")
    told = world.inbox("carl").messages[-1].body
    assert "passes unless" not in told
    [asked] = world.waiting_for("carl")
    voted = cast(world, asked.id, "carl")
    assert (voted.status, voted.tally) == ("approved", "")
    assert boards(world) == (["", ""], "Carl decided, to whom it went up")


def test_what_a_body_decides_above_another_has_its_votes_alone(deserted):
    world = deserted("members: 2\nquorum: {meet: 2}\n")
    [asked] = world.waiting_for("carl")
    assert cast(world, asked.id, "carl").status == "submitted"
    voted = cast(world, asked.id, "cora")
    assert (voted.status, voted.tally) == ("approved", "2 of 2 in favour; 2 of 2 there")
    assert boards(world) == (["", voted.tally], f"2 in favour, and it takes 2: {voted.tally}")


@pytest.fixture
def escalated(make_board: Callable[..., World]) -> Callable[..., World]:
    """Make an office in which the head has not answered, and the ladder brings the board."""

    def make(**how: Any) -> World:
        world = make_board(**how)
        world.submit("P-1", "change_requests", "ana", cost="60000 GBP")
        world.forward(working_days=5)
        return world

    return make


def test_one_member_decides_nothing_that_a_ladder_brings_to_their_body(escalated):
    world = escalated()
    [asked] = world.waiting_for("bo")
    assert world.inbox("bo").messages[-1].body.startswith("You may decide it now.\nIt was due")
    for number, person in enumerate(BOARD[:3], 1):
        voted = cast(world, asked.id, person)
        assert (voted.status, voted.tally[:16]) == ("submitted", f"{number} of 4 in favour"[:16])
    assert cast(world, asked.id, "dora").status == "approved"


def test_a_body_above_refuses_as_it_votes(escalated):
    world = escalated()
    [asked] = world.waiting_for("bo")
    for person in BOARD[:3]:
        assert cast(world, asked.id, person, "reject").status == "submitted"
    assert cast(world, asked.id, "dora", "reject").status == "rejected"


def test_who_was_asked_first_decides_while_a_body_above_votes(escalated):
    world = escalated()
    [asked] = world.waiting_for("bo")
    cast(world, asked.id, "bo", "reject")
    assert cast(world, asked.id, "petra").status == "approved"


def test_who_was_asked_first_refuses_while_a_body_above_votes(escalated):
    world = escalated()
    [asked] = world.waiting_for("bo")
    cast(world, asked.id, "bo")
    assert cast(world, asked.id, "petra", "reject").status == "rejected"


def test_who_was_asked_first_decides_where_a_body_above_no_longer_can(escalated):
    world = escalated()
    [asked] = world.waiting_for("bo")
    for person in BOARD[:2]:
        cast(world, asked.id, person, "recuse", reason="a cousin")
    assert status(world) == "submitted"
    assert "obligation.stuck" not in [line.kind for line in world.journal("P-1")]
    assert cast(world, asked.id, "petra").status == "approved"


def test_a_body_above_of_which_too_few_may_vote_is_not_asked(escalated):
    world = escalated(seats=2)
    [told] = world.waiting_for("bo")
    assert told.for_information
    assert world.inbox("bo").messages[-1].body.startswith("It is not for you to decide.")
    assert cast(world, world.waiting_for("petra")[0].id, "petra").status == "approved"


def test_where_nobody_can_it_is_said_of_a_body_above_that_too_few_may_vote(make_world):
    world = make_world(policy_from(CITY.replace("voting: A show of hands.\n", FOUR_OF_FIVE)))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("bo", "portfolio_board")
    world.submit("P-1", "change_requests", "ana", cost="60000 GBP")
    with world.governance.reading() as c:
        [stays] = stuck(c)
    assert stays.why == [
        "nobody holds pmo_head",
        "too few of the portfolio board may vote: no quorum: 0 of 4 that make a quorum are there",
    ]
    assert world.status("P-1", "change_requests", "CR-1") == "submitted"


def test_no_deputy_stands_in_for_a_body_that_votes(make_board):
    world = make_board("members: 5\nquorum: {meet: 3}\ndeputy: pmo_head\n", seats=0)
    world.submit("P-1", "change_requests", "ana", cost=BEYOND)
    world.vote("petra")
    with world.governance.reading() as c:
        [stays] = stuck(c)
    with pytest.raises(Refusal, match="may not decide this"):
        cast(world, stays.waiting.id, "petra")


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("counts as given\n          source: minute 5", "counts as given (minute 5)"),
        ("lapses", "lapses"),
    ],
)
def test_whoever_is_asked_hears_what_follows_where_nobody_decides(make_board, said, means):
    world = make_board(within=f"          when_time_is_up: {said}\n")
    put_up(world)
    told = world.inbox("bea").messages[-1].body
    assert f"If nobody has decided by 05 March 2026 09:00, it {means}." in told
    [asked] = world.waiting_for("bea")
    assert asked.when_time_is_up == means
    story = story_of(world.governance, project="P-1", register="change_requests", key="CR-1")
    assert means in {each.when_time_is_up for each in story.obligations}


def test_the_silence_of_too_few_is_no_consent(make_board):
    world = make_board(SILENCE, seats=2)
    put_up(world)
    world.forward(working_days=2)
    assert status(world) == "submitted"


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("counts as refused", "rejected"),
        ("lapses", "submitted"),
        ("counts as given\n          source: minute 5", "approved"),
        ("goes up", "submitted"),
    ],
)
def test_when_time_is_up_what_the_rule_says_is_done(make_board, said, ends):
    world = make_board(within=f"          when_time_is_up: {said}\n")
    put_up(world)
    world.forward(working_days=4)
    assert status(world) == ends


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("counts as refused", "nobody decided in time, which counts as refused"),
        (
            "counts as given\n          source: minute 5",
            "nobody decided in time, which counts as given (minute 5)",
        ),
    ],
)
def test_what_time_decides_is_of_nobody_who_let_it_pass(make_board, said, why):
    world = make_board(within=f"          when_time_is_up: {said}\n")
    put_up(world)
    world.clock.set(world.clock.now() + timedelta(days=9))
    sweep(world.governance, by="petra")
    story = story_of(world.governance, project="P-1", register="change_requests", key="CR-1")
    assert (story.versions[-1].by, story.versions[-1].reason) == (SYSTEM, why)
    told = {line.kind: (line.actor, line.body.get("ran_by")) for line in world.journal("P-1")}
    ended = "change_request." + ("approved" if "given" in said else "rejected")
    assert told["time_is_up"] == told["vote.closed"] == told[ended] == (SYSTEM, "petra")
    assert told["change_request.submitted"] == ("ana", None)
    with world.governance.reading() as c:
        [said] = timeline(c, Which(kind="time_is_up")).items
    assert (said.name, said.text.partition("(while")[2]) == (SYSTEM, " a command of Petra ran)")


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("counts as refused", "rejected"),
        ("counts as given\n          source: minute 5", "approved"),
    ],
)
def test_who_votes_after_the_time_finds_what_time_decided(make_board, said, ends):
    """It hangs on no sweep, nor on whether one came first."""
    world = make_board(within=f"          when_time_is_up: {said}\n")
    id = put_up(world)
    world.clock.set(world.clock.now() + timedelta(days=9))
    with pytest.raises(Refusal, match="is decided already"):
        cast(world, id, "bo", "approve" if ends == "rejected" else "reject")
    assert status(world) == ends


@pytest.mark.parametrize("said", ["counts as refused", "lapses"])
def test_after_the_time_nobody_is_said_to_decide_it_before_anybody_looks(make_board, said):
    world = make_board(within=f"          when_time_is_up: {said}\n")
    id = put_up(world)
    world.clock.set(world.clock.now() + timedelta(days=3))
    why = f"is too late: its time was up 05 March 2026 09:00, and it {said} now"
    with world.governance.reading() as c:
        entry = entry_named(world.governance, c.uow, "P-1", "change_requests", "CR-1")
        [asked] = [each for each in authority.who_about(c, entry) if each.id == id]
        waits = authority.records_of(c, "portfolio_board", "approve change_request").records
    assert {each.why_not for each in asked.standings if each.person in BOARD} == {why}
    assert [each.may for each in waits] == [[]]
    [seen] = world.waiting_for("bo")
    assert (seen.for_information, seen.reasons[0]) == (True, f"It {why}.")
    story = story_of(world.governance, project="P-1", register="change_requests", key="CR-1")
    assert [each.time_was_up for each in story.obligations if each.id == id] == [True]


def test_where_it_goes_up_then_nobody_of_the_body_decides_it_any_more(make_board):
    world = make_board(within="          when_time_is_up: goes up\n")
    put_up(world)
    world.clock.set(world.clock.now() + timedelta(days=3))
    [seen] = world.waiting_for("bo")
    assert seen.reasons[0].endswith("its time was up 05 March 2026 09:00, and it goes up now.")


def test_a_vote_in_writing_is_over_for_its_body_alone(make_board):
    world = make_board(
        "members: 5\nquorum: {meet: 3}\nvoting: {written: {within: 3 working days}}\n"
    )
    id = put_up(world)
    world.clock.set(world.clock.now() + timedelta(days=3, seconds=-1))
    assert not world.waiting_for("bo")[0].for_information
    world.clock.set(world.clock.now() + timedelta(seconds=1))
    [seen] = world.waiting_for("bo")
    assert seen.reasons[0] == (
        "It is too late: the vote was over 05 March 2026 09:00, and its votes are counted now."
    )
    assert seen.id == id


def test_an_objection_after_the_time_is_none(make_board):
    world = make_board(SILENCE)
    id = put_up(world)
    world.clock.set(world.clock.now() + timedelta(days=9))
    with pytest.raises(Refusal, match="is decided already"):
        cast(world, id, "bo", "reject")
    assert status(world) == "approved"


def test_a_vote_in_writing_that_is_over_is_counted_before_another_comes(make_board):
    world = make_board(
        "members: 5\nquorum: {meet: 3, vote: 2/3}\nvoting: {written: {within: 3 working days}}\n"
    )
    id = put_up(world)
    for person in BOARD[:3]:
        cast(world, id, person)
    world.clock.set(world.clock.now() + timedelta(days=9))
    with pytest.raises(Refusal, match="is decided already"):
        cast(world, id, "dora")
    assert status(world) == "rejected"


def test_a_record_is_changed_after_what_time_decided_about_it(make_board):
    world = make_board(within="          when_time_is_up: counts as refused\n")
    put_up(world)
    world.clock.set(world.clock.now() + timedelta(days=9))
    with pytest.raises(CommandError, match="CR-1 is rejected"):
        world.update("P-1", "change_requests", "CR-1", "ana", cost="60000 GBP")


def test_who_could_have_decided_hears_what_time_did_and_why(make_board):
    terms = "members: 5\nquorum: {meet: 3}\n"
    world = make_board(terms, "          when_time_is_up: counts as refused\n")
    id = put_up(world)
    cast(world, id, "bo")
    world.forward(working_days=4)
    assert status(world) == "rejected"
    told = world.inbox("bea").messages[-1]
    assert told.subject == "The time to decide Change request CR-1 of P-1 is up"
    assert told.body.startswith("It is rejected now: no quorum: 1 of 3 that make a quorum are")
    story = story_of(world.governance, project="P-1", register="change_requests", key="CR-1")
    assert story.versions[-1].reason.startswith("no quorum: 1 of 3")
    assert world.inbox("petra").messages[-1].subject != told.subject


def test_who_refuses_says_why(make_board):
    world = make_board()
    world.submit("P-1", "change_requests", "ana", cost="80000 GBP")
    [asked] = world.waiting_for("petra")
    votes.vote(world.governance, asked.id, by="petra", choice="reject", reason="too dear")
    story = story_of(world.governance, project="P-1", register="change_requests", key="CR-1")
    assert (story.versions[-1].by, story.versions[-1].reason) == ("petra", "too dear")
    assert asked_of(story) == "Petra voted reject: too dear"


def asked_of(story: RecordStory) -> str:
    return story.obligations[0].votes[0].said


def test_a_quorum_decides_as_it_stands_when_time_is_up(make_board):
    terms = "members: 5\nquorum: {meet: 2}\n"
    world = make_board(terms, "          when_time_is_up: counts as refused\n")
    id = put_up(world)
    cast(world, id, "bo")
    cast(world, id, "bea")
    world.forward(working_days=4)
    assert status(world) == "approved"


def test_silence_is_no_consent_where_somebody_objected(make_board):
    said = "          when_time_is_up: counts as given\n          source: minute 5\n"
    world = make_board(within=said)
    id = put_up(world)
    cast(world, id, "bo", "reject")
    world.forward(working_days=4)
    assert status(world) == "submitted"


def test_what_has_lapsed_is_asked_anew_by_a_change_of_the_record(make_board):
    world = make_board(within="          when_time_is_up: lapses\n")
    put_up(world)
    world.forward(working_days=4)
    assert "Change request CR-1 of P-1 has lapsed" in world.inbox("ana").subjects
    world.update("P-1", "change_requests", "CR-1", "ana", cost="310000 GBP")
    assert len(world.waiting_for("bo")) == 1


def test_two_thirds_of_those_who_attend_decide_at_a_meeting(make_board):
    terms = (
        "members: 5\nquorum: {meet: 1/2}\n"
        "voting: {count: present, pass: 2/3, written: {within: 9 working days, count: members}}\n"
    )
    world = make_board(terms)
    id = put_up(world)
    there = votes.attend(world.governance, id, ["bo", "bea", "cem"], by="bo")
    assert there.tally == "0 of 2 in favour; 3 of 3 there"
    cast(world, id, "bea", "reject")
    cast(world, id, "bo")
    assert status(world) == "submitted"
    assert cast(world, id, "cem").status == "approved"


def test_whoever_comes_late_to_a_meeting_is_there_by_voting(make_board):
    world = make_board("members: 5\nquorum: {meet: 2}\n")
    id = put_up(world)
    votes.attend(world.governance, id, ["bo", "bea"], by="bo")
    assert cast(world, id, "dora", "reject").status == "submitted"
    cast(world, id, "bo")
    assert cast(world, id, "bea").status == "approved"


def test_only_members_attend_and_the_chair_takes_it_down(make_board):
    world = make_board(FOUR_OF_FIVE + "chair: pmo_head\n")
    world.appoint("eli", "pmo_head")
    id = put_up(world)
    with pytest.raises(Refusal, match="Eli chairs the portfolio board"):
        votes.attend(world.governance, id, ["bo"], by="bo")
    with pytest.raises(CommandError, match="Ana has no vote there; the members are Bea, Bo"):
        votes.attend(world.governance, id, ["ana"], by="eli")


GATED = """\
kind: policy
name: gated
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{use: office}, {use: risk}]
---
kind: gates
stages: [design, delivery]
gates:
  - id: G1
    title: Delivery may begin
    from_stage: design
    to_stage: delivery
    assessments: [risk]
    decided_by: portfolio_board
    within: 2 working days
    outcomes: [go, conditional_go, hold, stop]
    when_time_is_up: lapses
---
kind: terms_of_reference
for: portfolio_board
members: 5
quorum: {meet: 2/3, vote: 2/3}
"""


@pytest.fixture
def at_the_gate(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(GATED), roles=roles())
    world.project("P-1", stage="design")
    world.person("ana", "project_manager", project="P-1")
    for person in BOARD:
        world.person(person, "portfolio_board")
    review = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana")
    world.assess_all(review.id)
    return world


def row_review(world: World) -> str:
    with world.governance.reading() as c:
        return c.uow.gate_reviews.of_project("P-1")[-1].id


def stage(world: World) -> str:
    with world.governance.reading() as c:
        return c.uow.projects.get("P-1").stage


def test_a_gate_waits_at_three_of_four_votes_and_passes_with_the_fourth(at_the_gate):
    world = at_the_gate
    (row,) = world.waiting_for("bo")
    for person in BOARD[:3]:
        assert cast(world, row.id, person).status == "awaiting_decision"
    assert world.waiting_for("eli")[0].tally == "3 of 4 in favour; 3 of 4 there"
    assert stage(world) == "design"
    assert cast(world, row.id, "eli").status == "go"
    assert stage(world) == "delivery"


def test_a_gate_is_what_most_of_those_who_pass_it_say(at_the_gate):
    world = at_the_gate
    (row,) = world.waiting_for("bo")
    with pytest.raises(CommandError, match="'recycle' is no outcome of gate G1"):
        cast(world, row.id, "bo", "reject", outcome="recycle")
    draft_condition(world, row_review(world))
    for person, outcome in zip(
        BOARD, ("go", "conditional_go", "conditional_go", "go"), strict=False
    ):
        voted = cast(world, row.id, person, outcome=outcome)
    assert voted.status == "conditional_go"  # of two with as many, the more cautious


def test_a_gate_on_which_nobody_decides_in_time_is_held(at_the_gate):
    world = at_the_gate
    (row,) = world.waiting_for("bo")
    for person in BOARD[:3]:
        cast(world, row.id, person)
    world.forward(working_days=2)
    with world.governance.reading() as c:
        (review,) = c.uow.gate_reviews.with_status("closed")
        told = review_story(c, review.id)
    assert (review.outcome, stage(world)) == ("hold", "design")
    at = world.clock.now().isoformat()
    assert told.decided == GateDecided(
        outcome="hold", by="pmo-engine", name="pmo-engine", reason="no decision in time", at=at
    )
    assert told.waits_for == ()


@pytest.mark.parametrize(
    ("choice", "refused"),
    [
        ("abstain", "Bo voted abstain on Change request CR-1 of P-1 already"),
        ("recuse", "Bo may not decide this: Bo has stepped aside"),
    ],
)
def test_who_steps_aside_twice_at_once_does_so_once(make_board, choice, refused):
    world = make_board()
    id = put_up(world)
    command = partial(votes.vote, obligation=id, by="bo", choice=choice)
    answers = at_once(world, command, command)
    (failed,) = (each for each in answers if isinstance(each, Failed))
    assert refused in failed.message
    told = [line for line in world.journal("P-1") if line.kind == "voted"]
    assert [line.body["choice"] for line in told] == ["approve", choice]


def test_who_is_there_is_taken_down_twice_at_once_as_once(make_board):
    world = make_board()
    id = put_up(world)
    there = ["bo", "bea", "cem", "dora"]
    command = partial(votes.attend, obligation=id, people=there, by="bo")
    one, other = at_once(world, command, command)
    assert (one.status, one.tally) == (other.status, other.tally)
    for person in there[:-1]:
        assert cast(world, id, person).status == "submitted"
    assert cast(world, id, "dora").status == "approved"


MUST = (
    "    criteria:\n"
    "      - id: calm\n"
    "        text: No risk is severe\n"
    "        when: not(some r in risks satisfies r.probability * r.impact >= 20)\n"
)


@pytest.fixture
def no_longer_passing(make_world: Callable[..., World]) -> Callable[[str], World]:
    """Make a gate for which two of five voted, and one against it, before a must turned to no."""

    def made(when_time_is_up: str) -> World:
        text = GATED.replace("    when_time_is_up: lapses\n", f"{MUST}{when_time_is_up}")
        text = text.replace("meet: 2/3, vote: 2/3", "meet: 3").replace("[risk]", "[]")
        world = make_world(policy_from(text))
        world.project("P-1", stage="design")
        world.person("ana", "project_manager", project="P-1")
        for person in BOARD:
            world.person(person, "portfolio_board")
        gates.open_gate(world.governance, project="P-1", gate="G1", by="ana")
        (row,) = (each for each in world.waiting_for("bo") if each.kind == "approval")
        cast(world, row.id, "bo")
        cast(world, row.id, "bea")
        world.submit("P-1", "risks", "ana", title="Flood", probability="5", impact="5")
        cast(world, row.id, "cem", "reject", outcome="stop")
        return world

    return made


@pytest.mark.parametrize(("choice", "those"), [("abstain", ("bo",)), ("recuse", ("bo", "bea"))])
def test_who_votes_neither_way_may_do_so_where_a_gate_may_not_be_passed(
    no_longer_passing, choice, those
):
    world = no_longer_passing("")
    (row,) = (each for each in world.waiting_for("dora") if each.kind == "approval")
    assert row.tally == "0 of 1 in favour, 1 against; 1 of 3 there"
    for person in ("dora", "eli"):
        said = cast(world, row.id, person, choice, reason="my brother's")
        assert said.status == "awaiting_decision"
    found = [cast(world, row.id, each, "reject", outcome="stop").status for each in those]
    assert found[-1] == "stop"


@pytest.mark.parametrize(
    "when_time_is_up",
    [
        "    when_time_is_up: goes up\n",
        "    when_time_is_up: counts as given\n    source: rule 4\n",
    ],
)
def test_no_gate_is_decided_by_the_end_of_the_time_to_be_what_nobody_voted_for(
    no_longer_passing, when_time_is_up
):
    world = no_longer_passing(when_time_is_up)
    world.forward(working_days=3)
    with world.governance.reading() as c:
        assert c.uow.gate_reviews.with_status("closed") == []
        (found,) = stuck(c)
    assert found.why[0].startswith("no quorum: 1 of 3 that make a quorum are there")
