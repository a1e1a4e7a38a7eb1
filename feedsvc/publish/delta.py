"""Answers with changes only (RFC 3229 with the instance manipulation ``feed``): what is new since a validator.

Pure functions of what a client sent, what the feed shows, and what the store tells of its changes.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime

from werkzeug.http import parse_accept_header, parse_etags

from feedsvc.errors import RenderError
from feedsvc.feeds.base import Renderer
from feedsvc.links import Links
from feedsvc.model import Entry
from feedsvc.publish.document import CODINGS, Document, Headers
from feedsvc.publish.rendering import rendered
from feedsvc.publish.window import Shown
from feedsvc.store.base import Since

MANIPULATION = "feed"
_LONGEST = 512
_LONGEST_TAGS = 8192
_TAG = re.compile(rf"([0-9a-z]{{1,12}})-[0-9a-f]{{16}}(?:-+(?:{'|'.join(CODINGS)}))*", re.ASCII)


def wanted(a_im: str | None) -> bool:
    """Whether *a_im* (A-IM, RFC 3229 section 10.5.3) takes an answer with the changed entries of a feed."""
    if not a_im or len(a_im) > _LONGEST:
        return False
    weights: dict[str, float] = {}
    for name, weight in parse_accept_header(a_im):
        weights.setdefault(name.partition(";")[0].strip().lower(), weight)
    return weights.get(MANIPULATION, 0.0) > 0


def base(if_none_match: str | None) -> tuple[int, str]:
    """The newest change that a validator in *if_none_match* stands for, with that validator; (0, "") if none does."""
    if not if_none_match:
        return 0, ""
    found = (0, "")
    for tag in parse_etags(if_none_match[:_LONGEST_TAGS]).as_set(include_weak=True):
        written = _TAG.fullmatch(tag or "")
        if written is not None:
            found = max(found, (int(written[1], 36), written[0]))
    return found


def difference(shown: Shown, since: Since, *, limit: int) -> Shown | None:
    """Of *shown*, at most *limit* entries, what is new, changed or gone *since*; None where that is all of it.

    An article whose embargo ended, or that expired, is told of without having been written down. For each that went
    another moved up, which may be new to the client: so many of the oldest are told of as well. What stands in this
    answer is not all that there is: it never says so.
    """
    feed = shown.feed
    if len(feed.entries) < min(limit, len(shown.public)):  # cut by size: a shorter text lets any others in
        return None
    stones = tuple(stone for stone in feed.tombstones if stone.id in since.changed or stone.when > since.at)
    here = {entry.article.id for entry in feed.entries}
    gone = len((since.changed | {stone.id for stone in stones}) - here)
    oldest = sorted(feed.entries, key=_release)[:gone]
    news = since.changed | {entry.article.id for entry in oldest}
    entries = tuple(entry for entry in feed.entries if entry.article.id in news or _release(entry)[0] > since.at)
    if len(entries) == len(feed.entries):
        return None
    changed = dataclasses.replace(feed, entries=entries, tombstones=stones, complete=False)
    return dataclasses.replace(shown, feed=changed)


def _release(entry: Entry) -> tuple[datetime, datetime, str]:
    """Its place in the order by which feeds are cut."""
    return max(entry.released, entry.article.visible_from), entry.article.published, entry.article.id


def delta_document(
    shown: Shown, since: Since, renderer: Renderer, links: Links, *, limit: int, most_bytes: int
) -> Document | None:
    """The bytes of the :func:`difference` in the format of *renderer*; None where the whole document says it better."""
    changed = difference(shown, since, limit=limit)
    if changed is None:
        return None
    try:
        made = rendered(changed, renderer, links, most_bytes=most_bytes)
    except RenderError:
        return None
    return Document(made.identity, media_type=renderer.media_type, valid_until=shown.valid_until, shows=made.shows)


def headers(whole: Document, part: Document, coding: str, now: datetime, *, delta_base: str) -> Headers:
    """The headers of a 226 with *part* of *whole*: those of the whole one, but for the bytes and for caches.

    A cache that does not know the status must not keep it: some would answer others with it.
    """
    kept = [pair for pair in whole.headers(coding, now, body=False) if pair[0].lower() != "cache-control"]
    own = [pair for pair in part.headers(coding, now) if pair[0].startswith("Content-")]
    return [*own, ("IM", MANIPULATION), ("Delta-Base", f'"{delta_base}"'), ("Cache-Control", "no-store, im"), *kept]
