"""The migrations give exactly the tables that the code has."""

import os
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from pmo_engine.store.database import Database
from pmo_engine.store.errors import NotMigrated
from pmo_engine.store.migrations import schema
from pmo_engine.store.tables import whole


@pytest.fixture
def empty(empty_url):
    db = Database(empty_url)
    if empty_url.startswith("sqlite"):
        db._make_file()
    yield db
    db.close()


def in_words(options):
    return {name: str(value) for name, value in options.items()}


def described(connection):
    """All that the database says of itself, without what only Alembic has."""
    inspector = inspect(connection)

    def by_name(rows):
        return sorted((dict(row) for row in rows), key=lambda row: row["name"])

    return {
        table: {
            "columns": [  # by name: those that a migration adds stand at the end
                {**column, "type": str(column["type"])}
                for column in by_name(inspector.get_columns(table))
            ],
            "primary": inspector.get_pk_constraint(table),
            "checks": by_name(inspector.get_check_constraints(table)),
            "uniques": by_name(inspector.get_unique_constraints(table)),
            "indexes": [
                {**index, "dialect_options": in_words(index.get("dialect_options", {}))}
                for index in by_name(inspector.get_indexes(table))
            ],
            "references": by_name(inspector.get_foreign_keys(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def triggers(connection):
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    return connection.exec_driver_sql(asked).all()


def test_the_migrations_give_the_tables_of_the_code(empty):
    empty.migrate()
    with empty._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, whole()) == []


def test_the_migrations_give_the_checks_and_partial_indexes_of_the_code(empty):
    with empty._writing.begin() as connection:
        whole().create_all(connection)
        wanted = described(connection)
        whole().drop_all(connection)
    empty.migrate()
    with empty._engine.connect() as connection:
        assert described(connection) == wanted
    assert "'approval'" in str(wanted["obligations"]["checks"])
    assert "'open'" in str(wanted["obligations"]["indexes"])


def test_a_new_file_is_made_at_once_as_the_migrations_make_it(tmp_path):
    """After a migration is added: ``PMO_REGENERATE=1 pytest tests/store/test_store_schema.py``."""
    stepwise, at_once = (Database(f"sqlite:///{tmp_path / name}.db") for name in ("one", "two"))
    with stepwise.rebuilding() as connection:
        schema.upgrade(connection, "0001")
        schema.upgrade(connection)
        if os.environ.get("PMO_REGENERATE"):
            schema.AT_ONCE.write_text(schema.as_sql(connection), "utf-8")
    at_once.migrate()
    with stepwise.snapshot() as one, at_once.snapshot() as two:
        assert described(two) == described(one)  # a migration keeps constraints in no order
        assert triggers(two) == triggers(one)
        assert schema.as_sql(two) == schema.AT_ONCE.read_text("utf-8")
        assert schema.is_current(two)
    stepwise.close()
    at_once.close()


def test_every_step_can_be_taken_back_and_again(empty):
    empty.migrate()
    with empty._writing.begin() as connection:
        schema.downgrade(connection)
        assert described(connection) == {}
    assert not empty.schema_is_current()
    empty.migrate()
    assert empty.schema_is_current()


def test_migrating_again_changes_nothing(empty, at):
    empty.migrate()
    with empty.unit_of_work("ana", at) as uow:
        uow.settings.put("clock", "simulated")
    empty.migrate()
    with empty.read() as uow:
        assert uow.settings.get("clock") == "simulated"


def test_two_may_migrate_at_once(empty, empty_url):
    failures = []

    def migrate():
        db = Database(empty_url, lock_timeout=30)
        try:
            db.migrate()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)
        finally:
            db.close()

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert empty.schema_is_current()


def test_a_database_that_was_not_migrated_says_so(empty):
    assert not empty.schema_is_current()
    with pytest.raises(NotMigrated, match="migrate it first"), empty.read() as uow:
        uow.projects.all()


def test_a_schema_that_no_version_has_is_left_alone(empty):
    empty.migrate()
    with empty._writing.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0007'")
    with pytest.raises(NotMigrated, match="between two versions of pmo .schema 0007"):
        empty.migrate()
    assert not empty.schema_is_current()


def test_the_head_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", "pmo_engine/store/migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD
