"""User-Agents as readers write them: whose they are, and how many subscribers they declare."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.numbers.agents import BROWSER, LONGEST_NAME, UNNAMED, Agents, reduced, subscribers

AGENTS = Agents()


@pytest.mark.parametrize(
    ("said", "name", "kind", "count", "feed_id"),
    [
        (
            "Feedly/1.0 (+http://feedly.test/f.html; 16 subscribers; like FeedFetcher-Google)",
            "Feedly",
            "service",
            16,
            "",
        ),
        ("Inoreader/1.0 (+http://inoreader.test/feed-fetcher; 3 subscribers; )", "Inoreader", "service", 3, ""),
        ("NewsBlur Feed Fetcher - 1,234 subscribers - https://newsblur.test", "NewsBlur", "service", 1234, ""),
        ("FeedPress/3.0 (+https://feedpress.test; 1 subscriber)", "FeedPress", "service", 1, ""),
        ("Feedbin feed-id:1373711 - 36 subscribers", "Feedbin", "service", 36, "1373711"),
        (
            "Mozilla/5.0 (compatible; theoldreader.com; 12 subscribers; feed-id=9f)",
            "The Old Reader",
            "service",
            12,
            "9f",
        ),
        ("Bloglovin/1.0 (http://bloglovin.test; 8 subscribers)", "Bloglovin", "service", 8, ""),
        ("Mozilla/5.0 (compatible; Feedspot/1.0; 21 Subscribers)", "Feedspot", "service", 21, ""),
        ("Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.test; 5 subscribers)", "BazQux", "service", 5, ""),
        ("Mozilla/5.0 (compatible; YandexBlogs/0.99; robot; B) 7 readers", "Yandex", "service", 7, ""),
        ("Netvibes (http://netvibes.test/; 5 subscribers; feedId: 5404723)", "Netvibes", "service", 5, "5404723"),
        ("LiveJournal.com (webmaster@lj.test; for http://a.test/; 1 readers)", "LiveJournal", "service", 1, ""),
        ("YahooFeedSeeker/1.0 (compatible; Mozilla 4.0; users 2; views 169)", "Yahoo", "service", 2, ""),
        ("PlainFeeder v0.0.1 (+http://p.test ; Subscriber Count: 77)", "PlainFeeder", "service", 77, ""),
        ("Overcast/1.0 Podcast Sync (1190 subscribers; feed-id=554901)", "Overcast", "podcast", 1190, "554901"),
        ("FlipboardRSS/1.2 (+http://flipboard.test/browserproxy)", "Flipboard", "service", None, ""),
        ("FreshRSS/1.24.1 (Linux; https://freshrss.test)", "FreshRSS", "app", None, ""),
        ("Tiny Tiny RSS/23.01 (https://tt-rss.test/)", "Tiny Tiny RSS", "app", None, ""),
        ("Mozilla/5.0 (compatible; Miniflux/2.2.3; +https://miniflux.test)", "Miniflux", "app", None, ""),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", "Google", "crawler", None, ""),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", BROWSER, "browser", None, ""),
        ("Tide Table Reader/2.0", "Tide Table Reader", "", None, ""),
        ("", UNNAMED, "", None, ""),
    ],
)
def test_the_agents_that_there_are(said: str, name: str, kind: str, count: int | None, feed_id: str) -> None:
    assert AGENTS.read(said) == (name, kind, count, feed_id)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("Foo; subscribers:12", 12),
        ("Foo (subscribers=12)", 12),
        ("Foo/1.0; subscribers 1", 1),
        ("Foo; 1,234 subscribers;", 1234),
        ("Foo; 1.234.567 subscribers", 1234567),
        ("Foo; 1'234 readers", 1234),
        ("Foo/2.0 123 subscribers", 123),
        ("Foo (0 subscribers)", 0),
        ("Foo; 12 active subscribers", 12),
        ("Foo; 250+ followers", 250),
        ("Foo_(http://foo.test;_20_subscribers)", 20),
        ("Foo (12 Abonnenten)", 12),
        ("FeedReader 3.14", None),
        ("Reader/2.0", None),
        ("Foo reader-12", None),
        ("Foo; 99999999999999999999 subscribers", None),
        ("Foo; 999999999 subscribers", None),
        ("Foo; -5 subscribers", None),
        ("Feedbin feed-id:12 - 3 subscribers", 3),
    ],
)
def test_counts_in_all_their_spellings(said: str, count: int | None) -> None:
    assert subscribers(said) == count


@pytest.mark.parametrize(
    "said",
    [
        "joe.bloggs@harbour.test",
        "Fetcher of joe@harbour.test",
        "Fetcher 192.0.2.77",
        "Fetcher 2001:db8::77",
        "Fetcher https://home.harbour.test/~joe",
        "Fetcher 123e4567e89b12d3a456426614174000",
        "Fetcher 17 1234567",
    ],
)
def test_a_name_tells_no_user_from_others(said: str) -> None:
    name = reduced(said)
    for personal in ("joe", "192", "2001", "home", "123", "harbour"):
        assert personal not in name


@settings(max_examples=200)
@given(st.text(max_size=2000))
def test_any_text_becomes_a_bounded_name(said: str) -> None:
    agent = AGENTS.read(said)
    assert 0 < len(agent.name) <= LONGEST_NAME
    assert agent.name.isprintable()
    assert "@" not in agent.name
