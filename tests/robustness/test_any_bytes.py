"""Any bytes through the whole chain: articles that are safe in every output, or one clear refusal."""

from __future__ import annotations

import functools
from pathlib import PurePosixPath

import pytest
from fuzz.oracle import SUFFIXES, Oracle
from hypothesis import given, settings
from hypothesis import strategies as st

WRAPPED = (
    (b"", b""),
    (b"A title\n\n", b" is what the council said.\n"),
    (b"---\ntitle: The pier\n---\n\n", b"\n"),
    (b"---\ntitle: ", b"\n---\n\nThe council voted.\n"),
    (b"+++\ntitle = '", b"'\n+++\n\nThe council voted.\n"),
    (b"<!doctype html><html><head><title>Pier</title></head><body><article><h1>Pier</h1><p>", b"</p></article>"),
    (b'{"uri": "urn:x", "versioncreated": "2026-01-01", "headline": "', b'", "body_xhtml": "<p>The council.</p>"}'),
    (b'{"uri": "urn:x", "versioncreated": "2026-01-01", "headline": "Pier", "body_xhtml": "<p>', b'</p>"}'),
    (b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_html": "', b'"}]}'),
    (
        b"<nitf><body><body.head><hedline><hl1>Pier</hl1></hedline></body.head><body.content><p>",
        b"</p></body.content></body></nitf>",
    ),
    (
        b"<rss version='2.0'><channel><item><guid>1</guid><title>Pier</title><description><![CDATA[",
        b"]]></description></item></channel></rss>",
    ),
    (
        b"<entry xmlns='http://www.w3.org/2005/Atom'><id>urn:a</id><title>Pier</title><content type='html'>",
        b"</content></entry>",
    ),
)
PIECES = st.sampled_from(
    [
        b"<script>alert(1)</script>",
        b"<img src=x onerror=alert(1)>",
        b"<a href='javascript:alert(1)'>a</a>",
        b"[a](javascript:alert(1))",
        b"![a](data:text/html,x)",
        b"<svg/onload=alert(1)>",
        b"&lt;script&gt;",
        b"\xc3\xa9",
        b"\xc3\x83\xc2\xa9",
        b"\xff",
        b"\x00",
        b"\xe2\x80\x9c",
        b"LISBON (HGN) - ",
        b"</p><p>abc/de</p><p>Share</p><p>",
        b"\n\nBy Jane Doe\n\n",
        b"<!--",
        b"-->",
        b"]]>",
        b"<![CDATA[",
        b"<iframe src=//x></iframe>",
        b"\\u003cscript\\u003e",
        b'"',
        b"'",
        b"<",
        b">",
        b"&",
        b"{{< x >}}",
        b"The council voted on Monday. ",
        b"<style>@import 'x'</style>",
    ]
)
DATA = st.tuples(st.sampled_from(WRAPPED), st.lists(PIECES | st.binary(max_size=6), max_size=8)).map(
    lambda parts: b"".join([parts[0][0], *parts[1], parts[0][1]])
)


@functools.cache
def oracle() -> Oracle:
    return Oracle()


@settings(max_examples=250)
@given(DATA, st.sampled_from(SUFFIXES))
def test_any_bytes_give_safe_articles_or_a_refusal(data: bytes, suffix: str) -> None:
    oracle().check(data, PurePosixPath(f"sport/2026-03-14 tide{suffix}"))


@pytest.mark.parametrize(("before", "after"), WRAPPED)
def test_what_stands_around_the_bytes_is_an_article_by_itself(before: bytes, after: bytes) -> None:
    whole = before + b"The council voted on Monday." + after
    assert oracle().check(whole, PurePosixPath("sport/2026-03-14 tide")) or not before
