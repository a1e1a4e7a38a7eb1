"""Messages that take earlier ones back, and the ids by which they find them.

A number or a slug means one text on one day: the id of such an item holds both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.wiretext import times
from feedsvc.formats.wiretext.messages import Message

_NUMBER = re.compile(r"(?<![^\W_])(?P<letters>[A-Za-z]{2,4})[ -]?(?P<digits>\d{2,4})(?![^\W_])")
_SLUG = re.compile(r"(?<![^\W_])(?:BC|AM|PM|AP)-[A-Za-z0-9][\w.'-]{1,60}(?: [A-Z][\w.'-]{1,30}){0,2}", re.IGNORECASE)
_NOT_ONLY_SIGNS = re.compile(r"[^a-z0-9]+")
_MOST = 20


def known_as(name: str, day: str) -> str:
    """The id of the text that was sent under *name*, a number or a keyword slug, on *day*."""
    return f"wire/{_NOT_ONLY_SIGNS.sub('-', name.lower()).strip('-')}/{day}"


def numbers_in(text: str, *, like: str) -> list[str]:
    """The numbers in *text* that begin with the letters of *like*, in lower case, each once."""
    found = (one for one in _NUMBER.finditer(text[:5000]) if one["letters"].lower() == like.lower())
    return list(dict.fromkeys((one["letters"] + one["digits"]).lower() for one in found))[:_MOST]


def slugs_in(text: str) -> list[str]:
    """The keyword slugs in *text* ("BC-Heat-Hawks"), each once."""
    return list(dict.fromkeys(found.group().rstrip(" .,-'") for found in _SLUG.finditer(text[:5000])))[:_MOST]


def items(message: Message, *, named: Sequence[str], day: str) -> list[RawItem]:
    """What *message* takes back: an item that withdraws for each of *named*, of the day that it names or its own.

    Raises NotAnArticle where it names none, or where no day is known: then somebody must see to it.
    """
    text = " ".join(line.text for line in message.lines if times.sent(line.text) is None)
    day = times.named_day(text, day) or day
    if not named or not day:
        raise NotAnArticle(
            "This message takes an earlier one back, and which one cannot be told from it. Read it, and take the "
            "article down by hand: feedsvc takedown ADDRESS.",
            line=message.line,
        )
    return [
        RawItem(
            id=known_as(one, day),
            status="canceled",
            withdrawal=True,
            line=message.line,
            origin={"id": "name in the text", "status": "kill"},
            notes=(f"The message takes “{one}” of {day} back; if that was sent on another day, take it down by hand.",),
        )
        for one in named
    ]
