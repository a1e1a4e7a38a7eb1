"""What a stored change means for readers: when an article counts as released, and what each feed shows of it.

Pure functions: the writer asks them, and writes down what they answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from feedsvc.model import Article, PubStatus, Stored
from feedsvc.store.base import ALL, AUTHORS, TAGS
from feedsvc.text import slug

MOST_TAGS = 20
MOST_AUTHORS = 10
"""How many tags and authors of an article have feeds that show it: the first that it names."""
_LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """An article's row in one feed: shown from *released* until *expires*."""

    released: datetime
    published: datetime
    expires: datetime | None = None

    def shown(self, now: datetime) -> bool:
        """Whether the feed shows the article at *now*."""
        return self.released <= now and (self.expires is None or now < self.expires)


def state_of(stored: Stored, *, now: datetime) -> str:
    """One word or two for where an article is in its life: ``public``, ``scheduled``, ``withdrawn`` and so on."""
    article = stored.article
    if stored.takedown is not None:
        return "taken down"
    if stored.withdrawn is not None:
        return "withdrawn"
    if article.pubstatus is not PubStatus.USABLE:
        return article.pubstatus.value
    if article.expires is not None and article.expires <= now:
        return "expired"
    return "public" if article.visible_from <= now else "scheduled"


def feeds_of(article: Article) -> tuple[str, ...]:
    """The feeds that show *article*: of its sections, their ancestors, everything, its tags and its authors."""
    return (*section_feeds(article.sections), *tags_of(article), *authors_of(article))


def section_feeds(sections: tuple[str, ...]) -> tuple[str, ...]:
    """The feeds of *sections* and their ancestors, and the feed of everything."""
    names: dict[str, None] = {}
    for section in sections:
        segments = section.split("/")
        for length in range(len(segments), 0, -1):
            names["/".join(segments[:length])] = None
    return (*names, ALL)


def tags_of(article: Article) -> dict[str, str]:
    """The feeds of the tags of *article*, at most ``MOST_TAGS``, by name, each with the tag as it is written there.

    A tag that is spelled in two ways, or has two schemes, is one feed; one without letters or digits has none.
    """
    return _named(TAGS, (category.label or category.term for category in article.categories), MOST_TAGS)


def tag_of(spelling: str) -> str:
    """The name of the feed of a tag that is written so; empty where it can have none."""
    return next(iter(_named(TAGS, (spelling,), 1)), "")


def authors_of(article: Article) -> dict[str, str]:
    """The feeds of the authors of *article*, at most ``MOST_AUTHORS``, by name, each with the name as written there."""
    return _named(AUTHORS, (author.name for author in article.authors), MOST_AUTHORS)


def _named(prefix: str, written: Iterable[str], most: int) -> dict[str, str]:
    named: dict[str, str] = {}
    for spelling in written:
        slugged = slug(spelling, limit=_LONGEST_SLUG)
        if slugged:
            named.setdefault(prefix + slugged, spelling)
        if len(named) == most:
            break
    return named


def released(article: Article, previous: Stored | None, *, now: datetime, late: timedelta) -> datetime | None:
    """When *article* counts as released; None while it is not usable and never was public.

    It is fixed once the article has been public. Before, it is the moment from which the article may be seen,
    except that a file which came later than that by no more than *late* counts from its pick-up, *now*: so a late
    wire item is new to subscribers, and an old archive floods nobody.
    """
    known = previous.released if previous is not None else None
    if known is not None and known <= now:
        return known
    if article.pubstatus is not PubStatus.USABLE:
        return None
    if article.visible_from < now <= article.visible_from + late:
        return now
    return article.visible_from


def placement(article: Article, released: datetime | None, *, now: datetime, placed: bool) -> Placement | None:
    """The row that *article* gets in each of its feeds; None where none of them will ever show it.

    An article that expired before it was ever *placed* is left out; one that readers have seen stays until its
    expiry is old, because feeds tell of it.
    """
    if article.pubstatus is not PubStatus.USABLE or released is None:
        return None
    shown_from = max(released, article.visible_from)
    if article.expires is not None and (article.expires <= shown_from or (article.expires <= now and not placed)):
        return None
    return Placement(released=shown_from, published=article.published, expires=article.expires)


def told(
    before: Mapping[str, Placement], after: Mapping[str, Placement], *, now: datetime, altered: bool
) -> Iterator[tuple[str, str, datetime]]:
    """What the readers of each feed see of an article whose placements were *before* and are *after*: (feed, kind, at).

    *altered* says that the article itself reads or is dated otherwise. It has ``left`` a feed if others show it,
    else it is ``withdrawn``; one that expired is gone since then.
    """
    stays = any(row.shown(now) for row in after.values())
    for feed in dict.fromkeys((*before, *after)):
        was, row = before.get(feed), after.get(feed)
        if row is not None and row.shown(now):
            if was is None or not was.shown(now):
                yield feed, "published", now
            elif altered or was != row:
                yield feed, "updated", now
        elif was is not None and was.released <= now and was != row:
            gone = now if was.expires is None else min(now, was.expires)
            yield feed, "left" if stays else "withdrawn", gone


def outcome(article: Article, previous: Stored | None, *, altered: bool, now: datetime) -> str:
    """The word for what became of an article, as history and reports show it.

    *altered* says that it reads, is dated or is placed otherwise than before.
    """
    if previous is not None:
        if previous.takedown is not None:
            return "taken down" if altered else "unchanged"
        moved = article.source != previous.article.source
        if previous.withdrawn is None:
            if moved and _when(article) == _when(previous.article):
                return "moved"
            if not moved and not altered and article.pubstatus is previous.article.pubstatus:
                return "unchanged"
    if article.pubstatus is not PubStatus.USABLE:
        return article.pubstatus.value
    if article.expires is not None and article.expires <= now:
        return "expired"
    if article.visible_from > now:
        return "scheduled"
    if previous is None or not previous.was_public(now):
        return "published"
    return "updated" if previous.withdrawn is None else "restored"


def _when(article: Article) -> tuple[Any, ...]:
    """An edit moves one of these; a move of the file, even to another section, none."""
    return article.published, article.updated, article.embargo, article.expires, article.pubstatus
