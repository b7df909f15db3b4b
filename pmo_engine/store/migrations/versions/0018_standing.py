"""How a record stands to its decision, beside the state of its life; why a version came to be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

STANDINGS = "'waiting', 'blocked', 'approved', 'rejected', 'withdrawn', 'rescinded', 'ended'"
COUNTED = ("register_name", "project", "entered")
UNDECIDED = ("submitted", "closed")


def upgrade() -> None:
    op.drop_index("ix_entries_counted", "entries")
    with op.batch_alter_table("entries") as batch:
        batch.add_column(_standing())
        batch.create_check_constraint(op.f("ck_entries_standing"), f"standing IN ({STANDINGS})")
    with op.batch_alter_table("entry_versions") as batch:
        batch.add_column(_standing())
    for table in ("entries", "entry_versions"):
        op.add_column(table, sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        rows = sa.table(table, sa.column("standing"), sa.column("status"))
        decided = rows.c.status.not_in(UNDECIDED)
        op.execute(rows.update().where(decided).values(standing=rows.c.status))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("standing", existing_type=sa.String(), server_default=None)
    op.execute(
        "UPDATE entries SET standing = 'blocked' WHERE standing = 'waiting' AND EXISTS"
        " (SELECT 1 FROM obligations WHERE subject_id = entries.id AND kind = 'block'"
        " AND binding = 'shall' AND status = 'open')"
    )
    op.add_column(
        "entry_versions", sa.Column("reason", sa.String(), nullable=False, server_default="")
    )
    op.create_index("ix_entries_counted", "entries", ["register_name", "standing", *COUNTED[1:]])


def _standing() -> sa.Column[str]:
    return sa.Column("standing", sa.String(), nullable=False, server_default="waiting")


def downgrade() -> None:
    op.drop_index("ix_entries_counted", "entries")
    op.drop_column("entry_versions", "reason")
    with op.batch_alter_table("entry_versions") as batch:
        batch.drop_column("closed_at")
        batch.drop_column("standing")
    with op.batch_alter_table("entries") as batch:
        batch.drop_constraint(op.f("ck_entries_standing"), type_="check")
        batch.drop_column("closed_at")
        batch.drop_column("standing")
    op.create_index("ix_entries_counted", "entries", ["register_name", "status", *COUNTED[1:]])
