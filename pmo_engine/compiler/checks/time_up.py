"""Checks of what becomes of an approval when its time is up: that there is a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.policy import RequireApproval
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Gate, Policy
    from pmo_engine.source.diagnostics import Mark


@check(codes.NO_TIME_TO_BE_UP)
def there_is_a_time_to_be_up(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of approvals that say what happens when their time is up, and have none."""
    for gate in policy.gates.values():
        yield from _without_time(gate, gate.mark)
    for rule in policy.rules:
        for effect in rule.then:
            if isinstance(effect, RequireApproval):
                yield from _without_time(effect, rule.mark)


def _without_time(asked: Gate | RequireApproval, mark: Mark) -> Iterator[Diagnostic]:
    if asked.when_time_is_up is not None and asked.within is None:
        message = f"it '{asked.when_time_is_up.means}' when its time is up, and no time is given"
        hint = "add 'within:', as in 'within: 5 working days'"
        yield at(mark, codes.NO_TIME_TO_BE_UP, message, hint)
