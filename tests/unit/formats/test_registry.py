"""Which format reads a file: its bytes decide, then its suffix."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from feedsvc.errors import NotAnArticle
from feedsvc.formats.registry import formats

G2 = b"<?xml version='1.0'?>\n<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/' guid='x' version='1'/>"
NITF = b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE nitf SYSTEM 'nitf-3-4.dtd'><nitf><body/></nitf>"
MARKDOWN = b"---\ntitle: The pier\n---\nText.\n"
HTML = b"<!DOCTYPE html><html><body><p>Text.</p></body></html>"
FEED = b"<rss version='2.0'><channel><item/></channel></rss>"
TEXT = b"The pier\n\nThe council voted on Monday.\n"


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (G2, "tag_reuters.com_2014_newsml_KBN0X1", "NewsML-G2"),
        (G2, "urn:newsml:wire.example,2014:a, b #1", "NewsML-G2"),
        (G2, "item.txt", "NewsML-G2"),
        (G2, "item.md", "NewsML-G2"),
        (NITF, "item.tst", "NITF"),
        (NITF, "ITEM.XML", "NITF"),
        (MARKDOWN, "item.txt", "Markdown"),
        (MARKDOWN, "item", "Markdown"),
        (HTML, "page.txt", "HTML"),
        (HTML, "page", "HTML"),
        (FEED, "feed.xml", "RSS or Atom"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed.txt", "JSON Feed"),
        (TEXT, "A name, with: odd signs #1 (2)", "plain text"),
        (TEXT, "item.tst", "plain text"),
        (TEXT, "item.MD", "Markdown"),
        (b"", "item.htm", "HTML"),
    ],
)
def test_the_bytes_decide_then_the_suffix(data: bytes, name: str, expected: str) -> None:
    assert formats().choose(data, PurePosixPath("wire") / name).name == expected


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n...", "a PNG picture"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PK\x03\x04...", "a ZIP archive"),
        (b"RIFF\x00\x00\x00\x00WEBP", "a picture, sound or film"),
        (b"\x00\x00\x00\x18ftypmp42", "a film"),
    ],
)
def test_what_is_no_text_is_refused_whatever_its_name(data: bytes, kind: str) -> None:
    with pytest.raises(NotAnArticle, match=kind):
        formats().choose(data, PurePosixPath("wire/article.md"))
