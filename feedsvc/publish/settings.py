"""What the configuration says of one feed: its section's own settings before those of the site."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from feedsvc import links
from feedsvc.config import RESERVED, Section, Settings
from feedsvc.errors import ConfigError
from feedsvc.feeds.base import RENDER, Renderer
from feedsvc.podcasts import Podcast, guid_of
from feedsvc.store.base import ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The settings in force for the feed *name*. *title* is empty where none is configured.

    *max_age* is in seconds, *max_bytes* counts content and summaries. *configured* is True for feeds that exist
    before they have shown an article, *moved* for those of sections that have another path now.
    """

    name: str
    title: str
    description: str
    language: str
    rights: str
    site_title: str
    page: str
    limit: int
    max_bytes: int
    max_age: int
    full_text: bool
    hubs: tuple[str, ...]
    icon: str
    logo: str
    accent: str
    configured: bool
    moved: bool = False
    podcast: Podcast | None = None


def plan(settings: Settings, name: str) -> Plan:
    """The settings in force for the feed *name*."""
    site, feeds = settings.site, settings.feeds
    section = settings.sections.get(name, Section())
    max_age = feeds.max_age if section.max_age is None else section.max_age
    return Plan(
        name=name,
        title=site.title if name == ALL else section.title,
        description=site.description if name == ALL else section.description,
        language=section.language or site.language,
        rights=site.rights,
        site_title=site.title,
        page=page_of(name),
        limit=feeds.limit if section.limit is None else section.limit,
        max_bytes=feeds.max_bytes,
        max_age=int(max_age.total_seconds()),
        full_text=feeds.full_text if section.full_text is None else section.full_text,
        hubs=feeds.hubs,
        icon=site.icon,
        logo=site.logo,
        accent=site.accent_color,
        configured=name == ALL or name in settings.sections,
        moved=bool(relocated(settings, name)),
        podcast=_podcast(settings, name),
    )


def _podcast(settings: Settings, name: str) -> Podcast | None:
    """The show that the feed *name* is; what its table does not say, the site does."""
    site, section = settings.site, settings.sections.get(name)
    table = None if section is None else section.podcast
    if table is None:
        return None
    return Podcast(
        author=table.author or site.title,
        owner_name=table.owner_name,
        owner_email=table.owner_email,
        categories=table.category,
        explicit=table.explicit,
        image=table.image or site.logo or site.icon,
        kind=table.type,
        locked=table.locked,
        guid=table.guid or guid_of(site.base_url + links.feed(name, "rss")),
    )


def relocated(settings: Settings, path: str) -> str:
    """Where the section *path* or its nearest ancestor moved to (``moved_from``); empty if none of them did.

    What is configured itself has not moved.
    """
    if path in settings.sections:
        return ""
    moved = {former: present for present, section in settings.sections.items() for former in section.moved_from}
    segments = path.split("/") if moved else []
    for length in range(len(segments), 0, -1):
        target = moved.get("/".join(segments[:length]))
        if target is not None:
            return "/".join([target, *segments[length:]])
    return ""


def is_section(name: str) -> bool:
    """Whether the feed *name* is that of a section, not of everything, a tag or an author."""
    return name.split("/", 1)[0] not in RESERVED


def page_of(name: str) -> str:
    """The path of the HTML page that lists what the feed *name* shows."""
    if name == ALL:
        return links.index()
    return links.section(name) if is_section(name) else links.named(name)


def section_title(settings: Settings, path: str, spelling: str = "") -> str:
    """The title of a section, tag or author: the configured one, else *spelling* as first seen, else made of *path*.

    A section's spelling that is the bare name of a folder reads as words: ``europe-americas`` is "Europe americas".
    """
    configured = settings.sections[path].title if path in settings.sections else ""
    last = path.rsplit("/", 1)[-1] if is_section(path) else ""
    if configured or spelling not in ("", last):
        return configured or spelling
    words = path.rsplit("/", 1)[-1].replace("-", " ")
    return words[:1].upper() + words[1:]


def feed_id(settings: Settings, name: str) -> str:
    """The id of the feed *name* for ever: a tag URI, which no move of the site's address changes (RFC 4151)."""
    return f"tag:{settings.site.authority}:feed:{quote(name)}"


def feed_title(settings: Settings, name: str, spelling: str = "") -> str:
    """The title of the feed *name* for a reader's list, where it stands among those of other sites."""
    if name == ALL:
        return settings.site.title
    return f"{section_title(settings, name, spelling)} – {settings.site.title}"


def feed_digest(settings: Settings, name: str) -> str:
    """A hash of all that the documents of the feed *name* depend on besides its articles.

    For ``*`` it is that of every feed without settings of its own.
    """
    depends = dataclasses.asdict(plan(settings, name)) | {"base_url": settings.site.base_url, "render": RENDER}
    depends["configured"] = True  # a first table for a section changes nothing by itself
    if not depends["moved"]:
        del depends["moved"]  # former versions did not know it, and an upgrade makes no feed new for its readers
    return hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()


def offered(settings: Settings, renderers: Mapping[str, Renderer]) -> Mapping[str, Renderer]:
    """The renderers that ``[feeds] formats`` asks for, all where it is empty, by suffix.

    Raises ConfigError for a format that there is not.
    """
    chosen = {}
    for suffix in settings.feeds.formats or renderers:
        if suffix not in renderers:
            raise ConfigError(
                f"feeds.formats: there is no format {suffix!r}; there are {', '.join(renderers)}", key="feeds.formats"
            )
        chosen[suffix] = renderers[suffix]
    return chosen
