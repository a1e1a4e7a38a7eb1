"""What an export writes, what it leaves alone, and what becomes of one that is killed."""

from __future__ import annotations

import contextlib
import errno
import gzip
import os
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
from fakes import Newsroom, make_article
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from unit.export.conftest import Site

from feedsvc.errors import ExportError, StoreUnavailable
from feedsvc.export.tree import Tree
from feedsvc.feeds.registry import renderers
from feedsvc.model import Category
from feedsvc.web.app import create_app


def answered(site: Site, path: str) -> tuple[bytes, dict[str, str]]:
    client = create_app(site.settings, site.room.store, site.room.clock).test_client()  # type: ignore[arg-type]
    answer = client.get(path)
    return answer.data, dict(answer.headers)


def test_files_are_what_the_service_answers(site: Site) -> None:
    site.room.put(make_article("ferry"), make_article("tug", sections=("town",)), make_article("later", embargo=_far()))
    site.room.clock.move(seconds=5)
    report = site.export()
    assert report.full
    assert not report.kept
    assert not report.failed
    for path in (
        "/feeds/all.rss",
        "/feeds/harbour.atom",
        "/feeds/town.json",
        "/feeds.opml",
        "/robots.txt",
        "/sitemap.xml",
    ):
        body, headers = answered(site, path)
        file = site.folder / path[1:]
        assert file.read_bytes() == body
        assert gzip.decompress((site.folder / f"{path[1:]}.gz").read_bytes()) == body
        assert brotli.decompress((site.folder / f"{path[1:]}.br").read_bytes()) == body
        if "Last-Modified" in headers:
            told = parsedate_to_datetime(headers["Last-Modified"]).timestamp()
            assert {int(one.stat().st_mtime) for one in file.parent.glob(f"{file.name}*")} == {int(told)}
    found = site.files()
    assert b"The ferry sails again" in found["sections/harbour.html"]
    assert not [path for path, body in found.items() if "later" in path or b"The later sails" in body]
    assert "healthz" not in found
    assert "static/site.css" in found
    assert not list(site.folder.rglob("*drafts/*"))


def _far() -> Any:
    return make_article().published + timedelta(days=900)


def test_only_what_changed_is_written_and_asked(site: Site) -> None:
    ferry = site.room.put(*(make_article(f"boat{number}") for number in range(30)))[0]
    site.room.put(make_article("tug", sections=("town",)))
    site.room.clock.move(seconds=15)
    site.export()
    before = {path: path.stat().st_mtime_ns for path in site.folder.rglob("*.*") if path.is_file()}
    site.room.clock.move(minutes=1)
    again = site.export()
    assert (again.full, again.written, again.removed, again.reload) == (False, 0, 0, False)
    assert not [path for path in site.asked if path.startswith(("/articles", "/feeds/")) and path != "/feeds/-"]
    site.room.edit(ferry.article, title="The ferry is late")
    report = site.export()
    assert not report.full
    assert not [path for path in site.asked if "town" in path]
    assert len([path for path in site.asked if path.startswith("/articles")]) == 3  # one, in each of its forms
    after = {path: path.stat().st_mtime_ns for path in site.folder.rglob("*.*") if path.is_file()}
    town = [path for path in before if "town" in path.name]
    assert town
    assert all(before[path] == after[path] for path in town)
    assert site.export(full=True).written == 0


def test_what_is_withdrawn_goes_at_once_with_its_forms(site: Site) -> None:
    ferry, _tug = site.room.put(make_article("ferry"), make_article("tug"))
    site.room.clock.move(seconds=5)
    site.export()
    file = site.folder / f"{ferry.path[1:]}.html"
    assert file.exists()
    site.room.withdraw(ferry.article)
    report = site.export()
    assert report.removed >= 1
    assert not list(file.parent.glob("ferry*"))
    assert (site.folder / ".feedsvc" / "gone" / ferry.key).exists()
    assert b"ferry" not in (site.folder / "feeds" / "all.rss").read_bytes().replace(b":ferry", b"")
    site.room.put(make_article("ferry"))
    site.export()
    assert file.exists()
    assert not (site.folder / ".feedsvc" / "gone" / ferry.key).exists()


def test_moments_that_nobody_writes_down(site: Site) -> None:
    now = site.room.clock()
    (ferry,) = site.room.put(
        make_article("ferry", embargo=now + timedelta(minutes=2), expires=now + timedelta(minutes=4))
    )
    file = site.folder / f"{ferry.path[1:]}.html"
    site.export()
    assert not file.exists()
    site.room.clock.move(minutes=2)
    assert not site.export().full
    assert file.exists()
    assert b"ferry" in (site.folder / "feeds" / "harbour.json").read_bytes()
    site.room.clock.move(minutes=2)
    site.export()
    assert not file.exists()
    assert (site.folder / ".feedsvc" / "gone" / ferry.key).exists()


def test_nothing_of_anybody_else_is_touched(site: Site, tmp_path: Path) -> None:
    (ferry,) = site.room.put(make_article("ferry"))
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    with pytest.raises(ExportError, match="is not empty"):
        site.export(folder=other)
    assert [path.name for path in other.iterdir()] == ["notes.txt"]
    site.export()
    (site.folder / "verification.html").write_text("mine")
    page = site.folder / f"{ferry.path[1:]}.html"
    page.write_text("mine as well")
    site.room.withdraw(ferry.article)
    report = site.export(full=True)
    assert page.read_text() == "mine as well"
    assert str(page.relative_to(site.folder)) in report.kept
    assert (site.folder / "verification.html").read_text() == "mine"
    (site.folder / "sections" / "town.html").unlink()
    (site.folder / "feeds" / "all.rss").write_text("broken")
    site.export(full=True)
    assert (site.folder / "sections" / "town.html").exists()
    assert (site.folder / "feeds" / "all.rss").read_bytes() == answered(site, "/feeds/all.rss")[0]


def test_a_foreign_file_in_the_place_of_a_new_one(site: Site) -> None:
    site.export()
    (site.folder / "feeds" / "tags").mkdir(parents=True)
    (site.folder / "feeds" / "tags" / "ferries.rss").write_text("mine")
    site.room.put(make_article("ferry", categories=(Category(term="ferries"),)))
    report = site.export()
    assert report.kept == ["feeds/tags/ferries.rss"]
    assert (site.folder / "feeds" / "tags" / "ferries.rss").read_text() == "mine"
    assert (site.folder / "feeds" / "tags" / "ferries.atom").exists()


def test_one_export_at_a_time(site: Site) -> None:
    one = site.opened()
    with pytest.raises(ExportError, match="another export"):
        site.opened()
    one.close()
    site.export()


def test_two_texts_of_one_second_have_two_times(site: Site) -> None:
    """A web server tells them apart by time and size alone."""
    site.room.put(make_article("ferry", title="The ferry is on time"))
    site.export()
    file = site.folder / "feeds" / "all.rss"
    first = int(file.stat().st_mtime)
    site.room.clock.move(seconds=0.3)
    site.room.edit(make_article("ferry"), title="The ferry is on tide")
    site.export()
    second = int(file.stat().st_mtime)
    assert second == first + 1
    site.room.clock.move(seconds=30)
    assert site.export(full=True).redated == 0
    assert int(file.stat().st_mtime) == second


def lasting(files: dict[str, bytes]) -> dict[str, bytes]:
    """*files* without those that are right though each export has its own: what nginx reads, when it reads it."""
    return {path: body for path, body in files.items() if not path.startswith((".feedsvc/nginx/", ".feedsvc/errors/"))}


def test_a_store_that_is_lost_and_a_disk_that_is_full(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits to be written is of a moment that is over: it is asked for again."""
    (ferry,) = site.room.put(make_article("ferry"))
    site.room.clock.move(seconds=5)
    site.export()
    site.room.edit(ferry.article, title="The ferry is late")
    one = site.opened()
    before = site.files()
    with monkeypatch.context() as patched:
        patched.setattr(site.room.store.store, "window", _lost)
        with pytest.raises(StoreUnavailable):
            one.once()
    feeds = [path for path in before if path.startswith("feeds/")]
    assert {path: site.files()[path] for path in feeds} == {path: before[path] for path in feeds}
    site.room.withdraw(ferry.article)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", _full)
        with pytest.raises(ExportError, match=r"No space left.*make room"):
            one.once()
    one.once()
    one.close()
    found = site.files()
    assert not [path for path, body in found.items() if "ferry" in path or b"The ferry" in body]


def _lost(*_arguments: Any, **_named: Any) -> Any:
    raise StoreUnavailable("the store is lost")


def _full(*_arguments: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Killed(BaseException):
    """As kill -9: nothing is tidied up."""


@pytest.mark.parametrize("when", [1, 3, 8, 40])
def test_one_that_is_killed_leaves_whole_files_and_is_mended(
    site: Site, when: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    articles = [make_article(f"boat{number}") for number in range(12)]
    site.room.put(*articles)
    site.room.clock.move(seconds=5)
    site.export()
    for article in articles[:6]:
        site.room.edit(article, title=f"{article.title} at last")
    site.room.withdraw(articles[7])
    before = site.files()
    count = 0

    def counted(original: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count == when:
                raise Killed
            return original(*arguments, **named)

        return call

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", counted(Path.replace))
        patched.setattr(Path, "unlink", counted(Path.unlink))
        one = site.opened()
        with pytest.raises(Killed):
            one.once()
        os.close(one._tree._lock)  # as the kernel does; the record keeps what was made last
        one._tree.manifest._connection.rollback()
        one._tree.manifest.close()
    site.room.clock.move(seconds=2)
    fresh = site.export(folder=tmp_path / "fresh")
    assert fresh.full
    whole = site.files(tmp_path / "fresh")
    for path, body in site.files().items():
        if not path.startswith(".feedsvc/"):
            assert body in (before.get(path), whole.get(path)), path
    site.export()
    assert lasting(site.files()) == lasting(whole)


@pytest.fixture
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with contextlib.ExitStack() as made:

        def make(site: Site) -> Site:
            folder = tmp_path_factory.mktemp("room")
            return Site(folder / "site", made.enter_context(Newsroom(folder)), site.settings)

        yield make


STEP = st.tuples(
    st.sampled_from(["put", "edit", "withdraw", "wait", "restore"]),
    st.integers(0, 5),
    st.sampled_from([(), ("harbour",), ("town",), ("town/quay", "harbour"), ("sport",)]),
    st.sampled_from([0.2, 30.0, 4000.0]),
)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=2, max_size=6))
@example(steps=[("put", 0, ("town",), 0.2), ("put", 1, ("harbour",), 0.2)])
def test_by_small_steps_it_comes_to_the_same_as_at_once(site: Site, rooms: Any, steps: list[Any]) -> None:
    one: Site = rooms(site)
    kept: dict[int, Any] = {}
    one.export()
    for kind, number, sections, seconds in steps:
        now = one.room.clock.move(seconds=seconds)
        article = kept.get(number)
        if kind == "put" or article is None:
            kept[number] = make_article(
                f"boat{number}", sections=sections or ("harbour",), published=now - timedelta(hours=1),
                categories=(Category(term=f"tag{number % 2}"),),
                embargo=now + timedelta(seconds=20) if number == 1 else None,
                expires=now + timedelta(seconds=3000) if number == 2 else None,
            )  # fmt: skip
            one.room.put(kept[number])
        elif kind == "edit":
            one.room.edit(article, title=f"Now {seconds}")
        elif kind == "withdraw":
            one.room.withdraw(article)
        one.export()
    whole = one.folder.with_name("whole")
    one.export(folder=whole)
    ours, theirs = lasting(one.files()), lasting(one.files(whole))
    assert ours.keys() == theirs.keys()
    assert ours == theirs


def test_every_format_there_is(site: Site) -> None:
    site.export()
    for suffix in renderers():
        assert (site.folder / "feeds" / f"all.{suffix}").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="cannot be written"):
        Tree(tmp_path / "file" / "site")
