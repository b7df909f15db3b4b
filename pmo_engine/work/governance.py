"""The shelf: every version of the policy that the store knows, and which one is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.opening import open_kept
from pmo_engine.engines.engine import Engine
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.store import tables
from pmo_engine.store.errors import StoreError
from pmo_engine.work.rulebook import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from pmo_engine.model.clock import Clock
    from pmo_engine.policy import Policy
    from pmo_engine.roles.base import FunctionalRole
    from pmo_engine.store.database import Database
    from pmo_engine.store.policies import Term


class Shelf:
    """Gives a desk for the version in force, or for the one that a piece of work is under.

    Until a version is adopted, the policy of the folder binds as it stands; from then on the
    folder binds nobody, and is read no more. What binds is asked of the store once, and again
    after ``forget``. A desk, with its policy and engine, is made once for each digest.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        roles: Mapping[str, FunctionalRole],
        backend: str,
        folder: Callable[[], Policy],
    ) -> None:
        self.database = database
        self.clock = clock
        self.roles = roles
        self.backend = backend
        self._folder = folder
        self._desks: dict[str, Desk] = {}
        self._answer: tuple[set[str], list[Term]] | None = None

    @property
    def terms(self) -> list[Term]:
        """List when each adopted version binds, in the order in which they come."""
        return self._known()[1]

    def forget(self) -> None:
        """Ask the store anew what binds, as after an adoption."""
        self._answer = None

    def in_force(self, moment: datetime) -> Term | None:
        """Give the term of the version that binds at a moment; None: the folder as it stands."""
        begun = [term for term in self.terms if term.binds_from <= moment]
        return begun[-1] if begun else None

    def due(self) -> list[Term]:
        """List the terms whose day has come and that have yet to take force."""
        now = self.clock.now()
        return [term for term in self.terms if term.binds_from <= now and not term.took_force]

    def desk(self) -> Desk:
        """Give the desk of the version that is in force now."""
        term = self.in_force(self.clock.now())
        return self.made(self._folder()) if term is None else self.desk_of(term.digest)

    def desk_of(self, digest: str) -> Desk:
        """Give the desk of any version that the store keeps."""
        return self._desks.get(digest) or self.made(self._kept_policy(digest))

    def made(self, policy: Policy) -> Desk:
        """Give the desk of a bound policy, kept or not."""
        found = self._desks.get(policy.digest)
        if found is None:
            engine = Engine(policy, self.backend)
            found = Desk(policy, engine, self.database, self.clock, self.roles, self)
            self._desks[policy.digest] = found
        return found

    def keep(self, policy: Policy, by: str) -> None:
        """Keep a policy's files in the store before anything is decided by it; once."""
        kept = self._known()[0]
        if policy.digest in kept:
            return
        text = tables.PolicyText(
            digest=policy.digest,
            name=policy.name,
            policy_version=policy.version,
            files={name: data.decode() for name, data in policy.contents.items()},
        )
        with self.database.unit_of_work(by, self.clock.now()) as uow:
            uow.policy_texts.keep(text)
        kept.add(policy.digest)

    def close(self) -> None:
        """Give back what its engines hold."""
        for desk in self._desks.values():
            desk.engine.close()

    def _known(self) -> tuple[set[str], list[Term]]:
        if self._answer is None:
            with self.database.read() as uow:
                known = uow.policy_versions.known()
            terms = sorted(term for _, term in known if term is not None)
            self._answer = {digest for digest, _ in known}, terms
        return self._answer

    def _kept_policy(self, digest: str) -> Policy:
        with self.database.read() as uow:
            row = uow.policy_texts.get(digest)
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
