"""Moving in: a WordPress export of any size -> one file for each entry below ``content/``.

The files are JSON of our own, with the ids of the export, so that an entry has the same id whether its export is
dropped whole or taken apart here. Run again over a newer export, only what changed there is written; what was edited
here stays.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from feedsvc import dates, links, text
from feedsvc.config import Settings
from feedsvc.errors import ContentError, FeedsvcError
from feedsvc.formats.base import RawItem, RawMedium
from feedsvc.formats.wordpress.format import entries, read_site
from feedsvc.formats.wordpress.site import Site, fate, own, wp
from feedsvc.formats.xmlbytes import text_of
from feedsvc.normalise.identity import own_id

if TYPE_CHECKING:
    from lxml import etree

_MARK = "written_by"
_OURS = "feedsvc import"
_NAMED = re.compile(r"-(\d{1,12})\.json$")
_SOURCE = re.compile(r"""(\bsrc\s*=\s*["'])(https?://[^"'<>]{1,1000})(["'])""", re.IGNORECASE)
_LINKED_PICTURE = re.compile(
    r"""<a\s[^<>]{0,1000}?href\s*=\s*["'](https?://[^"'<>]{1,1000})["'][^<>]{0,500}>\s*(<img\s[^<>]{1,4000}>)\s*</a>""",
    re.IGNORECASE,
)
_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z]{3,4}$)|-scaled(?=\.[A-Za-z]{3,4}$)")
_UNQUOTED = re.compile(r"[\\\"\s$;{}]")
_UPLOADS = "/wp-content/uploads/"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An entry of which no file was written, and *why*: ``draft``, ``page``, ``edited here`` …"""

    link: str
    title: str
    why: str


@dataclass(slots=True, kw_only=True)
class Report:
    """What became of an export. *outcomes* counts entries: new, changed, unchanged, and the reasons for the rest."""

    outcomes: Counter[str] = field(default_factory=Counter)
    left_out: list[LeftOut] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    pictures: int = 0
    missing_pictures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def written(self) -> int:
        """How many files are new or changed."""
        return self.outcomes["new"] + self.outcomes["changed"]


_QUIET = frozenset({
    "attachment", "revision", "auto-draft", "nav_menu_item", "wp_block", "wp_template", "wp_template_part",
    "wp_global_styles", "wp_navigation", "custom_css", "customize_changeset", "oembed_cache",
})  # fmt: skip
"""Entries that never were pages of the site: they are counted, and not listed one by one."""


class MoveIn:
    """Takes one export apart, which may lie in several files.

    *into* is a folder below the content folder, "" for that itself. *uploads* is where the files of
    ``wp-content/uploads`` lie, below the content folder; empty where they do not.
    With *pages* the site's pages become articles as well; without *keep_links* former addresses are left out.
    Nothing is written where *dry* is True.
    """

    def __init__(
        self,
        export: Sequence[Path],
        settings: Settings,
        *,
        into: str = "",
        uploads: str = "",
        pages: bool = False,
        keep_links: bool = True,
        dry: bool = False,
    ) -> None:
        self._export = tuple(export)
        self._settings = settings
        self._root = _below(settings.content.path, into, "--into")
        self._uploads = uploads.strip("/")
        if uploads and not _below(settings.content.path, uploads, "--uploads").is_dir():
            raise FeedsvcError(
                f"there is no folder {uploads!r} below {settings.content.path}; copy wp-content/uploads there first"
            )
        self._types = ("post", "page") if pages else ("post",)
        self._keep_links = keep_links
        self._dry = dry
        self._report = Report()
        self._site = Site()
        self._known: Mapping[str, list[Path]] = {}

    def run(self, *, progress: Callable[[int, int], None] | None = None) -> Report:
        """Write what is new or changed. *progress* is told how many of how many entries were read.

        Raises ParseError for what is no export, FeedsvcError where a file cannot be written.
        """
        try:
            self._site, count = read_site(self._export)
            self._known = self._written()
            seen: set[str] = set()
            for number, entry in enumerate(entries(self._export), start=1):
                self._entry(entry, seen)
                if progress is not None and (number % 50 == 0 or number == count):
                    progress(number, count)
        except OSError as error:
            raise FeedsvcError(f"{error.filename or self._export[0]}: {error.strerror}") from None
        return self._report

    def _entry(self, entry: etree._Element, seen: set[str]) -> None:
        why = fate(entry, types=self._types)
        if why:
            self._leave(entry, why, here=self._written_before(entry, text_of(own(entry, "guid"))))
            return
        try:
            item = self._site.article(entry)
        except ContentError:
            self._leave(entry, "no text")
            return
        if not item.id or item.id in seen:
            self._leave(entry, "the same guid twice" if item.id else "no guid")
            return
        seen.add(item.id)
        local = self._localised(item)
        content = _as_json(local if self._keep_links else replace(local, link="", base=item.link))
        path = self._path(entry, item)
        self._redirect(item)
        self._report.notes += [f"{item.link or item.id}: {note}" for note in item.notes]
        self._write(entry, path, content)

    def _leave(self, entry: etree._Element, why: str, *, here: Path | None = None) -> None:
        self._report.outcomes[why] += 1
        if here is not None:
            why = f"{why}, but {here.relative_to(self._settings.content.path.resolve())} is still here"
        if why not in _QUIET:
            link = next((one.text or "" for one in entry if one.tag in ("link", "guid")), "")
            title = next((one.text or "" for one in entry if one.tag == "title"), "")
            self._report.left_out.append(LeftOut(link=link.strip(), title=text.one_line(title), why=why))

    # ------------------------------------------------------------------ files
    def _written(self) -> dict[str, list[Path]]:
        """The files that may have been written before, by the number of the entry in their name."""
        found: dict[str, list[Path]] = {}
        for path in self._root.rglob("*.json") if self._root.is_dir() else ():
            if number := _NAMED.search(path.name):
                found.setdefault(number[1], []).append(path)
        return found

    def _path(self, entry: etree._Element, item: RawItem) -> Path:
        """Where the entry was written before, else its year, month, name and number."""
        before = self._written_before(entry, item.id)
        if before is not None:
            return before
        day = item.published[:7]
        folder = day.replace("-", "/") if re.fullmatch(r"\d{4}-\d\d", day) else "undated"
        # Left out of addresses by the folder rules: a year and a month name no section.
        name = text.slug(unquote(item.slug) or item.title, limit=60)
        return (
            self._root / (folder if folder != "undated" else "") / f"{name or 'entry'}-{_number(entry, item.id)}.json"
        )

    def _written_before(self, entry: etree._Element, guid: str) -> Path | None:
        """The file of the entry with that *guid*, wherever it was moved; None where there is none."""
        known = self._known.get(_number(entry, guid), ())
        return next((path for path in known if _load(path).get("guid") == guid), None)

    def _write(self, entry: etree._Element, path: Path, content: dict[str, Any]) -> None:
        content[_MARK] = f"{_OURS} {_digest(content)}"
        before = _load(path) if path.exists() else {}
        if before == content:
            self._report.outcomes["unchanged"] += 1
            return
        if before and before.get(_MARK) != f"{_OURS} {_digest(before)}":
            self._leave(entry, "edited here")
            return
        self._report.outcomes["changed" if before else "new"] += 1
        if self._dry:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # A hidden name is never read; the rename makes the file complete at once.
        hidden = path.with_name(f".{path.name}.tmp")
        hidden.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        hidden.replace(path)

    # ------------------------------------------------------------------ addresses
    def _localised(self, item: RawItem) -> RawItem:
        """*item* with the pictures of the former site as files below the content folder, where they lie there."""
        if not self._uploads:
            return item

        def source(found: re.Match[str]) -> str:
            return f"{found[1]}{html.escape(self._local(html.unescape(found[2])))}{found[3]}"

        def linked(found: re.Match[str]) -> str:
            return found[2] if self._local(html.unescape(found[1]), count=False).startswith("/") else found[0]

        body = _SOURCE.sub(source, _LINKED_PICTURE.sub(linked, item.body))
        media = tuple(replace(one, url=self._local(one.url)) for one in item.media)
        return replace(item, body=body, media=media)

    def _local(self, address: str, *, count: bool = True) -> str:
        """The path of an upload below the content folder, in its full size; *address* where it is not there."""
        _, found, rest = urlsplit(address).path.partition(_UPLOADS)
        if not found:
            return address
        rest = unquote(rest)
        folder = self._settings.content.path / self._uploads
        for name in dict.fromkeys((_SIZE.sub("", rest), rest)):
            if ".." not in name.split("/") and (folder / name).is_file():
                self._report.pictures += count
                return f"/{self._uploads}/{name}"
        if count:
            self._report.missing_pictures.append(rest)
        return address

    def _redirect(self, item: RawItem) -> None:
        """Note where the former address of an entry leads now. Only the key in ours is looked up."""
        old = urlsplit(item.link)
        path = old.path + (f"?{old.query}" if old.query else "")
        stamp = dates.parse(item.published)
        if len(path) > 1 and stamp is not None:
            article_id = own_id(item.id, authority=self._settings.site.authority)
            slug = text.slug(unquote(item.slug) or item.title, limit=80)
            day = re.match(r"(\d{4})-(\d\d)-(\d\d)", item.published)
            if day:
                new = links.article(date(int(day[1]), int(day[2]), int(day[3])), slug, links.key(article_id))
                self._report.redirects[path] = self._settings.site.base_url.rstrip("/") + new


def redirect_lines(redirects: Mapping[str, str]) -> Iterator[str]:
    """*redirects* as a ``map`` of nginx: a line for each former address, quoted."""
    for old, new in redirects.items():
        quoted = _UNQUOTED.sub(lambda found: f"%{ord(found[0]):02X}", old)
        yield f'"{quoted}" "{new}";'


def _below(root: Path, folder: str, option: str) -> Path:
    path = (root / folder).resolve()
    if not path.is_relative_to(root.resolve()):
        raise FeedsvcError(f"{option} {folder!r} does not lie below the content folder {root}")
    return path


def _number(entry: etree._Element, guid: str) -> str:
    return re.sub(r"\D", "", wp(entry, "post_id"))[:12] or hashlib.sha256(guid.encode()).hexdigest()[:8]


def _load(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {"unreadable": True}
    return found if isinstance(found, dict) else {"unreadable": True}


def _digest(content: Mapping[str, Any]) -> str:
    said = {name: value for name, value in content.items() if name != _MARK}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _as_json(item: RawItem) -> dict[str, Any]:
    """*item* under the names that our JSON format reads."""
    pictures = [one for one in item.media if not one.type.startswith(("audio/", "video/"))]
    content = {
        "guid": item.id,
        "title": item.title,
        "date": item.published,
        "lastmod": item.updated,
        "embargo": item.embargo,
        "authors": [author.name for author in item.authors],
        "sections": list(item.sections),
        "tags": [tag.term for tag in item.categories],
        "slug": unquote(item.slug),
        "summary": item.summary,
        "language": item.language,
        "link": item.link,
        "base": item.base if item.base != item.link else "",
        "images": [_medium(one) for one in pictures],
        "enclosures": [_medium(one) for one in item.media if one not in pictures],
        "body_html": item.body,
    }
    return {name: value for name, value in content.items() if value}


def _medium(medium: RawMedium) -> dict[str, Any]:
    said = {
        "url": medium.url,
        "type": medium.type,
        "length": medium.length,
        "duration": medium.duration,
        "alt": medium.alt,
        "caption": medium.caption,
    }
    return {name: value for name, value in said.items() if value}
