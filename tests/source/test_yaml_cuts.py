"""Values that YAML ends too early are put together again from the file's own characters."""

import pytest

from pmo_engine.source.yaml_cuts import CUT
from pmo_engine.source.yaml_source import Mapping, Sequence, Text, compose


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: £10,000}", "£10,000"),
        ("{a: £1,000,000, b: c}", "£1,000,000"),
        ("{a: max(1, 2) > 3, b: c}", "max(1, 2) > 3"),
        ("{a: one, two}", "one"),  # a word may be a key
        ("{a: one, two: three}", "one"),
        ("{a: one, 2 three: }", "one"),
        ('{a: "one", 2 three}', "one"),
    ],
)
def test_values_of_keys(text: str, value: str) -> None:
    document = compose(text, "a.yaml")[0]
    assert isinstance(document.content, Mapping)
    assert document.content["a"] == value
    cuts = [found for found in document.problems if found.message == CUT]
    assert len(cuts) == ("," in value)
    for found in cuts:
        [mended] = (found.fixes[0].applied(document.lines),)
        again = compose("\n".join(mended), "a.yaml")[0]
        assert isinstance(again.content, Mapping)
        assert again.content["a"] == value
        assert not again.problems


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("[<= 5,000 GBP, b]", ["<= 5,000 GBP", "b"]),
        ("[£1,000,000, b]", ["£1,000,000", "b"]),
        ("[max(1, 2), b]", ["max(1, 2)", "b"]),
        ('[<= @"5,000 GBP", b]', ['<= @"5,000 GBP"', "b"]),
        ("[5,000, 100]", ["5", "000", "100"]),  # a list of numbers, for all that is known
        ("[100,200,300]", ["100", "200", "300"]),
        ("[5, 000 GBP]", ["5", "000 GBP"]),
        ("[1000,200 GBP]", ["1000", "200 GBP"]),
        ("[board, ceo]", ["board", "ceo"]),
    ],
)
def test_items_of_lists(text: str, items: list[str]) -> None:
    content = compose(text, "a.yaml")[0].content
    assert isinstance(content, Sequence)
    assert content == items


def test_a_value_is_told_once_however_often_it_was_cut() -> None:
    [found] = compose("{a: £1,000,000}", "a.yaml")[0].problems
    assert (found.line, found.column) == (1, 5)
    assert found.hint == "quote it: a: '£1,000,000'"


def test_what_stands_before_a_comment() -> None:
    content = compose("a: b #1 c\nd: e\nf: 'g' # h", "a.yaml")[0].content
    assert isinstance(content, Mapping)
    whole = content["a"].before_comment()
    assert isinstance(whole, Text)
    assert whole == "b #1 c"
    assert content["d"].before_comment() is None
    assert content["f"].before_comment() is None


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("a: b", "c", "a: c"),
        ("a: b # d", "c", "a: c # d"),
        ("a: b", '@"c"', "a: '@\"c\"'"),
        ("a: b", "c: d", "a: 'c: d'"),
        ("a: b", "it's", "a: it's"),
        ("a: 'b'", "it's", "a: 'it''s'"),
        ('a: "b"', "c", 'a: "c"'),
        ('a: "b"', 'c "d"', "a: 'c \"d\"'"),
        ("{a: b}", "c, d", "{a: 'c, d'}"),
        ("{a: b}", "[c", "{a: '[c'}"),
        ("a: |\n  b c\n  d", "b x\nd", "a: |\n  b x\n  d"),
        ("a: b\n  c d", "b x d", "a: b\n  x d"),
        ("a: 'b\n  c d'", "b it's d", "a: 'b\n  it''s d'"),
        ('a: "b\n  c d"', 'b "x" d', 'a: "b\n  \\"x\\" d"'),
    ],
)
def test_a_value_is_written_instead_of_another(text: str, value: str, written: str) -> None:
    document = compose(text, "a.yaml")[0]
    assert isinstance(document.content, Mapping)
    [edit] = document.content["a"].instead(value)
    after = edit.applied(document.lines)
    assert "\n".join(after) == written
    again = compose(written, "a.yaml")[0].content
    assert isinstance(again, Mapping)
    assert again["a"] == value


def test_a_text_of_no_file_has_no_edit() -> None:
    assert Text("a").instead("b") == ()
