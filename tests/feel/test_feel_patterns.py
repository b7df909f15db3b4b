import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.feel.limits import EvaluationLimit
from pmo_engine.feel.patterns.matching import PatternError, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("b+", "abbbc", "bbb"),
        ("b+?", "abbbc", "b"),
        ("a|ab", "ab", "a"),
        ("(ab){2}", "ababab", "abab"),
        ("[^a-c]", "abcd", "d"),
        ("[a-z-[aeiou]]+", "eidyllic", "dyll"),
        (r"\d{2,3}", "a12345", "123"),
        (r"\p{Lu}", "aBc", "B"),
        (r"\P{L}", "a1", "1"),
        ("^b", "ab", None),
        ("b$", "ab", "b"),
        ("a.c", "a\nc", None),
        ("(?:a|b)+c", "xabac", "abac"),
        (r"[\s,]+", "a , b", " , "),
        (r"a\.b", "axb a.b", "a.b"),
        ("(a*)*", "aaa", "aaa"),
    ],
)
def test_search(pattern: str, text: str, found: str | None) -> None:
    groups = compile_pattern(pattern, "").search(text)
    assert (groups and text[groups[0] : groups[1]]) == found


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "matches"),
    [
        ("ABC", "i", "abc", True),
        ("[A-Z-[OI]]", "i", "i", False),
        ("a.c", "s", "a\nc", True),
        ("^b$", "m", "a\nb\nc", True),
        ("a b", "x", "ab", True),
        ("[ ]b", "x", " b", True),
        ("a.c", "q", "abc", False),
        ("a.c", "q", "a.c", True),
    ],
)
def test_flags(pattern: str, flags: str, text: str, *, matches: bool) -> None:
    assert (compile_pattern(pattern, flags).search(text) is not None) == matches


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "[",
        "[]",
        "[b-a]",
        "a{2,1}",
        "a{x}",
        "*",
        "a**",
        r"\1",
        r"(a)\2",
        r"(a\1)",
        r"(a)[\1]",
        r"(a)\0",
        r"\p{Nope}",
        r"\y",
        "\\",
    ],
)
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern, "")


def test_unknown_flags() -> None:
    with pytest.raises(PatternError, match="unknown flag"):
        compile_pattern("a", "p")


def test_replacing_with_groups() -> None:
    numbers = compile_pattern(r"(\d{3})(\d{4})", "")
    assert numbers.replace("0123456 and 7654321", "$1-$2") == "012-3456 and 765-4321"
    assert compile_pattern("[aeiou]", "").replace("facet", "[$0]") == "f[a]c[e]t"
    assert compile_pattern("a", "").replace("bab", r"\$") == "b$b"


@pytest.mark.parametrize("replacement", ["$", "$x", "\\", "\\n"])
def test_replacements_that_mean_nothing(replacement: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern("a", "").replace("a", replacement)


def test_splitting() -> None:
    assert compile_pattern(r"\s*,\s*", "").split("a , b,c,") == ["a", "b", "c", ""]
    with pytest.raises(PatternError, match="empty text"):
        compile_pattern("a*", "").split("b")


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|aa)+b", "(a|a)*b", "(.*)*b", "a*a*a*a*a*b"])
def test_no_pattern_runs_away(pattern: str) -> None:
    assert compile_pattern(pattern, "").search("a" * 2000) is None


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        (r"(.)\1", "", "abccd", "cc"),
        (r"(a+)b\1", "", "aaabaa", "aabaa"),
        (r"(['/])[a-z]+\1", "", "/it's'", "'s'"),
        (r"(a)\1", "i", "xaA", "aA"),
        (r"(a)\1", "", "aA", None),
        (r"(a)|b\1", "", "b", "b"),
        (r"(?:(a)|b)*\1", "", "abab", "aba"),
        (r"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10", "", "abcdefghijj", "abcdefghijj"),
        (r"(a)\10", "", "aa0", "aa0"),
        (r"(a*)*\1b", "", "aaab", "aaab"),
    ],
)
def test_references_to_groups(pattern: str, flags: str, text: str, found: str | None) -> None:
    groups = compile_pattern(pattern, flags).search(text)
    assert (groups and text[groups[0] : groups[1]]) == found


def test_references_are_bounded() -> None:
    with pytest.raises(EvaluationLimit, match="too long"):
        compile_pattern(r"(a*)(a*)(a*)(a*)\1\2\3\4b", "").search("a" * 200)


def test_bounds() -> None:
    with pytest.raises(EvaluationLimit, match="too large"):
        compile_pattern("((a{50}){50}){50}", "")
    with pytest.raises(EvaluationLimit, match="too deeply"):
        compile_pattern("(" * 100 + ")" * 100, "")
    with pytest.raises(EvaluationLimit, match="too long"):
        compile_pattern("(a?){300}b", "").search("a" * 20_000)


_ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "^", "$"])
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,2}", "*?", "+?"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)


@given(_PATTERNS, st.text(alphabet="abc", max_size=8))
def test_matches_where_python_does(pattern: str, text: str) -> None:
    """Only a loop over what may be empty is taken differently, and then only in how far it goes."""
    expected = re.search(pattern, text)
    found = compile_pattern(pattern, "").search(text)
    assert (found and found[0]) == (expected and expected.start())
    whole = compile_pattern(f"^({pattern})$", "").search(text)
    assert (whole is None) == (re.fullmatch(pattern, text) is None)
