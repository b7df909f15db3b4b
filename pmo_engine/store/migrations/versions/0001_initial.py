"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

TABLES = [
    "journal",
    "journal_heads",
    "outbox",
    "people",
    "projects",
    "settings",
    "decisions",
    "delivery_attempts",
    "entries",
    "gate_reviews",
    "role_holdings",
    "assessments",
    "entry_versions",
    "obligations",
    "rungs",
    "votes",
]
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

ONLY_APPENDED = "the journal is only ever added to"
SQLITE_TRIGGERS = [
    f"CREATE TRIGGER journal_no_{verb} BEFORE {verb} ON journal"
    f" BEGIN SELECT RAISE(ABORT, '{ONLY_APPENDED}'); END"
    for verb in ("UPDATE", "DELETE")
]
POSTGRESQL_TRIGGERS = [
    f"""
    CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{ONLY_APPENDED}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()
    """,
]


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", DOCUMENT, nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_journal_seq")),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_journal"),
    )
    op.create_table(
        "journal_heads",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_journal_heads"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("payload", DOCUMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'claimed') = (claimed_until IS NOT NULL)",
            name=op.f("ck_outbox_claimed_until"),
        ),
        sa.CheckConstraint("kind IN ('notice', 'flow')", name=op.f("ck_outbox_kind")),
        sa.CheckConstraint(
            "state IN ('waiting', 'claimed', 'sent', 'failed')", name=op.f("ck_outbox_state")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "projects",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attributes", DOCUMENT, nullable=False),
        sa.CheckConstraint("id <> 'office'", name=op.f("ck_projects_not_the_office")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_projects_version")),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
    )
    op.create_index("ix_projects_office", "projects", ["office"], unique=False)
    op.create_index("ix_projects_status", "projects", ["status"], unique=False)
    op.create_table(
        "settings",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("policy_name", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("policy_digest", sa.String(), nullable=False),
        sa.Column("facts", DOCUMENT, nullable=False),
        sa.Column("result", DOCUMENT, nullable=False),
        sa.CheckConstraint(
            "subject_kind IN ('entry', 'gate_review')", name=op.f("ck_decisions_subject_kind")
        ),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.id"],
            name="fk_decisions_project",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_project", "decisions", ["project"], unique=False)
    op.create_index(
        "ix_decisions_subject_kind_subject_id",
        "decisions",
        ["subject_kind", "subject_id"],
        unique=False,
    )
    op.create_table(
        "delivery_attempts",
        sa.Column("outbox_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint("ok = (error IS NULL)", name=op.f("ck_delivery_attempts_error")),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox.id"],
            name="fk_delivery_attempts_outbox_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("outbox_id", "number", name="pk_delivery_attempts"),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("register_name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_entries_version")),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.id"],
            name="fk_entries_project",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.UniqueConstraint(
            "project", "register_name", "key", name="uq_entries_project_register_name_key"
        ),
    )
    op.create_table(
        "gate_reviews",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("gate", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_gate_reviews_closed_at")
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_gate_reviews_decided")
        ),
        sa.CheckConstraint(
            "outcome IN ('go', 'conditional_go', 'hold', 'recycle', 'stop')",
            name=op.f("ck_gate_reviews_outcome"),
        ),
        sa.CheckConstraint(
            "status IN ('assessing', 'awaiting_assessments', 'awaiting_decision', 'closed')",
            name=op.f("ck_gate_reviews_status"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_gate_reviews_version")),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.id"],
            name="fk_gate_reviews_project",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_gate_reviews"),
    )
    op.create_index(
        "ix_gate_reviews_project_gate", "gate_reviews", ["project", "gate"], unique=False
    )
    op.create_index("ix_gate_reviews_status", "gate_reviews", ["status"], unique=False)
    op.create_index(
        "uq_gate_reviews_open",
        "gate_reviews",
        ["project", "gate"],
        unique=True,
        sqlite_where=sa.text("status <> 'closed'"),
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_table(
        "role_holdings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=True),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "to_date IS NULL OR to_date >= from_date", name=op.f("ck_role_holdings_dates")
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["people.id"],
            name="fk_role_holdings_person",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.id"],
            name="fk_role_holdings_project",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_role_holdings"),
    )
    op.create_index("ix_role_holdings_person", "role_holdings", ["person"], unique=False)
    op.create_index(
        "ix_role_holdings_role_project", "role_holdings", ["role", "project"], unique=False
    )
    op.create_table(
        "assessments",
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("findings", DOCUMENT, nullable=False),
        sa.Column("missing", DOCUMENT, nullable=False),
        sa.Column("figures", DOCUMENT, nullable=False),
        sa.Column("asked_of", sa.String(), nullable=True),
        sa.Column("within", sa.String(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "result <> 'asked' OR asked_of IS NOT NULL", name=op.f("ck_assessments_asked_of")
        ),
        sa.CheckConstraint(
            "result IN ('met', 'not_met', 'cannot_tell', 'asked')",
            name=op.f("ck_assessments_result"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["gate_reviews.id"],
            name="fk_assessments_review_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("review_id", "revision", "role", name="pk_assessments"),
    )
    op.create_table(
        "entry_versions",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["entries.id"],
            name="fk_entry_versions_entry_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("entry_id", "version", name="pk_entry_versions"),
    )
    op.create_table(
        "obligations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("also_rules", DOCUMENT, nullable=False),
        sa.Column("binding", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("ladder", sa.String(), nullable=True),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("reasons", DOCUMENT, nullable=False),
        sa.Column("details", DOCUMENT, nullable=False),
        sa.CheckConstraint(
            "(status = 'open') = (closed_at IS NULL)", name=op.f("ck_obligations_closed_at")
        ),
        sa.CheckConstraint(
            "binding IN ('shall', 'should', 'may', 'trial')", name=op.f("ck_obligations_binding")
        ),
        sa.CheckConstraint(
            "kind IN ('approval', 'assessment', 'information', 'evidence', 'exception', "
            "'notice', 'block')",
            name=op.f("ck_obligations_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'met', 'waived', 'lapsed', 'withdrawn')",
            name=op.f("ck_obligations_status"),
        ),
        sa.CheckConstraint(
            "subject_kind IN ('entry', 'gate_review')", name=op.f("ck_obligations_subject_kind")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_obligations_version")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name="fk_obligations_decision_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.id"],
            name="fk_obligations_project",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_obligations"),
    )
    op.create_index("ix_obligations_decision_id", "obligations", ["decision_id"], unique=False)
    op.create_index(
        "ix_obligations_project_status", "obligations", ["project", "status"], unique=False
    )
    op.create_index(
        "ix_obligations_status_target", "obligations", ["status", "target"], unique=False
    )
    op.create_index(
        "ix_obligations_subject_kind_subject_id",
        "obligations",
        ["subject_kind", "subject_id"],
        unique=False,
    )
    op.create_index(
        "uq_obligations_open",
        "obligations",
        ["subject_kind", "subject_id", "rule", "kind", "target"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "uq_obligations_open_approval",
        "obligations",
        ["subject_kind", "subject_id", "target"],
        unique=True,
        sqlite_where=sa.text("status = 'open' AND kind = 'approval'"),
        postgresql_where=sa.text("status = 'open' AND kind = 'approval'"),
    )
    op.create_table(
        "rungs",
        sa.Column("obligation_id", sa.String(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fired_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(state = 'fired') = (fired_at IS NOT NULL)", name=op.f("ck_rungs_fired_at")
        ),
        sa.CheckConstraint("action IN ('remind', 'escalate')", name=op.f("ck_rungs_action")),
        sa.CheckConstraint(
            "state IN ('waiting', 'fired', 'cancelled')", name=op.f("ck_rungs_state")
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"],
            ["obligations.id"],
            name="fk_rungs_obligation_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("obligation_id", "rung", name="pk_rungs"),
    )
    op.create_index("ix_rungs_state_due_at", "rungs", ["state", "due_at"], unique=False)
    op.create_table(
        "votes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("obligation_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "choice IN ('approve', 'reject', 'abstain')", name=op.f("ck_votes_choice")
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"],
            ["obligations.id"],
            name="fk_votes_obligation_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person"], ["people.id"], name="fk_votes_person", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_votes"),
    )
    op.create_index("ix_votes_obligation_id", "votes", ["obligation_id"], unique=False)
    op.create_index(
        "uq_votes_current",
        "votes",
        ["obligation_id", "person"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )

    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for trigger in POSTGRESQL_TRIGGERS if on_postgresql else SQLITE_TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_refuse")
