"""From what a feed shows to bytes that may go out: what cannot be written, or would not be valid, is left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc.errors import RenderError
from feedsvc.feeds.base import Renderer
from feedsvc.links import Links
from feedsvc.model import Entry, Feed
from feedsvc.publish.faults import Fault
from feedsvc.publish.validity import MOST_BYTES, errors, examine
from feedsvc.publish.window import Shown

_TOLD = 5
"""How many faults a log line tells of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A document's bytes. *shows* are the ids of the articles in it, *left_out* tells why others are not.

    *warnings* are of the document as it is.
    """

    identity: bytes
    shows: frozenset[str]
    left_out: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def rendered(shown: Shown, renderer: Renderer, links: Links, *, most_bytes: int = MOST_BYTES) -> Rendered:
    """*shown* in the format of *renderer*, as it may go out.

    An article that cannot be written, or that makes the document invalid, is left out. Raises RenderError where the
    document is at fault as a whole; what *renderer* raises for a feed without articles comes out as it is.
    """
    bad: dict[str, Fault] = {}
    while True:
        kept = tuple(entry for entry in shown.feed.entries if entry.article.id not in bad)
        attempt = dataclasses.replace(shown, feed=_with_entries(shown.feed, kept)) if bad else shown
        try:
            identity = renderer.render(attempt.feed, links)
        except Exception as error:
            blamed = _culprits(attempt.feed, renderer, links, error)
            if not blamed:
                raise
        else:
            faults = examine(identity, attempt, renderer, most_bytes=most_bytes)
            wrong = errors(faults)
            if not wrong:
                return Rendered(
                    identity=bytes(identity),
                    shows=frozenset(entry.article.id for entry in kept),
                    left_out=tuple(bad.values()),
                    warnings=tuple(faults),
                )
            here = {entry.article.id for entry in kept}
            blamed = {fault.article_id: fault for fault in reversed(wrong) if fault.article_id in here}
            if not blamed:
                told = "; ".join(str(fault) for fault in wrong[:_TOLD])
                raise RenderError(
                    f"{renderer.name} of the feed {shown.feed.name!r} would not be valid: {told}", article_id=""
                )
        bad |= blamed


def _culprits(feed: Feed, renderer: Renderer, links: Links, error: Exception) -> dict[str, Fault]:
    """The articles on whose account *feed* cannot be rendered; none where it is not on theirs."""
    here = [entry.article.id for entry in feed.entries]
    named = error.article_id if isinstance(error, RenderError) else ""
    if named in here:
        blamed = [named]
    else:  # a plug-in that does not say which: each is tried alone
        blamed = [
            entry.article.id for entry in feed.entries if not _renders(_with_entries(feed, [entry]), renderer, links)
        ]
    message = f"it cannot be written: {error}"
    return {article_id: Fault(rule="render", message=message, article_id=article_id) for article_id in blamed}


def _renders(feed: Feed, renderer: Renderer, links: Links) -> bool:
    try:
        renderer.render(feed, links)
    except Exception:
        return False
    return True


def _with_entries(feed: Feed, entries: Sequence[Entry]) -> Feed:
    return dataclasses.replace(feed, entries=tuple(entries))
