"""Bytes of a wire into its messages: control characters, telex line ends and encodings are settled here.

A message is ``SOH head STX text ETX tail EOT``. Gateways lose some or all of these characters; then the line of the
head, ``ZCZC`` and ``NNNN`` part the messages.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedsvc.errors import ParseError, TooLarge
from feedsvc.formats.draft import MAX_ITEMS
from feedsvc.formats.plaintext.lines import Line, split
from feedsvc.text import UndecodableText, decode

IPTC_HEAD = re.compile(
    r"(?P<service>[A-Za-z]{2,4})(?P<number>\d{3,5})\s{1,4}(?P<priority>[1-9])\s{1,4}(?P<category>[A-Za-z]{1,3})\s{1,4}"
    r"(?P<words>\d{1,5})(?:\s(?P<more>.{0,100}))?"
)
"""The head of an IPTC 7901 message: service and number, priority, category, count of words, what the agency adds."""

_IPTC_LINE = re.compile(rb"[A-Za-z]{2,4}\d{3,5} {1,4}[1-9] {1,4}[A-Za-z]{1,3} {1,4}\d{1,5}(?: [^\r\n]{0,100})?[\r\n]")
_ANPA_LINES = re.compile(  # "z6715kbxxm", "r s BC-BKN--Herons-Gulls   03-05 0416": a head without its signs
    rb"[A-Za-z]\d{4}[A-Za-z-]{0,15}[ \t]*[\r\n]{1,3}[a-z] [a-z] [^\r\n]{2,80}?\d\d-\d\d(?: {1,4}\d{1,5})?[ \t]*[\r\n]"
)
_CARET_LINES = re.compile(rb"\^[^\r\n<]{2,120}<[ \t]*[\r\n]+(?:\^|[ \t]|[a-z]+:)")
_ZCZC = re.compile(rb"ZCZC(?=[ \t\r\n])")
_PADDING = b"\x00\x7f\x16\x0e\x0f\x11\x12\x13\x14\x07\x05\x06\x10\x15\x17\x18\x19"
_BLANKS = b" \t\r\n"
_TELEX_END = re.compile(rb"(?<!\r)\r{2,}+\n|\n\r(?!\n)")
_LOOKED_AT = 4000
_START, _TEXT, _END = b"\x01", b"\x02", b"\x03"
_BREAKS = re.compile(rb"[\x01\x04]")
_ZCZC_LINE = re.compile(rb"^(?=ZCZC(?:[ \t\r\n]|$))|^[ \t]*(?:NNNN|nnnn)[ \t\r]*$", re.MULTILINE)
_HEAD_LINE = re.compile(rb"^(?=%b|%b)" % (_IPTC_LINE.pattern, _ANPA_LINES.pattern), re.MULTILINE)
_FIELD_SIGNS = bytes.maketrans(b"\x1c\x1d\x1e\x0b", b"\x1f\x1f\x1f\n")
_IN_TEXT = bytes.maketrans(b"\x1c\x1d\x1e\x1f\x0b\x0c", b"    \n\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: the *fields* of its head, the *lines* of its text, the line below it (*tail*).

    *line* is the number of the line on which it begins, *guessed* the encoding if it is a guess, *telex* whether
    ``ZCZC`` opens it.
    """

    fields: Sequence[str]
    lines: Sequence[Line]
    tail: str
    line: int
    guessed: str = ""
    telex: bool = False


def looks_like_wire(data: bytes) -> bool:
    """Whether the first bytes are those of a wire: SOH, ZCZC, the head of an IPTC 7901 message, ``^slug<``."""
    head = _narrow(data[:_LOOKED_AT]).removeprefix(b"\xef\xbb\xbf")
    stripped = head.lstrip(_PADDING + _BLANKS + b"\x04\x1b")
    if stripped.startswith((_START, _TEXT)):
        # Any three bytes may follow a 1 in binary: a wire has letters there.
        return re.match(rb"[\x01\x02][\s\x16]*[\x20-\x7e\x80-\xff]{3}", stripped) is not None
    return any(sign.match(stripped) is not None for sign in (_ZCZC, _IPTC_LINE, _ANPA_LINES, _CARET_LINES))


def messages(data: bytes, *, fallback_encoding: str) -> list[Message]:
    """The messages in *data*, in order. Raises ParseError for bytes of no encoding, TooLarge for too many messages."""
    data = (
        _TELEX_END.sub(b"\n", _narrow(data).removeprefix(b"\xef\xbb\xbf")).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    )
    found: list[Message] = []
    line = 1
    for part in _parts(data):
        if part.strip(_BLANKS + _PADDING + b"\x01\x02\x03\x04").upper() not in (b"", b"NNNN", b"ZCZC"):
            message = _message(part, line, fallback_encoding=fallback_encoding)
            if message.lines or any(message.fields):
                found.append(message)
            if len(found) > MAX_ITEMS:
                raise TooLarge(f"The file holds more than {MAX_ITEMS:,} messages; split it.")
        line += part.count(b"\n")
    return found


def _narrow(data: bytes) -> bytes:
    """*data* in UTF-8 where it is UTF-16, with a mark or without; what is spoilt or anything else stays as it is."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and data[2:4] != b"\0\0"
    codec = "utf-16" if marked else _unmarked(data)
    if not codec:
        return data
    try:
        return data.decode(codec).encode()
    except UnicodeError:
        return data


def _unmarked(data: bytes) -> str:
    """The codec of UTF-16 without a mark, told by the zeros of Latin letters and signs; empty where it is none."""
    even, odd = data[:_LOOKED_AT:2], data[1:_LOOKED_AT:2]
    for heavy, light, codec in ((even, odd, "utf-16-le"), (odd, even, "utf-16-be")):
        if 8 <= len(light) == len(heavy) and not heavy.count(0) and light.count(0) * 4 >= len(light) * 3:
            return codec
    return ""


def _parts(data: bytes) -> Iterator[bytes]:
    """*data* cut where messages begin: at SOH and EOT, else at ZCZC and NNNN, else at the head of each message."""
    if _START in data:
        cuts = [found.start() for found in _BREAKS.finditer(data)]
    elif _ZCZC_LINE.search(data):
        cuts = [cut for found in _ZCZC_LINE.finditer(data) for cut in {found.start(), found.end()}]
    else:
        cuts = [found.start() for found in _HEAD_LINE.finditer(data)]
    begun = 0
    for cut in sorted({*cuts, len(data)}):
        yield data[begun:cut]
        begun = cut


def _message(part: bytes, line: int, *, fallback_encoding: str) -> Message:
    skipped = len(part) - len(part.lstrip(_BLANKS + _PADDING + b"\x01\x04\x1b"))
    line += part[:skipped].count(b"\n")
    part = part[skipped:]
    telex = _ZCZC.match(part) is not None
    if _TEXT in part:
        head, _, rest = part.partition(_TEXT)
    elif (bare := _IPTC_LINE.match(part) or _ANPA_LINES.match(part)) is not None:
        head, rest = part[: bare.end()], part[bare.end() :]
    else:
        head, rest = b"", part
    text, _, tail = rest.partition(_END)
    head = head.translate(_FIELD_SIGNS, _PADDING)
    text = text.translate(_IN_TEXT, _PADDING + b"\x1b\x01\x02\x04\x08")
    tail = tail.translate(_IN_TEXT, _PADDING + b"\x1b\x01\x02\x03\x04\x08")
    parts: list[str] = []
    guessed = ""
    at = line
    for one in (*head.split(b"\x1f"), text, tail):
        try:
            decoded = decode(one, fallback=fallback_encoding)
        except UndecodableText as error:
            where = at + error.line - 1
            raise ParseError(str(error).replace(f"line {error.line}", f"line {where}", 1), line=where) from error
        guessed = guessed or (decoded.encoding if decoded.guessed else "")
        parts.append(decoded.text)
        at += one.count(b"\n")
    begins = line + head.count(b"\n")
    lines = [one._replace(number=one.number + begins - 1) for one in split(parts[-2])]
    fields = [field.strip() for part_ in parts[:-2] for field in part_.split("\n")]
    return Message(fields=fields, lines=lines, tail=parts[-1].strip(), line=line, guessed=guessed, telex=telex)
