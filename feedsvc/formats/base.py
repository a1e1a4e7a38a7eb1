"""What every input format gives: ``RawItem``s, the fields of a file as they are written there.

A format knows its own syntax and nothing else. It does not sanitise, does not resolve dates or sections and
does not know the site: ``normalise`` does that for all formats alike. It says for every field where it found
it (``origin``), and what it had to guess (``notes``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Protocol, runtime_checkable

from feedsvc.podcasts import Person, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAuthor:
    """An author as a file gives one: *name* as written (it may be an id, an address or "A and B")."""

    name: str
    uri: str = ""
    email: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCategory:
    """A tag, keyword or subject as written; *scheme* names the vocabulary where the file does."""

    term: str
    label: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMedium:
    """A picture, sound or film that the file names. *url* as written: absolute, relative or below the site.

    *length* in bytes, *width* and *height* in pixels, *duration* in seconds; 0 where the file does not say.
    """

    url: str
    type: str = ""
    length: int = 0
    width: int = 0
    height: int = 0
    duration: int = 0
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAttachment:
    """A file that lies inside the one that was read: a picture in a mail or an office document.

    *address* is how ``body`` and ``media`` of the item name it (``cid:quay@desk.example``, ``attached:2``); *name* is
    its file name as written, which may be empty. What it is is found out from its *data*, and only pictures, sounds and
    films are kept.
    """

    address: str
    data: bytes
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEpisode:
    """What the file says of the article as an episode of a podcast, as written; *duration* in seconds, 0 unknown.

    Addresses (*image*, *chapters*, those of *transcripts*) are as written, like those of media.
    """

    number: str = ""
    season: str = ""
    kind: str = ""
    title: str = ""
    explicit: str = ""
    image: str = ""
    duration: int = 0
    chapters: str = ""
    transcripts: tuple[Transcript, ...] = ()
    persons: tuple[Person, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses of files in it."""
        return tuple(filter(None, (self.image, self.chapters, *(one.url for one in self.transcripts))))


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """One article as one format read it, before any rule of ours has touched it.

    All values are text as written (surrounding white space aside); an absent field is empty. Fields:

    ``body``         HTML, not yet sanitised (a format of plain text or Markdown makes HTML of it).
    ``title``, ``standfirst``, ``summary``   text; markup and character references in them are taken out later.
                     Where a ``<`` or ``&`` of the source is meant literally (plain text files), give the field's
                     name in ``literal``.
    ``title_fallbacks``  further candidates for the title, best first.
    ``published``, ``updated``, ``embargo``, ``expires``   a date as written, in any shape ``dates.parse`` reads;
                     ``published`` also without its year.
                     ``published_fallbacks``: weaker candidates, best first (the day in a file's name is added by
                     ``normalise``); where one differs in its day, ``normalise`` notes it.
    ``byline``       as printed, without the format's own label ("By Jane Doe" keeps its "By"); ``authors`` where
                     the file names them apart.
    ``agency``, ``dateline``   the wire's name; the place of filing.
    ``sections``     names or paths of sections, home first. ``crumbs``: a bread-crumb line whose separators may be
                     lost, from after "Home". ``codes``: service or subject codes, which ``[content] codes`` maps.
    ``categories``   tags, keywords, subjects.
    ``episode``      what podcasts show of it besides, if the file says something of that.
    ``status``       publishing status as written ("usable", "stat:canceled", "draft", "hidden", "withheld");
                     ``draft`` True or ``published: false`` is given as "draft" and "withheld".
    ``withdrawal``   True where the item itself says that it takes an earlier one back; it may then have no body.
    ``version``      as written. A larger number replaces a smaller one.
    ``base``         the address that relative links in ``body`` and ``media`` refer to, if the file names one.
    ``attached``     files inside the file, to which addresses in ``body`` and ``media`` may refer.
    ``part``         1, 2, 3 … in a file of several articles, 0 in a file of one.
    ``line``         the line where the item begins, for messages; 0 unknown.
    ``origin``       field name -> where it came from ("front matter title", "first heading", "line 3").
    ``notes``        what was guessed or looked odd, each one sentence that an editor understands.
    """

    title: str = ""
    body: str = ""
    title_fallbacks: tuple[str, ...] = ()
    literal: frozenset[str] = frozenset()
    id: str = ""
    version: str = ""
    status: str = ""
    withdrawal: bool = False
    published: str = ""
    published_fallbacks: tuple[str, ...] = ()
    updated: str = ""
    embargo: str = ""
    expires: str = ""
    slug: str = ""
    standfirst: str = ""
    summary: str = ""
    byline: str = ""
    authors: tuple[RawAuthor, ...] = ()
    agency: str = ""
    dateline: str = ""
    language: str = ""
    sections: tuple[str, ...] = ()
    crumbs: str = ""
    codes: tuple[str, ...] = ()
    categories: tuple[RawCategory, ...] = ()
    media: tuple[RawMedium, ...] = ()
    attached: tuple[RawAttachment, ...] = ()
    episode: RawEpisode | None = None
    link: str = ""
    base: str = ""
    rights: str = ""
    urgency: str = ""
    part: int = 0
    line: int = 0
    origin: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@runtime_checkable
class Format(Protocol):
    """An input format. Instances hold no state: the same bytes give the same items, in any thread."""

    @property
    def name(self) -> str:
        """The format's name for people: "Markdown", "NITF"."""

    @property
    def suffixes(self) -> frozenset[str]:
        """File suffixes with their dot, lower case: used only where the bytes do not decide."""

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:
        """Whether these bytes are surely of this format (a look at the first kilobytes; cheap; never raises)."""

    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        """Read *data* into one item or more.

        *path* is the source path below ``content/``: for messages, and for names that carry meaning.
        Raises ContentError and nothing else, whatever the bytes are.
        """
