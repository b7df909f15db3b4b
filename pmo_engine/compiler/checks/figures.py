"""Checks of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import NOWHERE, Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy
    from pmo_engine.source.codes import Severity


@check(codes.FIGURE_NOT_WORKED)
def figure_is_worked_out(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a figure that no worked example gives; in a pack it is an error."""
    given = {name.rpartition(".")[2] for each in policy.worked for name in each.gives}
    for figure in policy.figures:
        if figure.id not in given:
            severity: Severity = "error" if figure.pack else "warning"
            message = f"no worked example gives the figure '{figure.id}'"
            hint = "add a 'kind: worked_examples' with what it comes to, by hand, under 'gives'"
            mark = figure.mark or NOWHERE
            yield at(mark, codes.FIGURE_NOT_WORKED, message, hint, severity)
