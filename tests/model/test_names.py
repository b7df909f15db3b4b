"""Names as they are compared: one for every spelling that people take for the same."""

import pytest

from pmo_engine.model.names import alike

SAME = (
    ("ACME Ltd", "acme  ltd "),
    ("ACME", "Ａcme"),
    ("office", "oﬃce"),
    ("Müller", "Mu\u0308ller"),
    ("Straße", "STRASSE"),
    ("C-1", "C\u20111"),
    ("C-1", "c\u20131"),
    ("C-1", "C\u22121"),
    ("C-1", "C\u200b-\u00ad1"),
    ("O'Hara", "O\u2019Hara"),
    ("O'Hara", "O\u02bchara"),
    ('"A" Ltd', "\u201cA\u201d Ltd"),
)
APART = (("C-1", "C1"), ("C-1", "C-2"), ("O'Hara", "OHara"), ("A B", "AB"), ("Muller", "Müller"))


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    assert alike(one) == alike(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_names_are_not(one: str, other: str) -> None:
    assert alike(one) != alike(other)
