"""Numbers in words, in the middle of other words."""

import pytest

from pmo_engine.model.hints.number_words import in_figures


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("five", "5"),
        ("nineteen", "19"),
        ("twenty-five thousand pounds", "25000 pounds"),
        ("one hundred and five", "105"),
        ("a hundred", "100"),
        ("twelve hundred", "1200"),
        ("two million, three hundred thousand and one", "2300001"),
        ("half a million", "500000"),
        ("a dozen", "12"),
        ("five six", "5 6"),
        ("attend", "attend"),
        ("x.one", "x.one"),
        ("half", "half"),
    ],
)
def test_numbers_stand_in_figures(words: str, figures: str) -> None:
    assert in_figures(words) == figures
