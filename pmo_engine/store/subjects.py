"""What decisions and obligations are about, of whatever kind."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from pmo_engine.store.repository import IdRepository
from pmo_engine.store.tables import Subject


class Subjects(IdRepository[Subject]):
    """One for each entry, gate review and policy version, with the same id.

    Whoever works on a subject locks it first, here, whatever its kind is.
    """

    model = Subject
    noun = "subject"

    def is_empty(self) -> bool:
        """Whether no work has begun yet."""
        return self._session.scalars(select(col(Subject.id)).limit(1)).first() is None

    def lock(self, id: str) -> Subject:
        """The subject, which nobody else locks until this transaction ends.

        Raises:
            NotFound: there is none.
        """
        return self._one(id, _locked([id]), fresh=True)

    def lock_all(self, ids: Collection[str], *, skip_locked: bool = False) -> list[Subject]:
        """The subjects by id, locked in that order, so that two who lock several never deadlock.

        With `skip_locked` those that others hold are left out, as are those that are not there.
        """
        return self._all(_locked(sorted(ids), skip_locked=skip_locked), fresh=True)


def _locked(ids: list[str], *, skip_locked: bool = False) -> Any:
    """Their rows' keys stay open to references, which need no turn of their own."""
    chosen = select(Subject).where(col(Subject.id).in_(ids)).order_by(col(Subject.id))
    return chosen.with_for_update(key_share=True, skip_locked=skip_locked)
