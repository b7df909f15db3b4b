"""Reports as they were made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pmo_engine.store.columns import Document

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("pages", Document(), nullable=False),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_reports_edition")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_reports_dates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            *("report", "place", "starts_on", "ends_on", "edition"),
            name=op.f("uq_reports_report_place_starts_on_ends_on_edition"),
        ),
    )
    op.create_index(op.f("ix_reports_at"), "reports", ["at"])


def downgrade() -> None:
    op.drop_table("reports")
