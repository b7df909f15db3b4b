"""A member may step aside, a vote names the outcome of a gate, a timer may end a vote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0012"
down_revision = "0011"

CHOICES = "'approve', 'reject', 'abstain'"
ACTIONS = "'remind', 'escalate'"
OUTCOMES = "'go', 'conditional_go', 'hold', 'recycle', 'stop'"


def upgrade() -> None:
    with op.batch_alter_table("votes") as batch:
        batch.add_column(sa.Column("outcome", sa.String(), nullable=True))
        batch.create_check_constraint(op.f("ck_votes_outcome"), f"outcome IN ({OUTCOMES})")
        _allow(batch, "ck_votes_choice", "choice", f"{CHOICES}, 'recuse'")
    with op.batch_alter_table("rungs") as batch:
        _allow(batch, "ck_rungs_action", "action", f"{ACTIONS}, 'close'")


def downgrade() -> None:
    op.execute("DELETE FROM rungs WHERE action = 'close'")
    op.execute("DELETE FROM votes WHERE choice = 'recuse'")
    with op.batch_alter_table("rungs") as batch:
        _allow(batch, "ck_rungs_action", "action", ACTIONS)
    with op.batch_alter_table("votes") as batch:
        _allow(batch, "ck_votes_choice", "choice", CHOICES)
        batch.drop_constraint(op.f("ck_votes_outcome"), type_="check")
        batch.drop_column("outcome")


def _allow(batch: BatchOperations, name: str, column: str, values: str) -> None:
    batch.drop_constraint(op.f(name), type_="check")
    batch.create_check_constraint(op.f(name), f"{column} IN ({values})")
