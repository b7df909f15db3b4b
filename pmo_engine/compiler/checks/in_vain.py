"""Checks of what is asked for in vain: once all is decided, or of who cannot give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.policy import AutoApprove, Block, RequireApproval, RequireInformation
from pmo_engine.policy.acts import does
from pmo_engine.policy.registers import DECIDED
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.model.event_names import EventName
    from pmo_engine.policy import Effect, Field, Policy

NEVER_DECIDED_AGAIN = frozenset({"rejected", "withdrawn", "rescinded"})
"""The outcomes that no vote changes; an approval may still be undone by one."""


@check(codes.IN_VAIN)
def something_comes_of_what_is_asked(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of what is asked for once all is decided, and of facts asked of who may not set them."""
    yield from _once_decided(policy)
    yield from _of_who_may_not_set_it(policy)


def _once_decided(policy: Policy) -> Iterator[Diagnostic]:
    nouns = {each.noun for each in policy.registers.values()}
    for rule in policy.rules:
        for event in rule.on:
            if event.noun not in nouns or event.what not in DECIDED:
                continue
            for what in dict.fromkeys(_vain(effect, event, policy) for effect in rule.then):
                if what:
                    message = (
                        f"rule '{rule.id}' {what} once it is {event.what}: nothing comes of it"
                    )
                    hint = (
                        f"let it look at '{event.noun}.submitted', or notify, or ask for evidence"
                    )
                    yield at(rule.mark, codes.IN_VAIN, message, hint)


def _vain(effect: Effect, event: EventName, policy: Policy) -> str:
    match effect:
        case Block():
            return "blocks a record"
        case AutoApprove():
            return "lets a record pass"
        case RequireApproval():
            told = does(policy.acts, effect.act or "") == "is told"
            return "asks for an approval" if event.what in NEVER_DECIDED_AGAIN and not told else ""
        case _:
            return ""


def _of_who_may_not_set_it(policy: Policy) -> Iterator[Diagnostic]:
    fields = {
        f"{register.root}.{field.name}": field
        for register in policy.registers.values()
        for field in register.fields.values()
    }
    for rule in policy.rules:
        for effect in rule.then:
            if not isinstance(effect, RequireInformation) or effect.role is None:
                continue
            for path in effect.facts:
                field: Field | None = fields.get(str(path))
                setter = None if field is None else field.set_by
                if setter not in {None, effect.role}:
                    message = (
                        f"rule '{rule.id}' asks {effect.role} for {path},"
                        f" which only {setter} may set"
                    )
                    yield at(rule.mark, codes.IN_VAIN, message, f"write 'from: {setter}'")
