"""Binds what a case of a suite expects of a gate: how its expressions judge, what they advise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest
from pmo_engine.source.yaml_source import Mapping, Text, mark_of

if TYPE_CHECKING:
    from pmo_engine.compiler.binding.context import Findings
    from pmo_engine.policy import Criterion, Gate

CRITERIA, RECOMMENDED = "criteria", "recommended"
ANSWERS = ("yes", "no", "cannot_tell")
FREE = ("none", "cannot_tell")
"""What is recommended where no outcome is."""
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def gate_expectations(
    findings: Findings, gate: Gate, expect: Mapping
) -> tuple[dict[str, str], str]:
    """Read how criteria are to be judged, by their ids, and what is to be recommended."""
    criteria: dict[str, str] = {}
    recommended = ""
    for key, value in expect.items():
        place = mark_of(value, expect.keys_at[key])
        if key == CRITERIA and isinstance(value, Mapping):
            criteria = _criteria(findings, gate, value)
        elif key == RECOMMENDED and isinstance(value, Text):
            findings.known(value, (*gate.outcomes, *FREE), codes.EXPECTS_THE_IMPOSSIBLE, "outcome")
            recommended = str(value)
        elif key in {CRITERIA, RECOMMENDED}:
            wanted = "a mapping, as in {calm: yes}" if key == CRITERIA else "an outcome, or none"
            findings.add(place, codes.WRONG_VALUE, f"'{key}' is {wanted}")
        else:
            hint = nearest(key, (CRITERIA, RECOMMENDED)) or "known: criteria, recommended"
            message = f"a gate judges criteria and recommends, and has no '{key[:60]}'"
            findings.add(expect.keys_at[key], codes.UNKNOWN_KEY, message, hint)
    if not expect:
        message, hint = "this case expects nothing of the gate", "say {criteria: {calm: yes}}"
        findings.add(expect.mark, codes.EXPECTS_NOTHING, message, hint, "warning")
    return criteria, recommended


def _criteria(findings: Findings, gate: Gate, wanted: Mapping) -> dict[str, str]:
    judged = {each.id: each for each in gate.criteria if each.by_expression}
    found: dict[str, str] = {}
    for name, value in wanted.items():
        known = Text(name, wanted.keys_at[name])
        if not findings.known(known, judged, codes.EXPECTS_THE_IMPOSSIBLE, "criterion"):
            continue
        if problem := _problem(judged[name], value):
            findings.add(mark_of(value, known.mark), codes.WRONG_VALUE, problem)
        else:
            found[name] = str(value)
    return found


def _problem(criterion: Criterion, value: Any) -> str:
    """Say why a value is no way in which a criterion is judged; empty where it is one."""
    if isinstance(value, Text) and value in ANSWERS:
        return ""
    if criterion.level == "must" or not isinstance(value, Text):
        return f"'{criterion.id}' is judged {', '.join(ANSWERS[:2])} or {ANSWERS[2]}"
    if _NUMBER.fullmatch(value):
        return ""
    return f"'{criterion.id}' has a score, as in 7, or is judged {', '.join(ANSWERS)}"
