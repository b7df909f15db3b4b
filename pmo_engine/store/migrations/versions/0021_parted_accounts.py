"""Until when accounts were one person's that are not any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("same_persons", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("same_persons", sa.Column("ended_by", sa.String(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM same_persons WHERE ended_on IS NOT NULL")
    op.drop_column("same_persons", "ended_by")
    op.drop_column("same_persons", "ended_on")
