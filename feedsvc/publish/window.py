"""What a feed shows at a moment: pure functions of what a worker keeps of it, its settings, and the time.

Two workers that ask at different times between the same two moments get the same answer, and so the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from feedsvc.config import Settings
from feedsvc.model import Archive, Entry, Feed, Placed, Tombstone, Window
from feedsvc.publish.settings import Plan, feed_id, feed_title

ALWAYS = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
TOMBSTONES = 200
"""How many tombstones a feed carries at most, the newest; the store gives no more either."""
GUARD = timedelta(hours=1)
"""How long after something was withdrawn no cache may serve a document that is stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A feed as it stands in all formats from *valid_from* until before *valid_until*.

    *last_modified* is when it came to stand so. Until *guarded_until* caches may not serve it when it is stale.
    *seq* counts the changes of the feed that were written down; releases and expiries come on top. *public* are the
    ids of all articles known that readers may see, those that are too old for the feed included.
    """

    feed: Feed
    seq: int
    last_modified: datetime
    valid_from: datetime = ALWAYS
    valid_until: datetime = NEVER
    guarded_until: datetime = ALWAYS
    public: frozenset[str] = field(default=frozenset(), compare=False)

    def valid(self, now: datetime) -> bool:
        """Whether the feed stands so at *now*."""
        return self.valid_from <= now < self.valid_until


def exists(window: Window, plan: Plan, now: datetime) -> bool:
    """Whether readers may know of the feed: it is configured, or has shown something by *now*.

    That of a section that has moved ends when it shows nothing any more.
    """
    if plan.moved:
        return bool(_public(window.placed, now))
    return (
        plan.configured
        or window.version.seq > 0
        or window.last_release is not None
        or any(placed.released <= now for placed in window.placed)
    )


def show(window: Window, settings: Settings, plan: Plan, now: datetime) -> Shown:
    """What the feed of *window* shows at *now*."""
    public = _public(window.placed, now)
    entries = _cut(public, plan)
    tombstones = _tombstones(window, public, now)
    past = [moment for moment in moments(window) if moment <= now]
    future = [moment for moment in moments(window) if moment > now]
    last = [moment for moment in (window.last_release, window.last_expiry) if moment is not None and moment <= now]
    updated = [window.version.updated, *(entry.article.visible_from for entry in entries)]
    updated += [stone.when for stone in tombstones]
    if window.last_expiry is not None and window.last_expiry <= now:
        updated.append(window.last_expiry)
    feed = framed(
        plan,
        settings,
        window.version.title,
        updated=max(updated),
        entries=entries,
        tombstones=tombstones,
    )
    return Shown(
        feed=_chained(feed, window.archive, public),
        seq=window.version.seq,
        last_modified=max([window.version.changed, *last, *past]),
        valid_from=max(past, default=ALWAYS),
        valid_until=min(future, default=NEVER),
        guarded_until=max((stone.when + GUARD for stone in tombstones), default=ALWAYS),
        public=frozenset(entry.article.id for entry in public),
    )


def framed(
    plan: Plan,
    settings: Settings,
    spelling: str,
    *,
    updated: datetime,
    entries: tuple[Entry, ...],
    tombstones: tuple[Tombstone, ...] = (),
) -> Feed:
    """A feed of *entries* by the settings of *plan*; *spelling* is its title as it was first met."""
    return Feed(
        name=plan.name,
        id=feed_id(settings, plan.name),
        title=feed_title(settings, plan.name, spelling),
        page=plan.page,
        updated=updated,
        description=plan.description,
        language=plan.language,
        rights=plan.rights,
        site_title=plan.site_title,
        ttl=plan.max_age,
        full_text=plan.full_text,
        hubs=plan.hubs,
        icon=plan.icon,
        logo=plan.logo,
        accent=plan.accent,
        podcast=plan.podcast,
        entries=entries,
        tombstones=tombstones,
    )


def _chained(feed: Feed, archive: Archive | None, public: Sequence[Entry]) -> Feed:
    """*feed* with its place before its archive, so that together they show everything.

    Where size cuts the feed so short that it does not reach the newest full page, it leads to a page of what is left.
    """
    if archive is None:
        return feed
    shown = len(feed.entries)
    if archive.count <= shown == len(public):
        return replace(feed, complete=True)
    since = sum(1 for entry in public if max(entry.released, entry.article.visible_from) > archive.at)
    reaches = archive.beyond + since <= shown
    return replace(feed, older=archive.newest if reaches else archive.rest or archive.newest)


def _public(placed: Sequence[Placed], now: datetime) -> list[Entry]:
    """The entries that may be seen at *now*, newest release first."""
    public = [one for one in placed if one.released <= now and one.entry.article.visible(now)]
    public.sort(key=lambda one: (one.released, one.entry.article.published, one.entry.article.id), reverse=True)
    return [one.entry for one in public]


def _cut(entries: Sequence[Entry], plan: Plan) -> tuple[Entry, ...]:
    """As many of the newest *entries* as limit and size allow, at least one, in the order in which they are shown."""
    kept: list[Entry] = []
    size = 0
    for entry in entries[: plan.limit]:
        article = entry.article
        size += len(article.summary.encode()) + (len(article.content.encode()) if plan.full_text else 0)
        if kept and size > plan.max_bytes:
            break
        kept.append(entry)
    return tuple(sorted(kept, key=lambda entry: (entry.article.published, entry.article.id), reverse=True))


def _tombstones(window: Window, public: Sequence[Entry], now: datetime) -> tuple[Tombstone, ...]:
    """Those given and those of entries that expired since, newest first; none for what is public again."""
    found = {stone.id: stone for stone in window.tombstones if stone.when <= now}
    for placed in window.placed:
        article = placed.entry.article
        if article.expires is not None and placed.released < article.expires <= now:
            known = found.get(article.id)
            if known is None or known.when < article.expires:
                found[article.id] = Tombstone(id=article.id, when=article.expires)
    for entry in public:
        found.pop(entry.article.id, None)
    return tuple(sorted(found.values(), key=lambda stone: (-stone.when.timestamp(), stone.id))[:TOMBSTONES])


def moments(window: Window) -> Iterator[datetime]:
    """When the feed of *window* changes, or changed, by itself: its releases and expiries, in no order."""
    for placed in window.placed:
        yield placed.released
        if placed.entry.article.expires is not None:
            yield placed.entry.article.expires
    if window.next_expiry is not None:
        yield window.next_expiry
