"""Amounts of tolerance as people write them: ``12 %``, ``60000 GBP``, ``6 weeks``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.compiler.binding.tolerances import measured
from pmo_engine.model.money import Money
from pmo_engine.work.errors import CommandError

if TYPE_CHECKING:
    from pmo_engine.policy.tolerances import Allowance


def allowance_of(text: str, like: Allowance, currency: str) -> Allowance:
    """Read an amount that is measured like another one; raises CommandError."""
    try:
        value, measure = measured(text.strip())
    except ValueError as error:
        raise CommandError(f"--to: {error}") from None
    if measure != like.measure:
        raise CommandError(f"--to: '{text}' is not measured like '{like.written}'")
    if isinstance(value, Money) and value.currency != currency:
        raise CommandError(f"--to: '{text}' is not in the policy's currency {currency}")
    return replace(like, value=value, written=text.strip())
