"""What a mail is made of: its texts, its pictures, mails within it, and what is none of these (RFC 2045, RFC 2046).

The message is read with the policy ``compat32``, which leaves headers as they were sent: the newer one parses them when
they are looked at, at length, and stumbles over what real mails hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message

from feedsvc import medianames, text
from feedsvc.errors import NotAnArticle, ParseError, TooLarge
from feedsvc.formats.mail.headers import decoded

MOST_PARTS = 1_000
MOST_DEPTH = 30
MOST_MEDIA = 50
_CONTENT_TYPE = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_MEDIA = ("image", "audio", "video")
_OBJECT = "\ufffc"
"""Stands in the plain form of a text where its other form shows a picture."""
_BYTES = "application/octet-stream"
"""What mail programs call a file of which they know nothing, even a photograph."""
_ENCRYPTED = frozenset(
    {"multipart/encrypted", "application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
)
_SILENT = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "text/vcard",
    "text/x-vcard", "text/directory", "application/pgp-keys", "message/delivery-status", "text/rfc822-headers",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of text, in one form or in two that say the same; *flowed* and *delsp* as in RFC 3676."""

    plain: str = ""
    html: str = ""
    flowed: bool = False
    delsp: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, sound or film: *cid* as ``cid:`` addresses name it; *inline* where the mail shows it in its text."""

    data: bytes
    name: str = ""
    cid: str = ""
    location: str = ""
    inline: bool = False


@dataclass(slots=True)
class Parts:
    """All that lies in one mail, in order. *others* are names of what is neither text nor picture."""

    blocks: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    calendar: bool = False
    digest: bool = False
    report: bool = False
    guessed: str = ""


def check(data: bytes) -> None:
    """Raise TooLarge where *data* has more parts than a mail may have."""
    count = sum(1 for _ in _CONTENT_TYPE.finditer(data))
    if count > MOST_PARTS:
        raise TooLarge(f"the mail has {count:,} parts; at most {MOST_PARTS:,} are read. Save the article's text alone")


def parts_of(message: Message, *, fallback: str) -> Parts:
    """What lies in *message*, mails within it unopened. Raises NotAnArticle where it is encrypted, TooLarge."""
    found = Parts()
    _Walk(found, fallback).part(message, 0)
    return found


class _Walk:
    def __init__(self, found: Parts, fallback: str) -> None:
        self._found = found
        self._fallback = fallback
        self._seen = 0

    def part(self, part: Message, depth: int) -> None:
        self._seen += 1
        if depth > MOST_DEPTH or self._seen > MOST_PARTS:
            raise TooLarge("the mail nests its parts too deep, or has too many. Save the article's text alone")
        if len(str(part.get("content-type", ""))) > 4000:
            raise TooLarge("a header Content-Type in the mail is too long to be one. Save the article's text alone")
        kind = part.get_content_type()
        if kind in _ENCRYPTED and str(part.get_param("smime-type", "")).lower() != "signed-data":
            raise NotAnArticle("the mail is encrypted; decrypt it, and save its text")
        if kind in _ENCRYPTED:
            raise NotAnArticle("the mail is signed in a way that wraps it whole (S/MIME); save its text")
        main = kind.partition("/")[0]
        if kind == "message/rfc822":
            self._found.mails += [one for one in _children(part) if isinstance(one, Message)][:1]
        elif kind == "multipart/alternative":
            self._alternative(part, depth)
        elif part.is_multipart():
            self._found.report |= kind == "multipart/report"
            self._found.digest |= kind == "multipart/digest"
            for child in _children(part):
                self.part(child, depth + 1)
        elif kind == "text/calendar" and part.get_content_disposition() != "attachment":
            self._found.calendar = True
        elif main in _MEDIA or (kind == _BYTES and medianames.is_medium(_name(part, self._fallback))):
            self._picture(part)
        elif main == "text" and kind not in _SILENT and not self._is_file(part, kind):
            self._text(part, kind)
        elif kind not in _SILENT:
            self._found.others.append(_name(part, self._fallback) or kind)

    def _alternative(self, part: Message, depth: int) -> None:
        """The forms of one text: the best plain one and the best in HTML become one block."""
        begin = len(self._found.blocks)
        for child in _children(part):
            self.part(child, depth + 1)
        forms = self._found.blocks[begin:]
        plain = next((one for one in reversed(forms) if one.plain.strip()), Block())
        html = next((one.html for one in reversed(forms) if one.html.strip()), "")
        if plain.plain or html:
            both = Block(plain=plain.plain, html=html, flowed=plain.flowed, delsp=plain.delsp)
            self._found.blocks[begin:] = [both]

    def _text(self, part: Message, kind: str) -> None:
        written = self._decoded(part)
        if "-----BEGIN PGP MESSAGE-----" in written[:20_000]:
            raise NotAnArticle("the mail is encrypted (PGP); decrypt it, and save its text")
        if kind == "text/html":
            self._found.blocks.append(Block(html=written))
        else:
            flowed = str(part.get_param("format", "")).lower() == "flowed"
            delsp = str(part.get_param("delsp", "")).lower() == "yes"
            self._found.blocks.append(Block(plain=_unsigned(written), flowed=flowed, delsp=delsp))

    def _decoded(self, part: Message) -> str:
        data = _bytes(part)
        try:
            read = text.decode(data, declared=str(part.get_param("charset", "")), fallback=self._fallback)
        except text.UndecodableText as error:
            raise ParseError(f"its text cannot be read: {error}") from None
        if read.guessed:
            self._found.guessed = read.encoding
        return read.text.replace(_OBJECT, "")

    def _picture(self, part: Message) -> None:
        if len(self._found.pictures) < MOST_MEDIA:
            cid = str(part.get("content-id", "")).strip().strip("<>")
            self._found.pictures.append(
                Picture(
                    data=_bytes(part),
                    name=_name(part, self._fallback),
                    cid=cid,
                    location=str(part.get("content-location", "")).strip(),
                    inline=part.get_content_disposition() == "inline" or bool(cid),
                )
            )

    def _is_file(self, part: Message, kind: str) -> bool:
        """Whether a text is attached as a file of its own."""
        return part.get_content_disposition() == "attachment" or kind not in (
            "text/plain",
            "text/html",
            "text/enriched",
        )


def _children(part: Message) -> list[Message]:
    held = part.get_payload()
    return [one for one in held if isinstance(one, Message)] if isinstance(held, list) else []


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _name(part: Message, fallback: str) -> str:
    if len(str(part.get("content-disposition", ""))) > 4000:
        return ""
    return text.one_line(text.xml_safe(decoded(part.get_filename("") or "", fallback=fallback)))[:200]


_ARMOUR = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]{1,40}: [^\n]{0,200}\n){0,20}\n?")


def _unsigned(written: str) -> str:
    """*written* without the armour of a signature around it (RFC 4880 section 7)."""
    begin = _ARMOUR.search(written[:20_000])
    if begin is None:
        return written
    end = written.find("\n-----BEGIN PGP SIGNATURE-----", begin.end())
    inside = written[begin.end() : end if end >= 0 else len(written)]
    return re.sub(r"^- ", "", inside, flags=re.MULTILINE)
