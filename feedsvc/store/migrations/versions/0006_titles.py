"""The titles of articles, so that their words are found without reading the articles."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
compatible_from = "0001"

_AT_ONCE = 1000


def upgrade() -> None:
    """Add a table and fill it; nothing that an earlier version uses is changed."""
    titles = op.create_table(
        "titles",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"]),
        sa.PrimaryKeyConstraint("article_id"),
        sqlite_with_rowid=False,
    )
    following = sa.text("SELECT id, document FROM articles WHERE id > :after ORDER BY id LIMIT :most")
    last = ""
    while found := op.get_bind().execute(following, {"after": last, "most": _AT_ONCE}).all():
        named = ((one.id, json.loads(one.document).get("title", "")) for one in found)
        op.bulk_insert(titles, [{"article_id": article_id, "title": title.casefold()} for article_id, title in named])
        last = found[-1].id
