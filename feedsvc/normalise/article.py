"""``RawItem`` + where it lay -> ``Article``: the one place where raw input becomes what everyone else relies on.

The order of the steps matters and is visible in :func:`normalise`: body, title, people, sections, dates, status.
Nothing here reads the clock, the disk or the store.
"""

from __future__ import annotations

import dataclasses
import functools
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath
from urllib.parse import quote, urljoin, urlsplit

from feedsvc import dates, markup, text
from feedsvc.config import Settings
from feedsvc.errors import NotAnArticle, TooLarge
from feedsvc.formats.base import RawCategory, RawItem, RawMedium
from feedsvc.model import Article, Category, Enclosure, PubStatus, Stored
from feedsvc.normalise import bundles, bylines, dating, edges, episodes, mojibake, titles
from feedsvc.normalise.identity import version_number
from feedsvc.normalise.inert import inert, inert_article
from feedsvc.normalise.sections import SectionNames
from feedsvc.normalise.status import status_of

READING = "6"
"""Raised by hand with every change to a format or a rule that reads files otherwise: they are then read again."""

SLUG_LENGTH = 80
SUMMARY_LENGTH = 400
_MAX_CATEGORIES = 100
_MAX_ENCLOSURES = 50
_MAX_ADDRESS = 2000
_LONGEST_REMEMBERED = 200
_RESERVED = "%:/?#[]@!$&'()*+,;=~"
_TYPES = {
    # Written out, because Python's own table depends on files of the host, and articles must not.
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
    ".avif": "image/avif", ".svg": "image/svg+xml", ".bmp": "image/bmp", ".tif": "image/tiff", ".tiff": "image/tiff",
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg", ".oga": "audio/ogg",
    ".opus": "audio/ogg", ".wav": "audio/wav", ".flac": "audio/flac", ".mp4": "video/mp4", ".m4v": "video/mp4",
    ".mov": "video/quicktime", ".webm": "video/webm", ".ogv": "video/ogg", ".mpg": "video/mpeg", ".mpeg": "video/mpeg",
    ".pdf": "application/pdf",
}  # fmt: skip


_FIELDS = frozenset(Article.__slots__)
_SOURCE = re.compile(r"""(\bsrc\s*=\s*)(?:"([^"<>]{1,500})"|'([^'<>]{1,500})')""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalised:
    """An article, for every field of it where it came from, what was guessed, and what the store needs besides.

    *day* is the day in its address, *spellings* the titles of sections as they were written, by path.
    """

    article: Article
    day: date
    origin: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)


def normalise(
    raw: RawItem,
    path: PurePosixPath,
    *,
    article_id: str,
    settings: Settings,
    sections: SectionNames,
    now: datetime,
    previous: Stored | None = None,
    bytes_changed: bool = True,
    lent: Sequence[str] = (),
    media: Mapping[str, Enclosure] | None = None,
) -> Normalised:
    """The article that *raw*, read from *path* below ``content/`` and picked up at *now*, is.

    *previous* is what the store has under *article_id*; *lent* are sections in which it stands besides for the sake
    of copies. *media* are our own pictures and sounds by the address that the file gives them.
    Raises ContentError where the item cannot be published as it is.
    """
    zone = settings.site.timezone
    raw = mojibake.repaired(raw)
    placed_at, name = bundles.place_of(path, sections=settings.sections)
    if name and not raw.part:
        raw = bundles.named(raw, name)
    base = _base(raw, path, settings)
    raw, content = edges.taken_apart(raw, _content(raw, base, settings, media or {}))
    origin, notes = dict(raw.origin), list(raw.notes)
    status, status_notes = status_of(raw.status, withdrawal=raw.withdrawal, embargo=bool(raw.embargo.strip()))
    notes.extend(status_notes)
    if not content.strip() and status is not PubStatus.CANCELED:
        raise NotAnArticle("it has no text; write at least one sentence below the title", line=raw.line)

    title, title_origin, title_notes = titles.title_of_item(raw, content)
    notes.extend(title_notes)
    if not title:
        if status is not PubStatus.CANCELED:
            raise NotAnArticle("it has no title and no sentence that could serve as one", line=raw.line)
        title = previous.article.title if previous is not None else path.stem
    standfirst = _plain(raw, "standfirst")
    if standfirst and standfirst == text.one_line(markup.plain(_first_block(content))):
        standfirst = ""
        notes.append("the standfirst repeats the first paragraph and is left out")
    byline, authors = bylines.byline_of(raw.byline, raw.authors, literal="byline" in raw.literal)

    placed = sections.choose(placed_at, names=raw.sections, crumbs=raw.crumbs, codes=raw.codes, title=title)
    notes.extend(placed.notes)
    language = (
        (raw.language and _language(raw.language)) or placed.language or _section_language(placed.paths[0], settings)
    )

    file_day = dates.find_day(str(placed_at))
    fallbacks = [(value, "a second date in the file") for value in raw.published_fallbacks]
    fallbacks += [] if file_day is None else [(file_day.isoformat(), "the file's name")]
    when = dating.published(
        raw.published,
        fallbacks,
        origin=raw.origin.get("published", "date"),
        zone=zone,
        now=now,
        previous=previous,
    )
    notes.extend(when.notes)
    version = version_number(raw.version)
    if status is PubStatus.CANCELED and not version and previous is not None:
        version = previous.article.version  # so that no older version brings the article back
    summary = _plain(raw, "summary") or markup.excerpt(content, SUMMARY_LENGTH)
    article = Article(
        id=article_id,
        source=str(path),
        sections=placed.paths,
        slug=text.slug(raw.slug or title, limit=SLUG_LENGTH),
        title=title,
        content=content,
        summary=summary,
        standfirst=standfirst,
        byline=byline,
        agency=_plain(raw, "agency"),
        dateline=_plain(raw, "dateline"),
        language=language,
        authors=tuple(dataclasses.replace(one, uri=_address(one.uri, "")) if one.uri else one for one in authors),
        categories=_categories(raw.categories),
        enclosures=episodes.lasting(_enclosures(raw.media, base, settings, media or {}), raw.episode),
        episode=episodes.episode_of(
            raw.episode,
            file=lambda written: _file(written, base, settings, media or {}),
            page=lambda written: _address(written, ""),
        ),
        link=_address(raw.link, ""),
        rights=_plain(raw, "rights"),
        urgency=min(version_number(raw.urgency), 9),
        version=version,
        published=when.moment,
        precision=when.precision,
        updated=when.moment,
        embargo=dating.opening(raw.embargo, field="embargo", zone=zone),
        expires=dating.closing(raw.expires, field="expires", zone=zone),
        pubstatus=status,
    )
    article = inert_article(article)
    altered = False
    if previous is not None:
        placed_too = dataclasses.replace(article, sections=tuple(dict.fromkeys((*placed.paths, *lent))))
        altered = placed_too.digest != previous.digest
    updated = dating.updated(
        raw.updated,
        zone=zone,
        now=now,
        published=article.published,
        previous=previous,
        altered=altered,
        bytes_changed=bytes_changed,
    )
    origin |= {"title": title_origin, "sections": placed.origin, "published": when.origin}
    return Normalised(
        article=article if updated == article.updated else dataclasses.replace(article, updated=updated),
        day=dating.local_day(when.moment, zone),
        origin={name: text.xml_safe(where) for name, where in origin.items() if where and name in _FIELDS},
        notes=tuple(dict.fromkeys(text.xml_safe(note) for note in notes)),
        spellings={section: inert(spelling) for section, spelling in placed.spellings.items()},
    )


def _content(raw: RawItem, base: str, settings: Settings, media: Mapping[str, Enclosure]) -> str:
    """The body, sanitised once and last; our own pictures under their addresses here."""
    own = (settings.site.base_url,)
    body = raw.body
    if media:

        def ours(found: re.Match[str]) -> str:
            medium = media.get(html.unescape(found[2] or found[3]))
            return found[0] if medium is None else f'{found[1]}"{settings.site.base_url}{medium.url}"'

        body = _SOURCE.sub(ours, body)
    try:
        return markup.sanitise(body, base=base, own=own)
    except markup.MarkupTooLarge as error:
        raise TooLarge(f"the body is too large or too deep to be cleaned: {error}", line=raw.line) from None


def _base(raw: RawItem, path: PurePosixPath, settings: Settings) -> str:
    """What relative addresses refer to: what the file says, else its own place below the site."""
    for address in (raw.base, raw.link):
        if address and urlsplit(_address(address, "")).netloc:
            return address
    folder, mark, _ = str(path).rpartition("/")
    return f"{settings.site.base_url}/{folder}{mark}"


def _plain(raw: RawItem, name: str) -> str:
    value = getattr(raw, name)
    if name in raw.literal:
        return text.one_line(text.xml_safe(value))
    return markup.plain_line(value)


def _first_block(content: str) -> str:
    end = content.find("</p>")
    return content[: end + 4] if content.startswith("<p>") and end > 0 else ""


def _language(written: str) -> str:
    """A language tag as BCP 47 writes it; empty for what is none."""
    tag = written.strip().replace("_", "-").split(".")[0]
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) else ""


def _section_language(section: str, settings: Settings) -> str:
    while section:
        configured = settings.sections.get(section)
        if configured is not None and configured.language:
            return configured.language
        section = section.rpartition("/")[0]
    return settings.site.language


def _address(written: str, base: str) -> str:
    """An absolute http(s) address, percent-encoded where it must be (RFC 3986 section 2), or nothing."""
    if not (written or base):
        return ""
    try:
        address = urljoin(base, written.strip()) if base else written.strip()
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"[\s<>\"]", parts.netloc):
        return ""
    address = quote(text.xml_safe(address), safe=_RESERVED)
    return address if len(address) <= _MAX_ADDRESS else ""


def _categories(written: Sequence[RawCategory]) -> tuple[Category, ...]:
    """Each tag once, by its slug; in the order and the spelling of its first mention."""
    chosen: dict[tuple[str, str], Category] = {}
    for one in written:
        short = len(one.term) + len(one.label) + len(one.scheme) <= _LONGEST_REMEMBERED
        slug, category = (_category if short else _category.__wrapped__)(one.term, one.label, one.scheme)
        if slug:
            chosen.setdefault((slug, category.scheme), category)
    return tuple(chosen.values())[:_MAX_CATEGORIES]


@functools.lru_cache(maxsize=2048)
def _category(term: str, label: str, scheme: str) -> tuple[str, Category]:
    """A tag and its slug; remembered, for the same ones come again and again."""
    term, label = markup.plain_line(term)[:200], markup.plain_line(label)[:200]
    return text.slug(term), Category(term=term, label=label, scheme=text.one_line(text.xml_safe(scheme))[:200])


def _enclosures(
    written: Sequence[RawMedium], base: str, settings: Settings, media: Mapping[str, Enclosure]
) -> tuple[Enclosure, ...]:
    chosen: dict[str, Enclosure] = {}
    for medium in written:
        own = media.get(medium.url)
        url = _file(medium.url, base, settings, media)
        kind = own.type if own is not None else _media_type(medium.type, url)
        if not url or not kind:
            continue
        enclosure = Enclosure(
            url=url,
            type=kind,
            length=own.length if own is not None else max(medium.length, 0),
            width=own.width if own is not None else max(medium.width, 0),
            height=own.height if own is not None else max(medium.height, 0),
            duration=(own.duration if own is not None else 0) or max(medium.duration, 0),
            alt=markup.plain_line(medium.alt),
            caption=markup.plain_line(medium.caption),
            credit=markup.plain_line(medium.credit),
        )
        chosen.setdefault(url, enclosure)
    return tuple(chosen.values())[:_MAX_ENCLOSURES]


def _file(written: str, base: str, settings: Settings, media: Mapping[str, Enclosure]) -> str:
    """The address of a file that may be our own; that goes without its host, which is no part of what is said."""
    if not written:
        return ""
    own = media.get(written)
    return own.url if own is not None else _address(written, base).removeprefix(settings.site.base_url)


def _media_type(given: str, url: str) -> str:
    """The type that is *given*, else that of the suffix; without either it is taken for a picture."""
    given = given.partition(";")[0].strip().lower()
    if given:
        return given if re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", given) else ""
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    return _TYPES.get(suffix, "image/jpeg")
