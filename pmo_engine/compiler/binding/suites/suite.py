"""Binds suites: facts put together, variations written out, what is expected held against names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings
from pmo_engine.compiler.binding.suites.ballots import ballot_case
from pmo_engine.compiler.binding.suites.case_facts import merged, place_of, placed, taken_away
from pmo_engine.compiler.binding.suites.gates import gate_expectations
from pmo_engine.compiler.pack_folders import known_packs
from pmo_engine.feel import types as t
from pmo_engine.feel.wire import aware
from pmo_engine.model.event_names import EventName
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.hints.values import yes_or_no
from pmo_engine.model.signatures import roles_in
from pmo_engine.model.vocabulary import ObligationKind
from pmo_engine.policy.acts import APPROVE, verb_of
from pmo_engine.policy.events import event_meant, known_events, read_facts
from pmo_engine.policy.fact_paths import leaves
from pmo_engine.policy.suites.expectations import (
    APPROVALS,
    BY_ROLE,
    DETAILS,
    EXPECTATIONS,
    OF_APPROVALS,
    OF_OBLIGATIONS,
    OF_RULES,
    OF_TIME,
    names_several,
)
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import closest, nearest
from pmo_engine.source.yaml_source import Mapping, Text, as_list, mark_of, rewritings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from pmo_engine.source.diagnostics import Mark

OF_THE_CASE = ("at", "after")
"""What a case can vary beside a fact: when it happens, and how much time passes after it."""


def suites(context: Context, policy: tree.Policy) -> tuple[tree.Suite, ...]:
    """Bind all suites; what they are about, their events and their facts must exist."""
    binder = _Binder(context.findings, policy)
    documents = enumerate(context.reading.of(s.SuiteEntry), 1)
    return tuple(binder.suite(document, number) for number, document in documents)


_OTHER_WORDS = {
    "derived": ("facts",),
    "notified": ("notices",),
    "approvers": ("approvals",),
    "approved_by": ("approvals",),
    "result": ("status",),
    "outcome": ("status",),
}
"""What else people call what is expected."""


@dataclass(frozen=True, slots=True)
class _Variation:
    """One case as it is run: a case as written, or one of those that it varies into."""

    name: str
    value: Text | None  # of what is varied
    expect: Mapping
    mark: Mark


class _Binder:
    """Binds the suites of one policy."""

    def __init__(self, findings: Findings, policy: tree.Policy) -> None:
        self.findings, self.policy = findings, policy
        self.names = _Names(policy)

    def suite(self, document: s.SuiteEntry, number: int) -> tree.Suite:
        """Bind one suite; without an id it is called after what it is about."""
        for name in document.about:
            self.findings.known(name, self.names.rules, codes.UNKNOWN, "rule")
        id = str(document.id or next(iter(document.about), f"suite-{number}"))
        about = tuple(str(item) for item in document.about)
        cases: list[tree.Case] = []
        ballots: list[tree.BallotCase] = []
        gates: list[tree.GateCase] = []
        for entry in document.cases:
            if entry.gate is not None:
                gates += self._gate_cases(document, entry, entry.gate)
            elif entry.ballot is None:
                cases += self._cases(document, entry)
            elif case := ballot_case(self.findings, self.policy, entry, entry.ballot):
                ballots.append(case)
        self._check_names([*cases, *ballots, *gates])
        mine = tuple(cases), document.mark, tuple(ballots), tuple(gates)
        return tree.Suite(id, about, *mine)

    def _check_names(self, cases: Iterable[tree.Case | tree.BallotCase | tree.GateCase]) -> None:
        first: dict[str, Mark] = {}
        for case in cases:
            earlier = first.setdefault(case.name, case.mark)
            if earlier is not case.mark:
                message = f"a case '{case.name[:60]}' is in this suite already"
                self.findings.add(
                    case.mark, codes.CASE_TWICE, message, f"first {earlier}", "warning"
                )

    def _cases(self, document: s.SuiteEntry, entry: s.CaseEntry) -> Iterator[tree.Case]:
        event = entry.event or document.event
        if event is None:
            message = "neither the suite nor this case names its event"
            self.findings.add(entry.mark, codes.MISSING_KEY, message, "add 'event:'")
            return
        known = known_events(self.policy)
        self.findings.known(event, known, codes.UNKNOWN, "event", event_meant(event, known))
        for variation, at, after, facts in self._written_out(document, entry):
            self._check_expectations(variation, timed=after is not None)
            yield tree.Case(
                name=variation.name,
                event=EventName(event),
                at=None if at is None else str(at),
                facts=facts,
                expect=variation.expect,
                mark=variation.mark,
                after=None if after is None else str(after),
            )

    def _gate_cases(
        self, document: s.SuiteEntry, entry: s.CaseEntry, gate: Text
    ) -> Iterator[tree.GateCase]:
        if not self.findings.known(gate, self.policy.gates, codes.UNKNOWN, "gate"):
            return
        declared = self.policy.gates[gate]
        for variation, at, _, facts in self._written_out(document, entry):
            criteria, recommended = gate_expectations(self.findings, declared, variation.expect)
            yield tree.GateCase(
                name=variation.name,
                gate=str(gate),
                at=None if at is None else str(at),
                facts=facts,
                criteria=criteria,
                recommended=recommended,
                mark=variation.mark,
            )

    def _written_out(
        self, document: s.SuiteEntry, entry: s.CaseEntry
    ) -> Iterator[tuple[_Variation, Text | None, Text | None, Mapping]]:
        """Give each variation of a case with its time, the time that passes after it, its facts."""
        shared = merged(document.facts, entry.facts)
        facts = self._without(shared, entry.without)
        for variation in self._variations(entry):
            at, after = entry.at or document.at, entry.after or document.after
            own = facts
            match entry.vary:
                case None:
                    pass
                case "at":
                    at = variation.value
                case "after":
                    after = variation.value
                case path:
                    own = placed(facts, FactPath(path).steps, variation.value)
            self._check_times(at, after)
            self._check_facts(own, variation.mark, self._day(at))
            yield variation, at, after, own

    def _variations(self, entry: s.CaseEntry) -> Iterator[_Variation]:
        if entry.vary is None:
            yield _Variation(str(entry.name), None, entry.expect, entry.mark)
            return
        if entry.vary not in OF_THE_CASE and not FactPath(entry.vary).steps:
            message = f"'{entry.vary[:60]}' is not the path of a fact"
            self.findings.add(
                entry.vary.mark, codes.WRONG_VALUE, message, "write it as in change.cost"
            )
            return
        for value, expect in entry.expect.items():
            mark = entry.expect.keys_at[value]
            if not isinstance(expect, Mapping):
                message = f"with 'vary', what is expected stands under each value of {entry.vary}"
                hint = f"write '{value[:40]}: {{approvals: [..]}}'"
                self.findings.add(mark_of(expect, mark), codes.WRONG_VALUE, message, hint)
                continue
            name = f"{entry.name}: {entry.vary} = {value}"
            yield _Variation(name, Text(value, mark), expect, mark)

    def _without(self, facts: Mapping, paths: Iterable[Text]) -> Mapping:
        for path in paths:
            left = taken_away(facts, FactPath(path).steps)
            if left is facts:
                known = list(leaves(facts))
                hint = nearest(path, known) or f"given: {', '.join(known[:8]) or 'nothing'}"
                message = f"'{path[:60]}' is not given, so it cannot be taken away"
                self.findings.add(path.mark, codes.NOTHING_TO_TAKE_AWAY, message, hint)
            facts = left
        return facts

    def _check_times(self, at: Text | None, after: Text | None) -> None:
        if at is not None:
            self.findings.parsed(_moment, at)
        self.findings.span(after)

    def _day(self, at: Text | None) -> date | None:
        """Give the day on which a case happens, by whose rates its amounts are read."""
        try:
            return self.policy.in_force_from if at is None else _moment(at).date()
        except ValueError:
            return None  # whoever checks the time says so

    def _check_facts(self, facts: Mapping, fallback: Mark, on: date | None) -> None:
        for problem in read_facts(self.policy, facts, on)[1]:
            place = place_of(facts, FactPath(problem.path), fallback)
            self.findings.misread(problem.value, place, codes.WRONG_VALUE, problem)

    # What is expected

    def _check_expectations(self, variation: _Variation, *, timed: bool) -> None:
        expect = variation.expect
        if not expect:
            hint = "say what must come out, as in {approvals: [pmo_head]}"
            message = f"case '{variation.name[:60]}' expects nothing"
            self.findings.add(variation.mark, codes.EXPECTS_NOTHING, message, hint, "warning")
        for key, value in expect.items():
            place = expect.keys_at[key]
            shape = EXPECTATIONS.get(key)
            if shape is None:
                near = [*_OTHER_WORDS.get(key, ()), *closest(key, EXPECTATIONS)]
                hint = f"did you mean '{near[0]}'?" if near else ""
                hint = hint or f"known: {', '.join(EXPECTATIONS)}"
                self.findings.add(place, codes.UNKNOWN_KEY, f"unknown key '{key[:60]}'", hint)
            elif not shape.holds(value):
                place, message = mark_of(value, expect.mark), f"'{key}' is {shape.about}"
                fixes = as_list(value) if shape.holds([value]) else ()
                meant = [e for e in yes_or_no(str(value)) if shape.holds(Text(e))]
                fixes = fixes or rewritings(value, meant)
                self.findings.add(place, codes.WRONG_VALUE, message, fixes=fixes)
            elif key in OF_TIME and not timed:
                message = f"'{key}' needs to know how much time has passed"
                self.findings.add(place, codes.MISSING_KEY, message, "add 'after: 2 working days'")
            else:
                self._check_named(key, value)

    def _check_named(self, key: str, value: Any) -> None:
        if key in OF_OBLIGATIONS:
            for item in value:
                self._check_details(item, DETAILS)
            return
        if key == APPROVALS:
            for item in value:
                self._check_approval(item)
            return
        what, known = self.names.under(key)
        named = value
        if isinstance(value, Mapping):
            named = [Text(name, value.keys_at[name]) for name in value]
        for name in named if what else ():
            if isinstance(name, Text) and (key != "information" or not self._is_path(name)):
                self.findings.known(name, known, codes.EXPECTS_THE_IMPOSSIBLE, what)

    def _check_approval(self, item: Any) -> None:
        """Check an approval that is expected: a role or how several sign, or what is said of it."""
        if isinstance(item, Mapping):
            self._check_details(item, OF_APPROVALS)
        elif isinstance(item, Text):
            self._check_who(item)

    def _check_who(self, written: Text) -> None:
        roles = list(roles_in(written))
        are_known = all(role in self.policy.roles for _, role in roles)
        if len(roles) > 1 and not are_known and (meant := closest(written, self.policy.roles)):
            known, code = self.policy.roles, codes.EXPECTS_THE_IMPOSSIBLE
            self.findings.known(written, known, code, "role", meant)  # its title, perhaps
            return
        for start, role in roles or [(0, str(written))]:
            self.findings.known(
                Text(role, written.place(start)),
                self.policy.roles,
                codes.EXPECTS_THE_IMPOSSIBLE,
                "role",
            )

    def _check_details(self, item: Mapping, details: Sequence[str]) -> None:
        for key, value in item.items():
            if key not in details:
                hint = nearest(key, details) or f"known: {', '.join(details)}"
                self.findings.add(
                    item.keys_at[key], codes.UNKNOWN_KEY, f"unknown key '{key[:60]}'", hint
                )
            elif key == "from" and names_several(value):
                for each in value:
                    self._check_who(each)
            elif not isinstance(value, Text):
                self.findings.add(
                    mark_of(value, item.mark), codes.WRONG_VALUE, f"'{key}' is a text"
                )
            elif key == "within":
                self.findings.span(value)
            else:
                what, known = self.names.under(key)
                meant = [each for each in known if key == "act" and verb_of(each) == value]
                if what:
                    self.findings.known(value, known, codes.EXPECTS_THE_IMPOSSIBLE, what, meant)

    def _is_path(self, text: str) -> bool:
        """Tell whether a path leads to a fact that there can be."""
        kind: t.Type = t.ContextType(tuple(self.policy.facts.items()))
        path = FactPath(text)
        for step in path.steps:
            match kind, step:
                case t.ListType(item), int():
                    kind = item
                case t.ContextType(), str():
                    found = kind.entry(step)
                    if found is None:
                        return kind.open
                    kind = found
                case t.Simple("any"), _:
                    return True
                case _:
                    return False
        return bool(path.steps)


class _Names:
    """The names that expectations may use, by what they are."""

    def __init__(self, policy: tree.Policy) -> None:
        self.rules = {rule.id for rule in policy.rules}
        effects = [effect for rule in policy.rules for effect in rule.then]
        self._policy = policy
        self._evidence = {e.evidence for e in effects if isinstance(e, tree.RequireEvidence)}
        self._functional = {e.role for e in effects if isinstance(e, tree.RequireAssessment)}
        asked = {e.act for e in effects if isinstance(e, tree.RequireApproval) and e.act}
        self._acts = {*asked, *(f"{APPROVE} {r.noun}" for r in policy.registers.values())}
        self._derived = {e.fact for e in effects if isinstance(e, tree.Derive)}
        records = {k: v for k, v in policy.facts.items() if isinstance(v, t.ContextType)}
        fields = {f"{root}.{name}" for root, kind in records.items() for name, _ in kind.entries}
        self._paths = fields.union(policy.facts)

    def under(self, key: str) -> tuple[str, Collection[str]]:
        """Say what the names under a key are, and which there are; nothing where any will do."""
        policy = self._policy
        if key in OF_RULES or key == "rule":
            return "rule", self.rules
        if key == "assessments":
            return "functional role", self._functional.union(known_packs())
        if key in BY_ROLE or key in OF_TIME:
            return "role", policy.roles
        match key:
            case "from":
                return "role", {*policy.roles, *self._functional}
            case "information":
                return "fact", self._paths
            case "evidence":
                return "evidence", self._evidence
            case "facts":
                return "derived fact", self._derived
            case "ladder":
                return "ladder", policy.ladders
            case "kind":
                return "kind of obligation", get_args(ObligationKind)
            case "binding":
                return "binding", ("shall", "should", "may")
            case "act":
                return "act", self._acts
            case "sequence" | "distinct":
                return "answer", ("true", "false")
            case _:
                return "", ()


def _moment(text: str) -> datetime:
    try:
        return aware(text)
    except ValueError:
        message = f"'{text[:60]}' is not a time with its zone, as in 2026-03-02T09:00:00Z"
        raise ValueError(message) from None
