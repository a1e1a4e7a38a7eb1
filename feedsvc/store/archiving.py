"""What is kept of the archives of feeds: marks that somebody made, for others to begin with."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from feedsvc.store.connections import Connections
from feedsvc.store.tables import archives, feeds


class Archiving(Connections):
    """What a store on a SQL database keeps of archives."""

    def kept_marks(self, feed: str) -> str:
        """What :meth:`keep_marks` kept of the archive of *feed* last; empty if nothing."""
        with self._reading() as connection:
            return connection.execute(select(archives.c.marks).where(archives.c.feed == feed)).scalar() or ""

    def keep_marks(self, feed: str, marks: str, *, seq: int) -> None:
        """Keep *marks* of the archive of *feed*, made at its change *seq*; not where it has not come so far."""
        with self._transaction(quiet=True) as connection:
            # A backup may have been put in the place of the store that they were made of.
            reached = connection.execute(select(feeds.c.seq).where(feeds.c.feed == feed)).scalar()
            connection.execute(delete(archives).where(archives.c.feed == feed))
            if reached is not None and reached >= seq:
                connection.execute(insert(archives).values(feed=feed, seq=seq, marks=marks))
