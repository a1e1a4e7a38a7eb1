"""What is no article is refused with a reason, and what is one is not."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from feedsvc.errors import ContentError, NotAnArticle, ParseError, TooLarge, UnknownFormat
from feedsvc.formats.plaintext.format import PlainText


def parse(data: bytes) -> None:
    PlainText().parse(data, PurePosixPath("a.txt"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t\u00a0\n\u200b\n", "blanks"),
        ("Only a title\n", "a title and no text"),
        ("It was only one sentence.", "one line alone"),
        ("A title\nand some words\n", "no sentence"),
        ("Shopping\nmilk\neggs\nbread\n", "no sentence"),
        ("word " * 80 + "\nMore text is here.\n", "no title"),
        ("a.txt\nb.jpg\ndir/c d.txt\n", "file names"),
        ("id,name,age\n1,Ada,30\n2,Ivo,31\n3,Max,32\n", "table"),
        ("id\tname\n1\tAda M.\n2\tIvo S.\n", "table"),
        ("2021-03-04 10:00:00 INFO It starts now.\n2021-03-04 10:00:01 ERROR It stops now.\n", "log"),
        ('127.0.0.1 - - [04/Mar/2021:10:00:00 +0000] "GET / HTTP/1.1" 200\n' * 3, "log"),
        ("import os\nimport sys\n\ndef main():\n    print('Here we go.')\n    return 0\n", "source code"),
        ("#!/bin/sh\n# This is a script.\nls\n", "source code"),
        ("int main() {\n  return 0;\n}\n", "source code"),
        ("[site]\nbase_url = x\ntitle = y\n", "settings"),
    ],
)
def test_no_article(text: str, reason: str) -> None:
    with pytest.raises(NotAnArticle, match=reason) as refused:
        parse(text.encode())
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "Bridge opens\nThe bridge is open.\n",
        "Bridge opens\n\n“Open!”\n\nHe said it twice!\n",
        "桥开了\n桥今天重新开放。\n",
        "सेतु\nसेतु आज खुल गया।\n",
        "پل\nپل آج کھل گیا۔\n",
        "ข่าว\nเรือเฟอร์รี่ออกจากท่าเรือเก่า\n",
        "Կամուրջ\nԿամուրջը բաց է։\n",
        "Results\nKarvala 2, Port Ellis 1\nNorth 3, South 3\nEast 1, West 0\nThe league goes on.\n",
        "Talk\nQ: When does it sail?\nA: On Thursday.\n",
        "From: Ada, with love\nThe letter is here.\n",
        '["Open!"]\nThe bridge is open.\n'.replace('"', "“"),
        "Import rules change\nImport duties fall in May.\n",
        "Config files\nThe file a.txt holds the keys.\n",
    ],
)
def test_short_articles_are_articles(text: str) -> None:
    (item,) = PlainText().parse(text.encode(), PurePosixPath("a.txt"))
    assert item.title == text.split("\n")[0]
    assert item.body.startswith("<p>")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%more",
        b"PK\x03\x04rest",
        b"\x89PNG\r\n\x1a\n",
        b"Title\n\x00\x01\x02\n",
        bytes(range(1, 9)) * 9,
        b"\x01eca062 4 i 211\n\x02text is here.\n",
        b"ZCZC AAP\nTitle\nText is here.\n",
        b"\x16\x16\x01z6715\n",
        b"---\ntitle: x\n---\nText is here.\n",
        b"<?xml version='1.0'?><rss/>\nText is here.\n",
        b"<!DOCTYPE html>\n<p>Text is here.</p>\n",
        b'{"title": "x",\n"body": "Text is here."}\n',
        b'[{"title": "Text is here."}]\n',
        b"From: a@example.org\nTo: b@example.org\nSubject: x\n\nText is here.\n",
        b"Return-Path: <a@example.org>\nSubject: x\n\nText is here.\n",
        b"Subject: x\nDate: today\nMIME-Version: 1.0\n\nText is here.\n",
        b"+++\ntitle = 'x'\n+++\nText is here.\n",
    ],
)
def test_other_formats(data: bytes) -> None:
    with pytest.raises(UnknownFormat):
        parse(data)


def test_bytes_that_no_encoding_fits() -> None:
    with pytest.raises(ParseError) as refused:
        parse(b"Title\n\nIt is \x81 so.\n")
    assert refused.value.line == 3


def test_too_many_lines() -> None:
    with pytest.raises(TooLarge, match="split the file"):
        parse(b"Title\n" + b"x\n" * 250_000)


def test_the_line_of_what_is_missing() -> None:
    with pytest.raises(ContentError) as refused:
        parse(b"\n\nTitle\n\nno stop here\n")
    assert refused.value.line == 5
