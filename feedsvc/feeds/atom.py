"""Atom 1.0 (RFC 4287), with deleted entries (RFC 6721)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.dates import rfc3339
from feedsvc.feeds import xmlfeed
from feedsvc.feeds.extensions import (
    AT,
    WEBFEEDS,
    XML,
    add,
    add_archive_links,
    add_expiry,
    add_history,
    add_media,
    positive,
)
from feedsvc.feeds.pieces import InPieces
from feedsvc.feeds.podcast import add_episode, add_show
from feedsvc.feeds.shown import ShownEntry, ShownFeed, frame, is_uri, shown_entry, terms_of
from feedsvc.links import Links
from feedsvc.model import Author, Feed
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


class Atom(InPieces):
    """The renderer for Atom 1.0."""

    name = "Atom"
    suffix = "atom"
    media_type = "application/atom+xml; charset=utf-8"

    def render(self, feed: Feed, links: Links) -> bytes:
        """Write *feed* as Atom. Raises RenderError naming the article that cannot be written."""
        terms = terms_of(feed, links)
        pieces = self._pieces.of(feed, terms, lambda entry: xmlfeed.atom_entry(shown_entry(entry, terms), _entry))
        return xmlfeed.atom(frame(feed, links, suffix=self.suffix), pieces, head=_head)


def _head(root: Element, feed: ShownFeed) -> None:
    """What stands among and follows id, title, updated, and the links to the document and its page."""
    _, title, updated, *_ = root
    if feed.description:
        subtitle = add(root, "subtitle", feed.description)
        title.addnext(subtitle)
    updated.text = rfc3339(feed.updated)
    for hub in feed.hubs:
        add(root, "link", href=hub, rel="hub")
    add_archive_links(root, feed, "link")
    if feed.license:
        add(root, "link", href=feed.license, rel="license")
    _add_author(root, Author(name=feed.author))
    if feed.rights and not feed.license:  # RFC 4287 section 4.2.10: for people, not for machines
        add(root, "rights", feed.rights)
    add(root, "generator", xmlfeed.GENERATOR, version=xmlfeed.MAJOR)
    if feed.icon:
        add(root, "icon", feed.icon)
    if feed.logo:
        add(root, "logo", feed.logo)
    add_history(root, feed)
    add_show(root, feed)
    if feed.accent:
        add(root, WEBFEEDS + "accentColor", feed.accent.lstrip("#"))
    for stone in feed.tombstones:
        deleted = add(root, AT + "deleted-entry", ref=stone.id, when=rfc3339(stone.when))
        if stone.comment:
            add(deleted, AT + "comment", stone.comment)


def _entry(element: Element, entry: ShownEntry) -> None:
    """What stands among and follows id, title, updated and the link to the article's page."""
    article = entry.article
    _, title, updated, link = element
    if entry.language:
        element.set(XML + "lang", entry.language)
    title.set("type", "text")
    link.set("rel", "alternate")
    link.set("type", "text/html")
    add(element, "published", rfc3339(entry.published))
    updated.text = rfc3339(entry.updated)
    element.append(updated)  # moved here
    for author in entry.authors:
        _add_author(element, author)
    add(element, "summary", entry.summary, type="text")
    if entry.content:
        add(element, "content", entry.content, type="html")
    for category in entry.categories:
        scheme = category.scheme if is_uri(category.scheme) else ""  # RFC 4287 section 4.2.2.2 wants an IRI
        add(element, "category", term=category.term, scheme=scheme, label=category.label)
    for one in entry.enclosures:
        add(element, "link", href=one.url, rel="enclosure", type=one.type, length=positive(one.length))
    if entry.via:
        add(element, "link", href=entry.via, rel="via", title=one_line(article.agency))
    if entry.license:
        add(element, "link", href=entry.license, rel="license")
    add_media(element, entry)
    add_episode(element, entry)
    if entry.rights and entry.rights.strip() != entry.license:
        add(element, "rights", entry.rights)
    add_expiry(element, article.expires)


def _add_author(parent: Element, author: Author) -> None:
    element = add(parent, "author")
    add(element, "name", author.name)
    if author.uri:
        add(element, "uri", author.uri)
