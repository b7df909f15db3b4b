"""Binds rules and packs, and sorts what they derive into strata."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.approvals import ApprovalBinder, texts_of
from pmo_engine.compiler.binding.context import Context, Findings, unique
from pmo_engine.compiler.binding.expressions import bind_expression, mentioned
from pmo_engine.compiler.binding.naming.taken import table_in, taken, way_out
from pmo_engine.compiler.binding.naming.worded import check_words
from pmo_engine.compiler.binding.norms import Norms, first_day
from pmo_engine.compiler.binding.registers import names_on
from pmo_engine.compiler.binding.tables import is_name
from pmo_engine.compiler.binding.tolerances import check_calls
from pmo_engine.compiler.registers.measured import rules_of_tolerances
from pmo_engine.compiler.registers.states import guarded, state_names
from pmo_engine.feel import types as t
from pmo_engine.feel.compatibility import join
from pmo_engine.feel.functions import LEAST_SENIOR, TOLERANCE
from pmo_engine.feel.mentions import ROLE_FUNCTIONS, acts_named, roles_named
from pmo_engine.model.event_names import EventName
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.graphs import beginning_at
from pmo_engine.policy.events import PLACES, event_meant
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import NOWHERE
from pmo_engine.source.yaml_source import Text, mark_of, rewritings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.compiler.binding.defaults import Defaults, Time, Timed

    Derived: TypeAlias = tuple[s.Rules, s.RuleEntry, s.DeriveEffect]

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)+")


class RuleBinder:
    """Binds the rules of a policy and its packs against what is known by then."""

    def __init__(
        self,
        context: Context,
        roles: Mapping[str, tree.Role],
        registers: Mapping[str, tree.Register],
        facts: Mapping[str, t.Type],
        tables: Mapping[str, t.Type],
        norms: Norms,
        defaults: Defaults,
        approvals: ApprovalBinder,
    ) -> None:
        self.context = context
        self.findings = context.findings
        self.roles = roles
        self.registers = registers
        self.facts = dict(facts)
        self.tables = tables
        self.norms = norms
        self.defaults = defaults
        self.approvals = approvals
        self.unbound = norms.without_value()

    def bind(self) -> tuple[tree.Rule, ...]:
        """Bind every rule in the order of the files, once for each span in which it differs."""
        documents = [
            *self.context.reading.of(s.Rules),
            *rules_of_tolerances(self.context, self.registers),
        ]
        entries = [(d, e) for d in documents for e in d.rules]
        unique(self.findings, [(e.id, e) for _, e in entries], "rule")
        self._declare_derived(entries)
        return tuple(rule for document, entry in entries for rule in self._rules(document, entry))

    def _declare_derived(self, entries: list[tuple[s.Rules, s.RuleEntry]]) -> None:
        """Find the types of derived facts: each may look at those before it in the chain."""
        waiting = [
            (document, entry, effect.derive)
            for document, entry in entries
            for effect in entry.then
            if effect.derive is not None
        ]
        self._check_once(waiting)
        given = frozenset(self.facts)
        for _, _, derive in waiting:
            if not is_name(derive.fact):
                message = f"derived fact '{derive.fact}' is no name that an expression can use"
                hint = "use letters, digits and _, as in is_major"
                self.findings.add(derive.fact.mark, codes.WRONG_VALUE, message, hint)
            if derive.fact in self.tables:
                self._refuse(derive.fact, f"it is a table{table_in(self.context, derive.fact)}")
            if derive.fact in given:
                self._refuse(derive.fact, taken(self.context, derive.fact))
            self.facts[str(derive.fact)] = t.ANY
        for document, entry, derive in self._in_order(waiting):
            found = self._quiet_type(document, entry, derive.value)
            before = self.facts[str(derive.fact)]
            self.facts[str(derive.fact)] = found if before == t.ANY else join(before, found)

    def _refuse(self, fact: Text, why: str) -> None:
        message = f"'{fact}' cannot be a derived fact: {why}"
        hint = way_out(self.context, fact, self.facts, "derived")
        self.findings.add(fact.mark, codes.DECLARED_TWICE, message, hint)

    def _check_once(self, waiting: list[Derived]) -> None:
        """Find facts that two rules derive at one time."""
        for place, (document, entry, derive) in enumerate(waiting):
            held = self.norms.held(document, entry)
            for earlier in waiting[:place]:
                if earlier[2].fact == derive.fact and any(
                    one & other for one in held for other in self.norms.held(*earlier[:2])
                ):
                    message = f"derived fact '{derive.fact}' is declared twice"
                    first = f"first {earlier[2].fact.mark}"
                    self.findings.add(derive.fact.mark, codes.DECLARED_TWICE, message, first)
                    break

    def _in_order(self, waiting: list[Derived]) -> list[Derived]:
        """Sort derivations so that each comes after those that it looks at, as far as they do."""
        by_fact: dict[str, list[Derived]] = {}
        for each in waiting:
            by_fact.setdefault(str(each[2].fact), []).append(each)
        needs = {
            fact: {name for each in found for name in mentioned(each[2].value)} & by_fact.keys()
            for fact, found in by_fact.items()
        }
        try:
            ordered = TopologicalSorter(needs).static_order()
            return [each for fact in ordered for each in by_fact[fact]]
        except CycleError:
            return []  # which `strata` reports

    def _quiet_type(self, document: s.Rules, entry: s.RuleEntry, text: Text) -> t.Type:
        names = self._names(self._events(entry, quiet=True))
        values, known = self.norms.values(document, date.max), self.norms.tolerances
        bound = bind_expression(Findings(), text, names, values, condition=False, known=known)
        return bound.type if bound is not None else t.ANY

    def _names(self, events: tuple[EventName, ...]) -> Mapping[str, t.Type]:
        facts = {**self.tables, **self.unbound, **self.facts}
        return names_on(events, self.registers, facts)

    def _events(self, entry: s.RuleEntry, *, quiet: bool = False) -> tuple[EventName, ...]:
        """Give the events that a rule judges, what the clock raises for it last."""
        findings = Findings() if quiet else self.findings
        named = tuple(EventName(self._meant(findings, each)) for each in entry.events)
        if entry.every is None:
            return named
        timed = [EventName.timed(noun, entry.every) for noun in self._nouns(findings, entry)]
        return tuple(dict.fromkeys((*named, *timed)))

    def _meant(self, findings: Findings, event: Text) -> str:
        """Give the event that is named; what names none in this form is told, and read as meant."""
        known = {each for register in self.registers.values() for each in register.events}
        if EventName(event).noun in {each.noun for each in known} and "." in event:
            return event
        if not (meant := event_meant(event, known)):
            return event
        message, hint = f"unknown event '{event[:60]}'", f"did you mean '{meant[0]}'?"
        fixes = rewritings(event, meant)
        findings.add(mark_of(event, NOWHERE), codes.UNKNOWN, message, hint, fixes=fixes)
        return meant[0]

    def _nouns(self, findings: Findings, entry: s.RuleEntry) -> Iterator[str]:
        """Name what 'every' is about: by 'of', by what the rule is on, or by what it looks at."""
        by_root = {each.root: each.noun for each in self.registers.values()}
        if entry.of is not None:
            known = (*by_root.values(), *PLACES)
            if findings.known(entry.of, known, codes.UNKNOWN, "record"):
                yield str(entry.of)
            return
        looked_at = {by_root[name] for name in _mentioned_by(entry) & by_root.keys()}
        nouns = {EventName(each).noun for each in entry.events} or looked_at
        if len(nouns) == 1:
            yield from nouns
            return
        message = f"rule '{entry.id}' does not say what it judges every {entry.every}"
        hint = "write what 'of' beside 'every': the noun of a register, as in 'of: risk'"
        findings.add(entry.mark, codes.WRONG_VALUE, message, hint)

    def _rules(self, document: s.Rules, entry: s.RuleEntry) -> Iterator[tree.Rule]:
        """Bind a rule for each span of days in which what it mentions has one value."""
        self._check_days(entry)
        names = _mentioned_by(entry) if self.norms.is_dated(document) else frozenset()
        for span in self.norms.spans(document, entry, names):
            rule = self._rule(document, entry, span)
            governed = rule.in_force & tree.InForce(self.norms.in_force_from)
            for each in rule.expressions:
                if TOLERANCE in each.text:
                    check_calls(self.findings, each, self.norms.tolerances, governed)
            yield rule

    def _rule(self, document: s.Rules, entry: s.RuleEntry, span: tree.InForce) -> tree.Rule:
        events = self._events(entry)
        names = self._names(events)
        parameters = self.norms.values(document, first_day(span))
        when = None
        if entry.when is not None:
            when = self._expression(entry.when, names, parameters, condition=True)
        written, states = when, state_names(self.findings, entry, events, self.registers)
        if states:
            when = guarded(
                written, states, events[0].noun, self.registers, names, parameters, self.norms
            )
        effects = tuple(
            bound
            for effect in entry.then
            if (bound := self._effect(effect, names, parameters)) is not None
        )
        self._check_timed(entry, events, effects)
        return tree.Rule(
            id=str(entry.id),
            title=str(entry.title),
            on=events,
            binding=entry.binding,
            when=when,
            then=effects,
            in_force=span,
            clause=str(entry.clause or ""),
            source=str(entry.source or ""),
            pack=None if document.pack is None else str(document.pack),
            mark=entry.mark,
            states=states,
            written=written if states else None,
        )

    def _check_timed(
        self, entry: s.RuleEntry, events: tuple[EventName, ...], effects: tuple[tree.Effect, ...]
    ) -> None:
        """Find what a rule on time says and the clock cannot do: it approves and counts nothing."""
        if not any(event.rhythm for event in events):
            return
        for effect in effects:
            if isinstance(effect, tree.AutoApprove | tree.Finding):
                what = "lets pass" if isinstance(effect, tree.AutoApprove) else "counts"
                message = f"rule '{entry.id}' {what} something, and is judged as time goes by"
                hint = "time asks and tells; say it in a rule 'on' the event that it is about"
                self.findings.add(entry.mark, codes.WRONG_VALUE, message, hint)
        nouns = {each.noun for each in events if each.rhythm}
        if nouns & (set(PLACES) - {each.noun for each in self.registers.values()}):
            self._check_place(entry, effects)

    def _check_place(self, entry: s.RuleEntry, effects: tuple[tree.Effect, ...]) -> None:
        """Find what a rule asks of a project or an office that nobody can give to one."""
        for effect in effects:
            if isinstance(effect, tree.RequireApproval | tree.Block):
                message = f"rule '{entry.id}' is about no record, which alone is decided about"
                hint = "let it tell somebody, or ask for evidence or an exception report"
            elif isinstance(effect, tree.RequireInformation | tree.RequireEvidence) and (
                effect.role is None
            ):
                message = f"rule '{entry.id}' does not say who gives what it asks for"
                hint = "write 'from:' with a role: nobody entered a project or an office"
            else:
                continue
            self.findings.add(entry.mark, codes.WRONG_VALUE, message, hint)

    def _check_days(self, entry: s.RuleEntry) -> None:
        first, end = entry.in_force_from, entry.in_force_to
        if first is not None and end is not None and end <= first:
            message = f"rule '{entry.id}' is never in force: from {first} to {end}"
            hint = "'in_force_to' is the first day on which it no longer holds"
            self.findings.add(entry.mark, codes.WRONG_VALUE, message, hint)

    def _expression(
        self,
        text: Text,
        names: Mapping[str, t.Type],
        parameters: Mapping[str, Any],
        *,
        condition: bool = False,
    ) -> tree.Expression | None:
        bound = bind_expression(
            self.findings, text, names, parameters, condition=condition, known=self.norms.tolerances
        )
        if bound is None or not any(name in text for name in (*ROLE_FUNCTIONS, LEAST_SENIOR)):
            return bound  # which saves most expressions the walk
        acts = [f"approve {register.noun}" for register in self.registers.values()]
        for role, offset in roles_named(bound.node):
            self.findings.known(
                Text(role, text.place(offset)), self.roles, codes.UNKNOWN_ROLE, "role"
            )
        for act, offset in acts_named(bound.node):
            if act.startswith("approve "):
                self.findings.known(Text(act, text.place(offset)), acts, codes.UNKNOWN, "act")
        return bound

    def _effect(
        self, entry: s.EffectEntry, names: Mapping[str, t.Type], parameters: Mapping[str, Any]
    ) -> tree.Effect | None:
        check_words(self.findings, entry, self.roles, names)
        if entry.derive is not None:
            value = self._expression(entry.derive.value, names, parameters)
            return None if value is None else tree.Derive(str(entry.derive.fact), value)
        if entry.block is not None:
            return tree.Block(str(entry.block))
        if entry.finding is not None:
            return tree.Finding(str(entry.finding))
        if entry.auto_approve is not None:
            return tree.AutoApprove(str(entry.auto_approve.source))
        if (approval := entry.require_approval) is not None:
            bind = partial(self._expression, names=names, parameters=parameters)
            return self.approvals.approval(approval, self._time(approval), bind)
        return self._obliging(entry, names)

    def _obliging(self, entry: s.EffectEntry, names: Mapping[str, t.Type]) -> tree.Effect | None:
        if (assessment := entry.require_assessment) is not None:
            return tree.RequireAssessment(str(assessment.from_), *self._time(assessment))
        if (information := entry.require_information) is not None:
            facts = tuple(self._path(path, names) for path in information.facts)
            role = self._optional_role(information.from_)
            return tree.RequireInformation(facts, role, *self._time(information))
        if (evidence := entry.require_evidence) is not None:
            age = self.findings.span(evidence.max_age)
            role = self._optional_role(evidence.from_)
            return tree.RequireEvidence(str(evidence.evidence), role, age, *self._time(evidence))
        if (exception := entry.raise_exception) is not None:
            self._role(exception.to)
            return tree.RaiseException(
                str(exception.to), str(exception.reason), *self._time(exception)
            )
        assert entry.notify is not None  # the schema asks for exactly one
        self._role(entry.notify.to)
        return tree.Notify(str(entry.notify.to), str(entry.notify.message))

    def _path(self, text: Text, names: Mapping[str, t.Type]) -> FactPath:
        """Check that a text is the path of a fact, as in ``change.cost``."""
        if _PATH.fullmatch(text):
            bind_expression(self.findings, text, names, {}, condition=False)
        else:
            message = f"'{text[:60]}' is not the path of a fact"
            self.findings.add(text.mark, codes.WRONG_VALUE, message, self.findings.path_of(text))
        return FactPath(text)

    def _time(self, entry: Timed) -> Time:
        return self.defaults.of(self.findings, entry)

    def _role(self, name: Text, *others: str) -> None:
        self.findings.known(name, [*others, *self.roles], codes.UNKNOWN_ROLE, "role")

    def _optional_role(self, name: Text | None) -> str | None:
        if name is None:
            return None
        self._role(name)
        return str(name)


def _mentioned_by(entry: s.RuleEntry) -> frozenset[str]:
    return frozenset(name for text in _texts(entry) for name in mentioned(text))


def _texts(entry: s.RuleEntry) -> Iterator[Text]:
    """Give the texts of a rule that are expressions."""
    if entry.when is not None:
        yield entry.when
    for effect in entry.then:
        if effect.derive is not None:
            yield effect.derive.value
        if effect.require_approval is not None:
            yield from texts_of(effect.require_approval)


def strata(context: Context, rules: tuple[tree.Rule, ...]) -> tuple[tuple[str, ...], ...]:
    """Sort rules so that each looks only at facts derived before it; a circle is a finding."""
    derivers: dict[str, set[str]] = {}
    for rule in rules:
        for effect in rule.derivations:
            derivers.setdefault(effect.fact, set()).add(rule.id)
    needs: dict[str, set[str]] = {}
    for rule in rules:
        needs.setdefault(rule.id, set()).update(_needs(rule, derivers))
    sorter = TopologicalSorter(needs)
    try:
        sorter.prepare()
    except CycleError as error:
        _report_circle(context, rules, error.args[1])
        return (tuple(needs),)
    place = {name: number for number, name in enumerate(needs)}
    found: list[tuple[str, ...]] = []
    while sorter.is_active():
        found.append(tuple(sorted(sorter.get_ready(), key=place.__getitem__)))
        sorter.done(*found[-1])
    return tuple(found)


def _needs(rule: tree.Rule, derivers: Mapping[str, set[str]]) -> set[str]:
    if not derivers:
        return set()
    names = (name for text in rule.expressions for name in text.names)
    return {other for name in names for other in derivers.get(name, ())}


def _report_circle(context: Context, rules: tuple[tree.Rule, ...], circle: list[str]) -> None:
    """Name a circle, each rule before those that it looks at, from its first one in the files."""
    first = next(rule for rule in rules if rule.id in circle)
    named = beginning_at(first.id, circle)
    message = f"these rules derive facts from one another: {' -> '.join(named)}"
    hint = "let one of them look only at facts of the event"
    context.findings.add(first.mark, codes.CIRCLE, message, hint)
