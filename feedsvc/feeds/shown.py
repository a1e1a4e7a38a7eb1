"""What a feed shows, worked out once for all formats: absolute addresses, the summary, the body, clean text.

A renderer turns a ``Feed`` into a ``ShownFeed`` and writes that down; so all formats say the same, and refuse
the same articles.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit, urlunsplit

from feedsvc import links as paths
from feedsvc.errors import RenderError
from feedsvc.feeds.pieces import Terms
from feedsvc.links import Links
from feedsvc.markup import absolute, excerpt, plain
from feedsvc.model import Article, Author, Category, Enclosure, Entry, Feed, Tombstone
from feedsvc.podcasts import PLAYABLE, Episode, Podcast
from feedsvc.text import one_line, xml_safe

STYLESHEET = "/static/feed.css"
"""The path of the style sheet with which a browser shows a feed."""

_TEXTS = (
    "id",
    "title",
    "summary",
    "standfirst",
    "content",
    "byline",
    "agency",
    "dateline",
    "language",
    "rights",
)
_GROUPS = ("authors", "categories", "enclosures")

_URI_CHARACTERS = ";/?:@&=+$,-_.!~*'()%#"
_URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9{re.escape(_URI_CHARACTERS)}]+")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
_UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEntry:
    """An article as every format shows it: addresses absolute, texts without forbidden characters.

    *url* is its own page, *via* its canonical address elsewhere. *summary* is plain text and never empty;
    *content* is HTML, empty in a feed without full text. *language* and *rights* are empty where they are the
    feed's own; *license* is the address of the terms in force, the feed's own included, for nothing is inherited
    by an item that is passed on alone. *article* holds the fields that are shown as they are. *enclosure* is the one
    medium that a format may name which has room for one; *episode* is there in podcasts alone.
    """

    article: Article
    url: str
    via: str
    published: datetime
    updated: datetime
    summary: str
    content: str
    language: str
    rights: str
    license: str
    authors: tuple[Author, ...]
    categories: tuple[Category, ...]
    enclosures: tuple[Enclosure, ...]
    enclosure: Enclosure | None = None
    episode: Episode | None = None

    @property
    def picture(self) -> Enclosure | None:
        """The first picture."""
        return next((one for one in self.enclosures if one.type.startswith("image/")), None)

    @property
    def image(self) -> str:
        """The address of the first picture; empty where there is none."""
        return "" if self.picture is None else self.picture.url


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFeed:
    """A feed as every format shows it. All addresses are absolute; *url* is that of the document itself.

    *author* is the name to which entries without an author fall. *published* is the newest entry's, None in
    an empty feed. *ttl* is how long a reader may keep the document in seconds, *minutes* the same, at least 1.
    *license* is the address of the terms where *rights* is nothing else. *accent* is a colour as ``#rrggbb``.
    *older* and *newer* are addresses of archive pages; *current* is that of the feed itself, empty in all but those.
    """

    id: str
    url: str
    page: str
    stylesheet: str
    title: str
    description: str
    author: str
    language: str
    rights: str
    license: str
    icon: str
    logo: str
    accent: str
    updated: datetime
    published: datetime | None
    minutes: int
    ttl: int
    hubs: tuple[str, ...]
    entries: tuple[ShownEntry, ...]
    tombstones: tuple[Tombstone, ...]
    current: str = ""
    older: str = ""
    newer: str = ""
    complete: bool = False
    podcast: Podcast | None = None


@contextmanager
def naming(article_id: str) -> Iterator[None]:
    """Let whatever goes wrong inside come out as a RenderError that names the article."""
    try:
        yield
    except RenderError:
        raise
    except Exception as error:
        message = f"The article {article_id!r} cannot be written into a feed: {error}."
        raise RenderError(message, article_id=article_id) from error


def shown(feed: Feed, links: Links, *, suffix: str) -> ShownFeed:
    """*feed* as the document with *suffix* shows it. Raises RenderError naming an article that cannot be."""
    terms = terms_of(feed, links)
    return replace(frame(feed, links, suffix=suffix), entries=tuple(shown_entry(one, terms) for one in feed.entries))


def terms_of(feed: Feed, links: Links) -> Terms:
    """What decides how the entries of *feed* are written."""
    return Terms(feed.full_text, feed.language, feed.rights, feed.podcast, links)


def frame(feed: Feed, links: Links, *, suffix: str) -> ShownFeed:
    """The same without the entries."""
    title = _clean(feed.title) or feed.name
    current = links.absolute(paths.feed(feed.name, suffix))

    def page(mark: str) -> str:
        return links.absolute(paths.archive(feed.name, mark, suffix)) if mark else ""

    return ShownFeed(
        id=feed.id or links.absolute(paths.feed(feed.name, "atom")),
        url=page(feed.archive) if feed.archive else current,
        page=links.absolute(feed.page),
        stylesheet=links.absolute(STYLESHEET),
        title=title,
        description=_clean(feed.description),
        author=_clean(feed.site_title) or title,
        language=_clean(feed.language),
        rights=_clean(feed.rights),
        license=_license(feed.rights, links),
        icon=_address(feed.icon, links),
        logo=_address(feed.logo, links),
        accent=_clean(feed.accent),
        updated=feed.updated.astimezone(UTC),
        published=max((entry.article.published.astimezone(UTC) for entry in feed.entries), default=None),
        minutes=max(1, feed.ttl // 60),
        ttl=feed.ttl,
        hubs=tuple(address for hub in feed.hubs if (address := _address(hub, links))),
        entries=(),
        tombstones=tuple(
            replace(stone, id=xml_safe(stone.id), when=stone.when.astimezone(UTC), comment=_clean(stone.comment))
            for stone in feed.tombstones
        ),
        current=current if feed.archive else "",
        older=page(feed.older),
        newer=page(feed.newer),
        complete=feed.complete,
        podcast=None if feed.podcast is None else replace(feed.podcast, image=_address(feed.podcast.image, links)),
    )


def shown_entry(entry: Entry, terms: Terms) -> ShownEntry:
    """*entry* as a feed under *terms* shows it. Raises RenderError if it cannot be."""
    article, links = entry.article, terms.links
    with naming(article.id):
        _check(article)
        url = _address(entry.path, links)
        if not url:
            raise ValueError(f"its address {entry.path!r} is not one of this site")
        enclosures = _enclosures(article.enclosures, links)
        return ShownEntry(
            article=article,
            url=url,
            via=_address(article.link, links),
            published=article.published.astimezone(UTC),
            updated=article.updated.astimezone(UTC),
            summary=article.summary or article.standfirst or excerpt(article.content) or article.title,
            content=_content(article, links, page=url) if terms.full_text else "",
            language="" if article.language.lower() == terms.language.lower() else article.language,
            rights="" if article.rights == terms.rights else article.rights,
            license=_license(article.rights or terms.rights, links),
            authors=tuple(replace(one, uri=_address(one.uri, links)) for one in article.authors if one.name.strip()),
            categories=tuple(one for one in article.categories if one.term.strip()),
            enclosures=enclosures,
            enclosure=_enclosure(enclosures, playable=terms.podcast is not None),
            episode=None if terms.podcast is None else _episode(article.episode or Episode(), links),
        )


def is_uri(text: str) -> bool:
    """Whether *text* is an absolute URI in the characters that RFC 3986 section 2 allows."""
    return _URI.fullmatch(text) is not None


def _check(article: Article) -> None:
    """Raise ValueError for what ``normalise`` never lets through and no document could hold."""
    for field in ("id", "title"):
        if not getattr(article, field).strip():
            raise ValueError(f"its {field} is empty")
    for field in ("published", "updated", "expires"):
        moment: datetime | None = getattr(article, field)
        if moment is not None and moment.tzinfo is None:
            raise ValueError(f"its date {field!r} has no zone")
    for field, text in _texts(article):
        if xml_safe(text) != text:
            raise ValueError(f"its field {field!r} holds a character that XML forbids")


def _texts(article: Article) -> Iterator[tuple[str, str]]:
    """All text that may come into a document, with the name of the field that holds it."""
    for field in _TEXTS:
        yield field, getattr(article, field)
    episode = article.episode or Episode()
    yield "episode", episode.title
    groups = [(field, getattr(article, field)) for field in _GROUPS]
    for field, group in (*groups, ("episode", episode.transcripts), ("episode", episode.persons)):
        for one in group:
            yield from ((field, text) for name in one.__slots__ if isinstance(text := getattr(one, name), str))


def _content(article: Article, links: Links, *, page: str) -> str:
    """The body with absolute addresses, the standfirst before it where the body does not begin with it."""
    body = absolute(article.content, links.base_url.rstrip("/"), page=page)
    standfirst = one_line(article.standfirst)
    if not body or not standfirst:
        return body
    beginning, _, _ = body.partition("</p>")
    if one_line(plain(beginning)).startswith(standfirst):
        return body
    # A division, for it is no paragraph of the body: who counts or quotes those gets the article's own.
    return f"<div><strong>{html.escape(standfirst, quote=False)}</strong></div>\n{body}"


def _enclosures(enclosures: Sequence[Enclosure], links: Links) -> tuple[Enclosure, ...]:
    """The media that have an address, each address once, each with a media type that a validator takes."""
    found: dict[str, Enclosure] = {}
    for one in enclosures:
        url = _address(one.url, links)
        if url and url not in found:
            known = _MEDIA_TYPE.fullmatch(one.type) is not None
            found[url] = replace(one, url=url, type=one.type.lower() if known else _UNKNOWN_TYPE)
    return tuple(found.values())


def _enclosure(enclosures: Sequence[Enclosure], *, playable: bool) -> Enclosure | None:
    """The first sound, else the first film, else the first of all unless it must be *playable*."""
    for kind in PLAYABLE:
        for one in enclosures:
            if one.type.startswith(kind):
                return one
    return enclosures[0] if enclosures and not playable else None


def _episode(episode: Episode, links: Links) -> Episode:
    """*episode* with absolute addresses, without what has none."""
    transcripts = (replace(one, url=_address(one.url, links)) for one in episode.transcripts)
    persons = (
        replace(one, uri=_address(one.uri, links), image=_address(one.image, links))
        for one in episode.persons
        if one.name.strip()
    )
    return replace(
        episode,
        image=_address(episode.image, links),
        chapters=_address(episode.chapters, links),
        transcripts=tuple(one for one in transcripts if one.url and one.type),
        persons=tuple(persons),
    )


def _address(url: str, links: Links) -> str:
    """*url* as an absolute http or https URI in ASCII; empty where it is neither that nor root-relative.

    RSS takes URIs, not IRIs: all other characters are percent-encoded (RFC 3987 section 3.1).
    """
    if url.startswith("/") and not url.startswith("//"):
        url = links.absolute(url)
    if not url.lower().startswith(("https://", "http://")):
        return ""
    if is_uri(url):
        return url
    try:
        scheme, host, *rest = urlsplit(url)
        if not host.isascii():
            host = host.encode("idna").decode()
        return urlunsplit((scheme, host, *(quote(part, safe=_URI_CHARACTERS) for part in rest)))
    except ValueError:
        return ""


def _license(rights: str, links: Links) -> str:
    """The address of the terms, where *rights* is one and nothing else."""
    return "" if " " in rights.strip() or rights.startswith("/") else _address(rights.strip(), links)


def _clean(text: str) -> str:
    return one_line(xml_safe(text))
