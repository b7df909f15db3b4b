"""Records are listed by the length of their keys, decisions by their time, from indexes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

REGISTER = ["project", "register_name"]
BY_KEY = ["key_length", "key"]
BY_STATUS = "ix_entries_project_register_name_status"


def upgrade() -> None:
    with op.batch_alter_table("entries") as batch:
        batch.add_column(sa.Column("key_length", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE entries SET key_length = length(key)")
    with op.batch_alter_table("entries") as batch:
        batch.alter_column("key_length", existing_type=sa.Integer(), server_default=None)
    op.create_index("ix_entries_listed", "entries", [*REGISTER, *BY_KEY])
    op.create_index("ix_entries_listed_by_status", "entries", [*REGISTER, "status", *BY_KEY])
    op.drop_index(BY_STATUS, "entries")
    op.create_index("ix_decisions_at", "decisions", ["at"])
    op.create_index("ix_decisions_project_at", "decisions", ["project", "at"])
    op.drop_index("ix_decisions_project", "decisions")


def downgrade() -> None:
    op.create_index("ix_decisions_project", "decisions", ["project"])
    for name in ("ix_decisions_project_at", "ix_decisions_at"):
        op.drop_index(name, "decisions")
    op.create_index(BY_STATUS, "entries", [*REGISTER, "status"])
    for name in ("ix_entries_listed_by_status", "ix_entries_listed"):
        op.drop_index(name, "entries")
    with op.batch_alter_table("entries") as batch:
        batch.drop_column("key_length")
