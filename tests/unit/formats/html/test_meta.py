"""The head of a page, and the lines before a fragment."""

from __future__ import annotations

import pytest

from feedsvc.formats.html import meta, tree
from feedsvc.formats.html.clues import Clues


def read(head: str) -> Clues:
    return meta.read(tree.parse(f"<html><head>{head}</head><body>x</body></html>"))


@pytest.mark.parametrize(
    "written",
    [
        'property="article:published_time"',
        'name="article:published_time"',
        'name="article.published"',
        'name="DC.date.issued"',
        'name="dcterms.created"',
        'property="dc:date"',
        'name="parsely-pub-date"',
        'name="sailthru.date"',
        'name="citation_publication_date"',
        'itemprop="datePublished"',
        'name="PubDate"',
        'name="date"',
        'property="x:none article:published_time"',
    ],
)
def test_dates_of_publication(written: str) -> None:
    assert read(f'<meta {written} content="2016-09-30">').first("published").value == "2016-09-30"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("article:modified_time", "updated"),
        ("dcterms.modified", "updated"),
        ("article:section", "section"),
        ("parsely-section", "section"),
        ("description", "summary"),
        ("og:description", "summary"),
        ("standfirst", "standfirst"),
        ("embargo", "embargo"),
        ("expires", "expires"),
        ("id", "id"),
        ("guid", "id"),
        ("status", "status"),
        ("rights", "rights"),
        ("copyright", "rights"),
        ("language", "language"),
        ("og:locale", "locale"),
        ("canonical", "link"),
        ("og:url", "link"),
        ("og:site_name", "site"),
        ("article:tag", "tag"),
        ("news_keywords", "tag.more"),
    ],
)
def test_names_and_their_fields(name: str, field: str) -> None:
    clue = read(f'<meta name="{name}" content=" A  value ">').first(field)
    assert (clue.value, clue.origin) == ("A value", f"meta {name}")


def test_the_better_source_wins_whatever_the_order() -> None:
    head = '<meta name="description" content="plain"><meta name="og:description" content="graph">'
    assert read(head).first("summary").value == "graph"
    both = '<meta name="dc.title" content="by name"><meta property="dc:title" content="by property">'
    assert read(both).first("title.dc").value == "by property"


def test_an_empty_or_missing_content_says_nothing() -> None:
    assert not read('<meta property="og:title"><meta name="author" content="  ">').values.get("title.og")
    assert not read('<meta name="author" content="  ">').authors


def test_expiry_for_caches_is_none_and_one_that_cannot_be_read_is_kept() -> None:
    for value in ("0", "-1", "never", "no-cache"):
        assert not read(f'<meta name="expires" content="{value}">').first("expires").value
    assert not read('<meta http-equiv="expires" content="Mon, 01 Jan 1990 00:00:00 GMT">').first("expires").value
    assert read('<meta name="expires" content="next week">').first("expires").value == "next week"
    robots = '<meta name="robots" content="index, unavailable_after: 2024-03-31">'
    assert read(robots).first("expires").value == "2024-03-31"


def test_switches_that_hide() -> None:
    assert read('<meta name="draft" content="true">').first("status").value == "draft"
    assert read('<meta name="published" content="false">').first("status").value == "withheld"
    assert not read('<meta name="draft" content="no">').first("status").value


def test_authors_are_people_not_outlets_or_addresses() -> None:
    head = '<meta property="og:site_name" content="The Courier">'
    assert not read(f'{head}<meta name="author" content="The Courier">').authors
    assert not read('<meta property="article:author" content="https://social.example/jo">').authors
    (entry,) = read(f'{head}<meta name="author" content="by Jo Fennimore">').authors
    assert entry[0].name == "Jo Fennimore"
    assert read('<meta name="author" content="dpa">').first("agency").value == "dpa"


def test_the_picture_has_its_size_and_words() -> None:
    head = (
        '<meta property="og:image" content="/w.jpg"><meta property="og:image:width" content="1200">'
        '<meta property="og:image:height" content="630"><meta property="og:image:type" content="image/jpeg">'
        '<meta property="og:image:alt" content="A wall">'
    )
    ((medium, origin),) = read(head).media
    assert (medium.url, medium.width, medium.height, medium.type) == ("/w.jpg", 1200, 630, "image/jpeg")
    assert (medium.alt, origin) == ("A wall", "meta og:image")


@pytest.mark.parametrize("url", ["/img/logo.png", "/default-image.jpg", "/a/placeholder.png"])
def test_a_picture_of_the_site_is_none_of_the_article(url: str) -> None:
    assert not read(f'<meta property="og:image" content="{url}">').media


def test_language_of_the_page_comes_before_that_of_its_metadata() -> None:
    page = tree.parse('<html lang="de-AT"><meta name="language" content="English"><body>x</body></html>')
    assert meta.read(page).first("language").value == "de-AT"


def test_properties_in_the_body_belong_to_items() -> None:
    page = tree.parse('<html><body><div><meta itemprop="datePublished" content="2001-01-01"></div></body></html>')
    assert not meta.read(page).first("published").value
