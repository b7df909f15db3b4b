"""What the votes of a body come to: worked examples of published rules, and what always holds."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.ballots import (
    MORE_THAN_HALF,
    Portion,
    Rules,
    Tally,
    counted,
    in_favour_needed,
    meeting,
    passes,
)

HALF, TWO_THIRDS = Portion(Fraction(1, 2)), Portion(Fraction(2, 3))
BOARD = Rules(meet=TWO_THIRDS, decide=TWO_THIRDS)  # of five: four to meet, four alike


@pytest.mark.parametrize(
    ("text", "number", "needed"),
    [
        *[("1/2", members, takes) for members, takes in ((12, 6), (11, 6), (7, 4))],
        *[("2/3", members, takes) for members, takes in ((12, 8), (11, 8), (7, 5))],
        *[("2/3", there, takes) for there, takes in ((7, 5), (5, 4), (4, 3))],
        ("more than half", 4, 3),
        ("more than half", 5, 3),
        ("at least half", 4, 2),
        ("at least half", 5, 3),
        ("half", 4, 2),
        ("more than 2/3", 6, 5),
        ("at least 2/3", 6, 4),
        ("more than 2", 9, 3),
        ("3", 9, 3),
        ("1/1", 5, 5),
        ("1/2", 0, 1),
        ("more than half", 0, 1),
    ],
)
def test_how_many_a_share_takes(text, number, needed):
    assert Portion.parse(text).of(number) == needed


@pytest.mark.parametrize("text", ["most", "0", "3/2", "more than 1/1", "more than all", "half "])
def test_what_is_no_share_is_said(text):
    with pytest.raises(ValueError, match=r"is no share of votes|is not a part|nobody has"):
        Portion.parse(text)


def test_percent_is_written_as_a_part():
    with pytest.raises(ValueError, match="'60 %' is no share of votes: write 3/5"):
        Portion.parse("60 %")


@pytest.mark.parametrize(
    ("in_favour", "against", "abstained", "state"),
    [
        (1, 0, 0, "open"),
        (3, 0, 0, "open"),
        (3, 1, 0, "open"),
        (4, 0, 0, "passed"),
        (4, 1, 0, "passed"),
        (3, 2, 0, "refused"),
        (3, 1, 1, "refused"),
        (0, 2, 0, "open"),  # nothing is decided without a quorum, nor refused
        (2, 2, 0, "refused"),
        (3, 0, 2, "refused"),  # an abstention is no vote in favour
        (0, 0, 5, "refused"),
    ],
)
def test_a_board_of_five_of_whom_four_decide(in_favour, against, abstained, state):
    waiting = 5 - in_favour - against - abstained
    tally = Tally(5, in_favour, against, abstained, waiting=waiting)
    assert counted(BOARD, tally).state == state


@pytest.mark.parametrize(("there", "takes"), [(7, 5), (5, 4), (4, 3)])
def test_two_thirds_of_those_who_attend(there, takes):
    rules = Rules(meet=HALF, count="present", passes=TWO_THIRDS)
    tally = Tally(7, in_favour=takes, against=there - takes)
    assert meeting(rules, tally) == 4
    assert in_favour_needed(rules, tally) == takes
    assert counted(rules, tally).state == "passed"
    fewer = replace(tally, in_favour=takes - 1, against=there - takes + 1)
    assert counted(rules, fewer).state == "refused"


def test_in_writing_two_thirds_of_all_are_needed():
    rules = Rules(meet=HALF, count="members", passes=TWO_THIRDS)
    assert counted(rules, Tally(7, in_favour=4), closed=True).state == "refused"
    assert counted(rules, Tally(7, in_favour=5), closed=True).state == "passed"


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        (Rules(), "passed"),  # 2 of 3 cast
        (Rules(abstentions=True), "refused"),  # 2 of 4 cast with abstentions
        (Rules(count="present"), "refused"),
        (Rules(count="members", passes=HALF), "refused"),  # 2 of 5
        (Rules(abstentions=True, passes=HALF), "passed"),
    ],
)
def test_one_count_has_four_results(rules, state):
    tally = Tally(5, in_favour=2, against=1, abstained=1)
    assert counted(rules, tally, closed=True).state == state


@pytest.mark.parametrize(
    ("rules", "chair", "state", "why"),
    [
        (Rules(), "for", "refused", "a tie"),
        (Rules(passes=HALF), "for", "passed", "a tie"),
        (Rules(casting_vote=True), "for", "passed", "the chair's casting vote is for"),
        (Rules(casting_vote=True), "against", "refused", "the chair's casting vote is against"),
        (Rules(casting_vote=True), None, "refused", "a tie"),
        (Rules(casting_vote=True, passes=HALF), "against", "refused", "casting vote is against"),
        (Rules(casting_vote=True, passes=TWO_THIRDS), "for", "refused", "takes 3"),
        (Rules(casting_vote=True, decide=Portion(3)), "for", "refused", "casting vote is for"),
    ],
)
def test_a_tie(rules, chair, state, why):
    result = counted(rules, Tally(4, in_favour=2, against=2, chair=chair))
    assert result.state == state
    assert why in result.why


def test_no_casting_vote_where_there_is_no_tie():
    rules = Rules(casting_vote=True)
    assert counted(rules, Tally(5, 2, 3, chair="for")).state == "refused"
    assert counted(rules, Tally(5, 3, 2, chair="against")).state == "passed"


def test_the_chair_who_has_not_voted_can_still_decide_a_tie():
    rules = Rules(casting_vote=True)
    tally = Tally(4, in_favour=2, against=1, waiting=1, chair_waits=True)
    assert counted(rules, tally).state == "open"
    assert counted(rules, replace(tally, chair_waits=False, chair="for")).state == "passed"


def test_recusal_keeps_the_quorum_unless_the_terms_lower_it():
    rules = Rules(meet=TWO_THIRDS, decide=TWO_THIRDS)
    tally = Tally(5, in_favour=2, recused=2, waiting=1)
    assert counted(rules, tally).state == "lapsed"  # four can never be there
    assert counted(replace(rules, recusal_lowers=True), tally).state == "passed"


def test_a_body_of_which_everybody_steps_aside_decides_nothing():
    rules = Rules(recusal_lowers=True, passes=HALF)
    result = counted(rules, Tally(3, recused=3), closed=True)
    assert (result.state, result.why) == (
        "lapsed",
        "no quorum: 0 of 1 that make a quorum are there",
    )


def test_a_body_smaller_than_its_quorum_decides_nothing():
    assert counted(BOARD, Tally(5, in_favour=3)).state == "lapsed"
    assert counted(BOARD, Tally(5, in_favour=2, waiting=1)).state == "lapsed"
    assert counted(BOARD, Tally(5, in_favour=2, waiting=2)).state == "open"


def test_what_is_closed_is_counted_as_it_stands():
    rules = Rules(meet=HALF)
    tally = Tally(5, in_favour=2, abstained=1, waiting=2)
    assert counted(rules, tally).state == "open"
    assert counted(rules, tally, closed=True).state == "passed"
    assert counted(rules, replace(tally, abstained=0), closed=True).state == "lapsed"


def test_whoever_attends_in_silence_makes_up_the_quorum_and_has_to_be_waited_for():
    rules = Rules(meet=HALF, count="present")
    tally = Tally(5, in_favour=2, silent=1, waiting=1)
    assert counted(rules, tally).state == "passed"  # 2 of 3, whatever the third says
    assert (
        counted(replace(rules, passes=TWO_THIRDS), replace(tally, silent=2, waiting=2)).state
        == "open"
    )
    assert counted(rules, Tally(5, silent=2, in_favour=1), closed=True).state == "refused"


def test_it_says_how_the_votes_stand():
    result = counted(BOARD, Tally(5, 3, 1, 0, recused=0, waiting=1))
    assert result.tally == "3 of 4 in favour, 1 against; 4 of 4 there"
    assert result.why == "1 may still vote"
    more = counted(BOARD, Tally(5, 5, 0, 0, recused=0, waiting=0))
    assert more.tally == "5 in favour, 4 needed; 5 there, 4 needed"


SHARES = st.sampled_from(
    [MORE_THAN_HALF, HALF, TWO_THIRDS, Portion(1), Portion(2), Portion(Fraction(1))]
)
RULES = st.builds(
    Rules,
    meet=SHARES,
    decide=st.none() | SHARES,
    count=st.sampled_from(["cast", "present", "members"]),
    passes=SHARES,
    abstentions=st.booleans(),
    casting_vote=st.booleans(),
    recusal_lowers=st.booleans(),
)


@st.composite
def tallies(draw):
    few = st.integers(0, 3)
    cast = Tally(0, draw(few), draw(few), draw(few), draw(few))
    waiting = draw(st.integers(0, 4))
    sides = [None, *["for"] * (cast.in_favour > 0), *["against"] * (cast.against > 0)]
    chair = draw(st.sampled_from(sides))
    return replace(
        cast,
        members=cast.present + cast.recused + waiting + draw(st.integers(0, 2)),
        waiting=waiting,
        silent=draw(st.integers(0, waiting)),
        chair=chair,
        chair_waits=chair is None and waiting > 0 and draw(st.booleans()),
    )


def completed(tally):
    """Give every way in which those who are waited for can answer, or not."""
    for answers in product(("for", "against", "abstains", None), repeat=tally.waiting):
        chair = tally.chair
        if tally.chair_waits and answers[0] in {"for", "against"}:
            chair = answers[0]
        silent = sum(each is None for each in answers[: tally.silent])
        yield replace(
            tally,
            in_favour=tally.in_favour + answers.count("for"),
            against=tally.against + answers.count("against"),
            abstained=tally.abstained + answers.count("abstains"),
            silent=silent,
            waiting=0,
            chair=chair,
            chair_waits=False,
        )


@given(RULES, tallies())
def test_an_early_outcome_is_the_outcome_of_every_end(rules, tally):
    state = counted(rules, tally).state
    ends = {counted(rules, each, closed=True).state for each in completed(tally)}
    if state == "open":
        assert len(ends) > 1 or ends == {"lapsed"}
    else:
        assert ends == {state}


@given(RULES, tallies())
def test_nothing_passes_without_a_quorum_and_a_vote_in_favour(rules, tally):
    if counted(rules, tally, closed=True).state == "passed":
        assert tally.present >= rules.meet.of(tally.members - tally.recused * rules.recusal_lowers)
        assert tally.in_favour >= 1


@given(RULES, tallies())
def test_an_abstention_never_helps_a_matter(rules, tally):
    more = replace(tally, members=tally.members + 1, abstained=tally.abstained + 1)
    if passes(rules, more):
        assert passes(
            rules, replace(more, abstained=tally.abstained, in_favour=tally.in_favour + 1)
        )


@given(RULES, tallies())
def test_a_vote_moved_in_favour_never_turns_an_outcome_against_it(rules, tally):
    if tally.against and tally.chair != "against" and passes(rules, tally):
        moved = replace(tally, in_favour=tally.in_favour + 1, against=tally.against - 1)
        assert passes(rules, moved)


@given(st.integers(1, 40), SHARES)
def test_one_of_two_opposite_sides_at_most_has_more_than_half(number, share):
    if share.more:
        assert 2 * share.of(number) > number


def test_who_is_there_and_silent_is_no_more_to_come_for_the_quorum() -> None:
    three = Rules(meet=Portion(3))
    assert counted(three, Tally(5, in_favour=1, silent=1, waiting=1)).state == "lapsed"
    assert counted(three, Tally(5, in_favour=1, silent=1, waiting=2)).state == "open"


def test_where_nobody_voted_on_a_side_there_is_no_tie() -> None:
    found = counted(Rules(), Tally(1, abstained=1))
    assert (found.state, found.why) == ("refused", "0 in favour, and it takes 1")


def test_the_chair_s_vote_that_is_to_come_may_make_a_tie_and_decide_it() -> None:
    casting = Rules(casting_vote=True)
    assert (
        counted(casting, Tally(3, against=1, abstained=1, waiting=1, chair_waits=True)).state
        == "open"
    )
    assert counted(casting, Tally(3, against=1, abstained=1, waiting=1)).state == "refused"
