"""How criteria of gates are judged, what is shown there, and what a gate leaves to be done."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KINDS = "'approval', 'assessment', 'information', 'evidence', 'exception', 'notice', 'block'"
OF_GATES = "'condition', 'recommendation'"


def upgrade() -> None:
    _kinds(f"{KINDS}, {OF_GATES}")
    with op.batch_alter_table("gate_reviews") as batch:
        batch.add_column(sa.Column("reopens", sa.String(), nullable=True))
        batch.add_column(sa.Column("details", DOCUMENT, nullable=False, server_default="{}"))
        batch.create_foreign_key(
            op.f("fk_gate_reviews_reopens"),
            "gate_reviews",
            ["reopens"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )
    with op.batch_alter_table("gate_reviews") as batch:
        batch.alter_column("details", existing_type=DOCUMENT, server_default=None)
    op.create_table(
        "judgements",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("review_id", "criterion")),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("score", sa.String(), nullable=True),
        sa.Column("findings", DOCUMENT, nullable=False),
        sa.Column("asked_of", sa.String(), nullable=True),
        *_by_whom(),
        sa.CheckConstraint(
            "answer IN ('yes', 'no', 'cannot_tell', 'asked')", name=op.f("ck_judgements_answer")
        ),
        _of_review("judgements"),
        sa.PrimaryKeyConstraint("review_id", "revision", "criterion", name="pk_judgements"),
    )
    op.create_table(
        "gate_evidence",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("id", "review_id", "evidence", "kind", "reference", "note")
        ),
        sa.Column("entry_version", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("dated", sa.Date(), nullable=False),
        *_by_whom(),
        sa.CheckConstraint(
            "kind IN ('entry', 'file', 'document')", name=op.f("ck_gate_evidence_kind")
        ),
        sa.CheckConstraint(
            "kind <> 'entry' OR entry_version IS NOT NULL", name=op.f("ck_gate_evidence_bound")
        ),
        sa.CheckConstraint(
            "kind <> 'file' OR digest IS NOT NULL", name=op.f("ck_gate_evidence_digested")
        ),
        _of_review("gate_evidence"),
        sa.PrimaryKeyConstraint("id", name="pk_gate_evidence"),
    )
    op.create_index("ix_gate_evidence_review_id", "gate_evidence", ["review_id", "at"])


def _by_whom() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
    )


def _of_review(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["review_id"],
        ["gate_reviews.id"],
        name=f"fk_{table}_review_id",
        deferrable=True,
        initially="DEFERRED",
    )


def _kinds(kinds: str) -> None:
    with op.batch_alter_table("obligations") as batch:
        batch.drop_constraint(op.f("ck_obligations_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_obligations_kind"), f"kind IN ({kinds})")


def downgrade() -> None:
    op.drop_table("gate_evidence")
    op.drop_table("judgements")
    with op.batch_alter_table("gate_reviews") as batch:
        batch.drop_constraint(op.f("fk_gate_reviews_reopens"), type_="foreignkey")
        batch.drop_column("details")
        batch.drop_column("reopens")
    rows = sa.table("obligations", sa.column("id"), sa.column("kind", sa.String()))
    gone = sa.select(rows.c.id).where(rows.c.kind.in_(("condition", "recommendation")))
    for name in ("rungs", "obligation_addressees", "votes"):
        table = sa.table(name, sa.column("obligation_id"))
        op.execute(sa.delete(table).where(table.c.obligation_id.in_(gone)))
    op.execute(sa.delete(rows).where(rows.c.id.in_(gone)))
    _kinds(KINDS)
