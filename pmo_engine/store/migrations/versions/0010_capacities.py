"""A vote says for which role it counts and in whose place, an approval which act is asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

OPEN = {
    "uq_obligations_open": (["subject_id", "rule", "kind", "target"], "status = 'open'"),
    "uq_obligations_open_approval": (
        ["subject_id", "target"],
        "status = 'open' AND kind = 'approval'",
    ),
}
"""What may be open once only; with the act from now on."""


def upgrade() -> None:
    _drop_indexes()
    with op.batch_alter_table("obligations") as batch:
        batch.add_column(sa.Column("act", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("obligations") as batch:
        batch.alter_column("act", existing_type=sa.String(), server_default=None)
    _create_indexes(["act"])
    with op.batch_alter_table("votes") as batch:
        for name in ("role", "capacity"):
            batch.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("on_behalf_of", sa.String(), nullable=True))
        batch.create_foreign_key(
            "fk_votes_on_behalf_of",
            "people",
            ["on_behalf_of"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )
    with op.batch_alter_table("votes") as batch:
        for name in ("role", "capacity"):
            batch.alter_column(name, existing_type=sa.String(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("votes") as batch:
        batch.drop_constraint("fk_votes_on_behalf_of", "foreignkey")
        for name in ("on_behalf_of", "capacity", "role"):
            batch.drop_column(name)
    _drop_indexes()
    with op.batch_alter_table("obligations") as batch:
        batch.drop_column("act")
    _create_indexes([])


def _drop_indexes() -> None:
    for name in OPEN:
        op.drop_index(name, "obligations")


def _create_indexes(more: list[str]) -> None:
    for name, (columns, where) in OPEN.items():
        only = sa.text(where)
        op.create_index(
            name,
            "obligations",
            [*columns, *more],
            unique=True,
            sqlite_where=only,
            postgresql_where=only,
        )
