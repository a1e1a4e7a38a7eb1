"""Every input format through the same tests."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.registry import formats

FORMATS = formats().installed
NAMES = [installed.name for installed in FORMATS]
each = pytest.mark.parametrize("installed", FORMATS, ids=NAMES)
# Beginnings by which formats know their own, so that random bytes get past the first look.
BEGINNINGS = st.sampled_from(
    [
        b"",
        b"---\ntitle: ",
        b"+++\n",
        b'{"uri": "urn:x", "headline": ',
        b'{"@context": "https://schema.org", "@type": "NewsArticle", ',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{',
        b"<!doctype html><html><body><p>",
        b"<?xml version='1.0'?><nitf><body><body.content><p>",
        b"<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'>",
        b"<NewsML><NewsItem>",
        b"<rss version='2.0'><channel><item><title>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>",
        b"1 of 2 DOCUMENTS\n",
        b"\x01nlp062 4 i 211\r\nFerry/\r\n\x02",
        b"ZCZC NLA0012\n",
        b"^BC-Ferry,120<\n^",
        b"# ",
    ]
)
DATA = st.tuples(BEGINNINGS, st.binary(max_size=300)).map(b"".join)


def test_names_are_distinct() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(name.strip() == name != "" for name in NAMES)


def test_one_format_reads_files_without_a_suffix() -> None:
    assert [installed.name for installed in FORMATS if "" in installed.suffixes] == ["plain text"]


@each
def test_it_keeps_the_protocol(installed: Format) -> None:
    assert isinstance(installed, Format)
    assert isinstance(installed.suffixes, frozenset)
    assert all(not suffix or (suffix[0] == "." and suffix == suffix.lower()) for suffix in installed.suffixes)
    assert isinstance(getattr(installed, "heavy", False), bool)
    assert type(installed).__doc__


@each
def test_it_holds_no_state_and_can_be_sent_to_a_reader(installed: Format) -> None:
    assert not getattr(installed, "__dict__", {})
    assert type(pickle.loads(pickle.dumps(installed))) is type(installed)  # noqa: S301 - our own bytes


@each
@settings(max_examples=40)
@given(data=DATA)
def test_any_bytes_are_recognised_or_not(installed: Format, data: bytes) -> None:
    assert installed.recognises(data, PurePosixPath("town/file")) in (True, False)


@each
@settings(max_examples=40)
@given(data=DATA)
def test_any_bytes_give_items_or_a_content_error(installed: Format, data: bytes) -> None:
    try:
        items = installed.parse(data, PurePosixPath("town/2026-01-02-file.x"))
    except ContentError as error:
        assert str(error)  # noqa: PT017
        assert error.line >= 0  # noqa: PT017
    else:
        assert all(isinstance(item, RawItem) for item in items)
        assert list(installed.parse(data, PurePosixPath("town/2026-01-02-file.x"))) == list(items)


def test_nothing_heavy_is_imported_before_the_first_file() -> None:
    code = (
        "import json, sys; from feedsvc.formats.registry import formats; formats(); "
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    heavy = {"ftfy", "htmldate", "lxml", "nh3", "pyromark", "trafilatura", "yaml"}
    assert heavy & set(json.loads(loaded)) == set()
