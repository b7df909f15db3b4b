import pytest

from pmo_engine.feel import types as t
from pmo_engine.feel.checking.checker import check, check_condition
from pmo_engine.feel.functions import literal_arguments
from pmo_engine.feel.syntax.parser import parse

CHANGE = t.ContextType(
    (
        ("cost", t.MoneyType("GBP")),
        ("fee", t.MoneyType("EUR")),
        ("category", t.EnumType(("scope", "time", "cost"))),
        ("reason", t.STRING),
        ("due", t.DATE),
        ("score", t.NUMBER),
        ("critical", t.BOOLEAN),
        ("extra", t.ANY),
    ),
    "change",
)
NAMES: dict[str, t.Type] = {
    "change": CHANGE,
    "changes": t.ListType(CHANGE),
    "project": t.ContextType((("id", t.STRING),), "project", open=True),
    "stage": t.EnumType(("cost", "G1", "G2")),
    "today": t.DATE,
    "now": t.DATE_TIME,
}
STAGES = ("scope", "time", "cost", "G1", "G2")


@pytest.mark.parametrize(
    "text",
    [
        'change.cost > @"50000 GBP"',
        "change.cost = null",
        "change.cost * 1.1 > change.cost / 2",
        "change.cost / change.cost > 0.5",
        'change.category = "scope"',
        'change.category in ("scope", "time")',
        'change.category in ["scope", "time"]',
        "change.category = change.reason",
        'list contains(["cost", "time"], change.category)',
        'list contains(["ht"], change.reason)',
        'index of(changes.category, "time") = [1]',
        'contains(change.category, "cop")',
        'starts with(change.category, "ti") and ends with(change.category, "me")',
        'matches(change.category, "^c")',
        'contains(change.reason, "ht")',
        'upper case(change.category) = "SCOPE"',
        'lower case(change.reason) = "Scope"',
        'change.due < today() and change.due + @"P30D" >= today',
        "date(now) = today",
        'change.due - today > @"P3D"',
        "change.due.weekday in [1..5]",
        "change.score in (< 3, [5..6], 9)",
        "change.score between 1 and 5",
        'count(changes[cost > @"1 GBP" and category = "cost"]) > 3',
        'sum(changes.cost) > @"1 GBP"',
        "count(changes) > 0 and changes[1].score > 3",
        "get or else(changes[-1].critical, false)",
        "some c in changes satisfies c.score > change.score",
        "every c in changes, d in [1, 2] satisfies c.score > d",
        "every c in changes[critical] satisfies is_known(c.due)",
        "count(for c in changes return c.score) > 1",
        "sort(changes, function(a, b) a.score > b.score)[1].critical",
        'if change.critical then change.score > 1 else change.reason = "x"',
        'authority("pmo_head", "approve change_request") > change.cost',
        "working_days_between(change.due, today) > 3",
        'project.code = "X" and project.budget > 3',
        'change.extra > 3 and change.extra = "a"',
        "{limit: 3, ok: change.score > limit}.ok",
        "change.score instance of number",
        'max(change.cost, @"5 GBP") > @"1 GBP"',
        "string length(change.reason) > 3",
    ],
)
def test_nothing_is_wrong_with(text: str) -> None:
    assert check_condition(parse(text), NAMES).problems == ()


@pytest.mark.parametrize(
    ("text", "code", "quoted", "message"),
    [
        ("chnage.cost > 1", "PMO021", "chnage", "unknown name 'chnage'"),
        ("change.cots > 1", "PMO022", "cots", "'change' has no field 'cots'"),
        ("changes[scor > 1] = []", "PMO021", "scor", "unknown name 'scor'"),
        ("change.due.yeer > 1", "PMO022", "yeer", "a date has no field 'yeer'"),
        (
            "change.cost > 50000",
            "PMO023",
            "change.cost > 50000",
            "compares money in GBP and a number",
        ),
        ('change.cost > "5 GBP"', "PMO023", 'change.cost > "5 GBP"', "money in GBP and text"),
        ("change.cost + 1 > null", "PMO023", "change.cost + 1", "'+' does not go between"),
        ('change.due > "2026-01-01"', "PMO023", 'change.due > "2026-01-01"', "a date and text"),
        ("change.due < now", "PMO023", "change.due < now", "a date and a date and time"),
        ("change.critical > true", "PMO023", "change.critical > true", "has no order"),
        ("-change.due = null", "PMO023", "-change.due", "a date cannot be negated"),
        ('change.score in ["a".."b"]', "PMO023", '["a".."b"]', "a number and text"),
        ('change.score between 1 and "x"', "PMO023", 'change.score between 1 and "x"', "text"),
        ("change.extra instance of numbr", "PMO023", "numbr", "unknown type 'numbr'"),
        ("change.cost > change.fee", "PMO024", "change.cost > change.fee", "GBP and money in EUR"),
        ("change.cost + change.fee > null", "PMO024", "change.cost + change.fee", "mixes"),
        ('change.category = "scop"', "PMO025", '"scop"', "'scop' is not one of scope, time, cost"),
        ('list contains(["ht"], change.category)', "PMO025", '"ht"', "'ht' is not one of scope"),
        ('list contains(element: change.category, list: ["ht"])', "PMO025", '"ht"', "'ht' is not"),
        ('list contains(changes.category, "ht")', "PMO025", '"ht"', "'ht' is not one of scope"),
        ('index of(["cost", "ht"], change.category) = [1]', "PMO025", '"ht"', "'ht' is not one"),
        ('change.category in distinct values(["ht"])', "PMO025", '"ht"', "'ht' is not one of"),
        ('list contains(append(["cost"], "ht"), change.category)', "PMO025", '"ht"', "'ht' is not"),
        ('is(change.category, "ht")', "PMO025", '"ht"', "'ht' is not one of"),
        ('is("ht", change.category)', "PMO025", '"ht"', "'ht' is not one of"),
        ('contains(change.category, "ht")', "PMO025", '"ht"', "none of scope, time, cost contains"),
        ('starts with(change.category, "ope")', "PMO025", '"ope"', "none of scope, time, cost sta"),
        ('ends with(change.category, "sco")', "PMO025", '"sco"', "none of scope, time, cost ends"),
        ('matches(change.category, "^h")', "PMO025", '"^h"', "none of scope, time, cost matches"),
        (
            'upper case(change.category) = "scope"',
            "PMO025",
            '"scope"',
            "'scope' is not",
        ),
        ('lower case(change.category) = "Cost"', "PMO025", '"Cost"', "'Cost' is not one of scope"),
        ('change.category in ["tim"]', "PMO025", '"tim"', "'tim' is not one of"),
        ('changes[category = "x"] = []', "PMO025", '"x"', "'x' is not one of"),
        ("change.score", "PMO026", "change.score", "a condition is true or false"),
        ("change.critical and change.score", "PMO026", "change.score", "a number"),
        ("not(change.reason)", "PMO026", "change.reason", "text"),
        ("if change.score then true else false", "PMO026", "change.score", "a number"),
        ("changes[reason] = []", "PMO026", "reason", "a filter is a condition or a number"),
        ("string length(change.score) > 1", "PMO027", "string length(change.score)", "cannot take"),
        ("abs() > 1", "PMO027", "abs()", "'abs' cannot take nothing"),
        ("abs(x: 1) > 1", "PMO027", "abs(x: 1)", "'abs' cannot take a number"),
        ("change(1)", "PMO027", "change(1)", "is not a function"),
        ("{f: function(a) a, r: f()}.r", "PMO027", "f()", "takes 1 arguments, not 0"),
        ("{f: function(a) a, r: f(b: 1)}.r", "PMO027", "f(b: 1)", "'f' takes no 'b'"),
        (
            "(function(a: date) a)(1) = today",
            "PMO027",
            "1",
            "'a': a number where a date is expected",
        ),
        ("sum(changes.reason) = 1", "PMO027", "sum(changes.reason)", "'sum' cannot take text"),
        ("max(1, today) = 1", "PMO027", "max(1, today)", "cannot take a number and a date"),
        ("max(change.cost, change.fee) = null", "PMO024", "max(change.cost, change.fee)", "mixes"),
        ("before(1, today)", "PMO027", "before(1, today)", "cannot take a number and a date"),
        (
            "sort(changes, function(a) true) = []",
            "PMO027",
            "sort(changes, function(a) true)",
            "a function of 1 argument that gives true or false",
        ),
        (
            "sort(changes, function(a, b) a.scor > b.score) = []",
            "PMO022",
            "scor",
            "no field 'scor'",
        ),
        (
            'list replace([1], function(item, newItem) newItem > 1, "a") = []',
            "PMO023",
            "newItem > 1",
            "compares text and a number",
        ),
        ('(for x in ["a".."c"] return x) = []', "PMO028", '["a".."c"]', "which cannot be listed"),
        ("some x in now..now satisfies true", "PMO028", "now", "which cannot be listed"),
        (
            'change.category = (if change.critical then "scop" else "time")',
            "PMO025",
            '"scop"',
            "is not one of",
        ),
        ('[1..5].start = "a"', "PMO023", '[1..5].start = "a"', "compares a number and text"),
        (
            'insert before(changes.score, 1, "a")[1] = change.due and append([1], 2)[1] = "a"',
            "PMO023",
            'append([1], 2)[1] = "a"',
            "compares a number and text",
        ),
        ("working_days_between(now, 1) > 1", "PMO027", "working_days_between(now, 1)", "cannot"),
        ("some c in change satisfies true", "PMO028", "change", "which is not a list"),
        (
            'authority(change.reason, "x") > null',
            "PMO029",
            'authority(change.reason, "x")',
            "texts",
        ),
    ],
)
def test_what_is_wrong_and_where(text: str, code: str, quoted: str, message: str) -> None:
    (problem,) = check_condition(parse(text), NAMES).problems
    assert problem.code == code
    assert text[problem.start : problem.end] == quoted
    assert message in problem.message


@pytest.mark.parametrize(
    ("text", "code", "quoted", "message"),
    [
        ("change.score > 5 and change.score < 3", "PMO032", None, "more than 5 and less than 3"),
        (
            'change.cost > @"5 GBP" and change.critical and change.cost <= @"5 GBP"',
            "PMO032",
            None,
            "'change.cost' is more than 5 GBP and at most 5 GBP",
        ),
        ("5 < change.score and 3 > change.score", "PMO032", None, "more than 5 and less than 3"),
        ("change.score in (< 3, > 5) and change.score = 4", "PMO032", None, "and 4"),
        ("change.score > 5 and not(change.score > 3)", "PMO032", None, "and not (more than 3)"),
        ("change.score = null and change.score > 5", "PMO032", None, "is null and more than 5"),
        ("change.score between 5 and 3", "PMO032", None, "at least 5 and at most 3"),
        ("change.score in [5..5)", "PMO032", None, "at least 5 and less than 5"),
        ("change.score in [5..3]", "PMO032", "[5..3]", "no value lies from 5 to 3"),
        ('change.category = "scope" and change.category = "time"', "PMO032", None, "never true"),
        ('change.category > "time"', "PMO032", None, 'is more than "time"'),
        ("change.category = other", "PMO032", None, "have no value in common"),
        ("change.category != other", "PMO033", None, "have no value in common"),
        ("change.critical and change.critical = false", "PMO032", None, "is true and false"),
        ("count(changes) < 0", "PMO032", None, "no value of 'count(changes)' is less than 0"),
        ("change.due.month > 12", "PMO032", None, "'change.due.month' is more than 12"),
        ("change.due < change.due", "PMO032", None, "'change.due' is compared with itself"),
        ("change.score > null", "PMO032", None, "nothing is more or less than null"),
        ("change.score + null = 1", "PMO032", "change.score + null", "comes to null"),
        ("changes[score > 5 and score < 3] = []", "PMO032", "score > 5 and score < 3", "'score'"),
        ("change.score > 5 or change.score < 10", "PMO033", None, "always true: every value of"),
        ("change.score <= 5 or not(change.score < 3)", "PMO033", None, "every value"),
        ("count(changes) >= 0", "PMO033", None, "'count(changes)' is at least 0"),
        ("not(change.score = change.score)", "PMO033", "change.score = change.score", "itself"),
        ("change.due = now", "PMO023", None, "the moment at which it begins"),
    ],
)
def test_what_never_or_always_holds_is_a_warning(
    text: str, code: str, quoted: str | None, message: str
) -> None:
    names = {**NAMES, "other": t.EnumType(("a", "b"))}
    (problem,) = check_condition(parse(text), names).problems
    assert (problem.code, problem.severity) == (code, "warning")
    assert text[problem.start : problem.end] == (quoted or text)
    assert message in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "change.score > 5 and change.score < 10",
        "change.score >= 5 and change.score <= 5",
        "change.score > 5 or change.score < 3",
        "change.score != 5",
        "change.score = null or change.score > 5",
        "change.score != null and change.score > 5",
        'change.category in ("scope", "time", "cost")',
        'change.category != "scope" and change.category != "time"',
        "change.score > 5 and (change.score < 3 or change.critical)",
        "change.score > 5 and get or else(changes[1].score, 0) < 3",
        "some c in changes satisfies c.score > 5 and change.score < 3",
        "some c in changes satisfies c.score > 5 and (some d in changes satisfies d.score < 3)",
        'change.extra = 3 and change.extra = "a"',
        "change.category = stage",
        "change.due.month <= 11",
        "string length(change.reason) > 0",
        "change.score in [5..5]",
        "change.critical = true or change.reason = null",
    ],
)
def test_what_may_hold(text: str) -> None:
    assert check_condition(parse(text), NAMES).problems == ()


def test_the_nearest_name_is_a_hint() -> None:
    hints = [p.hint for p in check(parse("chnge.cost = stringlength(change.cots)"), NAMES).problems]
    assert hints == [
        "did you mean 'change'?",
        "did you mean 'string length'?",
        "did you mean 'cost'?",
    ]


def test_problems_come_in_the_order_of_the_text() -> None:
    found = check(parse("(b > 1) and (a > 1) and change.cost > 2"), NAMES).problems
    assert [problem.start for problem in found] == sorted(problem.start for problem in found)
    assert len(found) == 3


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("change.cost * 2", t.MoneyType("GBP")),
        ("sum(changes.cost)", t.MoneyType("GBP")),
        ("changes.due", t.ListType(t.DATE)),
        ("changes[1]", CHANGE),
        ("changes[critical]", t.ListType(CHANGE)),
        ("today - change.due", t.DAYS_TIME_DURATION),
        ("for c in changes return c.score + 1", t.ListType(t.NUMBER)),
        ("if change.critical then 1 else null", t.NUMBER),
        ("if change.critical then change.cost else change.fee", t.MoneyType()),
        ('[1, "a"]', t.ListType(t.ANY)),
        ("{a: 1}", t.ContextType((("a", t.NUMBER),))),
        ("[1..5]", t.RangeType(t.NUMBER)),
        ("function(a) true", t.FunctionType((t.ANY,), t.BOOLEAN)),
        ("change.extra + 1", t.ANY),
        ("null", t.NULL),
        ("if change.critical then change.category else stage", t.EnumType(STAGES)),
        ("[change.category, stage]", t.ListType(t.EnumType(STAGES))),
        ("if change.critical then change.category else change.reason", t.STRING),
        ("max(1, change.score)", t.NUMBER),
        ("flatten([[1], [2]])", t.ListType(t.NUMBER)),
        ("concatenate([1], changes.score)", t.ListType(t.NUMBER)),
        ('append(changes.score, "a")', t.ListType(t.ANY)),
        ("insert before(newItem: 1, position: 1, list: [2])", t.ListType(t.NUMBER)),
        ("sort(precedes: function(a, b) a.due < b.due, list: changes)", t.ListType(CHANGE)),
        ("[today..today].end", t.DATE),
        ("now.time offset", t.DAYS_TIME_DURATION),
        ("changes.due.year", t.ListType(t.NUMBER)),
        ("changes[critical][1].cost", t.MoneyType("GBP")),
        ("for d in today..today return d.weekday", t.ListType(t.NUMBER)),
        ("(function(a: date) a.year)(today)", t.NUMBER),
        ("{a: {b: today}}.a.b", t.DATE),
    ],
)
def test_types(text: str, type_: t.Type) -> None:
    assert check(parse(text), NAMES).type == type_


def test_types_are_described_in_words() -> None:
    assert t.describe(t.ListType(t.MoneyType("GBP"))) == "a list (money in GBP each)"
    assert t.describe(CHANGE) == "a record (change)"
    assert t.describe(t.EnumType(("a", "b"))) == "one of a, b"


def test_roles_and_acts_are_found_with_their_places() -> None:
    text = 'authority("a", "approve x") > headroom(role: "b", act: "y") and authority(c, "z") > 1'
    assert literal_arguments(parse(text), "authority") == [("a", "approve x", 10)]
    assert literal_arguments(parse(text), "headroom") == [("b", "y", text.index('"b"'))]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('max(changes.cost) > @"1 GBP"', "max(changes.cost)"),
        ("mean(changes[critical].score) = 1", "mean(changes[critical].score)"),
        ("changes[-1].critical", "changes[-1]"),
        ("change.score = changes.score[1]", "changes.score[1]"),
        ("[1, 2][3] = 2", "[1, 2][3]"),
        ("min([]) = 1", "min([])"),
        ("sum(for c in changes return c.extra) = 1", "sum(for c in changes return c.extra)"),
        ("median(if change.critical then changes.score else [1]) > 2", "median(if"),
        ("count(changes) > 0 and max(changes[critical].score) > 1", "max(changes[critical]"),
        ("if count(changes) = 0 then max(sort([])) = 1 else true", "max(sort([]))"),
        ("get or else(change.score, max(changes.score)) > 1", "max(changes.score)"),
    ],
)
def test_what_may_be_of_nothing_is_a_warning(text: str, quoted: str) -> None:
    [problem] = check_condition(parse(text), NAMES).problems
    assert (problem.code, problem.severity) == ("PMO034", "warning")
    assert text[problem.start :].startswith(quoted)
    assert "get or else(" in problem.hint


@pytest.mark.parametrize(
    "text",
    [
        'sum(changes.cost) > @"1 GBP"',
        "sum(changes.score) + count(changes) + product(changes.score) > 3",
        'get or else(max(changes.cost), @"0 GBP") > change.cost',
        "is defined(changes[1].cost)",
        "count(changes) > 0 and max(changes.score) > 1",
        "changes = [] or min(changes.score) > 1",
        "if count(changes[critical]) = 0 then false else mean(changes[critical].score) > 1",
        "(some c in changes satisfies c.critical) and max(changes[critical].score) > 1",
        "max([change.score, 2]) > 1 and [1, 2][2] = change.score",
        "max(append(changes.score, 2)) > 1 and max(change.score, 2) > 1",
        "max(for n in 1..3 return n * change.score) > 1",
        "max(sort(concatenate([1], changes.score))) > 1",
    ],
)
def test_what_says_what_holds_of_nothing(text: str) -> None:
    assert check_condition(parse(text), NAMES).problems == ()
