"""E-mail (``.eml``), as correspondents and press offices send articles and as mail programs save them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import Message
from pathlib import PurePosixPath
from typing import ClassVar

from feedsvc import dates
from feedsvc.errors import NotAnArticle, TooLarge
from feedsvc.formats.base import RawAttachment, RawAuthor, RawItem, RawMedium
from feedsvc.formats.draft import numbered, without_tags
from feedsvc.formats.keys.reading import read_keys
from feedsvc.formats.mail import edges, parts, plain, quoted, rich
from feedsvc.formats.mail.headers import Headers, subject
from feedsvc.formats.mail.parts import Block, Parts
from feedsvc.formats.plaintext import embargoes, whole
from feedsvc.formats.plaintext.draft import TextDraft
from feedsvc.formats.plaintext.lines import Line, split
from feedsvc.formats.wording import sentences

MOST_MAILS = 100
_HEAD = 65_536
_FIELD = re.compile(rb"([!-9;-~]{1,80})[ \t]*:")
_POSTMARK = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,20}(?:From [^\r\n]{1,300}\r?\n)?")
_NEXT_POSTMARK = re.compile(rb"\n\r?\nFrom [^\r\n]{1,200}\d\d:\d\d[^\r\n]{0,60}\r?\n(?=[!-9;-~]{1,80}:)")
_QUOTED_POSTMARK = re.compile(rb"^>(>*From )", re.MULTILINE)
_SURE = frozenset({b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to", b"dkim-signature"})
_DOCUMENTS = (".docx", ".doc", ".pdf", ".odt", ".rtf", ".pages", ".txt", ".md", ".html", ".htm")
_LIST = re.compile(r"^((?:[A-Za-z]{2,5}:\s{0,3}){0,5})\[[^\[\]]{1,60}\]\s{0,3}(?=\S)")
"""The name of a mailing list, which its server puts into every subject."""
_HEAD_LINES = 20
_OWN = ("section", "category", "tags", "embargo", "expires", "slug", "standfirst", "summary", "byline", "language",
        "dateline", "draft", "rights")  # fmt: skip


class Mail:
    """A mail with an article in it, or one that forwards some."""

    name = "e-mail"
    suffixes = frozenset({".eml"})
    heavy: ClassVar[bool] = True

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether *data* begins with the header of a mail: who sent it, and what only mails have."""
        return is_mail(data)

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """The article of the mail, or those of the mails in it.

        Raises NotAnArticle for what is none (an invitation, an encrypted mail, attachments alone), TooLarge.
        """
        parts.check(data)
        mails = _mails(data)
        if len(mails) > MOST_MAILS:
            raise TooLarge(
                f"the mailbox holds {len(mails):,} mails; at most {MOST_MAILS} are read. Save them one by one"
            )
        try:
            messages = [message_from_bytes(mail, policy=policy.compat32) for mail in mails]
            items = _read(messages[0], fallback_encoding) if len(messages) == 1 else _each(messages, fallback_encoding)
        except RecursionError:
            raise TooLarge("the mail nests its parts too deep. Save the article's text alone") from None
        return items if len(items) == 1 else [numbered(item, number) for number, item in enumerate(items, start=1)]


def _mails(data: bytes) -> list[bytes]:
    """The mail that *data* is, or those of the mailbox that it is, where lines that begin so got a sign before them."""
    start = _POSTMARK.match(data)
    if start is None or not start[0].endswith(b"\n"):
        return [data[start.end() if start else 0 :]]
    return [_QUOTED_POSTMARK.sub(rb"\1", mail) for mail in _NEXT_POSTMARK.split(data[start.end() :])]


def is_mail(data: bytes) -> bool:
    """Whether *data* begins as a mail does."""
    start = _POSTMARK.match(data)
    begin = start.end() if start else 0
    if _FIELD.match(data, begin) is None:
        return False
    names: set[bytes] = set()
    for line in data[begin:_HEAD].replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t") and names:
            continue
        found = _FIELD.match(line)
        if found is None:
            break
        names.add(found[1].lower())
    return b"from" in names and bool(names & _SURE or {b"to", b"subject", b"date"} <= names)


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who wrote the text, when, and under which subject."""

    name: str
    address: str
    date: str
    subject: str
    where: str


def _read(message: Message, fallback: str) -> list[RawItem]:
    found = parts.parts_of(message, fallback=fallback)
    _refuse(message, found)
    if found.mails and _is_cover(found):
        items = _each(found.mails[:MOST_MAILS], fallback)
        note = "the mail forwards another one: that one is the article; what is written above it is not published"
        return [replace(item, notes=(*item.notes, note)) for item in items]
    return [_article(message, found, fallback)]


def _each(messages: Sequence[Message], fallback: str) -> list[RawItem]:
    """The articles of those *messages* that hold any. Raises NotAnArticle where none does."""
    items: list[RawItem] = []
    reasons: list[str] = []
    for message in messages:
        try:
            items += _read(message, fallback)
        except NotAnArticle as error:
            reasons.append(str(error))
    if not items:
        raise NotAnArticle(reasons[0] if reasons else "the mail holds an empty one")
    return items


def _refuse(message: Message, found: Parts) -> None:
    """Raise NotAnArticle where the mail is of a kind that holds no article."""
    if found.report:
        raise NotAnArticle("the mail reports what became of another one; there is no article in it")
    if str(message.get("auto-submitted", "no")).lower().startswith("auto-replied"):
        raise NotAnArticle("the mail is an automatic answer; there is no article in it")
    if found.calendar:
        raise NotAnArticle("the mail is an invitation to an appointment; there is no article in it")
    if found.mails or any(block.plain.strip() or block.html.strip() for block in found.blocks):
        return
    if any("winmail.dat" in name.lower() or "ms-tnef" in name.lower() for name in found.others):
        raise NotAnArticle("the mail's text is packed in Outlook's own form (winmail.dat); save its text")
    if found.others:
        raise NotAnArticle(
            f"the mail has no text of its own; what it brings is attached to it ({', '.join(found.others[:3])}):"
            " save that, and drop it here"
        )
    raise NotAnArticle("the mail has no text" + (", only pictures" if found.pictures else ""))


def _refuse_cover(item: RawItem, others: Sequence[str]) -> None:
    """Raise NotAnArticle where the text only says that the article is attached."""
    documents = [name for name in others if name.lower().endswith(_DOCUMENTS)]
    said = without_tags(item.body)
    if documents and len(said) <= quoted.SHORT and edges.speaks_of_attached(said):
        raise NotAnArticle(
            f"the mail says no more than that its text is attached ({', '.join(documents[:3])}): save that, and drop it"
            " here"
        )


def _is_cover(found: Parts) -> bool:
    """Whether what the mail says itself is no more than a note about the mails in it, or the contents of a digest."""
    if found.digest:
        return True
    said = " ".join(block.plain or block.html for block in found.blocks)
    letters = plain.read("\n".join(block.plain for block in found.blocks)).lines
    short = sum(len(line) for line in letters) <= quoted.SHORT and not any(
        block.html for block in found.blocks if not block.plain
    )
    return not said.strip() or short


def _article(message: Message, found: Parts, fallback: str) -> RawItem:
    headers = Headers(message, fallback=fallback)
    name, address = headers.mailbox("from")
    called = headers.get("subject")
    if headers.get("list-id"):
        called = _LIST.sub(r"\1", called)
    sender = _Sender(name, address, headers.date("date"), called, "")
    draft = TextDraft(1)
    if found.guessed:
        draft.note(f"The encoding of the mail is a guess: {found.guessed}.")
    draft.put("id", headers.message_id(), "Message-ID")
    own = read_keys({key: headers.get(f"x-{key}") for key in _OWN if headers.get(f"x-{key}")}, where="X-")
    for field in ("sections", "categories", "embargo", "expires", "slug", "standfirst", "summary", "byline", "language",
                  "dateline", "status", "rights"):  # fmt: skip
        draft.put(field, getattr(own, field), own.origin.get(field, "X- header"))
    tags = read_keys({"tags": [tag.strip() for tag in headers.get("keywords").split(",")]}).categories
    draft.put("categories", tags, "Keywords")
    draft.put("expires", headers.date("expires") or headers.date("expiry-date"), "Expires")
    draft.put("language", headers.get("content-language").partition(",")[0].strip(), "Content-Language")
    sender = _put_text(draft, found.blocks, sender)
    title = subject(sender.subject)
    draft.put("title", title, f"{sender.where}Subject")
    if sender.name:
        draft.put("authors", (RawAuthor(name=sender.name, email=sender.address),), f"{sender.where}From")
    draft.put("published", sender.date, f"{sender.where}Date")
    item = draft.item("mail")
    _refuse_cover(item, found.others)
    item = _with_pictures(item, found)
    others = [*found.others, *(["another mail"] if found.mails else [])]
    if others:
        note = f"attached to the mail and not published: {', '.join(others[:5])}"
        item = replace(item, notes=(*item.notes, note))
    return item


def _put_text(draft: TextDraft, blocks: Sequence[Block], sender: _Sender) -> _Sender:
    """Give *draft* its body; the answer is who wrote it, which is another one where the text is forwarded."""
    # A list puts its footer below as a text of its own.
    blocks = [one for number, one in enumerate(blocks) if not number or one.html or not edges.closes(one.plain)]
    letters = [plain.read(one.plain, subject=sender.subject, flowed=one.flowed, delsp=one.delsp) for one in blocks]
    inner = next((letter.forwarded for letter in letters if letter.forwarded), None)
    # Where the plain form shows what is forwarded, that form is taken.
    riches = [
        rich.Letter() if not one.html or (one.plain and inner) else rich.read(one.html, draft, subject=sender.subject)
        for one in blocks
    ]
    inner = inner or next((letter.forwarded for letter in riches if letter.forwarded), None)
    if inner is not None:
        date = inner.fields.get("date", "")
        date = date if dates.parse(date) is not None else sender.date
        sender = _Sender(
            inner.name, inner.address, date, inner.fields.get("subject", "") or sender.subject, "forwarded "
        )
        draft.note("the mail forwards another one: that one is the article; what is written above it is not published")
    if any(letter.guessed for letter in letters) or any(letter.guessed for letter in riches):
        draft.hold(
            "Another mail stands below a short text, and nothing says whether it is forwarded or answered, so the"
            " article is withheld: write “Fwd:” or “Re:” before the subject of the mail.",
            "text",
        )
    html = [letter.html for letter in riches]
    if any(letter.cut for letter in riches) or any(
        letter.cut and block.plain for letter, block in zip(letters, blocks, strict=True)
    ):
        draft.note("a signature, a disclaimer or the mail that it answers is left out below the text")
    if any(rich.is_rich(one) or (one and not block.plain.strip()) for one, block in zip(html, blocks, strict=True)):
        draft.put("title", subject(sender.subject), f"{sender.where}Subject")
        for letter in letters:
            _above(draft, split("\n".join(letter.lines[:_HEAD_LINES])))
        joined = [one or _paragraphs(letter) for one, letter in zip(html, letters, strict=True)]
        draft.put("body", "\n".join(one for one in joined if one.strip()), "text/html")
        return sender
    flowed = any(block.flowed for block in blocks)
    lines = split("\n\n".join("\n".join(letter.lines) for letter in letters))
    lines = _above(draft, lines)
    title = subject(sender.subject)
    if not title and len(lines) > 1 and lines[1].gap and not sentences.holds(lines[0].text):
        title, lines = lines[0].text, lines[1:]
    draft.put("title", title, f"{sender.where}Subject")
    if not lines:
        raise NotAnArticle("the mail has no text but what mail programs hang on to one")
    whole.put_body(draft, lines, wrapped=False if flowed else None)
    return sender


def _above(draft: TextDraft, lines: list[Line]) -> list[Line]:
    """*lines* without those above the text that say until when it is embargoed."""
    head = [line for line in lines[:5] if not embargoes.put(draft, line)]
    return [*head, *lines[5:]]


def _paragraphs(letter: plain.Letter) -> str:
    from feedsvc.formats.plaintext.body import paragraphs, to_html

    return to_html(paragraphs(split("\n".join(letter.lines))))


def _with_pictures(item: RawItem, found: Parts) -> RawItem:
    """*item* with the pictures of the mail: those that its text shows there, the others beside it.

    A picture that only the signature showed is left out with it.
    """
    attached: list[RawAttachment] = []
    media: list[RawMedium] = []
    had_html = any(block.html for block in found.blocks)
    for number, picture in enumerate(found.pictures, start=1):
        addresses = [f"cid:{picture.cid}" if picture.cid else "", picture.location]
        inside = next((one for one in addresses if one and rich.shown(item.body, one)), "")
        if not inside and picture.inline and picture.cid and had_html:
            continue
        address = inside or f"attached:{number}"
        attached.append(RawAttachment(address=address, data=picture.data, name=picture.name))
        if not inside:
            media.append(RawMedium(url=address))
    return replace(item, attached=tuple(attached), media=(*item.media, *media))
