"""Lines of the journal say what they are about; lists of lines, reviews and work have indexes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ONLY_APPENDED = "the journal is only ever added to"
VERBS = ("UPDATE", "DELETE")
KNOWN = "subject_id IS NOT NULL"
INDEXES = (
    ("journal", ["at"]),
    ("journal", ["actor", "at"]),
    ("journal", ["kind", "at"]),
    ("gate_reviews", ["opened_at"]),
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
    for table, columns in INDEXES:
        op.create_index(_name(table, columns), table, columns)
    op.create_index(
        "ix_journal_subject_id_seq",
        "journal",
        ["subject_id", "seq"],
        sqlite_where=sa.text(KNOWN),
        postgresql_where=sa.text(KNOWN),
    )
    _index_work("project", "status", "due_at", instead_of=("project", "status"))


def downgrade() -> None:
    """Lines that were written since cannot be checked any more: they are in a later form."""
    _index_work("project", "status", instead_of=("project", "status", "due_at"))
    op.drop_index("ix_journal_subject_id_seq", "journal")
    for table, columns in INDEXES:
        op.drop_index(_name(table, columns), table)
    op.drop_column("journal", "subject_id")


def _name(table: str, columns: list[str]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"


def _index_work(*columns: str, instead_of: tuple[str, ...]) -> None:
    op.drop_index(_name("obligations", list(instead_of)), "obligations")
    op.create_index(_name("obligations", list(columns)), "obligations", list(columns))


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
