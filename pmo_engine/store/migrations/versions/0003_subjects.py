"""Subjects in a table of their own; what the engine says of an entry beside what people say."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
DEFERRED: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"}

KINDS = "subject_kind IN ('entry', 'gate_review', 'policy_version')"
OWNED = "(subject_kind = 'policy_version') = (project IS NULL)"
OWN = ("submitted_by", "submitted_at", "decided_at")
KEPT = ("entries", "gate_reviews", "policy_versions")
ABOUT = ("decisions", "obligations")
LISTED_BY = (["project", "register_name", "status"], ["owner"], ["due"])
OPEN = {
    "uq_obligations_open": (["rule", "kind", "target"], "status = 'open'"),
    "uq_obligations_open_approval": (["target"], "status = 'open' AND kind = 'approval'"),
}


def upgrade() -> None:
    _make_subjects()
    _fill_subjects()
    for table in (*KEPT, *ABOUT):
        _refer(table, "id" if table in KEPT else "subject_id")
    _index_by_subject()
    _widen_entries()
    _take_own_words()
    _number("entries", "matter_version", "version")
    _number("obligations", "subject_version", ASKED_ABOUT)
    _number("votes", "subject_version", VOTED_ABOUT)
    with op.batch_alter_table("entries") as batch:
        batch.create_check_constraint(
            op.f("ck_entries_matter_version"), "matter_version BETWEEN 1 AND version"
        )
    for columns in LISTED_BY:
        op.create_index(f"ix_entries_{'_'.join(columns)}", "entries", columns)


def downgrade() -> None:
    for columns in LISTED_BY:
        op.drop_index(f"ix_entries_{'_'.join(columns)}", "entries")
    _give_own_words_back()
    with op.batch_alter_table("entries") as batch:
        batch.drop_constraint(op.f("ck_entries_matter_version"), type_="check")
    for table, column in (("votes", "subject_version"), ("obligations", "subject_version")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    with op.batch_alter_table("entries") as batch:
        for column in (*OWN, "matter_version"):
            batch.drop_column(column)
    with op.batch_alter_table("entry_versions") as batch:
        batch.drop_constraint("fk_entry_versions_policy_digest", type_="foreignkey")
        for column in ("owner", "due", "policy_digest", "decided_at"):
            batch.drop_column(column)
    _index_by_kind()
    for table in (*KEPT, *ABOUT):
        with op.batch_alter_table(table) as batch:
            name = f"fk_{table}_{'id' if table in KEPT else 'subject_id'}"
            batch.drop_constraint(name, type_="foreignkey")
    op.drop_index("ix_subjects_project", "subjects")
    op.drop_table("subjects")


def _make_subjects() -> None:
    op.create_table(
        "subjects",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("requester", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.id"], name="fk_subjects_project", **DEFERRED
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subjects"),
    )
    op.create_index("ix_subjects_project", "subjects", ["project"])


def _fill_subjects() -> None:
    for statement in SUBJECTS:
        op.execute(statement)
    called = "SELECT subject_id, details FROM obligations"
    bind = op.get_bind()
    details = sa.text(called).columns(subject_id=sa.String(), details=DOCUMENT)
    titles = {id: each["title"] for id, each in bind.execute(details) if each.get("title")}
    for id, title in sorted(titles.items()):
        bind.execute(
            sa.text("UPDATE subjects SET title = :title WHERE id = :id"), {"title": title, "id": id}
        )


def _index_by_subject() -> None:
    """The kind of a subject is the subject's own."""
    _unique_while_open(["subject_id"])
    for table in ABOUT:
        op.drop_index(f"ix_{table}_subject_kind_subject_id", table)
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_subject_kind"), type_="check")
            batch.drop_constraint(op.f(f"ck_{table}_project"), type_="check")
            batch.drop_column("subject_kind")
        op.create_index(f"ix_{table}_subject_id", table, ["subject_id"])


def _index_by_kind() -> None:
    kind = "(SELECT kind FROM subjects WHERE subjects.id = {}.subject_id)"
    for table in ABOUT:
        op.drop_index(f"ix_{table}_subject_id", table)
        op.add_column(table, sa.Column("subject_kind", sa.String(), nullable=True))
        op.execute(f"UPDATE {table} SET subject_kind = {kind.format(table)}")  # noqa: S608 - ours
        with op.batch_alter_table(table) as batch:
            batch.alter_column("subject_kind", existing_type=sa.String(), nullable=False)
            batch.create_check_constraint(op.f(f"ck_{table}_subject_kind"), KINDS)
            batch.create_check_constraint(op.f(f"ck_{table}_project"), OWNED)
        columns = ["subject_kind", "subject_id"]
        op.create_index(f"ix_{table}_subject_kind_subject_id", table, columns)
    _unique_while_open(["subject_kind", "subject_id"])


def _unique_while_open(first: list[str]) -> None:
    for name, (columns, condition) in OPEN.items():
        where = sa.text(condition)
        op.drop_index(name, "obligations")
        op.create_index(
            name,
            "obligations",
            [*first, *columns],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


SUBJECTS = (
    """
    INSERT INTO subjects (id, kind, project, title, requester, created_at)
    SELECT e.id, 'entry', e.project, replace(e.register_name, '_', ' ') || ' ' || e.key || ' of '
        || e.project, v.by, v.at
    FROM entries e JOIN entry_versions v ON v.entry_id = e.id AND v.version = 1
    """,
    """
    INSERT INTO subjects (id, kind, project, title, requester, created_at)
    SELECT id, 'gate_review', project, 'Gate ' || gate || ' of ' || project, opened_by, opened_at
    FROM gate_reviews
    """,
    """
    INSERT INTO subjects (id, kind, project, title, requester, created_at)
    SELECT id, 'policy_version', NULL, 'Version ' || policy_version || ' of ' || name, drafted_by,
        drafted_at
    FROM policy_versions
    """,
)
ASKED_ABOUT = """coalesce(
    (SELECT d.subject_version FROM decisions d WHERE d.id = obligations.decision_id), 1)"""
VOTED_ABOUT = """coalesce(
    (SELECT o.subject_version FROM obligations o WHERE o.id = votes.obligation_id), 1)"""


def _refer(table: str, column: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.create_foreign_key(f"fk_{table}_{column}", "subjects", [column], ["id"], **DEFERRED)


def _number(table: str, column: str, value: str) -> None:
    """Adds a column that is never empty; `value` is that of the rows that are there."""
    op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    op.execute(f"UPDATE {table} SET {column} = {value}")  # noqa: S608 - our own text
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column, existing_type=sa.Integer(), nullable=False)


def _widen_entries() -> None:
    with op.batch_alter_table("entries") as batch:
        batch.add_column(sa.Column("submitted_by", sa.String(), nullable=True))
        batch.add_column(sa.Column("submitted_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("decided_at", MOMENT, nullable=True))
    with op.batch_alter_table("entry_versions") as batch:
        batch.add_column(sa.Column("owner", sa.String(), nullable=True))
        batch.add_column(sa.Column("due", sa.Date(), nullable=True))
        batch.add_column(sa.Column("policy_digest", sa.String(), nullable=True))
        batch.add_column(sa.Column("decided_at", MOMENT, nullable=True))
        batch.create_foreign_key(
            "fk_entry_versions_policy_digest",
            *("policy_texts", ["policy_digest"], ["digest"]),
            **DEFERRED,
        )


ENTRIES = sa.table(
    "entries",
    *(sa.column(name) for name in ("id", "project", "register_name", "key", "version", "owner")),
    *(sa.column("policy_digest"), sa.column("submitted_by"), sa.column("due", sa.Date())),
    *(sa.column("submitted_at", MOMENT), sa.column("decided_at", MOMENT)),
    sa.column("document", DOCUMENT),
)
VERSIONS = sa.table(
    "entry_versions",
    *(sa.column(name) for name in ("entry_id", "version", "owner", "policy_digest")),
    *(sa.column("due", sa.Date()), sa.column("decided_at", MOMENT), sa.column("at", MOMENT)),
    *(sa.column("by"), sa.column("document", DOCUMENT)),
)
JOURNAL = sa.table("journal", sa.column("chain"), sa.column("seq"), sa.column("body", DOCUMENT))


def _take_own_words() -> None:
    """The engine's own words leave the documents; owner, due and policy enter the versions."""
    bind = op.get_bind()
    said, policies = _told_owners(bind), _policies(bind)
    versions = defaultdict(list)
    for row in bind.execute(sa.select(VERSIONS).order_by(VERSIONS.c.version)).mappings():
        versions[row["entry_id"]].append(row)
    for entry in bind.execute(sa.select(ENTRIES)).mappings().all():
        document, own = _parted(entry["document"])
        here = ENTRIES.c.id == entry["id"]
        bind.execute(sa.update(ENTRIES).where(here).values(document=document, **own))
        for version in _in_turn(entry, versions[entry["id"]], said, policies):
            here = (VERSIONS.c.entry_id == entry["id"]) & (
                VERSIONS.c.version == version.pop("version")
            )
            bind.execute(sa.update(VERSIONS).where(here).values(version))


def _in_turn(entry: Any, versions: list[Any], said: Any, policies: Any) -> list[dict[str, Any]]:
    """Owner and due as the journal told them; a version that it says nothing of kept them."""
    place = (entry["project"], entry["register_name"], entry["key"])
    owner, due, policy = None, None, None
    found = []
    for row in versions:
        number = row["version"]
        owner, due = said.get((*place, number), (owner, due))
        policy = policies.get((entry["id"], number), policy)
        if number == entry["version"]:
            owner, due, policy = entry["owner"], entry["due"], entry["policy_digest"]
        document, own = _parted(row["document"])
        kept = {"version": number, "owner": owner, "due": due, "policy_digest": policy}
        found.append({**kept, "document": document, "decided_at": own.get("decided_at")})
    return found


def _told_owners(bind: Any) -> dict[tuple[str, str, str, int], tuple[str | None, date | None]]:
    lines = sa.select(JOURNAL.c.chain, JOURNAL.c.body).order_by(JOURNAL.c.chain, JOURNAL.c.seq)
    return {
        (chain, body["register"], body["key"], body["version"]): (
            body["owner"],
            None if body["due"] is None else date.fromisoformat(body["due"]),
        )
        for chain, body in bind.execute(lines)
        if {"register", "key", "version", "owner", "due"} <= body.keys()
    }


def _policies(bind: Any) -> dict[tuple[str, int], str]:
    """The policy by which each version was decided about, where its text is kept."""
    rows = bind.execute(
        sa.text(
            "SELECT d.subject_id, d.subject_version, d.policy_digest FROM decisions d"
            " JOIN policy_texts t ON t.digest = d.policy_digest"
        )
    )
    return {(id, version): digest for id, version, digest in rows}


def _parted(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    own = {name: document[name] for name in OWN if name in document}
    for name in ("submitted_at", "decided_at"):
        if name in own:
            own[name] = datetime.fromisoformat(own[name]).astimezone(UTC)
    return {name: value for name, value in document.items() if name not in OWN}, own


def _give_own_words_back() -> None:
    bind = op.get_bind()
    submitted = {}
    for entry in bind.execute(sa.select(ENTRIES)).mappings().all():
        submitted[entry["id"]] = {name: entry[name] for name in OWN[:2]}
        document = {**entry["document"], **_as_json({name: entry[name] for name in OWN})}
        bind.execute(
            sa.update(ENTRIES).where(ENTRIES.c.id == entry["id"]).values(document=document)
        )
    for row in bind.execute(sa.select(VERSIONS)).mappings().all():
        own = {**submitted[row["entry_id"]], "decided_at": row["decided_at"]}
        here = (VERSIONS.c.entry_id == row["entry_id"]) & (VERSIONS.c.version == row["version"])
        document = {**row["document"], **_as_json(own)}
        bind.execute(sa.update(VERSIONS).where(here).values(document=document))


def _as_json(own: dict[str, Any]) -> dict[str, str]:
    return {
        name: value.replace(tzinfo=value.tzinfo or UTC).isoformat().replace("+00:00", "Z")
        if isinstance(value, datetime)
        else value
        for name, value in own.items()
        if value is not None
    }
