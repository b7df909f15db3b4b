"""Checks of registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.bounds import shares
from pmo_engine.compiler.checks.check import check
from pmo_engine.policy.fact_paths import fields_in
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Authority, Policy, Register


@check(codes.DECIDED_ON_UNASKED)
def nobody_is_unasked_about_what_decides(policy: Policy) -> Iterator[Diagnostic]:
    """Find fields on which something is decided, and whose change is to ask nobody anew."""
    for register in policy.registers.values():
        quiet = [each for each in register.fields.values() if not each.asks_anew]
        used = dict(_used(policy, register)) if quiet else {}
        for each in quiet:
            names = None if each.names is None else f"it names the {each.names}, who may not decide"
            if why := names or used.get(each.name):
                message = f"a change of '{each.name}' always asks anew: {why}"
                hint = "leave 'asks_anew' out; it is for what nobody decides on"
                mark = each.mark or register.mark
                yield at(mark, codes.DECIDED_ON_UNASKED, message, hint)


def _used(policy: Policy, register: Register) -> Iterator[tuple[str, str]]:
    """Give the fields of a register on which something is decided, each with what does."""
    for rule in policy.rules:
        beside = rule.states and not rule.decides  # it goes on looking whatever was decided
        if not beside and any(event.noun == register.noun for event in rule.on):
            for expression in rule.expressions:
                for name in fields_in(expression.node, register):
                    yield name, f"{rule.id} looks at it"
    for terms in policy.terms.values():
        for item in terms.authority:
            if item.act.partition(" ")[2] == register.noun:
                yield from ((name, f"{item.id} looks at it") for name in _limiting(item, register))
    if register.value is not None:
        yield register.value, "authority is measured against it"


def _limiting(item: Authority, register: Register) -> Iterator[str]:
    yield from (each.field for each in item.of)
    if item.cumulative is not None and item.cumulative.field is not None:
        yield item.cumulative.field
    paths = (each.of for limit in item.limits for each in shares(limit.value))
    yield from (str(path.steps[1]) for path in paths if path.root == register.root)
