"""Whatever the bytes or the JSON values are, the formats give items or a ContentError."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.jsonfiles.article import JsonArticle
from feedsvc.formats.jsonfiles.digitalwires import DigitalWires
from feedsvc.formats.jsonfiles.govuk import GovUk
from feedsvc.formats.jsonfiles.jsonfeed import JsonFeed
from feedsvc.formats.jsonfiles.ninjs import Ninjs
from feedsvc.formats.syndication.format import Syndication

PATH = PurePosixPath("x.json")
# Beside them, what each format needs to take an object for its own.
STARTS: list[tuple[Format, dict[str, object]]] = [
    (Ninjs(), {"uri": "urn:x:1", "pubstatus": "usable"}),
    (DigitalWires(), {"format": "digitalwires@1", "article_html": "<p>x</p>"}),
    (GovUk(), {"schema_name": "x", "content_id": "y"}),
    (JsonFeed(), {"version": "https://jsonfeed.org/version/1.1", "items": [{"content_text": "x"}]}),
    (JsonArticle(), {"@type": "NewsArticle"}),
    (JsonArticle(), {"title": "T", "body": "x"}),
    (JsonArticle(), {"id": "1", "content_html": "<p>x</p>"}),
]
NAMES = [
    *("headline", "headlines", "bodies", "body_text", "body_html", "byline", "by", "person", "people", "subject"),
    *("keywords", "service", "associations", "renditions", "descriptions", "embargoed", "altids", "links", "located"),
    *("versioncreated", "pubstatus", "infosource", "name", "value", "role", "href", "width", "type", "url", "dateline"),
    *("details", "body", "image", "images", "sources", "change_history", "withdrawn_notice", "organisations"),
    *("categories", "ednotes", "ednote", "article_html", "items", "authors", "attachments", "author", "tags"),
    *("@graph", "@id", "@type", "articleBody", "identifier", "mainEntityOfPage", "inLanguage", "duration", "video"),
    *("date", "draft", "embargo", "section", "title", "content", "standfirst", "source", "published", "status"),
]
TEXTS = st.sampled_from(
    ["", "x", "<p>x</p>", "2024-01-01", "canceled", "main", "text/html", "NewsArticle", "\ud800\0", "1" * 40, "PT9M"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=15,
)


def read(fmt: Format, data: bytes) -> list[RawItem]:
    assert fmt.recognises(data, PATH) in {True, False}
    try:
        items = list(fmt.parse(data, PATH))
    except ContentError:
        return []
    assert items
    for item in items:
        assert item.body or item.withdrawal
        assert set(item.origin) <= set(RawItem.__dataclass_fields__)
        for text in (item.title, item.body, item.id, item.published, *item.notes):
            text.encode()
            assert "\0" not in text
    return items


@pytest.mark.parametrize(("fmt", "start"), STARTS, ids=lambda value: getattr(value, "name", None))
@settings(max_examples=60)
@given(fields=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8))
def test_any_object_of_a_format(fmt: Format, start: dict[str, object], fields: dict[str, object]) -> None:
    read(fmt, json.dumps({**start, **fields}).encode())
    read(fmt, json.dumps([{**fields, **start}, fields]).encode())


@pytest.mark.parametrize("fmt", [start[0] for start in STARTS[:5]], ids=lambda fmt: fmt.name)
@settings(max_examples=40)
@given(value=VALUES)
def test_any_json_value(fmt: Format, value: object) -> None:
    read(fmt, json.dumps(value).encode())


@pytest.mark.parametrize("fmt", [*(start[0] for start in STARTS[:5]), Syndication()], ids=lambda fmt: fmt.name)
@settings(max_examples=40)
@given(data=st.binary(max_size=80) | st.text(alphabet='{}[]":,<>/ae!?', max_size=50).map(str.encode))
def test_any_bytes(fmt: Format, data: bytes) -> None:
    read(fmt, data)


PIECES = st.sampled_from(
    [
        *("<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<guid>", "</guid>", "<id>", "</id>"),
        *("<content type='html'>", "<content type='xhtml' xml:base='http://['>", "</content>", "<description>x"),
        *(
            "</description>",
            "<link href='http://[x'/>",
            "<enclosure url='a' length='-1'/>",
            "text",
            "&lt;p&gt;",
            "&amp;",
        ),
        *(
            "<m:content url='x' width='9' m:x='y'/>",
            "<m:group>",
            "</m:group>",
            "<author>",
            "</author>",
            "<name>n</name>",
        ),
    ]
)


@settings(max_examples=150)
@given(pieces=st.lists(PIECES, max_size=12), root=st.sampled_from(["rss", "feed"]))
def test_any_feed(pieces: list[str], root: str) -> None:
    inner = "".join(pieces)
    if root == "rss":
        text = f"<rss xmlns:m='http://search.yahoo.com/mrss/'><channel><item>{inner}</item></channel></rss>"
    else:
        text = (
            "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:m='http://search.yahoo.com/mrss/'>"
            f"<entry>{inner}</entry></feed>"
        )
    read(Syndication(), text.encode())
