"""The form by which people enter a record: its fields, with what each takes, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.prose.names import called
from pmo_engine.prose.procedures import kind_in_words

if TYPE_CHECKING:
    from pmo_engine.policy import Policy, Register


class FormField(Shape):
    """A field to fill in: its name and label, what it takes and what it holds, in words."""

    name: str
    label: str
    takes: str
    about: str
    required: bool


def form_of(policy: Policy, register: Register) -> tuple[FormField, ...]:
    """Give the fields of a form in their order, without those that are worked out."""
    derived = policy.derived.get(register.id, {})
    return tuple(
        FormField(
            name=name,
            label=called(name, policy, of=register.root),
            takes=kind_in_words(field.type, policy),
            about=field.about,
            required=field.required,
        )
        for name, field in register.given.items()
        if name not in derived
    )
