"""A regular expression is compiled when it is first used, and is the expression from then on."""

import re

import pytest

from pmo_engine.model.patterns import pattern


def test_it_does_what_the_expression_does():
    found = pattern("(a)(?P<b>B)?", re.IGNORECASE)
    assert found.fullmatch("Ab")["b"] == "b"
    assert found.sub("-", "xaBA") == "x--"
    assert (found.pattern, found.groups) == ("(a)(?P<b>B)?", 2)
    assert found.fullmatch("Ab")["b"] == "b"


def test_nothing_is_compiled_before(monkeypatch):
    seen = []
    compiled = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: seen.append(given) or compiled(*given))
    found = pattern("a+")
    assert seen == []
    assert found.match("aa")
    assert found.match("aaa")
    assert seen == [("a+", 0)]


def test_what_is_wrong_with_one_shows_at_its_use():
    with pytest.raises(re.error, match="unterminated"):
        pattern("(a").match("a")
