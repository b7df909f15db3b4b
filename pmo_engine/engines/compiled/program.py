"""From the rules of a selection to functions, and from their findings to outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import compress
from typing import Any, TypeAlias

from pmo_engine.authority.limits import functions
from pmo_engine.engines.backend import Tally, scope_of
from pmo_engine.engines.compiled.code import Unspecialised
from pmo_engine.engines.compiled.generator import Generator, Where
from pmo_engine.engines.compiled.guards import CLASSES, GONE, MOST_ROWS, ZONES, Detour, guard_of
from pmo_engine.engines.reference import judge
from pmo_engine.feel import types as t
from pmo_engine.feel.values import Missing
from pmo_engine.model.money import Money
from pmo_engine.policy import Rule
from pmo_engine.policy.decision import NOTHING, Outcomes
from pmo_engine.policy.selection import Selection

Program: TypeAlias = Callable[[Mapping[str, Any]], Outcomes]
# Judges rules by facts: gives a bit for each that fired, and lists those for the reference.
Judge: TypeAlias = Callable[[Mapping[str, Any], list[Rule]], int]

RULES_PER_FUNCTION = 200
REMEMBERED = 2_000
NAMES = {
    "Detour": Detour,
    "Missing": Missing,
    "Money": Money,
    "datetime": datetime,
    "timedelta": timedelta,
    "ZONES": ZONES,
}


def program(selection: Selection) -> Program:
    """Write the code of a selection and give the function that runs it.

    Where the same rules fire, the same outcomes are given again.
    """
    strata = [Stratum(selection, rules) for rules in selection.strata or [()]]
    first = strata[0]
    judge_first = first.judge
    simple = first.names == selection.order
    known: dict[int, Outcomes] = {}

    def outcomes(facts: Mapping[str, Any]) -> Outcomes:
        detours: list[Rule] = []
        fired = judge_first(facts, detours)
        if detours or not simple:
            return _completed(selection, strata, facts, (fired, detours))
        return known.get(fired) or remember(fired)

    def remember(fired: int) -> Outcomes:
        if len(known) >= REMEMBERED:
            known.clear()
        found = Outcomes(selection.order, tuple(first.fired(fired)), NOTHING, NOTHING, NOTHING)
        return known.setdefault(fired, found)

    return outcomes


class Stratum:
    """The rules that see the same derived facts, and the code that judges them."""

    def __init__(self, selection: Selection, rules: Sequence[Rule]) -> None:
        self.names = tuple(rule.id for rule in rules)
        starts = range(0, len(rules), RULES_PER_FUNCTION)
        judges = [
            _function(selection, rules[start : start + RULES_PER_FUNCTION]) for start in starts
        ]
        self.judge = judges[0] if len(judges) == 1 else _together(judges)

    def fired(self, bits: int) -> Iterator[str]:
        """Name the rules whose bits are set."""
        return compress(self.names, map(int, reversed(f"{bits:b}")))


def _together(judges: Sequence[Judge]) -> Judge:
    places = tuple(enumerate(judges))

    def judge_all(facts: Mapping[str, Any], detours: list[Rule]) -> int:
        fired = 0
        for place, judge_some in places:
            fired |= judge_some(facts, detours) << place * RULES_PER_FUNCTION
        return fired

    return judge_all


def _completed(
    selection: Selection,
    strata: Sequence[Stratum],
    facts: Mapping[str, Any],
    found: tuple[int, list[Rule]],
) -> Outcomes:
    """Judge what took a detour, and the later strata by what the earlier ones derived."""
    tally = Tally(selection)
    scope = scope_of(selection, facts)
    for stratum in strata:
        fired, detours = found if stratum is strata[0] else _judged_by(stratum, scope)
        tally.fired_all(stratum.fired(fired))
        for rule in detours:
            judge(rule, scope, tally)
        scope.update(tally.derived)
    return tally.outcomes()


def _judged_by(stratum: Stratum, scope: Mapping[str, Any]) -> tuple[int, list[Rule]]:
    detours: list[Rule] = []
    return stratum.judge(scope, detours), detours


def _function(selection: Selection, rules: Sequence[Rule]) -> Judge:
    generator = Generator(selection.policy.facts, functions(selection, {}), selection.tables)
    body = [line for place, rule in enumerate(rules) for line in _judged(generator, rule, place)]
    head = ["def judge(facts, detours):", " fired = 0"]
    lines = [*head, *_loaded(generator), *body, " return fired"]
    source = "\n".join([*generator.functions, *lines])
    names: dict[str, Any] = {**generator.constants, **NAMES}
    # The source is made of our own words, numbered names and Python's operators alone.
    exec(compile(source, "<rules>", "exec"), names)  # noqa: S102
    judge_some: Judge = names["judge"]
    return judge_some


def _judged(generator: Generator, rule: Rule, place: int) -> Iterator[str]:
    """Write one rule; what one derives or chooses beside being true is left to the reference."""
    detour = f"detours.append({generator.constant(rule)})"
    fire = detour if any(rule.derivations) or any(rule.choices) else f"fired += {1 << place}"
    try:
        condition = "True" if rule.when is None else generator.condition(rule.when.node)
    except Unspecialised:
        yield f" {detour}"
        return
    yield " try:"
    yield f"  if {condition}: {fire}"
    yield " except Exception:"
    yield f"  {detour}"


def _loaded(generator: Generator) -> Iterator[str]:
    """Write the loading of every leaf: in one go, or each with care where one is not ordinary."""
    if not generator.leaves:
        return
    readers = generator.constant([_reader(*leaf) for leaf in generator.leaves])
    yield " try:"
    yield from (f"  {line}" for line in _quick(generator))
    yield " except Exception:"
    yield f"  {', '.join(generator.leaves.values())}, = [read(facts) for read in {readers}]"


def _quick(generator: Generator) -> Iterator[str]:
    records: dict[Where, str] = {(): "facts"}
    ends = {where[:end] for where, _ in generator.leaves for end in range(1, len(where))}
    for where in sorted(ends):
        records[where] = f"b{len(records)}"
        yield f"{records[where]} = {records[where[:-1]]}[{generator.constant(where[-1])}]"
    tests: list[str] = []
    for (where, type_), name in generator.leaves.items():
        read = f"{records[where[:-1]]}[{generator.constant(where[-1])}]"
        yield f"{name} = {read}"
        tests += _tests(generator, name, type_)
    if tests:
        yield f"if {' or '.join(tests)}: raise Detour"
    for (_, type_), name in generator.leaves.items():
        if isinstance(type_, t.MoneyType):
            yield f"{name} = {name}.amount"
        elif type_ == t.NULL:
            yield f"{name} = {name} is None"


def _tests(generator: Generator, name: str, type_: t.Type) -> Iterator[str]:
    """Write what ``guard_of(type_)`` tests, in line."""
    match type_:
        case t.NULL:
            yield f"type({name}) is Missing"
        case t.MoneyType(currency):
            yield f"type({name}) is not Money"
            yield f"{name}.currency != {generator.constant(currency)}"
        case t.ListType():
            yield f"type({name}) is not list"
            yield f"len({name}) > {MOST_ROWS}"
        case t.DATE_TIME:
            yield f"type({name}) is not datetime"
            yield f"type({name}.tzinfo) not in ZONES"
        case t.DAYS_TIME_DURATION:
            yield f"not isinstance({name}, timedelta)"
        case _:
            yield f"type({name}) is not {generator.constant(CLASSES[type_])}"


def _reader(where: Where, type_: t.Type) -> Callable[[Mapping[str, Any]], Any]:
    """Make a function that reads one leaf, ``GONE`` where it is missing or of another type."""
    guard = guard_of(type_)

    def read(facts: Any) -> Any:
        try:
            value = facts
            for name in where:
                value = value[name]
            return guard(value) if guard else GONE
        except Exception:  # noqa: BLE001 - whatever it is, the reference says what it means
            return GONE

    return read
