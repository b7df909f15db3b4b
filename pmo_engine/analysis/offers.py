"""What a pack offers to a policy: parameters, rules in words, registers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from pmo_engine.feel.types import describe
from pmo_engine.feel.wire import to_json
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import Binding
from pmo_engine.prose.rules import rule_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Parameter, Policy


class OfferedParameter(Shape):
    """A term that a policy may set; ``example`` shows a value of one without a default."""

    name: str
    type: str
    default: Any
    example: Any
    at_least: Any
    at_most: Any
    about: str

    @classmethod
    def of(cls, each: Parameter) -> OfferedParameter:
        """Publish a parameter."""
        alone = each.values[0].value if each.values else None
        return cls(
            name=each.name,
            type=describe(each.type),
            default=to_json(each.default),
            example=None if each.default is not None else to_json(alone),
            at_least=to_json(each.least),
            at_most=to_json(each.most),
            about=each.about,
        )


class OfferedRule(Shape):
    """A rule of the pack, in words."""

    id: str
    binding: Binding
    title: str
    on: tuple[str, ...]
    says: str


class OfferedRegister(Shape):
    """A register of the pack, with the types of its fields."""

    register_name: str = Field(alias="register")
    noun: str
    fields_: dict[str, str] = Field(alias="fields")
    events: tuple[str, ...]


class Offer(Shape):
    """What is in a pack."""

    pack: str
    folder: str
    parameters: tuple[OfferedParameter, ...]
    rules: tuple[OfferedRule, ...]
    registers: tuple[OfferedRegister, ...]
    cases: int


def offer_of(pack: Policy, folder: Path) -> Offer:
    """Say what is in a pack, which was bound on its own from a folder."""
    parameters = pack.parameters.get(pack.name, {}).values()
    return Offer(
        pack=pack.name,
        folder=str(folder),
        parameters=tuple(map(OfferedParameter.of, parameters)),
        rules=tuple(
            OfferedRule(
                id=rule.id,
                binding=rule.binding,
                title=rule.title,
                on=rule.on,
                says=rule_in_words(rule, pack),
            )
            for rule in pack.rules
            if rule.pack == pack.name
        ),
        registers=tuple(_registers(pack, folder)),
        cases=sum(suite.size for suite in pack.suites),
    )


def _registers(pack: Policy, folder: Path) -> Iterator[OfferedRegister]:
    """Give the pack's own registers; those of the pack that it builds on stand elsewhere."""
    for register in pack.registers.values():
        if Path(register.mark.file).is_relative_to(folder):
            yield OfferedRegister(
                register_name=register.id,
                noun=register.noun,
                fields_={name: describe(each.type) for name, each in register.fields.items()},
                events=register.events,
            )
