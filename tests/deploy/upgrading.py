"""The next version of feedsvc, as far as a store knows: this one, with one migration more."""

from __future__ import annotations

import shutil
from pathlib import Path

import feedsvc
from feedsvc.store import schema

NEXT = f"{int(schema.HEAD) + 1:04}"
_MIGRATION = '''"""Adds to the articles what the next version wants to know of them."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
{mark}


def upgrade() -> None:
    op.add_column("articles", sa.Column("mood", sa.Text(), nullable=False, server_default=""))
'''


def next_version(folder: Path, *, expands: bool = True) -> Path:
    """A copy of the package in *folder*, for PYTHONPATH; its migration only *expands* the schema, or says nothing."""
    package = folder / "feedsvc"
    shutil.copytree(Path(feedsvc.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    file = package / "store" / "schema.py"
    before = file.read_text()
    after = before.replace(f'HEAD = "{schema.HEAD}"', f'HEAD = "{NEXT}"')
    assert after != before
    if not expands:
        before, after = after, after.replace(f'OLDEST = "{schema.OLDEST}"', f'OLDEST = "{NEXT}"')
        assert after != before
    file.write_text(after)
    mark = f'compatible_from = "{schema.HEAD}"' if expands else ""
    migration = _MIGRATION.format(revision=NEXT, before=schema.HEAD, mark=mark)
    (package / "store" / "migrations" / "versions" / f"{NEXT}_next.py").write_text(migration)
    return folder
