"""What left a feed, found without going through all that happened in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
compatible_from = "0001"


def upgrade() -> None:
    """Add an index; nothing that an earlier version uses is changed."""
    withdrawn = sa.text("kind = 'withdrawn'")
    op.create_index(
        "ix_changes_withdrawn",
        "changes",
        ["feed", "article_id", "at"],
        sqlite_where=withdrawn,
        postgresql_where=withdrawn,
    )
