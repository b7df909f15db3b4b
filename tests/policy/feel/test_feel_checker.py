import pytest

from pmo_engine.policy.feel import types as t
from pmo_engine.policy.feel.checker import check, check_condition
from pmo_engine.policy.feel.functions import literal_arguments
from pmo_engine.policy.feel.parser import parse

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
    "today": t.DATE,
    "now": t.DATE_TIME,
}


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
        'change.due < today() and change.due + @"P30D" >= today',
        "date(now) = today",
        'change.due - today > @"P3D"',
        "change.due.weekday in [1..5]",
        "change.score in (< 3, [5..6], 9)",
        "change.score between 1 and 5",
        'count(changes[cost > @"1 GBP" and category = "cost"]) > 3',
        'sum(changes.cost) > @"1 GBP"',
        "changes[1].score > 3",
        "changes[-1].critical",
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
        'list contains(["a"], change.category)',
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
