from __future__ import annotations

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.formats.keys.entries import Value, fold
from feedsvc.formats.keys.media import is_address
from feedsvc.formats.keys.reading import last_segment, read_keys


def tags(item: RawItem) -> list[str]:
    return [category.term for category in item.categories]


@pytest.mark.parametrize("key", ["expirydate", "expiryDate", "Expiry-Date", "expiry_date", "EXPIRES", "params.expires"])
def test_spellings_of_a_key(key: str) -> None:
    assert read_keys({key: "2026-01-01"}).expires == "2026-01-01"


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("headline", "title"),
        ("pubDate", "published"),
        ("date_published", "published"),
        ("last_modified", "updated"),
        ("lastmod", "updated"),
        ("embargo_until", "embargo"),
        ("unpublish", "expires"),
        ("guid", "id"),
        ("deck", "standfirst"),
        ("subtitle", "standfirst"),
        ("excerpt", "summary"),
        ("description", "summary"),
        ("locale", "language"),
        ("place", "dateline"),
        ("licence", "rights"),
        ("priority", "urgency"),
        ("slug", "slug"),
    ],
)
def test_keys_of_one_text(key: str, field: str) -> None:
    item = read_keys({key: " 2026-05-04 "}, lines={key: 7})
    assert getattr(item, field) == "2026-05-04"
    assert item.origin[field] == f"front matter {key}, line 7"


def test_the_better_key_wins_and_empty_ones_are_passed_over() -> None:
    item = read_keys({"subtitle": "b", "standfirst": "", "deck": "a", "description": "d", "summary": "s"})
    assert (item.standfirst, item.summary) == ("a", "s")


def test_kicker_layout_and_the_like_mean_nothing() -> None:
    assert read_keys({"kicker": "Opinion", "layout": "post", "weight": "1", "scraped_at": "2024-01-01"}) == RawItem()


def test_nested_keys_count_below_those_at_the_top() -> None:
    item = read_keys({"params": {"summary": "s", "author": "x"}, "extra": {"title": "no"}, "title": "yes"})
    assert (item.title, item.summary, item.byline) == ("yes", "s", "x")


def test_publish_date_is_an_embargo_and_the_date_where_there_is_no_other() -> None:
    alone = read_keys({"publishDate": "2030-01-01"})
    beside = read_keys({"publishDate": "2030-01-01", "date": "2026-01-01"})
    assert (alone.published, alone.embargo) == ("2030-01-01", "2030-01-01")
    assert (beside.published, beside.embargo) == ("2026-01-01", "2030-01-01")


def test_a_date_that_is_none_gives_way_and_is_noted() -> None:
    item = read_keys({"date": "soon", "pubdate": "2026-01-01"})
    assert item.published == "2026-01-01"
    assert "soon" in item.notes[0]


def test_an_unreadable_date_alone_is_given_as_it_is() -> None:
    assert read_keys({"embargo": "when the minister speaks"}).embargo == "when the minister speaks"


@pytest.mark.parametrize(
    ("keys", "status", "withdrawal"),
    [
        ({"draft": "true"}, "draft", False),
        ({"draft": "yes"}, "draft", False),
        ({"draft": "maybe"}, "draft", False),
        ({"draft": "false"}, "", False),
        ({"draft": ""}, "", False),
        ({"published": "false"}, "withheld", False),
        ({"published": "true"}, "", False),
        ({"hidden": "true"}, "hidden", False),
        ({"visibility": "private"}, "private", False),
        ({"visibility": "public"}, "", False),
        ({"status": "published"}, "usable", False),
        ({"Status": "in review"}, "in review", False),
        ({"status": "published", "draft": "true"}, "draft", False),
        ({"pubStatus": "stat:canceled"}, "stat:canceled", True),
        ({"status": "Killed", "published": "false"}, "Killed", True),
        ({"embargo": "true"}, "withheld", False),
    ],
)
def test_the_most_restrictive_status_counts(keys: dict[str, Value], status: str, withdrawal: bool) -> None:
    item = read_keys(keys)
    assert (item.status, item.withdrawal) == (status, withdrawal)


def test_published_may_be_a_date() -> None:
    item = read_keys({"published": "2026-01-01 10:00"})
    assert (item.published, item.status) == ("2026-01-01 10:00", "")


def test_an_embargo_without_a_day_is_noted() -> None:
    assert "withheld" in read_keys({"embargo": "yes"}).notes[0]
    assert read_keys({"embargo": "yes", "publish_date": "2030-01-01"}).status == ""


def test_a_version_counts_with_an_id_only() -> None:
    assert read_keys({"version": "2", "guid": "urn:x:1"}).version == "2"
    assert read_keys({"version": "1.93.1"}).version == ""


@pytest.mark.parametrize(
    ("keys", "sections"),
    [
        ({"category": "Local News"}, ("Local News",)),
        ({"categories": "sport, local news"}, ("sport", "local news")),
        ({"categories": ["sport", "local"], "section": "home"}, ("home", "sport", "local")),
        ({"channel": "news/europe; arts"}, ("news/europe", "arts")),
        ({"section": {"name": "Arts", "weight": "3"}}, ("Arts",)),
        ({"section": "", "categories": []}, ()),
    ],
)
def test_sections(keys: dict[str, Value], sections: tuple[str, ...]) -> None:
    assert read_keys(keys).sections == sections


@pytest.mark.parametrize(
    ("keys", "terms"),
    [
        ({"tags": "one two three"}, ["one", "two", "three"]),
        ({"tags": "town hall, budget"}, ["town hall", "budget"]),
        ({"tags": ["town hall", "budget", "Budget"]}, ["town hall", "budget"]),
        ({"tag": "town hall"}, ["town hall"]),
        ({"keywords": "town hall"}, ["town hall"]),
        ({"topics": ["a"], "tags": "#b"}, ["b", "a"]),
        ({"tags": [{"name": "Town Hall", "slug": "town-hall"}, ""]}, ["Town Hall"]),
        ({"tags": ""}, []),
    ],
)
def test_tags(keys: dict[str, Value], terms: list[str]) -> None:
    assert tags(read_keys(keys)) == terms


def test_a_tag_with_label_and_scheme() -> None:
    item = read_keys({"subjects": [{"term": "04000", "label": "Economy", "scheme": "topics"}]})
    assert item.categories == (RawCategory(term="04000", label="Economy", scheme="topics"),)


@pytest.mark.parametrize(
    ("value", "byline", "authors"),
    [
        ("Jane Doe and John Roe", "Jane Doe and John Roe", ()),
        ("jdoe", "jdoe", ()),
        (["jdoe", "John Roe"], "", (RawAuthor(name="jdoe"), RawAuthor(name="John Roe"))),
        ("jane@example.org (Jane)", "", (RawAuthor(name="Jane", email="jane@example.org"),)),
        ("Jane Doe <jane@example.org>", "", (RawAuthor(name="Jane Doe", email="jane@example.org"),)),
        ("Jane <https://example.org/j>", "", (RawAuthor(name="Jane", uri="https://example.org/j"),)),
        ("jane@example.org", "", (RawAuthor(name="jane@example.org", email="jane@example.org"),)),
        (
            "[Jane](https://example.org/j) (Desk) and [Jo](https://example.org/o)",
            "Jane (Desk) and Jo",
            (RawAuthor(name="Jane", uri="https://example.org/j"), RawAuthor(name="Jo", uri="https://example.org/o")),
        ),
        (
            {"name": "Jane", "email": "j@example.org", "url": "https://example.org", "role": "Editor"},
            "",
            (RawAuthor(name="Jane", email="j@example.org", uri="https://example.org", role="Editor"),),
        ),
        ([{"twitter": "x"}, {"name": "Jo"}, ""], "", (RawAuthor(name="Jo"),)),
    ],
)
def test_authors(value: Value, byline: str, authors: tuple[RawAuthor, ...]) -> None:
    item = read_keys({"author": value})
    assert (item.byline, item.authors) == (byline, authors)


def test_a_name_with_long_blanks_takes_no_time() -> None:
    with at_most(5):
        item = read_keys({"author": f"Jane{' ' * 60_000}Doe"})
        named = read_keys({"author": f"Jane Doe{' ' * 60_000}<jane@example.org>"})
    assert item.byline.split() == ["Jane", "Doe"]
    assert named.authors == (RawAuthor(name="Jane Doe", email="jane@example.org"),)


def test_a_byline_stays_beside_authors() -> None:
    item = read_keys({"byline": "By Jane Doe, Desk", "author": "Jane Doe"})
    assert (item.byline, item.authors) == ("By Jane Doe, Desk", (RawAuthor(name="Jane Doe"),))


@pytest.mark.parametrize(
    ("keys", "url"),
    [
        ({"image": "/a.jpg"}, "/a.jpg"),
        ({"featured_image": ["b.png", "b.png"]}, "b.png"),
        ({"header-img": "img/c.webp"}, "img/c.webp"),
        ({"cover": {"image": "/d.jpg"}}, "/d.jpg"),
        ({"image": {"path": "/e.jpg"}}, "/e.jpg"),
        ({"thumbnail": "/f.jpg"}, "/f.jpg"),
        ({"thumbnail": "/f.jpg", "image": "/g.jpg"}, "/g.jpg"),
        ({"enclosure": "https://example.org/h.mp3"}, "https://example.org/h.mp3"),
    ],
)
def test_media(keys: dict[str, Value], url: str) -> None:
    assert [medium.url for medium in read_keys(keys).media] == [url]


def test_a_medium_with_all_that_is_said_of_it() -> None:
    item = read_keys(
        {
            "image": {"src": "/a.jpg", "width": "640px", "height": "480", "caption": "own"},
            "image_alt": "alt",
            "image_caption": "other",
            "photo_credit": "credit",
            "podcast": [
                {"url": "https://example.org/p.mp3", "length": "1,234", "type": "audio/mpeg", "duration": "1:02:03"}
            ],
            "video": "https://example.org/v.mp4\n99\nvideo/mp4",
        }
    )
    picture, film, sound = item.media
    assert picture == RawMedium(url="/a.jpg", width=640, height=480, caption="own", alt="alt", credit="credit")
    assert film == RawMedium(url="https://example.org/v.mp4", length=99, type="video/mp4")
    assert sound == RawMedium(url="https://example.org/p.mp3", length=1234, type="audio/mpeg", duration=3723)


def test_a_picture_named_by_an_id_is_noted() -> None:
    item = read_keys({"primary_image": "ferry-at-dusk", "image": "false"})
    assert item.media == ()
    assert len(item.notes) == 1
    assert "ferry-at-dusk" in item.notes[0]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("a.jpg", True), ("/a", True), ("id-of-it", False), ("a b.jpg", True), ("a b/c", False), ("a\nb.jpg", False)],
)
def test_addresses_of_files(text: str, is_one: bool) -> None:
    assert is_address(text) is is_one


@pytest.mark.parametrize(
    ("keys", "link", "agency"),
    [
        ({"canonical_url": "https://a.example/", "url": "https://b.example/"}, "https://a.example/", ""),
        ({"url": "https://b.example/", "source_url": "https://c.example/"}, "https://b.example/", ""),
        ({"source_url": "https://c.example/", "source": "The Wire"}, "https://c.example/", "The Wire"),
        ({"source": "https://c.example/"}, "https://c.example/", ""),
        ({"canonical": "/relative/"}, "", ""),
        ({"link": "javascript:alert(1)"}, "", ""),
    ],
)
def test_links_and_agencies(keys: dict[str, Value], link: str, agency: str) -> None:
    item = read_keys(keys)
    assert (item.link, item.agency) == (link, agency)


@pytest.mark.parametrize(
    ("key", "path", "slug", "days"),
    [
        ("path", "2026/02/12/Tables-3.0", "Tables-3.0", ("2026-02-12",)),
        ("url", "/news/2015/07/15/bridge.html", "bridge", ("2015-07-15",)),
        ("permalink", "/:year/:title/", "", ()),
        ("url", "https://example.org/2015/07/15/bridge", "", ("2015-07-15",)),
        ("permalink", "/about/", "about", ()),
    ],
)
def test_paths_give_slug_and_day(key: str, path: str, slug: str, days: tuple[str, ...]) -> None:
    item = read_keys({key: path})
    assert (item.slug, item.published_fallbacks) == (slug, days)


@pytest.mark.parametrize(
    ("path", "name"), [("/a/b/", "b"), ("/a/b/index.html", "b"), ("a.md", "a"), ("/x?y=1#z", "x"), ("/", "")]
)
def test_last_segment(path: str, name: str) -> None:
    assert last_segment(path) == name


def test_keys_fold() -> None:
    assert {fold(key) for key in ["Publish-Date", "publish_date", "publishDate", " params.publish date"]} == {
        "publishdate"
    }


NAMES = st.sampled_from(
    ["title", "date", "draft", "status", "tags", "category", "authors", "image", "enclosure", "params", "url", "source"]
)
VALUES = st.recursive(
    st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.just("name"), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_no_value_is_an_error(mapping: dict[str, Value]) -> None:
    item = read_keys(mapping)
    assert all(isinstance(text, str) and text == text.strip() for text in (item.title, item.byline, item.slug))
    assert all(name and isinstance(name, str) for name in item.sections)
    assert all(author.name for author in item.authors)
    assert all(medium.url for medium in item.media)
