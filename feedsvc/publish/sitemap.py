"""Sitemaps for search engines (sitemaps.org protocol 0.9, and Google's extension for news)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from feedsvc.config import Settings
from feedsvc.dates import Precision, rfc3339
from feedsvc.links import Links
from feedsvc.model import Article, Entry
from feedsvc.text import one_line, xml_safe

MEDIA_TYPE = "application/xml; charset=utf-8"
CHUNK = 10_000
"""How many addresses one sitemap holds. The protocol allows five times as many."""
NEWS_AGE = timedelta(days=2)
NEWS_MOST = 1000
"""Google reads articles of the last two days, and a thousand at most."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


def index(paths: Iterable[str], links: Links) -> bytes:
    """The list of the sitemaps at *paths*."""
    rows = [f"<sitemap><loc>{_loc(path, links)}</loc></sitemap>\n" for path in paths]
    return _document("sitemapindex", f'xmlns="{_NAMESPACE}"', rows)


def urlset(addresses: Iterable[tuple[str, datetime | None]], links: Links) -> bytes:
    """A sitemap of *addresses*: root-relative paths, each with the time of its last change where that is known."""
    rows = []
    for path, changed in addresses:
        lastmod = f"<lastmod>{rfc3339(changed)}</lastmod>" if changed is not None else ""
        rows.append(f"<url><loc>{_loc(path, links)}</loc>{lastmod}</url>\n")
    return _document("urlset", f'xmlns="{_NAMESPACE}"', rows)


def news(entries: Sequence[Entry], settings: Settings, links: Links) -> bytes:
    """A news sitemap of *entries*."""
    name = _text(settings.site.title)
    rows = []
    for entry in entries:
        language = _language(entry.article.language or settings.site.language)
        rows.append(
            f"<url><loc>{_loc(entry.path, links)}</loc><news:news>"
            f"<news:publication><news:name>{name}</news:name><news:language>{language}</news:language>"
            f"</news:publication><news:publication_date>{_published(entry.article, settings)}</news:publication_date>"
            f"<news:title>{_text(entry.article.title)}</news:title></news:news></url>\n"
        )
    return _document("urlset", f'xmlns="{_NAMESPACE}" xmlns:news="{_NEWS}"', rows)


def robots(links: Links, sitemaps: Iterable[str]) -> bytes:
    """``robots.txt`` (RFC 9309): everything may be read but the operators' desk; *sitemaps* are paths."""
    lines = ["User-agent: *", f"Disallow: {links.href('/desk')}", ""]
    lines += [f"Sitemap: {links.absolute(path)}" for path in sitemaps]
    return "\n".join([*lines, ""]).encode()


def _document(root: str, attributes: str, rows: Sequence[str]) -> bytes:
    return f"{_HEAD}<{root} {attributes}>\n{''.join(rows)}</{root}>\n".encode()


def _loc(path: str, links: Links) -> str:
    return escape(links.absolute(path))


def _text(text: str) -> str:
    return escape(one_line(xml_safe(text)))


def _language(tag: str) -> str:
    """*tag* as the extension wants it: a language without country or script, but two kinds of Chinese."""
    primary, *rest = tag.lower().split("-")
    if primary == "zh":
        return "zh-tw" if _TRADITIONAL.intersection(rest) else "zh-cn"
    return primary


def _published(article: Article, settings: Settings) -> str:
    if article.precision is Precision.DAY and article.embargo is None:
        return article.published.astimezone(settings.site.timezone).date().isoformat()
    return rfc3339(article.visible_from)
