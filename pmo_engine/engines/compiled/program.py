"""From the rules of a selection to functions, and from their findings to outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, TypeAlias

from pmo_engine.engines.backend import Tally, scope_of
from pmo_engine.engines.compiled.generator import Generator, Unspecialised, Where
from pmo_engine.engines.compiled.guards import CLASSES, GONE, MOST_ROWS, Detour, guard_of
from pmo_engine.engines.reference import judge
from pmo_engine.model.money import Money
from pmo_engine.policy.decision import NOTHING, Outcomes
from pmo_engine.policy.feel import types as t
from pmo_engine.policy.governance import functions
from pmo_engine.policy.selection import Selection
from pmo_engine.policy.tree import Rule

# Judges rules by facts: adds the ids of those that fired, and the rules that need the reference.
Program: TypeAlias = Callable[[Mapping[str, Any]], Outcomes]
Judge: TypeAlias = Callable[[Mapping[str, Any], list[str], list[Rule]], None]

RULES_PER_FUNCTION = 200
NAMES = {"Detour": Detour, "Money": Money, "datetime": datetime, "timezone": timezone}


def program(selection: Selection) -> Program:
    """Write the functions of a selection and give the one that runs them."""
    strata = [tuple(_judges(selection, stratum)) for stratum in selection.strata]
    first, later = (strata[0], strata[1:]) if strata else ((), [])
    order = selection.order
    judged = tuple(rule.id for stratum in selection.strata for rule in stratum)
    simple = not later and judged == order

    def outcomes(facts: Mapping[str, Any]) -> Outcomes:
        fired: list[str] = []
        detours: list[Rule] = []
        for judge_some in first:
            judge_some(facts, fired, detours)
        if simple and not detours:
            return Outcomes(order, tuple(fired), NOTHING, NOTHING, NOTHING)
        return _completed(selection, facts, (fired, detours), later)

    return outcomes


def _completed(
    selection: Selection,
    facts: Mapping[str, Any],
    found: tuple[list[str], list[Rule]],
    later: Sequence[Sequence[Judge]],
) -> Outcomes:
    """Judge what took a detour, and the later strata by what the earlier ones derived."""
    tally = Tally(selection)
    scope = scope_of(selection, facts)
    _settle(tally, scope, *found)
    for stratum in later:
        fired: list[str] = []
        detours: list[Rule] = []
        for judge_some in stratum:
            judge_some(scope, fired, detours)
        _settle(tally, scope, fired, detours)
    return tally.outcomes()


def _settle(tally: Tally, scope: dict[str, Any], fired: list[str], detours: list[Rule]) -> None:
    tally.fired_all(fired)
    for rule in detours:
        judge(rule, scope, tally)
    scope.update(tally.derived)


def _judges(selection: Selection, rules: Sequence[Rule]) -> Iterator[Judge]:
    for start in range(0, len(rules), RULES_PER_FUNCTION):
        yield _function(selection, rules[start : start + RULES_PER_FUNCTION])


def _function(selection: Selection, rules: Sequence[Rule]) -> Judge:
    generator = Generator(selection.policy.facts, functions(selection, {}))
    body = [line for rule in rules for line in _judged(generator, rule)]
    source = "\n".join(["def judge(facts, fired, detours):", *_loaded(generator), *body])
    names: dict[str, Any] = {**generator.constants, **NAMES}
    # The source is made of our own words, numbered names and Python's operators alone.
    exec(compile(source, "<rules>", "exec"), names)  # noqa: S102
    judge_some: Judge = names["judge"]
    return judge_some


def _judged(generator: Generator, rule: Rule) -> Iterator[str]:
    """Write one rule; one that derives facts is only found true here, the reference derives."""
    detour = f"detours.append({generator.constant(rule)})"
    fire = detour if any(rule.derivations) else f"fired.append({generator.constant(rule.id)})"
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
    tests = []
    for (where, type_), name in generator.leaves.items():
        read = f"{records[where[:-1]]}[{generator.constant(where[-1])}]"
        yield f"{name} = {read}{' is None' if type_ == t.NULL else ''}"
        tests += _tests(generator, name, type_)
    if tests:
        yield f"if {' or '.join(tests)}: raise Detour"
    for (_, type_), name in generator.leaves.items():
        if isinstance(type_, t.MoneyType):
            yield f"{name} = {name}.amount"


def _tests(generator: Generator, name: str, type_: t.Type) -> Iterator[str]:
    """Write what ``guard_of(type_)`` tests, in line."""
    match type_:
        case t.NULL:
            return
        case t.MoneyType(currency):
            yield f"type({name}) is not Money"
            yield f"{name}.currency != {generator.constant(currency)}"
        case t.ListType():
            yield f"type({name}) is not list"
            yield f"len({name}) > {MOST_ROWS}"
        case t.DATE_TIME:
            yield f"type({name}) is not datetime"
            yield f"type({name}.tzinfo) is not timezone"
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
