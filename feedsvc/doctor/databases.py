"""A PostgreSQL store: does it answer, is it of this version, may it be written, is there room for all who ask?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from feedsvc.config import Settings
from feedsvc.doctor.finding import Finding, error, ok, warning
from feedsvc.errors import FeedsvcError

MOST_AHEAD = 1.0
"""By how many seconds, at most, the clocks of the database and of this machine should differ."""
WHERE = "store"


def check_database(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Everything that can be said of the database that ``[store] url`` names; it is *now* as this is called."""
    from feedsvc.store.postgreslook import PER_SCHEDULER, PER_WORKER, examine_database

    began = time.monotonic()
    try:
        found = examine_database(settings.store.url)
    except FeedsvcError as trouble:
        yield error(
            WHERE, str(trouble), "see that it runs, and that address, user and password in [store] url are right"
        )
        return
    web = settings.server.role == "web"
    if not found.revision:
        if found.others:
            yield error(
                WHERE, f"it is the database of something else: it has {found.others[0]}", "make one for feedsvc alone"
            )
            return
        yield warning(WHERE, "there is no store in it yet", "start the service, which makes one; or restore a dump")
    elif found.revision > found.current:
        yield error(
            WHERE,
            f"it was made by a newer feedsvc (schema {found.revision}; this one knows {found.current})",
            "upgrade feedsvc",
        )
        return
    elif found.revision < found.current:
        yield warning(
            WHERE,
            f"it has schema {found.revision}; this feedsvc brings it to {found.current} when it starts",
            "make a dump first",
        )
    if found.encoding != "UTF8":
        yield error(WHERE, f"it is encoded in {found.encoding}", "make one with ENCODING 'UTF8' TEMPLATE template0")
    if found.revision != found.current and not found.makes:
        yield error(WHERE, "this user may not make tables in it", "GRANT CREATE ON SCHEMA public TO the user")
    if found.revision and not web and (found.replica or not found.writes):
        yield error(
            WHERE,
            "it can only be read" if found.replica else "this user may not write into it",
            "name the primary server in [store] url" if found.replica else "let the user of the service own the tables",
        )
    ahead = found.clock - now.timestamp() - (time.monotonic() - began)
    if abs(ahead) > MOST_AHEAD:
        yield warning(
            WHERE,
            f"its clock is {abs(ahead):.1f} s {'ahead of' if ahead > 0 else 'behind'} this machine's",
            "let both keep time by NTP: nodes whose clocks differ open an embargo at different moments",
        )
    needed = settings.server.workers * PER_WORKER + PER_SCHEDULER
    if not found.pooled and needed > found.most / 2:
        yield warning(
            WHERE,
            f"this node may open {needed} connections, and the database allows {found.most} in all",
            "raise max_connections, or lower [server] workers",
        )
    pooled = "; through a pooler, so that changes are looked for" if found.pooled else ""
    told = f", schema {found.revision}, {found.size / 1e6:.1f} MB" if found.revision else ""
    yield ok(WHERE, f"PostgreSQL {found.version} answers{told}{pooled}")
