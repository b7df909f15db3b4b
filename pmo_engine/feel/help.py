"""What each function of the language is for, in words, with an example and what it comes to.

The examples of the functions of governance are about a policy under which the project manager
approves changes up to 50,000 GBP and the PMO head up to 250,000 GBP, and 600,000 GBP together in
90 days; the cost of a stage may be 5 % above its plan.
"""

from __future__ import annotations

from typing import NamedTuple

from pmo_engine.feel.builtins import SIGNATURES
from pmo_engine.feel.compatibility import described
from pmo_engine.feel.functions import GOVERNANCE


class Meaning(NamedTuple):
    """A sentence, an expression, and its result as it is written."""

    about: str
    example: str
    result: str


LANGUAGE = {
    "Values": (
        Meaning("A number; decimals are exact.", "0.1 + 0.2", "0.3"),
        Meaning("Text, in double quotes.", '"scope"', '"scope"'),
        Meaning("Yes and no.", "not(true)", "false"),
        Meaning("Money, with its currency.", '@"50000 GBP"', '@"50000.00 GBP"'),
        Meaning("A day.", '@"2026-03-31".month', "3"),
        Meaning("A moment.", '@"2026-03-31T09:30:00Z".hour', "9"),
        Meaning("A time of day.", '@"09:30:00".minute', "30"),
        Meaning("Days and hours.", '@"P3DT4H".hours', "4"),
        Meaning("Years and months.", '@"P1Y6M".years', "1"),
        Meaning("A list; items are counted from 1.", '["scope", "time"][1]', '"scope"'),
        Meaning("A range, ends included.", "5 in [1..5]", "true"),
        Meaning("A range without its ends.", "5 in (1..5)", "false"),
        Meaning("A context: values with names.", "{score: 12, open: true}.score", "12"),
        Meaning("No value.", "null = null", "true"),
    ),
    "Operators": (
        Meaning("Arithmetic.", "2 + 3 * 4 - 6 / 2", "11"),
        Meaning("A power.", "2 ** 10", "1024"),
        Meaning("Text together.", '"CR-" + "12"', '"CR-12"'),
        Meaning("Money times a number.", '@"200 GBP" * 1.5', '@"300 GBP"'),
        Meaning("A part of money.", '@"50 GBP" / @"200 GBP"', "0.25"),
        Meaning("A day plus a duration.", '@"2026-01-31" + @"P1M"', '@"2026-02-28"'),
        Meaning("Days between.", '(@"2026-03-31" - @"2026-03-01").days', "30"),
        Meaning("Comparisons: `=` `!=` `<` `<=` `>` `>=`.", "3 >= 3", "true"),
        Meaning("Between two values, both included.", "3 between 1 and 3", "true"),
        Meaning("One of several.", '"time" in ("scope", "time")', "true"),
        Meaning("In a comparison.", "3 in (< 2, > 5)", "false"),
        Meaning("Both, and either.", "true and (false or true)", "true"),
        Meaning("The contrary.", "not(3 > 5)", "true"),
        Meaning("A choice.", 'if 3 > 5 then "high" else "low"', '"low"'),
        Meaning("Some of a list.", "some n in [2, 9] satisfies n > 5", "true"),
        Meaning("Every one of a list.", "every n in [2, 9] satisfies n > 5", "false"),
        Meaning("Something of each.", "for n in [2, 9] return n * 10", "[20, 90]"),
        Meaning("Those of a list that fit.", "[2, 9, 12][item > 5]", "[9, 12]"),
        Meaning("A field of each.", "[{score: 2}, {score: 9}].score", "[2, 9]"),
        Meaning("What kind of value it is.", "3 instance of number", "true"),
        Meaning("A function of one's own.", "(function(n) n * 2)(4)", "8"),
    ),
}
"""The values and operators of the language, by example."""

_TEXT = {
    "string length": Meaning("The number of characters.", 'string length("gate")', "4"),
    "upper case": Meaning("The text in capitals.", 'upper case("go")', '"GO"'),
    "lower case": Meaning("The text in small letters.", 'lower case("GO")', '"go"'),
    "contains": Meaning("Whether one text is in another.", 'contains("red flag", "red")', "true"),
    "starts with": Meaning("Whether it begins so.", 'starts with("CR-12", "CR-")', "true"),
    "ends with": Meaning("Whether it ends so.", 'ends with("plan.pdf", ".pdf")', "true"),
    "substring before": Meaning(
        "What stands before a text.", 'substring before("CR-12", "-")', '"CR"'
    ),
    "substring after": Meaning(
        "What stands after a text.", 'substring after("CR-12", "-")', '"12"'
    ),
    "substring": Meaning(
        "A part: from a place on, counted from 1 or from the end by -1, so many characters.",
        'substring("programme", 1, 3)',
        '"pro"',
    ),
    "string join": Meaning(
        "The texts of a list as one, with something between.",
        'string join(["risk", "issue"], ", ")',
        '"risk, issue"',
    ),
    "string": Meaning("Any value as text.", "string(12.5)", '"12.5"'),
    "matches": Meaning(
        "Whether a regular expression (of XPath) is found in a text; flags i, s, m, x.",
        'matches("CR-12", "^CR-[0-9]+$")',
        "true",
    ),
    "replace": Meaning(
        "A text with what a regular expression finds replaced; $1 is its first group.",
        'replace("CR-12", "[0-9]+", "0")',
        '"CR-0"',
    ),
    "split": Meaning(
        "The parts between what a regular expression finds.",
        'split("a;b;c", ";")',
        '["a", "b", "c"]',
    ),
}
_NUMBERS = {
    "number": Meaning(
        "A text as a number, with the signs that group and begin decimals.",
        'number("1,234.5", ",", ".")',
        "1234.5",
    ),
    "abs": Meaning("The amount without its sign; of money and durations too.", "abs(-3)", "3"),
    "sqrt": Meaning("The square root.", "sqrt(16)", "4"),
    "exp": Meaning("Euler's number to this power.", "exp(0)", "1"),
    "log": Meaning("The natural logarithm.", "log(1)", "0"),
    "odd": Meaning("Whether a whole number is odd.", "odd(3)", "true"),
    "even": Meaning("Whether a whole number is even.", "even(3)", "false"),
    "modulo": Meaning("What a division leaves, with the divisor's sign.", "modulo(-12, 5)", "3"),
    "decimal": Meaning(
        "Rounded to so many decimals; a half goes to the even digit.", "decimal(2.5, 0)", "2"
    ),
    "round up": Meaning("Rounded away from zero.", "round up(5.51, 1)", "5.6"),
    "round down": Meaning("Rounded towards zero.", "round down(5.59, 1)", "5.5"),
    "round half up": Meaning("Rounded; a half goes away from zero.", "round half up(2.5, 0)", "3"),
    "round half down": Meaning(
        "Rounded; a half goes towards zero.", "round half down(2.5, 0)", "2"
    ),
    "floor": Meaning("The next whole number below.", "floor(-1.5)", "-2"),
    "ceiling": Meaning("The next whole number above.", "ceiling(1.2)", "2"),
}
_LISTS = {
    "count": Meaning("How many items a list has.", "count([4, 5, 6])", "3"),
    "min": Meaning("The least of a list, or of what is given.", "min([4, 2, 6])", "2"),
    "max": Meaning("The greatest of a list, or of what is given.", "max(4, 2, 6)", "6"),
    "sum": Meaning(
        "The sum; of money and durations too.", 'sum([@"5 GBP", @"7 GBP"])', '@"12 GBP"'
    ),
    "product": Meaning("The product.", "product([2, 3, 4])", "24"),
    "mean": Meaning("The average.", "mean([1, 2, 6])", "3"),
    "median": Meaning("The middle value.", "median([8, 1, 3])", "3"),
    "stddev": Meaning("The standard deviation of a sample.", "stddev([2, 4, 6])", "2"),
    "mode": Meaning(
        "The values that occur most often, in order.", "mode([6, 3, 6, 1, 1])", "[1, 6]"
    ),
    "all": Meaning("Whether every item is true.", "all([true, 2 > 1])", "true"),
    "any": Meaning("Whether some item is true.", "any([false, 2 > 1])", "true"),
    "list contains": Meaning(
        "Whether a value is in a list.", 'list contains(["scope", "time"], "time")', "true"
    ),
    "append": Meaning("The list with items after it.", "append([1], 2, 3)", "[1, 2, 3]"),
    "concatenate": Meaning("Lists one after another.", "concatenate([1, 2], [3])", "[1, 2, 3]"),
    "union": Meaning("Lists together, each value once.", "union([1, 2], [2, 3])", "[1, 2, 3]"),
    "distinct values": Meaning("Each value once.", "distinct values([1, 2, 1])", "[1, 2]"),
    "insert before": Meaning(
        "The list with an item put before a place.", "insert before([1, 3], 2, 2)", "[1, 2, 3]"
    ),
    "remove": Meaning("The list without the item at a place.", "remove([7, 8, 9], 2)", "[7, 9]"),
    "list replace": Meaning(
        "The list with an item replaced: at a place, or wherever a function says so.",
        "list replace([2, 4, 7], function(item, newItem) item < newItem, 5)",
        "[5, 5, 7]",
    ),
    "reverse": Meaning("The list from its end.", "reverse([1, 2, 3])", "[3, 2, 1]"),
    "index of": Meaning("The places of a value.", "index of([1, 2, 1], 1)", "[1, 3]"),
    "sublist": Meaning(
        "A part of a list: from a place on, so many.", "sublist([4, 5, 6], 2)", "[5, 6]"
    ),
    "flatten": Meaning("The items of lists within lists.", "flatten([[1, [2]], 3])", "[1, 2, 3]"),
    "sort": Meaning(
        "The list in order; a function may say which of two goes first.",
        "sort([2, 3, 1], function(a, b) a > b)",
        "[3, 2, 1]",
    ),
}
_CONTEXTS = {
    "get value": Meaning("The entry of a name.", 'get value({score: 12}, "score")', "12"),
    "get entries": Meaning(
        "The entries as a list of keys and values.",
        "get entries({score: 12})[1].key",
        '"score"',
    ),
    "context": Meaning(
        "A context from a list of keys and values.",
        'context([{key: "score", value: 12}]).score',
        "12",
    ),
    "context put": Meaning("The context with an entry set.", 'context put({a: 1}, "b", 2).b', "2"),
    "context merge": Meaning(
        "Contexts as one; the later entry wins.", "context merge([{a: 1}, {a: 2}]).a", "2"
    ),
}
_TIME = {
    "date": Meaning(
        "A day from text, from year, month and day, or of a moment.",
        "date(2026, 3, 31)",
        '@"2026-03-31"',
    ),
    "time": Meaning("A time of day.", 'time("09:30:00").hour', "9"),
    "date and time": Meaning(
        "A moment from text, or of a day and a time.",
        'date and time("2026-03-31T09:30:00Z").day',
        "31",
    ),
    "duration": Meaning("A length of time from text.", 'duration("P3DT4H").days', "3"),
    "years and months duration": Meaning(
        "The years and months from one day to another.",
        "years and months duration(date(2026, 1, 15), date(2027, 4, 20)).months",
        "3",
    ),
    "day of week": Meaning("The name of the day.", "day of week(date(2026, 3, 31))", '"Tuesday"'),
    "month of year": Meaning(
        "The name of the month.", "month of year(date(2026, 3, 31))", '"March"'
    ),
    "day of year": Meaning(
        "The day counted from 1 January.", "day of year(date(2026, 2, 1))", "32"
    ),
    "week of year": Meaning("The week of ISO 8601.", "week of year(date(2026, 1, 5))", "2"),
}
_RANGES = {
    "range": Meaning("A range from text.", 'range("[1..5]").end', "5"),
    "before": Meaning("Whether one ends before the other begins.", "before(4, [5..9])", "true"),
    "after": Meaning("Whether one begins after the other ends.", "after(9, [5..9])", "false"),
    "meets": Meaning("Whether one ends where the other begins.", "meets([1..5], [5..9])", "true"),
    "met by": Meaning("Whether one begins where the other ends.", "met by([5..9], [1..5])", "true"),
    "overlaps": Meaning(
        "Whether they have something in common.", "overlaps([1..5], [3..9])", "true"
    ),
    "overlaps before": Meaning(
        "Whether the first begins before the second and reaches into it.",
        "overlaps before([1..5], [3..9])",
        "true",
    ),
    "overlaps after": Meaning(
        "Whether the first begins within the second and ends after it.",
        "overlaps after([3..9], [1..5])",
        "true",
    ),
    "finishes": Meaning("Whether the first ends with the second.", "finishes(9, [1..9])", "true"),
    "finished by": Meaning(
        "Whether the second ends with the first.", "finished by([1..9], 9)", "true"
    ),
    "includes": Meaning("Whether the second lies in the first.", "includes([1..9], 5)", "true"),
    "during": Meaning("Whether the first lies in the second.", "during(5, [1..9])", "true"),
    "starts": Meaning("Whether the first begins with the second.", "starts(1, [1..9])", "true"),
    "started by": Meaning(
        "Whether the second begins with the first.", "started by([1..9], 1)", "true"
    ),
    "coincides": Meaning("Whether both are the same.", "coincides([1..5], [1..5])", "true"),
}
_OTHERS = {
    "get or else": Meaning(
        "A value, or another where it is null or the result of an error; the way out of a fault. "
        "A fact that was not given is still asked for.",
        "get or else(max([]), 0)",
        "0",
    ),
    "as_entered": Meaning(
        "All records of a register, also those that are blocked, rejected, withdrawn or rescinded: "
        "what makes one value of a list (`count`, `sum`, `max`) leaves these out otherwise.",
        "as_entered([1, 2])",
        "[1, 2]",
    ),
    "is defined": Meaning(
        "Whether there is a value: false for null and for the result of an error. "
        "A fact that was not given is still asked for.",
        "is defined([5, 6][3])",
        "false",
    ),
    "is": Meaning(
        "Whether two values are the same in every part, down to the parts of a second.",
        "is(1, 1)",
        "true",
    ),
    "is_known": Meaning(
        "Whether a fact was given; never unknown itself. Null counts as given, an error stays one.",
        "is_known(change.cost)",
        "true",
    ),
}
_GOVERNANCE = {
    "authority": Meaning(
        "The role's limit for one case on the day of the event, as it is for the record in hand; "
        "null for none, and for no limit.",
        'authority("project_manager", "approve change_request")',
        '@"50000 GBP"',
    ),
    "headroom": Meaning(
        "What a role's cumulative limits leave after what was approved, and what waits before the "
        "record; null where it has none.",
        'headroom("pmo_head", "approve change_request")',
        '@"600000 GBP"',
    ),
    "least_senior": Meaning(
        "The least senior role whose authority covers an amount, per case and together; without an "
        "amount, that of the record.",
        'least_senior("approve change_request", @"80000 GBP")',
        '"pmo_head"',
    ),
    "tolerance": Meaning(
        "How far a forecast may leave the plan, in the measure that the tolerance is declared in.",
        'tolerance("stage", "cost")',
        "0.05",
    ),
    "working_days_between": Meaning(
        "The working days after the first day up to the second, by the policy's calendar.",
        "working_days_between(date(2026, 3, 2), date(2026, 3, 9))",
        "5",
    ),
}

GROUPS = {
    "Governance": _GOVERNANCE,
    "Facts and values": _OTHERS,
    "Text": _TEXT,
    "Numbers": _NUMBERS,
    "Lists": _LISTS,
    "Dates and times": _TIME,
    "Ranges": _RANGES,
    "Contexts": _CONTEXTS,
}
MEANINGS = {name: each for group in GROUPS.values() for name, each in group.items()}


def calls_of(name: str) -> list[str]:
    """Write every way to call a function."""
    known = SIGNATURES.get(name) or (GOVERNANCE[name].calling(print),)
    return list(dict.fromkeys(described(name, each) for each in known))
