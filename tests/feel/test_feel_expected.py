"""What expressions come to, by the standard: values worked out by hand, in our own words.

The engines share the operations on values, so their agreement cannot see a fault in these.
"""

from __future__ import annotations

import pytest

from pmo_engine.engines.tracing import evaluate
from pmo_engine.feel.format import to_text
from pmo_engine.feel.syntax.parser import parse

EXPECTED = {
    "arithmetic": """
        7 + 5 * 2 = 17
        (7 + 5) * 2 = 24
        7 - 5 - 2 = 0
        12 / 8 = 1.5
        1 / 4 + 1 / 4 = 0.5
        10 / 4 * 2 = 5
        3 ** 4 = 81
        2 ** -2 = 0.25
        -3 ** 2 = 9
        0.1 + 0.2 = 0.3
        1 / 0 = null
        7 + null = null
        7 + "a" = null
        "ab" + "cd" = "abcd"
        "ab" - "b" = null
    """,
    "money": """
        @"12.50 GBP" + @"0.75 GBP" = @"13.25 GBP"
        @"12 GBP" - @"15 GBP" = @"-3 GBP"
        @"12 GBP" * 1.5 = @"18 GBP"
        2 * @"7.25 GBP" = @"14.50 GBP"
        @"9 GBP" / 4 = @"2.25 GBP"
        @"9 GBP" / @"36 GBP" = 0.25
        @"9 GBP" + @"9 EUR" = null
        @"9 GBP" + 9 = null
        -(@"9 GBP") = @"-9 GBP"
    """,
    "days": """
        @"2027-02-27" + @"P2D" = @"2027-03-01"
        @"2028-02-27" + @"P2D" = @"2028-02-29"
        @"2027-12-31" + @"P2M" = @"2028-02-29"
        @"2027-03-01" - @"P1D" = @"2027-02-28"
        @"2027-03-10" - @"2027-03-01" = @"P9D"
        @"2027-03-01" - @"2027-03-10" = @"-P9D"
        @"P1Y" + @"P3M" = @"P1Y3M"
        @"P2D" + @"PT12H" = @"P2DT12H"
        @"PT90M" * 2 = @"PT3H"
        @"P9D" / @"P3D" = 3
        @"P1Y" + @"P1D" = null
        @"2027-03-01T23:00:00Z" + @"PT2H" = @"2027-03-02T01:00:00Z"
        (@"2027-03-01").weekday = 1
        (@"2027-03-07").weekday = 7
        (@"P2DT5H").hours = 5
    """,
    "comparison": """
        3 > 2 = true
        2 >= 2 = true
        2 > 2 = false
        2 != 3 = true
        "b" > "a" = true
        3 > "a" = null
        null > 3 = null
        null = null = true
        null != 3 = true
        @"10 GBP" < @"9.99 GBP" = false
        @"2027-03-01" < @"2027-03-02" = true
        [1, 2] = [1, 2] = true
        [1, 2] = [2, 1] = false
        {a: 1, b: 2} = {b: 2, a: 1} = true
        {a: 1} = {a: 1, b: 2} = false
        5 between 5 and 8 = true
        9 between 5 and 8 = false
        5 in [5..8] = true
        5 in (5..8] = false
        8 in [5..8) = false
        5 in (< 3, > 4) = true
        "c" in ("a", "b") = false
        5 in [[1..3], [4..6]] = true
        true in [false, 2, 3] = false
        "a" in [1, "a"] = true
        2 in ["a", @"1 GBP"] = false
    """,
    "logic": """
        true and null = null
        false and null = false
        true or null = true
        false or null = null
        not(null) = null
        not(false) = true
        if null then 1 else 2 = 2
        if 3 > 2 then 1 else 2 = 1
        some n in [1, 5] satisfies n > 4 = true
        some n in [] satisfies n > 4 = false
        every n in [1, 5] satisfies n > 0 = true
        every n in [] satisfies n > 4 = true
        every n in [1, null] satisfies n > 0 = null
    """,
    "lists": """
        [4, 7, 9][2] = 7
        [4, 7, 9][-1] = 9
        [4, 7, 9][4] = null
        [4, 7, 9][item > 5] = [7, 9]
        [{n: 4}, {n: 7}][n > 5] = [{n: 7}]
        [{n: 4}, {n: 7}].n = [4, 7]
        for n in [1, 2, 3] return n * n = [1, 4, 9]
        for n in 3..1 return n = [3, 2, 1]
        for a in [1, 2], b in [10, 20] return a + b = [11, 21, 12, 22]
        for n in 1..4 return if n < 3 then 1 else partial[-1] + partial[-2] = [1, 1, 2, 3]
        count([4, null, 9]) = 3
        sum([4, 7.5]) = 11.5
        sum([]) = null
        min([4, 7, 2]) = 2
        max("b", "c", "a") = "c"
        mean([2, 4, 9]) = 5
        median([9, 2, 4]) = 4
        median([9, 2, 4, 6]) = 5
        stddev([2, 4, 6]) = 2
        mode([3, 1, 3, 1, 2]) = [1, 3]
        product([2, 3, 4]) = 24
        all([true, null, false]) = false
        any([false, null]) = null
        append([1], 2, 3) = [1, 2, 3]
        concatenate([1], [2, 3]) = [1, 2, 3]
        union([1, 2], [2, 3]) = [1, 2, 3]
        distinct values([2, 1, 2]) = [2, 1]
        insert before([1, 3], 2, 9) = [1, 9, 3]
        remove([1, 9, 3], 2) = [1, 3]
        reverse([1, 2, 3]) = [3, 2, 1]
        sublist([1, 2, 3, 4], 2, 2) = [2, 3]
        index of([5, 6, 5], 5) = [1, 3]
        flatten([1, [2, [3]]]) = [1, 2, 3]
        list contains([1, null], null) = true
        list replace([1, 2], 2, 9) = [1, 9]
        sort([3, 1, 2]) = [1, 2, 3]
        sort([3, 1, 2], function(a, b) a > b) = [3, 2, 1]
    """,
    "texts": """
        string length("tide") = 4
        upper case("Tide") = "TIDE"
        substring("quarter", 3) = "arter"
        substring("quarter", -3, 2) = "te"
        substring before("quarter", "rt") = "qua"
        substring after("quarter", "qu") = "arter"
        contains("quarter", "art") = true
        starts with("quarter", "art") = false
        ends with("quarter", "ter") = true
        matches("G12", "^[A-Z][0-9]+$") = true
        replace("a-b-c", "-", "+") = "a+b+c"
        split("a;b;;c", ";") = ["a", "b", "", "c"]
        string join(["a", null, "b"], "/") = "a/b"
        string(12.50) = "12.5"
        number("1 250,5", " ", ",") = 1250.5
    """,
    "numbers": """
        decimal(2.345, 2) = 2.34
        decimal(2.355, 2) = 2.36
        round half up(2.345, 2) = 2.35
        round half down(2.345, 2) = 2.34
        round up(2.341, 2) = 2.35
        round down(-2.349, 2) = -2.34
        floor(-2.5) = -3
        ceiling(-2.5) = -2
        abs(-7) = 7
        modulo(-7, 3) = 2
        modulo(7, -3) = -2
        sqrt(2.25) = 1.5
        sqrt(-1) = null
        odd(-3) = true
        even(0) = true
    """,
    "ranges": """
        [2..5].start = 2
        (2..5].start included = false
        (= 10).start = 10
        (!= 10).start = null
        before(1, [2..5]) = true
        before([1..2], [2..5]) = false
        before([1..2), [2..5]) = true
        overlaps([1..3], [3..5]) = true
        overlaps([1..3), [3..5]) = false
        includes([1..9], [3..9]) = true
        during(9, [1..9)) = false
        meets([1..3], [3..5]) = true
        starts(1, [1..3]) = true
        finishes([2..3], [1..3]) = true
        coincides([1..3], [1..3)) = false
    """,
    "contexts": """
        {a: 2, b: a + 1}.b = 3
        get value({a: 2}, "a") = 2
        get value({a: 2}, "b") = null
        get entries({a: 2})[1].key = "a"
        context put({a: 2}, "b", 3) = {a: 2, b: 3}
        context merge([{a: 1}, {a: 2, b: 3}]) = {a: 2, b: 3}
        is(1, 1.0) = true
        is(@"12:00:00Z", @"13:00:00+01:00") = false
        get or else(1 / 0, 5) = 5
        get or else(2, 5) = 2
        get or else(null, null) = null
        is defined(null) = false
        is defined(1 / 0) = false
        is defined([]) = true
    """,
    "types": """
        3 instance of number = true
        "3" instance of number = false
        null instance of number = false
        [1, 2] instance of list<number> = true
        [1, "a"] instance of list<number> = false
        @"2027-03-01" instance of date = true
        {a: 1} instance of context<a: number> = true
    """,
}
CASES = [
    (name, *line.strip().rpartition(" = ")[::2])
    for name, lines in EXPECTED.items()
    for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("name", "text", "value"), CASES)
def test_an_expression_comes_to_what_the_standard_says(name: str, text: str, value: str) -> None:
    found = evaluate(parse(text), {})
    assert to_text(found) == to_text(evaluate(parse(value), {})), name


def test_expected_values_are_written_as_values() -> None:
    """Nothing is worked out on the right: a fault there would hide one on the left."""
    signs = ("+ ", " * ", " / ", "if ")
    assert not [value for _, _, value in CASES if any(sign in value for sign in signs)]
    assert len(CASES) > 170
