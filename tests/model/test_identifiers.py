"""Ids that are one way of writing one thing, and those that are refused, with the reason."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.identifiers import (
    LONGEST,
    IdentifierError,
    canonical,
    problem,
    shown,
)


@pytest.mark.parametrize(
    "id",
    [
        *("a", "ana", "P-1", "CR 12/3", "o'neill", "ana.b@office.example", "1", "#7 (old)"),
        *("müller", "señora", "Łódź", "nguyễn", "føroyar"),
        *("петра", "Ольга", "αθήνα", "כהן", "राम", "김철수", "田中さん", "タナカー", "佐々木"),
        *("pmo-engine-2", "pmo", "x" * LONGEST),
    ],
)
def test_what_people_and_projects_are_called_is_canonical(id: str) -> None:
    assert problem(id) is None
    assert canonical(id, "person") is id


@pytest.mark.parametrize(
    ("id", "reason"),
    [
        ("", "an id has at least one character"),
        ("x" * (LONGEST + 1), "at most 100 characters, not 101; shorten it"),
        ("petra ", "a blank at an end, or two in a row; leave them out"),
        (" petra", "a blank at an end"),
        ("pet  ra", "two in a row"),
        ("pmo-engine", "this is the engine's own name; choose another"),
        ("PMO-Engine", "the engine's own name"),
        ("pet\nra", "character 4, U+000A, is a control character; leave it out"),
        ("\x00", "is a control character"),
        ("pet\x7fra", "is a control character"),
        ("pet\x9bra", "is a control character"),
        ("petra\u200b", "character 6, U+200B (ZERO WIDTH SPACE), is a character that cannot be"),
        ("\u202epetra", "U+202E (RIGHT-TO-LEFT OVERRIDE), is a character that cannot be seen"),
        ("pet\u2067ra", "cannot be seen"),
        ("pet\u00adra", "cannot be seen"),
        ("\ufeffpetra", "cannot be seen"),
        ("\u3164", "U+3164 (HANGUL FILLER), is a character that cannot be seen"),
        ("김\u1160", "cannot be seen"),
        ("pet\u00a0ra", "a blank other than the plain one"),
        ("pet\u2003ra", "a blank other than the plain one"),
        ("pet\u2028ra", "a line break"),
        ("pet\u2029ra", "a line break"),
        ("\u0663", "a digit other than 0 to 9"),
        ("P\u20111", "U+2011 (NON-BREAKING HYPHEN), is neither letter nor digit, nor a sign"),
        ("P\u20131", "neither letter nor digit"),
        ("petra\U0001f600", "neither letter nor digit"),
        ("petra\u02bc", "a sign that looks like another"),
        ("petra\ue000", "a character without a meaning of its own"),
        ("petra\u0378", "no character of Unicode"),
        ("petra\ud800", "half a character"),
        ("pe\u0301tra", "it is another way of writing 'pétra'; write it so"),
        ("\uff50etra", "it is another way of writing 'petra'; write it so"),
        ("\u212a1", "another way of writing 'K1'"),
        ("\ufb01rst", "another way of writing 'first'"),
        ("p\u0435tra", "U+0435 (CYRILLIC SMALL LETTER IE), stands among Latin letters; write an"),
        ("\u0440etra", "U+0065 (LATIN SMALL LETTER E), stands among Cyrillic letters"),
        ("\u03b1na", "among Greek letters"),
        ("田김あ", "character 2, U+AE40 (HANGUL SYLLABLE GIM), stands among Han letters"),
        ("\u0441\u043e\u0440\u0430", "looks like a plain 'c'; write that, or another id"),
        ("\u0430-1", "looks like a plain 'a'"),
        ("\u0131nes", "U+0131 (LATIN SMALL LETTER DOTLESS I), looks like a plain 'i'"),
        ("\u0251na", "looks like a plain 'a'"),
        ("l\u0338", "U+0338 (COMBINING LONG SOLIDUS OVERLAY), changes the letter before it"),
        ("an\ufe0fa", "U+FE0F (VARIATION SELECTOR-16), changes the letter before it"),
    ],
)
def test_what_could_be_taken_for_another_is_refused_with_the_reason(id: str, reason: str) -> None:
    found = problem(id)
    assert found is not None
    assert reason in found
    with pytest.raises(IdentifierError) as raised:
        canonical(id, "person")
    assert str(raised.value) == f"person {shown(id)}: {found}"


@given(st.text(max_size=20))
def test_the_error_itself_is_one_printable_line_in_plain_letters(id: str) -> None:
    found = problem(id)
    if found is not None:
        assert shown(id).isascii()
        assert found.isprintable()


@given(st.text(min_size=1, max_size=20).filter(lambda id: problem(id) is None))
def test_a_canonical_id_shows_what_it_is(id: str) -> None:
    assert unicodedata.normalize("NFC", id) == unicodedata.normalize("NFKC", id) == id
    assert id.isprintable()
    assert id.strip() == id


def test_a_long_id_is_shown_cut() -> None:
    assert shown("x" * 61) == f"'{'x' * 60}...'"
    assert shown("x" * 60) == f"'{'x' * 60}'"
