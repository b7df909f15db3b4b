"""Random policies and facts, typed, for tests in which every engine must say the same.

Conditions are written as FEEL and go through the parser. Facts keep close to the constants of
the conditions, so that limits are met exactly; any fact may be missing, and any may be null.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, get_args
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from pmo_engine.decisions.assembly import Assembler
from pmo_engine.engines.engine import BACKENDS, make_backend
from pmo_engine.feel import types as t
from pmo_engine.feel.wire import to_json
from pmo_engine.model.money import Money
from pmo_engine.policy import LEAST_SENIOR, HitPolicy, Table
from tests.engines.samples import (
    FACTS,
    approval,
    case,
    expression,
    policy,
    record,
    records,
    rule,
    select,
    selection,
    table,
)

__all__ = [
    "FACTS",
    "Trial",
    "agreed",
    "case",
    "expression",
    "facts",
    "policies",
    "policy",
    "record",
    "records",
    "rule",
    "select",
    "selection",
    "trials",
]

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.policy import Policy, Rule
    from pmo_engine.policy.decision import Outcomes

NUMBERS = ("0", "1", "2.5", "10", "10.000001", "-3", "1000000000000", "99999999999999999999.5")
MONEY = ("0 GBP", "50000 GBP", "50000.01 GBP", "250000 GBP", "-0.01 GBP")
DATES = ("2026-03-01", "2026-03-02", "2026-03-03", "1999-12-31")
MOMENTS = ("2026-03-02T09:00:00Z", "2026-03-02T10:00:00+01:00", "2026-03-02T09:00:00.000001Z")
DURATIONS = ("P1D", "PT36H", "P30D", "-P1D")
TEXTS = ("scope", "time", "cost", "scopes", "", "Kosten \\u20ac", "200")

# Facts


def _decimals(texts: Iterable[str]) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def _moneys(texts: Iterable[str]) -> list[Money]:
    return [Money.parse(text) for text in texts]


_number = st.sampled_from(
    [*_decimals(NUMBERS), *_decimals(["10.0000005", "1E-30", "12345678901234567890.123", "1E+40"])]
)
_money = st.sampled_from(
    [*_moneys(MONEY), Money(Decimal("50000.005"), "GBP"), Money(Decimal("9E+30"), "GBP")]
)
_text = st.sampled_from([*(text.encode().decode("unicode_escape") for text in TEXTS), "\n\"'\\"])
_date = st.sampled_from([date.fromisoformat(text) for text in DATES])
_moment = st.sampled_from([datetime.fromisoformat(text) for text in MOMENTS])
_duration = st.sampled_from([timedelta(days=1), timedelta(hours=36), timedelta(days=-400)])
_extra = st.one_of(
    _number,
    _money,
    st.just(Money.parse("50000 EUR")),
    _text,
    _date,
    _moment,
    st.booleans(),
    st.lists(_text, max_size=2),
)
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "cost": _money,
    "saving": _money,
    "score": _number,
    "rate": _number,
    "category": st.sampled_from(["scope", "time", "cost"]),
    "note": _text,
    "critical": st.booleans(),
    "urgent": st.booleans(),
    "due": _date,
    "raised": _moment,
    "slack": _duration,
    "status": st.sampled_from(["approved", "submitted"]),
    "key": st.sampled_from(["C-1", "C-2"]),
    "extra": _extra,
    "tags": st.lists(_text, max_size=3),
}


@st.composite
def _values(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a record's fields: mostly given, some missing, few null."""
    values = {}
    for name, strategy in _VALUES.items():
        how = draw(st.integers(0, 9))
        if how == 1:
            values[name] = None
        elif how > 1:
            values[name] = draw(strategy)
    return values


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    change = draw(st.one_of(st.none(), _values(), _values(), _values()))
    found = case(change)
    if draw(st.integers(0, 5)):
        found["changes"] = records(*draw(st.lists(_values(), max_size=3)))
    return found


# Expressions


@dataclass(frozen=True)
class Names:
    """What an expression may speak of: derived facts, and the items of quantifiers around."""

    derived: frozenset[str] = frozenset()
    items: tuple[str, ...] = ()

    def with_item(self) -> Names:
        return Names(self.derived, (*self.items, f"c{len(self.items) + 1}"))

    def paths(self, *fields: str) -> list[str]:
        return [f"{base}.{field}" for base in (*self.items, "change") for field in fields]

    def known(self, *names: str) -> list[str]:
        return [name for name in names if name in self.derived]


def _lines(values: Iterable[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(list(values))


def _literals(texts: Iterable[str]) -> list[str]:
    return [f'@"{text}"' for text in texts]


def _formed(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda texts: pattern.format(*texts))


@cache
def numbers(names: Names, depth: int) -> st.SearchStrategy[str]:
    plain = _lines(names.paths("score", "rate", "extra") + names.known("level"))
    leaves = st.one_of(plain, plain, _lines(NUMBERS))
    if depth <= 0:
        return leaves
    inner = numbers(names, depth - 1)
    return st.one_of(
        leaves,
        leaves,
        _formed("({} {} {})", inner, _lines("+-*/"), inner),
        _formed("(if {} then {} else {})", conditions(names, depth - 1), inner, inner),
        _formed("count(changes[{}])", _item_conditions(names)),
        _lines(["sum(changes.score)", "max(changes.rate)", "count(changes)", "-change.score"]),
        _formed("string length({})", texts(names, 0)),
        *(_formed(call, texts(names, 0), moneys(names, 0), plain) for call in POINTS),
        _formed("signer({}, {}).days", moneys(names, 0), _lines(names.paths("critical"))),
    )


@cache
def moneys(names: Names, depth: int) -> st.SearchStrategy[str]:
    plain = _lines(names.paths("cost", "saving", "extra") + names.known("limit"))
    leaves = st.one_of(plain, plain, _lines(_literals(MONEY)))
    if depth <= 0:
        return leaves
    inner = moneys(names, depth - 1)
    act = '"manager", "approve change_request"'
    return st.one_of(
        leaves,
        leaves,
        _formed("({} {} {})", inner, _lines("+-"), inner),
        _formed("({} {} {})", inner, _lines("*/"), numbers(names, 0)),
        _lines([f"authority({act})", f"headroom({act})", "sum(changes.cost)"]),
    )


@cache
def texts(names: Names, depth: int) -> st.SearchStrategy[str]:
    quoted = [f'"{text}"' for text in TEXTS]
    plain = _lines(names.paths("category", "note", "status", "extra"))
    leaves = st.one_of(plain, plain, _lines(quoted))
    if depth <= 0:
        return leaves
    return st.one_of(
        leaves,
        _formed("upper case({})", leaves),
        _formed('least_senior("approve change_request", {})', moneys(names, 0)),
        _formed("signer({}, {}).role", moneys(names, 0), _lines(names.paths("urgent"))),
        st.just('least_senior("approve change_request")'),
    )


@cache
def dates(names: Names, depth: int) -> st.SearchStrategy[str]:
    leaves = _lines([*names.paths("due", "extra"), *_literals(DATES), "today"])
    if depth <= 0:
        return leaves
    return st.one_of(leaves, _formed("({} + {})", leaves, durations(names, 0)))


@cache
def moments(names: Names, _depth: int) -> st.SearchStrategy[str]:
    return _lines([*names.paths("raised", "extra"), *_literals(MOMENTS), "now"])


@cache
def durations(names: Names, depth: int) -> st.SearchStrategy[str]:
    leaves = _lines([*names.paths("slack"), *_literals(DURATIONS)])
    if depth <= 0:
        return leaves
    return st.one_of(leaves, _formed("({} - {})", dates(names, 0), dates(names, 0)))


@cache
def _item_conditions(names: Names) -> st.SearchStrategy[str]:
    """Draw conditions of a filter, in which a record's fields are names."""
    return st.one_of(
        _formed("cost > {}", moneys(names, 0)),
        _formed("item.score <= {}", numbers(names, 0)),
        _lines(["critical", "not(urgent)", 'status = "approved"', "true"]),
    )


_KINDS = (numbers, moneys, texts, dates, moments, durations)
_OPERATORS = ("=", "!=", "<", "<=", ">", ">=")


@cache
def _comparisons(names: Names, depth: int) -> st.SearchStrategy[str]:
    def of(kind: Any) -> st.SearchStrategy[str]:
        value, end = kind(names, depth), kind(names, 0)
        return st.one_of(
            _formed("{} {} {}", value, _lines(_OPERATORS), kind(names, depth)),
            _formed("{} {} {}", value, _lines(_OPERATORS), end),
            _formed("{} between {} and {}", value, end, end),
            _formed("{} in ({}, {})", value, end, end),
            _formed("{} in [{}, {}]", value, end, end),
            _formed("{} in {}{}..{}{}", value, _lines("[("), end, end, _lines("])")),
            _formed("{} in (> {}, {} {})", value, end, _lines(_OPERATORS), end),
            _formed("{} {} null", value, _lines(("=", "!="))),
        )

    return st.sampled_from(_KINDS).flatmap(of)


@cache
def conditions(names: Names, depth: int) -> st.SearchStrategy[str]:
    flags = _lines([*names.paths("critical", "urgent", "extra"), *names.known("flag"), "true"])
    leaves = st.one_of(_comparisons(names, 0), flags)
    if depth <= 0:
        return leaves
    inner = st.deferred(lambda: conditions(names, depth - 1))
    within = st.deferred(lambda: conditions(names.with_item(), depth - 1))
    item = names.with_item().items[-1]
    quantifiers = _lines(["some", "every"])
    domains = _lines(["changes", "changes", "changes[critical]", "[change]", "change.extra"])
    return st.one_of(
        _comparisons(names, depth - 1),
        leaves,
        _formed("({} and {})", inner, inner),
        _formed("({} or {})", inner, inner),
        _formed("({} or {} or {})", inner, inner, inner),
        _formed("not({})", inner),
        _formed("(if {} then {} else {})", inner, inner, inner),
        _formed(f"({{}} {item} in {{}} satisfies {{}})", quantifiers, domains, within),
        _formed("is_known({})", _lines(names.paths("cost", "note"))),
        _formed("({}) = ({})", inner, inner),
        _lines([*(f"{path} in change.tags" for path in names.paths("note")), "null"]),
    )


# Decision tables

POINTS = (
    "points({}, {}, {})",
    "count(points({}, {}, {}))",
    "sum(points(word: {}, cost: {}, n: {}))",
)
_WORDS = t.EnumType(("scope", "time", "cost"))
_POUNDS = t.MoneyType("GBP")
_TESTS: dict[str, tuple[str, ...]] = {
    "word": ("-", '"scope"', '"time", "cost"', 'not("scope")', '? = "time" or n > 1'),
    "cost": ("-", '< @"50000 GBP"', '>= @"50000 GBP"', '[@"0 GBP"..@"50000 GBP")', '> @"5 EUR"'),
    "n": ("-", "< 10", "[2.5..10]", "0, 1", "not(> 1)", "null", "? / 0 > 1"),
    "flag": ("-", "true", "false", "?", "null"),
}
_ANSWERS: dict[str, tuple[str, ...]] = {
    "points": ("1", "2.5", "n + 1", "n / 0", "null", '"x"'),
    "role": ('"lead"', '"head"', '"head"', 'if flag then "lead" else "head"', '"none"', "null"),
    "days": ("1", "2", 'points("scope", cost, 1)', 'count(points("time", cost, 1))'),
}
_PURPOSES: tuple[HitPolicy, ...] = (*get_args(HitPolicy), "unique", "unique", "first", "any")


@st.composite
def tables(draw: st.DrawFn) -> tuple[Table, Table]:
    """Draw two tables: one gives points, the other calls it and gives a role and days."""

    def made(id: str, inputs: dict[str, t.Type], outputs: dict[str, t.Type]) -> Table:
        plain = draw(st.booleans())  # of what generated code is written for
        tests = st.tuples(*(_lines(_TESTS[name][: 4 if plain else None]) for name in inputs))
        answers = st.tuples(*(_lines(_ANSWERS[name][: 2 if plain else None]) for name in outputs))
        rows = draw(st.lists(st.tuples(tests, answers), min_size=1, max_size=4))
        defaults = draw(st.one_of(st.just(()), answers))
        purposes = ("unique", "first") if plain else _PURPOSES
        return table(id, draw(st.sampled_from(purposes)), inputs, outputs, rows, defaults)

    roles = t.EnumType(("lead", "head"))
    return (
        made("points", {"word": _WORDS, "cost": _POUNDS, "n": t.NUMBER}, {"points": t.NUMBER}),
        made("signer", {"cost": _POUNDS, "flag": t.BOOLEAN}, {"role": roles, "days": t.NUMBER}),
    )


_DERIVED = (("limit", moneys), ("level", numbers), ("flag", conditions))


_CHOICES = (
    "signer(change.cost, change.critical).role",
    '[signer(change.cost, change.critical).role, "head"]',
    'if change.urgent then ["head", "manager"] else "nobody"',
    "for tag in change.tags return tag",
    "change.note",
)


@st.composite
def approvals(draw: st.DrawFn, id: str, when: str) -> Rule:
    """Draw a rule that asks for an approval in any form: by some who are named, or chosen."""
    chosen = draw(st.lists(st.sampled_from(_CHOICES), max_size=2))
    named = draw(st.lists(st.sampled_from(["manager", LEAST_SENIOR]), min_size=not chosen))
    return approval(
        id,
        when,
        *chosen,
        named=dict.fromkeys(named),
        needs=draw(st.sampled_from([None, 1, 2, Fraction(2, 3)])),
        in_sequence=draw(st.booleans()),
        distinct=draw(st.booleans()),
        act=draw(st.sampled_from([None, "approve change_request", "fund change_request"])),
    )


@st.composite
def policies(draw: st.DrawFn, most: int = 4, depth: int = 2) -> Policy:
    """Draw a policy of two tables and up to four strata, each of which derives for the next."""
    strata, known = [], frozenset[str]()
    for place in range(draw(st.integers(1, 4))):
        names = Names(known)
        count = draw(st.integers(1, most))
        whens = [draw(st.one_of(conditions(names, depth))) for _ in range(count)]
        rules = [rule(f"s{place}r{i}", when) for i, when in enumerate(whens)]
        if draw(st.booleans()):
            rules.append(draw(approvals(f"s{place}signed", draw(conditions(names, 0)))))
        if place < len(_DERIVED):
            fact, kind = _DERIVED[place]
            when = draw(st.one_of(st.none(), conditions(names, 1)))
            value = draw(kind(names, 1))
            rules.append(rule(f"s{place}derive", when, fact=fact, value=value))
            known |= {fact}
        strata.append(rules)
    return policy(strata, draw(tables()))


# Agreement


class Trial:
    """A policy and several cases; prints as what a person would type to look into it."""

    def __init__(self, policy: Policy, cases: tuple[Mapping[str, Any], ...]) -> None:
        self.policy, self.cases = policy, cases

    def __repr__(self) -> str:
        rules = [_shown(each) for each in self.policy.rules]
        return "\n".join(["Trial", *rules, *(f"  facts {dict(each)!r}" for each in self.cases)])


def _shown(each: Rule) -> str:
    derived = "".join(f", {effect.fact} = {effect.value.text}" for effect in each.derivations)
    return f"  rule {each.id}: {'always' if each.when is None else each.when.text}{derived}"


@st.composite
def trials(draw: st.DrawFn, depth: int = 2) -> Trial:
    return Trial(
        draw(policies(depth=depth)), tuple(draw(st.lists(facts(), min_size=1, max_size=3)))
    )


def agreed(trial: Trial, engines: Iterable[str] = BACKENDS) -> list[Outcomes]:
    """Judge every case in every engine; AssertionError where two differ."""
    chosen = select(trial.policy)
    found: dict[str, list[Outcomes]] = {}
    for name in engines:
        backend = make_backend(name)
        try:
            found[name] = [backend.outcomes(chosen, each) for each in trial.cases]
        finally:
            backend.close()
    expected = found.pop("tracing")
    for name, outcomes in found.items():
        for mine, reference in zip(outcomes, expected, strict=True):
            assert mine == reference, f"{name}: {mine}, tracing: {reference}"
            # True equals 1 in Python, and is printed otherwise.
            assert to_json(dict(mine.derived)) == to_json(dict(reference.derived)), name
    assembler = Assembler(chosen, ZoneInfo("Europe/London"))
    for each, outcomes in zip(trial.cases, expected, strict=True):
        asked = [item.id for item in assembler.obligations(outcomes, each)]
        assert len(set(asked)) == len(asked)
    return expected
