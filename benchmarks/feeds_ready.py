"""Make every section's RSS ready once, rendered and compressed, as a web worker does; print how many they were.

Run by ingest.py, with the config file as its argument.
"""

from __future__ import annotations

import sys
from pathlib import Path

from feedsvc import config
from feedsvc.clock import utc_now
from feedsvc.publish.cache import DocumentCache
from feedsvc.store.base import ALL
from feedsvc.store.opening import open_store


def main() -> None:
    """Make them."""
    settings = config.load(Path(sys.argv[1]))
    store = open_store(settings.store.url)
    cache = DocumentCache(store, settings, utc_now)
    made = 0
    for name in sorted(store.versions()):
        document = None if name in (ALL, "*") else cache.get(name, "rss")
        if document is not None and document.body("gzip"):
            made += 1
    store.close()
    print(made)


if __name__ == "__main__":
    main()
