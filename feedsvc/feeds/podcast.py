"""What RSS and Atom carry for podcast apps, in Apple's namespace and in that of the Podcast Index.

Only in feeds that are podcasts: elsewhere a sound is an enclosure, and readers need no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.feeds.extensions import ITUNES, PODCAST, add, positive
from feedsvc.feeds.shown import ShownEntry, ShownFeed

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def add_show(parent: Element, feed: ShownFeed) -> None:
    """What the feed says of the show; nothing where it is none."""
    show = feed.podcast
    if show is None:
        return
    add(parent, ITUNES + "author", show.author)
    if feed.description:
        add(parent, ITUNES + "summary", feed.description)
    add(parent, ITUNES + "type", show.kind)
    add(parent, ITUNES + "explicit", "true" if show.explicit else "false")
    if show.image:
        add(parent, ITUNES + "image", href=show.image)
    if show.owner_email:
        owner = add(parent, ITUNES + "owner")
        add(owner, ITUNES + "name", show.owner_name or show.author)
        add(owner, ITUNES + "email", show.owner_email)
    for category in show.categories:
        main, _, narrower = category.partition(" > ")
        element = add(parent, ITUNES + "category")
        element.set("text", main)
        if narrower:
            add(element, ITUNES + "category").set("text", narrower)
    add(parent, PODCAST + "guid", show.guid)
    add(parent, PODCAST + "locked", "yes" if show.locked else "no", owner=show.owner_email)


def add_episode(parent: Element, entry: ShownEntry) -> None:
    """What the entry says of the episode; nothing where its feed is no podcast."""
    episode = entry.episode
    if episode is None:
        return
    texts = {
        "title": episode.title,
        "episodeType": episode.kind or "full",
        "season": positive(episode.season),
        "episode": positive(episode.number),
        "duration": positive(entry.enclosure.duration) if entry.enclosure is not None else "",
        "explicit": episode.explicit,
        "summary": entry.summary,
    }
    for name, text in texts.items():
        if text:
            add(parent, ITUNES + name, text)
    if episode.image or entry.image:
        add(parent, ITUNES + "image", href=episode.image or entry.image)
    for one in episode.transcripts:
        add(parent, PODCAST + "transcript", url=one.url, type=one.type, language=one.language)
    if episode.chapters:
        add(parent, PODCAST + "chapters", url=episode.chapters, type="application/json+chapters")
    for person in episode.persons:
        add(parent, PODCAST + "person", person.name, role=person.role, href=person.uri, img=person.image)
