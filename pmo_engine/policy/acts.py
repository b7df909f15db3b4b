"""Acts: what somebody may do, as a verb and what it is done to (``approve change_request``)."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.model.frozen import dataclass
from pmo_engine.source.diagnostics import NOWHERE, Mark

if TYPE_CHECKING:
    from collections.abc import Mapping

Does: TypeAlias = Literal["decides", "signs", "is asked", "is told"]
"""What an act is beside others: whoever *is asked* answers before those who decide are."""


@dataclass(frozen=True, slots=True)
class DeclaredAct:
    """An act of the policy's, by its verb, and what people call it."""

    id: str
    does: Does
    label: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


VERBS = (
    "approve",
    "appoint",
    "adopt",
    "assess",
    "open",
    "close",
    "submit",
    "update",
    "withdraw",
    "reopen",
    "import",
    "draft",
    "circulate",
    "comment",
    "sweep",
    "deliver",
    "read",
    "waive",
    "rescind",
    "rebaseline",
    "delegate",
    "add",
    "change",
    "move",
    "migrate",
    "map",
    "link",
    "declare",
    "propose",
    "start",
    "hold",
    "stop",
    "override",
    "plan",
    "tailor",
)
"""The verbs of the engine's own commands."""
OF_TERMS: Mapping[str, tuple[str, ...]] = {
    "add": ("person", "project", "programme"),
    "change": ("person", "project", "programme", "address", "absence"),
    "propose": ("project",),
    "start": ("project",),
    "hold": ("project",),
    "stop": ("project",),
    "move": ("project",),
    "migrate": ("project",),
    "map": ("account",),
    "link": ("person",),
    "declare": ("interest",),
    "delegate": (),
    "appoint": (),
    "waive": (),
    "close": ("project", "cycle"),
    "reopen": (),
    "rebaseline": (),
    "override": ("colour",),
    "plan": ("project",),
    "tailor": ("project",),
}
"""The verbs of the engine's about which it asks the terms, with what they are done to.

Besides, people are appointed to roles, what is asked for is waived by its kind, and records are
moved, closed, opened again and given another baseline by the nouns of their registers.
"""
APPROVE = "approve"
READ = "read"
ADOPT_POLICY = "adopt policy"
BUILT_IN: Mapping[str, DeclaredAct] = {
    each.id: each
    for each in (
        DeclaredAct(APPROVE, "decides"),
        DeclaredAct("fund", "signs"),
        DeclaredAct("sign", "signs"),
        DeclaredAct("recommend", "is asked"),
        DeclaredAct("consult", "is asked", "be consulted on"),
        DeclaredAct("advise", "is told", "advise on"),
    )
}
"""The acts that every policy has; one that declares them itself says what they do."""


def verb_of(act: str) -> str:
    """Give what is done."""
    return act.partition(" ")[0]


def noun_of(act: str) -> str:
    """Give what it is done to."""
    return act.partition(" ")[2]


def declared(acts: Mapping[str, DeclaredAct]) -> tuple[DeclaredAct, ...]:
    """Give the acts that a policy declares itself."""
    return tuple(act for act in acts.values() if BUILT_IN.get(act.id) != act)


def does(acts: Mapping[str, DeclaredAct], act: str) -> Does:
    """Say what an act does, as an approval names it: empty is to approve, which decides."""
    known = acts.get(verb_of(act))
    return "decides" if known is None else known.does
