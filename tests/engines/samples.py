"""Policies and facts by hand, in a few words: the register that the engines' tests share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pmo_engine.feel import types as t
from pmo_engine.feel.checking.checker import check
from pmo_engine.feel.checking.typed import with_types
from pmo_engine.feel.syntax.parser import parse, parse_unary_tests
from pmo_engine.feel.values import Record
from pmo_engine.model.durations import Span
from pmo_engine.model.event_names import EventName
from pmo_engine.model.money import Money
from pmo_engine.model.working_time.calendar import WorkingCalendar
from pmo_engine.policy import (
    CHOSEN,
    Asked,
    Authority,
    Cumulative,
    Derive,
    Expression,
    Field,
    HitPolicy,
    InForce,
    Limit,
    Policy,
    Register,
    RequireApproval,
    Role,
    Rule,
    Table,
    TableInput,
    TableOutput,
    TableRow,
    TermsOfReference,
)
from pmo_engine.policy.selection import Selection
from pmo_engine.source.diagnostics import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pmo_engine.feel.nodes import Node

EVENT = EventName("change_request.submitted")
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

CHANGE = t.ContextType(
    (
        ("cost", t.MoneyType("GBP")),
        ("saving", t.MoneyType("GBP")),
        ("score", t.NUMBER),
        ("rate", t.NUMBER),
        ("category", t.EnumType(("scope", "time", "cost"))),
        ("note", t.STRING),
        ("critical", t.BOOLEAN),
        ("urgent", t.BOOLEAN),
        ("due", t.DATE),
        ("raised", t.DATE_TIME),
        ("slack", t.DAYS_TIME_DURATION),
        ("status", t.STRING),
        ("key", t.STRING),
        ("extra", t.ANY),
        ("tags", t.ListType(t.STRING)),
    ),
    "change",
)
FACTS: dict[str, t.Type] = {
    "change": CHANGE,
    "changes": t.ListType(CHANGE),
    "now": t.DATE_TIME,
    "today": t.DATE,
    "limit": t.MoneyType("GBP"),
    "level": t.NUMBER,
    "flag": t.BOOLEAN,
}
FIELDS = frozenset(name for name, _ in CHANGE.entries)


def expression(text: str, kind: t.Type = t.BOOLEAN) -> Expression:
    return Expression(text, _typed(parse(text)), kind, NOWHERE)


def _typed(node: Node, names: Mapping[str, t.Type] = MappingProxyType({})) -> Node:
    """Put types on the nodes, as binding does."""
    return with_types(node, check(node, {**FACTS, **names}))


def rule(id: str, when: str | None, *, fact: str = "", value: str = "") -> Rule:
    then = (Derive(fact, expression(value, FACTS.get(fact, t.ANY))),) if fact else ()
    condition = None if when is None else expression(when)
    return Rule(id, id, (EVENT,), "shall", condition, then, InForce(), "", "", None, NOWHERE)


def approval(
    id: str, when: str | None, *chosen_by: str, named: Sequence[str] = (), **said: Any
) -> Rule:
    chosen = [Asked(CHOSEN, None, expression(each, t.STRING)) for each in chosen_by]
    of = (*chosen, *map(Asked, named))
    made = RequireApproval(of, None, None, said.pop("act", None), **said)
    return replace(rule(id, when), then=(made,))


def table(
    id: str,
    hit_policy: HitPolicy,
    inputs: Mapping[str, t.Type],
    outputs: Mapping[str, t.Type],
    rows: Iterable[tuple[Sequence[str], Sequence[str]]],
    defaults: Sequence[str] = (),
) -> Table:
    def test(text: str, kind: t.Type) -> Expression:
        node = _typed(parse_unary_tests(text), {**inputs, "?": kind})
        return Expression(text, node, t.BOOLEAN, NOWHERE)

    columns = zip_longest(outputs.items(), [expression(each, t.ANY) for each in defaults])
    return Table(
        id=id,
        title=id,
        inputs=tuple(TableInput(name, kind, None, "", NOWHERE) for name, kind in inputs.items()),
        outputs=tuple(
            TableOutput(name, kind, _in_order(kind), default, "", NOWHERE)
            for (name, kind), default in columns
        ),
        hit_policy=hit_policy,
        rows=tuple(
            TableRow(
                number,
                tuple(map(test, when, inputs.values())),
                tuple(expression(text, t.ANY) for text in then),
                InForce(),
                "",
                "",
                "",
                NOWHERE,
            )
            for number, (when, then) in enumerate(rows, 1)
        ),
        clause="",
        source="",
        about="",
        mark=NOWHERE,
    )


def _in_order(kind: t.Type) -> tuple[Expression, ...]:
    words = kind.values if isinstance(kind, t.EnumType) else ()
    texts = [f'"{word}"' for word in words]
    return tuple(Expression(w, parse_unary_tests(w), t.BOOLEAN, NOWHERE) for w in texts)


def policy(strata: Iterable[Iterable[Rule]], tables: Iterable[Table] = ()) -> Policy:
    strata = [tuple(stratum) for stratum in strata]
    return Policy(
        name="random",
        version="1",
        digest="0",
        in_force_from=None,
        currency="GBP",
        calendar=_calendar(),
        roles={name: _role(name, above) for name, above in (("manager", "head"), ("head", None))},
        functional={},
        terms={"manager": _terms()},
        registers={"change_requests": _register()},
        ladders={},
        gates={},
        tables={each.id: each for each in tables},
        rules=tuple(each for stratum in strata for each in stratum),
        strata=tuple(tuple(each.id for each in stratum) for stratum in strata),
        facts=FACTS,
        parameters={},
        event_logs=(),
        suites=(),
    )


def selection(*conditions: str | None) -> Selection:
    """Select the rules r1, r2 ... of a policy that has nothing but these conditions."""
    rules = [rule(f"r{place}", text) for place, text in enumerate(conditions, 1)]
    return select(policy([rules]))


def select(of: Policy) -> Selection:
    return Selection(of, EVENT, TODAY, of.rules)


def record(path: str, **values: Any) -> Record:
    return Record(path, values, FIELDS)


def case(change: Mapping[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
    given = {} if change is None else {"change": record("change", **change)}
    return {"now": NOW, "today": TODAY, **given, **facts}


def records(*values: Mapping[str, Any]) -> list[Record]:
    return [record(f"changes[{place}]", **each) for place, each in enumerate(values, 1)]


@cache
def _calendar() -> WorkingCalendar:
    return WorkingCalendar.of("office", "Europe/London", {"mon-fri": "09:00-17:00"})


def _role(name: str, senior: str | None) -> Role:
    return Role(name, "", senior, body=False, accountable=True, mark=NOWHERE)


@cache
def _terms() -> TermsOfReference:
    limit = (Limit(None, Money.parse("50000 GBP"), ""),)
    together = (Limit(None, Money.parse("250000 GBP"), ""),)
    act = "approve change_request"
    return TermsOfReference(
        role="manager",
        authority=(
            Authority("each", "manager", act, limit, None, NOWHERE),
            Authority("sum", "manager", act, together, Cumulative(None, Span(90, "day")), NOWHERE),
        ),
        mark=NOWHERE,
    )


@cache
def _register() -> Register:
    return Register(
        id="change_requests",
        noun="change_request",
        root="change",
        plural="changes",
        key_prefix="C",
        fields={name: Field(name, kind, required=False, about="") for name, kind in CHANGE.entries},
        value="cost",
        events=(EVENT,),
        imports=(),
        mark=NOWHERE,
    )
