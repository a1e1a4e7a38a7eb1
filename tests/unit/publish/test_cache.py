"""The cache of Documents, with a real store that can be lost and a clock that is set by hand."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from fakes import NOON, Lines, Newsroom, make_article, make_settings

from feedsvc.errors import ConfigError, StoreUnavailable
from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.kept import Kept

HOUR = timedelta(hours=1)
SETTINGS = make_settings(feeds={"limit": 3}, sections={"empty": {}})


@pytest.fixture
def room(room: Newsroom) -> Newsroom:
    room.configure(SETTINGS)
    return room


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def cache(room: Newsroom, lines: Lines) -> DocumentCache:
    return DocumentCache(room.store, SETTINGS, room.clock, renderers={"txt": lines, "alt": Lines("alt")})


class Turning(DocumentCache):
    """A cache whose thread is turned by hand: the threads of requests wait, and the test is the thread."""

    def begin(self) -> None:
        self._thread = threading.current_thread()
        self._step()

    def turn(self) -> None:
        self._step()


@pytest.fixture
def turning(room: Newsroom, lines: Lines) -> Turning:
    return Turning(room.store, SETTINGS, room.clock, renderers={"txt": lines})


def titles(cache: DocumentCache, name: str = "harbour", suffix: str = "txt") -> list[str]:
    document = cache.get(name, suffix)
    assert document is not None
    return document.identity.decode().split("\n")[1:]


def test_an_article_is_in_its_section_above_it_and_in_all(room: Newsroom, cache: DocumentCache) -> None:
    room.put(make_article("ferry", title="Ferry", sections=("sea/islands",)))
    for name in ("sea/islands", "sea", "all"):
        assert titles(cache, name) == ["Ferry"]
    assert cache.get("harbour", "txt") is None
    assert cache.get("sea", "pdf") is None
    assert cache.get("", "") is None


def test_a_section_that_has_moved_is_no_feed_once_it_is_empty(room: Newsroom, lines: Lines) -> None:
    settings = make_settings(
        sections={"harbour": {"moved_from": ["docks"]}, "quay": {"moved_from": ["town"]}, "town": {}}
    )
    turning = Turning(room.store, settings, room.clock, renderers={"txt": lines})
    ferry, tide = make_article("ferry", sections=("docks",)), make_article("tide", sections=("town",))
    room.put(ferry, tide)
    for name in ("docks", "town"):
        assert turning.get(name, "txt") is not None
    turning.begin()
    assert turning.get("docks", "txt") is not None
    room.edit(ferry, sections=("harbour",))
    room.edit(tide, sections=("quay",))
    room.clock.move(seconds=60)
    turning.turn()
    assert turning.standing("docks", "txt", room.clock()) is None
    assert turning.get("docks", "txt") is None
    assert turning.shown("docks") is None
    assert turning.get("town", "txt") is not None, "it is configured, so it is a section of its own"


def test_a_configured_section_is_an_empty_feed(cache: DocumentCache) -> None:
    assert titles(cache, "empty") == []
    assert titles(cache, "all") == []


def test_a_hit_and_a_304_touch_neither_store_nor_renderer(room: Newsroom, turning: Turning, lines: Lines) -> None:
    room.put(make_article())
    turning.begin()
    # The first request waits for the thread; here it finds the work done.
    turning._load("harbour")
    first = turning.get("harbour", "txt")
    room.store.asked.clear()
    calls = lines.calls
    assert turning.get("harbour", "txt") is first
    assert room.store.asked == []
    assert lines.calls == calls


def test_unknown_names_cost_no_query(room: Newsroom, turning: Turning) -> None:
    turning.begin()
    room.store.asked.clear()
    assert turning.get("no/such/feed", "txt") is None
    assert room.store.asked == []


def test_a_change_gives_new_bytes_and_all_formats_together(room: Newsroom, cache: DocumentCache) -> None:
    article = make_article(title="Old")
    room.put(article)
    assert titles(cache) == ["Old"]
    assert titles(cache, suffix="alt") == ["Old"]
    before = cache.get("harbour", "txt")
    room.clock.move(minutes=1)
    room.edit(article, title="New")
    assert titles(cache) == ["New"]
    assert titles(cache, suffix="alt") == ["New"]
    after = cache.get("harbour", "txt")
    assert before is not None
    assert after is not None
    assert before.etag() != after.etag()
    assert after.last_modified == NOON + timedelta(minutes=1)


def test_a_change_elsewhere_leaves_the_document_as_it_is(room: Newsroom, cache: DocumentCache) -> None:
    room.put(make_article())
    before = cache.get("harbour", "txt")
    room.clock.move(minutes=1)
    room.put(make_article("market", sections=("town",)))
    assert cache.get("harbour", "txt") is before


def test_a_change_that_nobody_sees_yet_keeps_the_document(room: Newsroom, cache: DocumentCache) -> None:
    room.put(make_article())
    before = cache.get("harbour", "txt")
    room.put(make_article("coming", embargo=NOON + HOUR))
    after = cache.get("harbour", "txt")
    assert before is not None
    assert after is not None
    assert (before.identity, before.etag(), before.last_modified) == (after.identity, after.etag(), after.last_modified)
    assert after.valid_until == NOON + HOUR


def test_an_embargo_ends_by_the_clock_without_the_store(room: Newsroom, cache: DocumentCache) -> None:
    room.put(make_article("here", title="Here"), make_article("coming", title="Coming", embargo=NOON + HOUR))
    assert titles(cache) == ["Here"]
    room.store.lost = True
    room.clock.now = NOON + HOUR - timedelta(milliseconds=1)
    assert titles(cache) == ["Here"]
    room.clock.now = NOON + HOUR
    assert titles(cache) == ["Here", "Coming"] or titles(cache) == ["Coming", "Here"]
    document = cache.get("harbour", "txt")
    assert document is not None
    assert document.last_modified == NOON + HOUR


def test_an_expiry_comes_by_the_clock_without_the_store(room: Newsroom, cache: DocumentCache) -> None:
    room.put(make_article("brief", title="Brief", expires=NOON + HOUR))
    assert titles(cache) == ["Brief"]
    room.store.lost = True
    room.clock.now = NOON + HOUR
    assert titles(cache) == ["gone tag:news.example.org,2026:brief"]


def test_a_release_makes_the_same_document_in_a_worker_that_comes_later(room: Newsroom, cache: DocumentCache) -> None:
    room.put(
        make_article("here"),
        make_article("coming", embargo=NOON + HOUR),
        make_article("brief", expires=NOON + 2 * HOUR, published=NOON - 2 * HOUR),
    )
    for moment in (NOON, NOON + HOUR, NOON + 2 * HOUR, NOON + 3 * HOUR):
        room.clock.now = moment
        renderers = {"txt": Lines(), "alt": Lines("alt")}
        fresh = DocumentCache(room.store, SETTINGS, room.clock, renderers=renderers)
        kept, new = cache.get("harbour", "txt"), fresh.get("harbour", "txt")
        assert kept is not None
        assert new is not None
        assert kept.identity == new.identity
        assert kept.headers("", moment) == new.headers("", moment)


def test_releases_beyond_those_in_the_window_are_not_missed(room: Newsroom, cache: DocumentCache) -> None:
    room.put(*(make_article(f"n{n:03}", title=f"N{n:03}", embargo=NOON + timedelta(minutes=n)) for n in range(1, 121)))
    for minute in (10, 60, 61, 110, 120):
        room.clock.now = NOON + timedelta(minutes=minute)
        # All have the same date of publication, and so stand by id.
        assert titles(cache) == [f"N{n:03}" for n in range(minute, minute - 3, -1)]


def test_the_last_good_document_is_served_while_the_store_is_lost(room: Newsroom, cache: DocumentCache) -> None:
    room.put(make_article(title="Here"))
    before = cache.get("harbour", "txt")
    room.store.lost = True
    room.clock.move(hours=500)
    assert cache.get("harbour", "txt") is before
    assert cache.get("never-heard-of", "txt") is None
    assert not cache.ready()
    with pytest.raises(StoreUnavailable):
        cache.get("all", "txt")  # known to exist, and nothing of it is kept
    room.store.lost = False
    assert titles(cache, "all") == ["Here"]
    assert cache.ready()


def test_with_nothing_known_a_lost_store_is_said_to_be_lost(room: Newsroom, cache: DocumentCache) -> None:
    room.store.lost = True
    with pytest.raises(StoreUnavailable):
        cache.get("harbour", "txt")


def test_a_clock_set_back_hides_what_is_early_again(room: Newsroom, cache: DocumentCache) -> None:
    room.put(make_article("coming", title="Coming", embargo=NOON + HOUR), make_article("here", title="Here"))
    room.clock.now = NOON + HOUR
    assert "Coming" in titles(cache)
    room.clock.now = NOON
    assert titles(cache) == ["Here"]


def test_a_section_with_nothing_but_embargoed_articles_is_unknown(room: Newsroom, cache: DocumentCache) -> None:
    room.put(make_article("coming", title="Coming", sections=("secret",), embargo=NOON + HOUR))
    assert cache.get("secret", "txt") is None
    room.clock.now = NOON + HOUR
    assert titles(cache, "secret") == ["Coming"]


def test_a_feed_of_which_all_was_withdrawn_goes_on(room: Newsroom, cache: DocumentCache) -> None:
    article = make_article()
    room.put(article)
    room.clock.move(minutes=5)
    room.withdraw(article)
    assert titles(cache) == [f"gone {article.id}"]
    document = cache.get("harbour", "txt")
    assert document is not None
    assert document.guarded_until == room.clock() + HOUR


def test_one_bad_article_breaks_no_feed(room: Newsroom, cache: DocumentCache) -> None:
    room.put(make_article("one", title="bad"), make_article("two", title="Good"))
    assert titles(cache) == ["Good"]


def test_memory_is_bounded_and_the_longest_unused_feed_goes(room: Newsroom, lines: Lines) -> None:
    room.put(*(make_article(f"a{n}", content="x" * 40_000, sections=(f"s{n}",)) for n in range(5)))
    cache = DocumentCache(room.store, SETTINGS, room.clock, renderers={"txt": lines}, max_bytes=400_000)
    for n in (0, 1, 0, 2):
        room.clock.move(seconds=1)
        titles(cache, f"s{n}")
    assert sorted(cache._kept) == ["s0", "s2"]
    assert titles(cache, "s1")


def test_one_feed_larger_than_the_bound_is_served_all_the_same(room: Newsroom, lines: Lines) -> None:
    room.put(make_article(content="x" * 40_000))
    cache = DocumentCache(room.store, SETTINGS, room.clock, renderers={"txt": lines}, max_bytes=10)
    assert len(titles(cache)) == 1


def test_a_feed_with_a_long_archive_keeps_no_other_waiting(
    room: Newsroom, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.put(*(make_article(f"a{n}", published=NOON - HOUR * (n + 1)) for n in range(10)))
    monkeypatch.setattr("feedsvc.publish.archive._AT_ONCE", 1)
    monkeypatch.setattr("feedsvc.publish.cache.FIRST_PATIENCE_SECONDS", 60.0)
    cache = DocumentCache(room.store, SETTINGS, room.clock, renderers={"txt": lines})
    other = threading.Thread(target=cache.get, args=("harbour", "txt"), daemon=True)
    marks, served = room.store.marks, []

    def slowly(feed: str, *args: Any, **named: Any) -> Any:
        """The marks of all articles: somebody asks for another feed meanwhile."""
        if feed == "all" and not other.ident:
            other.start()
            while "harbour" not in cache._wishes:
                other.join(0.001)
        elif feed == "all":
            other.join(60)
            served.append(not other.is_alive())
        return marks(feed, *args, **named)

    room.store.marks = slowly
    cache.start()
    try:
        assert len(titles(cache, "all")) == 3
    finally:
        cache.stop()
    assert served == [True] * 3
    assert len(titles(cache, "harbour")) == 3


def test_only_known_formats_may_be_asked_for(room: Newsroom) -> None:
    settings = make_settings(feeds={"formats": ["txt", "pdf"]})
    with pytest.raises(ConfigError, match="'pdf'"):
        DocumentCache(room.store, settings, room.clock, renderers={"txt": Lines()})


def test_two_requests_at_once_render_once(room: Newsroom) -> None:
    room.put(make_article())
    entered, leave = threading.Event(), threading.Event()

    class Slow(Lines):
        def render(self, feed: object, links: object) -> bytes:
            entered.set()
            assert leave.wait(10)
            return super().render(feed, links)  # type: ignore[arg-type]

    slow = Slow()
    cache = DocumentCache(room.store, SETTINGS, room.clock, renderers={"txt": slow})
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(cache.get("harbour", "txt"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert entered.wait(10)
    leave.set()
    for thread in threads:
        thread.join(10)
    assert slow.calls == 1
    assert len({id(document) for document in found}) == 1


class TestTheThread:
    """What the thread does, turn by turn."""

    def test_old_bytes_are_served_until_the_new_ones_are_there(
        self, room: Newsroom, turning: Turning, lines: Lines
    ) -> None:
        article = make_article(title="Old")
        room.put(article)
        turning.begin()
        turning._load("harbour")
        document = turning.get("harbour", "txt")
        assert document is not None
        document.body("gzip")
        room.clock.move(seconds=10)
        room.edit(article, title="New")
        assert titles(turning) == ["Old"]
        turning.turn()
        calls = lines.calls
        assert titles(turning) == ["New"]
        assert lines.calls == calls  # rendered and compressed off the way of requests
        fresh = turning.get("harbour", "txt")
        assert fresh is not None
        assert fresh.codings == ("gzip",)

    def test_what_stands_ready_is_had_without_waiting(self, room: Newsroom, turning: Turning) -> None:
        room.put(make_article())
        turning.begin()
        assert turning.standing("harbour", "txt", room.clock()) is None  # nobody asked for it yet
        turning._load("harbour")
        document = turning.get("harbour", "txt")
        assert turning.standing("harbour", "txt", room.clock()) is document
        assert turning.standing("harbour", "pdf", room.clock()) is None
        room.put(make_article("crane", expires=room.clock() + timedelta(seconds=3)))
        turning._look()  # it is known that there is something newer
        assert turning.standing("harbour", "txt", room.clock.move(seconds=1)) is document
        assert turning.standing("harbour", "txt", room.clock.move(seconds=2)) is None
        turning.turn()
        fresh = turning.get("harbour", "txt")
        assert fresh is not document
        assert turning.standing("harbour", "txt", room.clock()) is fresh

    def test_bytes_that_are_no_longer_valid_do_not_stand_ready(self, room: Newsroom, turning: Turning) -> None:
        room.put(make_article(), make_article("crane", expires=room.clock() + HOUR))
        turning.begin()
        turning._load("harbour")
        titles(turning)
        assert turning.standing("harbour", "txt", room.clock() + HOUR / 2) is not None
        assert turning.standing("harbour", "txt", room.clock() + HOUR) is None

    def test_the_next_document_is_prepared_before_its_moment(
        self, room: Newsroom, turning: Turning, lines: Lines
    ) -> None:
        room.put(make_article("here", title="Here"), make_article("coming", title="Coming", embargo=NOON + HOUR))
        turning.begin()
        turning._load("harbour")
        assert titles(turning) == ["Here"]
        room.clock.now = NOON + HOUR - timedelta(seconds=3)
        turning.turn()
        assert titles(turning) == ["Here"]
        calls = lines.calls
        room.clock.now = NOON + HOUR
        room.store.lost = True
        assert "Coming" in titles(turning)
        assert lines.calls == calls

    def test_a_lost_store_ends_no_turn_and_is_found_again(self, room: Newsroom, turning: Turning) -> None:
        article = make_article(title="Old")
        room.put(article)
        turning.begin()
        turning._load("harbour")
        titles(turning)
        room.clock.move(seconds=10)
        room.edit(article, title="New")
        room.store.lost = True
        turning.turn()
        assert titles(turning) == ["Old"]
        assert not turning.ready()
        room.store.lost = False
        turning.turn()
        assert titles(turning) == ["New"]
        assert turning.ready()

    def test_a_feed_is_not_loaded_for_every_batch_of_a_long_ingest(self, room: Newsroom, turning: Turning) -> None:
        room.put(make_article("a0"))
        turning.begin()
        turning._load("harbour")
        titles(turning)
        room.clock.move(seconds=10)
        room.store.asked.clear()
        for n in range(1, 11):
            room.clock.move(seconds=0.1)
            room.put(make_article(f"a{n}"))
            turning.turn()
        assert 2 <= room.store.asked.count("window") <= 5
        room.clock.move(seconds=1)
        turning.turn()
        assert len(titles(turning)) == 3

    def test_what_takes_long_to_make_is_made_less_often(
        self, room: Newsroom, turning: Turning, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room.put(make_article("a0"))
        turning.begin()
        turning._load("harbour")
        load = turning._load

        def slowly(name: str) -> Kept | None:
            room.clock.move(seconds=0.2)
            return load(name)

        monkeypatch.setattr(turning, "_load", slowly)

        def loaded_after(seconds: float, article: str) -> bool:
            room.put(make_article(article))
            turning._look()
            room.store.asked.clear()
            room.clock.move(seconds=seconds)
            turning.turn()
            return "window" in room.store.asked

        assert loaded_after(0.4, "a1")
        assert not loaded_after(0.4, "a2")
        assert loaded_after(0.5, "a2")
        monkeypatch.setattr(turning, "_load", load)
        assert loaded_after(1.0, "a3")
        assert loaded_after(0.4, "a4")


def test_the_real_thread_serves_brings_news_and_stops(room: Newsroom, lines: Lines) -> None:
    rendered = threading.Event()

    class Telling(Lines):
        def render(self, feed: object, links: object) -> bytes:
            done = super().render(feed, links)  # type: ignore[arg-type]
            if b"New" in done:
                rendered.set()
            return done

    article = make_article(title="Old")
    room.put(article)
    cache = DocumentCache(room.store, SETTINGS, room.clock, renderers={"txt": Telling()})
    cache.start()
    try:
        assert titles(cache) == ["Old"]
        room.clock.move(seconds=10)
        room.edit(article, title="New")
        assert rendered.wait(10)
        assert cache.get("town", "txt") is None
    finally:
        cache.stop()
    assert titles(cache) == ["New"]


def test_a_store_that_hangs_keeps_nobody_waiting_for_long(room: Newsroom, lines: Lines) -> None:
    article = make_article(title="Old")
    room.put(article)
    hanging, leave = threading.Event(), threading.Event()

    class Hanging:
        armed = False

        def __getattr__(self, name: str) -> object:
            if self.armed and name == "window":
                hanging.set()
                leave.wait(20)
            return getattr(room.store, name)

    store = Hanging()
    cache = DocumentCache(store, SETTINGS, room.clock, renderers={"txt": lines})  # type: ignore[arg-type]
    cache.start()
    try:
        assert titles(cache) == ["Old"]
        room.clock.move(seconds=10)
        store.armed = True
        room.edit(article, title="New")
        assert hanging.wait(10)
        room.clock.move(seconds=10)
        assert titles(cache) == ["Old"]  # waits half a second once
        assert titles(cache) == ["Old"]
        with pytest.raises(StoreUnavailable):
            cache.get("all", "txt")
    finally:
        leave.set()
        cache.stop()
