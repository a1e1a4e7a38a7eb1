"""What nginx serves of an export is what the service answers, at every address."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

import pytest
from deploy.conftest import DEPLOY, ask, fill
from e2e.articles import markdown
from e2e.newsroom import Answer, Newsroom, Service, _clean_environment, free_port, until
from tools import Nginx, brotli, lacking, program, serving, tied

from feedsvc.store.opening import open_store

OWN = ("etag", "date", "server", "connection", "accept-ranges", "content-length", "last-modified", "cache-control")
"""Headers in which the two may differ, or that are compared by themselves."""

PLAINER = ("/media", "/static", "/sitemaps", "/.feedsvc", "/feeds/all.rss.")
"""Where nothing stands, nginx says so with the page for all such addresses."""


def configuration(folder: Path, port: int) -> str:
    found = (DEPLOY / "nginx-static.conf").read_text().replace("/srv/feedsvc/site", str(folder))
    found = found.replace("listen 80;", f"listen 127.0.0.1:{port};")
    return found.replace("# brotli_static on;", "brotli_static on;") if brotli() else found


def addresses(site: Path) -> list[str]:
    with closing(sqlite3.connect(site / ".feedsvc" / "manifest.db")) as record:
        files = [row[0] for row in record.execute("SELECT address FROM files")]
        moved = [row[0] for row in record.execute("SELECT address FROM moved")]
    return sorted({*files, *moved})


class Both:
    """The service and nginx side by side."""

    def __init__(self, newsroom: Newsroom, service: Service, site: Path, port: int) -> None:
        self.newsroom, self.service, self.site, self.port = newsroom, service, site, port

    def export(self, *arguments: str) -> dict[str, object]:
        done = self.newsroom.command("export", str(self.site), "--json", *arguments)
        assert done.returncode == 0, done.stderr.decode()
        found: dict[str, object] = json.loads(done.stdout)
        return found

    def pair(self, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> tuple[Answer, Answer]:
        return (
            ask(self.service.port, path, headers, method=method),
            ask(self.port, path, headers, method=method),
        )

    def same(self, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
        """Hold both answers against each other; answers that of nginx."""
        ours, theirs = self.pair(path, headers, method)
        assert theirs.status == ours.status, path
        if ours.status in (307, 308):
            assert theirs.headers["location"] == ours.headers["location"], path
            if ours.status == 308:  # the others live as long as the feed that they lead to
                assert theirs.headers.get("cache-control") == ours.headers.get("cache-control"), path
            return theirs
        assert theirs.body == ours.body, path
        kept = {name: value for name, value in ours.headers.items() if name not in OWN}
        if "content-encoding" not in theirs.headers and path.startswith("/media/"):
            kept.pop("vary", None)
        assert {name: value for name, value in theirs.headers.items() if name not in OWN} == kept, path
        if method == "GET":
            assert theirs.headers["content-length"] == str(len(theirs.body)), path
        if "last-modified" in ours.headers:
            assert theirs.headers["last-modified"] == ours.headers["last-modified"], path
        assert theirs.headers.get("cache-control") == ours.headers.get("cache-control"), path
        return theirs


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    program("nginx")
    with Newsroom(tmp_path_factory.mktemp("room")) as newsroom:
        fill(newsroom)
        service = newsroom.start().wait_ingesting()
        service.wait_for("Picture", "Gone", "Taken", "Паром вернулся")
        page = service.page_of("Taken")
        assert newsroom.command("takedown", page, "--reason", "a test").returncode == 0
        (newsroom.content / "town" / "gone.md").unlink()
        service.everywhere(lambda: not {"Gone", "Taken"} & service.items().keys())
        until(lambda: "last-modified" in service.feed("all").headers)
        site, port = newsroom.root / "site", free_port()
        made = Both(newsroom, service, site, port)
        service.wait_counted()
        assert made.export()["full"]
        with serving(newsroom.root / "nginx", configuration(site, port), port):
            yield made


def calm(both: Both, path: str, headers: dict[str, str] | None = None) -> None:
    """Withdrawals keep caches from serving what is stale for an hour; files know nothing of the hour."""
    ours, theirs = both.pair(path, headers)
    assert ours.headers["cache-control"].split(", stale")[0] == theirs.headers["cache-control"].split(", stale")[0]


def test_every_address_in_every_form(both: Both) -> None:
    found = addresses(both.site)
    kinds = {address.split("/")[1] for address in found}
    assert {"feeds", "archive", "articles", "sections", "tags", "authors", "media", "static", "sitemaps"} <= kinds
    assert len(found) > 150
    for address in found:
        for coding in ("identity", "gzip", *(["br"] if brotli() else [])):
            if address.startswith("/feeds/") and (both.site / unquote(address)[1:]).exists():
                _hold(both, address, {"Accept-Encoding": coding})
            else:
                both.same(address, {"Accept-Encoding": coding})


def _hold(both: Both, address: str, headers: dict[str, str]) -> None:
    ours, theirs = both.pair(address, headers)
    assert (theirs.status, theirs.body) == (ours.status, ours.body), address
    for name in ("content-type", "content-encoding", "vary", "link", "location", "last-modified"):
        assert theirs.headers.get(name) == ours.headers.get(name), (address, name)
    for name in ("access-control-allow-origin", "access-control-expose-headers", "x-content-type-options"):
        assert theirs.headers.get(name) == ours.headers.get(name), (address, name)
    if ours.status == 200:
        calm(both, address)


def test_no_address_of_the_service_is_missing(both: Both) -> None:
    """Everything that pages and feeds link to is there."""
    found = set()
    for address in addresses(both.site):
        answer = ask(both.port, address)
        for link in re.findall(rb'(?:href|src|url)="([^"]+)"', answer.body):
            path = link.decode().replace("&amp;", "&").removeprefix(both.newsroom.base_url)
            if path.startswith("/"):
                found.add(path)
    assert len(found) > 70
    wrong = [path for path in sorted(found) if ask(both.port, path).status != both.service.get(path).status]
    assert not wrong


ADDRESSES = (
    "/", "/?page=2", "/?page=9", "/index.html", "/index.2.html", "/sections/town?page=2",
    "/sections/town?page=0002", "/sections/town?page=x",
    "/sections/town?page=99", "/sections/town.html", "/sections/town.2.html", "/sections/none", "/nothing/at/all",
    "/feeds/none.rss", "/feeds/all.xml", "/feeds/village.rss", "/feeds/all.rss?x=1", "/feeds/all.rss.gz",
    "/sections/village", "/sections/village/harbour", "/sections/old/parish", "/town/feed", "/town/index.xml",
    "/town/harbour/feed/", "/rss", "/feed", "/atom.xml", "/feed.json", "/favicon.ico", "/sections",
    "/archive/all/1.rss", "/archive/all/9.rss", "/archive/all/1-aaaaaaaaaa.rss", "/archive/none/1-aaaaaaaaaa.rss",
    "/archive/all/9-aaaaaaaaaa.rss", "/archive/none/1.rss", "/.feedsvc/manifest.db", "/.feedsvc/errors/404.html",
    "/articles/aaaaaaaa", "/articles/2026/01/01/-aaaaaaaa", "/tags/none", "/media/none/x.png",
    "/static/site.css", "/static/none.css", "/robots.txt", "/sitemaps/7.xml",
)  # fmt: skip
"""Lists, files by their own names, former habits, and what is nowhere."""


def test_single_addresses(both: Both) -> None:
    for path in ADDRESSES:
        ours, theirs = both.pair(path)
        assert theirs.status == ours.status, path
        assert theirs.headers.get("location") == ours.headers.get("location"), path
        if ours.status == 200:
            assert theirs.body == ours.body, path
        if ours.status in (404, 410) and not path.startswith(PLAINER):
            assert theirs.body == ours.body, path
            assert theirs.headers["content-type"] == ours.headers["content-type"], path
            assert theirs.headers.get("cache-control") == ours.headers.get("cache-control"), path


def test_articles_by_any_day_and_slug(both: Both) -> None:
    page = both.service.page_of("Lamp 3")
    key = page.rpartition("-")[2]
    for other in (f"/articles/{key}", f"/articles/1999/01/01/other-{key}", f"{page}/", f"/articles/x/y-{key}"):
        assert both.same(other).status == 308
    long = both.service.page_of("漁" * 90)
    assert both.same(long).status == 200


def test_what_was_withdrawn_is_gone(both: Both) -> None:
    with closing(sqlite3.connect(both.newsroom.store)) as store:
        rows = store.execute(
            "SELECT day, slug, key FROM articles WHERE source IN ('town/gone.md', 'town/taken.md')"
        ).fetchall()
    assert len(rows) == 2
    for day, slug, key in rows:
        path = f"/articles/{day.replace('-', '/')}/{slug}-{key}"
        assert both.same(path).status == 410
        assert both.same(f"/articles/{key}").status == 410
    with closing(sqlite3.connect(both.newsroom.store)) as store:
        (later,) = store.execute("SELECT key FROM articles WHERE source = 'town/later.md'").fetchone()
    assert both.same(f"/articles/{later}").status == 404


def test_heads_conditions_and_ranges(both: Both) -> None:
    for path in ("/", "/feeds/town.atom", "/sections/town", "/robots.txt"):
        ours, theirs = both.pair(path, method="HEAD")
        assert (ours.status, theirs.status, theirs.body) == (200, 200, b"")
        assert theirs.headers["content-length"] == ours.headers["content-length"]
        for coding in ("identity", "gzip"):
            coded = {"Accept-Encoding": coding}
            first = ask(both.port, path, coded)
            again = ask(both.port, path, {**coded, "If-None-Match": first.headers["etag"]})
            assert (again.status, again.body) == (304, b"")
            for name in ("cache-control", "vary", "link"):
                assert again.headers.get(name) == first.headers.get(name)
            since = {**coded, "If-Modified-Since": first.headers["last-modified"]}
            assert ask(both.port, path, since).status == 304
    told = both.service.feed("town").headers["last-modified"]
    assert ask(both.port, "/feeds/town.atom", {"If-Modified-Since": told}).status == 304
    picture = next(one for one in addresses(both.site) if one.startswith("/media/"))
    part = both.same(picture, {"Range": "bytes=3-9"})
    assert (part.status, len(part.body)) == (206, 7)
    assert both.pair(picture, {"Range": "bytes=99999-"})[1].status == 416


def test_a_person_who_opens_a_feed(both: Both) -> None:
    """Gets plain XML, which browsers lay out, and no cache but his own may keep it."""
    opened = {"Sec-Fetch-Dest": "document"}
    for path in ("/feeds/all.rss", "/feeds/town.atom", "/feeds/sport.rss", "/feeds/tags/ferries.rss"):
        for coding in ("identity", "gzip"):
            ours, theirs = both.pair(path, {**opened, "Accept-Encoding": coding})
            assert (theirs.status, theirs.body) == (200, ours.body), path
            assert theirs.headers["content-type"] == ours.headers["content-type"] == "application/xml; charset=utf-8"
            assert theirs.headers.get("content-encoding") == ours.headers.get("content-encoding"), path
            calm(both, path, opened)
            assert theirs.headers["cache-control"].startswith("private, max-age="), path
            assert theirs.headers.get("link") == ours.headers.get("link"), path
        assert ask(both.port, path).headers["content-type"] != theirs.headers["content-type"]
    for path in ("/feeds/all.json", "/feeds/none.rss", "/feeds/village.rss", "/", "/sections/town", "/rss"):
        ours, theirs = both.pair(path, opened)
        assert theirs.status == ours.status, path
        assert theirs.headers.get("location") == ours.headers.get("location"), path
        if ours.status != 308:
            assert theirs.headers.get("content-type") == ours.headers.get("content-type"), path
    assert ask(both.port, "/.feedsvc/opened/feeds/all.rss").status == 404


def test_other_methods(both: Both) -> None:
    ours, theirs = both.pair("/feeds/all.rss", method="OPTIONS")
    assert theirs.status == ours.status
    for name in ("allow", "access-control-allow-methods", "access-control-allow-headers", "access-control-max-age"):
        assert theirs.headers[name] == ours.headers[name]
    assert [one.status for one in both.pair("/feeds/all.rss", method="POST")] == [405, 405]


def test_nothing_is_written_twice(both: Both) -> None:
    def state() -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.stat().st_ino)
            for path in both.site.rglob("*")
            if path.is_file() and "manifest" not in path.name
        }

    before = state()
    again = both.export("--full")
    assert (again["written"], again["removed"], again["reload"]) == (0, 0, False)
    again = both.export()  # how little it asks for depends on the time since the last write: told of elsewhere
    assert (again["full"], again["written"], again["removed"]) == (False, 0, 0)
    assert state() == before


def test_br_where_the_module_is(both: Both) -> None:
    if not brotli():
        lacking("nginx has no module for files in br here")
    assert ask(both.port, "/feeds/all.rss", {"Accept-Encoding": "br"}).headers["content-encoding"] == "br"


def test_the_watch_follows_the_service(both: Both, tmp_path: Path) -> None:
    """A new article, a takedown and an embargo's end reach the files, and nginx needs not be told."""
    newsroom, service = both.newsroom, both.service
    site, port = tmp_path / "site", free_port()
    shutil.copytree(both.site, site, ignore=shutil.ignore_patterns("lock"))
    log = tmp_path / "watch.log"
    with log.open("wb") as out:
        watching = subprocess.Popen(
            tied(sys.executable, "-m", "feedsvc", "export", site, "--watch", "--config", newsroom.config),
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=newsroom.root,
            env=_clean_environment(),
        )
    try:
        until(lambda: b"exported" in log.read_bytes(), what="everything is exported once")
        with serving(tmp_path / "nginx", configuration(site, port), port):
            newsroom.drop("town/fresh.md", markdown("Fresh"))
            soon = time.time() + 4
            moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(soon))
            newsroom.drop("town/embargoed.md", markdown("Embargoed", embargo=moment))
            service.wait_for("Fresh")
            page = service.page_of("Fresh")
            until(lambda: ask(port, page).status == 200)
            until(lambda: b"Fresh" in ask(port, "/feeds/town.rss").body)
            until(lambda: b"Embargoed" in ask(port, "/feeds/town.rss").body)
            assert time.time() >= soon - 1
            service.wait_for("Embargoed")
            assert ask(port, service.page_of("Embargoed")).status == 200
            assert newsroom.command("takedown", page, "--reason", "a test").returncode == 0
            until(lambda: ask(port, page).status == 410)
            until(lambda: b"Fresh" not in ask(port, "/feeds/town.rss").body)
            service.everywhere(lambda: not service.shows("Fresh"))
            until(lambda: ask(port, "/feeds/all.atom").body == service.feed("all").body)
    finally:
        watching.terminate()
        assert watching.wait(15) == 0, log.read_text()


def test_the_configuration_of_an_empty_site(newsroom: Newsroom) -> None:
    newsroom.store.parent.mkdir()
    open_store(f"sqlite:///{newsroom.store}").close()
    site = newsroom.root / "site"
    done = newsroom.command("export", str(site))
    assert done.returncode == 0, done.stderr
    Nginx(newsroom.root / "nginx", configuration(site, free_port())).check()


def test_a_site_below_a_prefix(newsroom: Newsroom) -> None:
    newsroom.base_url = "https://harbour.example/paper"
    newsroom.configure(workers=1)
    newsroom.drop("town/a.md", markdown("Pier", tags="[boats]"))
    service = newsroom.start().wait_ingesting()
    service.wait_for("Pier")
    until(lambda: "last-modified" in service.feed("all").headers)
    service.wait_counted()
    site, port = newsroom.root / "site", free_port()
    assert newsroom.command("export", str(site)).returncode == 0
    both = Both(newsroom, service, site, port)
    with serving(newsroom.root / "nginx", configuration(site, port), port):
        for path in ("/", "/feeds/town.rss", service.page_of("Pier"), "/tags/boats", "/feed", "/sitemap.xml"):
            for prefix in ("", "/paper"):
                both.same(prefix + path)
        assert ask(port, "/paper/feeds/town.rss").headers["link"].startswith(f"<{newsroom.base_url}/feeds/town.rss>")
        style = re.search(rb'/paper(/static/site\.css\?v=\w+)"', ask(port, "/").body)
        assert style is not None
        assert "immutable" in both.same(f"/paper{style[1].decode()}").headers["cache-control"]
