"""Articles in folders of their own, with their pictures beside them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from unit.ingest.newsdesk import TAG, Desk
from unit.ingest.test_media import png


def test_the_section_is_the_folder_above(desk: Desk) -> None:
    desk.write("town/pier/the-ferry/quay.png", png(3, 2))
    text = "The ferry sails again after the repairs. It does so daily."
    desk.write(
        "town/pier/the-ferry/index.items", json.dumps({"items": [{"body": f'<p>{text}</p><img src="quay.png">'}]})
    )
    desk.scan()
    article = desk.read("town/pier/the-ferry/index.items")
    assert article.sections == ("town/pier",)
    assert (article.title, article.slug) == ("The ferry", "the-ferry")
    assert 'src="/media/' in article.content
    assert article.id == f"{TAG}town/pier/the-ferry/index.items"


def test_its_own_words_go_first(desk: Desk) -> None:
    desk.article("town/the-ferry/index.md", "Sailing again", slug="sailing")
    desk.article("town/the-pier/index.md", "The pier stands")
    desk.scan()
    assert (desk.read("town/the-ferry/index.md").title, desk.read("town/the-ferry/index.md").slug) == (
        "Sailing again",
        "sailing",
    )
    assert desk.read("town/the-pier/index.md").slug == "the-pier"


@pytest.mark.parametrize("head", ["", "---\ndate: 2026-03-04\n---\n\n"])
def test_its_name_is_the_title_rather_than_a_sentence_of_its_text(desk: Desk, head: str) -> None:
    text = "The ferry sails again after the repairs.\n\nIt does so daily, the council said."
    desk.write("town/the-ferry/index.md", f"{head}{text}\n")
    desk.write("town/elsewhere.md", f"---\ndate: 2026-03-05\n---\n\n{text}\n")
    desk.scan()
    assert desk.read("town/the-ferry/index.md").title == "The ferry"
    assert desk.read("town/elsewhere.md").title == "The ferry sails again after the repairs."


@pytest.mark.parametrize("name", ["index.html", "index.json", "index.txt"])
def test_any_format_will_do(desk: Desk, name: str) -> None:
    texts = {
        "index.html": "<h1>Tide</h1><p>The tide is high.</p>",
        "index.json": '{"title": "Tide", "body": "The tide is high."}',
        "index.txt": "Tide\n\nThe tide is high.\n",
    }
    desk.write(f"sport/high-tide/{name}", texts[name])
    desk.scan()
    article = desk.read(f"sport/high-tide/{name}")
    assert (article.sections, article.slug, article.title) == (("sport",), "high-tide", "Tide")


def test_a_bundle_that_moves_keeps_its_article_and_its_pictures(desk: Desk) -> None:
    desk.write("town/the-ferry/quay.png", png(3, 2))
    desk.article("town/the-ferry/index.md", image="quay.png")
    desk.article("town/other.md")
    desk.scan()
    before = desk.read("town/the-ferry/index.md")
    desk.move("town/the-ferry", "sport/the-old-ferry")
    desk.scans(3)
    after = desk.read("sport/the-old-ferry/index.md")
    assert (after.id, after.updated, after.slug) == (before.id, before.updated, "the-old-ferry")
    assert after.sections == ("sport",)
    assert after.enclosures == before.enclosures


def test_section_pages_and_configured_sections_are_no_bundles(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(sections={"sport": {}})
    desk.article("sport/index.md")
    desk.article("town/_index.md")
    desk.article("town/the-ferry/notes.md")
    desk.scan()
    assert desk.read("sport/index.md").sections == ("sport",)
    assert desk.state("town/_index.md") == "ignored"
    assert desk.read("town/the-ferry/notes.md").sections == ("town/the-ferry",)
