"""Conditions that hang on facts which are not given: what decides them all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.engines.compiled.code import Unspecialised
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.engines.compiled.code import Code


@dataclass(frozen=True, slots=True)
class Open:
    """What is not known without ``paths``, but where the source ``true`` or ``false`` holds.

    Where neither does, the sources ``needs`` are looked at too: what goes wrong there is a fault,
    whatever is missing beside it.
    """

    paths: tuple[str, ...]
    true: str | None = None
    false: str | None = None
    needs: tuple[str, ...] = ()

    @classmethod
    def of(cls, *operands: Code) -> Open | None:
        """Give that of an operation on operands, ``None`` where all of them are known."""
        parts = [each.open for each in operands if each.open is not None]
        if not parts:
            return None
        if any(part.true or part.false for part in parts):
            raise Unspecialised
        worked_out = [each.source for each in operands if each.open is None]
        needs = [source for source in worked_out if not source.isidentifier()]
        return cls(_paths(parts), needs=(*_needs(parts), *needs))

    def negated(self) -> Open:
        """Give that of the contrary."""
        return replace(self, true=self.false, false=self.true)


def conjunction(known: Sequence[str], parts: Sequence[Open]) -> Open:
    """Join conditions that are known and some that are open by Kleene's and."""
    true, false = None, [part.false for part in parts if part.false is not None]
    if known:
        false.append(f"(not ({' and '.join(known)}))")
    if any(part.true is not None for part in parts):
        if len(parts) > 1:  # which facts are missing then hangs on which of them is true
            raise Unspecialised
        true = " and ".join([*known, f"({parts[0].true})"])
    return Open(_paths(parts), true, " or ".join(false) or None, _needs(parts))


def _paths(parts: Sequence[Open]) -> tuple[str, ...]:
    return tuple(sorted({path for part in parts for path in part.paths}))


def _needs(parts: Sequence[Open]) -> tuple[str, ...]:
    return tuple(need for part in parts for need in part.needs)
