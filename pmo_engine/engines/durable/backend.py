"""The durable back-end: passes of the library over each stratum of a selection's rules."""

from __future__ import annotations

import os
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakSet

from pmo_engine.engines.backend import Tally, scope_of
from pmo_engine.engines.durable.cases import EngineDisagreement, Row
from pmo_engine.engines.durable.compile import Compiler
from pmo_engine.engines.durable.conditions import pattern
from pmo_engine.engines.durable.host import CAPACITY, Host
from pmo_engine.feel.limits import EvaluationLimit
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_engine.engines.durable.attributes import Attribute
    from pmo_engine.engines.durable.cases import Frame, Judgement, Term
    from pmo_engine.engines.durable.conditions import Branch
    from pmo_engine.policy import Rule
    from pmo_engine.policy.decision import Outcomes
    from pmo_engine.policy.selection import Selection

    Meant: TypeAlias = tuple[Branch, Judgement, bool]  # what a branch says when it holds


@dataclass(frozen=True, slots=True)
class Sheet:
    """One ruleset: the attributes that its facts have, and what each of its rules says."""

    ruleset: str
    frame: Frame
    attributes: tuple[tuple[str, Attribute], ...]
    meanings: Mapping[str, tuple[Judgement, bool]]


@dataclass(frozen=True, slots=True)
class Stratum:
    """The rules of one stratum with their conditions, and the sheets in the order of passes."""

    rules: tuple[tuple[Rule, Term | None], ...]
    case: Frame
    sheets: tuple[Sheet, ...]
    hoisted: tuple[str, ...]


class Durable:
    """Let durable_rules judge; one host and one lock, renewed in a forked child.

    Raises BackendUnavailable where the library cannot be loaded.
    """

    def __init__(self) -> None:
        self._start()
        _living.add(self)

    def outcomes(self, selection: Selection, facts: Mapping[str, Any]) -> Outcomes:
        """Judge every rule of ``selection``; raises EngineDisagreement, HostError."""
        with self._lock:
            scope = scope_of(selection, facts)
            tally = Tally(selection)
            for stratum in self._program(selection):
                self._judge(stratum, scope, tally)
                scope.update(tally.derived)
            return tally.outcomes()

    def hoisted(self, selection: Selection) -> tuple[str, ...]:
        """Give the terms of ``selection`` that are computed before the library sees them."""
        with self._lock:
            terms = (term for stratum in self._program(selection) for term in stratum.hoisted)
            return tuple(dict.fromkeys(terms))

    def close(self) -> None:
        """Free the library's memory."""
        with self._lock:
            self._programs.clear()
            self._host.close()

    def _start(self) -> None:
        self._host = Host()
        self._lock = Lock()
        self._programs: dict[Selection, tuple[Stratum, ...]] = {}

    def _program(self, selection: Selection) -> tuple[Stratum, ...]:
        found = self._programs.get(selection)
        if found is None:
            found = tuple(self._compile(rules) for rules in selection.strata)
            self._programs[selection] = found
        return found

    def _compile(self, rules: tuple[Rule, ...]) -> Stratum:
        compiler = Compiler()
        terms = tuple(
            (rule, compiler.condition(rule.when) if rule.when else None) for rule in rules
        )
        sheets = tuple(
            self._sheet(compiler, frame, chunk)
            for frame, branches in _passes(compiler.judgements)
            for chunk in _chunks(branches)
        )
        return Stratum(terms, compiler.case, sheets, tuple(compiler.hoisted))

    def _sheet(self, compiler: Compiler, frame: Frame, chunk: Sequence[Meant]) -> Sheet:
        names = sorted(
            {name for branch, _, _ in chunk for test in branch for name in test.attributes}
        )
        rules = {f"r{i}": pattern(branch) for i, (branch, _, _) in enumerate(chunk)}
        return Sheet(
            self._host.add(rules),
            frame,
            tuple((name, compiler.attributes[name]) for name in names),
            {f"r{i}": (judgement, holds) for i, (_, judgement, holds) in enumerate(chunk)},
        )

    def _judge(self, stratum: Stratum, scope: Mapping[str, Any], tally: Tally) -> None:
        case = Row(stratum.case, scope)
        for sheet in stratum.sheets:
            self._run(sheet, case.rows(sheet.frame))
        for rule, term in stratum.rules:
            value = True if term is None else _known(case, term)
            if value is not False:  # of which nothing is recorded
                _record(rule, value, scope, tally)

    def _run(self, sheet: Sheet, rows: Sequence[Row]) -> None:
        if not rows:
            return
        facts = [_fact(sheet, row) for row in rows]
        for row, fired in zip(rows, self._host.run(sheet.ruleset, facts), strict=True):
            for rule in fired:
                judgement, holds = sheet.meanings[rule]
                if row.results.setdefault(judgement, holds) is not holds:
                    raise EngineDisagreement("durable_rules finds a condition true and false")


def hoisted_terms(selection: Selection) -> tuple[str, ...]:
    """Give the terms of ``selection`` that durable_rules cannot express, as written."""
    durable = Durable()
    try:
        return durable.hoisted(selection)
    finally:
        durable.close()


def _known(case: Row, term: Term) -> Any:
    """Give what a condition comes to; ``None`` where working that out is too much work."""
    try:
        return case.value(term)
    except EvaluationLimit:
        return None


def _record(rule: Rule, value: Any, scope: Mapping[str, Any], tally: Tally) -> None:
    """Record what a condition comes to; what the library cannot say, the tracing walk does."""
    from pmo_engine.engines.reference import judge, record  # noqa: PLC0415 - slow, often not needed

    if value is True:
        record(rule, value, scope, tally)
    else:
        judge(rule, scope, tally)


def _fact(sheet: Sheet, row: Row) -> dict[str, Any]:
    codes = {name: row.code(name, attribute) for name, attribute in sheet.attributes}
    return {"kind": "case", **{name: code for name, code in codes.items() if code is not None}}


def _passes(judgements: Sequence[Judgement]) -> Iterator[tuple[Frame, list[Meant]]]:
    """Group the branches of all judgements by pass and frame, in the order of passes."""
    places = {frame: i for i, frame in enumerate(dict.fromkeys(j.frame for j in judgements))}
    ordered = sorted(judgements, key=lambda each: (each.level, places[each.frame]))
    for (_, frame), group in groupby(ordered, key=lambda each: (each.level, each.frame)):
        yield frame, [meant for judgement in group for meant in _branches(judgement)]


def _branches(judgement: Judgement) -> Iterator[Meant]:
    for branch in judgement.pair.true:
        yield branch, judgement, True
    for branch in judgement.pair.false:
        yield branch, judgement, False


def _chunks(branches: Sequence[Meant]) -> Iterator[Sequence[Meant]]:
    size = CAPACITY - 1  # the sentinel is one of them
    for start in range(0, len(branches), size):
        yield branches[start : start + size]


_living: WeakSet[Durable] = WeakSet()


def _renew() -> None:
    """Give a forked child hosts and locks of its own: its parent's may be in the middle of work."""
    for durable in _living:
        durable._start()  # noqa: SLF001 - its own module


os.register_at_fork(after_in_child=_renew)
