"""Files of our making, taken in for good, and the site that shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from fakes import make_settings
from flask.testing import FlaskClient
from lxml import html as lxml_html
from werkzeug.test import TestResponse

from feedsvc.config import Settings
from feedsvc.formats.registry import formats
from feedsvc.ingest.run import Ingest
from feedsvc.publish.configured import configure
from feedsvc.store.base import INGEST, Store
from feedsvc.store.opening import open_store
from feedsvc.web.app import create_app

NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
"""Later than every file that the longest run of all tests makes: all of them have settled."""
_OURS = ("/articles/", "/sections/", "/feeds", "/media/", "/static/", "/sitemap")


class Site:
    """A content folder, a store and the application, at one moment."""

    def __init__(self, folder: Path, **tables: Any) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.content.mkdir()
        feeds = {"limit": 1000, "max_bytes": "100 MB"} | tables.pop("feeds", {})
        made = make_settings(site={"timezone": "UTC"}, feeds=feeds, **tables)
        content = made.content.model_copy(update={"path": self.content})
        self.settings: Settings = made.model_copy(update={"content": content})
        self.store: Store = open_store(f"sqlite:///{folder}/store.db")
        self.app = create_app(self.settings, self.store, lambda: NOW)
        self.client: FlaskClient = self.app.test_client()

    def write(self, name: str, content: bytes) -> Path:
        """A file below the content folder."""
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def take_in(self) -> Mapping[str, str]:
        """Take everything in; answers why files were refused."""
        lease = self.store.lease(INGEST, "test", ttl=timedelta(minutes=9))
        assert lease is not None
        configure(self.store, self.settings, now=NOW, lease=lease)
        one = Ingest(self.settings, formats(), self.store, clock=lambda: NOW, tick=lambda: 0.0)
        try:
            one.full(lease)
        finally:
            one.close()
        return {path: record.error for path, record in self.store.sources().items() if record.error}

    def ids(self, feed: str = "all") -> list[str]:
        """The ids of all public articles of *feed*."""
        return [entry.article.id for entry in self.store.listing(feed, NOW, limit=5000)]

    def crawl(self) -> Iterator[tuple[str, TestResponse]]:
        """Every page, feed and picture that can be reached from the front page, each once, and what crawlers read."""
        pending = ["/", "/feeds.opml", "/sitemap.xml"]
        seen = set(pending)
        while pending:
            address = pending.pop()
            response = self.client.get(address)
            body = response.data
            yield address, response
            response.close()
            if response.headers["Content-Type"].startswith(("application/xml", "text/xml")):
                found_here = [urlsplit(element).path for element in re.findall(r"<loc>([^<]*)</loc>", body.decode())]
                maps = [path for path in found_here if path.startswith("/sitemap") and path not in seen]
                seen.update(maps)
                pending += maps
            if not response.headers["Content-Type"].startswith("text/html"):
                continue
            root = lxml_html.document_fromstring(body)
            for element in root.iter("a", "link", "img"):
                found = urlsplit(element.get("href") or element.get("src") or "")
                path = quote(found.path, safe="/%") + (f"?{found.query}" if found.query else "")
                inside = found.netloc in ("", "news.example.org")
                if inside and path.startswith(_OURS) and path not in seen:
                    seen.add(path)
                    pending.append(path)

    def close(self) -> None:
        """Close the store."""
        self.store.close()
