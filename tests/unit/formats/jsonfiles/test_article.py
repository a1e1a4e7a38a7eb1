from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

import pytest

from feedsvc.errors import NotAnArticle, ParseError, UnknownFormat
from feedsvc.formats.base import Format, RawAuthor, RawItem
from feedsvc.formats.jsonfiles.article import JsonArticle

FMT = JsonArticle()
PATH = PurePosixPath("x.json")
SCHEMA = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "H", "articleBody": "Text."}


def read_all(value: object) -> list[RawItem]:
    return list(FMT.parse(json.dumps(value).encode(), PATH))


def read(value: object) -> RawItem:
    (item,) = read_all(value)
    return item


def recognises(value: object) -> bool:
    return FMT.recognises(json.dumps(value).encode(), PATH)


def test_it_is_a_format() -> None:
    assert isinstance(FMT, Format)


@pytest.mark.parametrize(
    ("value", "error", "reason"),
    [
        ({"name": "a-package", "version": "1.0.0", "dependencies": {"x": "1"}}, NotAnArticle, "no text"),
        ({"type": "FeatureCollection", "features": []}, NotAnArticle, "GeoJSON"),
        ({"debug": True, "port": 8000}, UnknownFormat, "debug, port"),
        ([1, 2, 3], UnknownFormat, "only numbers"),
        ([[[[[[{"title": "deep", "body": "x"}]]]]]], UnknownFormat, "only numbers"),
        ("text", UnknownFormat, "only numbers"),
        ([{"a": 1}, {"b": 2}], UnknownFormat, "names: a"),
        ({"title": "T", "body": {"x": 1}}, NotAnArticle, "no text"),
        ({"title": "T", "body": ""}, NotAnArticle, "no text"),
        ({"@context": "https://schema.org", "@type": "Recipe", "name": "Soup", "text": "x"}, NotAnArticle, "Recipe"),
        ({"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}]}, NotAnArticle, "WebSite"),
        ({"@type": "NewsArticle", "headline": "H"}, NotAnArticle, "no text"),
        ({"guid": "1", "pubstatus": "usable", "headline": "H", "body_html": "<p>x</p>"}, UnknownFormat, "ninjs"),
    ],
)
def test_json_that_is_no_article_is_refused_with_a_reason(value: object, error: type[Exception], reason: str) -> None:
    if value != {"@type": "NewsArticle", "headline": "H"}:
        assert not recognises(value)
    with pytest.raises(error, match=reason):
        read_all(value)


def test_broken_json_is_refused_with_its_line() -> None:
    assert not FMT.recognises(b'{"title": "T",\n "body": }', PATH)
    with pytest.raises(ParseError) as caught:
        FMT.parse(b'{"title": "T",\n "body": }', PATH)
    assert caught.value.line == 2


@pytest.mark.parametrize(
    "value",
    [
        {"title": "T", "body": "x"},
        {"Headline": "T", "Content": "x"},
        {"name": "T", "text": "x"},
        {"title": "T", "content_html": "<p>x</p>"},
        {"data": {"article": {"title": "T", "article_body": "x"}}},
        [{"title": "T", "body": ["x"]}],
    ],
)
def test_a_title_and_a_text_make_an_article(value: object) -> None:
    assert recognises(value)
    item = read(value)
    assert (item.title, item.body) == ("T", "<p>x</p>")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a < b\n\nc & d", "<p>a &lt; b</p>\n<p>c &amp; d</p>"),
        ("<p>a &lt; b</p>", "<p>a &lt; b</p>"),
        (["a & b", "c"], "<p>a &amp; b</p>\n<p>c</p>"),
        (["<p>a</p>", "<p>b</p>"], "<p>a</p>\n<p>b</p>"),
    ],
)
def test_text_and_html_are_told_apart(body: object, expected: str) -> None:
    assert read({"title": "T", "body": body}).body == expected


def test_names_count_in_any_spelling() -> None:
    item = read(
        {
            "title": "T",
            "body": "x",
            "publishedAt": "2024-01-01",
            "last-modified": "2024-01-02",
            "Expiry_Date": "2024-02-01",
            "canonicalUrl": "https://x.example/a",
            "guid": 42,
            "Tags": ["a", "b"],
        }
    )
    assert (item.published, item.updated, item.expires) == ("2024-01-01", "2024-01-02", "2024-02-01")
    assert (item.link, item.id) == ("https://x.example/a", "42")
    assert [category.term for category in item.categories] == ["a", "b"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"draft": True}, "draft"),
        ({"draft": False}, ""),
        ({"published": False}, "withheld"),
        ({"published": True}, ""),
        ({"status": "withheld"}, "withheld"),
        ({"embargo": True}, "withheld"),
        ({"embargo": {"day": "2024-01-01"}}, "withheld"),
        ({"embargo": None}, ""),
        ({"embargo": "2024-01-01"}, ""),
    ],
)
def test_what_is_not_for_readers_is_marked(fields: dict[str, Any], status: str) -> None:
    assert read({"title": "T", "body": "x", **fields}).status == status


def test_a_list_of_articles_is_numbered() -> None:
    items = read_all([{"title": "A", "body": "x"}, {"other": 1}, {"headline": "B", "text": "y"}])
    assert [(item.title, item.part) for item in items] == [("A", 1), ("B", 2)]
    assert "1 other objects in this file were passed over." in items[0].notes


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Una Marsh", ["Una Marsh"]),
        (["Una Marsh", {"@type": "Person", "name": "Tom Reed"}], ["Una Marsh", "Tom Reed"]),
        ({"@type": "Organization", "name": "Desk"}, ["Desk"]),
        ({"@type": "Person"}, []),
        (None, []),
    ],
)
def test_authors_of_schema_org(author: object, names: list[str]) -> None:
    assert [each.name for each in read({**SCHEMA, "author": author}).authors] == names


def test_an_author_of_schema_org_with_particulars() -> None:
    person = {
        "@type": "Person",
        "name": "Una",
        "url": "https://x.example/u",
        "email": "mailto:u@x.example",
        "jobTitle": "Editor",
    }
    assert read({**SCHEMA, "author": person}).authors == (
        RawAuthor(name="Una", uri="https://x.example/u", email="u@x.example", role="Editor"),
    )


@pytest.mark.parametrize(
    ("fields", "own"),
    [
        ({"identifier": "abc", "@id": "https://x.example/1"}, "abc"),
        ({"identifier": {"@type": "PropertyValue", "value": "v1"}}, "v1"),
        ({"@id": "https://x.example/1"}, "https://x.example/1"),
        ({"@id": "_:b0"}, ""),
        ({"url": "https://x.example/1"}, ""),
    ],
)
def test_the_id_of_schema_org(fields: dict[str, Any], own: str) -> None:
    assert read({**SCHEMA, **fields}).id == own


@pytest.mark.parametrize(
    "kind",
    ["NewsArticle", "https://schema.org/Article", "schema:BlogPosting", ["Thing", "ReportageNewsArticle"], "Report"],
)
def test_all_kinds_of_articles_are_known(kind: object) -> None:
    value = {**SCHEMA, "@type": kind}
    assert recognises(value)
    assert read(value).title == "H"


@pytest.mark.parametrize(
    ("image", "urls"),
    [
        ("https://x.example/a.jpg", ["https://x.example/a.jpg"]),
        (["a.jpg", {"@type": "ImageObject", "contentUrl": "b.jpg"}], ["a.jpg", "b.jpg"]),
        ({"@type": "ImageObject"}, []),
    ],
)
def test_images_of_schema_org(image: object, urls: list[str]) -> None:
    assert [medium.url for medium in read({**SCHEMA, "image": image}).media] == urls


def test_a_graph_needs_no_context() -> None:
    value = {"@graph": [{"@type": "WebSite", "name": "S"}, {"@type": "Article", "headline": "A", "articleBody": "x"}]}
    assert recognises(value)
    assert (read(value).title, read(value).origin["body"]) == ("A", "@graph[1].articleBody")


def test_a_draft_of_schema_org_is_a_draft() -> None:
    assert read({**SCHEMA, "creativeWorkStatus": "Draft"}).status == "draft"
    assert read({**SCHEMA, "creativeWorkStatus": "Published"}).status == ""


def test_an_item_of_json_feed_stands_alone() -> None:
    value = {"id": "1", "url": "https://x.example/1", "content_text": "a < b"}
    assert recognises(value)
    assert (read(value).body, read(value).part) == ("<p>a &lt; b</p>", 0)
