"""The back-end that writes Python for the ordinary case and leaves the rest to the reference.

The code written for a selection is straight-line and assumes that every fact its rules look at
is there, is not null and is of its declared type. Whatever else happens raises, and the rule it
happens in is judged again by ``reference.judge``: the meaning has one source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.engines.compiled.program import Program, program

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy.decision import Outcomes
    from pmo_engine.policy.selection import Selection


class Compiled:
    """Judge by generated code, written once for each selection."""

    def __init__(self) -> None:
        self._programs: dict[Selection, Program] = {}

    def outcomes(self, selection: Selection, facts: Mapping[str, Any]) -> Outcomes:
        """Judge every rule of ``selection``."""
        try:
            judge = self._programs[selection]
        except KeyError:
            judge = self._programs.setdefault(selection, program(selection))
        return judge(facts)

    def close(self) -> None:
        """Forget the code."""
        self._programs.clear()


__all__ = ["Compiled"]
