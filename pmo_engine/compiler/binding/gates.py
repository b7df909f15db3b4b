"""Binds stage gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, in_order, unique
from pmo_engine.compiler.binding.expressions import bind_expression
from pmo_engine.compiler.binding.registers import names_on
from pmo_engine.feel import types as t
from pmo_engine.model.durations import days_before
from pmo_engine.model.event_names import EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import NOWHERE
from pmo_engine.source.yaml_source import Text, mark_of

if TYPE_CHECKING:
    from pmo_engine.compiler.binding.defaults import Defaults


GIVEN = "counts as given"
AT_GATES = (EventName.of("gate", "assessed"),)
"""The event about which what a gate looks at is known."""
WANTED = {"number": "score, from 0 to 10,", "date": "day"}


@dataclass(frozen=True, slots=True)
class _Known:
    """What gates may name, and what their expressions see."""

    roles: Mapping[str, tree.Role]
    registers: Mapping[str, tree.Register]
    visible: Mapping[str, t.Type]
    tolerances: Mapping[tuple[str, str], tree.Tolerance]
    defaults: Defaults


def gates(context: Context, *needs: Any) -> dict[str, tree.Gate]:
    """Bind all gates; their stages must be among those declared."""
    known = _Known(*needs)
    made = []
    for document in context.reading.of(s.Gates):
        for stage in document.stages:
            context.findings.identified(stage, "stage")
        for entry in document.gates:
            for stage in (entry.from_stage, entry.to_stage):
                if document.stages:
                    context.findings.known(stage, document.stages, codes.UNKNOWN, "stage")
                else:
                    context.findings.identified(stage, "stage")
            behind = _behind(document.stages, entry.from_stage)
            made.append((entry.id, _gate(context.findings, entry, known, behind)))
    return unique(context.findings, made, "gate")


def confidence(context: Context) -> tuple[tree.Confidence, ...]:
    """Bind the scales on which confidence is rated, each from its day on."""
    entries = [each for document in context.reading.of(s.Gates) for each in document.confidence]
    in_order(context.findings, entries, "scale")
    return tuple(tree.Confidence(each.scale, each.from_) for each in entries)


def _behind(stages: Sequence[Text], stage: Text) -> tuple[str, ...]:
    """Name the stages that are declared behind one."""
    named = [str(each) for each in stages]
    return tuple(named[named.index(str(stage)) + 1 :]) if str(stage) in named else ()


def _gate(
    findings: Findings, entry: s.GateEntry, known: _Known, behind: tuple[str, ...]
) -> tree.Gate:
    within, ladder = known.defaults.of(findings, entry)
    findings.known(entry.decided_by, known.roles, codes.UNKNOWN_ROLE, "role")
    evidence = [(each.id, _evidence(findings, each, known)) for each in entry.evidence]
    wanted = unique(findings, evidence, "evidence")
    criteria = [(each.id, _criterion(findings, each, known, wanted)) for each in entry.criteria]
    assessing = [_assessing(findings, each, known) for each in entry.assessments]
    return tree.Gate(
        id=str(entry.id),
        title=str(entry.title),
        from_stage=str(entry.from_stage),
        to_stage=str(entry.to_stage),
        assessments=tuple(dict.fromkeys(each.role for each in assessing)),
        decided_by=str(entry.decided_by),
        within=within,
        ladder=ladder,
        outcomes=tuple(entry.outcomes),
        criteria=tuple(unique(findings, criteria, "criterion").values()),
        evidence=tuple(wanted.values()),
        mark=entry.mark,
        when_time_is_up=time_up(findings, entry),
        assessing=tuple(assessing),
        opened_by=_roles(findings, entry.opened_by, known),
        opens=tuple(_opening(findings, each, known) for each in entry.opens),
        recommend=tuple(_advice(findings, entry, each, known) for each in entry.recommend),
        resources=entry.resources,
        repeats=entry.repeats,
        behind=behind,
    )


def _roles(findings: Findings, names: list[Text], known: _Known) -> tuple[str, ...]:
    for each in names:
        findings.known(each, known.roles, codes.UNKNOWN_ROLE, "role")
    return tuple(map(str, names))


def _opening(findings: Findings, entry: s.OpeningEntry, known: _Known) -> tree.Opening:
    """Bind when a gate is opened by itself: on an event, or before a day, and not both."""
    by_event, by_day = (entry.on, entry.when), (entry.before, entry.of)
    whole = entry.on is not None if entry.before is None else entry.of is not None
    if not whole or (any(by_event) and any(by_day)):
        message = "a gate is opened 'on' an event, or so long 'before' the day 'of' an expression"
        hint = "write {on: milestone.closed}, or {before: 4 weeks, of: project.stage_ends_on}"
        findings.add(entry.mark, codes.WRONG_VALUE, message, hint)
        return tree.Opening()
    if entry.on is not None:
        on = EventName(entry.on)
        nouns = {each.noun for each in known.registers.values()}
        if on.noun not in nouns:
            findings.known(Text(on.noun, entry.on.mark), nouns, codes.UNKNOWN, "record")
        names = names_on((on,), known.registers, known.visible)
        return tree.Opening(on, _seen(findings, entry.when, names, known, condition=True))
    before = findings.span(entry.before)
    if before is not None:
        findings.parsed(lambda _: days_before(date.max, before), entry.before)
    of = _bound(findings, entry.of, known, condition=False, kind="date")
    return tree.Opening(before=before, of=of)


def _advice(
    findings: Findings, gate: s.GateEntry, entry: s.AdviceEntry, known: _Known
) -> tree.Advice:
    if entry.outcome not in gate.outcomes:
        message = f"gate {gate.id} cannot be decided to be '{entry.outcome}'"
        findings.add(entry.mark, codes.WRONG_VALUE, message, f"it has {', '.join(gate.outcomes)}")
    when = _bound(findings, entry.when, known, condition=True)
    return tree.Advice(entry.outcome, when, str(entry.because))


def _assessing(
    findings: Findings, entry: Text | s.AssessmentEntry, known: _Known
) -> tree.Assessing:
    if not isinstance(entry, s.AssessmentEntry):
        return tree.Assessing(str(entry))
    if not entry.in_person and (entry.independent or entry.within or entry.ladder):
        message = f"the assessment by {entry.role} is computed, and asked of nobody"
        hint = "add 'in_person: true', or leave out who and how soon"
        findings.add(entry.mark, codes.WRONG_VALUE, message, hint)
    within, ladder = known.defaults.of(findings, entry)
    return tree.Assessing(str(entry.role), entry.in_person, within, ladder, entry.independent)


def _evidence(findings: Findings, entry: s.EvidenceEntry, known: _Known) -> tree.Evidence:
    within, ladder = known.defaults.of(findings, entry)
    if entry.from_ is not None:
        findings.known(entry.from_, known.roles, codes.UNKNOWN_ROLE, "role")
    if entry.register_ is not None:
        findings.known(entry.register_, known.registers, codes.UNKNOWN, "register")
    return tree.Evidence(
        str(entry.id),
        str(entry.text),
        findings.span(entry.max_age),
        str(entry.from_ or ""),
        None if entry.register_ is None else str(entry.register_),
        within,
        ladder,
    )


def _criterion(
    findings: Findings,
    entry: s.CriterionEntry,
    known: _Known,
    evidence: Mapping[str, tree.Evidence],
) -> tree.Criterion:
    for each in entry.evidence:
        findings.known(each, evidence, codes.UNKNOWN, "evidence")
    if entry.judged_by is not None:
        findings.known(entry.judged_by, known.roles, codes.UNKNOWN_ROLE, "role")
    _one_judge(findings, entry)
    return tree.Criterion(
        id=str(entry.id),
        text=str(entry.text),
        level=entry.level,
        judge=str(entry.judged_by or entry.role or ""),
        when=_bound(findings, entry.when, known, condition=True),
        hurdle=entry.hurdle,
        score=_bound(findings, entry.score, known, condition=False),
        weight=entry.weight or 1,
        evidence=tuple(map(str, entry.evidence)),
        mark=entry.mark,
    )


def _bound(
    findings: Findings,
    text: Text | None,
    known: _Known,
    *,
    condition: bool,
    kind: str = "number",
) -> tree.Expression | None:
    """Bind what is looked at when a gate is judged: a condition, or a value of a kind."""
    names = names_on(AT_GATES, known.registers, known.visible)
    bound = _seen(findings, text, names, known, condition=condition)
    found = None if bound is None else bound.type
    fits = isinstance(found, t.Simple) and found.name in {kind, t.ANY.name}
    if found is not None and not condition and not fits:
        message = f"a {WANTED[kind]} is asked for here, and this is {t.describe(found)}"
        findings.add(mark_of(text, NOWHERE), codes.WRONG_VALUE, message)
    return bound


def _seen(
    findings: Findings,
    text: Text | None,
    names: Mapping[str, t.Type],
    known: _Known,
    *,
    condition: bool,
) -> tree.Expression | None:
    if text is None:
        return None
    return bind_expression(findings, text, names, {}, condition=condition, known=known.tolerances)


def _one_judge(findings: Findings, entry: s.CriterionEntry) -> None:
    """Find a criterion that two would judge, or whose level does not take what is said of it."""
    judges = {"judged_by": entry.judged_by, "role": entry.role}
    judges |= {"when": entry.when, "score": entry.score}
    said = [name for name, value in judges.items() if value is not None]
    if len(said) > 1 and said != ["role", "when"]:
        message = f"criterion '{entry.id}' is judged by {' and by '.join(map(repr, said))}"
        findings.add(entry.mark, codes.WRONG_VALUE, message, "leave all but one of them out")
    idle = ("hurdle", "score", "weight") if entry.level == "must" else ()
    for name in idle:
        if getattr(entry, name) is not None:
            message = f"'{name}' of criterion '{entry.id}': a must is yes or no, and has none"
            findings.add(entry.mark, codes.WRONG_VALUE, message, "write 'level: should'")


def time_up(findings: Findings, entry: s.ApprovalEffect | s.GateEntry) -> tree.WhenTimeIsUp | None:
    """Bind it; that silence is consent is said by somebody, and nothing else is."""
    means, source = entry.when_time_is_up, str(entry.source or "").strip()
    if means == GIVEN and not source:
        message = "nobody is named who decided that silence counts as an approval"
        hint = "add 'source:', or let it lapse, go up or count as refused"
        findings.add(entry.mark, codes.CONSENT_WITHOUT_SOURCE, message, hint)
    elif means != GIVEN and entry.source is not None:
        message = f"'source' says who decided that it '{GIVEN}', which it does not"
        hint = f"leave it out, or write 'when_time_is_up: {GIVEN}'"
        findings.add(entry.source.mark, codes.WRONG_VALUE, message, hint)
    return None if means is None else tree.WhenTimeIsUp(means, source)
