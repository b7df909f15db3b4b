"""Finding a value in a line that YAML cannot read."""

import pytest

from pmo_engine.source.yaml_lines import value_at


@pytest.mark.parametrize(
    ("line", "word", "key", "value"),
    [
        ("when: a: b", "b", "when", "a: b"),
        ("  - when: a: b  ", "b", "when", "a: b"),
        ('- {id: x, when: c in ("a", "b"), then: y}', '"b"', "when", 'c in ("a", "b")'),
        ('- {id: x, when: c = "a, b", then: y}', "b", "when", 'c = "a, b"'),
        ("- {id: x, then: [{block: a: b}]}", "b", "block", "a: b"),
        ('- ["> 4", in ("a", "b"), c]', '"b"', "", 'in ("a", "b")'),
        ("- ['it, is', b: c: d]", "d", "b", "c: d"),
        ("when: {{ a }} > 4", ">", "when", "{{ a }} > 4"),
        ("- {when: [a, b", "b", "", "b"),
        ("- {when: {n: (5 GBP..9 GBP], k: true}, then: x}", "9", "n", "(5 GBP..9 GBP]"),
        ("- {when: {n: ]5..9[, k: true}, then: x}", "true", "k", "true"),
    ],
)
def test_the_innermost_value(line: str, word: str, key: str, value: str) -> None:
    held = value_at(line, line.index(word))
    assert held is not None
    assert (held.key, line[held.start : held.end]) == (key, value)


@pytest.mark.parametrize("line", ["", "words alone", "- a"])
def test_no_value(line: str) -> None:
    assert value_at(line, 0) is None
