"""For whom obligations wait; counters and requests; roles held once; lines that tell their form."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
DEFERRED: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"}

ONLY_APPENDED = "the journal is only ever added to"
JOURNAL_TRIGGERS = [
    f"CREATE TRIGGER journal_no_{verb} BEFORE {verb} ON journal"
    f" BEGIN SELECT RAISE(ABORT, '{ONLY_APPENDED}'); END"
    for verb in ("UPDATE", "DELETE")
]

HELD_TWICE = "a person holds a role once at a time: this span overlaps another one"
OVERLAPS = """EXISTS (
    SELECT 1 FROM role_holdings held
    WHERE held.id <> NEW.id AND held.person = NEW.person AND held.role = NEW.role
    AND coalesce(held.project, '') = coalesce(NEW.project, '')
    AND held.from_date <= coalesce(NEW.to_date, '9999-12-31')
    AND coalesce(held.to_date, '9999-12-31') >= NEW.from_date
)"""
SQLITE_SPANS = [
    f"CREATE TRIGGER role_holdings_once_{verb} BEFORE {verb} ON role_holdings WHEN {OVERLAPS}"
    f" BEGIN SELECT RAISE(ABORT, '{HELD_TWICE}'); END"
    for verb in ("INSERT", "UPDATE")
]
POSTGRESQL_SPANS = [
    # Two who add spans of one role at once take turns, so that the second sees the first's.
    f"""
    CREATE FUNCTION role_holdings_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended(NEW.person || ' ' || NEW.role, 7065001));
        IF {OVERLAPS} THEN
            RAISE EXCEPTION '{HELD_TWICE}' USING ERRCODE = 'exclusion_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER role_holdings_once BEFORE INSERT OR UPDATE ON role_holdings
    FOR EACH ROW EXECUTE FUNCTION role_holdings_refuse()
    """,
]


def upgrade() -> None:
    _make_tables()
    _fill_addressees()
    op.execute(
        "INSERT INTO counters (scope, value) SELECT project || '/' || register_name, count(*)"
        " FROM entries GROUP BY project, register_name"
    )
    _join_spans()
    for trigger in POSTGRESQL_SPANS if _on_postgresql() else SQLITE_SPANS:
        op.execute(trigger)
    with op.batch_alter_table("journal") as batch:
        batch.add_column(sa.Column("through", sa.String(), nullable=True))
        batch.add_column(sa.Column("form", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("journal") as batch:
        batch.alter_column("form", existing_type=sa.Integer(), server_default=None)
    _watch_journal()


def downgrade() -> None:
    with op.batch_alter_table("journal") as batch:
        batch.drop_column("form")
        batch.drop_column("through")
    _watch_journal()
    if _on_postgresql():
        op.execute("DROP TRIGGER role_holdings_once ON role_holdings")
        op.execute("DROP FUNCTION role_holdings_refuse")
    else:
        for verb in ("INSERT", "UPDATE"):
            op.execute(f"DROP TRIGGER role_holdings_once_{verb}")
    for table in ("obligation_addressees", "requests", "counters"):
        op.drop_table(table)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _watch_journal() -> None:
    """SQLite forgets a table's triggers when it is made anew."""
    if not _on_postgresql():
        for trigger in JOURNAL_TRIGGERS:
            op.execute(trigger)


def _make_tables() -> None:
    op.create_table(
        "counters",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_counters"),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("answer", DOCUMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
    )
    op.create_table(
        "obligation_addressees",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("obligation_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("project", sa.String(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("by_rung", sa.Integer(), nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(role IS NULL) <> (person IS NULL)", name=op.f("ck_obligation_addressees_one")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [target], name=f"fk_obligation_addressees_{column}", **DEFERRED
            )
            for column, target in (
                ("obligation_id", "obligations.id"),
                ("person", "people.id"),
                ("project", "projects.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_obligation_addressees"),
    )
    for name, columns, condition in (
        ("uq_obligation_addressees_role", ["obligation_id", "role"], "role IS NOT NULL"),
        ("uq_obligation_addressees_person", ["obligation_id", "person"], "person IS NOT NULL"),
        ("ix_obligation_addressees_role", ["role", "project"], "until IS NULL"),
        ("ix_obligation_addressees_person", ["person"], "until IS NULL"),
    ):
        op.create_index(
            name,
            "obligation_addressees",
            columns,
            unique=name.startswith("uq"),
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


ADDRESSEES = sa.table(
    "obligation_addressees",
    *(sa.column(name) for name in ("id", "obligation_id", "role", "person", "project", "by_rung")),
    *(sa.column("since", MOMENT), sa.column("until", MOMENT)),
)
ASKED = sa.text(
    "SELECT o.id, o.project, o.kind, o.target, o.opened_at, o.closed_at, o.details, p.id AS asker"
    " FROM obligations o JOIN subjects s ON s.id = o.subject_id"
    " LEFT JOIN people p ON p.id = s.requester ORDER BY o.id"
).columns(opened_at=MOMENT, closed_at=MOMENT, details=DOCUMENT)
ESCALATED = sa.text(
    "SELECT obligation_id, role, rung, fired_at FROM rungs"
    " WHERE action = 'escalate' AND state = 'fired' ORDER BY obligation_id, rung DESC"
).columns(fired_at=MOMENT)


def _fill_addressees() -> None:
    bind = op.get_bind()
    rungs = {(id, role): (rung, at) for id, role, rung, at in bind.execute(ESCALATED)}
    rows = [row for asked in bind.execute(ASKED).mappings() for row in _waiting(asked, rungs)]
    if rows:
        bind.execute(sa.insert(ADDRESSEES), rows)


def _waiting(asked: Any, rungs: Any) -> list[dict[str, Any]]:
    """The role that was asked, or the person; then those to whom it was escalated."""
    common = {"obligation_id": asked["id"], "project": asked["project"]}
    common |= {"until": asked["closed_at"], "by_rung": None, "since": asked["opened_at"]}
    common |= {"role": None, "person": None}
    role = asked["details"].get("role")
    if role is None and asked["kind"] == "information":
        first = [] if asked["asker"] is None else [{**common, "person": asked["asker"]}]
    else:
        first = [{**common, "role": role or asked["target"]}]
    named = {row["role"] for row in first}
    for higher in asked["details"].get("escalated_to", []):
        if higher not in named:
            rung, since = rungs.get((asked["id"], higher), (None, asked["opened_at"]))
            first.append({**common, "role": higher, "by_rung": rung, "since": since})
            named.add(higher)
    return [{"id": uuid4().hex, **row} for row in first]


HOLDINGS = sa.table(
    "role_holdings",
    *(sa.column(name) for name in ("id", "person", "role", "project")),
    *(sa.column("from_date", sa.Date()), sa.column("to_date", sa.Date())),
)


def _join_spans() -> None:
    """Spans of one role that overlap become one, from the first day to the last."""
    bind = op.get_bind()
    rows = bind.execute(sa.select(HOLDINGS)).mappings().all()

    def of(row: Any) -> tuple[str, str, str]:
        return row["person"], row["role"], row["project"] or ""

    for _, spans in groupby(sorted(rows, key=lambda r: (*of(r), r["from_date"], r["id"])), of):
        first, *others = spans
        end = first["to_date"] or date.max
        for span in others:
            if span["from_date"] > end:
                first, end = span, span["to_date"] or date.max
                continue
            end = max(end, span["to_date"] or date.max)
            bind.execute(sa.delete(HOLDINGS).where(HOLDINGS.c.id == span["id"]))
            ends = {"to_date": None if end == date.max else end}
            bind.execute(sa.update(HOLDINGS).where(HOLDINGS.c.id == first["id"]).values(ends))
