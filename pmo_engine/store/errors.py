"""What can go wrong with the store, each in one line that a user can act on."""

from __future__ import annotations


class StoreError(Exception):
    """The store could not do what was asked; nothing of the unit of work was kept."""


class DatabaseLocked(StoreError):
    """Another writer held the database, or a row, for longer than the lock time-out."""


class DatabaseReadOnly(StoreError):
    """The database, or this unit of work, is open for reading only."""


class NotMigrated(StoreError):
    """The database has not, or not fully, the tables that this version expects."""


class Unreachable(StoreError):
    """The database cannot be opened: no such file or server, or no access."""


class NotFound(StoreError):
    """No row of that kind with that id."""

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"no {kind} '{id}'")
        self.kind = kind
        self.id = id


class StaleVersion(StoreError):
    """The row was changed by somebody else since it was read."""

    def __init__(self, kind: str, id: str, expected: int, found: int) -> None:
        super().__init__(
            f"the {kind} '{id}' was changed by somebody else meanwhile; look at it again"
        )
        self.kind = kind
        self.id = id
        self.expected = expected
        self.found = found


class Refused(StoreError):
    """A constraint of the database does not allow the row."""


class Duplicate(Refused):
    """The table already holds the one row of which there may be only one."""

    def __init__(self, table: str, words: str) -> None:
        super().__init__(words)
        self.table = table


class Unstorable(StoreError):
    """A value that the store does not take: a naive time, a float in a document."""


class Newer(StoreError):
    """A document was written by a later version of the program, in a shape that this one lacks."""

    def __init__(self, noun: str, found: int, known: int) -> None:
        super().__init__(
            f"a {noun} is kept in shape {found}, and this program knows shapes up to {known}: "
            f"it was written by a later version; use that one"
        )
