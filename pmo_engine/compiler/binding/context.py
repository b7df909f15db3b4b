"""What binding works with: the documents, the findings, and names to resolve."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pmo_engine.compiler.schema import Roles
from pmo_engine.model import identifiers
from pmo_engine.model.durations import Share, Span
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.hints.values import Misread
from pmo_engine.model.money import Money
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import (
    NOWHERE,
    Diagnostic,
    Edit,
    Mark,
    at,
    closest,
)
from pmo_engine.source.yaml_source import Text, mark_of, rewritings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pmo_engine.compiler.reading import Reading
    from pmo_engine.source.codes import Code, Severity

PACK = "pack"  # the version of a pack that is bound on its own
Item = TypeVar("Item")


@dataclass(slots=True)
class Findings:
    """Collects diagnostics while a policy is bound, whose ``currency`` amounts are in.

    ``zone`` is the office's, ``roles`` are those that are declared; ``labels`` says for what people
    call a fact, in small letters, under which paths it is found.
    """

    items: list[Diagnostic] = field(default_factory=list)
    currency: str = ""
    zone: str = ""
    roles: frozenset[str] = frozenset()
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(
        self,
        mark: Mark,
        code: Code,
        message: str,
        hint: str = "",
        severity: Severity | None = None,
        fixes: Iterable[Edit] = (),
    ) -> None:
        """Note a finding."""
        self.items.append(at(mark, code, message, hint, severity, fixes))

    def misread(self, value: Any, mark: Mark, code: Code, error: ValueError) -> None:
        """Note a value's own error, with the value as it may have been meant."""
        readings = error.readings if isinstance(error, Misread) else ()
        fixes = rewritings(value, readings)
        self.add(mark_of(value, mark), code, str(error), fixes=fixes)

    def known(
        self, name: Text, names: Iterable[str], code: Code, what: str, meant: Sequence[str] = ()
    ) -> bool:
        """Check that a name is known; where not, say what was ``meant``, or the nearest one."""
        names = list(names)
        if name in names:
            return True
        near = tuple(meant) or closest(name, names)
        hint = f"known: {', '.join(sorted(names)[:8]) or 'none'}"
        hint = f"did you mean '{near[0]}'?" if near else hint
        fixes = rewritings(name, near)
        message = f"unknown {what} '{name[:60]}'"
        self.add(mark_of(name, NOWHERE), code, message, hint, fixes=fixes)
        return False

    def identified(self, name: Text | None, what: str) -> None:
        """Check that what is declared by a name cannot be taken for something else."""
        wrong = None if name is None else identifiers.problem(name)
        if name is not None and wrong is not None:
            reason, _, hint = wrong.partition("; ")
            message = f"{what} {identifiers.shown(name)}: {reason}"
            self.add(mark_of(name, NOWHERE), codes.CONFUSABLE_NAME, message, hint)

    def path_of(self, called: str) -> str:
        """Say under which path a fact is found, by what people call it."""
        paths = self.labels.get(called.casefold(), ())
        return f"write {' or '.join(paths)}" if paths else "write it as in change.cost"

    def parsed(
        self, read: Callable[[str], Item], text: Text | None, code: Code = codes.WRONG_VALUE
    ) -> Item | None:
        """Read a value from text; an error becomes a finding and gives None."""
        if text is None:
            return None
        try:
            return read(text)
        except ValueError as error:
            self.misread(text, text.mark, code, error)
            return None

    def span(self, text: Text | None) -> Span | None:
        """Read a time allowed."""
        return self.parsed(Span.parse, text)

    def time_allowed(self, text: Text | None) -> Span | None:
        """Read a length of time in which something can happen, which none is not."""
        span = self.span(text)
        if text is None or span is None or span.amount:
            return span
        message = f"'{text}' is no time in which anything could happen"
        self.add(text.mark, codes.WRONG_VALUE, message, "say how long, as in '3 working days'")
        return None

    def share(self, text: Text | None) -> Share | None:
        """Read a percentage."""
        return self.parsed(Share.parse, text)

    def money(self, text: Text, currency: str) -> Money | None:
        """Read an amount in the policy's currency."""
        amount = self.parsed(lambda written: Money.parse(written, currency), text)
        if amount is not None and amount.currency != currency:
            message = f"'{text}' is not in the policy's currency {currency}"
            hint = f"write the amount in {currency}"
            self.add(text.mark, codes.ANOTHER_CURRENCY, message, hint)
        return amount


@dataclass(slots=True)
class Context:
    """The documents of a policy and its packs, and what was found so far."""

    reading: Reading
    findings: Findings
    currency: str

    def role_names(self) -> tuple[str, ...]:
        """Name the roles that are declared, in their order."""
        declared = (role.id for each in self.reading.of(Roles) for role in each.roles)
        return tuple(dict.fromkeys(map(str, declared)))


class Dated(Protocol):
    """Something written with the day from which it is so."""

    @property
    def from_(self) -> date | None:
        """Give the first day; from ever where there is none."""

    @property
    def mark(self) -> Mark:
        """Give the place in the file."""


def in_order(findings: Findings, dated: Sequence[Dated], what: str) -> None:
    """Find dated values that do not begin after the one before them."""
    for earlier, later in pairwise(dated):
        if (later.from_ or date.min) <= (earlier.from_ or date.min):
            since = earlier.from_ or "always"
            message = f"this {what} does not begin after the one before it ({since})"
            hint = f"write {what}s in the order of their days, each with its own 'from:'"
            findings.add(later.mark, codes.OUT_OF_ORDER, message, hint)


def unique(
    findings: Findings,
    items: Iterable[tuple[Text, Item]],
    what: str,
    whence: Callable[[Mark], str] = lambda _: "",
) -> dict[str, Item]:
    """Index items by name; a name used twice is a finding. ``whence`` says more of a place."""
    found: dict[str, Item] = {}
    first: dict[str, Mark] = {}
    for name, item in items:
        if name in found:
            place = f"{first[name]}{whence(first[name])}"
            findings.add(
                name.mark,
                codes.DECLARED_TWICE,
                f"{what} '{name}' is declared twice",
                f"first {place}",
            )
            continue
        findings.identified(name, what)
        found[str(name)] = item
        first[str(name)] = name.mark
    return found
