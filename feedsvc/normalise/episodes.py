"""An article as an episode: numbers, kind and addresses as podcasts show them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from feedsvc import markup
from feedsvc.formats.base import RawEpisode
from feedsvc.model import Enclosure
from feedsvc.normalise.identity import version_number
from feedsvc.normalise.inert import inert
from feedsvc.podcasts import KINDS, PLAYABLE, Episode, Person, Transcript

_YES = frozenset({"true", "yes", "explicit", "1", "on"})
_NO = frozenset({"false", "no", "clean", "0", "off"})
_MOST = 50
_LARGEST = 100_000
_TYPES = {".vtt": "text/vtt", ".srt": "application/x-subrip", ".json": "application/json", ".html": "text/html",
          ".htm": "text/html", ".txt": "text/plain"}  # fmt: skip
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

Address = Callable[[str], str]


def episode_of(raw: RawEpisode | None, *, file: Address, page: Address) -> Episode | None:
    """The episode that *raw* describes; None where it says nothing that can be used.

    *file* makes the address of a file out of what is written, which may be our own; *page* that of a page elsewhere.
    """
    if raw is None:
        return None
    kind, explicit = raw.kind.strip().lower(), raw.explicit.strip().lower()
    transcripts = (
        Transcript(
            url=url,
            type=_type(one.type, one.url),
            language=one.language if _LANGUAGE.fullmatch(one.language) else "",
        )
        for one in raw.transcripts[:_MOST]
        if (url := file(one.url))
    )
    persons = (
        Person(name=name, role=_line(one.role).lower(), uri=page(one.uri), image=page(one.image))
        for one in raw.persons[:_MOST]
        if (name := _line(one.name))
    )
    episode = Episode(
        number=_number(raw.number),
        season=_number(raw.season),
        kind=kind if kind in KINDS else "",
        title=_line(raw.title),
        explicit="true" if explicit in _YES else "false" if explicit in _NO else "",
        image=file(raw.image),
        chapters=file(raw.chapters),
        transcripts=tuple(transcripts),
        persons=tuple(persons),
    )
    return None if episode == Episode() else episode


def lasting(enclosures: Sequence[Enclosure], raw: RawEpisode | None) -> tuple[Enclosure, ...]:
    """*enclosures*, the first sound or film with the duration that the file gives beside it, if none is known."""
    found = list(enclosures)
    if raw is not None and raw.duration > 0:
        for number, one in enumerate(found):
            if one.type.startswith(PLAYABLE):
                found[number] = one if one.duration else replace(one, duration=raw.duration)
                break
    return tuple(found)


def _number(written: str) -> int:
    number = version_number(written)
    return number if 0 < number <= _LARGEST else 0


def _type(given: str, url: str) -> str:
    given = given.partition(";")[0].strip().lower()
    if _MEDIA_TYPE.fullmatch(given):
        return given
    return _TYPES.get(PurePosixPath(urlsplit(url).path).suffix.lower(), "text/html")


def _line(written: str) -> str:
    return inert(markup.plain_line(written))[:255]
