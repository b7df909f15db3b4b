"""Pages of the journal's lines are read in the order of an index, whatever chooses them."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"

BEFORE = (["at"], ["actor", "at"], ["kind", "at"])
AFTER = (
    ["at", "seq"],
    ["actor", "at", "seq"],
    ["kind", "at", "seq"],
    ["chain", "actor", "seq"],
    ["chain", "kind", "seq"],
)


def upgrade() -> None:
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    _replace(AFTER, BEFORE)


def _replace(before: tuple[list[str], ...], after: tuple[list[str], ...]) -> None:
    for columns in before:
        op.drop_index(_name(columns), "journal")
    for columns in after:
        op.create_index(_name(columns), "journal", columns)


def _name(columns: list[str]) -> str:
    return f"ix_journal_{'_'.join(columns)}"
