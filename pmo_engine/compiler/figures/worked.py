"""Binds the examples that work figures out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context
from pmo_engine.compiler.binding.suites.case_facts import merged, place_of
from pmo_engine.feel import types as t
from pmo_engine.feel.wire import WireError, aware, from_wire
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.policy.events import read_facts
from pmo_engine.policy.figures import MEASURES
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest
from pmo_engine.source.yaml_source import Text, mark_of

if TYPE_CHECKING:
    from pmo_engine.source.yaml_source import Mapping as Written

NOT_AVAILABLE = "not available"


def worked_examples(context: Context, policy: tree.Policy) -> tuple[tree.WorkedExample, ...]:
    """Bind worked examples: their records, and the figures that they give, must exist."""
    binder = _Examples(context, policy)
    documents = context.reading.of(s.WorkedExamples)
    return tuple(binder.example(each, entry) for each in documents for entry in each.examples)


class _Examples:
    """Binds the worked examples of one policy."""

    def __init__(self, context: Context, policy: tree.Policy) -> None:
        self.findings, self.policy = context.findings, policy
        self.figures = {each.id: each for each in policy.figures}

    def example(self, document: s.WorkedExamples, entry: s.ExampleEntry) -> tree.WorkedExample:
        """Bind one example."""
        facts, at = merged(document.facts, entry.facts), entry.at or document.at
        if at is not None:
            self.findings.parsed(aware, at)
        for problem in read_facts(self.policy, facts)[1]:
            place = place_of(facts, FactPath(problem.path), entry.mark)
            self.findings.misread(problem.value, place, codes.WRONG_VALUE, problem)
        return tree.WorkedExample(
            name=str(entry.name),
            working=str(entry.working),
            at=None if at is None else str(at),
            facts=facts,
            gives=self._given(entry.gives),
            mark=entry.mark,
        )

    def _given(self, gives: Written) -> dict[str, Any]:
        found = {}
        for name, value in gives.items():
            place = gives.keys_at[name]
            figure = self.figures.get(name.rpartition(".")[2])
            if figure is None or (figure.of is None) == ("." in name):
                known = [each.id if each.of is None else f"KEY.{each.id}" for each in self._all()]
                hint = nearest(name, known) or f"known: {', '.join(known[:8]) or 'none'}"
                message = f"unknown figure '{name[:60]}'"
                self.findings.add(place, codes.EXPECTS_THE_IMPOSSIBLE, message, hint)
            else:
                found[str(name)] = self._value(figure, Text(value, mark_of(value, place)))
        return found

    def _all(self) -> tuple[tree.Figure, ...]:
        return self.policy.figures

    def _value(self, figure: tree.Figure, written: Text) -> Any:
        """Read what a figure is to come to; a text for what is not to be available."""
        if written.startswith(NOT_AVAILABLE):
            return str(written)
        kind = figure.formula.type
        if kind == t.ANY and figure.unit not in MEASURES:
            kind = t.NUMBER
        try:
            return from_wire(kind, written, figure.id)
        except WireError as error:
            self.findings.misread(written, written.mark, codes.WRONG_VALUE, error)
            return None
