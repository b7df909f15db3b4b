"""Interests are declared; people are told of what they may not decide; what nobody may is stuck."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

INTERESTS = "declared_interests"
REFERENCES = {"person": "people", "project": "projects", "subject_id": "subjects"}
STUCK = sa.text("stuck_since IS NOT NULL")
ONE = (
    "(CASE WHEN project IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN subject_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN party IS NULL THEN 0 ELSE 1 END) = 1"
)


def upgrade() -> None:
    informed: sa.Column[bool] = sa.Column(
        "informed", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    with op.batch_alter_table("obligation_addressees") as batch:
        batch.add_column(informed)
    with op.batch_alter_table("obligation_addressees") as batch:
        batch.alter_column("informed", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("obligations") as batch:
        batch.add_column(sa.Column("stuck_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_obligations_stuck",
        "obligations",
        ["stuck_since"],
        sqlite_where=STUCK,
        postgresql_where=STUCK,
    )
    _create_interests()


def _create_interests() -> None:
    op.create_table(
        INTERESTS,
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=True),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("party", sa.String(), nullable=True),
        sa.Column("called", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "to_date IS NULL OR to_date >= from_date", name=op.f(f"ck_{INTERESTS}_dates")
        ),
        sa.CheckConstraint(ONE, name=op.f(f"ck_{INTERESTS}_one")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=f"fk_{INTERESTS}_{column}",
                deferrable=True,
                initially="DEFERRED",
            )
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{INTERESTS}"),
    )
    for column in (*REFERENCES, "party"):
        op.create_index(f"ix_{INTERESTS}_{column}", INTERESTS, [column])


def downgrade() -> None:
    op.drop_table(INTERESTS)
    op.drop_index("ix_obligations_stuck", "obligations")
    with op.batch_alter_table("obligations") as batch:
        batch.drop_column("stuck_since")
    with op.batch_alter_table("obligation_addressees") as batch:
        batch.drop_column("informed")
