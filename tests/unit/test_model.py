"""What an article says, and when it may be seen."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from fakes import NOON, make_article
from hypothesis import given, settings
from strategies import articles

from feedsvc import model
from feedsvc.dates import Precision
from feedsvc.digest import neutral
from feedsvc.model import Article, Author, Category, Enclosure, PubStatus, Signature, SourceRecord, Stored

HOUR = timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)


# ---------------------------------------------------------------- when it may be seen
@pytest.mark.parametrize(
    ("fields", "first", "last"),
    [
        ({}, NOON - HOUR, None),
        ({"published": NOON + HOUR}, NOON + HOUR, None),
        ({"embargo": NOON + HOUR}, NOON + HOUR, None),
        ({"embargo": NOON - 2 * HOUR}, NOON - HOUR, None),
        ({"expires": NOON + HOUR}, NOON - HOUR, NOON + HOUR),
        ({"embargo": NOON, "expires": NOON + HOUR}, NOON, NOON + HOUR),
    ],
)
def test_visible_from_its_first_moment_until_before_its_last(fields: dict[str, Any], first: Any, last: Any) -> None:
    article = make_article(**fields)
    assert article.visible_from == first
    assert not article.visible(first - MILLISECOND)
    assert article.visible(first)
    assert article.visible(NOON + 99 * HOUR) is (last is None)
    if last is not None:
        assert article.visible(last - MILLISECOND)
        assert not article.visible(last)


@pytest.mark.parametrize("status", [PubStatus.WITHHELD, PubStatus.CANCELED])
def test_only_a_usable_article_is_ever_visible(status: PubStatus) -> None:
    assert not make_article(pubstatus=status).visible(NOON)


def test_an_article_that_expires_before_it_is_released_is_never_visible() -> None:
    article = make_article(embargo=NOON + HOUR, expires=NOON)
    assert not any(article.visible(NOON + hours * HOUR) for hours in range(-3, 4))


@pytest.mark.parametrize(
    ("fields", "public"),
    [
        ({}, True),
        ({"withdrawn": NOON}, False),
        ({"takedown": ""}, False),
        ({"article": make_article(embargo=NOON + HOUR)}, False),
    ],
)
def test_public_is_visible_and_neither_withdrawn_nor_taken_down(fields: dict[str, Any], public: bool) -> None:
    stored = Stored(**{"article": make_article(), "key": "k", "path": "/k", "released": NOON - HOUR, **fields})
    assert stored.public(NOON) is public


def test_was_public_from_its_release_on() -> None:
    stored = Stored(article=make_article(), key="k", path="/k", released=NOON)
    assert not stored.was_public(NOON - MILLISECOND)
    assert stored.was_public(NOON)
    assert not replace(stored, released=None).was_public(NOON)


# ---------------------------------------------------------------- what it says
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Another"),
        ("content", "<p>Another.</p>"),
        ("summary", "Another"),
        ("standfirst", "Another"),
        ("byline", "Ada Quill"),
        ("agency", "Harbour Wire"),
        ("dateline", "PORT"),
        ("language", "de"),
        ("sections", ("town",)),
        ("authors", (Author(name="Ada Quill"),)),
        ("categories", (Category(term="boats"),)),
        ("enclosures", (Enclosure(url="/media/a", type="image/png"),)),
        ("link", "https://other.example/x"),
        ("rights", "Public domain"),
        ("urgency", 1),
        ("expires", NOON),
    ],
)
def test_what_readers_can_read_changes_the_digest(field: str, value: Any) -> None:
    assert replace(make_article(), **{field: value}).digest != make_article().digest


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "tag:news.example.org,2026:other"),
        ("source", "town/other.md"),
        ("slug", "other"),
        ("version", 7),
        ("published", NOON),
        ("updated", NOON),
        ("precision", Precision.DAY),
        ("embargo", NOON),
        ("pubstatus", PubStatus.CANCELED),
    ],
)
def test_what_is_no_part_of_the_text_leaves_the_digest(field: str, value: Any) -> None:
    assert replace(make_article(), **{field: value}).digest == make_article().digest


def test_each_field_is_either_said_or_not() -> None:
    said = {"title", "content", "summary", "standfirst", "byline", "agency", "dateline", "language", "sections"}
    said |= {"authors", "categories", "enclosures", "episode", "link", "rights", "urgency", "expires"}
    silent = {"id", "source", "slug", "version", "published", "updated", "precision", "embargo", "pubstatus"}
    assert {field.name for field in dataclasses.fields(Article)} == said | silent


def test_the_digest_is_the_same_in_every_version_of_the_service() -> None:
    # A change here would date every article of every site anew.
    assert make_article().digest == "f22581d1ee478ac7acbbe51fee1cae6bde11038b37b73448debdec1ee7d044da"


@settings(max_examples=50)
@given(articles())
def test_neutral_is_plain_and_leaves_out_what_is_empty(article: Article) -> None:
    def plain(value: Any) -> None:
        assert type(value) in (str, int, dict, list, Precision, PubStatus)
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            plain(part)

    found = neutral(article)
    plain(found)
    assert not [name for name, value in found.items() if not value]
    assert {name for name, value in found.items() if value} == {
        field.name for field in dataclasses.fields(article) if getattr(article, field.name)
    }


# ---------------------------------------------------------------- the types
def test_everything_is_frozen() -> None:
    kinds = [kind for kind in vars(model).values() if dataclasses.is_dataclass(kind)]
    assert len(kinds) > 10
    for kind in kinds:
        made = object.__new__(cast("type[Any]", kind))
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made, dataclasses.fields(kind)[0].name, "other")


def test_two_records_of_one_file_share_nothing_that_could_change() -> None:
    made = [
        SourceRecord(path="a", signature=Signature(size=1, mtime_ns=1, ctime_ns=1, inode=1), first_seen=NOON, seen=NOON)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert made[0].origin is not made[1].origin
