"""JSON-LD: mended where it is broken, searched for the page's own article, read field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from feedsvc.formats.html import jsonld, tree
from feedsvc.formats.html.clues import Clues


def read(*scripts: str, titles: tuple[str, ...] = (), addresses: tuple[str, ...] = ()) -> Clues:
    written = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return jsonld.read(tree.parse(f"<html>{written}<body>x</body></html>"), titles=titles, addresses=addresses)


def article(**fields: Any) -> str:
    return json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **fields})


@pytest.mark.parametrize(
    "script",
    [
        '{"headline": "Wall"}',
        '\n//<![CDATA[\n{"headline": "Wall"}\n//]]>\n',
        '<!-- {"headline": "Wall"} -->',
        '/* */ {"headline": "Wall"};',
        '{"headline": "Wall",}',
        '{"headline": "Wall", "keywords": ["a", "b",],\n}',
        '{"headline": "Wall", "description": "two\nlines\tand a tab"}',
        '{"headline": "Wall"} {"headline": "Other"}',
        "{&quot;headline&quot;: &quot;Wall&quot;}",
    ],
)
def test_json_of_the_wild_is_mended(script: str) -> None:
    values, whole = jsonld.load(script)
    assert values[0]["headline"] == "Wall"
    assert whole


@pytest.mark.parametrize("script", ["", "null", "[[[[", "{" * 5000, '{"a": "b" "c"}', "[" * 100_000])
def test_what_cannot_be_mended_does_no_harm(script: str) -> None:
    jsonld.load(script)
    assert not read(script).first("title.jsonld").value


def test_broken_json_still_gives_headline_and_dates() -> None:
    clues = read(
        '{"@type":"NewsArticle","headline":"A \\u201cnew\\u201d wall","x":"he said "no"","datePublished":"2016-09-30"'
    )
    assert clues.first("published").value == "2016-09-30"
    assert clues.first("published").origin == "broken JSON-LD datePublished"


@pytest.mark.parametrize(
    "kind",
    [
        "NewsArticle",
        "Article",
        "ReportageNewsArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "http://schema.org/NewsArticle",
    ],
)
def test_kinds_of_article(kind: str) -> None:
    for given in (kind, [kind, "Thing"]):
        assert read(json.dumps({"@type": given, "headline": "Wall"})).first("title.jsonld").value == "Wall"


@pytest.mark.parametrize("kind", ["Organization", "Product", "Recipe", "VideoObject", 7, None, [None]])
def test_other_kinds_are_no_article(kind: object) -> None:
    assert not read(json.dumps({"@type": kind, "headline": "Wall"})).first("title.jsonld").value


def test_articles_are_found_in_graphs_lists_and_pages() -> None:
    wall = {"@type": "NewsArticle", "headline": "Wall"}
    for holder in (
        {"@graph": [{"@type": "WebSite"}, wall]},
        [{"@type": "Organization"}, [wall]],
        {"@type": "WebPage", "mainEntity": wall},
    ):
        assert read(json.dumps(holder)).first("title.jsonld").value == "Wall"


def test_articles_of_lists_and_comments_are_not_the_page() -> None:
    teaser = {"@type": "NewsArticle", "headline": "Teaser"}
    holder = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": teaser}]}
    assert not read(json.dumps(holder)).first("title.jsonld").value


def test_of_several_articles_the_one_with_the_pages_address_or_headline_is_taken() -> None:
    scripts = (
        article(headline="Ferry", url="https://a.example/ferry"),
        article(headline="Wall", url="https://a.example/wall"),
    )
    assert read(*scripts).first("title.jsonld").value == "Ferry"
    assert read(*scripts, addresses=("http://www.a.example/wall/?x=1",)).first("title.jsonld").value == "Wall"
    assert read(*scripts, titles=("Wall!",)).first("title.jsonld").value == "Wall"


def test_people_organisations_and_wires_are_told_apart() -> None:
    clues = read(
        article(
            author=[
                {"@type": "Person", "name": "Jo Fennimore", "url": "https://a.example/jo"},
                "By Kit Arden",
                {"@type": "Organization", "name": "Reuters"},
                {"@type": "Organization", "name": "The Courier"},
                {"@type": "Person", "name": ["Ana Brisk", "Tom Vale"]},
                "https://a.example/desk",
            ],
            publisher={"@type": "Organization", "name": "The Courier"},
        )
    )
    assert [author.name for author, _ in clues.authors] == ["Jo Fennimore", "Kit Arden", "Ana Brisk", "Tom Vale"]
    assert clues.authors[0][0].uri == "https://a.example/jo"
    assert clues.first("agency").value == "Reuters"


def test_references_to_other_objects_are_followed() -> None:
    person = {"@type": "Person", "@id": "#jo", "name": "Jo Fennimore"}
    holder = {"@graph": [{"@type": "NewsArticle", "headline": "Wall", "author": {"@id": "#jo"}}, person]}
    assert [author.name for author, _ in read(json.dumps(holder)).authors] == ["Jo Fennimore"]


def test_pictures_with_their_size_caption_and_credit() -> None:
    picture = {
        "@type": "ImageObject",
        "url": "https://a.example/w.jpg",
        "width": "1200px",
        "height": {"@type": "QuantitativeValue", "value": 630},
        "caption": "The wall",
        "creditText": "Ida Lorne",
    }
    ((medium, origin),) = read(article(image=[picture, "https://a.example/w-4x3.jpg"])).media
    assert (medium.url, medium.width, medium.height) == ("https://a.example/w.jpg", 1200, 630)
    assert (medium.caption, medium.credit, origin) == ("The wall", "Ida Lorne", "JSON-LD image")


def test_sound_and_film_need_an_address_of_their_own() -> None:
    film = {
        "@type": "VideoObject",
        "contentUrl": "https://a.example/w.mp4",
        "encodingFormat": "video/mp4",
        "duration": "PT1M5S",
    }
    page = {"@type": "VideoObject", "url": "https://a.example/watch"}
    ((medium, _),) = read(article(video=[film, page])).media
    assert (medium.url, medium.type, medium.duration) == ("https://a.example/w.mp4", "video/mp4", 65)


def test_a_live_blog_has_the_text_of_its_updates() -> None:
    updates = [
        {"@type": "BlogPosting", "headline": "Noon", "articleBody": "Water rises."},
        "odd",
        {"articleBody": "It fell."},
    ]
    clues = read(json.dumps({"@type": "LiveBlogPosting", "headline": "Storm", "liveBlogUpdate": updates}))
    assert clues.first("text").value == "Noon\n\nWater rises.\n\nIt fell."


def test_crumbs_stand_in_the_order_of_their_positions() -> None:
    entries = [{"position": 2, "name": "World"}, {"position": "1", "item": {"name": "Home"}}, {"position": None}, "odd"]
    clues = read(json.dumps({"@type": "BreadcrumbList", "itemListElement": entries}))
    assert clues.first("crumbs").value == "Home > World"
