"""Every feed in every format held against the rules, as it would be served now: for an operator who wants to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedsvc.config import Settings
from feedsvc.feeds.base import Renderer
from feedsvc.links import Links
from feedsvc.publish.archive import Archives
from feedsvc.publish.faults import Fault
from feedsvc.publish.press import most_bytes
from feedsvc.publish.rendering import rendered
from feedsvc.publish.settings import plan
from feedsvc.publish.window import exists, show
from feedsvc.store.base import ALL, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """One document: the feed *name* in the *format* with that suffix, of *size* bytes, 0 where none can be made.

    *faults* holds errors, also those for which an article is left out, before warnings.
    """

    name: str
    format: str
    size: int
    faults: tuple[Fault, ...]


def feed_names(store: Store, settings: Settings) -> Sequence[str]:
    """The feeds that there may be: of everything, of the sections of the config file, then all others by name."""
    return list(dict.fromkeys((ALL, *settings.sections, *sorted(store.versions()))))


def inspect(
    store: Store, settings: Settings, renderers: Mapping[str, Renderer], names: Sequence[str], *, now: datetime
) -> Iterator[Inspected]:
    """The documents of the feeds *names* one by one; nothing for a feed that readers cannot know of yet.

    Raises StoreUnavailable.
    """
    links, archives = Links(settings.site.base_url), Archives(store, settings)
    for name in names:
        chosen = plan(settings, name)
        window = store.window(name, now, limit=chosen.limit)
        if window is None or not exists(window, chosen, now):
            continue
        window = archives.attached(window, chosen, now)
        shown = show(window, settings, chosen, now)
        for suffix, renderer in renderers.items():
            try:
                made = rendered(shown, renderer, links, most_bytes=most_bytes(settings))
            except Exception as error:
                faults: tuple[Fault, ...] = (Fault(rule="document", message=str(error) or type(error).__name__),)
                yield Inspected(name=name, format=suffix, size=0, faults=faults)
            else:
                faults = (*made.left_out, *made.warnings)
                yield Inspected(name=name, format=suffix, size=len(made.identity), faults=faults)
