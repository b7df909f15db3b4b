"""Which records wait for a fact elsewhere: what people are asked for now is among it."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

_BEHIND = re.compile(r"[.\[].*", re.DOTALL)


def upgrade() -> None:
    op.create_table(
        "waits",
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("due", sa.Boolean(), nullable=False),
        _refers("subject_id", "subjects.id"),
        _refers("project", "projects.id"),
        sa.PrimaryKeyConstraint("subject_id", "root", name="pk_waits"),
    )
    op.create_index("ix_waits_project", "waits", ["project"])
    op.create_index(
        "ix_waits_due",
        "waits",
        ["subject_id"],
        sqlite_where=sa.text("due"),
        postgresql_where=sa.text("due"),
    )
    _fill()


def _fill() -> None:
    names = ("subject_id", "project", "target", "kind", "status")
    rows = sa.table("obligations", *map(sa.column, names))
    asked = sa.select(rows.c.subject_id, rows.c.project, rows.c.target).where(
        rows.c.kind == "information", rows.c.status == "open", rows.c.project.is_not(None)
    )
    found = {
        (subject, _BEHIND.sub("", target)): project
        for subject, project, target in op.get_bind().execute(asked)
    }
    waits = sa.table("waits", *map(sa.column, ("subject_id", "root", "project", "due")))
    given = [
        {"subject_id": subject, "root": root, "project": project, "due": False}
        for (subject, root), project in sorted(found.items())
    ]
    if given:
        op.bulk_insert(waits, given)


def _refers(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=f"fk_waits_{column}", deferrable=True, initially="DEFERRED"
    )


def downgrade() -> None:
    op.drop_table("waits")
