"""Why an article is as it is, and why a feed shows it or does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOON, make_article, make_settings

from feedsvc.errors import RenderError
from feedsvc.feeds.base import Renderer
from feedsvc.feeds.registry import renderers
from feedsvc.links import Links
from feedsvc.model import Article, Category, Feed, PubStatus, Signature, SourceRecord
from feedsvc.normalise.origins import told
from feedsvc.podcasts import Episode
from feedsvc.publish.explanation import Explanation, Standing, explain
from feedsvc.store.base import Store
from feedsvc.store.opening import open_store

SETTINGS = make_settings(feeds={"limit": 2})
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/store.db")
    yield opened
    opened.close()


def put(store: Store, article: Article, **origin: str) -> str:
    with store.writing(None, at=NOON) as writer:
        writer.put(article, now=NOON, day=article.published.date(), spellings={})
        writer.remember(
            SourceRecord(
                path=article.source,
                signature=Signature(size=1, mtime_ns=1, ctime_ns=1, inode=1),
                first_seen=NOON,
                seen=NOON,
                articles=(article.id,),
                origin={article.id: origin},
                notes={article.id: ("the date has no zone",)},
            )
        )
    return article.id


def explained(store: Store, article_id: str, *also: str, formats: dict[str, Renderer] | None = None) -> Explanation:
    stored = store.get(article_id)
    assert stored is not None
    chosen = renderers() if formats is None else formats
    return explain(store, SETTINGS, chosen, stored, now=NOON, also=also)


def standing(explanation: Explanation, name: str) -> Standing:
    return next(one for one in explanation.feeds if one.name == name)


def test_fields_feeds_and_the_rule_for_the_section(store: Store) -> None:
    ferry = make_article("ferry", sections=("town/harbour",), categories=(Category(term="boats", label="Boats"),))
    one = explained(store, put(store, ferry, sections="folder", title="front matter title, line 2"), "sport")
    origins = {field.name: field.origin for field in one.fields}
    assert origins["title"] == "front matter title, line 2"
    assert origins["id"] == "the path of the file"
    assert one.section_rule == "the file lies in a folder of that name"
    assert one.notes == ("the date has no zone",)
    assert one.state == "public"
    assert [(feed.name, feed.place) for feed in one.feeds] == [
        ("town/harbour", 1),
        ("town", 1),
        ("all", 1),
        ("tags/boats", 1),
        ("sport", 0),
    ]
    assert standing(one, "town").why.startswith("its section town/harbour lies below")
    assert "it is in town/harbour, because the file lies in a folder" in standing(one, "sport").why


def test_an_article_that_newer_ones_pushed_out_stands_in_the_archive(store: Store) -> None:
    old = put(store, make_article("old", published=NOON - 9 * HOUR))
    for hour in (1, 2):
        put(store, make_article(f"new-{hour}", published=NOON - hour * HOUR))
    why = standing(explained(store, old), "all").why
    assert why == "there are 2 newer releases, and the feed's limit is 2; its archive shows it"


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"embargo": NOON + HOUR}, "not shown yet: its embargo is 2026-03-14T13:00:00Z"),
        ({"published": NOON + HOUR, "updated": NOON + HOUR}, "not shown yet: its date of publication is"),
        ({"expires": NOON - HOUR}, "not shown: it expired at 2026-03-14T11:00:00Z (line 9)"),
        ({"pubstatus": PubStatus.WITHHELD}, "not shown: its status is withheld (line 4)"),
    ],
)
def test_why_it_is_not_public(store: Store, changed: dict[str, object], state: str) -> None:
    article = replace(make_article("ferry", published=NOON - 2 * HOUR), **changed)  # type: ignore[arg-type]
    one = explained(store, put(store, article, expires="line 9", pubstatus="line 4"))
    assert one.state.startswith(state)
    assert one.path == ("" if article.expires is None else one.path)
    assert {feed.why for feed in one.feeds} == {"the article is not public now"}


def test_a_takedown_tells_the_reason(store: Store) -> None:
    article_id = put(store, make_article("ferry", published=NOON - HOUR))
    with store.writing(None, at=NOON) as writer:
        writer.takedown(article_id, now=NOON, reason="court order")
    assert explained(store, article_id).state == "taken down by an operator: court order"


def test_a_format_that_cannot_carry_the_article_is_named(store: Store) -> None:
    class Picky:
        name, suffix, media_type = "Picky", "picky", "text/plain"

        def render(self, feed: Feed, links: Links) -> bytes:
            for entry in feed.entries:
                raise RenderError("too blue", article_id=entry.article.id)
            return b"nothing"

    article_id = put(store, make_article("ferry", published=NOON - HOUR))
    found = standing(explained(store, article_id, formats={"picky": Picky()}), "all")
    assert found.place == 1
    assert found.left_out == {"picky": "it cannot be written: too blue"}


def test_json_has_all_of_it_as_text(store: Store) -> None:
    one = explained(store, put(store, make_article("ferry", published=NOON - HOUR), sections="crumbs"))
    values = one.as_json()
    assert {field["name"]: field["value"] for field in values["fields"]}["published"] == "2026-03-14T11:00:00Z"
    assert values["feeds"][0]["left_out"] == {}
    assert told(()) == ""


def test_an_episode_is_told_by_its_parts(store: Store) -> None:
    article = replace(make_article("ferry", published=NOON - HOUR), episode=Episode(number=3, title="The tug"))
    one = explained(store, put(store, article))
    assert {field.name: told(field.value) for field in one.fields}["episode"] == "number 3, title The tug"
