"""The functions of governance: how they are called, and the roles and acts that they name.

What they do depends on the policy in force, so an engine puts them in the scope as ``Function``
values under these names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pmo_engine.feel.nodes import Call, Literal, Name, Node
from pmo_engine.feel.signatures import Parameter, Signature, call
from pmo_engine.feel.types import ANY, DATE, NUMBER, STRING, MoneyType, Type
from pmo_engine.feel.values import Function
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Governance:
    """A function of governance: its parameters, its result, whether it names a role and an act.

    Null from one that is ``nullable`` is an answer, such as no limit.
    """

    parameters: tuple[Parameter, ...]
    result: Type
    names_role_and_act: bool = False
    nullable: bool = True

    def calling(self, function: Callable[..., Any]) -> Signature:
        """Give the signature under which a function is called that does this."""
        return Signature(self.parameters, self.result, function, nullable=self.nullable)


LEAST_SENIOR = "least_senior"
TOLERANCE = "tolerance"
ADDING_UP = frozenset({"headroom", LEAST_SENIOR})
"""The functions that look at what was approved before, and at the record in hand."""
LIMITED = ADDING_UP | {"authority"}
"""The functions that look at limits, which may hang on facts of the record."""
_ROLE_AND_ACT = (Parameter("role", STRING), Parameter("act", STRING))
GOVERNANCE: dict[str, Governance] = {
    "authority": Governance(_ROLE_AND_ACT, MoneyType(), names_role_and_act=True),
    "headroom": Governance(_ROLE_AND_ACT, MoneyType(), names_role_and_act=True),
    LEAST_SENIOR: Governance(
        (Parameter("act", STRING), Parameter("amount", MoneyType(), optional=True)), STRING
    ),
    TOLERANCE: Governance((Parameter("level", STRING), Parameter("of", STRING)), ANY),
    "working_days_between": Governance(
        (Parameter("from", DATE), Parameter("to", DATE)), NUMBER, nullable=False
    ),
}


def call_governance(
    name: str,
    function: Function,
    values: Sequence[Any],
    names: Sequence[str] = (),
    otherwise: Any = None,
) -> Any:
    """Call a function of governance: ``otherwise`` for no result; missing facts go through."""
    return call((GOVERNANCE[name].calling(function.call),), values, names, otherwise)


def literal_arguments(node: Node, function: str) -> list[tuple[str, str, int]]:
    """Give the role and act of each call of a function, with the offset where the role stands."""
    calls = (each for each in walk(node) if isinstance(each, Call))
    return [
        found
        for each in calls
        if each.function == Name(function) and (found := role_and_act(each)) is not None
    ]


def role_and_act(node: Call) -> tuple[str, str, int] | None:
    """Give the role and act that a call names, and where; ``None`` if they are not literals."""
    names = node.names or ("role", "act")
    given = dict(zip(names, node.arguments, strict=False))
    match given.get("role"), given.get("act"):
        case Literal(str() as role) as written, Literal(str() as act) if len(given) == len(names):
            return role, act, written.start
        case _:
            return None
