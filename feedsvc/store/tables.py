"""The tables. Times are whole milliseconds since 1970 in UTC; JSON is text, so that every database reads it alike.

Only what a query needs is a column; the rest of an article is in its ``document``, so that a new field needs no
migration. A change here needs a migration in ``migrations/versions``; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text, literal_column

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SERIAL = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

sources = Table(
    "sources",
    metadata,
    Column("path", Text, primary_key=True),
    Column("signature", Text, nullable=False),  # what stat(2) says, five numbers of any size
    Column("sha256", Text, nullable=False, index=True),
    Column("state", Text, nullable=False, index=True),
    Column("error", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("reading", Text, nullable=False),
    Column("articles", Text, nullable=False),  # JSON: ids
    Column("origin", Text, nullable=False),  # JSON, by article id
    Column("notes", Text, nullable=False),  # JSON, by article id
    Column("first_seen", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)
# What operators page through: the files of a state by time or by name, and all of them by time.
Index("ix_sources_seen", sources.c.seen, sources.c.path)
Index("ix_sources_state_seen", sources.c.state, sources.c.seen, sources.c.path)
Index("ix_sources_state_path", sources.c.state, sources.c.path)

claims = Table(
    "claims",
    metadata,
    Column("path", Text, primary_key=True),
    Column("article_id", Text, primary_key=True, index=True),
    Column("state", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("sections", Text, nullable=False),  # JSON
)

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False, index=True),
    Column("slug", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("pubstatus", Text, nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False, index=True),
    Column("released", BigInteger),
    Column("expires", BigInteger),
    Column("withdrawn", BigInteger),
    Column("digest", Text, nullable=False, index=True),
    Column("document", Text, nullable=False),
)

_WITHDRAWN = articles.c.withdrawn.is_not(None)
_HELD_BACK = articles.c.pubstatus != literal_column("'usable'")
Index("ix_articles_withdrawn", articles.c.withdrawn, sqlite_where=_WITHDRAWN, postgresql_where=_WITHDRAWN)
Index("ix_articles_held_back", articles.c.updated, sqlite_where=_HELD_BACK, postgresql_where=_HELD_BACK)

titles = Table(
    "titles",
    metadata,
    Column("article_id", Text, ForeignKey("articles.id"), primary_key=True),
    Column("title", Text, nullable=False),  # case-folded, to be searched
    sqlite_with_rowid=False,
)

placements = Table(
    "placements",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("released", BigInteger, primary_key=True, autoincrement=False),
    Column("published", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Text, ForeignKey("articles.id"), primary_key=True, index=True),
    Column("expires", BigInteger),
    sqlite_with_rowid=False,
)
Index(
    "ix_placements_expiry",
    placements.c.feed,
    placements.c.expires,
    sqlite_where=placements.c.expires.is_not(None),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", _SERIAL, primary_key=True, autoincrement=True),
    Column("feed", Text, nullable=False),  # empty: an event in the life of the article
    Column("article_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_changes_feed", changes.c.feed, changes.c.seq)
LEFT = changes.c.kind == literal_column("'withdrawn'")
"""What left a feed. Written out, for a database takes an index for it only if it sees that it holds all of it."""
Index(
    "ix_changes_withdrawn",
    changes.c.feed,
    changes.c.article_id,
    changes.c.at,
    sqlite_where=LEFT,
    postgresql_where=LEFT,
)

feeds = Table(
    "feeds",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("generation", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
)

media = Table(
    "media",
    metadata,
    Column("source", Text, primary_key=True),  # the file that names it
    Column("path", Text, primary_key=True),
    Column("hash", Text, nullable=False, index=True),  # empty: there is no such file yet
    Column("type", Text, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("width", BigInteger, nullable=False),
    Column("height", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
)

takedowns = Table(
    "takedowns",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("started", BigInteger, nullable=False),
    Column("finished", BigInteger, nullable=False),
    Column("report", Text, nullable=False),
    sqlite_autoincrement=True,
)

requests = Table(
    "requests",
    metadata,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

beats = Table(
    "beats",
    metadata,
    Column("job", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),  # JSON
)

holds = Table(
    "holds",
    metadata,
    Column("name", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("accepted", BigInteger),
    Column("detail", Text, nullable=False),
)

archives = Table(
    "archives",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),  # the change of the feed that they are sure to hold
    Column("marks", Text, nullable=False),  # JSON
)

compatibility = Table(
    "compatibility",
    metadata,
    Column("revision", Text, primary_key=True),
    Column("since", Text, nullable=False),  # programs that know this revision may work on the schema
)

polls = Table(
    "polls",
    metadata,
    Column("span", BigInteger, primary_key=True, autoincrement=False),  # an hour or a day, in milliseconds
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("feed", Text, primary_key=True),
    Column("format", Text, primary_key=True),
    Column("polls", BigInteger, nullable=False),
    Column("conditional", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("sent", BigInteger, nullable=False),
    Column("spared", BigInteger, nullable=False),
    Column("squeezed", BigInteger, nullable=False),
)

pollers = Table(
    "pollers",
    metadata,
    Column("day", BigInteger, primary_key=True, autoincrement=False),
    Column("feed", Text, primary_key=True),
    Column("format", Text, primary_key=True),
    Column("pollers", BigInteger, nullable=False),
    Column("sketch", Text, nullable=False),  # empty once the day is over
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("day", BigInteger, primary_key=True, autoincrement=False),
    Column("feed", Text, primary_key=True),
    Column("format", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("feed_id", Text, primary_key=True),
    Column("declared", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)

clients = Table(
    "clients",
    metadata,
    Column("day", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("polls", BigInteger, nullable=False),
    Column("full", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("conditional", BigInteger, nullable=False),
    Column("plain", BigInteger, nullable=False),
    Column("moved", BigInteger, nullable=False),
    Column("gone", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("clients", BigInteger, nullable=False),
    Column("sketch", Text, nullable=False),  # empty once the day is over
)

salts = Table(
    "salts",
    metadata,
    Column("day", BigInteger, primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),  # kept for as long as the day needs it, and written over then
)


def ms(moment: datetime) -> int:
    """*moment* as the tables keep it. Raises TypeError if it is naive."""
    return (moment - EPOCH) // _MILLISECOND


def moment(milliseconds: int) -> datetime:
    """The time that the tables keep as *milliseconds*."""
    return EPOCH + milliseconds * _MILLISECOND
