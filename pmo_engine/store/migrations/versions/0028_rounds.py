"""Collection rounds, and what each project is asked for in one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = sa.text("closed_at IS NULL")
KINDS = (
    "'approval', 'assessment', 'information', 'evidence', 'exception', 'notice', 'block',"
    " 'condition', 'recommendation'"
)


def upgrade() -> None:
    _kinds(f"{KINDS}, 'return'")
    op.create_table(
        "rounds",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("id", "round", "title", "period", "closer")
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("starts_on", "ends_on")),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            for name in ("asked_at", "closed_at")
        ),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("missed", DOCUMENT, nullable=False),
        sa.Column("policy_digest", sa.String(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rounds_version")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_rounds_closed")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_rounds_dates")),
        _refers("rounds", "policy_digest", "policy_texts.digest"),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
        sa.UniqueConstraint("round", "period", name="uq_rounds_round_period"),
    )
    op.create_index("ix_rounds_open", "rounds", ["round"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "round_returns",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("id", "round_id", "project", "title")
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("policy_digest", sa.String(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_round_returns_version")),
        _refers("round_returns", "id", "subjects.id"),
        _refers("round_returns", "round_id", "rounds.id"),
        _refers("round_returns", "project", "projects.id"),
        _refers("round_returns", "policy_digest", "policy_texts.digest"),
        sa.PrimaryKeyConstraint("id", name="pk_round_returns"),
        sa.UniqueConstraint("round_id", "project", name="uq_round_returns_round_id_project"),
    )
    op.create_index("ix_round_returns_project", "round_returns", ["project"])


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=f"fk_{table}_{column}", deferrable=True, initially="DEFERRED"
    )


def _kinds(kinds: str) -> None:
    with op.batch_alter_table("obligations") as batch:
        batch.drop_constraint(op.f("ck_obligations_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_obligations_kind"), f"kind IN ({kinds})")


def downgrade() -> None:
    op.drop_table("round_returns")
    op.drop_table("rounds")
    rows = sa.table("obligations", sa.column("id"), sa.column("kind", sa.String()))
    gone = sa.select(rows.c.id).where(rows.c.kind == "return")
    for name in ("rungs", "obligation_addressees", "votes"):
        table = sa.table(name, sa.column("obligation_id"))
        op.execute(sa.delete(table).where(table.c.obligation_id.in_(gone)))
    op.execute(sa.delete(rows).where(rows.c.id.in_(gone)))
    _kinds(KINDS)
