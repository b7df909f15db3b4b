"""What raised an exception, in words: the tolerance that it left, or what its rule is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REPORT = "report"
"""The detail of an exception that keeps the parts of its report: it is one of a tolerance."""
OF_TOLERANCE, SINCE_FIRST = "tolerance-", " since first"
"""How the rule that keeps a tolerance is named, and one that keeps it against the first plan."""


def named(rules: Sequence[str]) -> str:
    """Name the tolerances that these rules keep; one against the first plan as well is no other."""
    kept = [each for each in rules if each.startswith(OF_TOLERANCE)]
    names = [each.removeprefix(OF_TOLERANCE).replace("-", " ") for each in kept]
    told = [each for each in names if each.removesuffix(SINCE_FIRST) not in {*names} - {each}]
    return " and ".join(told)


def why(rules: Sequence[str], details: Mapping[str, Any]) -> str:
    """Say why an exception was raised: "Beyond the tolerance of project cost"."""
    if REPORT in details:
        return f"Beyond the tolerance of {named(rules)}"
    text: str = details.get("text", "")
    return text
