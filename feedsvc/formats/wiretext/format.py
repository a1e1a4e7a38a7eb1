"""Text of the wire as an input format: messages with control characters, or what gateways have left of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from feedsvc.errors import NotAnArticle, UnknownFormat
from feedsvc.formats.base import RawItem
from feedsvc.formats.wiretext import anpa, iptc7901, telex
from feedsvc.formats.wiretext.joining import joined_takes, settled
from feedsvc.formats.wiretext.messages import Message, looks_like_wire, messages


class WireText:
    """Agencies' text in IPTC 7901, in ANPA 1312, and between ZCZC and NNNN; often many messages in one file."""

    name = "wire text"
    suffixes: frozenset[str] = frozenset()

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the bytes begin with SOH, with ZCZC, with the head of a message, or with a line ``^…<``."""
        return looks_like_wire(data)

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """Read *data* into its articles and withdrawals. Raises ContentError and nothing else.

        Of several versions of one text in one file the highest is given.
        """
        if not looks_like_wire(data):
            raise UnknownFormat("This is no wire message: it begins with none of SOH, ZCZC and ^.", line=1)
        found = messages(data, fallback_encoding=fallback_encoding)
        if not found:
            raise NotAnArticle("The file holds a frame of wire messages and no text in it.", line=1)
        items: list[RawItem] = []
        reasons: list[str] = []
        for message in joined_takes(found):
            try:
                items += [_told(item, message) for item in _read(message)]
            except NotAnArticle as error:
                if len(found) == 1:
                    raise
                reasons.append(f"line {message.line}: {error}")
        if not items:
            raise NotAnArticle(f"The file holds {len(found)} messages, and none is an article. {reasons[0]}")
        items = settled(items)
        if reasons:
            sentence = f"{len(reasons)} of {len(found)} messages in this file are no articles. The first: {reasons[0]}"
            items[0] = replace(items[0], notes=(*items[0].notes, sentence))
        if len(items) == 1:
            return items
        return [replace(item, part=number) for number, item in enumerate(items, start=1)]


def _read(message: Message) -> list[RawItem]:
    head = iptc7901.head_of(message)
    if head is not None:
        return iptc7901.read(message, head)
    return anpa.read(message) if anpa.is_anpa(message) else telex.read(message)


def _told(item: RawItem, message: Message) -> RawItem:
    if not message.guessed:
        return item
    note = f"The message is not UTF-8; it was read as {message.guessed}, which is a guess."
    return replace(item, notes=(note, *item.notes))
