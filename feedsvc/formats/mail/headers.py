"""The header of a mail: values as they were sent, decoded with distrust (RFC 5322, RFC 2047)."""

from __future__ import annotations

import binascii
import quopri
import re
from datetime import UTC
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from feedsvc import text
from feedsvc.errors import TooLarge

LONGEST = 16_000
"""Characters of one header that are looked at; longer ones, such as lists of a thousand receivers, are passed over."""
_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]{0,4000})\?=")
_FOLD = re.compile(r"\r?\n[ \t]*")
_BREAKS = re.compile(r"[\r\n]+")
_REPLY = re.compile(
    r"\s*(?:(?:re|fwd?|aw|wg|antw|tr|rv|sv|vs|vb|rif|i|enc|doorst)(?:\[\d{1,3}\])?\s*[:：]|\[(?:external|extern|ext)\])",
    re.IGNORECASE,
)
_MARKED = r"\s*(?:\[(?:external|extern|ext)\]\s*)?(?:%s)(?:\[\d{1,3}\])?\s*[:：]"
_ANSWER = re.compile(_MARKED % "re|aw|antw|sv|rif", re.IGNORECASE)
_FORWARD = re.compile(_MARKED % "fwd?|wg|tr|rv|vs|vb|i|enc|doorst", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([^\s<>]{3,500})>|([^\s<>]{1,250}@[^\s<>]{1,250})")


class Headers:
    """The headers of one message; of several of a name the first counts."""

    def __init__(self, message: Message, *, fallback: str) -> None:
        self._fallback = fallback
        self._values: dict[str, str] = {}
        for name, value in message.raw_items():
            folded = name.lower()
            if len(value) <= LONGEST:
                self._values.setdefault(folded, str(value))
            elif folded.startswith("content-"):
                raise TooLarge(
                    f"its header {name[:40]} has {len(value):,} characters; no mail needs that. Save it anew"
                )

    def names(self) -> list[str]:
        """The names that there are, in lower case."""
        return list(self._values)

    def get(self, name: str) -> str:
        """The text of header *name* on one line; empty where there is none."""
        return text.one_line(text.xml_safe(decoded(self._values.get(name, ""), fallback=self._fallback)))

    def date(self, name: str) -> str:
        """The date in header *name*, as ISO 8601 with the zone that it names; as written where it is none."""
        written = _FOLD.sub(" ", self._values.get(name, ""))[:200].strip()
        try:
            moment = parsedate_to_datetime(written) if written else None
        except (ValueError, TypeError, IndexError, OverflowError):
            return text.xml_safe(written.encode("utf-8", "replace").decode())
        if moment is None:
            return ""
        if moment.tzinfo is None and "-0000" in written:
            moment = moment.replace(tzinfo=UTC)  # the time is in UTC, only the sender's zone is not told (section 3.3)
        return moment.isoformat()

    def mailbox(self, name: str) -> tuple[str, str]:
        """The first person in header *name*: what they are called, which may be empty, and the address."""
        written = self._values.get(name, "")[:2000]
        called, address = parseaddr(_FOLD.sub(" ", written))
        if not address and "<" in written:
            # A display name that breaks the rules, such as one with a colon in it.
            called, _, address = written.partition("<")
            address = address.partition(">")[0]
        called = text.one_line(text.xml_safe(decoded(called, fallback=self._fallback))).strip(" \"'")
        return ("" if "@" in called else called), text.xml_safe(address) if "@" in address else ""

    def message_id(self) -> str:
        """The message's own id as a URI (RFC 2392); empty where it has none."""
        found = _MESSAGE_ID.search(self._values.get("message-id", ""))
        if found is None:
            return ""
        from urllib.parse import quote

        return "mid:" + quote(found[1] or found[2], safe="@!$*-_.+'()=~", errors="replace")


def decoded(value: str, *, fallback: str) -> str:
    """*value* with its encoded words decoded (RFC 2047 section 6.2); raw bytes in it are read as text as well."""
    value = _FOLD.sub(" ", value)
    pieces: list[tuple[bytes, str]] = []
    end = 0
    for found in _WORD.finditer(value):
        between = value[end : found.start()]
        if between.strip() or (between and not end):
            pieces.append((_raw(between), ""))
        charset, data = found[1].lower(), _unpacked(found[2], found[3])
        if pieces and pieces[-1][1] == charset and not between.strip():
            # A character may be cut in two by the words.
            pieces[-1] = (pieces[-1][0] + data, charset)
        else:
            pieces.append((data, charset))
        end = found.end()
    pieces.append((_raw(value[end:]), ""))
    return _BREAKS.sub(" ", "".join(_as_text(data, charset, fallback) for data, charset in pieces))


def subject(written: str) -> str:
    """A subject without the marks of replies and forwarding before it."""
    while (found := _REPLY.match(written)) is not None:
        written = written[found.end() :].strip()
    return written


def is_answer(written: str) -> bool:
    """Whether a subject begins with the mark of an answer."""
    return _ANSWER.match(written) is not None


def is_forward(written: str) -> bool:
    """Whether a subject begins with the mark of what is forwarded."""
    return _FORWARD.match(written) is not None


def _raw(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")


def _unpacked(kind: str, data: str) -> bytes:
    raw = _raw(data)
    if kind in "qQ":
        return quopri.decodestring(raw, header=True)
    try:
        return binascii.a2b_base64(raw + b"===")
    except binascii.Error:
        return raw


def _as_text(data: bytes, charset: str, fallback: str) -> str:
    try:
        return text.decode(data, declared=charset, fallback=fallback).text
    except text.UndecodableText:
        return data.decode("utf-8", "replace")
