"""``feedsvc`` with a lease that runs out in three seconds, so that tests need not wait for fifteen.

The scheduler's process runs this file as well, before anything else of it.
"""

from __future__ import annotations

from datetime import timedelta

from feedsvc import scheduler
from feedsvc.cli.main import main
from feedsvc.ingest import onepass

onepass.LEASE_TTL = scheduler.LEASE_TTL = timedelta(seconds=3)
scheduler.RENEW_EVERY = 1.0

if __name__ == "__main__":
    main()
