"""What a rule asks of collection rounds is held against what there is."""

import pytest

from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.testing import policy_from
from tests.stories.test_rounds import ASKING, POLICY


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('r.state = "late"', 'r.state = "lat"', "did you mean 'late'"),
        ("r.due <", "r.until <", "until"),
        ('r.register = "risks"', 'r.register = "risk"', "did you mean 'risks'"),
    ],
)
def test_what_is_asked_of_a_round_that_there_is_not_is_an_error(
    old: str, new: str, said: str
) -> None:
    with pytest.raises(PolicyError, match=said):
        policy_from(POLICY + ASKING.replace(old, new))


def test_without_rounds_there_is_nothing_to_ask_of_them() -> None:
    without = POLICY[: POLICY.index("kind: rounds")].rstrip("-\n") + ASKING
    with pytest.raises(PolicyError, match="returns"):
        policy_from(without)
