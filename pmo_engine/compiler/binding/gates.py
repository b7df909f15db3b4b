"""Binds stage gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, unique
from pmo_engine.compiler.binding.expressions import bind_expression
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.compiler.binding.defaults import Defaults
    from pmo_engine.feel import types as t


GIVEN = "counts as given"


def gates(
    context: Context,
    roles: Mapping[str, tree.Role],
    facts: Mapping[str, t.Type],
    defaults: Defaults,
) -> dict[str, tree.Gate]:
    """Bind all gates; their stages must be among those declared."""
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
            made.append((entry.id, _gate(context, entry, roles, facts, defaults)))
    return unique(context.findings, made, "gate")


def _gate(
    context: Context,
    entry: s.GateEntry,
    roles: Mapping[str, tree.Role],
    facts: Mapping[str, t.Type],
    defaults: Defaults,
) -> tree.Gate:
    findings = context.findings
    within, ladder = defaults.of(findings, entry)
    findings.known(entry.decided_by, roles, codes.UNKNOWN_ROLE, "role")
    for criterion in entry.criteria:
        findings.identified(criterion.id, "criterion")
    for evidence in entry.evidence:
        findings.identified(evidence.id, "evidence")
    return tree.Gate(
        id=str(entry.id),
        title=str(entry.title),
        from_stage=str(entry.from_stage),
        to_stage=str(entry.to_stage),
        assessments=tuple(str(role) for role in entry.assessments),
        decided_by=str(entry.decided_by),
        within=within,
        ladder=ladder,
        outcomes=tuple(entry.outcomes),
        criteria=tuple(_criterion(context, item, facts) for item in entry.criteria),
        evidence=tuple(
            tree.Evidence(str(item.id), str(item.text), findings.span(item.max_age))
            for item in entry.evidence
        ),
        mark=entry.mark,
        when_time_is_up=time_up(findings, entry),
    )


def _criterion(
    context: Context, entry: s.CriterionEntry, facts: Mapping[str, t.Type]
) -> tree.Criterion:
    when = None
    if entry.when is not None:
        when = bind_expression(context.findings, entry.when, facts, {}, condition=True)
    role = None if entry.role is None else str(entry.role)
    return tree.Criterion(str(entry.id), str(entry.text), entry.level, role, when, entry.hurdle)


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
