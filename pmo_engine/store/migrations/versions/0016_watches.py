"""What rules on time look at, and from when on they may have another answer about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
REFERENCES = {"subject_id": "subjects", "project": "projects"}


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", DOCUMENT, nullable=False),
        sa.CheckConstraint(
            "rhythm IN ('day', 'week', 'month', 'stage')", name=op.f("ck_watches_rhythm")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=f"fk_watches_{column}",
                deferrable=True,
                initially="DEFERRED",
            )
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("subject_id", "event", name="pk_watches"),
    )
    op.create_index("ix_watches_rhythm_due_at", "watches", ["rhythm", "due_at"])
    op.create_index("ix_watches_project", "watches", ["project"])


def downgrade() -> None:
    op.drop_table("watches")
