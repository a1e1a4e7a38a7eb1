"""The head of a page, and the same lines before a fragment: ``<meta>``, ``<link>``, ``<title>``, ``<html lang>``.

A key is matched without regard to case, punctuation and how it is given, so ``article:published_time`` in
``property``, ``article.published_time`` in ``name`` and ``itemprop`` are one; a ``property`` may hold several keys,
parted by spaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from feedsvc.formats.base import RawAuthor, RawMedium
from feedsvc.formats.html.clues import Clue, Clues
from feedsvc.formats.html.numbers import pixels
from feedsvc.formats.html.people import add_author, is_address
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_MOST = 2_000

_FIELDS: Mapping[str, str] = {
    # field -> keys, best first
    "title.dc": "dctitle dctermstitle dctermtitle rnewsheadline",
    "title.og": "ogtitle",
    "title.meta": "headline title citationtitle parselytitle sailthrutitle twittertitle eprintstitle bttitle",
    "published": (
        "articlepublishedtime publishedtime ogarticlepublishedtime ogpublishedtime articlepublished datepublished "
        "rnewsdatepublished publisheddate publishdate publicationdate pubdate publishtime parselypubdate sailthrudate "
        "iso8601publishdate originalpublicationdate articledateoriginal articlepublicationdate vrpublishedtime "
        "cxenseparserecspublishtime cxenseparsepublishtime btpubdate displaydate dcdateissued dctermsissued "
        "dcdatecreated dctermscreated dcdate dctermsdate dctermsavailable citationpublicationdate citationdate "
        "citationonlinedate date datecreated createdat creationdate created releasedate ptime pdate articlecreated "
        "eprintsdate published"
    ),
    "updated": (
        "articlemodifiedtime modifiedtime ogarticlemodifiedtime ogupdatedtime articleupdated articlemodified "
        "datemodified rnewsdatemodified dcdatemodified dctermsmodified lastmodified modified updated dateupdated "
        "lastupdated lastmod revised moddate updatedtime"
    ),
    "expires": "expires articleexpirationtime expiry expirydate expirationdate dctermsvalid unavailableafter",
    "embargo": "embargo embargoed embargountil embargoeduntil embargodate dctermsembargo releaseat",
    "standfirst": "standfirst subtitle subheadline deck dek",
    "summary": (
        "dcdescription dctermsdescription dctermdescription ogdescription description summary abstract excerpt "
        "dctermsabstract citationabstract twitterdescription sailthrudescription"
    ),
    "section": "articlesection section category sailthrusection parselysection cxenseparsesection dcsubjectsection",
    "crumbs.line": "crumbs breadcrumb breadcrumbs",
    "language": "language lang contentlanguage dclanguage dctermslanguage ogarticlelanguage inlanguage",
    "locale": "oglocale",
    "rights": "rights dcrights dctermsrights copyright dctermsrightsholder",
    "id": "id guid",
    "status": "status pubstatus articlestatus",
    "version": "version revision",
    "urgency": "urgency priority",
    "slug": "slug",
    "agency": "agency wire",
    "dateline": "dateline place",
    "byline": "byline byl",
    "site": "ogsitename applicationname citationjournaltitle",
    "publisher": "dcpublisher dctermspublisher citationpublisher",
    "kind": "ogtype",
}
_AUTHORS = (
    *("dccreator", "dctermscreator", "dctermcreator", "author", "authors", "parselyauthor", "sailthruauthor"),
    *("articleauthorname", "citationauthor", "articleauthor", "bylauthor", "btauthor", "dccontributor"),
)
_TAGS = ("articletag tag tags", "newskeywords", "keywords", "parselytags sailthrutags", "dcsubject dctermssubject")
_NEVER = re.compile(r"(?:-?[0-9]{1,4}|never|no-?cache|none|no|false)", re.IGNORECASE)
_UNAVAILABLE = re.compile(r"unavailable_after:\s*(.{6,60})", re.IGNORECASE)
_NO_PICTURE = re.compile(r"(?:logo|placeholder|favicon|default|blank|spacer|sprite)(?![a-z])", re.IGNORECASE)


def entries(root: HtmlElement) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Every ``<meta>`` with content: bare key -> (value, key as written); those with ``property`` come first."""
    ranked: list[tuple[int, str, str]] = []
    for meta in root.iter("meta"):
        content = one_line((meta.get("content") or meta.get("value") or "")[:10_000])
        if not content or len(ranked) >= _MOST:
            continue
        for rank, attribute in enumerate(("property", "name", "itemprop")):
            # In the body a property is one of an item, which may be a teaser: see microdata.
            if attribute != "itemprop" or not any(up.tag == "body" for up in meta.iterancestors()):
                ranked += [(rank, key, content) for key in (meta.get(attribute) or "")[:500].split()]
        if (meta.get("http-equiv") or "").lower() == "content-language":
            ranked.append((3, "content-language", content))
    found: dict[str, list[tuple[str, str]]] = {}
    for _, key, content in sorted(ranked, key=lambda entry: entry[0]):
        found.setdefault(_PUNCTUATION.sub("", key.lower()), []).append((content, key))
    return found


def read(root: HtmlElement) -> Clues:
    """What the head says."""
    clues = Clues()
    found = entries(root)
    # Before the metadata, where "English" and "text/html" are met as languages.
    lang = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    clues.add("language", lang, "html lang")
    for name, keys in _FIELDS.items():
        for key in keys.split():
            for value, written in found.get(key, ()):
                clues.add(name, value, f"meta {written}")
    _states(clues, found)
    _limits(clues)
    _people(clues, found)
    for keys in _TAGS:
        for key in keys.split():
            for value, written in found.get(key, ()):
                clues.add("tag" if keys.startswith("articletag") else "tag.more", value, f"meta {written}")
    _media(clues, found)
    _links(clues, root, found)
    for title in root.iter("title"):
        # The first alone: those further down belong to drawings.
        clues.add("title.element", title.text_content(), "title")
        break
    return clues


def _states(clues: Clues, found: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """``draft`` and ``published`` as switches, which hide an article as a status does."""
    for value, written in found.get("draft", ()):
        if value.casefold() in {"true", "yes", "1"}:
            clues.values.setdefault("status", []).insert(0, _clue("draft", written))
    for value, written in found.get("published", ()):
        if value.casefold() in {"false", "no", "0"}:
            clues.values.setdefault("status", []).insert(0, _clue("withheld", written))
    for key in ("robots", "googlebot"):
        for value, written in found.get(key, ()):
            limit = _UNAVAILABLE.search(value)
            if limit is not None:
                clues.add("expires", limit.group(1), f"meta {written}")


def _clue(value: str, written: str) -> Clue:
    return Clue(value, f"meta {written}")


def _limits(clues: Clues) -> None:
    """Take out ``expires: never``, which is for caches; any other is passed on, to be reported and not forgotten."""
    for name in ("expires", "embargo"):
        clues.values[name] = [clue for clue in clues.all(name) if not _NEVER.fullmatch(clue.value)]


def _people(clues: Clues, found: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    outlets = {clue.value.casefold() for name in ("site", "publisher") for clue in clues.all(name)}
    for key in _AUTHORS:
        for value, written in found.get(key, ()):
            if value.casefold() not in outlets and not is_address(value):
                add_author(clues, RawAuthor(name=value), f"meta {written}")
        if clues.authors:
            return


def _media(clues: Clues, found: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    def value(*keys: str) -> str:
        return next((found[key][0][0] for key in keys if key in found), "")

    for keys in (
        ("ogimage", "ogimageurl", "ogimagesecureurl"),
        ("image", "thumbnail"),
        ("twitterimage", "twitterimagesrc"),
    ):
        key = next((key for key in keys if key in found), "")
        if not key:
            continue
        url, written = found[key][0]
        if _NO_PICTURE.search(url.rsplit("/", 1)[-1]):
            continue
        family = "twitterimage" if key.startswith("twitter") else "ogimage" if key.startswith("og") else "image"
        medium = RawMedium(
            url=url,
            type=value(f"{family}type") or "image",
            width=pixels(value(f"{family}width")),
            height=pixels(value(f"{family}height")),
            alt=value(f"{family}alt", "imagealt"),
            caption=value("imagecaption"),
            credit=value("imagecredit"),
        )
        clues.media.append((medium, f"meta {written}"))
        break
    for kind in ("video", "audio"):
        url = value(f"og{kind}secureurl", f"og{kind}url", f"og{kind}")
        declared = value(f"og{kind}type")
        if url and declared.startswith(f"{kind}/"):
            medium = RawMedium(
                url=url, type=declared, width=pixels(value(f"og{kind}width")), height=pixels(value(f"og{kind}height"))
            )
            clues.media.append((medium, f"meta og:{kind}"))


def _links(clues: Clues, root: HtmlElement, found: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    for link in root.iter("link"):
        rels = (link.get("rel") or "").lower().split()
        href = (link.get("href") or "").strip()
        if "canonical" in rels:
            clues.add("link", href, "link canonical")
        elif "license" in rels:
            clues.add("rights.license", href, "link license")
    for key in ("canonical", "canonicalurl", "ogurl", "parselylink", "citationpublichtmlurl", "twitterurl"):
        for value, written in found.get(key, ()):
            clues.add("link", value, f"meta {written}")
    for base in root.iter("base"):
        clues.add("base", base.get("href"), "base href")
