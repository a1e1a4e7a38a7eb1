"""Where reading passes over what cannot matter, it reads as if it had looked at everything."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc import dates, text
from feedsvc.formats import registry
from feedsvc.formats.keys import reading
from feedsvc.formats.keys.entries import Entries
from feedsvc.formats.mail import format as mail
from feedsvc.formats.registry import Formats, formats
from feedsvc.formats.wording import leads

_NAMES = sorted({name for keys, _ in reading._READERS for name in keys} | {"params", "extra", "Publish-Date", "other"})
_TEXTS = st.sampled_from(
    ["", "true", "no", "draft", "2026-03-04", "2026-03-05T10:00:00Z", "a, b", "/2026/03/04/pier.jpg", "1:35", "7",
     "https://example.org/a.mp3", "Ann Lee <ann@example.org>", "withdrawn", "The [Pier](https://example.org/p)"]
)  # fmt: skip
_VALUES = _TEXTS | st.lists(_TEXTS, max_size=2) | st.dictionaries(st.sampled_from(_NAMES), _TEXTS, max_size=3)


class _Asking(Entries):
    """Entries that are asked for every name, whatever is there."""

    def has(self, names: Collection[str]) -> bool:
        return True


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=6))
def test_keys_that_are_not_there_say_nothing(values: dict[str, Any]) -> None:
    item = reading.read_keys(values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "Entries", _Asking)
        asked = reading.read_keys(values)
    assert asked == item
    assert list(asked.origin) == list(item.origin)


_STARTS = st.sampled_from(
    ["", " ", "\n", "\ufeff", "\x1f", "\xa0", "\u3000", "<!-- c -->", '<?xml version="1.0"?>', "<nitf>", "<NewsML/>",
     '<newsItem xmlns="x">', '<rss version="2.0">', "<html>", "<p>a</p>", '{"headline": "A", "body": "B"}', "[", "{",
     '{"uri": "x", "headline": "A", "type": "text"}', "PK\x03\x04", "ZCZC a\n", "From: a@b.org\nTo: c\nSubject: d\n",
     "From \n", "---\ntitle: a\n---\nText.", "Text.\n", "# A\n", "BM", "ID3\x03", "\x7fELF", "RIFF", "\0"]
)  # fmt: skip


@settings(max_examples=300)
@given(
    st.lists(_STARTS, max_size=4).map("".join),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1"]),
    st.sampled_from(["a.txt", "a.md", "a.xml", "a.json", "a.eml", "a.html"]),
)
def test_a_format_that_is_not_asked_would_have_said_no(start: str, encoding: str, name: str) -> None:
    data, path, known = start.encode(encoding, "ignore"), PurePosixPath(name), formats()
    everyone = Formats(known.installed)
    everyone.__dict__["_asked"] = [(one, b"") for one in known.installed]
    assert _chosen(known, data, path) == _chosen(everyone, data, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_SIGNS", (b"",))
        assert _chosen(everyone, data, path) == _chosen(known, data, path)


def _chosen(known: Formats, data: bytes, path: PurePosixPath) -> str:
    try:
        return known.choose(data, path).name
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("begin", ["", "\ufeff", "From ann Mon\n"])
def test_a_mail_begins_with_a_field(begin: str) -> None:
    assert mail.is_mail(f"{begin}From: a@b.org\r\nTo: c@d.org\r\nSubject: A\r\nDate: now\r\n\r\nText.".encode())
    assert not mail.is_mail(f"{begin}A text.\nFrom: a@b.org\nTo: c@d.org\nSubject: A\nDate: now\n".encode())


_EXACT = st.builds(
    "{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}{}".format,
    st.sampled_from([1, 999, 1000, 1399, 1999, 2026, 2999, 3000]), st.integers(0, 13), st.integers(0, 32),
    st.sampled_from("T t"), st.integers(0, 25), st.integers(0, 60), st.integers(0, 61),
    st.sampled_from(["", "Z", "z", " Z", "+00:00", "-00:00", "+01:00", "-05:30", "+13:59", "+14:00", "+15:00"]),
)  # fmt: skip


@settings(max_examples=300)
@given(_EXACT)
def test_exact_dates_are_read_as_all_others(written: str) -> None:
    read = dates.parse.__wrapped__
    quick = read(written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "_EXACT", re.compile("(?!)"))
        slow = read(written)
    assert quick == slow
    assert quick is None or slow is None or quick.instant(UTC) == slow.instant(UTC)


@given(st.text(max_size=300), st.integers(0, 300))
def test_characters_that_xml_forbids_go_from_long_text_too(start: str, more: int) -> None:
    whole = start + "a" * more
    assert text.xml_safe(whole) == text._FORBIDDEN.sub("", whole)


_LEADS = [
    "Lisbon",
    "March",
    "3",
    "(Reuters)",
    "-",
    "--",
    "–",
    ",",
    ":",
    "[NLE]",
    "（社）",
    "電",
    "电",
    "月",
    "日",
    ".",
    "a",
]


@given(st.lists(st.sampled_from(_LEADS), max_size=9))
def test_a_dateline_has_a_figure_or_a_bracket(words: list[str]) -> None:
    line = " ".join(words)
    quick = leads.read(line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leads, "_SIGN", re.compile(""))
        assert leads.read(line) == quick
