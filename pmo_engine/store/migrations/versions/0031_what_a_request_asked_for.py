"""What a request asked for is kept, so that its id answers nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("requests", sa.Column("asked", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("requests", "asked")
