"""What holds where an effect or a gate names no time and no ladder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from pmo_engine.model.frozen import dataclass
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine import policy as tree
    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.context import Context, Findings
    from pmo_engine.model.durations import Span
    from pmo_engine.source.yaml_source import Text

Time: TypeAlias = "tuple[Span | None, str | None]"
"""The time allowed, and the ladder of reminders and escalations."""


class Timed(Protocol):
    """An entry that may name a time and a ladder."""

    @property
    def within(self) -> Text | None:
        """Give the time allowed."""

    @property
    def ladder(self) -> Text | None:
        """Give the ladder by its name."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """The policy's own time and ladder, for what names none; either may not be set."""

    ladders: Mapping[str, tree.Ladder]
    within: Span | None = None
    ladder: str | None = None

    def of(self, findings: Findings, entry: Timed) -> Time:
        """Give the time and the ladder of an entry, or these."""
        if entry.ladder is not None:
            findings.known(entry.ladder, self.ladders, codes.UNKNOWN, "ladder")
        within = self.within if entry.within is None else findings.time_allowed(entry.within)
        return within, self.ladder if entry.ladder is None else str(entry.ladder)


def defaults(
    context: Context, header: s.PolicyHeader, ladders: Mapping[str, tree.Ladder]
) -> tuple[Defaults, Span | None, str | None]:
    """Bind what the header of the policy says of them."""
    written = _Written(header.default_within, header.default_ladder)
    found = Defaults(ladders).of(context.findings, written)
    return Defaults(ladders, *found), *found


@dataclass(frozen=True, slots=True)
class _Written:
    within: Text | None
    ladder: Text | None
