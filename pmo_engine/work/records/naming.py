"""Registers and records as people name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.people import place_of
from pmo_engine.model.vocabulary import OFFICE
from pmo_engine.work.errors import CommandError
from pmo_engine.work.subjects import Locked, OfSubject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy, Register
    from pmo_engine.store import tables
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Governance


@dataclass(frozen=True, slots=True)
class OfEntry:
    """A command about an entry, as people name it: project or office, register (or noun), key."""

    governance: Governance
    project: str
    register: str
    key: str

    def lock(self, uow: UnitOfWork) -> Locked:
        found = entry_named(self.governance, uow, self.project, self.register, self.key)
        return OfSubject(found.id).lock(uow)


def register_named(policy: Policy, name: str) -> Register:
    """Find a register by its id, noun or plural; raises CommandError."""
    found = _register_in(policy, name)
    if found is None:
        known = ", ".join(sorted(policy.registers))
        raise CommandError(f"no register is called '{name}'; the policy has {known}")
    return found


def home_of(policy: Policy, register: Register, name: str) -> str:
    """Give the id under which records are kept of what people name: a project, or an office."""
    if not register.of_offices or (name not in policy.offices and _is_place(name)):
        return name
    return place_of(name)


def _is_place(name: str) -> bool:
    return name == place_of(OFFICE) or name.startswith("office ")


def entry_named(
    governance: Governance, uow: UnitOfWork, project: str, register: str, key: str
) -> tables.Entry:
    """Find an entry, also of a register that only an earlier version of the policy has."""
    declared = register_of_any_version(governance, register)
    home = home_of(governance.rules.policy, declared, project)
    return uow.entries.by_key(home, declared.id, key)


def register_of_any_version(governance: Governance, name: str) -> Register:
    """Find a register, also one that only an earlier version has; raises CommandError."""
    found = (_register_in(policy, name) for policy in versions(governance))
    return next(filter(None, found), None) or register_named(governance.rules.policy, name)


def versions(governance: Governance) -> Iterator[Policy]:
    """Give the version of the policy that is in force, then the others, the latest first."""
    yield governance.rules.policy
    yield from (governance.version(term.digest).policy for term in reversed(governance.terms))


def _register_in(policy: Policy, name: str) -> Register | None:
    registers = policy.registers.values()
    return next((r for r in registers if name in {r.id, r.noun, r.plural}), None)
