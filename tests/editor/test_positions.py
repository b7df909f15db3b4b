"""Places as marks count them and as editors do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.editor.positions import Lines, Position, utf16

TEXT = "a: 1\r\nb: \U0001f600x\u2028c: é\n\nd"


@pytest.mark.parametrize(
    ("own", "client"),
    [
        ((0, 0), (0, 0)),
        ((0, 4), (0, 4)),
        ((1, 3), (1, 3)),
        ((1, 4), (1, 5)),  # a character of two units
        ((2, 0), (1, 7)),  # YAML begins a line where an editor does not
        ((2, 4), (1, 11)),
        ((3, 0), (2, 0)),
        ((4, 1), (3, 1)),
    ],
)
def test_both_ways(own: tuple[int, int], client: tuple[int, int]) -> None:
    lines = Lines(TEXT)
    assert lines.to_client(Position(*own)) == client
    assert lines.from_client(Position(*client)) == own


def test_beyond_the_end_is_the_end() -> None:
    lines = Lines("ab\ncd")
    assert lines.from_client(Position(0, 99)) == (0, 2)
    assert lines.from_client(Position(99, 0)) == (1, 0)
    assert lines.to_client(Position(99, 99)) == (1, 2)
    assert [lines.line(n) for n in (-1, 0, 1, 2)] == ["", "ab", "cd", ""]


def test_units_are_those_of_the_client() -> None:
    lines = Lines("\U0001f600x", len)
    assert lines.to_client(Position(0, 1)) == (0, 1)
    assert Lines("\U0001f600x").to_client(Position(0, 1)) == (0, 2)
    assert utf16("\U0001f600") == 2


@given(st.text(alphabet="a\U0001f600\r\n\u2028é", max_size=30))
def test_there_and_back(text: str) -> None:
    lines = Lines(text)
    own = lines.all()
    assert "".join(own) == text.translate(dict.fromkeys(map(ord, "\r\n\u2028")))
    for number, line in enumerate(own):
        for column in range(len(line) + 1):
            place = Position(number, column)
            assert lines.from_client(lines.to_client(place)) == place
