"""What a page tells machines: JSON-LD of schema.org, safe inside a script element."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from feedsvc.config import Settings
from feedsvc.dates import rfc3339
from feedsvc.links import Links
from feedsvc.web.views import ArticlePage

_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""Characters that could end the element or confuse a parser, as JSON writes them where they only can stand: in text."""


def news_article(page: ArticlePage, settings: Settings, links: Links) -> Markup:
    """The article as a schema.org ``NewsArticle``, at the times that feeds give: with a zone, be it a mere day."""
    article = page.article
    authors: list[dict[str, Any]] = [
        _given({"@type": "Person", "name": author.name, "url": author.uri}) for author in article.authors
    ]
    named = page.byline or article.agency
    if not authors and named:
        authors = [{"@type": "Organization" if named == article.agency else "Person", "name": named}]
    publisher = {"@type": "Organization", "name": settings.site.title, "url": links.absolute("/")}
    return _json(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": article.link or page.address,
            "url": page.address,
            "headline": article.title,
            "description": page.description,
            "datePublished": rfc3339(article.visible_from),
            "dateModified": rfc3339(max(article.updated, article.visible_from)),
            "author": authors or [publisher],
            "publisher": publisher,
            "inLanguage": page.language,
            "articleSection": [section.text for section in page.sections],
            "keywords": [tag.text for tag in page.tags],
            "dateline": article.dateline,
            "image": list(page.images),
            "copyrightNotice": article.rights or settings.site.rights,
        }
    )


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _json(fields: Mapping[str, Any]) -> Markup:
    text = json.dumps(_given(fields), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE))  # noqa: S704  (nothing left in it that HTML knows)
