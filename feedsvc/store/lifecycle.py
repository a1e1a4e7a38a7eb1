"""What a stored change means for readers: when an article counts as released, and what each feed shows of it.

Pure functions: the writer asks them, and writes down what they answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from feedsvc.model import Article, PubStatus, Stored
from feedsvc.store.base import ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """An article's row in one feed: shown from *released* until *expires*."""

    released: datetime
    published: datetime
    expires: datetime | None = None

    def shown(self, now: datetime) -> bool:
        """Whether the feed shows the article at *now*."""
        return self.released <= now and (self.expires is None or now < self.expires)


def feeds_of(sections: tuple[str, ...]) -> tuple[str, ...]:
    """The feeds that show an article of *sections*: these, their ancestors, and the feed of everything."""
    names: dict[str, None] = {}
    for section in sections:
        segments = section.split("/")
        for length in range(len(segments), 0, -1):
            names["/".join(segments[:length])] = None
    return (*names, ALL)


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
