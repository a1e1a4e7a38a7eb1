"""Pieces that are kept: the bytes are those of a renderer that knows nothing yet, and so is what the gate finds."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc.feeds.atom import Atom
from feedsvc.feeds.jsonfeed import JsonFeed
from feedsvc.feeds.pieces import InPieces, Joined
from feedsvc.feeds.rss import Rss
from feedsvc.links import Links
from feedsvc.model import Article, Author, Enclosure, Entry, Feed
from feedsvc.podcasts import Podcast
from feedsvc.publish.validity import examine
from feedsvc.publish.window import Shown

KINDS = (Rss, Atom, JsonFeed)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
SHOW = Podcast(guid="9b024349-ccf0-5f69-a609-6b82873eab3c", author="Ada Quay", categories=("News",), kind="serial")


@pytest.fixture
def pool(make_article: Callable[..., Article], rich_article: Article) -> Sequence[Entry]:
    """Entries that use different namespaces, and some with which something is wrong."""
    articles = [
        make_article(1),
        make_article(2, authors=(Author(name="Ada Quay"),), expires=make_article(2).published + timedelta(days=9)),
        make_article(3, language="fr", rights="https://terms.example/by", title="Line\nends & ]]> <here>"),
        make_article(4, enclosures=(Enclosure(url="/media/a/song.mp3", type="audio/mpeg", length=7, duration=60),)),
        make_article(5, content='<p><a href="nowhere">An address that is not full</a></p>'),
        make_article(6, content="<p>What could run</p><script>run()</script>"),
        make_article(7, published=make_article(7).published + timedelta(days=90)),
        make_article(8, updated=make_article(1).updated),
        replace(rich_article, id="tag:news.example.org,2026:rich"),
    ]
    return [Entry(article=one, path=f"/articles/{n}", released=one.published) for n, one in enumerate(articles)]


TURNS = st.lists(
    st.tuples(st.lists(st.integers(0, 8), unique=True, max_size=6), st.booleans(), st.sampled_from(["en-GB", "fr"]),
              st.sampled_from(["", "https://terms.example/by"]), st.booleans()),
    min_size=2, max_size=6,
)  # fmt: skip


@every_kind
@given(turns=TURNS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_changes_nothing(
    kind: type[Rss | Atom | JsonFeed],
    turns: Sequence[tuple[Sequence[int], bool, str, str, bool]],
    pool: Sequence[Entry],
    make_feed: Callable[..., Feed],
    links: Links,
) -> None:
    used = kind()
    for chosen, full_text, language, rights, show in turns:
        feed = make_feed(language=language, rights=rights, full_text=full_text, podcast=SHOW if show else None)
        feed = replace(feed, entries=tuple(pool[number] for number in chosen))
        shown = Shown(feed=feed, seq=1, last_modified=feed.updated, valid_from=feed.updated)
        document, fresh = used.render(feed, links), bytes(kind().render(feed, links))
        assert document == fresh
        for _ in range(2):
            assert examine(document, shown, used) == examine(fresh, shown, used)


@every_kind
def test_an_entry_is_written_and_read_once(
    kind: type[Rss | Atom | JsonFeed], pool: Sequence[Entry], make_feed: Callable[..., Feed], links: Links
) -> None:
    used = kind()
    first = used.render(replace(make_feed(), entries=(pool[0],)), links)
    feed = replace(make_feed(), entries=(pool[1], pool[0]))
    second = used.render(feed, links)
    assert isinstance(first, Joined)
    assert isinstance(second, Joined)
    assert second.pieces[1] is first.pieces[0]
    examine(second, Shown(feed=feed, seq=1, last_modified=feed.updated), used)
    assert all(piece.read is not None for piece in second.pieces)


@every_kind
def test_what_nobody_holds_is_forgotten(
    kind: type[Rss | Atom | JsonFeed],
    make_article: Callable[..., Article],
    make_feed: Callable[..., Feed],
    links: Links,
) -> None:
    used: InPieces = kind()
    feed = make_feed(*(make_article(number) for number in range(5)))
    used.render(feed, links)  # type: ignore[attr-defined]
    [kept] = used._pieces._kept.values()
    assert len(kept) == 5
    del feed
    gc.collect()
    assert not kept
