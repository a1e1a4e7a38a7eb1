"""What podcasts have that other feeds have not: a show, its episodes, and the rules that directories set for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

CATEGORIES: Mapping[str, frozenset[str]] = {
    # Those of Apple Podcasts, which the other directories use as well.
    "Arts": frozenset({"Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"}),
    "Business": frozenset({"Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"}),
    "Comedy": frozenset({"Comedy Interviews", "Improv", "Stand-Up"}),
    "Education": frozenset({"Courses", "How To", "Language Learning", "Self-Improvement"}),
    "Fiction": frozenset({"Comedy Fiction", "Drama", "Science Fiction"}),
    "Government": frozenset(),
    "History": frozenset(),
    "Health & Fitness": frozenset(
        {"Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"}
    ),
    "Kids & Family": frozenset({"Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"}),
    "Leisure": frozenset(
        {"Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games"}
    ),
    "Music": frozenset({"Music Commentary", "Music History", "Music Interviews"}),
    "News": frozenset(
        {"Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News"}
    ),
    "Religion & Spirituality": frozenset(
        {"Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"}
    ),
    "Science": frozenset(
        {"Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature",
         "Physics", "Social Sciences"}
    ),
    "Society & Culture": frozenset(
        {"Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"}
    ),
    "Sports": frozenset(
        {"Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running",
         "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling"}
    ),
    "Technology": frozenset(),
    "True Crime": frozenset(),
    "TV & Film": frozenset({"After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"}),
}  # fmt: skip
KINDS = ("full", "trailer", "bonus")
"""What an episode can be; the first is the usual one."""
PLAYABLE = ("audio/", "video/")
"""The beginnings of the media types that an episode can be played from, the preferred one first."""
_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Podcast:
    """A show: what a feed says of itself when it is a podcast.

    *categories* are "News" or "News > Politics", the best first. *kind* is ``episodic`` or ``serial``. *image* is an
    address, absolute or root-relative. *locked* forbids other hosts to take the show over.
    """

    author: str
    owner_name: str = ""
    owner_email: str = ""
    categories: tuple[str, ...] = ("News",)
    explicit: bool = False
    image: str = ""
    kind: str = "episodic"
    locked: bool = False
    guid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The words of an episode in writing, at *url*; *type* is its media type."""

    url: str
    type: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is heard, and as what ("host", "guest")."""

    name: str
    role: str = ""
    uri: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What an article says of itself as an episode. *kind* is one of ``KINDS``.

    *title* is without number and show. *explicit* is "true", "false" or empty. *image*, *chapters* and the addresses of
    *transcripts* are absolute, or root-relative where the file is our own.
    """

    number: int = 0
    season: int = 0
    kind: str = ""
    title: str = ""
    explicit: str = ""
    image: str = ""
    chapters: str = ""
    transcripts: tuple[Transcript, ...] = ()
    persons: tuple[Person, ...] = ()


def is_category(text: str) -> bool:
    """Whether directories know the category *text*, "News" or "News > Politics"."""
    main, mark, narrower = text.partition(" > ")
    return main in CATEGORIES and (not mark or narrower in CATEGORIES[main])


def guid_of(feed_url: str) -> str:
    """The ``podcast:guid`` of a show whose feed is first published at *feed_url*: the same for everybody who asks.

    A version 5 UUID of the address without its scheme and without slashes at its end.
    """
    return str(uuid5(_NAMESPACE, feed_url.partition("://")[2].rstrip("/")))
