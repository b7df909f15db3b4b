"""Alembic's environment: migrates over the connection that `schema` beside it gives."""

from __future__ import annotations

from alembic import context

from pmo_engine.store.tables import whole

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=whole(),
    transactional_ddl=True,
)
context.run_migrations()
