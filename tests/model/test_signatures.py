"""Signatures: who has signed what, what is still open, persons matched to signatories."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.signatures import Part, Signatory, Signatures, Signed, standing

A, B, C = (Signatory(role) for role in "abc")
BOTH = Signatures((A, B), 2)
EITHER = Signatures((A, B), 1)
TWO_OF_B = Signatures((Signatory("b", 2),), 1)


def yes(person, *roles):
    return Signed(person, roles, "approve")


def no(person, *roles):
    return Signed(person, roles, "reject")


def state(signatures, *signed, able=None, ballots=None):
    return standing(signatures, signed, able or {}, ballots or {}).state


def asked(signatures, *signed):
    return standing(signatures, signed, {}, {}).asked


def test_of_all_each_signs():
    assert state(BOTH, yes("ana", "a")) == "open"
    assert state(BOTH, yes("ana", "a"), yes("ben", "b")) == "passed"
    assert state(BOTH, yes("ana", "a"), no("ben", "b")) == "refused"
    assert state(BOTH, yes("ana", "a"), yes("eva", "a")) == "open"


def test_of_any_one_is_enough_and_all_have_to_refuse():
    assert state(EITHER, yes("ana", "a")) == "passed"
    assert state(EITHER, no("ana", "a")) == "open"
    assert state(EITHER, no("ana", "a"), yes("ben", "b")) == "passed"
    assert state(EITHER, no("ana", "a"), no("ben", "b")) == "refused"


def test_of_n_so_many_refuse_that_it_can_no_longer_be_reached():
    two = Signatures((A, B, C), 2)
    assert state(two, no("ana", "a"), yes("ben", "b")) == "open"
    assert state(two, no("ana", "a"), yes("ben", "b"), yes("eva", "c")) == "passed"
    assert state(two, no("ana", "a"), no("ben", "b"), yes("eva", "c")) == "refused"


def test_somebody_with_two_roles_signs_once_and_stands_in_nobodys_way():
    both_roles = yes("ana", "a", "b")
    assert state(BOTH, both_roles) == "open"
    assert state(BOTH, both_roles, yes("ben", "a")) == "passed"
    assert state(BOTH, both_roles, yes("ben", "b")) == "passed"
    found = standing(BOTH, [both_roles, yes("ben", "a")], {}, {})
    assert [part.by for part in found.parts] == [("ben",), ("ana",)]


def test_without_distinct_persons_one_may_sign_for_all_roles_of_theirs():
    free = Signatures((A, B), 2, distinct=False)
    assert state(free, yes("ana", "a", "b")) == "passed"
    assert state(free, yes("ana", "a")) == "open"
    assert state(free, no("ana", "b", "a")) == "refused"
    assert state(Signatures((A, B), 1, distinct=False), no("ana", "b", "a")) == "refused"
    assert state(Signatures((Signatory("b", 2),), 1, distinct=False), yes("ana", "b")) == "open"


def test_a_refusal_of_somebody_with_two_roles_counts_once():
    refusal = no("ana", "a", "b")
    assert state(EITHER, refusal) == "open"
    assert state(EITHER, refusal, yes("ben", "a")) == "passed"
    assert state(EITHER, refusal, no("ben", "a")) == "refused"
    assert state(BOTH, refusal) == "refused"


def test_of_several_of_one_role_refusals_leave_enough_or_not():
    members = {"b": {"ana", "ben", "eva"}}
    assert state(TWO_OF_B, yes("ana", "b"), able=members) == "open"
    assert state(TWO_OF_B, yes("ana", "b"), yes("ben", "b"), able=members) == "passed"
    assert state(TWO_OF_B, no("ana", "b"), able=members) == "open"
    assert state(TWO_OF_B, no("ana", "b"), yes("ben", "b"), able=members) == "open"
    assert state(TWO_OF_B, no("ana", "b"), no("ben", "b"), able=members) == "refused"
    # Who are too few to begin with refuse nothing: that is for others to see to.
    assert state(TWO_OF_B, yes("ana", "b"), able={"b": {"ana"}}) == "open"


def test_of_several_of_one_role_who_steps_aside_leaves_it_to_others_to_decide():
    members = {"b": {"ana", "ben"}}
    for choice in ("abstain", "recuse"):
        aside = Signed("ana", ("b",), choice)
        assert state(TWO_OF_B, aside, able=members) == "lapsed"
        assert state(TWO_OF_B, aside, yes("ben", "b"), able=members) == "lapsed"
        assert state(TWO_OF_B, aside, no("ben", "b"), able=members) == "refused"
        assert state(TWO_OF_B, aside, able={"b": {"ana", "ben", "eva"}}) == "open"
        both = Signatures((A, Signatory("b", 2)), 2)
        assert standing(both, [aside], members, {}).asked == ("a", "b")
        assert state(Signatures((Signatory("b", 2), A), 1), aside, able=members) == "open"


def test_who_abstains_has_neither_signed_nor_refused():
    assert state(BOTH, Signed("ana", ("a",), "abstain"), yes("ben", "b")) == "open"
    assert state(EITHER, Signed("ana", ("a",), "abstain")) == "open"


def test_what_a_ballot_comes_to_is_the_bodys_part():
    assert state(BOTH, yes("ana", "a"), ballots={"b": "open"}) == "open"
    assert state(BOTH, yes("ana", "a"), ballots={"b": "passed"}) == "passed"
    assert state(BOTH, ballots={"b": "passed"}) == "open"
    assert state(BOTH, yes("ana", "a"), ballots={"b": "refused"}) == "refused"
    assert state(BOTH, yes("ana", "a"), ballots={"b": "lapsed"}) == "lapsed"
    assert state(BOTH, no("ana", "a"), ballots={"b": "lapsed"}) == "refused"
    # A member's vote is counted in the ballot, and signs for nobody beside it.
    assert state(BOTH, yes("ana", "b"), yes("ben", "b"), ballots={"b": "open"}) == "open"
    # Where so many members have to sign, it is no ballot that does.
    assert state(TWO_OF_B, yes("ana", "b"), yes("ben", "b"), ballots={"b": "open"}) == "passed"


def test_in_sequence_the_next_alone_is_asked():
    order = Signatures((A, Signatory("b", 2), C), 3, in_sequence=True)
    assert asked(order) == ("a",)
    assert asked(order, yes("ana", "a")) == ("b",)
    assert asked(order, yes("ana", "a"), yes("ben", "b")) == ("b",)
    assert asked(order, yes("ana", "a"), yes("ben", "b"), yes("eva", "b")) == ("c",)


def test_in_parallel_those_are_asked_whose_signature_would_count():
    assert asked(BOTH) == ("a", "b")
    assert asked(BOTH, yes("ana", "a")) == ("b",)
    assert asked(BOTH, yes("ana", "a", "b")) == ("a", "b")
    assert asked(Signatures((A, B, C), 2), no("ana", "a")) == ("b", "c")
    assert asked(Signatures((A, B), 2, distinct=False), yes("ana", "a")) == ("b",)
    assert asked(BOTH, yes("ana", "a"), yes("ben", "b")) == ()


def test_what_is_missing_is_counted():
    found = standing(Signatures((A, Signatory("b", 2)), 2), [yes("ben", "b")], {}, {})
    assert [part.missing for part in found.parts] == [1, 1]
    assert Part(A, "passed", ("ana",)).missing == 0


def test_a_choice_among_some_of_whom_several_sign():
    some = Signatures((Signatory("a", 2), Signatory("b", 2), C), 1)
    assert state(some, yes("ana", "a"), yes("ben", "b")) == "open"
    assert state(some, yes("ana", "a", "b"), yes("ben", "b")) == "passed"
    assert state(some, yes("eva", "c")) == "passed"


PEOPLE = ("ana", "ben", "cem", "dot")
ROLES = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)


@st.composite
def answers(draw):
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    return [
        Signed(each, tuple(draw(ROLES)), draw(st.sampled_from(["approve", "abstain", "reject"])))
        for each in people
    ]


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True),
    st.integers(1, 3),
    answers(),
)
def test_persons_are_matched_as_well_as_can_be(roles, needs, signed):
    needs = min(needs, len(roles))
    found = standing(Signatures(tuple(map(Signatory, roles)), needs), signed, {}, {})
    approving = [each for each in signed if each.choice == "approve"]
    most = max(
        sum(role in each.roles for role, each in zip(roles, order, strict=False))
        for order in permutations([*approving, *[Signed("", (), "approve")] * 3])
    )
    if not any(each.choice == "reject" for each in signed):
        assert found.state == ("passed" if most >= needs else "open")
    if found.state == "passed":
        assert most >= needs
    signatures = [person for part in found.parts for person in part.by]
    assert len(signatures) == len(set(signatures))
    if found.state == "open":
        assert found.asked


@given(st.integers(1, 4), answers())
def test_so_many_of_one_role_are_so_many_persons(count, signed):
    able = {"a": PEOPLE}
    found = standing(Signatures((Signatory("a", count),), 1), signed, able, {})
    mine = [each.choice for each in signed if "a" in each.roles]
    if mine.count("approve") >= count:
        assert found.state == "passed"
    elif len(PEOPLE) - mine.count("reject") - mine.count("abstain") < count:
        few = "refused" if "reject" in mine else "lapsed"
        assert found.state == (few if {"reject", "abstain"} & {*mine} else "open")
    else:
        assert found.state == "open"


@given(answers(), st.randoms())
def test_one_more_approval_never_undoes_a_pass(signed, random):
    order = Signatures((A, B, C), 2)
    before = state(order, *signed)
    random.shuffle(signed)
    more = [*signed, yes("eve", "a", "b", "c")]
    if before == "passed" and not any(each.choice == "reject" for each in signed):
        assert state(order, *more) == "passed"
