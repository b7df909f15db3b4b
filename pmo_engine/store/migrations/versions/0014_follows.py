"""A record may follow an earlier one, which was rejected, withdrawn or rescinded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("entries") as batch:
        batch.add_column(sa.Column("follows", sa.String(), nullable=True))
        batch.create_foreign_key(
            "fk_entries_follows",
            "entries",
            ["follows"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )


def downgrade() -> None:
    with op.batch_alter_table("entries") as batch:
        batch.drop_constraint("fk_entries_follows", "foreignkey")
        batch.drop_column("follows")
