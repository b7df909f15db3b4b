"""Binds what becomes of an approval whose time is up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.source import codes

if TYPE_CHECKING:
    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.context import Findings

GIVEN = "counts as given"


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
