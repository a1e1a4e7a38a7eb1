"""Real files of agencies, where they are at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from lxml import html

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.newsxml.newsml1 import NewsML1
from feedsvc.formats.newsxml.newsmlg2 import NewsMLG2

SAMPLES = Path(__file__).parents[5] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not at hand")


def read(path: str) -> list[RawItem]:
    file = SAMPLES / path
    each = NewsML1() if "ninjs" in path else NewsMLG2()
    assert each.recognises(file.read_bytes(), PurePosixPath(path))
    return list(each.parse(file.read_bytes(), PurePosixPath(path)))


def listing(number: int) -> list[RawItem]:
    (file,) = (SAMPLES / "newsml-g2").glob(f"LISTING_{number}_*.xml")
    return read(f"newsml-g2/{file.name}")


def letters(markup: str) -> str:
    """The text of *markup* without any white space: only one of the two breaks its lines."""
    return "".join("".join(map(str, html.fromstring(f"<div>{markup}</div>").itertext())).split())


def test_a_text_with_an_embargo() -> None:
    (item,) = listing(1)
    assert item.id == "urn:newsml:acmenews.com:20161018:US-FINANCE-FED"
    assert (item.version, item.status, item.language) == ("11", "stat:usable", "en-GB")
    assert (item.embargo, item.published) == ("2018-10-23T12:00:00Z", "2016-10-18T13:12:21-05:00")
    assert (item.slug, item.dateline, item.authors[0].name) == ("US-Finance-Fed", "Berlin", "Meredith Jameson")
    assert "STRICTLY" not in repr(item)


def test_a_text_with_nitf_inside() -> None:
    (item,) = listing(2)
    assert item.byline == "By Meredith Jameson, Staff Reporter"
    assert item.body.count("<p>") == 2
    assert item.agency == "Associated Press"
    assert [category.label for category in item.categories][1] == "central bank"


def test_sport_in_nitf_and_the_same_as_bare_content() -> None:
    (item,), (bare,) = listing(22), listing(25)
    assert item.byline == bare.byline == "Sports Network"
    assert item.title.startswith("Preview: Arizona")
    assert bare.title.startswith("Arizona")
    assert item.body.count("<p>") == 6


@pytest.mark.parametrize("number", [3, 6, 24])
def test_pictures_and_packages_are_no_articles(number: int) -> None:
    with pytest.raises(NotAnArticle):
        listing(number)


def test_a_release_whose_first_component_is_not_its_text() -> None:
    (item,) = read("ninjs/NewsML/businesswire-newsml-20130605006126.xml")
    given: dict[str, Any] = json.loads(
        (SAMPLES / "ninjs/1.4/businesswire-newsml-20130605006126.json").read_text("utf-8")
    )
    assert item.title == given["headline"]
    assert letters(item.body).startswith(letters(given["body_xhtml"]))
    assert [category.term for category in item.categories] == [subject["name"] for subject in given["subject"]]
    assert item.version == given["version"]
    assert item.id == "urn:newsml:businesswire.com:20010714:20130605006126"
    assert "Monica" not in item.body
    assert item.media == ()


@pytest.mark.parametrize("name", ["embargoed", "empty_paragraph", "with_dateline"])
def test_an_item_agrees_with_the_json_that_it_was_made_from(name: str) -> None:
    (item,) = read(f"digitalwires/output/{name}.xml")
    given: dict[str, Any] = json.loads((SAMPLES / f"digitalwires/input/{name}.json").read_text("utf-8"))
    assert (item.title, item.id, item.version) == (given["headline"], given["urn"], str(given["version"]))
    assert item.embargo == (given["embargoed"] or "")
    assert item.published == given["version_created"]
    assert item.byline == (given["byline"] or "")
    assert item.dateline == re.split(r"[,(]", given["dateline"])[0].strip()
    assert item.agency == given["creditline"]
    assert item.urgency == str(given["urgency"])
    assert [medium.url for medium in item.media] == [
        rendition["url"] for association in given["associations"] for rendition in association["renditions"]
    ]
    # The place stands before the text in one of the two, and only in its own field in the other.
    assert letters(item.body) == letters(given["article_html"]).removeprefix(letters(given["dateline"]))


def test_an_item_without_content_is_a_picture() -> None:
    with pytest.raises(NotAnArticle, match="picture"):
        read("digitalwires/output/no_content.xml")
