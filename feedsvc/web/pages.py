"""The last good pages, for the time when the store does not answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime

from feedsvc.publish.document import Document

MAX_BYTES = 16 * 2**20


class PageShelf:
    """Documents of pages by address, bounded in bytes; the one put longest ago goes first. Thread-safe."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._size = 0
        self._pages: OrderedDict[str, tuple[Document, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, address: str, document: Document, *, until: datetime) -> Document:
        """Keep *document*, whose contents may be seen until before *until*.

        Answers the one kept before if that says the same, with its coded forms.
        """
        with self._lock:
            known = self._pages.pop(address, None)
            if known is not None:
                self._size -= len(known[0].identity)
                if known[0].tag == document.tag and known[0].valid_until == document.valid_until:
                    document = known[0]
            self._pages[address] = (document, until)
            self._size += len(document.identity)
            while self._size > self._max_bytes and len(self._pages) > 1:
                _address, (dropped, _until) = self._pages.popitem(last=False)
                self._size -= len(dropped.identity)
            return document

    def get(self, address: str, now: datetime) -> Document | None:
        """The page last seen at *address*, if what it shows may still be seen at *now*."""
        known = self._pages.get(address)
        return known[0] if known is not None and now < known[1] else None

    def drop(self, address: str) -> None:
        """Forget the page at *address*, which is no longer there."""
        with self._lock:
            known = self._pages.pop(address, None)
            if known is not None:
                self._size -= len(known[0].identity)
