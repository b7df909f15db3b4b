"""The database counts the changes of what is known of people, so that it need not be read again."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"

OF_PEOPLE = (
    "people",
    "role_holdings",
    "delegations",
    "absences",
    "same_persons",
    "declared_interests",
)
COUNT = (
    "INSERT INTO counters (scope, value) VALUES ('people', 1)"
    " ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1"
)
ACTS = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION people_changed() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {COUNT}; RETURN NULL; END $$"
        )
        for table in OF_PEOPLE:
            op.execute(
                f"CREATE TRIGGER {table}_changed AFTER {' OR '.join(ACTS)} ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION people_changed()"
            )
        return
    for table in OF_PEOPLE:
        for act in ACTS:
            op.execute(
                f"CREATE TRIGGER {table}_{act.lower()} AFTER {act} ON {table} BEGIN {COUNT}; END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in OF_PEOPLE:
            op.execute(f"DROP TRIGGER {table}_changed ON {table}")
        op.execute("DROP FUNCTION people_changed")
    else:
        for table in OF_PEOPLE:
            for act in ACTS:
                op.execute(f"DROP TRIGGER {table}_{act.lower()}")
    op.execute("DELETE FROM counters WHERE scope = 'people'")
