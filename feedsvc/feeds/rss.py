"""RSS 2.0 (rssboard.org's specification and profile). The names of RSS stay in here."""

from __future__ import annotations

import html
from email.utils import format_datetime
from typing import TYPE_CHECKING

from feedsvc.dates import rfc3339
from feedsvc.feeds import xmlfeed
from feedsvc.feeds.extensions import (
    ATOM,
    CONTENT,
    DC,
    SY,
    WEBFEEDS,
    add,
    add_archive_links,
    add_expiry,
    add_history,
    add_media,
)
from feedsvc.feeds.pieces import InPieces
from feedsvc.feeds.podcast import add_episode, add_show
from feedsvc.feeds.shown import ShownEntry, ShownFeed, frame, shown_entry, terms_of
from feedsvc.links import Links
from feedsvc.model import Feed

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

DOCS = "http://www.rssboard.org/rss-specification"
"""As the specification spells it: the W3C validator knows it by this address alone."""

_PERIODS = {"hourly": 60, "daily": 24 * 60, "weekly": 7 * 24 * 60}
"""The periods of the syndication module that a poll may have, in minutes."""
_IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif")


class Rss(InPieces):
    """The renderer for RSS 2.0."""

    name = "RSS"
    suffix = "rss"
    media_type = "application/rss+xml; charset=utf-8"

    def render(self, feed: Feed, links: Links) -> bytes:
        """Write *feed* as RSS. Raises RenderError naming the article that cannot be written."""
        terms = terms_of(feed, links)
        pieces = self._pieces.of(feed, terms, lambda entry: xmlfeed.rss_item(shown_entry(entry, terms), _item))
        return xmlfeed.rss(frame(feed, links, suffix=self.suffix), pieces, channel=_channel)


def _channel(channel: Element, feed: ShownFeed) -> None:
    """What follows title, link, description and the link to the document itself."""
    for hub in feed.hubs:
        add(channel, ATOM + "link", href=hub, rel="hub")
    add_archive_links(channel, feed, ATOM + "link")
    if feed.license:
        add(channel, ATOM + "link", href=feed.license, rel="license")
    if feed.language:
        add(channel, "language", feed.language)
    if feed.rights:
        add(channel, "copyright", feed.rights)
    if feed.published is not None:
        add(channel, "pubDate", format_datetime(feed.published, usegmt=True))
    add(channel, "lastBuildDate", format_datetime(feed.updated, usegmt=True))
    add(channel, "generator", f"{xmlfeed.GENERATOR} {xmlfeed.MAJOR}")
    add(channel, "docs", DOCS)
    add(channel, "ttl", str(feed.minutes))
    if feed.logo.lower().endswith(_IMAGE_SUFFIXES):  # RSS knows no other pictures
        image = add(channel, "image")
        add(image, "url", feed.logo)
        add(image, "title", feed.title)
        add(image, "link", feed.page)
    period, times = rhythm(feed.minutes)
    if period and feed.minutes * 60 == feed.ttl:
        add(channel, SY + "updatePeriod", period)
        add(channel, SY + "updateFrequency", str(times))
    add_history(channel, feed)
    if feed.icon:
        add(channel, WEBFEEDS + "icon", feed.icon)
    if feed.logo:
        add(channel, WEBFEEDS + "logo", feed.logo)
    add_show(channel, feed)
    if feed.accent:
        add(channel, WEBFEEDS + "accentColor", feed.accent.lstrip("#"))


def _item(item: Element, entry: ShownEntry) -> None:
    """What follows title, link and guid."""
    add(item, "pubDate", format_datetime(entry.published, usegmt=True))
    add(item, "description", html.escape(entry.summary, quote=False))  # it is HTML by definition
    if entry.content:
        add(item, CONTENT + "encoded", entry.content)
    for author in entry.authors:
        add(item, DC + "creator", author.name)
    for category in entry.categories:
        add(item, "category", category.label or category.term, domain=category.scheme)
    if entry.enclosure is not None:
        one = entry.enclosure
        add(item, "enclosure", url=one.url, length=str(max(0, one.length)), type=one.type)
    add_media(item, entry)
    add_episode(item, entry)
    add(item, ATOM + "updated", rfc3339(entry.updated))
    add_expiry(item, entry.article.expires)
    if entry.rights:
        add(item, DC + "rights", entry.rights)
    if entry.language:
        add(item, DC + "language", entry.language)
    if entry.article.agency and entry.via:  # the element needs both
        add(item, "source", entry.article.agency, url=entry.via)
    if entry.license:
        add(item, ATOM + "link", href=entry.license, rel="license")


def rhythm(minutes: int) -> tuple[str, int]:
    """*minutes* between two looks as so many times in a period of the syndication module; ("", 0) if they do not fit.

    The module has whole frequencies only, and must not say another thing than ``ttl``.
    """
    for period, length in _PERIODS.items():
        if minutes <= length:
            return (period, length // minutes) if length % minutes == 0 else ("", 0)
    return "", 0
