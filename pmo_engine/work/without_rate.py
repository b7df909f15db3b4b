"""Amounts that a record says in a currency without a rate: what is missing is the rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.money import Money, MoneyError, grouped
from pmo_engine.policy.selection import head_of, holders_of
from pmo_engine.policy.terms import ADOPT
from pmo_engine.prose.names import path_in_words, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context

RATE = "rate"
"""The detail of a fact that is asked for: of which currency a rate is missing for it."""


def amount_without_rate(c: Context, entry: Entry, path: str) -> Money | None:
    """Give the amount that a record says, where there is no rate of its currency today."""
    register = c.policy.registers.get(entry.register_name)
    root, _, name = path.partition(".")
    if register is None or root != register.root or entry.decided_at is not None:
        return None
    try:
        said = Money.parse(str(entry.document.get(name, "")))
    except MoneyError:
        return None
    rates = c.policy.rates.get(said.currency)
    known = said.currency == c.policy.currency or (rates is not None and rates.on(c.today))
    return None if known else said


def unknown_in_words(c: Context, entry: Entry | None, paths: Iterable[str]) -> str:
    """Say what is not known of a record: a fact, or the rate of the currency that it is in."""
    found = ((path, entry and amount_without_rate(c, entry, path)) for path in paths)
    said = (f"{path} is not known" if not amount else no_rate(c, amount) for path, amount in found)
    return ", ".join(dict.fromkeys(said))


def no_rate(c: Context, amount: Money) -> str:
    """Say that there is no rate of an amount's currency today."""
    return f"there is no rate of {amount.currency} on {c.today}"


def why_asked(c: Context, path: str, amount: Money) -> tuple[str, str]:
    """Say why something waits for a rate, and what lets it go on."""
    what = f"{path_in_words(path, c.policy)} ({grouped(amount)})"
    return (
        sentence(
            f"{no_rate(c, amount)}, and what {what} comes to in {c.policy.currency} hangs on it"
        ),
        "A version of the policy that has the rate, with 'applies_to_open: true', lets it go on.",
    )


def who_sets_rates(c: Context) -> str | None:
    """Name the role that is asked for a rate: one that adopts the policy, or the office's head."""
    adopters = holders_of(c.policy, ADOPT, c.today)
    return next((role for role, _ in adopters), None) or head_of(c.policy)
