"""The form of a proposal: the fields of the register whose approved records become projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.model.shape import Shape
from pmo_engine.prose.names import called
from pmo_engine.prose.procedures import kind_in_words
from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import given_record

if TYPE_CHECKING:
    from pmo_engine.policy import Policy, Register
    from pmo_engine.work.governance import Context


class FormField(Shape):
    """A field to fill in: its name and label, what it takes and what it holds, in words."""

    name: str
    label: str
    takes: str
    about: str
    required: bool


def register_of_proposals(policy: Policy, name: str | None = None) -> Register:
    """Find the register whose records become projects; raises CommandError."""
    known = {each.id: each for each in policy.registers.values() if each.becomes is not None}
    if not known:
        raise CommandError(
            "the policy has no register whose records become projects; the pack 'intake' has one"
        )
    if name is None and len(known) > 1:
        raise CommandError(f"name the register with --register: {', '.join(sorted(known))}")
    found = known.get(name) if name is not None else next(iter(known.values()))
    if found is None:
        raise CommandError(f"records of '{name}' become no projects; {', '.join(known)} do")
    return found


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


def problem_with(c: Context, register: Register, name: str, value: Any) -> str:
    """Say what is wrong with what somebody gives for one field; empty where nothing is."""
    try:
        given_record(c, register, {name: value})
    except CommandError as error:
        return str(error)
    return ""
