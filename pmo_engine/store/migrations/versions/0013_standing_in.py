"""Roles are held acting; people decide for others, are away, and have second accounts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    acting: sa.Column[Any] = sa.Column(
        "acting", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("role_holdings", acting)  # as it is: a table made anew would lose its triggers
    op.create_table(
        "delegations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("delegate", sa.String(), nullable=False),
        sa.Column("acts", DOCUMENT, nullable=False),
        sa.Column("projects", DOCUMENT, nullable=False),
        sa.Column("up_to", sa.String(), nullable=True),
        *_span(),
        sa.CheckConstraint(
            "to_date IS NULL OR to_date >= from_date", name=op.f("ck_delegations_dates")
        ),
        sa.CheckConstraint("owner <> delegate", name=op.f("ck_delegations_two")),
        _somebody("delegations", "owner"),
        _somebody("delegations", "delegate"),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
    )
    op.create_index("ix_delegations_owner", "delegations", ["owner"])
    op.create_index("ix_delegations_delegate", "delegations", ["delegate"])
    op.create_table(
        "absences",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("deputy", sa.String(), nullable=True),
        sa.Column("upward", sa.Boolean(), nullable=False),
        *_span(),
        sa.CheckConstraint(
            "to_date IS NULL OR to_date >= from_date", name=op.f("ck_absences_dates")
        ),
        sa.CheckConstraint("deputy IS NULL OR deputy <> person", name=op.f("ck_absences_two")),
        sa.CheckConstraint("deputy IS NULL OR NOT upward", name=op.f("ck_absences_one_way")),
        _somebody("absences", "person"),
        _somebody("absences", "deputy"),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
    )
    op.create_index("ix_absences_person", "absences", ["person"])
    op.create_table(
        "same_persons",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint("account <> other", name=op.f("ck_same_persons_two")),
        _somebody("same_persons", "account"),
        _somebody("same_persons", "other"),
        sa.PrimaryKeyConstraint("account", "other", name="pk_same_persons"),
    )


def _span() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
    )


def _somebody(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        ["people.id"],
        name=f"fk_{table}_{column}",
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade() -> None:
    for table in ("same_persons", "absences", "delegations"):
        op.drop_table(table)
    op.drop_column("role_holdings", "acting")
