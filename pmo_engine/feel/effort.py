"""How much work an operation on values takes, so that an evaluation can be held to its budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from pmo_engine.feel.limits import MAX_NESTING, MAX_PARTS, EvaluationLimit
from pmo_engine.feel.patterns.matching import PatternError, compile_pattern

_CHARACTERS_PER_STEP = 64
_PARSING = 8
_TOO_DEEP = f"a value is nested more than {MAX_NESTING} levels deep"

Weights = dict[int, tuple[Any, int, int]]


def size(value: Any) -> int:
    """Count what an operation goes over that does not look into items."""
    if isinstance(value, str):
        return len(value) // _CHARACTERS_PER_STEP
    return len(value) if isinstance(value, list | dict) else 0


def weigh(value: Any, weights: Weights) -> int:
    """Count the parts of a value, those of its items included, each as often as it occurs.

    A list that holds another twice, which holds another twice ... is soon too large to compare or
    to write, however little memory it takes; EvaluationLimit then, as for one nested too deeply.
    ``weights`` keeps what was weighed, so that nothing is weighed twice in one evaluation.
    """
    return _weighed(value, weights)[0]


def _weighed(value: Any, weights: Weights, left: int = MAX_NESTING) -> tuple[int, int]:
    """Give the weight of a value and the levels of lists and contexts in it."""
    if isinstance(value, Decimal):
        return 1 + abs(value.adjusted()) // _CHARACTERS_PER_STEP, 0
    if not isinstance(value, list | dict):
        return 1 + size(value), 0
    known = weights.get(id(value))
    if known is None:
        if left == 0:
            raise EvaluationLimit(_TOO_DEEP)
        items = value if isinstance(value, list) else value.values()
        parts = [_weighed(item, weights, left - 1) for item in items]
        weight = 1 + sum(part for part, _ in parts)
        if weight > MAX_PARTS:
            raise EvaluationLimit(f"a value has more than {MAX_PARTS:,} parts")
        levels = 1 + max((levels for _, levels in parts), default=0)
        known = weights[id(value)] = (value, weight, levels)
    if known[2] > MAX_NESTING:
        raise EvaluationLimit(_TOO_DEEP)
    return known[1], known[2]


def cost(function: str, values: Sequence[Any], weights: Weights) -> int:
    """Count the steps of a built-in function on such arguments."""
    rule = _RULES.get(function)
    return 1 + (sum(map(size, values)) if rule is None else rule(values, weights))


def _deep(values: Sequence[Any], weights: Weights) -> int:
    return sum(weigh(value, weights) for value in values)


def _pairs(values: Sequence[Any], weights: Weights) -> int:
    return _deep(values, weights) * max(map(size, values), default=0)


def _sorting(values: Sequence[Any], _: Weights) -> int:
    return sum(map(size, values)) * max(map(size, values), default=0).bit_length()


def _parsing(values: Sequence[Any], _: Weights) -> int:
    return sum(_PARSING * len(value) for value in values if isinstance(value, str))


def _matching(values: Sequence[Any], _: Weights) -> int:
    text, pattern = [*(value for value in values if isinstance(value, str)), "", ""][:2]
    try:
        program = compile_pattern(pattern, "").program
    except PatternError:
        return len(pattern)
    return (len(text) + 1) * len(program)


_RULES: dict[str, Callable[[Sequence[Any], Weights], int]] = {
    **dict.fromkeys(("string", "flatten", "list contains", "index of", "is", "all", "any"), _deep),
    **dict.fromkeys(("distinct values", "union", "mode"), _pairs),
    **dict.fromkeys(("sort", "median"), _sorting),
    **dict.fromkeys(("matches", "replace", "split"), _matching),
    "range": _parsing,
}
