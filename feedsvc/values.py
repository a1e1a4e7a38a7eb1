"""Values as a config file or the environment writes them: durations, sizes, rates, addresses, zones, lists.

Each is a type for a field of a pydantic model. What is wrong raises ValueError, which says what to write instead.
"""

from __future__ import annotations

import codecs
import difflib
import ipaddress
import re
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from feedsvc import podcasts

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_QUANTITY = re.compile(r"\s*(\d{1,12}(?:\.\d{1,12})?)\s*([A-Za-z]+)\s*", re.ASCII)
_NOT_IN_ADDRESSES = re.compile(r"[\s<>\"\\^`{|}\x00-\x20\x7f]")


def _quantity(value: object, units: Mapping[str, float], example: str) -> float:
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[2].lower() not in units:
        raise ValueError(f"write a number with a unit ({', '.join(units)}), such as {example!r}")
    return float(found[1]) * units[found[2].lower()]


def _duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    try:
        return timedelta(seconds=_quantity(value, _SECONDS, "10s"))
    except OverflowError:
        raise ValueError("write a shorter time: this is longer than the calendar") from None


def _size(value: object) -> object:
    return value if type(value) is int else int(_quantity(value, _BYTES, "5 MB"))


def _listed(value: object) -> object:
    """A list; from the environment, where everything is text, its items are separated by commas."""
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    return value


def _paired(value: object) -> object:
    """A table; from the environment as ``key=value`` pairs separated by commas."""
    if not isinstance(value, str):
        return value
    pairs = [item.partition("=") for item in value.split(",") if item.strip()]
    if not all(key.strip() and sign for key, sign, _ in pairs):
        raise ValueError("write pairs separated by commas, such as '15000000=sport,04000000=business'")
    return {key.strip(): item.strip() for key, _, item in pairs}


def _base_url(value: str) -> str:
    message = "write the public address of the site, such as 'https://news.example.org'"
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        raise ValueError(message) from None
    if not good or "?" in value or "#" in value or _NOT_IN_ADDRESSES.search(value):
        raise ValueError(message)
    return value.rstrip("/")


def _authority(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.@_-]+,[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", value):
        raise ValueError("write a domain that was yours and the date, such as 'news.example.org,2026' (RFC 4151)")
    return value


def _zone(value: object) -> object:
    try:
        return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        raise ValueError("write the name of a time zone, such as 'Europe/Berlin'") from None


def _language(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", value):
        raise ValueError("write a language tag, such as 'en' or 'pt-BR' (BCP 47)")
    return value


def _encoding(value: str) -> str:
    try:
        if value:
            codecs.lookup(value)
    except (LookupError, ValueError):
        raise ValueError("write the name of a character set, such as 'cp1252'; empty to guess none") from None
    return value


def _picture(value: str) -> str:
    absolute = value.lower().startswith(("https://", "http://")) and urlsplit(value).hostname
    if value and not absolute and not (value.startswith("/") and not value.startswith("//")):
        raise ValueError("write a web address, or a path of this site that begins with '/'")
    return value


def _mailbox(value: str) -> str:
    if value and not re.fullmatch(r"[^\s@<>()\"]{1,64}@[^\s@<>()\"]{1,255}", value):
        raise ValueError("write the mail address alone, such as 'desk@news.example.org'")
    return value


def _categories(value: tuple[str, ...]) -> tuple[str, ...]:
    """Categories of podcasts in the spelling of the directories."""
    found = tuple(" > ".join(part.strip() for part in one.split(">", 1)) for one in value)
    for one in found:
        if not podcasts.is_category(one):
            every = [
                name
                for main, narrower in podcasts.CATEGORIES.items()
                for name in (main, *(f"{main} > {each}" for each in sorted(narrower)))
            ]
            close = difflib.get_close_matches(one, every, n=1, cutoff=0.3)
            better = f"; did you mean {close[0]!r}?" if close else ""
            raise ValueError(f"{one!r} is no category that directories of podcasts know{better}")
    if not found:
        raise ValueError("name one category at least, such as 'News > Daily News'")
    return found


def _uuid(value: str) -> str:
    try:
        return str(uuid.UUID(value)) if value else ""
    except ValueError:
        raise ValueError("write a UUID, such as '9b024349-ccf0-5f69-a609-6b82873eab3c'") from None


def _colour(value: str) -> str:
    if value and not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError("write a colour as '#rrggbb', such as '#0a5c7a'")
    return value


def rate(value: str) -> tuple[int, float]:
    """How many, in how many seconds: "60/h" is 60 and 3600. Raises ValueError."""
    count, slash, unit = value.partition("/")
    if not slash or not re.fullmatch(r"[0-9]{1,9}", count) or not int(count) or unit not in _SECONDS:
        raise ValueError("write a number for a time, such as '60/h' or '5/m'; empty for none")
    return int(count), _SECONDS[unit]


def _rate(value: str) -> str:
    if value:
        rate(value)
    return value


def _networks(value: tuple[str, ...]) -> tuple[str, ...]:
    for network in value:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise ValueError(f"{network!r} is no address or network; write them as '10.0.0.0/8' or '::1'") from None
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Size = Annotated[int, BeforeValidator(_size), Field(ge=0)]
Strings = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Pairs = BeforeValidator(_paired)
"""Marks a mapping that may be written as text."""
BaseUrl = Annotated[str, AfterValidator(_base_url)]
Authority = Annotated[str, AfterValidator(_authority)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Language = Annotated[str, AfterValidator(_language)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Picture = Annotated[str, AfterValidator(_picture)]
Colour = Annotated[str, AfterValidator(_colour)]
Rate = Annotated[str, AfterValidator(_rate)]
Networks = Annotated[Strings, AfterValidator(_networks)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
ShowCategories = Annotated[Strings, AfterValidator(_categories)]
Uuid = Annotated[str, AfterValidator(_uuid)]
