"""The marks of long archives, so that a process that starts need not make them of all articles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
compatible_from = "0001"


def upgrade() -> None:
    """Add a table; nothing that an earlier version uses is changed."""
    op.create_table(
        "archives",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed"),
    )
