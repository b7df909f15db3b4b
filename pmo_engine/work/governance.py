"""What commands and queries work under: the store, a clock, and the policy's versions."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from pmo_engine.compiler.bound_policies import BoundPolicies
from pmo_engine.compiler.opening import open_kept
from pmo_engine.engines.engine import Engine
from pmo_engine.engines.rulebook import Rulebook
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.identifiers import ENGINE
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.store import tables
from pmo_engine.store.errors import DatabaseReadOnly, StoreError
from pmo_engine.work.people.gathered import KnownPeople
from pmo_engine.work.seen_records import KnownShelves, SeenParts, SeenRecords, SeenSubjects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime
    from typing import Self
    from zoneinfo import ZoneInfo

    from pmo_engine.model.clock import Clock
    from pmo_engine.policy import Policy
    from pmo_engine.queries.dashboard.sheets import KnownSheets
    from pmo_engine.roles.base import FunctionalRole
    from pmo_engine.store.database import Database
    from pmo_engine.store.policies.versions import Term
    from pmo_engine.store.unit_of_work import UnitOfWork


class System(str):
    """An actor that nobody can name on a command line."""

    __slots__ = ()


SYSTEM = System(ENGINE)
"""Who acts where no person does."""

BEGAN = "began"
"""The setting that keeps the digest of the folder's policy under which work began."""

BY_HAND = ", by a clock set by hand"
"""What lines of the journal say after the account where their time is not the machine's."""


class Governed(Protocol):
    """A piece of work that is under a version of the policy; None: the folder as it stands."""

    @property
    def policy_digest(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """What a unit of work finds at its beginning."""

    due: list[Term]  # versions whose day has come, to take force before anything else
    known: bool  # whether the store knows who acts


@dataclass
class Governance:
    """Everything that a command needs beside its own words; one for a process.

    Until a version is adopted, the policy of the folder binds as it stood when work began in the
    store; from then on the folder binds nobody. What binds is asked of the store at the beginning
    of every command, so that an adoption by another process counts at once. A version is bound
    once for each digest.
    """

    database: Database
    clock: Clock
    roles: Mapping[str, FunctionalRole]
    backend: str
    folder: Callable[[], Policy]
    bring_into_force: Callable[[Governance, list[Term]], None]
    account: str | None = None  # of the operating system, by which commands come in
    clock_by_hand: bool = False  # whether somebody set the store's clock, which then stands still
    began: str | None = field(default=None, init=False)
    seen: SeenRecords = field(default_factory=SeenRecords, init=False)
    shelves: KnownShelves = field(default_factory=KnownShelves, init=False)
    subjects: SeenSubjects = field(default_factory=SeenSubjects, init=False)
    listed: SeenParts = field(default_factory=SeenParts, init=False)
    people: KnownPeople = field(default_factory=KnownPeople, init=False)
    _rulebooks: BoundPolicies[Rulebook] = field(default_factory=BoundPolicies, init=False)
    _restored: int = field(default=0, init=False)
    _kept: set[str] = field(default_factory=set, init=False)
    _terms: list[Term] = field(default_factory=list, init=False)

    @cached_property
    def sheets(self) -> KnownSheets:
        """Give what the process read of projects for dashboards."""
        from pmo_engine.queries.dashboard.sheets import KnownSheets  # noqa: PLC0415 - few need it

        return KnownSheets()

    @property
    def through(self) -> str | None:
        """Say for the journal by which account commands come in, and whose time they go by."""
        return f"{self.account}{BY_HAND}" if self.clock_by_hand else self.account

    @property
    def terms(self) -> list[Term]:
        """List when each adopted version binds, in the order in which they come."""
        return self._terms

    def look_again(self, uow: UnitOfWork, actor: str | None = None) -> Found:
        """Ask the store what binds, and whether it knows who acts."""
        found = uow.opening(BEGAN, actor)
        self._terms, self.began = found.terms, found.setting
        self._forget_unless(found.restored)
        due = [each for each in self._begun(self.clock.now()) if not each.took_force]
        return Found(due, found.known)

    def _forget_unless(self, restored: int) -> None:
        """Forget what is known of the store where another moment of it was put in its place."""
        if restored != self._restored:
            self.seen.clear()
            self.shelves.clear()
            self.subjects.clear()
            self.listed.clear()
            self.people.clear()
            self.__dict__.pop("sheets", None)
            self._kept.clear()
            self._restored = restored

    def take_force(self, due: list[Term]) -> None:
        """Let versions whose day has come take force, each in a command of its own."""
        self.bring_into_force(self, due)

    def _begun(self, moment: datetime) -> list[Term]:
        return [term for term in self._terms if term.binds_from <= moment]

    def in_force(self, moment: datetime) -> Term | None:
        """Give the term of the version that binds at a moment; None: the folder as it stands."""
        begun = self._begun(moment)
        return begun[-1] if begun else None

    @property
    def rules(self) -> Rulebook:
        """Give the version that is in force now."""
        term = self.in_force(self.clock.now())
        if term is not None:
            return self.version(term.digest)
        if self.began is not None and self.folder_aside() is not None:
            return self.version(self.began)
        return self.bound(self.folder())

    def folder_aside(self) -> Policy | None:
        """Give the folder's policy where it is another than that under which work began.

        Once a version is adopted it does not matter: None.
        """
        if self.began is None or self.in_force(self.clock.now()) is not None:
            return None
        folder = self.folder()
        return None if folder.digest == self.began else folder

    def version(self, digest: str) -> Rulebook:
        """Give any version that the store keeps, bound."""
        return self._rulebooks.get(digest, lambda: self._made(self._kept_policy(digest)))

    def bound(self, policy: Policy) -> Rulebook:
        """Give a bound policy as a version, kept or not."""
        return self._rulebooks.get(policy.digest, lambda: self._made(policy))

    def _made(self, policy: Policy) -> Rulebook:
        return Rulebook(policy, Engine(policy, self.backend))

    def of(self, work: Governed, current: Rulebook) -> Rulebook:
        """Give the version that a piece of work is under.

        Until a version is adopted that is the folder as it stands, which is ``current``.
        """
        digest = work.policy_digest
        if digest is None or digest == current.policy.digest or not self._terms:
            return current
        return self.version(digest)

    def keep(self, uow: UnitOfWork, policy: Policy) -> None:
        """Keep a policy's files in the store with what is decided by it; once."""
        if policy.digest in self._kept:
            return
        text = tables.PolicyText(
            digest=policy.digest,
            name=policy.name,
            policy_version=policy.version,
            files={name: data.decode() for name, data in policy.contents.items()},
        )
        if not uow.policy_texts.is_kept(policy.digest):
            uow.policy_texts.keep(text)
        else:
            self._kept.add(policy.digest)

    def begin(self) -> None:
        """Look at what binds; a version whose day has come takes force before anything else.

        In a database that is open for reading only, open work is shown as it was left.
        """
        with self.database.read() as uow:
            due = self.look_again(uow).due
        if due:
            with suppress(DatabaseReadOnly):
                self.take_force(due)

    @contextmanager
    def reading(self) -> Iterator[Context]:
        """Begin a transaction that only reads, under the version that is in force now."""
        with self.database.read() as uow:
            if not self.look_again(uow).due:
                yield Context(self, self.rules, uow, self.clock.now())
                return
        self.begin()
        with self.database.read() as uow:
            self.look_again(uow)
            yield Context(self, self.rules, uow, self.clock.now())

    def close(self) -> None:
        """Give back what its engines hold."""
        for each in self._rulebooks:
            each.close()

    def _kept_policy(self, digest: str) -> Policy:
        with self.database.read() as uow:
            row = uow.policy_texts.get(digest)
        self._kept.add(digest)
        name = f"{row.name} {row.policy_version}"
        try:
            contents = {file: text.encode() for file, text in row.files.items()}
            policy = open_kept(contents, name)
        except PolicyError as error:
            first = error.diagnostics[0]
            raise StoreError(f"{name}, as it was kept, can no longer be read: {first}") from error
        if policy.digest != digest:
            raise StoreError(f"the kept files of {name} were altered: they are not {digest[:12]}")
        return policy


@dataclass(frozen=True)
class Context:
    """One transaction, at one moment, under one version of the policy."""

    governance: Governance
    rules: Rulebook
    uow: UnitOfWork
    now: datetime

    @property
    def policy(self) -> Policy:
        """Give the version's policy."""
        return self.rules.policy

    @property
    def version_in_force(self) -> str | None:
        """Give the id of the adopted version that binds; None: the folder does."""
        term = self.governance.in_force(self.now)
        return None if term is None else term.version_id

    @property
    def zone(self) -> ZoneInfo:
        """Give the office's time zone."""
        return self.rules.zone

    @cached_property
    def today(self) -> date:
        """Give the day that it is at the office."""
        return self.rules.day_of(self.now)

    def version(self, digest: str) -> Rulebook:
        """Give any version that the store keeps."""
        return self.governance.version(digest)

    def under(self, work: Governed) -> Self:
        """Give the same transaction under the version that a piece of work is under."""
        return self.by_rules(self.governance.of(work, self.rules))

    def by_rules(self, rules: Rulebook) -> Self:
        """Give the same transaction under another version."""
        return self if rules is self.rules else replace(self, rules=rules)
