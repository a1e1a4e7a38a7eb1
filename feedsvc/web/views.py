"""What templates show, made of articles and sections: everything worked out here, nothing in the templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc import links as paths
from feedsvc.config import Settings
from feedsvc.links import Links
from feedsvc.markup import absolute, reachable
from feedsvc.model import Article, Enclosure, Entry
from feedsvc.publish.outline import Listing, Node
from feedsvc.publish.settings import feed_title, is_section
from feedsvc.store.base import ALL
from feedsvc.store.lifecycle import authors_of, tag_of, tags_of
from feedsvc.web.context import Context
from feedsvc.web.wording import When, corrected, direction, when


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link with its text. *kind* is the media type or the format's name, where it matters."""

    href: str
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with an address that a page may use; *width* and *height* are 0 where they are not both known."""

    src: str
    alt: str
    caption: str
    credit: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """Sound, film or a file that belongs to an article; *kind* is ``audio``, ``video`` or ``file``."""

    src: str
    type: str
    kind: str
    title: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An article in a list."""

    href: str
    title: str
    teaser: str
    section: Link | None
    published: When
    language: str
    direction: str
    picture: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """An article on its own page. *body* is sanitised HTML, *images* are absolute addresses.

    A tag beyond those that have pages has no address.
    """

    article: Article
    address: str
    body: str
    byline: str
    published: When
    updated: When | None
    language: str
    direction: str
    lead: Picture | None
    pictures: tuple[Picture, ...]
    media: tuple[Medium, ...]
    sections: tuple[Link, ...]
    crumbs: tuple[Link, ...]
    tags: tuple[Link, ...]
    authors: tuple[Link, ...]
    description: str
    images: tuple[str, ...]


def article_page(entry: Entry, context: Context, listing: Listing) -> ArticlePage:
    """The article of *entry* for its page."""
    article, links = entry.article, context.links
    zone = context.settings.site.timezone
    pictures = tuple(_pictures(article, links))
    fresh = tuple(picture for picture in pictures if picture.src not in article.content)
    home = listing.by_path.get(article.sections[0]) if article.sections else None
    language = article.language or context.settings.site.language
    return ArticlePage(
        article=article,
        address=links.absolute(entry.path),
        body=reachable(absolute(article.content, links.base_url) if links.prefix else article.content),
        byline=article.byline or _names([author.name for author in article.authors]),
        published=when(article.visible_from, zone, article.precision),
        updated=corrected(article, zone),
        language=language,
        direction=direction(language),
        lead=fresh[0] if fresh else None,
        pictures=fresh[1:],
        media=tuple(_media(article, links)),
        sections=tuple(
            section_link(listing.by_path[path], links) for path in article.sections if path in listing.by_path
        ),
        crumbs=() if home is None else (*crumbs(home, listing, links), section_link(home, links)),
        tags=_tags(article, links),
        authors=tuple(
            Link(href=links.href(paths.named(name)), text=text) for name, text in authors_of(article).items()
        ),
        description=article.summary or article.standfirst,
        images=tuple(links.origin + one.src if one.src.startswith("/") else one.src for one in pictures),
    )


def card(entry: Entry, context: Context, listing: Listing, *, below: str = "") -> Card:
    """The article of *entry* for a list; its section is named unless it is *below*, the list's own."""
    article, settings = entry.article, context.settings
    language = article.language or settings.site.language
    home = listing.by_path.get(article.sections[0]) if article.sections else None
    return Card(
        href=context.links.href(entry.path),
        title=article.title,
        teaser=article.standfirst or article.summary,
        section=None if home is None or home.path == below else section_link(home, context.links),
        published=when(article.visible_from, settings.site.timezone, article.precision),
        language=language,
        direction=direction(language),
        picture=next(iter(_pictures(article, context.links)), None),
    )


def section_link(node: Node, links: Links) -> Link:
    """The link to a section's page."""
    return Link(href=links.href(paths.section(node.path)), text=node.title)


def crumbs(node: Node, listing: Listing, links: Links) -> tuple[Link, ...]:
    """The links to the sections that *node* stands in, the widest first."""
    return tuple(section_link(listing.by_path[path], links) for path in node.parents if path in listing.by_path)


def feed_links(name: str, context: Context) -> list[Link]:
    """The feed *name* in every format, for people."""
    return [
        Link(href=context.links.href(paths.feed(name, suffix)), text=renderer.name, kind=suffix)
        for suffix, renderer in context.formats.items()
    ]


def discovery(names: Sequence[str], context: Context, listing: Listing, *, spelling: str = "") -> list[Link]:
    """The feeds *names* in every format for the head of a page, in that order (autodiscovery).

    *spelling* is how the tag or the author among them is written.
    """
    return [
        Link(
            href=context.links.absolute(paths.feed(name, suffix)),
            text=f"{_title(name, context.settings, listing, spelling)} ({renderer.name})",
            kind=renderer.media_type.partition(";")[0],
        )
        for name in dict.fromkeys((*names, ALL))
        for suffix, renderer in context.formats.items()
    ]


def _title(name: str, settings: Settings, listing: Listing, spelling: str) -> str:
    if not is_section(name):
        return feed_title(settings, name, spelling)
    node = listing.by_path.get(name)
    return feed_title(settings, name, "" if node is None else node.title)


def _tags(article: Article, links: Links) -> tuple[Link, ...]:
    """Each tag once, with the page of what it is the same as."""
    paged = tags_of(article)
    found = {}
    for text in dict.fromkeys(category.label or category.term for category in article.categories):
        name = tag_of(text)
        found[text] = Link(href=links.href(paths.named(name)) if name in paged else "", text=text)
    return tuple(found.values())


def _pictures(article: Article, links: Links) -> list[Picture]:
    found = []
    for medium in article.enclosures:
        src = _src(medium, links)
        if src and medium.type.startswith("image/"):
            known = medium.width > 0 and medium.height > 0
            found.append(
                Picture(
                    src=src,
                    alt=medium.alt,
                    caption=medium.caption,
                    credit=medium.credit,
                    width=medium.width if known else 0,
                    height=medium.height if known else 0,
                )
            )
    return found


def _media(article: Article, links: Links) -> list[Medium]:
    found = []
    for medium in article.enclosures:
        src = _src(medium, links)
        if src and not medium.type.startswith("image/"):
            kind = medium.type.partition("/")[0]
            found.append(
                Medium(
                    src=src,
                    type=medium.type,
                    kind=kind if kind in ("audio", "video") else "file",
                    title=medium.caption or medium.alt or src.rpartition("/")[2],
                    credit=medium.credit,
                )
            )
    return found


def _src(medium: Enclosure, links: Links) -> str:
    """The address of a medium for a page; empty where it is no web address."""
    url = medium.url
    if url.startswith("/") and not url.startswith("//"):
        return links.href(url)
    return url if url.lower().startswith(("https://", "http://")) else ""


def _names(names: Sequence[str]) -> str:
    """ "Ann", "Ann and Ben", "Ann, Ben and Cem"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
