"""What lies in a folder as a text file and is no article: refused by name, with what to do about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from feedsvc.errors import NotAnArticle, TooLarge, UnknownFormat
from feedsvc.formats.plaintext.lines import Line
from feedsvc.formats.wording import sentences

MOST_LINES = 250_000
_SAMPLE = 400
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich-text (RTF) document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a sound, film or picture"),
    (b"\x7fELF", "a program"),
)
_TEXT_CONTROLS = b"\t\n\v\f\r\x1a\x1b\x85"
_FILE_NAME = re.compile(
    r"(?:[A-Za-z]:)?[\w .()\\/+@%-]{0,200}\.[A-Za-z0-9]{1,5}|"
    r"[\w.()\\+@%-]*/[\w ./()\\+@%-]{0,200}"
)
_LOG = re.compile(
    r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?|"
    r"\[?\d\d/[A-Z][a-z]{2}/\d{4}:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |"
    r"\d{1,3}(?:\.\d{1,3}){3} - |\[?(?:DEBUG|INFO|WARN|WARNING|ERROR|FATAL|TRACE|CRITICAL)\b[\]: ]|"
    r"[EWID]\d{4} \d\d:\d\d"
)
_CODE = re.compile(
    r"(?:import [\w.{*]|from \S+ import |def \w+\(|class \w+[(:{ ]|function\b|#include\b|#define\b|"
    r"(?:var|let|const) \w+ ?=|"
    r"return\b.*;|public |private |static |using [\w.]+;|package [\w.]+;?|if ?\(|for ?\(|while ?\(|elif |else ?[:{]|"
    r"<\?php|SELECT .* FROM |INSERT INTO |CREATE TABLE |@\w+\(|fn \w+|func \w+\(|"
    r"echo |print\(|console\.|}|\{|//|/\*|\*/)"
)
_CODE_END = (";", "{", "}", "):", "},", ");", "*/", "],", "[", "(")
_MARKUP = re.compile(r"<(?:\?xml|!doctype|html|head|body|rss|feed|svg|rdf:RDF)\b", re.IGNORECASE)
_JSON = re.compile(r"""\{\s*"[^"\n]*"\s*:|\[\s*(?:\{\s*"|")""")
_MAIL = re.compile(
    r"(?:(?:[A-Za-z][\w-]*:|[ \t]).*\n){0,40}?(?:Message-ID|MIME-Version|Received|Return-Path|Delivered-To):|"
    r"From:.*\n(?:(?:To|Cc|Sent|Date|Reply-To):.*\n){1,5}Subject:",
    re.IGNORECASE,
)
_SETTING = re.compile(r"[\w.\[\]-]{1,60}\s?=\s?\S.*|\[[\w .\"'-]+\]|[\w.-]{1,60}=")


def refuse_bytes(data: bytes) -> None:
    """Raise UnknownFormat where *data* is no text, or is text of a format that is not this one."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise UnknownFormat(f"This is {what} and no text; save the article as text, HTML or Markdown.")
    head = data[:64].lstrip(b" \r\n")
    if head.startswith((b"\x01", b"\x16", b"ZCZC")):
        raise UnknownFormat(
            "This begins as a wire message does (IPTC 7901, ANPA 1312 or ZCZC), and is none that can be read.", line=1
        )
    if data.startswith(_WIDE_MARKS):
        return
    nul = data.find(b"\0")
    controls = len(data[:65536].translate(None, _NOT_CONTROLS))
    if nul >= 0 or controls * 100 > min(len(data), 65536):
        raise UnknownFormat(
            "This is binary and no text; if it is text in UTF-16, save it as UTF-8.",
            line=data.count(b"\n", 0, nul) + 1 if nul >= 0 else 0,
        )


_NOT_CONTROLS = bytes(range(0x20, 0x100)) + _TEXT_CONTROLS


def refuse_text(text: str) -> None:
    """Raise ContentError where *text* is empty, too long, or opens with front matter."""
    if not text.strip():
        raise NotAnArticle("The file is empty; write a title line and at least one sentence." if not text else _BLANK)
    count = text.count("\n")
    if count > MOST_LINES:
        raise TooLarge(f"{count + 1} lines are more than a text file may have ({MOST_LINES}); split the file.")
    fence = text[:3]
    if fence in ("---", "+++") and text[3:4] in ("\n", "") and f"\n{fence}" in text[3:70_000]:
        raise UnknownFormat("The file begins with front matter; save it with the suffix .md.", line=1)
    head = text[:4000].lstrip()
    for signs, what in ((_MARKUP, "XML or HTML"), (_JSON, "JSON"), (_MAIL, "an e-mail")):
        if signs.match(head):
            raise UnknownFormat(
                f"This is {what} of a kind that is not read; save the article's text alone, a title line first.", line=1
            )


_BLANK = "The file holds nothing but blanks; write a title line and at least one sentence."


def refuse_lines(lines: Sequence[Line]) -> None:
    """Raise NotAnArticle where *lines* are a table, a log, code, settings or a list of file names."""
    sample = [line.text[:400] for line in lines[:_SAMPLE]]
    for looks_like, what in (
        (_is_log, "a log file"),
        (_is_code, "source code"),
        (_is_settings, "a file of settings"),
        (_is_table, "a table (CSV or TSV)"),
        (_is_file_list, "a list of file names"),
    ):
        if looks_like(sample):
            raise NotAnArticle(
                f"This looks like {what} and not like an article; take it out of the content folder or add it to "
                "[content] ignore.",
                line=lines[0].number,
            )


def _share(sample: Sequence[str], count: int) -> float:
    return count / len(sample)


def _is_log(sample: Sequence[str]) -> bool:
    return len(sample) >= 2 and _share(sample, sum(1 for line in sample if _LOG.match(line))) >= 0.6


def _is_code(sample: Sequence[str]) -> bool:
    if sample[0].startswith(("#!/", "<?php")):
        return True
    starts = sum(1 for line in sample if _CODE.match(line))
    signs = sum(1 for line in sample if _CODE.match(line) or line.endswith(_CODE_END) or line.startswith(("#", "//")))
    return len(sample) >= 2 and starts >= 1 and _share(sample, signs) >= 0.5 and _prose(sample) < 0.3


def _is_settings(sample: Sequence[str]) -> bool:
    return len(sample) >= 2 and _share(sample, sum(1 for line in sample if _SETTING.fullmatch(line))) >= 0.7


def _is_table(sample: Sequence[str]) -> bool:
    if len(sample) < 3:
        return False
    for separator, least in (("\t", 1), (",", 1), (";", 1), ("|", 2)):
        counts = Counter(line.count(separator) for line in sample)
        columns, rows = counts.most_common(1)[0]
        tight = sum(line.count(separator) - line.count(separator + " ") for line in sample)
        if (
            columns >= least
            and _share(sample, rows) >= 0.9
            and tight >= 0.8 * columns * rows
            and (separator == "\t" or _prose(sample) < 0.5)
        ):
            return True
    return False


def _is_file_list(sample: Sequence[str]) -> bool:
    named = sum(1 for line in sample if _FILE_NAME.fullmatch(line) and not sentences.ends(line))
    return _share(sample, named) >= 0.8 and _prose(sample) == 0


def _prose(sample: Sequence[str]) -> float:
    """The share of lines that hold a sentence."""
    return _share(sample, sum(1 for line in sample if sentences.ends(line) and sentences.holds(line)))
