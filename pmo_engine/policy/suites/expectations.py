"""What a case of a suite may expect of a decision: the keys of ``expect`` and what each takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.model.vocabulary import ObligationKind

BY_ROLE: Mapping[str, ObligationKind] = {
    "approvals": "approval",
    "assessments": "assessment",
    "exceptions": "exception",
    "notices": "notice",
}
APPROVALS = "approvals"
BY_TARGET: Mapping[str, ObligationKind] = {"information": "information", "evidence": "evidence"}
OF_RULES = ("fired", "not_fired", "unknown", "faults", "trial")
OF_TIME = ("reminded", "escalated_to")
OF_OBLIGATIONS = ("obligations", "only")
STATUSES = ("clear", "waiting", "blocked")
DETAILS = (
    "kind",
    "from",
    "target",
    "rule",
    "binding",
    "within",
    "ladder",
    "clause",
    "text",
    "reason",
    "act",
    "needs",
    "sequence",
    "distinct",
)
"""What may be said of one obligation; what is not said is free."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What may be written under a key of ``expect``, and how to say so."""

    holds: Callable[[Any], bool]
    about: str


OF_APPROVALS = ("from", "act", "needs", "sequence", "distinct")
"""What may be said of an approval under ``approvals``, where the role alone does not tell."""


def _lists_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) and item for item in value)


def names_several(value: Any) -> bool:
    """Tell whether an expectation names several who sign."""
    return isinstance(value, list) and bool(value) and not any(isinstance(e, dict) for e in value)


_LIST = Shape(lambda value: isinstance(value, list), "a list, as in [pmo_head], or []")
_DETAILED = Shape(_lists_mappings, "a list of mappings, as in [{kind: approval, from: pmo_head}]")
EXPECTATIONS: Mapping[str, Shape] = {
    **dict.fromkeys((*BY_ROLE, *BY_TARGET, *OF_RULES, *OF_TIME, "reasons"), _LIST),
    **dict.fromkeys(OF_OBLIGATIONS, _DETAILED),
    "blocked": Shape(lambda value: str(value) in {"true", "false"}, "true or false"),
    "status": Shape(lambda value: value in STATUSES, f"one of {', '.join(STATUSES)}"),
    "facts": Shape(lambda value: isinstance(value, dict), "a mapping from name to value"),
}
