"""What a feed shows at a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from fakes import NOON, make_article, make_settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from feedsvc.feeds.base import RENDER
from feedsvc.model import Article, Entry, Placed, PubStatus, Tombstone, Version, Window
from feedsvc.publish.settings import Plan, feed_digest, plan
from feedsvc.publish.window import ALWAYS, NEVER, Shown, exists, show

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SETTINGS = make_settings(feeds={"limit": 3, "max_bytes": 1000})
PLAN = plan(SETTINGS, "harbour")


def placed(article: Article, released: datetime | None = None) -> Placed:
    shown_from = released or article.visible_from
    return Placed(
        entry=Entry(article=article, path=f"/articles/{article.slug}", released=shown_from), released=shown_from
    )


def window(*articles: Article | Placed, **fields: object) -> Window:
    version = Version(feed="harbour", seq=7, generation=9, changed=NOON - DAY, updated=NOON - DAY, title="Harbour")
    rows = tuple(one if isinstance(one, Placed) else placed(one) for one in articles)
    return Window(version=version, placed=rows, **fields)  # type: ignore[arg-type]


def names(shown: Shown) -> list[str]:
    return [entry.article.slug for entry in shown.feed.entries]


def at(moment: datetime, *articles: Article | Placed, plan: Plan = PLAN, **fields: object) -> Shown:
    return show(window(*articles, **fields), SETTINGS, plan, moment)


def test_newest_first_by_publication_and_then_by_id() -> None:
    one, two, three = (make_article(name, published=NOON - HOUR * age) for name, age in (("a", 3), ("b", 1), ("c", 1)))
    assert names(at(NOON, one, two, three)) == ["c", "b", "a"]


def test_the_limit_takes_the_newest_by_release_not_by_publication() -> None:
    late = placed(make_article("late", published=NOON - 5 * HOUR), NOON - HOUR / 2)
    others = [make_article(name, published=NOON - HOUR * age) for name, age in (("a", 1), ("b", 2), ("c", 3))]
    assert names(at(NOON, late, *others)) == ["a", "b", "late"]


def test_the_size_cuts_the_window_but_leaves_one() -> None:
    long = "<p>" + "x" * 600 + "</p>"
    articles = [make_article(name, content=long, published=NOON - HOUR * age) for name, age in (("a", 1), ("b", 2))]
    assert names(at(NOON, *articles)) == ["a"]
    huge = make_article("huge", content="y" * 5000)
    assert names(at(NOON, huge)) == ["huge"]


def test_the_size_counts_bytes_and_only_what_is_shown() -> None:
    articles = [
        make_article(name, content="ü" * 300, summary="kurz", published=NOON - HOUR * age)
        for name, age in (("a", 1), ("b", 2))
    ]
    assert names(at(NOON, *articles)) == ["a"]
    short = make_settings(feeds={"limit": 3, "max_bytes": 1000, "full_text": False})
    shown = show(window(*articles), short, plan(short, "harbour"), NOON)
    assert names(shown) == ["a", "b"]
    assert not shown.feed.full_text


def test_a_release_and_an_expiry_need_nothing_but_the_clock() -> None:
    soon = make_article("soon", published=NOON - DAY, embargo=NOON + HOUR, expires=NOON + 3 * HOUR)
    before, during, after = (at(NOON + HOUR * hours, soon) for hours in (0, 1, 3))
    assert names(before) == []
    assert names(during) == ["soon"]
    assert names(after) == []
    assert (before.valid_from, before.valid_until) == (ALWAYS, NOON + HOUR)
    assert (during.valid_from, during.valid_until) == (NOON + HOUR, NOON + 3 * HOUR)
    assert (after.valid_from, after.valid_until) == (NOON + 3 * HOUR, NEVER)
    assert [shown.last_modified for shown in (before, during, after)] == [NOON - DAY, NOON + HOUR, NOON + 3 * HOUR]
    assert during.feed.updated == NOON + HOUR
    assert after.feed.updated == NOON + 3 * HOUR
    assert after.feed.tombstones == (Tombstone(id=soon.id, when=NOON + 3 * HOUR),)
    assert before.feed.tombstones == during.feed.tombstones == ()


def test_nothing_that_is_to_come_shows_in_any_date() -> None:
    coming = make_article("coming", published=NOON + HOUR, updated=NOON + HOUR)
    shown = at(NOON, make_article("here"), coming, last_release=NOON - HOUR)
    assert shown.feed.updated == NOON - HOUR
    assert shown.last_modified == NOON - HOUR


def test_releases_and_expiries_before_the_window_was_loaded_count() -> None:
    shown = at(NOON, last_release=NOON - 3 * HOUR, last_expiry=NOON - 2 * HOUR)
    assert shown.last_modified == NOON - 2 * HOUR
    assert shown.feed.updated == NOON - 2 * HOUR


def test_a_clock_that_was_set_back_shows_nothing_early() -> None:
    shown = at(NOON - DAY, make_article("here"), last_release=NOON - HOUR, last_expiry=NOON - HOUR)
    assert names(shown) == []
    assert shown.valid_until == NOON - HOUR
    assert shown.last_modified == NOON - DAY


def test_tombstones_stand_newest_first_and_never_beside_their_article() -> None:
    here = make_article("here")
    stones = (
        Tombstone(id="tag:b", when=NOON - 2 * HOUR),
        Tombstone(id=here.id, when=NOON - 2 * HOUR),
        Tombstone(id="tag:a", when=NOON - HOUR),
    )
    shown = at(NOON, here, tombstones=stones)
    assert [stone.id for stone in shown.feed.tombstones] == ["tag:a", "tag:b"]
    assert shown.guarded_until == NOON
    assert shown.feed.updated == NOON - HOUR


def test_titles_and_settings_of_the_section_come_before_those_of_the_site() -> None:
    settings = make_settings(
        site={"language": "en", "description": "Of the sea"},
        feeds={"limit": 9, "max_age": "2m", "hubs": ["https://hub.example.net/"]},
        sections={
            "harbour": {"title": "The Port", "description": "Ships", "language": "de", "limit": 2, "max_age": "30s"}
        },
    )
    chosen = plan(settings, "harbour")
    feed = show(window(), settings, chosen, NOON).feed
    assert (chosen.limit, feed.ttl, feed.language, feed.description) == (2, 30, "de", "Ships")
    assert feed.title == "The Port – The Harbour Courier"
    assert feed.page == "/sections/harbour"
    other = show(window(), settings, plan(settings, "sea/far-islands"), NOON).feed
    assert (other.ttl, other.language, other.hubs) == (120, "en", ("https://hub.example.net/",))
    assert other.title == "Harbour – The Harbour Courier"
    everything = show(window(), settings, plan(settings, "all"), NOON).feed
    assert (everything.title, everything.page, everything.description) == ("The Harbour Courier", "/", "Of the sea")


def test_a_folder_name_reads_as_words() -> None:
    bare = Window(version=Version(feed="x", seq=1, generation=1, changed=NOON, updated=NOON, title="far-islands"))
    feed = show(bare, SETTINGS, plan(SETTINGS, "sea/far-islands"), NOON).feed
    assert feed.title == "Far islands – The Harbour Courier"


def test_a_feed_is_unknown_until_it_has_shown_something() -> None:
    version = Version(feed="secret", seq=0, generation=3, changed=ALWAYS, updated=ALWAYS)
    coming = Window(version=version, placed=(placed(make_article("coming", published=NOON + HOUR)),))
    secret = plan(SETTINGS, "secret")
    assert not exists(coming, secret, NOON)
    assert exists(coming, secret, NOON + HOUR)
    assert exists(coming, plan(SETTINGS, "all"), NOON)
    assert exists(coming, plan(make_settings(sections={"secret": {}}), "secret"), NOON)


def test_the_digest_follows_what_the_bytes_depend_on() -> None:
    base = make_settings()
    changed = [
        make_settings(site={"base_url": "https://other.example.org"}),
        make_settings(site={"title": "Another"}),
        make_settings(feeds={"limit": 10}),
        make_settings(feeds={"max_age": "5m"}),
        make_settings(feeds={"hubs": ["https://hub.example.net/"]}),
        make_settings(sections={"harbour": {"title": "Port"}}),
    ]
    digests = {feed_digest(settings, "harbour") for settings in [base, *changed]}
    assert len(digests) == len(changed) + 1
    assert feed_digest(make_settings(server={"port": 1}), "harbour") == feed_digest(base, "harbour")
    assert feed_digest(make_settings(sections={"town": {"title": "T"}}), "harbour") == feed_digest(base, "harbour")


def test_an_upgrade_alone_changes_no_digest() -> None:
    """A digest that changes makes every feed of every site new for its readers: that is for RENDER alone to say."""
    known = {4: "6156368b49a8e77e7646ea0e3dd7a36306eeb27eec51ab686f30466d0e0ac956"}
    assert feed_digest(make_settings(), "harbour") == known[RENDER], "RENDER was raised: put the new one here"


OFFSETS = st.integers(min_value=-10, max_value=10).map(lambda hours: NOON + HOUR * hours)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    published = draw(OFFSETS)
    return make_article(
        draw(st.sampled_from("abcdefgh")),
        published=published,
        embargo=draw(st.none() | OFFSETS),
        expires=draw(st.none() | OFFSETS),
        pubstatus=draw(st.sampled_from([PubStatus.USABLE, PubStatus.USABLE, PubStatus.WITHHELD])),
    )


@examples(max_examples=120)
@given(st.lists(articles(), max_size=8, unique_by=lambda article: article.id), OFFSETS)
def test_in_the_feed_if_and_only_if_visible(found: list[Article], now: datetime) -> None:
    wide = plan(make_settings(), "harbour")
    shown = show(window(*found), SETTINGS, wide, now)
    assert set(names(shown)) == {article.slug for article in found if article.visible(now)}
    assert not {stone.id for stone in shown.feed.tombstones} & {entry.article.id for entry in shown.feed.entries}


@examples(max_examples=80)
@given(st.lists(articles(), max_size=8, unique_by=lambda article: article.id), OFFSETS, st.integers(0, 7200))
def test_between_two_moments_nothing_changes(found: list[Article], now: datetime, seconds: int) -> None:
    shown = at(now, *found)
    later = now + timedelta(seconds=seconds)
    if shown.valid(later):
        assert at(later, *found) == shown
    if shown.valid_until != NEVER:
        after = at(shown.valid_until, *found)
        assert after.valid_from == shown.valid_until
        assert after.last_modified >= shown.last_modified
        assert after.feed.updated >= shown.feed.updated or not after.feed.entries
