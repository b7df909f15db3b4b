"""Programmes, dates of projects, roles for offices and programmes; the zone of people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

COUNT = (
    "INSERT INTO counters (scope, value) VALUES ('people', 1)"
    " ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1"
)
MOVES = {
    "projects": ("INSERT", "UPDATE OF office, programme", "DELETE"),
    "programmes": ("INSERT", "UPDATE", "DELETE"),
}
"""What moves a project or a programme, and so where roles count."""

HELD_TWICE = "a person holds a role once at a time: this span overlaps another one"
OVERLAPS = """EXISTS (
    SELECT 1 FROM role_holdings held
    WHERE held.id <> NEW.id AND held.person = NEW.person AND held.role = NEW.role
    AND coalesce(held.project, '') = coalesce(NEW.project, ''){units}
    AND held.from_date <= coalesce(NEW.to_date, '9999-12-31')
    AND coalesce(held.to_date, '9999-12-31') >= NEW.from_date
)"""
SAME_UNIT = " AND coalesce(held.unit, '') = coalesce(NEW.unit, '')"


def upgrade() -> None:
    op.create_table(
        "programmes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("within", sa.String(), nullable=True),
        sa.Column("office", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('portfolio', 'programme')", name=op.f("ck_programmes_kind")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_programmes_version")),
        sa.CheckConstraint("within <> id", name=op.f("ck_programmes_not_within_itself")),
        sa.ForeignKeyConstraint(
            ["within"],
            ["programmes.id"],
            name="fk_programmes_within",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_programmes"),
    )
    op.create_index("ix_programmes_within", "programmes", ["within"])
    with op.batch_alter_table("projects") as batch:
        batch.add_column(sa.Column("programme", sa.String(), nullable=True))
        batch.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            "fk_projects_programme",
            "programmes",
            ["programme"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )
        batch.create_check_constraint(
            op.f("ck_projects_dates"), "ends_on IS NULL OR ends_on >= starts_on"
        )
    op.create_index("ix_projects_programme", "projects", ["programme"])
    op.add_column("people", sa.Column("zone", sa.String(), nullable=False, server_default=""))
    op.add_column("role_holdings", sa.Column("unit", sa.String(), nullable=True))
    _refuse_overlaps(SAME_UNIT)
    for table, acts in MOVES.items():
        for act in acts:
            _count(table, act)


def downgrade() -> None:
    for table, acts in MOVES.items():
        for act in acts:
            on = f" ON {table}" if _on_postgresql() else ""
            op.execute(f"DROP TRIGGER {_named(table, act)}{on}")
    _refuse_overlaps("")
    op.drop_column("role_holdings", "unit")
    op.drop_column("people", "zone")
    op.drop_index("ix_projects_programme", "projects")
    with op.batch_alter_table("projects") as batch:
        batch.drop_constraint(op.f("ck_projects_dates"), type_="check")
        batch.drop_constraint("fk_projects_programme", "foreignkey")
        for name in ("programme", "starts_on", "ends_on", "held_at"):
            batch.drop_column(name)
    op.drop_table("programmes")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _named(table: str, act: str) -> str:
    return f"{table}_{act.partition(' ')[0].lower()}_moves"


def _count(table: str, act: str) -> None:
    does = (
        " FOR EACH STATEMENT EXECUTE FUNCTION people_changed()"
        if _on_postgresql()
        else f" BEGIN {COUNT}; END"
    )
    op.execute(f"CREATE TRIGGER {_named(table, act)} AFTER {act} ON {table}{does}")


def _refuse_overlaps(units: str) -> None:
    overlaps = OVERLAPS.format(units=units)
    if _on_postgresql():
        op.execute(
            f"""
            CREATE OR REPLACE FUNCTION role_holdings_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock(
                    hashtextextended(NEW.person || ' ' || NEW.role, 7065001)
                );
                IF {overlaps} THEN
                    RAISE EXCEPTION '{HELD_TWICE}' USING ERRCODE = 'exclusion_violation';
                END IF;
                RETURN NEW;
            END $$
            """
        )
        return
    for verb in ("INSERT", "UPDATE"):
        op.execute(f"DROP TRIGGER role_holdings_once_{verb}")
        op.execute(
            f"CREATE TRIGGER role_holdings_once_{verb} BEFORE {verb} ON role_holdings"
            f" WHEN {overlaps} BEGIN SELECT RAISE(ABORT, '{HELD_TWICE}'); END"
        )
