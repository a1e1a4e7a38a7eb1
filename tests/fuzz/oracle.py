"""What must be true of any bytes: articles or one clear refusal, in bounded time, and nothing active comes out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

import danger
from fakes import make_settings

from feedsvc.config import Settings
from feedsvc.errors import ContentError
from feedsvc.feeds.registry import renderers
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.registry import formats
from feedsvc.links import Links
from feedsvc.markup import sanitise
from feedsvc.model import Article, Entry, Feed
from feedsvc.normalise.article import normalise
from feedsvc.normalise.identity import minted_id, own_id
from feedsvc.normalise.sections import SectionNames

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
SECONDS = 5.0
"""How long one file may take, in seconds of the processor."""
MOST_ITEMS = 20
"""How many items of a file are looked at to the end."""

FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    # name: (suffix of a file, the folders below tests/golden with seeds)
    "any": (
        "",
        ("html", "json", "markdown", "newsml-1", "newsml-g2", "ninjs", "nitf", "plaintext", "syndication", "wiretext"),
    ),
    "markdown": (".md", ("markdown",)),
    "plaintext": (".txt", ("plaintext",)),
    "wiretext": ("", ("wiretext",)),
    "json": (".json", ("json", "ninjs")),
    "newsxml": (".xml", ("nitf", "newsml-1", "newsml-g2")),
    "syndication": (".xml", ("syndication",)),
    "html": (".html", ("html",)),
}
SUFFIXES = ("", ".txt", ".md", ".json", ".xml", ".html", ".rss", ".nitf")


class Oracle:
    """Reads bytes as the service would, and raises AssertionError where a promise is broken."""

    def __init__(self) -> None:
        self._settings: Settings = make_settings(sections={"sport": {"aliases": ["Sports"]}, "world/asia": {}})
        self._sections = SectionNames(self._settings)
        self._formats = formats()
        self._links = Links(self._settings.site.base_url)
        self._renderers = renderers()

    def chosen(self, data: bytes, path: PurePosixPath) -> Format | None:
        """The format that reads *data*; None for what is refused at once."""
        try:
            return self._formats.choose(data, path)
        except ContentError:
            return None

    def check(self, data: bytes, path: PurePosixPath) -> Sequence[Article]:
        """The articles that *data* gives. Raises AssertionError, or whatever a reader should not have raised."""
        began = time.process_time()
        try:
            items = self._items(data, path)
            articles = [article for item in items[:MOST_ITEMS] if (article := self._article(item, path)) is not None]
            if articles:
                self._rendered(list({article.id: article for article in articles}.values()))
        finally:
            taken = time.process_time() - began
        assert taken < SECONDS, f"{len(data)} bytes took {taken:.1f} s"
        return articles

    def _items(self, data: bytes, path: PurePosixPath) -> Sequence[RawItem]:
        chosen = self.chosen(data, path)
        if chosen is None:
            return ()
        try:
            return chosen.parse(data, path)
        except ContentError as error:
            _reasoned(error)
            return ()

    def _article(self, item: RawItem, path: PurePosixPath) -> Article | None:
        authority = self._settings.site.authority
        article_id = own_id(item.id, authority=authority) or minted_id(str(path), authority=authority, part=item.part)
        try:
            normalised = normalise(
                item, path, article_id=article_id, settings=self._settings, sections=self._sections, now=NOW
            )
        except ContentError as error:
            _reasoned(error)
            return None
        article = normalised.article
        assert article.title.strip()
        assert article.published <= NOW or article.visible_from > NOW
        found = danger.in_html(article.content)
        assert not found, found
        again = sanitise(article.content)
        assert again == article.content, f"what is sanitised changes: {article.content!r} is {again!r}"
        return article

    def _rendered(self, articles: Sequence[Article]) -> None:
        entries = tuple(
            Entry(article=article, path=f"/articles/2026/03/14/{number}-aaaaaaaa", released=NOW)
            for number, article in enumerate(articles)
        )
        feed = Feed(name="all", title="All", page="/", updated=NOW, language="en", entries=entries)
        ids = [article.id for article in articles]
        for suffix, renderer in self._renderers.items():
            body = renderer.render(feed, self._links)
            if suffix == "json":
                found = danger.in_json_feed(body, ids)
            else:
                found = danger.in_xml_feed(body, ids)
            assert not found, found
            assert renderer.render(feed, self._links) == body, "the same feed gives other bytes"


def _reasoned(error: ContentError) -> None:
    assert str(error).strip(), "a refusal without a reason"
    assert error.line >= 0
