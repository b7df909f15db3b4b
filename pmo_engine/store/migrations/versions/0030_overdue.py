"""What is overdue is found among all that is open, however much of it there is."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_index("ix_obligations_status_due_at", "obligations", ["status", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_obligations_status_due_at", "obligations")
