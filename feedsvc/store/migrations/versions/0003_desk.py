"""What the operators' desk needs: requests to the scheduler, signs of life, and lists that can be paged through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
compatible_from = "0001"


def upgrade() -> None:
    """Add tables and indexes; nothing that an earlier version uses is changed."""
    op.create_table(
        "requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "beats",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job"),
    )
    op.create_index("ix_sources_seen", "sources", ["seen", "path"])
    op.create_index("ix_sources_state_seen", "sources", ["state", "seen", "path"])
    op.create_index("ix_sources_state_path", "sources", ["state", "path"])
    withdrawn, held_back = sa.text("withdrawn IS NOT NULL"), sa.text("pubstatus != 'usable'")
    op.create_index(
        "ix_articles_withdrawn", "articles", ["withdrawn"], sqlite_where=withdrawn, postgresql_where=withdrawn
    )
    op.create_index(
        "ix_articles_held_back", "articles", ["updated"], sqlite_where=held_back, postgresql_where=held_back
    )
