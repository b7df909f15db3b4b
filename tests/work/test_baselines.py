"""The first value of a baseline is kept, also of records from before firsts were kept."""

from pathlib import Path

from pmo_engine.work.records.baselines import with_firsts
from tests.policies import kept

POLICY = Path(__file__).parents[1] / "stories" / "tolerances.yaml"
A, B, C = "2026-03-02", "2026-03-12", "2026-03-22"


def test_the_first_value_is_what_was_given_first() -> None:
    register = kept(POLICY).registers["milestones"]
    given = {"baseline": A, "first_baseline": A}
    assert with_firsts(register, {}, {"forecast": B}) == {"forecast": B}
    assert with_firsts(register, {}, {"baseline": A}) == given
    assert with_firsts(register, {"baseline": A}, {"baseline": B}) == {**given, "baseline": B}
    later = {"baseline": C, "first_baseline": A}
    assert with_firsts(register, {**given, "baseline": B}, later) == later
