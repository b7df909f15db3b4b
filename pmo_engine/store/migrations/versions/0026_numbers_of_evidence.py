"""Evidence is numbered in the order in which it was shown: of one moment, too, the last counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

GIVEN = sa.table(
    "gate_evidence",
    *(sa.column(name, sa.String()) for name in ("id", "review_id")),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("number", sa.Integer()),
)
UNIQUE = "uq_gate_evidence_review_id_number"


def upgrade() -> None:
    with op.batch_alter_table("gate_evidence") as batch:
        batch.add_column(sa.Column("number", sa.Integer(), nullable=True))
    _number()
    with op.batch_alter_table("gate_evidence") as batch:
        batch.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch.create_unique_constraint(op.f(UNIQUE), ["review_id", "number"])
        batch.drop_index("ix_gate_evidence_review_id")


def _number() -> None:
    place = sa.func.row_number().over(
        partition_by=GIVEN.c.review_id, order_by=(GIVEN.c.at, GIVEN.c.id)
    )
    numbered = sa.select(GIVEN.c.id, place.label("number")).subquery()
    mine = sa.select(numbered.c.number).where(numbered.c.id == GIVEN.c.id).scalar_subquery()
    op.execute(sa.update(GIVEN).values(number=mine))


def downgrade() -> None:
    with op.batch_alter_table("gate_evidence") as batch:
        batch.drop_constraint(op.f(UNIQUE), type_="unique")
        batch.drop_column("number")
        batch.create_index("ix_gate_evidence_review_id", ["review_id", "at"])
