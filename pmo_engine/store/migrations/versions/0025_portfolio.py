"""Colours that somebody says, and cycles of reporting that are closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OVERRIDES = "colour_overrides"
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        OVERRIDES,
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("project", "programme")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("colour", "reason")),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "colour IN ('green', 'amber', 'red')", name=op.f(f"ck_{OVERRIDES}_colour")
        ),
        sa.CheckConstraint(
            "(project IS NULL) <> (programme IS NULL)", name=op.f(f"ck_{OVERRIDES}_one")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f(f"ck_{OVERRIDES}_reason_given")),
        _refers("project", "projects"),
        _refers("programme", "programmes"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{OVERRIDES}"),
    )
    for column in ("project", "programme"):
        op.create_index(
            f"uq_{OVERRIDES}_{column}",
            OVERRIDES,
            [column],
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
    op.create_table(
        "cycles",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("policy_digest", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("board", DOCUMENT, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_cycles_number")),
        sa.ForeignKeyConstraint(
            ["policy_digest"],
            ["policy_texts.digest"],
            name="fk_cycles_policy_digest",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_cycles"),
        sa.UniqueConstraint("number", name="uq_cycles_number"),
    )


def _refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{table}.id"],
        name=f"fk_{OVERRIDES}_{column}",
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade() -> None:
    op.drop_table("cycles")
    op.drop_table(OVERRIDES)
