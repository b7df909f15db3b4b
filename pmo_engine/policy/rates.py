"""What amounts of other currencies come to in the policy's own, by rates that hold for a time."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Self

from pmo_engine.feel import types as t
from pmo_engine.feel.wire import WireError, aware
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money, MoneyError
from pmo_engine.policy.expressions import Dated, InForce

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from decimal import Decimal

    from pmo_engine.policy import Policy
    from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of the policy's currency one unit of another is, while it holds, and who says so."""

    in_force: InForce
    value: Decimal
    source: str
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Rates(Dated):
    """The rates of one currency, in the order of their days; no day has two."""

    currency: str
    values: tuple[Rate, ...]
    mark: Mark = field(compare=False)

    def on(self, day: date) -> Rate | None:
        """Give the rate of a day; None where there is none, which is not a rate of yesterday."""
        return next((each for each in self.values if day in each.in_force), None)

    def as_of(self, day: date) -> Self | None:
        """Give them all: what was approved earlier counts by the rate of its own day."""
        del day
        return self

    def turns(self) -> Iterator[date | None]:
        """Give the days on which a rate begins or ends."""
        for each in self.values:
            yield from (each.in_force.start, each.in_force.end)


def in_own_currency(policy: Policy, kind: t.Type, given: Any, path: str, day: date) -> Any:
    """Give what was written with amounts of other currencies as those of the policy's own.

    By the rate of ``day``, or for a record that is decided, of the day on which it was. The same
    object where there is none of another. Raises WireError for one that has no rate on its day.
    """
    if not policy.rates:
        return given
    match kind, given:
        case t.MoneyType(), str() | Money():
            return _converted(policy, given, path, day)
        case t.ListType(item), list():
            found = [
                in_own_currency(policy, item, each, f"{path}[{number}]", day)
                for number, each in enumerate(given, 1)
            ]
            return given if all(map(_is, found, given)) else found
        case t.ContextType(entries), dict():
            return _record(policy, dict(entries), given, path, day)
        case _:
            return given


def _is(one: Any, other: Any) -> bool:
    return one is other


def _record(
    policy: Policy, kinds: dict[str, t.Type], given: dict[str, Any], path: str, day: date
) -> dict[str, Any]:
    then = day_decided(policy, given.get("decided_at")) or day
    changed = {
        name: new
        for name, value in given.items()
        if name in kinds
        and (new := in_own_currency(policy, kinds[name], value, f"{path}.{name}", then))
        is not value
    }
    return {**given, **changed} if changed else given


def day_decided(policy: Policy, moment: datetime | str | None) -> date | None:
    """Give the day, at the office, on which a record was decided; None where it was not."""
    try:
        return None if moment is None else aware(moment).astimezone(policy.calendar.clocks).date()
    except (ValueError, TypeError):  # whoever types the fact says so
        return None


def _converted(policy: Policy, given: str | Money, path: str, day: date) -> str | Money:
    """Convert an amount of a currency that has rates; any other is whose it is to refuse."""
    try:
        money = given if isinstance(given, Money) else Money.parse(given)
    except MoneyError:
        return given
    rates = policy.rates.get(money.currency)
    if rates is None:
        return given
    rate = rates.on(day)
    if rate is None:
        raise WireError(path, f"there is no rate of {money.currency} on {day}")
    return str(Money((money * rate.value).amount, policy.currency).quantized())
