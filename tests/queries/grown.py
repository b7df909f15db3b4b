"""A store after years: what one submission and one gate review wrote, many times over."""

from sqlalchemy import Connection, text

from pmo_engine.store.tables import whole

PROJECTS = 50
ROLES = 20
NUMBERS = "WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < {})"
OPEN = f"g.n % {ROLES} = 0"
PROJECT = f"'P-' || (g.n % {PROJECTS} + 1)"
OWN: dict[str, dict[str, str]] = {
    "subjects": {"project": PROJECT, "created_at": "later"},
    "entries": {
        "project": PROJECT,
        "key": "'CR-' || (g.n + 1)",
        "key_length": "length('CR-' || (g.n + 1))",
        "status": f"CASE WHEN {OPEN} THEN 'submitted' ELSE 'approved' END",
    },
    "entry_versions": {"at": "later"},
    "decisions": {"project": PROJECT, "at": "later"},
    "obligations": {
        "project": PROJECT,
        "status": f"CASE WHEN {OPEN} THEN 'open' ELSE 'met' END",
        "closed_at": f"CASE WHEN {OPEN} THEN NULL ELSE later END",
        "opened_at": "later",
        "due_at": "later",
    },
    "obligation_addressees": {
        "role": f"CASE WHEN {OPEN} THEN 'pmo_head' ELSE 'role_' || (g.n % {ROLES}) END",
        "until": f"CASE WHEN {OPEN} THEN NULL ELSE later END",
        "since": "later",
    },
    "votes": {"at": "later"},
    "outbox": {
        "key": "one.key || '-' || g.n",
        "state": "'sent'",
        "claimed_until": "NULL",
        "created_at": "later",
        "due_at": "later",
    },
    "gate_reviews": {
        "project": PROJECT,
        "status": "'closed'",
        "outcome": "'go'",
        "closed_at": "later",
        "opened_at": "later",
    },
    "assessments": {},
    "journal": {
        "chain": PROJECT,
        "seq": "g.n + 1000",
        "at": "later",
        "actor": f"CASE WHEN {OPEN} THEN 'sam' ELSE 'person-' || (g.n % {ROLES}) END",
        "kind": "CASE WHEN g.n % 5 = 0 THEN 'obligation.opened' ELSE 'decided' END",
    },
}
"""What differs from copy to copy, beside ids."""
IDS = ("id", "subject_id", "entry_id", "decision_id", "obligation_id", "review_id")


def grow(connection: Connection, times: int) -> None:
    """Copy each row, the first of the journal's kinds too, so many times; a minute apart."""
    for name, own in OWN.items():
        columns = [column.name for column in whole().tables[name].columns]
        values = {column: f"one.{column}" for column in columns}
        values |= {id: f"g.n || '-' || one.{id}" for id in IDS if id in columns}
        values |= {
            column: value.replace("later", _later(connection)) for column, value in own.items()
        }
        listed = ", ".join(columns)
        copied = ", ".join(values[column] for column in columns)
        first = "LIMIT 1" if name in {"journal", "outbox"} else ""
        one = f"(SELECT * FROM {name} {first}) AS one"  # noqa: S608 - names of our own
        copies = f"INSERT INTO {name} ({listed}) SELECT {copied} FROM {one}, g"  # noqa: S608
        connection.execute(text(f"{NUMBERS.format(times)} {copies}"))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE")


def _later(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        return "strftime('%Y-%m-%d %H:%M:%f000', '2026-03-02 09:00', '+' || g.n || ' minutes')"
    return "(timestamptz '2026-03-02 09:00Z' + g.n * interval '1 minute')"
