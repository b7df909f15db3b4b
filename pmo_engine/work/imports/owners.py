"""Whom the name of an owner means in a table that people keep."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pmo_engine.exchange.cell_values import alike_in_words

if TYPE_CHECKING:
    from pmo_engine.work.governance import Context


class People:
    """Who is known, by id and by name; a name that several have means none of them."""

    def __init__(self, c: Context) -> None:
        self._ids: set[str] = set()
        self._named: defaultdict[str, set[str]] = defaultdict(set)
        for id, name in c.uow.people.names():
            self._ids.add(id)
            for each in (id, name):
                self._named[alike_in_words(each)].add(id)

    def called(self, name: str) -> str | None:
        """Give the id of somebody by it, or by their name; None where nobody is meant alone."""
        if name in self._ids:
            return name
        found = self._named.get(alike_in_words(name), set())
        return next(iter(found)) if len(found) == 1 else None
