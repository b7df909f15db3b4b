"""From the rules of a selection to functions, and from their findings to outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import compress
from typing import Any, TypeAlias

from pmo_engine.authority.functions import functions
from pmo_engine.engines.backend import Tally, scope_of
from pmo_engine.engines.compiled.code import Unspecialised
from pmo_engine.engines.compiled.generator import Generator
from pmo_engine.engines.compiled.guards import CLASSES, GONE, MOST_ROWS, ZONES, Detour, guard_of
from pmo_engine.engines.compiled.leaves import Where, not_given
from pmo_engine.engines.compiled.openness import Open
from pmo_engine.engines.compiled.tables import call_of
from pmo_engine.engines.reference import judge
from pmo_engine.feel import types as t
from pmo_engine.feel.values import Missing
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money
from pmo_engine.policy import Rule
from pmo_engine.policy.decision import NOTHING, Outcomes
from pmo_engine.policy.selection import Selection

Program: TypeAlias = Callable[[Mapping[str, Any]], Outcomes]
# Judges rules by facts: gives a bit for each that fired, and for each of ``Written.open`` one for
# each rule that is not known for want of those facts; lists the rules that the reference judges.
# ``None`` where a fact is not there or not ordinary; with ``care`` such a fact makes detours.
Judge: TypeAlias = Callable[..., tuple[int, ...] | None]
# The rules that fired, and those that are not known without certain facts: a bit for each.
Bits: TypeAlias = tuple[int, tuple[tuple[tuple[str, ...], int], ...]]

RULES_PER_FUNCTION = 200
REMEMBERED = 2_000
MOST_WITHOUT = 64  # sets of facts not given for which a stratum may have code of its own
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

    Where the same is found of the rules, the same outcomes are given again.
    """
    strata = [Stratum(selection, rules) for rules in selection.strata or [()]]
    first = strata[0]
    quick, with_care = first.written.judge, first.with_care
    simple = first.names == selection.order
    known: dict[Any, Outcomes] = {}

    def outcomes(facts: Mapping[str, Any]) -> Outcomes:
        detours: list[Rule] = []
        found: Any = quick(facts, detours)
        if found is None:
            detours = []
            found = with_care(facts, detours)
        if detours or not simple:
            return _completed(selection, strata, facts, (first.bits(found), detours))
        return known.get(found) or remember(found)

    def remember(found: Any) -> Outcomes:
        if len(known) >= REMEMBERED:
            known.clear()
        fired, open_ = first.bits(found)
        unknown = dict(first.unknown(open_)) or NOTHING
        made = Outcomes(selection.order, tuple(first.fired(fired)), unknown, NOTHING, NOTHING)
        return known.setdefault(found, made)

    return outcomes


@dataclass(frozen=True, slots=True)
class Written:
    """The code of some rules where certain facts are not given, and what it finds beside firing."""

    judge: Judge
    open: tuple[tuple[str, ...], ...] = ()
    leaves: frozenset[Where] = frozenset()


class Stratum:
    """The rules that see the same derived facts, and the code that judges them."""

    def __init__(self, selection: Selection, rules: Sequence[Rule]) -> None:
        self.names = tuple(rule.id for rule in rules)
        self._selection, self._rules = selection, rules
        self.written = self._write(frozenset())
        self._without: dict[frozenset[Where], Written | None] = {}

    def judge(self, facts: Mapping[str, Any], detours: list[Rule]) -> Bits:
        """Judge the rules; those that are the reference's are listed in ``detours``."""
        found: Any = self.written.judge(facts, detours)
        if found is None:
            detours.clear()
            found = self.with_care(facts, detours)
        return self.bits(found)

    def with_care(self, facts: Mapping[str, Any], detours: list[Rule]) -> Any:
        """Judge where a fact is not there or not ordinary: by code for those that are not given."""
        absent = not_given(facts, self.written.leaves, self._selection.underived)
        written = self._for(absent) if absent else None
        if written is not None:
            found = written.judge(facts, detours)
            if found is not None:
                pairs = zip(written.open, found[1:], strict=True)
                return found[0], tuple(pair for pair in pairs if pair[1])
            detours.clear()
        return self.written.judge(facts, detours, care=True)

    def bits(self, found: Any) -> Bits:
        """Give what was found in one form, whichever code found it."""
        return found if len(found) > 1 else (found[0], ())

    def fired(self, bits: int) -> Iterator[str]:
        """Name the rules whose bits are set."""
        return compress(self.names, map(int, reversed(f"{bits:b}")))

    def unknown(
        self, open_: Iterable[tuple[tuple[str, ...], int]]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Name the rules that are not known, with the facts that they want, in their order."""
        found = {name: paths for paths, bits in open_ for name in self.fired(bits)}
        return ((name, found[name]) for name in self.names if name in found)

    def _for(self, absent: frozenset[Where]) -> Written | None:
        """Give the code for facts that are not given; the first time it is not worth writing."""
        if absent in self._without:
            if self._without[absent] is None:
                self._without[absent] = self._write(absent)
        elif len(self._without) < MOST_WITHOUT:
            self._without[absent] = None
        return self._without.get(absent)

    def _write(self, absent: frozenset[Where]) -> Written:
        starts = range(0, len(self._rules), RULES_PER_FUNCTION)
        parts = [
            _function(self._selection, self._rules[at : at + RULES_PER_FUNCTION], absent)
            for at in starts
        ]
        return parts[0] if len(parts) == 1 else _together(parts)


def _together(parts: Sequence[Written]) -> Written:
    open_ = tuple(dict.fromkeys(paths for part in parts for paths in part.open))
    places = [
        (part.judge, place, [0, *(1 + open_.index(paths) for paths in part.open)])
        for place, part in enumerate(parts)
    ]

    def judge_all(
        facts: Mapping[str, Any],
        detours: list[Rule],
        care: bool = False,  # noqa: FBT001, FBT002 - code calls it
    ) -> tuple[int, ...] | None:
        totals = [0] * (1 + len(open_))
        for judge_some, place, columns in places:
            found = judge_some(facts, detours, care)
            if found is None:
                return None
            for column, bits in zip(columns, found, strict=True):
                totals[column] |= bits << place * RULES_PER_FUNCTION
        return tuple(totals)

    return Written(judge_all, open_, frozenset().union(*(part.leaves for part in parts)))


def _completed(
    selection: Selection,
    strata: Sequence[Stratum],
    facts: Mapping[str, Any],
    found: tuple[Bits, list[Rule]],
) -> Outcomes:
    """Judge what took a detour, and the later strata by what the earlier ones derived."""
    tally = Tally(selection)
    scope = scope_of(selection, facts)
    for stratum in strata:
        (fired, open_), detours = found if stratum is strata[0] else _judged_by(stratum, scope)
        tally.fired_all(stratum.fired(fired))
        for name, paths in stratum.unknown(open_):
            tally.unknown(selection.by_id[name], paths)
        for rule in detours:
            judge(rule, scope, tally)
        scope.update(tally.derived)
    return tally.outcomes()


def _judged_by(stratum: Stratum, scope: Mapping[str, Any]) -> tuple[Bits, list[Rule]]:
    detours: list[Rule] = []
    return stratum.judge(scope, detours), detours


def _function(selection: Selection, rules: Sequence[Rule], absent: frozenset[Where]) -> Written:
    generator = Generator(
        selection.policy.facts, functions(selection, {}), call_of, selection.tables, absent
    )
    open_: dict[tuple[str, ...], int] = {}
    body = [
        line for place, rule in enumerate(rules) for line in _judged(generator, rule, place, open_)
    ]
    counts = ["fired", *(f"u{place}" for place in range(len(open_)))]
    head = ["def judge(facts, detours, care=False):", f" {' = '.join(counts)} = 0"]
    lines = [*head, *_loaded(generator), *body, f" return {', '.join(counts)},"]
    source = "\n".join([*generator.functions, *lines])
    names: dict[str, Any] = {**generator.constants, **NAMES}
    # The source is made of our own words, numbered names and Python's operators alone.
    exec(compile(source, "<rules>", "exec"), names)  # noqa: S102
    leaves = frozenset(where for where, _ in generator.leaves)
    return Written(names["judge"], tuple(open_), leaves)


def _judged(
    generator: Generator, rule: Rule, place: int, open_: dict[tuple[str, ...], int]
) -> Iterator[str]:
    """Write one rule; what one derives or chooses beside being true is left to the reference."""
    detour = f"detours.append({generator.constant(rule)})"
    derives, bit = any(rule.derivations), 1 << place
    fire = detour if derives or any(rule.choices) else f"fired += {bit}"
    try:
        code = None if rule.when is None else generator.condition(rule.when.node)
    except Unspecialised:
        yield f" {detour}"
        return
    yield " try:"
    if code is None or code.open is None:
        yield f"  if {code.source if code else 'True'}: {fire}"
    elif derives:
        yield f"  {detour}"
    else:
        number = open_.setdefault(code.open.paths, len(open_))
        yield from _if_open(code.open, fire, f"u{number} += {bit}")
    yield " except Exception:"
    yield f"  {detour}"


def _if_open(open_: Open, fire: str, leave_open: str) -> Iterator[str]:
    """Write what follows where facts are missing: that it is decided all the same, or not."""
    yield f"  if {open_.false or 'False'}: pass"
    yield f"  elif {open_.true or 'False'}: {fire}"
    yield f"  else: {'; '.join([*open_.needs, leave_open])}"


def _loaded(generator: Generator) -> Iterator[str]:
    """Write the loading of every leaf: in one go, or with care, each by itself."""
    if not generator.leaves:
        return
    readers = generator.constant([_reader(*leaf) for leaf in generator.leaves])
    yield f" if care: {', '.join(generator.leaves.values())}, = [read(facts) for read in {readers}]"
    yield " else:"
    yield "  try:"
    yield from (f"   {line}" for line in _quick(generator))
    yield "  except Exception: return None"


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
