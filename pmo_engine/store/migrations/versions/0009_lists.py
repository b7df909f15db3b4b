"""Lines of the journal say what they are about; lists are read in the order of indexes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from collections.abc import Iterable

    Index = tuple[str, list[str]]

revision = "0009"  # of what was 0007 to 0009, before any of it was released
down_revision = "0006"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ONLY_APPENDED = "the journal is only ever added to"
VERBS = ("UPDATE", "DELETE")
KNOWN = "subject_id IS NOT NULL"
FAILED = "last_error IS NOT NULL"
REGISTER = ["project", "register_name"]
BY_KEY = ["key_length", "key"]
INDEXES = (
    ("journal", ["at", "seq"]),
    ("journal", ["actor", "at", "seq"]),
    ("journal", ["kind", "at", "seq"]),
    ("journal", ["chain", "actor", "seq"]),
    ("journal", ["chain", "kind", "seq"]),
    ("gate_reviews", ["opened_at"]),
    ("decisions", ["at"]),
    ("decisions", ["project", "at"]),
    ("obligations", ["project", "status", "due_at"]),
)
BEFORE = (
    ("decisions", ["project"]),
    ("obligations", ["project", "status"]),
    ("entries", [*REGISTER, "status"]),
)
"""What is a beginning of one of them, or of one of `LISTED`."""
LISTED = (
    ("ix_entries_listed", [*REGISTER, *BY_KEY]),
    ("ix_entries_listed_by_status", [*REGISTER, "status", *BY_KEY]),
)
BATCH = 1000

JOURNAL = sa.table(
    "journal",
    *(sa.column(name) for name in ("chain", "seq", "kind", "subject_id")),
    sa.column("body", DOCUMENT),
)


def upgrade() -> None:
    op.add_column("journal", sa.Column("subject_id", sa.String(), nullable=True))
    _watch(on=False)
    _fill()
    _watch(on=True)
    with op.batch_alter_table("entries") as batch:
        batch.add_column(sa.Column("key_length", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE entries SET key_length = length(key)")
    with op.batch_alter_table("entries") as batch:
        batch.alter_column("key_length", existing_type=sa.Integer(), server_default=None)
    _replace(BEFORE, INDEXES)
    for name, columns in LISTED:
        op.create_index(name, "entries", columns)
    _index_some("ix_journal_subject_id_seq", "journal", ["subject_id", "seq"], where=KNOWN)
    _index_some("ix_outbox_unsent", "outbox", ["created_at", "id"], where=FAILED)


def downgrade() -> None:
    """Lines that were written since cannot be checked any more: they are in a later form."""
    op.drop_index("ix_outbox_unsent", "outbox")
    op.drop_index("ix_journal_subject_id_seq", "journal")
    for name, _ in LISTED:
        op.drop_index(name, "entries")
    _replace(INDEXES, BEFORE)
    with op.batch_alter_table("entries") as batch:
        batch.drop_column("key_length")
    op.drop_column("journal", "subject_id")


def _name(table: str, columns: list[str]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"


def _replace(before: Iterable[Index], after: Iterable[Index]) -> None:
    for table, columns in before:
        op.drop_index(_name(table, columns), table)
    for table, columns in after:
        op.create_index(_name(table, columns), table, columns)


def _index_some(name: str, table: str, columns: list[str], *, where: str) -> None:
    """Of the rows of which this holds."""
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _watch(*, on: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE journal {'ENABLE' if on else 'DISABLE'} TRIGGER USER")
        return
    for verb in VERBS:
        op.execute(
            f"CREATE TRIGGER journal_no_{verb} BEFORE {verb} ON journal"
            f" BEGIN SELECT RAISE(ABORT, '{ONLY_APPENDED}'); END"
            if on
            else f"DROP TRIGGER journal_no_{verb}"
        )


def _fill() -> None:
    """What a line is about is told by what it names; where that is not clear, by nothing."""
    bind = op.get_bind()
    named = _Named(bind)
    here = (JOURNAL.c.chain == sa.bindparam("of"), JOURNAL.c.seq == sa.bindparam("number"))
    set_ = sa.update(JOURNAL).where(*here).values(subject_id=sa.bindparam("about"))
    lines = sa.select(JOURNAL.c.chain, JOURNAL.c.seq, JOURNAL.c.kind, JOURNAL.c.body)
    found = [
        {"of": chain, "number": seq, "about": about}
        for chain, seq, kind, body in bind.execute(lines)
        if (about := named.subject(chain, kind, body)) is not None
    ]
    for start in range(0, len(found), BATCH):
        bind.execute(set_, found[start : start + BATCH])


class _Named:
    """The subjects, by the names that lines give them."""

    def __init__(self, bind: sa.Connection) -> None:
        def pairs(text: str) -> dict[Any, str]:
            rows = bind.execute(sa.text(text)).all()
            times = Counter(tuple(key) for *key, _ in rows)
            return {tuple(key): id for *key, id in rows if times[tuple(key)] == 1}

        self.decisions = pairs("SELECT id, subject_id FROM decisions")
        self.obligations = pairs("SELECT id, subject_id FROM obligations")
        self.entries = pairs("SELECT project, register_name, key, id FROM entries")
        self.keys = pairs("SELECT project, key, id FROM entries")
        self.versions = pairs("SELECT policy_version, digest, id FROM policy_versions")

    def subject(self, chain: str, kind: str, body: dict[str, Any]) -> str | None:
        match body:
            case {"obligation": str(id)}:
                return self.obligations.get((id,))
            case {"decision": str(id)}:
                return self.decisions.get((id,))
            case {"review": str(id)}:
                return id
            case {"register": str(register), "key": str(key), "version": _}:
                return self.entries.get((chain, register, key))
            case {"key": str(key), "version": _}:
                return self.keys.get((chain, key))
            case {"version": str(version), "digest": str(digest)} if kind.startswith("policy."):
                return self.versions.get((version, digest))
            case _:
                return None
