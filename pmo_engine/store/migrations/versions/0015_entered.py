"""A record knows its place in the order in which all were entered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

COUNTED = ["register_name", "status", "project", "entered"]


def upgrade() -> None:
    with op.batch_alter_table("entries") as batch:
        batch.add_column(sa.Column("entered", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE entries SET entered = placed.place FROM (SELECT id, ROW_NUMBER() OVER"
        " (ORDER BY submitted_at, project, register_name, key_length, key) AS place"
        " FROM entries) AS placed WHERE placed.id = entries.id"
    )
    with op.batch_alter_table("entries") as batch:
        batch.alter_column("entered", existing_type=sa.Integer(), server_default=None)
    op.create_index("ix_entries_entered", "entries", ["entered"])
    op.create_index("ix_entries_counted", "entries", COUNTED)


def downgrade() -> None:
    for name in ("ix_entries_counted", "ix_entries_entered"):
        op.drop_index(name, "entries")
    with op.batch_alter_table("entries") as batch:
        batch.drop_column("entered")
