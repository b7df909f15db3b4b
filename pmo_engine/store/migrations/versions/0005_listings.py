"""Decisions refer to the versions that they looked at, in lists that share their parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "listing_parts",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("items", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_listing_parts"),
    )
    with op.batch_alter_table("decisions") as batch:
        batch.add_column(sa.Column("listings", DOCUMENT, nullable=False, server_default="{}"))
    with op.batch_alter_table("decisions") as batch:
        batch.alter_column("listings", existing_type=DOCUMENT, server_default=None)


def downgrade() -> None:
    """The lists of decisions that were kept so are lost; those of earlier ones are in place."""
    with op.batch_alter_table("decisions") as batch:
        batch.drop_column("listings")
    op.drop_table("listing_parts")
