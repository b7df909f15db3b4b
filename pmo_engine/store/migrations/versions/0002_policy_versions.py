"""Versions of the policy: drafted, commented on, adopted; work that is under one of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

KINDS = {
    "old": "subject_kind IN ('entry', 'gate_review')",
    "new": "subject_kind IN ('entry', 'gate_review', 'policy_version')",
}
OWNED = "(subject_kind = 'policy_version') = (project IS NULL)"


def upgrade() -> None:
    op.create_table(
        "policy_texts",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("files", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_policy_texts"),
    )
    op.create_table(
        "policy_versions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("applies_to_open", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("drafted_by", sa.String(), nullable=False),
        sa.Column("comment_until", MOMENT, nullable=True),
        sa.Column("submitted_by", sa.String(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("binds_from", MOMENT, nullable=True),
        sa.Column("took_force_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("effect", DOCUMENT, nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'comment', 'submitted', 'adopted', 'rejected', 'withdrawn', "
            "'superseded')",
            name=op.f("ck_policy_versions_status"),
        ),
        sa.CheckConstraint(
            "(binds_from IS NULL AND status <> 'adopted')"
            " OR (binds_from IS NOT NULL AND status IN ('adopted', 'superseded'))",
            name=op.f("ck_policy_versions_binds_from"),
        ),
        sa.CheckConstraint(
            "took_force_at IS NULL OR binds_from IS NOT NULL",
            name=op.f("ck_policy_versions_took_force_at"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_policy_versions_version")),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["policy_texts.digest"],
            name="fk_policy_versions_digest",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_policy_versions"),
    )
    op.create_index("ix_policy_versions_digest", "policy_versions", ["digest"], unique=False)
    live = sa.text("status IN ('draft', 'comment', 'submitted', 'adopted')")
    op.create_index(
        "uq_policy_versions_live",
        "policy_versions",
        ["name", "policy_version"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_table(
        "policy_comments",
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_policy_comments_answered_at"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["policy_versions.id"],
            name="fk_policy_comments_policy_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("policy_id", "number", name="pk_policy_comments"),
    )
    for table in ("decisions", "obligations"):
        _speak_of(table, "new")
    for table in ("entries", "gate_reviews"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("policy_digest", sa.String(), nullable=True))
            batch.create_foreign_key(
                f"fk_{table}_policy_digest",
                "policy_texts",
                ["policy_digest"],
                ["digest"],
                deferrable=True,
                initially="DEFERRED",
            )


def downgrade() -> None:
    for table in ("gate_reviews", "entries"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"fk_{table}_policy_digest", type_="foreignkey")
            batch.drop_column("policy_digest")
    for table in ("obligations", "decisions"):
        _speak_of(table, "old")
    for table in ("policy_comments", "policy_versions", "policy_texts"):
        op.drop_table(table)


def _speak_of(table: str, when: str) -> None:
    """Changes which kinds of subjects a table knows; the new one belongs to no project."""
    kind, project = op.f(f"ck_{table}_subject_kind"), op.f(f"ck_{table}_project")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(kind, type_="check")
        batch.create_check_constraint(kind, KINDS[when])
        batch.alter_column("project", existing_type=sa.String(), nullable=when == "new")
        if when == "new":
            batch.create_check_constraint(project, OWNED)
        else:
            batch.drop_constraint(project, type_="check")
