"""Whatever the bytes are: items or ContentError, in little time, and nothing outside the file is read."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.newsxml.newsml1 import NewsML1
from feedsvc.formats.newsxml.newsmlg2 import NewsMLG2
from feedsvc.formats.newsxml.nitf import Nitf

GOLDEN = Path(__file__).parents[3] / "golden"
FORMATS: dict[str, Format] = {"nitf": Nitf(), "newsml-g2": NewsMLG2(), "newsml-1": NewsML1()}
FIXTURES = [path.read_bytes() for folder in FORMATS for path in sorted((GOLDEN / folder).glob("*.xml"))]
WRAPPERS = {
    "nitf": (
        "<nitf><body><body.head><hedline><hl1>T</hl1></hedline></body.head>"
        "<body.content>{}</body.content></body></nitf>"
    ),
    "newsml-g2": (
        "<newsItem guid='u'><contentMeta><headline>T</headline></contentMeta>"
        "<contentSet><inlineXML>{}</inlineXML></contentSet></newsItem>"
    ),
    "newsml-1": (
        "<NewsML><NewsItem><NewsComponent><NewsLines><HeadLine>T</HeadLine></NewsLines>"
        "<ContentItem><DataContent>{}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
    ),
}
SPLICES = [
    b"<p>",
    b"</p>",
    b"<nitf>",
    b"<inlineXML>",
    b"&lt;p&gt;",
    b"&#160;",
    b"\0",
    b"\xff",
    b"xml:lang=''",
    b"<br/>",
    b"(a/b)",
]


def items_or_error(each: Format, content: bytes) -> list[RawItem]:
    path = PurePosixPath("x.xml")
    assert each.recognises(content, path) in {True, False}
    try:
        items = list(each.parse(content, path))
    except ContentError:
        return []
    assert items
    return items


@given(content=st.binary(max_size=300), name=st.sampled_from(sorted(FORMATS)))
@settings(max_examples=60)
def test_any_bytes(content: bytes, name: str) -> None:
    items_or_error(FORMATS[name], content)


@given(
    content=st.sampled_from(FIXTURES),
    name=st.sampled_from(sorted(FORMATS)),
    at=st.integers(0, 6000),
    length=st.integers(0, 200),
    splice=st.one_of(st.sampled_from(SPLICES), st.binary(max_size=8)),
)
@settings(max_examples=200)
def test_damaged_fixtures(content: bytes, name: str, at: int, length: int, splice: bytes) -> None:
    at %= len(content)
    items_or_error(FORMATS[name], content[:at] + splice + content[at + length :])
    items_or_error(FORMATS[name], content[:at])


@given(
    inside=st.recursive(
        st.text(alphabet="ab /<&-()\n\xa0é", max_size=12).map(
            lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
        ),
        lambda inner: st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
            st.sampled_from(
                ["p", "block", "media", "note", "q", "hl2", "table", "html", "body", "header", "br", "nitf", "bq"]
            ),
            st.lists(inner, max_size=4),
        ),
        max_leaves=12,
    ),
    name=st.sampled_from(sorted(FORMATS)),
)
@settings(max_examples=200)
def test_well_formed_bodies_of_any_shape(inside: str, name: str) -> None:
    for item in items_or_error(FORMATS[name], WRAPPERS[name].format(inside).encode()):
        assert "left-out" not in item.body


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file://{path}">]>',
        '<!DOCTYPE x [<!ENTITY % e SYSTEM "file://{path}"> %e;]>',
        '<!DOCTYPE x SYSTEM "file://{path}">',
        '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY e "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        "",
    ],
    ids=["entity", "parameter-entity", "outer-dtd", "entities-of-entities", "undeclared"],
)
def test_entities_read_nothing(name: str, doctype: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("top-secret", encoding="utf-8")
    xml = doctype.replace("{path}", str(secret)) + WRAPPERS[name].format("<p>&e;</p>")
    items = items_or_error(FORMATS[name], xml.encode())
    assert "top-secret" not in repr(items)
    assert "lollol" not in repr(items)


@pytest.mark.parametrize("name", FORMATS)
def test_includes_and_style_sheets_are_not_followed(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("top-secret", encoding="utf-8")
    include = f'<p><x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file://{secret}" parse="text"/>Text.</p>'
    sheet = f'<?xml-stylesheet type="text/xsl" href="file://{secret}"?>'
    (item,) = items_or_error(FORMATS[name], (sheet + WRAPPERS[name].format(include)).encode())
    assert "Text." in item.body
    assert "top-secret" not in repr(item)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "inside",
    [
        "<p>" * 240 + "x" + "</p>" * 240,
        "<p/>x" * 60_000,
        "<p><q>a</q></p>" * 20_000,
        "<td>" * 200 + "<b/>" * 60_000 + "</td>" * 200,
        "<note>x</note> " * 40_000,
        "<hl1>a</hl1>" * 40_000,
        "a\n \n" * 60_000,
        "&lt;p&gt;" * 40_000,
        "<p>" + "By A" + " (" * 60_000 + "</p>",
    ],
    ids=["deep", "empty", "quotes", "cells", "notes", "headlines", "lines", "escaped", "brackets"],
)
def test_built_for_harm_costs_little_time(name: str, inside: str) -> None:
    with at_most(5):
        items_or_error(FORMATS[name], WRAPPERS[name].format(inside).encode())
