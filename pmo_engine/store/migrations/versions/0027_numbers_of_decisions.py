"""Decisions are numbered in the order in which they were taken, which no clock can turn round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

TAKEN = sa.table(
    "decisions",
    *(sa.column(name, sa.String()) for name in ("id", "subject_id", "event")),
    sa.column("subject_version", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("number", sa.Integer()),
)
UNIQUE = "uq_decisions_subject_id_number"
BEFORE = "ix_decisions_subject_id"


def upgrade() -> None:
    with op.batch_alter_table("decisions") as batch:
        batch.add_column(sa.Column("number", sa.Integer(), nullable=True))
    _number()
    with op.batch_alter_table("decisions") as batch:
        batch.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch.create_unique_constraint(op.f(UNIQUE), ["subject_id", "number"])
        batch.drop_index(BEFORE)


def _number() -> None:
    order = (TAKEN.c.subject_version, TAKEN.c.at, TAKEN.c.event, TAKEN.c.id)
    place = sa.func.row_number().over(partition_by=TAKEN.c.subject_id, order_by=order)
    numbered = sa.select(TAKEN.c.id, place.label("number")).subquery()
    counted = sa.update(TAKEN).values(number=numbered.c.number)
    op.execute(counted.where(TAKEN.c.id == numbered.c.id))


def downgrade() -> None:
    with op.batch_alter_table("decisions") as batch:
        batch.drop_constraint(op.f(UNIQUE), type_="unique")
        batch.drop_column("number")
        batch.create_index(BEFORE, ["subject_id"])
