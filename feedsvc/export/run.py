"""One round of an export: the addresses to ask, the answers to keep, and what is told of it in the end.

The application is asked as a reader would ask it, at one moment for the whole round. What it answers decides: 200 is a
file, a redirect and a 410 are noted for the web server, anything else is not there.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote
from wsgiref.types import WSGIApplication

from feedsvc import __version__, links
from feedsvc.config import Settings
from feedsvc.errors import ExportError, StoreUnavailable
from feedsvc.export import addresses, front, places
from feedsvc.export.addresses import Routes
from feedsvc.export.asking import Answer, asked
from feedsvc.export.manifest import Known
from feedsvc.export.tree import Sheet, Tree
from feedsvc.links import Links
from feedsvc.publish.archive import has_archive
from feedsvc.publish.cache import DocumentCache
from feedsvc.store.base import ALL, Store, Touched

TRUSTED = timedelta(days=7)
"""How old the last round may be for the next one to begin where it ended; changes are remembered far longer."""
_OWN_FILE = rb"(/(?:media|static)/[A-Za-z0-9_.~%-]+(?:/[A-Za-z0-9_.~%-]+)*(?:\?v=[0-9a-f]+)?)"
_UNKNOWN = {"404.html": "/sections/-", "404.txt": "/feeds/-", "410.txt": "/archive/all/1-aaaaaaaaaa.rss"}
"""Error pages, and addresses at which there is never anything else."""

Progress = Callable[[int], None]


@dataclass(slots=True, kw_only=True)
class Report:
    """What a round did: how many addresses were *asked*, and files *written*, *redated* and *removed*.

    *full* says that all addresses were asked. *kept* are places of ours where somebody else put a file, which stays.
    *reload* says that the web server has to read its settings again. *failed* are addresses that could not be had.
    """

    full: bool = False
    asked: int = 0
    written: int = 0
    redated: int = 0
    removed: int = 0
    redirects: int = 0
    bytes: int = 0
    reload: bool = False
    kept: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def changed(self) -> bool:
        """Whether readers see anything else than before."""
        return bool(self.written or self.redated or self.removed or self.reload)


class Round:
    """One round over *tree* at *now*. Raises StoreUnavailable; what is done by then stays.

    *doubtful* says whether an answer may have been one of before. The next round asks for the same again then.
    """

    def __init__(
        self,
        tree: Tree,
        settings: Settings,
        store: Store,
        cache: DocumentCache,
        application: WSGIApplication,
        routes: Routes,
        *,
        now: datetime,
        progress: Progress | None = None,
        doubtful: Callable[[], bool] = lambda: False,
    ) -> None:
        self._tree, self._settings, self._store, self._cache = tree, settings, store, cache
        self._application, self._routes, self._now = application, routes, now
        self._progress = progress
        self._doubtful = doubtful
        self._links = Links(settings.site.base_url)
        self._manifest = tree.manifest
        self._suffixes = tuple(cache.formats)
        # Absolute, as in feeds, or from the root, as in pages.
        absolute, rooted = (re.escape(one.encode()) for one in (settings.site.base_url.rstrip("/"), self._links.prefix))
        self._own_file = re.compile(rb"(?:" + absolute + rb"|(?<=[\s\"',=(])" + rooted + rb")" + _OWN_FILE)
        self._met: set[str] = set()
        self._number = int(self._manifest.fact("round") or 0) + 1
        self.report = Report()

    def run(self, *, full: bool = False) -> Report:
        """Bring the tree up to date, asking for everything if *full* is set or nothing less will do.

        Raises ExportError where the folder cannot be written.
        """
        try:
            return self._run(full=full)
        except (OSError, sqlite3.Error) as error:
            self._tree.abandon()
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise ExportError(
                f"{self._tree.folder} cannot be written: {reason}; what stands there is whole: make room, export again"
            ) from error
        except BaseException:
            self._tree.abandon()
            raise

    def _run(self, *, full: bool) -> Report:
        mark = self._store.touched("", since=None, now=self._now)
        found = addresses.listing(self._store, self._settings, self._now)
        stamp = _stamp(self._settings, addresses.shape(found), self._routes)
        touched = None if full or self._manifest.fact("stamp") != stamp else self._touched()
        self._manifest.begin()
        self.report.full = touched is None
        if self._manifest.fact("settings") != (settings := _stamp(self._settings, "", self._routes)):
            self._manifest.forget_headers()
            self._manifest.note("settings", settings)
        names: Sequence[str] = sorted(touched.feeds) if touched else self._names(found.by_path)
        self._each(touched.paths if touched else addresses.articles(self._store, self._now))
        self._each(addresses.feeds(names, self._suffixes))
        for page in addresses.lists(names, found):
            self._list(page)
        self._fixed()
        for name in filter(has_archive, names):
            self._archive(name)
        if touched is None:
            self._each(addresses.former(self._settings, found, self._suffixes, self._routes))
        self._sitemaps()
        self._own_files()
        self._errors()
        if touched is None:
            self._sweep()
        self._tree.flush()
        self.report.reload |= front.write(self._tree, self._settings)
        written = self._manifest.fact("articles")
        if touched is None or not written or datetime.fromisoformat(written) <= self._now - front.ARTICLES_EVERY:
            front.write_articles(self._tree, self._links)
            self._manifest.note("articles", self._now.isoformat())
        self._manifest.note("round", str(self._number))
        doubtful = self._doubtful()
        if not (self.report.failed or doubtful):  # else the next round asks for the same once more
            self._manifest.note("stamp", stamp)
            self._manifest.note("mark", mark.mark if mark else "0-0")
            self._manifest.note("at", self._now.isoformat())
        self._manifest.commit()
        if doubtful:
            raise StoreUnavailable("the store did not answer for a while: what is exported may be old; export again")
        self.report.redirects = len(self._manifest.moved())
        return self.report

    def _touched(self) -> Touched | None:
        """What changed since the last round; None where that is not known."""
        at = self._manifest.fact("at")
        since = datetime.fromisoformat(at) if at else None
        if since is None or not since <= self._now < since + TRUSTED:
            return None
        return self._store.touched(self._manifest.fact("mark"), since=since, now=self._now)

    def _names(self, sections: Iterable[str]) -> list[str]:
        return list(dict.fromkeys((ALL, *self._settings.sections, *sections, *self._store.names())))

    # ------------------------------------------------------------------ kinds of addresses
    def _each(self, found: Iterable[str]) -> None:
        for address in found:
            self._take(address)

    def _fixed(self) -> None:
        self._each(self._routes.fixed)

    def _list(self, page: str) -> None:
        """All pages of a list: as many as there are."""
        number = 1
        while self._take(links.numbered(page, number)) == 200:
            number += 1
        for known in self._manifest.files(f"{page}?page="):
            written = known.address.rpartition("=")[2]
            if int(written) >= number:
                self._remove(known)

    def _archive(self, name: str) -> None:
        """The pages of an archive. One that is there is right: another one would stand at another address."""
        found = self._cache.archive(name)
        pages = () if found is None else found[2].pages
        full = 0 if found is None else found[2].full
        standing: set[str] = set()
        for page in pages:
            for suffix in self._suffixes:
                address = links.archive(name, page.mark, suffix)
                number = links.archive(name, str(page.number), suffix)
                standing |= {address, number}
                known = self._manifest.file(address)
                if known is None or not self._tree.stands(known) or page.number >= full:
                    self._take(address)
                    self._take(number)
                else:
                    self._meet(address)
                    self._meet(number)
        if pages:
            # The newest full page names the one that will come after it.
            for suffix in self._suffixes:
                number = links.archive(name, str(len(pages) + 1), suffix)
                standing.add(number)
                self._take(number)
        prefix = links.archive(name, "", "").rstrip(".")
        for known in self._manifest.files(prefix):
            if known.address not in standing and "/" not in known.address[len(prefix) :]:
                self._remove(known)
        for address, _, _ in self._manifest.moved(prefix):
            if address not in standing and "/" not in address[len(prefix) :]:
                self._manifest.unmove(address)

    def _sitemaps(self) -> None:
        known = self._manifest.file(links.sitemap())
        body = (self._tree.folder / known.place).read_bytes() if known and self._tree.stands(known) else b""
        self._tree.flush()
        if not body or links.sitemap() in self._met:
            with asked(self._application, links.sitemap()) as answer:
                body = answer.body()
        named = addresses.located(body, self._links)
        self._each(named)
        for one in self._manifest.files("/sitemaps/"):
            if one.address not in named:
                self._remove(one)

    def _own_files(self) -> None:
        """The pictures, sounds and style sheets that documents name, and no others."""
        self._tree.flush()
        wanted = self._manifest.wanted()
        for address in wanted:
            known = self._manifest.file(address)
            if known is None or not self._tree.stands(known):
                self._take(address)
            else:
                self._meet(address)
        for known in self._manifest.files("/media/"):
            if known.address not in wanted:
                self._remove(known)

    def _errors(self) -> None:
        for name, address in _UNKNOWN.items():
            with asked(self._application, address) as answer:
                if name.startswith(str(answer.status)):
                    self._error(name, answer)

    def _error(self, name: str, answer: Answer) -> None:
        self._tree.text(f"errors/{name}", answer.body())
        self._hear(f"errors/{name}", front.told(answer.headers))

    def _hear(self, kind: str, headers: Mapping[str, str]) -> None:
        """Note the *headers* of what is of that *kind*."""
        for name, value in headers.items():
            self._manifest.header(kind, name, value)

    def _sweep(self) -> None:
        """After all addresses were asked: what was not met is no more."""
        for known in self._manifest.files(before=self._number):
            self._remove(known)
        for address, _, _ in self._manifest.moved(before=self._number):
            self._manifest.unmove(address)

    # ------------------------------------------------------------------ one address
    def _meet(self, address: str) -> None:
        self._met.add(address)
        self._manifest.seen(address, self._number)

    def _take(self, address: str) -> int:
        """Ask for *address* and keep what is answered; its status."""
        if address in self._met:
            return 0
        self._met.add(address)
        self.report.asked += 1
        if self._progress is not None:
            self._progress(self.report.asked)
        with asked(self._application, address) as answer:
            status = answer.status
            if status >= 500:
                self.report.failed.append(address)
                self._manifest.seen(address, self._number)
                return status
            if not answer.lasting:
                return status
            key = places.article_key(address)
            if key:
                self._tree.mark(places.gone(key), there=status == 410)
            if status == 410 and answer.headers.get("content-type", "").startswith("text/html"):
                self._error("410.html", answer)
            if status in (301, 302, 303, 307, 308):
                self._manifest.move(address, status, answer.headers["location"], self._number)
                self._hear(f"moved/{status}", front.told(answer.headers))
            else:
                self._manifest.unmove(address)
            if status == 200:
                self._keep(address, answer)
            else:
                known = self._manifest.file(address)
                if known is not None:
                    self._remove(known)
        return status

    def _keep(self, address: str, answer: Answer) -> None:
        media_type = answer.headers.get("content-type", "application/octet-stream")
        place = places.place(address, html=media_type.startswith("text/html"))
        known = self._manifest.file(address)
        if known is not None and known.place != place:
            self._remove(known)
            known = None
        if not place or (known is None and self._taken(address, place)):
            self.report.kept.append(place or unquote(address))
            return
        self._hear(front.kind(address, self._settings), front.told(answer.headers))
        self._hear("feeds", front.link(answer.headers, address, self._links))
        if "?" in address and address.startswith("/static/"):
            self._meet(address)  # the same file as without the query, but for how long it may be kept
            return
        if address.startswith("/media/"):
            draft, digest, size = self._tree.draft(answer.chunks)
        else:
            body = answer.body()
            digest, size = hashlib.sha256(body).hexdigest(), len(body)
            if known is not None and known.sha256 == digest and known.place == place and self._tree.stands(known):
                self._unchanged(known, answer)
                return
            draft = self._tree.draft([body])[0]
            self._manifest.name(address, [found.decode() for found in self._own_file.findall(body)])
        modified = answer.modified
        mtime = modified or int(self._now.timestamp())
        if known is not None and known.sha256 and known.mtime == mtime:
            mtime += 1  # another text stood there in the same second: no reader may take the two for one
        drafts = {"": draft, **self._coded(address)}
        self._tree.add(
            Sheet(
                known=Known(
                    address=address, place=place, sha256=digest, size=size, modified=modified, mtime=mtime,
                    type=media_type, codings=tuple(coding for coding in drafts if coding), round=self._number,
                ),
                drafts=drafts,
            )
        )  # fmt: skip
        self.report.written += 1
        self.report.bytes += size

    def _coded(self, address: str) -> dict[str, Path]:
        """Drafts of the compressed forms in which *address* is answered, by their coding."""
        drafts: dict[str, Path] = {}
        for coding in places.FORMS:
            with asked(self._application, address, coding=coding) as coded:
                if coded.headers.get("content-encoding") == coding:
                    drafts[coding] = self._tree.draft(coded.chunks)[0]
        return drafts

    def _taken(self, address: str, place: str) -> bool:
        """Whether something lies at *place* that is not ours."""
        return "?" not in address and self._tree.foreign(place)

    def _unchanged(self, known: Known, answer: Answer) -> None:
        if answer.modified and answer.modified != known.modified:
            # What got a second more than its document tells keeps it.
            mtime = known.mtime if 0 <= known.mtime - answer.modified <= 1 else answer.modified
            redated = known._replace(modified=answer.modified, mtime=mtime, round=self._number)
            if mtime != known.mtime:
                self._tree.redate(redated)
                self.report.redated += 1
            self._manifest.put(redated)
        else:
            self._manifest.seen(known.address, self._number)

    def _remove(self, known: Known) -> None:
        self._tree.flush()
        if self._tree.remove(known):
            self.report.removed += 1
        else:
            self.report.kept.append(known.place)
        self._manifest.drop(known.address)


def _stamp(settings: Settings, shape: str, routes: Routes) -> str:
    """What all documents depend on besides articles."""
    told = (__version__, settings.model_dump(exclude={"server", "store"}), shape, routes)
    return hashlib.sha256(repr(told).encode()).hexdigest()
