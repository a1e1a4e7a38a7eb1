from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.jsonfiles.govuk import GovUk

SAMPLES = Path(__file__).parents[5] / "shared" / "samples" / "govuk-json"
FMT = GovUk()
BASE: dict[str, Any] = {
    "content_id": "0a1b2c3d-1111-4222-8333-444455556666",
    "schema_name": "news_article",
    "document_type": "press_release",
    "base_path": "/government/news/rules",
    "locale": "en",
    "title": "Rules",
    "details": {"body": "<p>New rules.</p>"},
}


def read(**fields: Any) -> RawItem:
    (item,) = FMT.parse(json.dumps({**BASE, **fields}).encode(), PurePosixPath("x.json"))
    return item


def test_it_is_a_format() -> None:
    assert isinstance(FMT, Format)
    assert FMT.recognises(json.dumps(BASE).encode(), PurePosixPath("x.json"))


def test_translations_have_ids_of_their_own() -> None:
    english, welsh = read(), read(locale="cy")
    assert english.id == "urn:uuid:0a1b2c3d-1111-4222-8333-444455556666"
    assert welsh.id == "0a1b2c3d-1111-4222-8333-444455556666/cy"
    assert (english.language, welsh.language) == ("en", "cy")


@pytest.mark.parametrize("notice", [None, {}, {"explanation": "", "withdrawn_at": None}])
def test_an_empty_notice_withdraws_nothing(notice: object) -> None:
    assert not read(withdrawn_notice=notice).withdrawal


def test_a_notice_withdraws() -> None:
    item = read(
        withdrawn_notice={"explanation": "<p>It is <b>out of date</b></p>", "withdrawn_at": "2024-03-01T10:00:00Z"}
    )
    assert (item.withdrawal, item.status) == (True, "canceled")
    assert item.notes == ("Withdrawn on 2024-03-01: It is out of date",)


def test_a_page_that_is_gone_withdraws() -> None:
    item = read(schema_name="gone", document_type="gone", details={})
    assert (item.withdrawal, item.body) == (True, "")


def test_the_html_among_several_bodies_is_taken() -> None:
    body = [{"content_type": "text/govspeak", "content": "# x"}, {"content_type": "text/html", "content": "<p>y</p>"}]
    assert read(details={"body": body}).body == "<p>y</p>"


def test_a_page_without_text_is_refused() -> None:
    with pytest.raises(NotAnArticle, match="organisation"):
        read(schema_name="organisation", details={"brand": "x"})


@pytest.mark.parametrize("path", ["//evil.example/x", "javascript:alert(1)", "", None])
def test_only_a_path_makes_an_address(path: object) -> None:
    item = read(base_path=path)
    assert (item.link, item.base) == ("", "https://www.gov.uk/")


def test_the_samples() -> None:
    files = sorted(SAMPLES.glob("*/*.json"))
    if not files:
        pytest.skip("the samples are not here")
    items = {}
    for path in files:
        data = path.read_bytes()
        assert FMT.recognises(data, PurePosixPath(path.name))
        (items[path.stem],) = FMT.parse(data, PurePosixPath(path.name))
    assert all(item.title and item.body and item.published and item.authors for item in items.values())
    assert [name for name, item in items.items() if item.withdrawal] == ["news_article_withdrawn"]
    assert items["news_article"].id == items["news_article_withdrawn"].id
    assert items["news_article"].id != items["news_article_news_story_translated_arabic"].id
    assert items["has-updates"].updated == "2024-07-16T13:36:44+01:00"
    assert any("VDEC" in note for note in items["has-updates"].notes)
