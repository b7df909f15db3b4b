"""What a version of the policy changes: its clauses, and the open work that it touches."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, WrapSerializer

from pmo_engine.model.shape import Allowed, Shape
from pmo_engine.model.vocabulary import ObligationKind

Sign: TypeAlias = Literal[" ", "-", "+"]
"""Words that both versions say, or only the old one, or only the new one."""
ChangeKind: TypeAlias = Literal["added", "removed", "changed"]


class ClauseChange(Shape):
    """A clause that is new, gone, or says something else: as it was, as it is, word by word."""

    clause: str
    kind: ChangeKind
    heading: str
    old: str | None
    new: str | None
    words: tuple[tuple[Sign, str], ...]


class TimeAndLadder(Shape):
    """In what time something is asked, and who is reminded when."""

    within: Allowed | None
    ladder: str | None


class TermsChange(Shape):
    """An obligation that stays, on other terms; ``of`` is its target."""

    kind: ObligationKind
    of: str
    old: TimeAndLadder
    new: TimeAndLadder


class WorkTouched(Shape):
    """A piece of open work, and what would be asked about it otherwise; ``note`` says why not."""

    project: str | None
    title: str
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[TermsChange, ...] = ()
    note: str = ""


class VersionEffect(Shape):
    """What a version changes of the one before it; ``judged`` counts the pieces of open work."""

    clauses: tuple[ClauseChange, ...]
    open_work: tuple[WorkTouched, ...]
    judged: int
    applies_to_open: bool


def _some(value: Any) -> Any:
    return value or None


def _or_nothing(value: VersionEffect | None, dump: Any) -> Any:
    return {} if value is None else dump(value)


Effect: TypeAlias = Annotated[
    VersionEffect | None, BeforeValidator(_some), WrapSerializer(_or_nothing)
]
"""What a version changes; in JSON an empty object as long as it was not held against another."""
