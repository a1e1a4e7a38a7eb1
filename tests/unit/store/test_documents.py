"""Articles as JSON text and back."""

from __future__ import annotations

import json

from fakes import make_article
from hypothesis import example, given, settings
from strategies import articles

from feedsvc.model import Article, Author, Category, Enclosure
from feedsvc.store.documents import dump, load


@settings(max_examples=150)
@given(articles())
@example(make_article(authors=(Author(name=""),), categories=(Category(term=""),)))
@example(make_article(enclosures=(Enclosure(url="", type=""),), sections=(), title="", content="", source="", slug=""))
def test_what_is_dumped_is_loaded(article: Article) -> None:
    assert load(dump(article)) == article


def test_empty_values_take_no_room() -> None:
    assert set(json.loads(dump(make_article()))) == {
        "id", "source", "sections", "slug", "title", "content", "summary",
        "published", "precision", "updated", "pubstatus",
    }  # fmt: skip


def test_fields_of_a_later_version_are_passed_over() -> None:
    article = make_article(
        authors=(Author(name="Ada Quill"),), enclosures=(Enclosure(url="/media/a", type="image/png"),)
    )
    document = json.loads(dump(article))
    document["mood"] = "cheerful"
    document["authors"][0]["telephone"] = "555"
    document["enclosures"][0]["colours"] = 16
    assert load(json.dumps(document)) == article


def test_an_article_of_an_earlier_version_has_what_is_new_empty() -> None:
    document = json.loads(dump(make_article(urgency=3, rights="Public domain")))
    del document["urgency"], document["rights"]
    assert load(json.dumps(document)) == make_article()


def test_text_stands_in_the_document_as_it_is() -> None:
    assert "Fähre “Möwe” 号" in dump(make_article(title="Fähre “Möwe” 号"))
